import json
import shutil
from pathlib import Path

import pytest

from lead_pipeline import identity, normalise
from lead_pipeline.errors import ConfigError
from lead_pipeline.identity import overrides
from lead_pipeline.identity.explain import explain, suggestions
from lead_pipeline.identity.overrides import Signature
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline_tests.identity.enquiries import (
    ONE,
    THREE,
    TWO,
    arrive,
    enquire,
    lead_id,
    moment,
    people,
    settle,
    together,
)
from lead_pipeline_tests.identity.who_is_who import assigned, forget
from lead_pipeline_tests.warehouse.deliveries import NOW
from lead_pipeline_tests.warehouse.fixtures import NAME, put_warehouse

OTHER = "+919871234567"
JOURNAL = "journal.jsonl"
SIGNED = Signature("asha", NOW, "she said so")
STATE = (
    "SELECT lead_id, person_id FROM core.assignments ORDER BY ALL",
    "SELECT number, component, cluster, person FROM core.identity_clusters ORDER BY ALL",
    "SELECT * FROM people ORDER BY person_id",
    "SELECT * FROM person_links ORDER BY ALL",
)


def _state(session: Session) -> list[object]:
    return [session.rows(statement) for statement in STATE]


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """a and b are one person, c and d another, e a third; made once."""
    folder = tmp_path_factory.mktemp("settled")
    with Warehouse(put_warehouse(folder), wait_seconds=0).open() as session:
        normalise.install(session)
        arrive(
            session,
            enquire("a", "Asha Rao", ONE),
            enquire("b", "Asha Rao", ONE),
            enquire("c", "Vikram Seth", TWO),
            enquire("d", "Vikram Seth", TWO),
            enquire("e", "Meera Iyer", THREE),
        )
        settle(session, Journal(folder / JOURNAL))
    return folder


@pytest.fixture
def known(settled: Path, warehouse: Warehouse, journal: Journal) -> None:
    """A copy of `settled`, there before the session is opened."""
    shutil.copyfile(settled / NAME, warehouse.path)
    shutil.copyfile(settled / JOURNAL, journal.path)


@pytest.mark.usefixtures("known")
def test_a_merge_makes_one_of_two_and_undoing_it_restores_all(
    session: Session, journal: Journal
) -> None:
    before = _state(session)
    event = overrides.merge(session, journal, "P000000001", TWO, SIGNED)
    settle(session, journal, 1)
    assert people(session) == together("abcd", "e")
    assert set(assigned(session).values()) == {"P000000001", "P000000003"}
    redirect = "SELECT person_id, now_person_id, valid_from, valid_to FROM person_redirects"
    assert session.rows(redirect) == [("P000000002", "P000000001", moment(1), None)]
    overrides.undo(session, journal, event, SIGNED)
    settle(session, journal, 2)
    assert _state(session) == before
    assert session.rows(redirect) == [("P000000002", "P000000001", moment(1), moment(2))]


@pytest.mark.usefixtures("known")
def test_a_split_makes_two_of_one_and_undoing_it_restores_all(
    session: Session, journal: Journal
) -> None:
    before = _state(session)
    event = overrides.split(session, journal, "P000000001", [lead_id(session, "a")], SIGNED)
    settle(session, journal, 1)
    assert people(session) == together("a", "b", "cd", "e")
    overrides.undo(session, journal, event, SIGNED)
    settle(session, journal, 2)
    assert _state(session) == before


@pytest.mark.usefixtures("known")
def test_the_later_decision_counts(session: Session, journal: Journal) -> None:
    overrides.merge(session, journal, ONE, TWO, SIGNED)
    settle(session, journal, 1)
    overrides.split(session, journal, ONE, [lead_id(session, key) for key in "cd"], SIGNED)
    settle(session, journal, 2)
    assert people(session) == together("ab", "cd", "e")
    overrides.merge(session, journal, ONE, TWO, SIGNED)
    settle(session, journal, 3)
    assert people(session) == together("abcd", "e")


@pytest.mark.usefixtures("known")
def test_decisions_outlive_a_rebuild_and_hold_for_whoever_comes_later(
    session: Session, journal: Journal
) -> None:
    overrides.merge(session, journal, ONE, TWO, SIGNED)
    overrides.split(session, journal, ONE, [lead_id(session, "b")], SIGNED)
    settle(session, journal, 1)
    assert people(session) == together("acd", "b", "e")
    before = assigned(session)
    _lose_all_but_leads(session)
    size = journal.size()
    assert settle(session, journal, 2).moved_leads == 0
    assert (assigned(session), journal.size()) == (before, size)
    arrive(session, enquire("f", "Vikram Seth", TWO), hour=3)
    settle(session, journal, 3)
    assert people(session) == together("acdf", "b", "e")


