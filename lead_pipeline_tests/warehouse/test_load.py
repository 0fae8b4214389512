"""What the loader says of each record, and that it is there in whole or not at all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lead_pipeline import normalise
from lead_pipeline.tables import DELIVERIES
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.load import (
    Counts,
    LedgerLine,
    Quarantined,
    load_versions,
    write_ledger,
)
from lead_pipeline.warehouse.staging import stage
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, lead, load, load_inside

HOUR = timedelta(hours=1)
TABLES = (
    "core.leads",
    "core.lead_history",
    "core.quarantined_content",
    "ops.quarantine",
    "ops.deliveries",
)
REFUSED = Quarantined(7, "parse", "lead_date", "is no date", b"bytes")


def _all_rows(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    # The version that was loaded last is another row each time, with a number of its own.
    kept = "SELECT COLUMNS(lambda name: name <> 'version_number')"
    return {table: session.rows(f"{kept} FROM {table} ORDER BY ALL") for table in TABLES}


def _statuses(session: Session, table: str) -> list[str]:
    return [row[0] for row in session.rows(f"SELECT status FROM {table} ORDER BY ALL")]


def test_a_newer_version_replaces_the_older_one_which_becomes_history(session: Session) -> None:
    assert load(session, Delivery((lead("a", status="old"),))) == Counts(new=1)
    newer = Delivery((lead("a", status="newer"),), NOW + HOUR)
    assert load(session, newer) == Counts(changed=1)
    assert _statuses(session, "core.leads") == ["newer"]
    assert _statuses(session, "core.lead_history") == ["old"]


def test_an_older_version_that_comes_late_is_stale(session: Session) -> None:
    load(session, Delivery((lead("a", status="newer"),), NOW + HOUR))
    assert load(session, Delivery((lead("a", status="old"),))) == Counts(stale=1)
    assert _statuses(session, "core.leads") == ["newer"]
    assert _statuses(session, "core.lead_history") == ["old"]
    seen = session.rows("SELECT first_seen_at, last_seen_at FROM core.leads")
    assert seen == [(NOW, NOW + HOUR)]


def test_the_vendors_own_time_of_change_counts_before_ours(session: Session) -> None:
    load(session, Delivery((lead("a", status="newer", updated_at=NOW),)))
    old = lead("a", status="old", updated_at=NOW - HOUR)
    assert load(session, Delivery((old,), NOW + HOUR)) == Counts(stale=1)
    assert _statuses(session, "core.leads") == ["newer"]


def test_equal_content_is_unchanged_and_seen_again(session: Session) -> None:
    load(session, Delivery((lead("a"),)))
    assert load(session, Delivery((lead("a", 3),), NOW + HOUR)) == Counts(unchanged=1)
    seen = session.rows("SELECT first_seen_at, last_seen_at, record_index FROM core.leads")
    assert seen == [(NOW, NOW + HOUR, 3)]
    assert _statuses(session, "core.lead_history") == []


def test_what_went_back_to_what_it_was_leaves_one_line_of_history(session: Session) -> None:
    for hours, status in enumerate(["open", "closed", "open"]):
        load(session, Delivery((lead("a", status=status),), NOW + hours * HOUR))
    assert _statuses(session, "core.leads") == ["open"]
    assert _statuses(session, "core.lead_history") == ["closed"]


def test_the_same_key_again_in_one_delivery_is_repeated(session: Session) -> None:
    records = (lead("a", 0, status="first"), lead("a", 1, status="last"), lead("b", 2))
    assert load(session, Delivery(records)) == Counts(new=2, repeated=1)
    assert _statuses(session, "core.leads") == ["last", None]
    assert _statuses(session, "core.lead_history") == ["first"]


def test_a_field_that_is_absent_is_not_one_that_is_empty(session: Session) -> None:
    load(session, Delivery((lead("a", comments=None),)))
    assert load(session, Delivery((lead("a", comments=""),), NOW + HOUR)) == Counts(changed=1)


def test_the_same_key_in_two_accounts_is_two_leads(session: Session) -> None:
    load(session, Delivery((lead("a"),)))
    assert load(session, Delivery((lead("a"),), account="pune")) == Counts(new=1)


def test_loading_a_receipt_again_changes_nothing_but_adds_a_line(session: Session) -> None:
    load(session, Delivery((lead("a", status="old"),)))
    delivery = Delivery((lead("a", 0), lead("a", 1, status="x")), NOW + HOUR, refused=(REFUSED,))
    load(session, delivery)
    before = _all_rows(session)
    assert load(session, delivery) == Counts(unchanged=1, repeated=1)
    after = _all_rows(session)
    after.pop("ops.deliveries")
    before.pop("ops.deliveries")
    lines = session.rows(
        "SELECT load_id, first_load_id, is_latest FROM ops.deliveries WHERE receipt_id = ? "
        "ORDER BY load_id",
        (delivery.receipt.receipt_id,),
    )
    assert lines == [(2, 2, False), (3, 2, True)]
    assert after == before


def test_an_empty_delivery_has_its_line_too(session: Session) -> None:
    assert load(session, Delivery(())) == Counts()
    assert session.rows("SELECT outcome, received FROM ops.deliveries") == [("loaded", 0)]


class _PowerCut(BaseException):
    pass


def _load_halfway(session: Session, delivery: Delivery) -> None:
    before = _all_rows(session)
    with session.transaction():
        load_inside(session, delivery)
        assert _all_rows(session) != before
        raise _PowerCut


def test_a_failure_in_the_middle_leaves_nothing(session: Session) -> None:
    load(session, Delivery((lead("a", status="old"),), refused=(REFUSED,)))
    before = _all_rows(session)
    newer = Delivery((lead("a", status="newer"), lead("b", 1)), NOW + HOUR, refused=(REFUSED,))

    with pytest.raises(_PowerCut):
        _load_halfway(session, newer)
    assert _all_rows(session) == before
    assert load(session, newer) == Counts(new=1, changed=1)


def test_a_line_of_the_ledger_says_all_of_its_receipt(session: Session) -> None:
    receipt = Delivery((lead("a"),)).receipt
    line = LedgerLine("loaded", 4, Counts(1, 0, 1, 0, 1), 1, ("b", "c/d"))
    write_ledger(session, receipt, line, NOW + HOUR)
    names = [column.name for column in DELIVERIES.columns]
    (values,) = session.rows(f"SELECT {', '.join(names)} FROM ops.deliveries")
    row = dict(zip(names, values, strict=True))
    assert receipt.window
    expected = {
        "receipt_id": receipt.receipt_id,
        "run_id": "run",
        "window_start": receipt.window.start,
        "window_end": receipt.window.end,
        "covers": True,
        "requested_at": NOW,
        "received_at": NOW + timedelta(seconds=1),
        "loaded_at": NOW + HOUR,
        "outcome": "loaded",
        "sha256": receipt.sha256,
        "received": 4,
        "new": 1,
        "unchanged": 1,
        "repeated": 1,
        "quarantined": 1,
        "new_fields": "b, c/d",
    }
    assert {name: row[name] for name in expected} == expected


def test_a_failed_scan_has_neither_window_nor_body(session: Session) -> None:
    load(session, Delivery((), window=None, covers=False, error="VendorUnavailable"))
    columns = "outcome, window_start, window_end, status, sha256, received, error"
    expected = ("failed", None, None, None, None, 0, "VendorUnavailable")
    assert session.rows(f"SELECT {columns} FROM ops.deliveries") == [expected]


def test_attempts_are_numbered(session: Session) -> None:
    for hours in range(3):
        load(session, Delivery((lead("a"),), NOW + hours * HOUR))
    numbers = session.rows("SELECT load_id FROM ops.deliveries ORDER BY requested_at")
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 3


@pytest.mark.parametrize("order", [list, reversed], ids=["in order", "reversed"])
def test_normalised_leads_are_loaded_with_their_values(
    session: Session, order: Callable[[list[Delivery]], list[Delivery]]
) -> None:
    first = lead("a", phone_raw="098765 43210", email_raw=" A@Example.com ", country_raw="India")
    deliveries = [
        Delivery((first,)),
        Delivery((first._replace(phone_raw="+91 98765 43211"),), NOW + HOUR),
    ]
    normalise.install(session)
    for delivery in order(deliveries):
        with session.transaction():
            stage(session, delivery.records, "housing", "mumbai", "IN")
            normalise.normalise_leads(session)
            load_versions(session)
    columns = "phone, phone_status, email, country"
    current = session.rows(f"SELECT {columns} FROM leads")
    assert current == [("+919876543211", "valid", "a@example.com", "IN")]
    assert session.rows("SELECT phone FROM core.lead_history") == [("+919876543210",)]
