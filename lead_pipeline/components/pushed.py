"""The push in Dagster: `{account}/pushed`, after `published`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import dagster as dg

from lead_pipeline.components import presentation
from lead_pipeline.components.columns import table_metadata
from lead_pipeline.components.presentation import markdown_table
from lead_pipeline.components.results import Result
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.push import Merge, PushOutcome, push
from lead_pipeline.push_tables import PUSHES
from lead_pipeline.settings import read_settings

if TYPE_CHECKING:
    from lead_pipeline.components.qontak import QontakAccount

PUSHED = "pushed"


def pushed_asset(component: "QontakAccount") -> dg.AssetsDefinition:
    """Push what is new into the account's CRM."""
    key = [component.account, PUSHED]

    @dg.asset(
        key=key,
        deps=["published"],
        group_name="outlets",
        kinds={component.vendor.source},
        owners=component.owners,
        backfill_policy=dg.BackfillPolicy.single_run(),
        description=f"People with a new enquiry, in the CRM of account `{component.account}`: each "
        "once as a contact, with a deal per enquiry. Written down before it is sent, and looked up "
        "before it is sent again; ops.pushes has every row.",
        metadata=table_metadata(PUSHES),
        check_specs=[
            dg.AssetCheckSpec(
                "arrived",
                asset=key,
                description="The CRM took everything, or said what is wrong with it.",
            )
        ],
    )
    def pushed(context: dg.AssetExecutionContext) -> Result:
        account, settings = component.open_account(), component.push_settings
        if account.is_off or settings is None:
            context.log.warning(f"{account.name} is off: {', '.join(account.missing)} not set")
            return presentation.off(account, "arrived")
        return _shown(push(open_folder(read_settings()), account, settings))

    return pushed


def _shown(outcome: PushOutcome) -> Result:
    """Counts, what a dry run would send, and what a human should do; no personal data."""
    metadata: dict[str, Any] = {
        "people": outcome.people,
        "rows": markdown_table(
            ("what", "state", "rows"),
            [(kind, state, count) for (kind, state), count in sorted(outcome.rows.items())],
        ),
        "for a human to do": to_do(outcome.merges),
    }
    if outcome.planned:
        metadata["would be sent"] = markdown_table(
            ("action", "what", "fields"),
            [(one.action, one.kind, ", ".join(one.fields)) for one in outcome.planned[:200]],
        )
    return dg.MaterializeResult(
        metadata=metadata,
        check_results=[
            dg.AssetCheckResult(
                check_name="arrived",
                passed=outcome.failure is None,
                severity=dg.AssetCheckSeverity.ERROR,
                description=presentation.paragraphs(outcome.failure)
                if outcome.failure
                else "The push came to its end.",
            )
        ],
    )


def to_do(merges: Iterable[Merge]) -> dg.MarkdownMetadataValue:
    """Contacts that a human should merge or split in the CRM."""
    return markdown_table(
        ("what", "people", "contacts"),
        [(one.what, ", ".join(one.people), ", ".join(one.contacts)) for one in merges],
    )
