"""A body read again by a better parser: what it said before is forgotten, and nothing else is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.records import ParsedLead
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.warehouse.deliveries import Delivery, lead, load, load_all
from lead_pipeline_tests.warehouse.test_load_order import contents, deliveries, few, forget


def named(delivery: Delivery) -> Delivery:
    """The delivery with a body of a fixed name, whatever is read in it."""
    return replace(delivery, body=f"{delivery.leads}")


def as_read_before(record: ParsedLead, flaw: str) -> ParsedLead:
    """What a poorer parser made of a record: a status of its own, and no update time."""
    return record._replace(status=f"{flaw}", updated_at=None)


@pytest.mark.slow
@few
@given(st.lists(deliveries, min_size=1, max_size=4), st.data())
def test_reading_again_ends_as_if_it_had_always_been_read_so(
    session: Session, made: list[Delivery], data: st.DataObject
) -> None:
    better = [named(delivery) for delivery in made]
    poorer = [
        replace(
            delivery,
            leads=tuple(
                as_read_before(record, data.draw(st.sampled_from("xy")))
                for record in delivery.leads
            ),
        )
        for delivery in better
    ]
    forget(session)
    load_all(session, better)
    expected = contents(session, "core.leads"), contents(session, "core.lead_history")
    forget(session)
    load_all(session, poorer)
    load_all(session, data.draw(st.permutations(better)))
    assert (contents(session, "core.leads"), contents(session, "core.lead_history")) == expected


def test_a_better_reading_counts_as_changed_and_the_same_as_unchanged(session: Session) -> None:
    first = Delivery((lead("a", status="poor"), lead("b", 1)), body="bytes")
    again = replace(first, leads=(lead("a", status="rich"), lead("b", 1)))
    assert load(session, first).new == 2
    counts = load(session, again)
    assert (counts.changed, counts.unchanged, counts.new, counts.stale) == (1, 1, 0, 0)
    assert session.rows("SELECT count(*) FROM core.lead_history") == [(0,)]
    assert session.rows("SELECT status FROM core.leads ORDER BY record_index LIMIT 1") == [
        ("rich",)
    ]
