"""Fields filled in, what is left of them where somebody was there before, and who is who."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.push.mapping import ADDITIONAL, columns_of, filled, still_empty, without
from lead_pipeline.push.recognise import Sought, is_sought, may_be_one
from lead_pipeline.push.settings import Choice, Fields

KNOWN = {"first_name": "Ann", "email": None, "phone": "+6281200000001", "source": "housing"}
CHOICE = Choice.model_validate({"from": "source", "values": {"housing": 12}, "else": 13})
SOUGHT = Sought("Ann Lee", frozenset({"+6281200000001"}), frozenset({"ann@example.com"}), "ID")


def test_a_text_with_a_blank_that_nothing_fills_is_left_out() -> None:
    fields: Fields = {
        "first_name": "{first_name}",
        "email": "{email}",
        "name": "Call {email|phone}",
        "crm_source_id": CHOICE,
        "is_new": True,
    }
    assert filled(fields, KNOWN) == {
        "first_name": "Ann",
        "name": "Call +6281200000001",
        "crm_source_id": 12,
        "is_new": True,
    }
    assert {*columns_of(fields)} == {"first_name", "email", "phone", "source"}


values: st.SearchStrategy[object] = st.one_of(
    st.none(), st.text(max_size=3), st.integers(), st.just([])
)


@given(
    st.dictionaries(st.sampled_from("abcd"), st.text(min_size=1)),
    st.dictionaries(st.sampled_from("abcd"), values),
)
def test_nothing_that_was_entered_is_sent_again(
    wanted: dict[str, object], record: dict[str, object]
) -> None:
    left = still_empty(wanted, record)
    assert left.items() <= wanted.items()
    for name in wanted:
        entered = record.get(name)
        has_any = bool(entered.strip()) if isinstance(entered, str) else entered not in (None, [])
        assert (name in left) is not has_any


def test_of_the_additional_fields_too_only_the_empty_ones_are_filled() -> None:
    entries = [{"id": 1, "name": "minat", "value": "Rumah"}, {"id": 2, "name": "x", "value": "1"}]
    record = {ADDITIONAL: [{"id": 1, "name": "minat", "value": "421"}, {"name": "x", "value": ""}]}
    assert still_empty({ADDITIONAL: entries}, record) == {ADDITIONAL: entries[1:]}


def test_what_is_kept_is_kept_wherever_it_is() -> None:
    entries = [{"id": 1, "name": "minat", "value": "Rumah"}, {"id": 2, "name": "x", "value": "1"}]
    fields = {"email": "a@example.com", "job_title": "Buyer", ADDITIONAL: entries}
    assert without(fields, {"job_title", "minat", "nothing"}) == {
        "email": "a@example.com",
        ADDITIONAL: entries[1:],
    }
    assert still_empty(without(fields, {"email", "job_title", "minat", "x"}), {}) == {}


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"email": " Ann@Example.com ", "first_name": "Somebody"}, True),
        ({"telephone": "0812-0000-0001", "first_name": "Anne"}, True),
        ({"telephone": "0812 0000 0001"}, True),
        ({"telephone": "081200000001", "first_name": "Bob", "last_name": "Roe"}, False),
        ({"telephone": "0812-0000-0002", "first_name": "Ann", "last_name": "Lee"}, False),
        ({"email": "", "telephone": None, "first_name": "Ann", "last_name": "Lee"}, False),
    ],
)
def test_whose_contact_it_is(record: dict[str, object], found: bool) -> None:
    assert is_sought(record, SOUGHT) is found


def test_names_that_are_written_differently_may_be_one() -> None:
    assert may_be_one("José Álvarez", "alvarez j")
    assert not may_be_one("Ann Lee", "Bob Roe")
