from datetime import timedelta
from pathlib import Path

import pytest

from lead_pipeline.warehouse import Session, open_snapshot, publish
from lead_pipeline.warehouse.dismissals import (
    DISMISSED,
    TAKEN_BACK,
    count_dismissed,
    dismissal_entry,
    take_over_dismissals,
)
from lead_pipeline.warehouse.load import Quarantined, quarantine
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, lead, load, load_all

SECRET = b"<SalesLead>\x00\xff someone's words"
FIRST = Quarantined(3, "parse", "LeadDate", "is no date", SECRET)
SECOND = Quarantined(5, "parse", "Email", "is there twice", b"")
DELIVERY = Delivery((lead("a"),), refused=(FIRST, SECOND))


def test_a_refused_record_is_kept_with_its_bytes_place_and_reason(session: Session) -> None:
    load(session, DELIVERY)
    receipt = DELIVERY.receipt
    rows = session.rows(
        "SELECT quarantine_id, receipt_id, source, account, stream, sha256, record_index, stage, "
        "place, reason, quarantined_at FROM ops.quarantine ORDER BY record_index LIMIT 1"
    )
    known = (receipt.receipt_id, "housing", "mumbai", "leads", receipt.sha256)
    expected = (f"{receipt.receipt_id}/3", *known, 3, "parse", "LeadDate", "is no date", NOW)
    assert rows == [expected]
    kept = session.rows("SELECT * FROM core.quarantined_content ORDER BY ALL")
    assert kept == [(f"{receipt.receipt_id}/3", SECRET), (f"{receipt.receipt_id}/5", b"")]


def test_loading_again_replaces_what_was_refused(session: Session) -> None:
    other = Delivery((), NOW + timedelta(hours=1), refused=(FIRST,))
    load(session, other)
    load(session, DELIVERY)
    load(session, DELIVERY)
    assert session.rows("SELECT count(*) FROM ops.quarantine") == [(3,)]
    assert session.rows("SELECT count(*) FROM core.quarantined_content") == [(3,)]


def test_what_a_better_parser_reads_leaves_the_quarantine(session: Session) -> None:
    load(session, DELIVERY)
    quarantine(session, DELIVERY.receipt, [], NOW)
    assert session.rows("SELECT * FROM ops.quarantine") == []
    assert session.rows("SELECT * FROM core.quarantined_content") == []


def test_the_bytes_are_not_published(session: Session, tmp_path: Path) -> None:
    load(session, DELIVERY)
    published = publish(session, tmp_path, NOW)
    assert published
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.rows("SELECT count(*) FROM ops.quarantine") == [(2,)]
        schemas = snapshot.rows("SELECT DISTINCT schema_name FROM duckdb_tables() ORDER BY 1")
        assert schemas == [("main",), ("ops",)]
    assert b"someone's words" not in published.path.read_bytes()


@pytest.mark.parametrize("at_once", [1, 2, 6])
def test_the_journal_is_followed_in_order_however_much_is_read_at_once(
    session: Session, at_once: int
) -> None:
    said = [
        (DISMISSED, ["r/1", "r/2"], "ann"),
        (DISMISSED, ["r/1"], "bob"),
        (TAKEN_BACK, ["r/1", "never dismissed"], "bob"),
        (DISMISSED, ["r/3"], "ann"),
        (TAKEN_BACK, ["r/3"], "ann"),
        (DISMISSED, ["r/3"], "eve"),
    ]
    entries = [dismissal_entry(kind, ids, by, NOW, "why") for kind, ids, by in said]
    for first in range(0, len(entries), at_once):
        take_over_dismissals(session, [{"kind": "assigned"}, *entries[first : first + at_once]])
    assert session.rows("SELECT * FROM core.dismissals ORDER BY ALL") == [
        ("r/2", NOW, "ann", "why"),
        ("r/3", NOW, "eve", "why"),
    ]


def test_what_is_dismissed_is_counted_wherever_it_came_again(session: Session) -> None:
    """The same bytes of the same account and stream; of bytes that were not kept, the same row."""
    again = Delivery((), NOW + timedelta(hours=1), refused=(FIRST, SECOND))
    other = Delivery((), NOW + timedelta(hours=2), account="delhi", refused=(FIRST,))
    load_all(session, (DELIVERY, again, other))
    receipts = [one.receipt.receipt_id for one in (DELIVERY, again, other)]
    entry = dismissal_entry(
        DISMISSED, [f"{receipts[0]}/{index}" for index in (3, 5)], "ann", NOW, "by hand"
    )
    take_over_dismissals(session, [entry])
    assert [count_dismissed(session, one) for one in (*receipts, "none")] == [2, 1, 0, 0]
