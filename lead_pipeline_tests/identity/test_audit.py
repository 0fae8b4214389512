from lead_pipeline.identity import audit
from lead_pipeline.identity.overrides import Signature, merge
from lead_pipeline.identity.reference import limit
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.identity.enquiries import (
    ONE,
    TWO,
    arrive,
    enquire,
    lead_id,
    moment,
    settle,
)

FIRST, FAMILIES = ("Asha", "Vikram", "Kabir", "Leela"), ("Rao", "Seth", "Das", "Menon")


def _known(session: Session, journal: Journal) -> None:
    arrive(
        session,
        enquire("a", "Asha Rao", ONE),
        enquire("b", "A. Rao", ONE),
        enquire("c", "Vikram Seth", ONE),
        enquire("d", "Vikram Seth", TWO, email_raw="v@example.com"),
        enquire("e", "Vikram", email_raw="v@example.com"),
    )
    settle(session, journal)


def test_what_was_decided_is_what_a_rebuild_decides(session: Session, journal: Journal) -> None:
    _known(session, journal)
    assert audit.compare_with_rebuild(session, 100, "") == (0, 0, 0)


def test_what_is_not_is_seen_and_nothing_is_changed(session: Session, journal: Journal) -> None:
    _known(session, journal)
    session.run("DELETE FROM core.evidence WHERE rule = 2")
    session.run("UPDATE core.identity_clusters SET cluster = 3 WHERE number = 2")
    clusters = session.rows("SELECT * FROM core.identity_clusters ORDER BY ALL")
    assert audit.compare_with_rebuild(session, 100, "") == (0, 1, 1)
    assert session.rows("SELECT * FROM core.identity_clusters ORDER BY ALL") == clusters
    session.run("UPDATE core.leads SET phone = NULL WHERE source_lead_id = 'c'")
    assert audit.compare_with_rebuild(session, 100, "").keys > 0


def test_churn_counts_old_leads_of_the_last_resolution(session: Session, journal: Journal) -> None:
    _known(session, journal)
    assert audit.churn(session) == (0, 5)
    arrive(session, enquire("a", "Kabir Das", "+919871234567"), hour=1)
    settle(session, journal, 1)
    assert audit.churn(session) == (1, 5)
    assert audit.crowded_people(session) == []
    assert audit.crowded_keys(session) == []


def test_a_key_that_is_everybodys_is_seen(session: Session, journal: Journal) -> None:
    most = int(limit("alarm_key_leads"))
    arrive(session, *(enquire(str(number), None, ONE) for number in range(most)))
    settle(session, journal)
    assert audit.crowded_keys(session) == []
    arrive(session, enquire("one more", None, ONE), enquire("other", None, TWO), hour=1)
    settle(session, journal, 1)
    ((lead_id, leads),) = audit.crowded_keys(session)
    assert leads == most + 1
    assert session.rows("SELECT phone FROM leads WHERE lead_id = ?", (lead_id,)) == [(ONE,)]


def test_a_person_of_many_names_is_seen(session: Session, journal: Journal) -> None:
    most = int(limit("alarm_person_names"))
    names = [f"{name} {family}" for name in FIRST for family in FAMILIES]
    arrive(session, *(enquire(str(number), name) for number, name in enumerate(names[: most + 1])))
    settle(session, journal)
    assert audit.crowded_people(session) == []
    signature = Signature("tester", moment(1), "the same")
    for number in range(1, most + 1):
        one, other = lead_id(session, "0"), lead_id(session, str(number))
        merge(session, journal, one, other, signature)
    settle(session, journal, 1)
    ((_, seen),) = audit.crowded_people(session)
    assert seen == most + 1
