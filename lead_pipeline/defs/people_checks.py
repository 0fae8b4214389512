"""Checks of who is who: is it what a rebuild would say, and is it likely. Names nobody."""

import dagster as dg

from lead_pipeline.identity.reference import limit
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.people import Audit
from lead_pipeline.settings import read_settings

SAMPLED_COMPONENTS = 500


def people_checks() -> list[dg.AssetChecksDefinition]:
    """Checks of person_links and people."""
    return [*_link_checks(), *_person_checks()]


def _link_checks() -> list[dg.AssetChecksDefinition]:
    @dg.asset_check(
        asset="person_links",
        description=f"{SAMPLED_COMPONENTS} components, other ones every day, decided anew from the "
        "enquiries themselves, come to the same keys, links and people.",
    )
    def incremental_equals_rebuild() -> dg.AssetCheckResult:
        day = read_settings().moment.date().isoformat()
        found = Audit(_folder()).sampled(SAMPLED_COMPONENTS, day)
        return dg.AssetCheckResult(
            passed=not any(found),
            metadata=found._asdict(),
            description=f"{found.keys} keys, {found.links} links and {found.leads} enquiries of "
            "the sample differ. Next: lead-pipeline rebuild"
            if any(found)
            else "Nothing differs.",
        )

    @dg.asset_check(
        asset="person_links",
        description="No phone or e-mail has more enquiries than alarm_key_leads "
        "(identity/rules/limits.csv): else it may be a placeholder.",
    )
    def no_key_is_everybodys() -> dg.AssetCheckResult:
        rows = Audit(_folder()).crowded_keys()
        return dg.AssetCheckResult(
            passed=not rows,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{len(rows)} phones or e-mails, the largest with {rows[0][1]} enquiries, "
            f"lead {rows[0][0]} among them. If it is a placeholder, add it to "
            "lead_pipeline/normalise/placeholders.csv; next: lead-pipeline rebuild"
            if rows
            else "None.",
        )

    return [incremental_equals_rebuild, no_key_is_everybodys]


def _person_checks() -> list[dg.AssetChecksDefinition]:
    @dg.asset_check(
        asset="people",
        description="No person has more different names in full than alarm_person_names.",
    )
    def no_person_is_many() -> dg.AssetCheckResult:
        rows = Audit(_folder()).crowded_people()
        return dg.AssetCheckResult(
            passed=not rows,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{len(rows)} persons, {rows[0][0]} with {rows[0][1]} names. "
            f"Next: lead-pipeline people explain {rows[0][0]}"
            if rows
            else "None.",
        )

    @dg.asset_check(
        asset="people",
        description="The last resolution moved no more old enquiries to another person than "
        "alarm_churn_percent.",
    )
    def ids_stay() -> dg.AssetCheckResult:
        moved, leads = Audit(_folder()).churn()
        percent = 100 * moved / leads if leads else 0.0
        return dg.AssetCheckResult(
            passed=percent <= limit("alarm_churn_percent"),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"moved": moved, "percent": percent},
            description=f"{moved} of {leads} enquiries ({percent:.3f} %) changed person; "
            "person_events says which ids.",
        )

    return [no_person_is_many, ids_stay]


def _folder() -> DataFolder:
    return open_folder(read_settings())
