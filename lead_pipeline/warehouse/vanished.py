"""Which objects of a CRM are gone."""

from collections.abc import Sequence
from importlib import resources

from lead_pipeline.warehouse.session import Session


def mark_vanished(
    session: Session, source: str, account: str, stream: str, kinds: Sequence[str]
) -> None:
    """Set `vanished_at` of the objects of these kinds, and of their leads, by all scans known."""
    about = {"source": source, "account": account, "stream": stream, "kinds": list(kinds)}
    session.run(_sql("vanished.sql"), about)
    session.run(_sql("mark_vanished.sql"))


def _sql(name: str) -> str:
    return (resources.files("lead_pipeline.warehouse") / name).read_text()
