"""What an account's assets show in Dagster: counts, columns, a preview without personal data."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import dagster as dg

from lead_pipeline.components.columns import column_lineage
from lead_pipeline.components.lineage import Deps
from lead_pipeline.components.results import Result
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.records import Receipt
from lead_pipeline.tables import LEDGER_COUNTS
from lead_pipeline.warehouse.load import LedgerLine

PREVIEW = {
    "created at, UTC": "strftime(created_at AT TIME ZONE 'UTC', '%m-%d %H:%M')",
    "interest": "interest_name",
    "city": "city",
    "country": "country",
    "phone": "phone_status",
}
"""Heading and expression; none of them tells who the person is."""

MOST_LANDED = 20
"""Receipts that a page shows."""


def off(account: Account, *checks: str) -> Result:
    """An account that is off was not asked, and that is no failure of any of these checks."""
    names = ", ".join(account.missing)
    return dg.MaterializeResult(
        metadata={"state": "off", "to turn it on": f"set {names} (see .env.example)"},
        check_results=[
            dg.AssetCheckResult(
                check_name=check,
                passed=True,
                description=f"The account is off: {names} unset.",
            )
            for check in checks
        ],
    )


def fetched(folder: DataFolder, receipts: Sequence[Receipt]) -> Result:
    """How a fetch went, and where what came is kept."""
    failures = [receipt for receipt in receipts if receipt.error]
    metadata: dict[str, Any] = {
        "responses": len(receipts) - len(failures),
        "bytes": sum(receipt.length or 0 for receipt in receipts),
        "failures": len(failures),
    }
    if receipts:
        metadata["data folder"] = dg.MetadataValue.path(str(folder.path.resolve()))
        metadata["landed"] = _kept(folder, receipts)
    if failures:
        metadata["what failed"] = dg.MetadataValue.md(
            "\n\n---\n\n".join(paragraphs(receipt.message) for receipt in failures)
        )
    return dg.MaterializeResult(
        metadata=metadata,
        check_results=[
            dg.AssetCheckResult(
                check_name="answered",
                passed=not failures,
                severity=dg.AssetCheckSeverity.ERROR,
                description=paragraphs(failures[0].message)
                if failures
                else "Every request was answered.",
            )
        ],
    )


def _kept(folder: DataFolder, receipts: Sequence[Receipt]) -> dg.MarkdownMetadataValue:
    """The receipts, each with the body that it names; the first few where there are many.

    One under the other, in the data folder: two long paths beside each other are cut off.
    """
    rows: list[tuple[object]] = []
    for one in receipts[:MOST_LANDED]:
        receipt = folder.receipts.path(one.source, one.account, one.stream, one.receipt_id)
        rows.append((receipt.relative_to(folder.path),))
        if one.sha256:
            rows.append((folder.bodies.path(one.sha256).relative_to(folder.path),))
    if len(receipts) > MOST_LANDED:
        rows.append((f"and of {len(receipts) - MOST_LANDED} more",))
    return markdown_table(("receipts and bodies, in the data folder",), rows)


def paragraphs(message: str | None) -> str:
    """An error's lines for Dagster's pages, which are markdown and would run them together."""
    return "\n\n".join(line.strip() for line in (message or "").splitlines())


def loaded(folder: DataFolder, account: str, lines: Sequence[LedgerLine], deps: Deps) -> Result:
    """How a load went, with the newest enquiries stripped of personal data."""
    with folder.warehouse.open() as session:
        ((rows,),) = session.rows(
            "SELECT count(*) FROM core.enquiries WHERE account = ?", (account,)
        )
        preview = session.rows(
            f"SELECT {', '.join(PREVIEW.values())} FROM core.enquiries WHERE account = ? "
            "ORDER BY created_at DESC, lead_id LIMIT 5",
            (account,),
        )
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": rows,
            **load_counts(lines),
            **column_lineage(deps),
            "newest enquiries": markdown_table(PREVIEW, preview),
        },
        check_results=[readable(lines)],
    )


def load_counts(lines: Sequence[LedgerLine]) -> dict[str, int]:
    """What was received, and what it was."""
    counts = {
        name: sum(getattr(line.counts, name, 0) for line in lines)
        for name in LEDGER_COUNTS
        if name != "quarantined"
    }
    return {
        "deliveries": len(lines),
        "received": sum(line.received for line in lines),
        **counts,
        "quarantined": sum(line.quarantined for line in lines),
    }


def readable(lines: Sequence[LedgerLine]) -> dg.AssetCheckResult:
    """Whether every record could be read, or somebody is done with it."""
    unreadable = sum(line.outcome == "unreadable" for line in lines)
    waiting = sum(line.waiting for line in lines)
    new_fields = sorted({name for line in lines for name in line.new_fields})
    problems = []
    if unreadable:
        problems.append(f"{unreadable} documents could not be read (ops.deliveries)")
    if waiting:
        problems.append(f"{waiting} records could not be read: lead-pipeline quarantine list")
    if new_fields:
        problems.append(f"fields never seen before, kept in attributes: {', '.join(new_fields)}")
    return dg.AssetCheckResult(
        check_name="readable",
        passed=not problems,
        severity=dg.AssetCheckSeverity.ERROR if unreadable else dg.AssetCheckSeverity.WARN,
        description="; ".join(problems) or "Every record was read, no field was new.",
    )


def add_day_counts(context: dg.AssetExecutionContext, folder: DataFolder, account: str) -> None:
    """Show how many leads each of the run's days has."""
    days = context.partition_keys
    with folder.warehouse.open() as session:
        rows = session.rows(
            "SELECT strftime(created_at AT TIME ZONE 'UTC', '%Y-%m-%d') AS day, count(*) "
            "FROM core.enquiries WHERE account = ? GROUP BY day",
            (account,),
        )
    counts = dict(rows)
    for day in days:
        context.add_asset_metadata(
            {"dagster/partition_row_count": counts.get(day, 0)}, partition_key=day
        )


def markdown_table(
    names: Iterable[str], rows: Sequence[tuple[object, ...]]
) -> dg.MarkdownMetadataValue:
    """A table to look at. What a vendor sent cannot break out of its cell."""
    lines = [_line(names), _line("---" for _ in names), *map(_line, rows)]
    return dg.MetadataValue.md("\n".join(lines) if rows else "no rows yet")


def _line(cells: Iterable[object]) -> str:
    return f"| {' | '.join('' if cell is None else _plain(str(cell)) for cell in cells)} |"


def _plain(text: str) -> str:
    """Text that markdown takes literally, in one line."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~])", r"\\\1", " ".join(text.split()))
