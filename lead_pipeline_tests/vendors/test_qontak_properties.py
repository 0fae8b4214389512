"""What holds of everything that Qontak may send."""

import io
import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.records import ParsedObject
from lead_pipeline.vendors.contract import NewField, UnreadableDocument
from lead_pipeline.vendors.qontak import QONTAK
from lead_pipeline.vendors.qontak.values import amount, moment, number
from lead_pipeline_tests.vendors.test_qontak_parse import TEMPLATE, items

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["id", "created_at", "updated_at", "size", "email", "crm_company_id", "additional_fields"]
)
STREAMS = st.sampled_from(["contacts", "companies", "deals", "tasks", "pipelines", "stages"])


@given(STREAMS, st.lists(st.dictionaries(NAMES | TEXT, JSON, max_size=8) | JSON, max_size=4))
def test_every_record_is_read_or_unreadable_and_never_lost(
    stream: str, records: list[object]
) -> None:
    found = items(stream, *records, template=TEMPLATE)
    indexes = [one.record_index for one in found if not isinstance(one, NewField)]
    assert indexes == list(range(len(records)))
    for one in found:
        if isinstance(one, ParsedObject):
            record = records[one.record_index]
            assert isinstance(record, dict)
            kept = {*json.loads(one.fields), *json.loads(one.attributes)}
            said = {name for name, value in record.items() if value not in (None, "", [], {}, 0)}
            assert said - kept <= {"additional_fields"}


@given(STREAMS, JSON)
def test_any_document_is_read_or_refused(stream: str, document: object) -> None:
    try:
        list(QONTAK.parse(stream, io.BytesIO(json.dumps(document).encode()), {}, {}))
    except UnreadableDocument:
        return
    assert isinstance(document, dict)
    assert "response" in document


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - the zone follows
    st.integers(-14 * 60, 14 * 60),
)
def test_every_way_of_writing_a_moment_is_the_same_moment(naive: datetime, minutes: int) -> None:
    there = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moment(there.isoformat()) == there
    assert moment(f" {there.isoformat(' ')} ") == there


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20
    )
)
def test_a_decimal_keeps_its_digits(value: Decimal) -> None:
    assert amount(f"{value:f}") == f"{value:f}"


@given(st.text() | JSON)
def test_what_is_read_as_a_number_is_that_number(value: object) -> None:
    text, read_number = amount(value), number(value)
    if read_number is not None:
        assert text is not None
        assert Decimal(repr(read_number)) == Decimal(text)
