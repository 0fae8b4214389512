"""Checks that read DuckDB: whether the books balance and the days are there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import dagster as dg

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.settings import read_settings
from lead_pipeline.tables import LEDGER_COUNTS
from lead_pipeline.warehouse import open_snapshot

WARN_BEFORE_HORIZON = timedelta(days=3)
SCANNED_WITHIN = timedelta(hours=36)
FAIL_BEFORE_HORIZON = timedelta(days=1)

UNBALANCED = f"""
SELECT load_id, account FROM ops.deliveries
WHERE outcome = 'loaded' AND received <> {" + ".join(LEDGER_COUNTS)}
"""

DOUBLED = """
SELECT count(*) FROM (SELECT lead_id FROM core.leads GROUP BY lead_id HAVING count(*) > 1) AS twice
"""

CLOSING = """
SELECT account, day, refetchable_until FROM ops.coverage
WHERE status <> 'complete' AND day < CAST($now AT TIME ZONE 'UTC' AS DATE)
  AND refetchable_until > $now AND refetchable_until <= $until
ORDER BY refetchable_until, account
"""

# The median of the same weekday in the four weeks before, where there are at least two of them.
FAR_BELOW_USUAL = """
SELECT today.account, today.day, today.leads, usual.leads AS usual
FROM ops.coverage AS today
INNER JOIN (
    SELECT today.account, today.day, median(before.leads) AS leads, count(*) AS weeks
    FROM ops.coverage AS today
    INNER JOIN ops.coverage AS before
        ON before.account = today.account
        AND before.status = 'complete'
        AND before.day IN (today.day - 7, today.day - 14, today.day - 21, today.day - 28)
    GROUP BY today.account, today.day
) AS usual ON usual.account = today.account AND usual.day = today.day
WHERE today.status = 'complete' AND today.day = CAST($now AT TIME ZONE 'UTC' AS DATE) - 1
  AND usual.weeks >= 2 AND usual.leads >= 10 AND today.leads < 0.3 * usual.leads
