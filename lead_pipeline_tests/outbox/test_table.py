"""The outbox in the warehouse is what the journal says, whoever else writes into it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from lead_pipeline import normalise
from lead_pipeline.identity import resolve
from lead_pipeline.journal import Journal, Written
from lead_pipeline.outbox import PUSH, Action, Kind, Step, key_of, read_rows
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, lead, load
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

ENTRY = {
    "kind": PUSH,
    "step": Step.DECIDED,
    "at": NOW,
    "push_id": "p",
    "account": "qontak",
    "object": Kind.DEAL,
    "lead_id": "l",
}
PHONE = "+6281200000001"
SENT = ENTRY | {
    "step": Step.SENT,
    "push_id": "c",
    "object": Kind.CONTACT,
    "action": Action.CREATE,
    "keys": [key_of(PHONE)],
}


class SharedJournal(Journal):
    """A push writes into it just before each of our own entries."""

    def append(self, entries: Iterable[Mapping[str, object]]) -> Written:
        super().append([ENTRY])
        return super().append(entries)


def known(session: Session) -> list[object]:
    tables = ("core.assignments", "person_history", "person_events", "people")
    return [session.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in tables]


def test_what_a_push_writes_while_people_are_resolved_is_not_lost(tmp_path: Path) -> None:
    journal = SharedJournal(tmp_path / "journal.jsonl")
    with Warehouse(put_warehouse(tmp_path), 1).open() as session:
        normalise.install(session)
        load(session, Delivery((lead("1", 0), lead("2", 1))))
        resolve(session, journal, NOW)
        before = known(session)
        resolve(session, journal, NOW)
        assert [(row.push_id, row.state) for row in read_rows(session, "true")] == [
            ("p", "waiting")
        ]
        assert known(session) == before
        assert session.rows("SELECT push_id, kind, lead_id, attempts FROM ops.pushes") == [
            ("p", "deal", "l", 0)
        ]


def test_what_may_be_ours_is_no_enquiry_until_that_is_known(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append([SENT])
    old, new = NOW - timedelta(days=9), NOW + timedelta(minutes=1)
    contacts = (
        lead("old", 0, phone_raw=PHONE, created_at=old),
        lead("new", 1, phone_raw=PHONE, created_at=new),
        lead("other", 2, phone_raw="+6281200000002", created_at=new),
    )
    with Warehouse(put_warehouse(tmp_path), 1).open() as session:
        normalise.install(session)
        for account in ("qontak", "another"):
            load(session, Delivery(contacts, account=account, source="qontak"))
        resolve(session, journal, NOW)
        assert session.rows("SELECT count(*) FROM leads") == [(5,)]
        assert session.rows(
            "SELECT account, created_at FROM core.leads "
            "WHERE lead_id IN (SELECT lead_id FROM core.held_leads)"
        ) == [("qontak", new)]
        journal.append([SENT | {"step": Step.REFUSED}])
        resolve(session, journal, NOW)
        assert session.rows("SELECT count(*) FROM leads") == [(6,)]