def _lose_all_but_leads(session: Session) -> None:
    columns = [name for name, *_ in session.rows("DESCRIBE core.leads")]
    kept = session.frame("SELECT * FROM core.leads")
    forget(session)
    with session.offered("kept", kept):
        session.run(f"INSERT INTO core.leads BY NAME SELECT {', '.join(columns)} FROM kept")


@pytest.mark.usefixtures("known")
def test_what_was_undone_in_vain_has_no_effect_after_a_rebuild(
    session: Session, journal: Journal
) -> None:
    event = overrides.merge(session, journal, ONE, TWO, SIGNED)
    settle(session, journal, 1)
    arrive(session, *(enquire(key, "Asha Rao", ONE) for key in "cd"), hour=2)
    overrides.undo(session, journal, event, SIGNED)
    settle(session, journal, 2)
    assert people(session) == together("abcd", "e")
    for key in "ab":
        for table in ("core.leads", "core.lead_history"):
            session.run(f"DELETE FROM {table} WHERE source_lead_id = ?", (key,))
    settle(session, journal, 3)
    before = assigned(session)
    assert before["c"] == before["d"] == "P000000001"
    _lose_all_but_leads(session)
    assert settle(session, journal, 4).moved_leads == 0
    assert assigned(session) == before


@pytest.mark.usefixtures("known")
def test_the_journal_says_who_decided_and_why(session: Session, journal: Journal) -> None:
    overrides.merge(session, journal, ONE, TWO, SIGNED)
    entry = json.loads(journal.path.read_text().splitlines()[-1])
    leads = sorted(lead_id(session, key) for key in "abcd")
    assert entry == {
        "kind": "merged",
        "event": "E000001",
        "by": "asha",
        "at": NOW.isoformat(),
        "reason": "she said so",
        "sides": [leads],
    }
    settle(session, journal, 1)
    made = session.rows("SELECT kind, event_id, made_by, reason FROM person_events ORDER BY kind")
    assert made == [
        ("merged", "E000001", "asha", "she said so"),
        ("moved", "E000001", None, None),
    ]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("decide", "message"),
    [
        (lambda s, j: overrides.merge(s, j, ONE, "P000000001", SIGNED), "one person already"),
        (lambda s, j: overrides.merge(s, j, ONE, "nobody@example.com", SIGNED), "no enquiry has"),
        (lambda s, j: overrides.split(s, j, ONE, ["x"], SIGNED), "does not belong"),
        (lambda s, j: overrides.undo(s, j, "E000009", SIGNED), "no merge or split"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    session: Session, journal: Journal, decide: object, message: str
) -> None:
    size = journal.size()
    with pytest.raises(ConfigError, match=message):
        decide(session, journal)  # type: ignore[operator]
    assert journal.size() == size


@pytest.mark.usefixtures("known")
def test_nobody_can_be_split_off_whole_and_nothing_undone_twice(
    session: Session, journal: Journal
) -> None:
    both = [lead_id(session, key) for key in "ab"]
    with pytest.raises(ConfigError, match="nobody would be left"):
        overrides.split(session, journal, ONE, both, SIGNED)
    event = overrides.split(session, journal, ONE, both[:1], SIGNED)
    overrides.undo(session, journal, event, SIGNED)
    with pytest.raises(ConfigError, match="taken back already"):
        overrides.undo(session, journal, event, SIGNED)


def test_explaining_says_why_and_why_not(session: Session, journal: Journal) -> None:
    arrive(
        session,
        enquire("a", "Asha Rao", ONE),
        enquire("b", "A. Rao", ONE),
        enquire("c", "Vikram Seth", ONE),
    )
    settle(session, journal)
    (told,) = explain(session, lead_id(session, "b"))
    assert told["person"]["full_name"] == "Asha Rao"
    assert [row["reason"] for row in told["links"]] == [
        "same phone, and one name is a part of the other or has its initials"
    ]
    assert {(row["other_name"], row["reason"]) for row in told["near_misses"]} == {
        ("Vikram Seth", "same phone, but the names are different, or more than one name fits")
    }
    assert len(explain(session, ONE)) == 2


def test_what_is_too_little_for_a_merge_is_suggested_until_somebody_says_no(
    session: Session, journal: Journal
) -> None:
    arrive(
        session,
        enquire("a", "Asha Rao", ONE, email_raw="asha@example.com", city_raw="Pune"),
        enquire("b", "Asha Rao", OTHER, email_raw="rao@example.com", city_raw="Pune"),
    )
    settle(session, journal)
    (row,) = suggestions(session, 10)
    assert (row["person_id"], row["other_person_id"], row["weight"]) == (
        "P000000001",
        "P000000002",
        0.8,
    )
    event = overrides.merge(session, journal, ONE, OTHER, SIGNED)
    settle(session, journal, 1)
    assert suggestions(session, 10) == []
    overrides.undo(session, journal, event, SIGNED)
    settle(session, journal, 2)
    assert len(suggestions(session, 10)) == 1
    assert identity.resolve(session, journal, NOW).moved_leads == 0
