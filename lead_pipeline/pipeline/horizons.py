"""Until when each day of each account can be asked for again."""

from collections.abc import Iterable
from datetime import date, timedelta

from lead_pipeline import marts
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.warehouse import Session


def horizons(session: Session, folder: DataFolder, accounts: Iterable[Account]) -> marts.Horizons:
    """Until when each day since an account's first request can be asked for again."""
    first = session.rows("SELECT account, min(window_start) FROM ops.deliveries GROUP BY account")
    oldest = {account: start.date() for account, start in first if start}
    today = folder.clock().date()
    return {
        (account.name, day): account.client.refetchable_until(day)
        for account in accounts
        if account.client and account.name in oldest
        for day in _days(oldest[account.name], today)
    }


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