"""

SILENT = """
SELECT account, max(day) AS day
FROM ops.coverage
WHERE status = 'complete' AND day >= CAST($now AT TIME ZONE 'UTC' AS DATE) - 3
GROUP BY account
HAVING count(*) >= 3 AND max(leads) = 0
"""


def lead_checks() -> list[dg.AssetChecksDefinition]:
    """Checks of the warehouse, right after loading."""

    @dg.asset_check(
        asset="leads",
        description="received = new + changed + unchanged + stale + "
        "repeated + quarantined, for every load ever made.",
    )
    def ledger_balances() -> dg.AssetCheckResult:
        rows = _warehouse(UNBALANCED)
        return dg.AssetCheckResult(
            passed=not rows,
            description=f"{len(rows)} loads do not balance, the first {rows[0]}; see ops.deliveries"
            if rows
            else "Every load balances to the row.",
        )

    @dg.asset_check(asset="leads", description="No enquiry is there twice.")
    def lead_id_is_unique() -> dg.AssetCheckResult:
        twice = _warehouse(DOUBLED)[0][0]
        return dg.AssetCheckResult(
            passed=twice == 0,
            description=f"{twice} lead ids occur more than once." if twice else "Each once.",
        )

    return [ledger_balances, lead_id_is_unique]


def published_checks(accounts: Sequence[AccountComponent]) -> list[dg.AssetChecksDefinition]:
    """Checks of what was published."""

    @dg.asset_check(asset="published", description="Every account that is on has yesterday.")
    def every_account_has_yesterday() -> dg.AssetCheckResult:
        return lacking_yesterday(_now(), accounts)

    @dg.asset_check(
        asset="published",
        description="No day is about to pass its vendor's horizon unread: a warning three days "
        "before, an error one day before.",
    )
    def no_day_is_about_to_be_lost() -> dg.AssetCheckResult:
        return closing_days(_now())

    @dg.asset_check(
        asset="published",
        description="Yesterday is not far below the usual count of its weekday, and no account is "
        "silent for days though it answers.",
    )
    def counts_are_usual() -> dg.AssetCheckResult:
        return unusual_counts(_now())

    @dg.asset_check(
        asset="published",
        description="What is read by scans was read whole within a day and a half.",
    )
    def scans_are_fresh() -> dg.AssetCheckResult:
        return old_scans(_now(), accounts)

    return [
        every_account_has_yesterday,
        no_day_is_about_to_be_lost,
        counts_are_usual,
        scans_are_fresh,
    ]


def lacking_yesterday(now: datetime, accounts: Sequence[AccountComponent]) -> dg.AssetCheckResult:
    """Accounts that are on and do not have the whole UTC day before."""
    yesterday = (now - timedelta(days=1)).date()
    rows = _snapshot(
        "SELECT account FROM ops.coverage WHERE day = $day AND status = 'complete'",
        {"day": yesterday},
    )
    expected = [c.account for c in accounts if c.open_account().client is not None]
    missing = sorted(set(expected) - {account for (account,) in rows})
    command = " ".join(f"--account {name}" for name in missing)
    return dg.AssetCheckResult(
        passed=not missing,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{', '.join(missing)}: {yesterday} is not complete. "
        f"Next: lead-pipeline run {command} --from {yesterday} --to {yesterday}"
        if missing
        else f"{yesterday} is complete for {', '.join(expected) or 'no account: all are off'}.",
    )


def unusual_counts(now: datetime) -> dg.AssetCheckResult:
    """Accounts far below their usual count, and those that answer and have nothing."""
    low = _snapshot(FAR_BELOW_USUAL, {"now": now})
    silent = _snapshot(SILENT, {"now": now})
    found = [f"{a}: {n} enquiries on {d}, usually {u:.0f}" for a, d, n, u in low]
    found += [f"{a}: no enquiry for three days up to {d}, though it answers" for a, d in silent]
    return dg.AssetCheckResult(
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        description=". ".join(found) + ". Ask the vendor whether its export is on."
        if found
        else "Nothing unusual.",
    )


def old_scans(now: datetime, accounts: Sequence[AccountComponent]) -> dg.AssetCheckResult:
    """Scans of the accounts that are on whose last whole one is old, or that there never was."""
    known = {
        (account, stream): began_at
        for account, stream, began_at in _snapshot(
            "SELECT account, stream, max(began_at) FROM ops.scans WHERE complete "
            "GROUP BY account, stream",
            {},
        )
    }
    old = [
        f"{account} {stream}: " + (f"last {last:%Y-%m-%d %H:%M} UTC" if last else "never")
        for component in accounts
        if component.scanned_streams and component.open_account().client
        for account, stream in ((component.account, one.name) for one in component.scanned_streams)
        if (last := known.get((account, stream))) is None or last < now - SCANNED_WITHIN
    ]
    return dg.AssetCheckResult(
        passed=not old,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{'; '.join(old)}. Next: lead-pipeline run --scan"
        if old
        else "Every scan is fresh, or there is nothing to scan.",
    )


def closing_days(now: datetime) -> dg.AssetCheckResult:
    """Days that can still be fetched, but not for long."""
    rows = _snapshot(CLOSING, {"now": now, "until": now + WARN_BEFORE_HORIZON})
    if not rows:
        return dg.AssetCheckResult(passed=True, description="Nothing is about to be lost.")
    account, day, until = rows[0]
    urgent = until <= now + FAIL_BEFORE_HORIZON
    return dg.AssetCheckResult(
        passed=False,
        severity=dg.AssetCheckSeverity.ERROR if urgent else dg.AssetCheckSeverity.WARN,
        description=f"{len(rows)} days are incomplete and will soon be gone; first {account} "
        f"{day}, at {until:%Y-%m-%d %H:%M} UTC. "
        f"Next: lead-pipeline run --account {account} --from {day} --to {day}",
    )


def _now() -> datetime:
    return read_settings().moment


def _warehouse(sql: str) -> list[tuple[Any, ...]]:
    with open_folder(read_settings()).warehouse.open() as session:
        return session.rows(sql)


def _snapshot(sql: str, parameters: dict[str, object]) -> list[tuple[Any, ...]]:
    with open_snapshot(read_settings().data_dir) as session:
        return session.rows(sql, parameters)
