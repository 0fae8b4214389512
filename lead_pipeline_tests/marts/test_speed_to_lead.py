"""How long enquiries waited, counted by hand; the zone is Mumbai's, 05:30 before UTC."""

from datetime import datetime, timedelta

from lead_pipeline.marts import Business, build_marts
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.marts.scripted import at, contact, crm_object, enquiry, insert, push

MUMBAI = Business("Asia/Kolkata", ("3", "4"))
STEPS = (
    "SELECT source, hour, step, enquiries, measured, p50_seconds, p90_seconds, p99_seconds "
    "FROM marts.speed_to_lead ORDER BY source, hour, step_number"
)
COLUMNS = "lead_id, fetched_at, in_crm_at, first_task_done_at, is_backfilled"


def _asked(session: Session, source: str, first: datetime) -> None:
    insert(session, "ops.deliveries", load_id=1, source=source, account=source, requested_at=first)


def _five(session: Session) -> None:
    """Five at 09:00 UTC, 14:30 in Mumbai, fetched after 10, 20, 30, 40 and 50 minutes."""
    _asked(session, "housing", at(2))
    for number in range(1, 6):
        fetched = at(2, 9, 10 * number)
        enquiry(session, f"H{number}", "housing", f"P{number}", at(2, 9), first_seen_at=fetched)
    # Before the account was first asked: nobody could have been quick.
    enquiry(session, "H0", "housing", "P0", at(1, 9), first_seen_at=at(2, 9))
    for number in (1, 2):
        insert(
            session,
            "ops.publications",
            lead_id=f"H{number}",
            version=1,
            published_at=at(2, 10, number),
        )
    insert(session, "ops.publications", lead_id="H3")


def test_waits_by_source_hour_and_step(session: Session) -> None:
    _five(session)
    push(session, "contact", "1", "P1", at(2, 11))
    build_marts(session, MUMBAI)
    assert session.rows(STEPS) == [
        ("housing", 14, "fetched", 5, 5, 1800, 3000, 3000),
        ("housing", 14, "published", 5, 2, 3660, 3720, 3720),
        ("housing", 14, "in_crm", 5, 1, 7200, 7200, 7200),
        ("housing", 14, "first_task_done", 5, 0, None, None, None),
    ]


def test_a_publication_after_the_build_is_in_it(session: Session) -> None:
    """The reports are built before the snapshot that shows their enquiries has its time."""
    _five(session)
    build_marts(session, MUMBAI)
    insert(session, "ops.publications", lead_id="H4", version=2, published_at=at(2, 12))
    assert session.rows(STEPS)[1][4:] == (3, 3720, 10800, 10800)


def test_a_task_is_done_when_a_version_first_said_so(session: Session) -> None:
    _asked(session, "qontak", at(1))
    lead_id = contact(session, "7", "P1", at(3, 9))
    linked = {"crm_person_id": 7}
    crm_object(
        session, "task", "early", at(1), {"crm_task_status_id": 3, **linked}, updated_at=at(2)
    )
    done, undone = {"crm_task_status_id": 3, **linked}, {"crm_task_status_id": 1, **linked}
    crm_object(session, "task", "a", at(3), done, updated_at=at(6))
    crm_object(session, "task", "b", at(3), undone, updated_at=at(4))
    session.run(
        "INSERT INTO core.object_history SELECT * FROM core.objects WHERE natural_key = 'a'"
    )
    session.run("UPDATE core.object_history SET updated_at = ?", (at(5),))
    build_marts(session, MUMBAI)
    found = f"SELECT {COLUMNS} FROM marts.enquiry_outcomes"
    assert session.rows(found) == [(lead_id, at(3, 9), at(3, 9), at(5), False)]
    build_marts(session)
    assert session.rows(found) == [(lead_id, at(3, 9), at(3, 9), None, False)]


def test_a_task_of_a_deal_is_of_the_enquiry_it_belongs_to(session: Session) -> None:
    enquiry(session, "H1", "housing", "P1", at(3, 9))
    enquiry(session, "H2", "housing", "P1", at(4, 9))
    push(session, "deal", "9", "P1", at(4, 10), "H2")
    fields = {"crm_task_status_id": "4", "crm_deal_id": "9"}
    crm_object(session, "task", "t", at(4), fields, updated_at=at(4) + timedelta(hours=11))
    build_marts(session, MUMBAI)
    assert session.rows(
        "SELECT lead_id, in_crm_at, first_task_done_at FROM marts.enquiry_outcomes ORDER BY lead_id"
    ) == [("H1", None, None), ("H2", at(4, 10), at(4, 11))]
