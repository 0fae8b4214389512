"""Whatever order deliveries come in, and however often, the contents are those of the rules."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.migrate import VERSION_COLUMNS
from lead_pipeline_tests.warehouse.deliveries import CREATED, NOW, Delivery, lead, load
from lead_pipeline_tests.warehouse.rules import Rules, Version, content_hash

records = st.builds(
    lead,
    natural_key=st.sampled_from("ab"),
    status=st.sampled_from([None, "", "new"]),
    updated_at=st.sampled_from([None, CREATED, CREATED + timedelta(hours=1)]),
)
deliveries = st.builds(
    Delivery,
    leads=st.lists(records, max_size=4).map(
        lambda leads: tuple(lead._replace(record_index=n) for n, lead in enumerate(leads))
    ),
    requested_at=st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours)),
)
COLUMNS = [column.name for column in VERSION_COLUMNS]


@st.composite
def loads(draw: st.DrawFn) -> list[Delivery]:
    """Some deliveries in any order, some more than once; some with the body of another."""
    made = draw(st.lists(deliveries, min_size=1, max_size=4))
    later = [
        Delivery(again.leads, again.requested_at + timedelta(hours=draw(st.integers(0, 2))))
        for again in draw(st.lists(st.sampled_from(made), max_size=2))
    ]
    repeats = draw(st.lists(st.sampled_from(made), max_size=2))
    return draw(st.permutations(made + later + repeats))


few = settings(
    max_examples=15,
    deadline=None,
    # The examples are small; shrinking them further would load for minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@settings(few, derandomize=True)
@given(loads())
def test_any_order_and_any_repeats_end_as_the_rules_say(
    session: Session, loads: list[Delivery]
) -> None:
    _load_and_compare(session, loads)


@pytest.mark.parametrize(("asked_last", "asked_first"), [("new", "won"), ("won", "new")])
def test_what_was_asked_for_last_wins_though_it_came_first(
    session: Session, asked_last: str, asked_first: str
) -> None:
    later = Delivery((lead("a", status=asked_last),), NOW + timedelta(hours=1))
    earlier = Delivery((lead("a", status=asked_first),), NOW)
    _load_and_compare(session, [later, earlier])


def test_a_body_asked_for_before_is_counted_by_its_own_last_word(session: Session) -> None:
    body = (lead("a", status=""), lead("a", 1, status="new"))
    other = (lead("a", status="new"),)
    hours = [NOW + timedelta(hours=hour) for hour in range(3)]
    _load_and_compare(
        session, [Delivery(body, hours[1]), Delivery(other, hours[2]), Delivery(body, hours[0])]
    )


@pytest.mark.slow
@settings(few, max_examples=100)
@given(loads())
def test_a_hundred_orders_end_as_the_rules_say(session: Session, loads: list[Delivery]) -> None:
    _load_and_compare(session, loads)


def _load_and_compare(session: Session, loads: list[Delivery]) -> None:
    forget(session)
    rules = Rules()
    for delivery in loads:
        assert load(session, delivery) == rules.load(delivery)
    expected = [
        _row(lead_id, version, first, last)
        for lead_id, (version, first, last) in rules.leads().items()
    ]
    assert contents(session, "core.leads") == _sorted(expected)
    kept = [
        _row(lead_id, version, version.requested_at, version.requested_at)
        for lead_id, version in rules.history()
    ]
    assert contents(session, "core.lead_history") == _sorted(kept)
    _check_the_ledger(session, len(loads))


def forget(session: Session) -> None:
    for table in ("core.leads", "core.lead_history", "ops.deliveries"):
        session.run(f"DELETE FROM {table}")


def _row(lead_id: str, version: Version, first: object, last: object) -> dict[str, Any]:
    """A whole row as it must be; every column that is not named here is null."""
    record = version.record
    return dict.fromkeys(COLUMNS) | {
        "lead_id": lead_id,
        "source": "housing",
        "account": "mumbai",
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "status": record.status,
        "phone_status": "missing",
        "attributes": "{}",
        "first_seen_at": first,
        "last_seen_at": last,
        "delivery_sha256": version.sha256,
        "record_index": version.record_index,
        "requested_at": version.requested_at,
        "content_hash": content_hash(record),
    }


def contents(session: Session, table: str) -> list[dict[str, Any]]:
    names = ", ".join(COLUMNS)
    rows = session.rows(f"SELECT {names} FROM {table}")
    return _sorted([dict(zip(COLUMNS, row, strict=True)) for row in rows])


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: tuple(str(value) for value in row.values()))


def _check_the_ledger(session: Session, lines: int) -> None:
    ((count, balanced),) = session.rows(
        "SELECT count(*), bool_and(received = new + changed + unchanged + stale + repeated "
        "+ quarantined) FROM ops.deliveries"
    )
    assert (count, balanced) == (lines, True)
