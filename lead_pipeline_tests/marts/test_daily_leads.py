from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lead_pipeline import normalise
from lead_pipeline.identity import resolve
from lead_pipeline.journal import Journal
from lead_pipeline.marts import Business, build_marts
from lead_pipeline.records import ParsedLead
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, lead, load

ASHA, RAVI = "+919000000001", "+919000000002"
MIDNIGHT = datetime(2026, 11, 15, tzinfo=UTC)


def _enquiry(index: int, hours: float, phone: str | None, email: str | None = None) -> ParsedLead:
    created_at = MIDNIGHT + timedelta(hours=hours)
    return lead(str(index), index, created_at=created_at, phone_raw=phone, email_raw=email)


HOUSING = (
    _enquiry(0, -24, ASHA),
    _enquiry(1, -1 / 3600, ASHA, "asha@example.com"),
    _enquiry(2, 0, ASHA),
    _enquiry(3, 1, RAVI),
    _enquiry(4, 2, RAVI, "ravi@example.com"),
)
BOATS = (_enquiry(0, 3, RAVI), _enquiry(1, 4, None))


def test_enquiries_and_people_per_day_and_account(session: Session, tmp_path: Path) -> None:
    normalise.install(session)
    load(session, Delivery(HOUSING))
    load(session, Delivery(BOATS, source="aimbase", account="boats"))
    resolve(session, Journal(tmp_path / "journal.jsonl"), NOW)
    assert build_marts(session)["daily_leads"] == 3
    first, second = date(2026, 11, 14), date(2026, 11, 15)
    # leads, people, people who were new that day, with a phone, with an e-mail
    assert session.rows("SELECT * FROM marts.daily_leads ORDER BY day, source, account") == [
        (first, "housing", "mumbai", 2, 1, 1, 2, 1),
        (second, "aimbase", "boats", 2, 2, 1, 1, 0),
        (second, "housing", "mumbai", 3, 2, 1, 3, 1),
    ]


def test_marts_are_built_anew_each_time(session: Session) -> None:
    assert set(build_marts(session).values()) == {0}
    load(session, Delivery(HOUSING))
    assert build_marts(session) == build_marts(session)
    assert session.rows("SELECT count(*), sum(leads) FROM marts.daily_leads") == [(2, 5)]


def test_days_are_those_of_the_business(session: Session) -> None:
    """Midnight UTC is 05:30 in Mumbai, and 19:00 of the day before in Lima."""
    load(session, Delivery(HOUSING))
    days = "SELECT day::VARCHAR, leads FROM marts.daily_leads ORDER BY day"
    build_marts(session, Business("Asia/Kolkata"))
    assert session.rows(days) == [("2026-11-14", 1), ("2026-11-15", 4)]
    build_marts(session, Business("America/Lima"))
    assert session.rows(days) == [("2026-11-13", 1), ("2026-11-14", 4)]
    hours = (
        "SELECT day::VARCHAR, week::VARCHAR, hour FROM marts.enquiry_outcomes ORDER BY enquired_at"
    )
    assert session.rows(hours)[-1] == ("2026-11-14", "2026-11-09", 21)
    ((meaning,),) = session.rows(
        "SELECT comment FROM duckdb_columns() WHERE table_name = ? AND column_name = ?",
        ("daily_leads", "day"),
    )
    assert "America/Lima" in meaning
