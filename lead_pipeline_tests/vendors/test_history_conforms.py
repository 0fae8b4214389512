"""What the one suite asks of reading holds of files of leads too."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from lead_pipeline.vendors.contract import Stream, StreamKind, Vendor
from lead_pipeline.vendors.history.parse import parse, reading_of
from lead_pipeline_tests.vendors.cases import HOUSING_CASE, Case, Fields, person
from lead_pipeline_tests.vendors.history_files import HEADER, delimited, mapping_of, workbook
from lead_pipeline_tests.vendors.test_every_vendor import (
    test_a_malformed_record_stands_alone,
    test_an_unknown_field_is_kept_and_reported_once,
    test_every_lead_is_read_in_order,
    test_hostile_text_is_kept_byte_for_byte,
    test_items_are_of_the_contract,
    test_no_leads_is_an_empty_result,
    test_reading_again_reads_the_same,
    test_the_key_does_not_depend_on_other_fields,
    test_two_enquiries_have_two_keys,
    test_what_is_no_list_of_leads_is_never_empty,
)

__all__ = [
    "test_a_malformed_record_stands_alone",
    "test_an_unknown_field_is_kept_and_reported_once",
    "test_every_lead_is_read_in_order",
    "test_hostile_text_is_kept_byte_for_byte",
    "test_items_are_of_the_contract",
    "test_no_leads_is_an_empty_result",
    "test_reading_again_reads_the_same",
    "test_the_key_does_not_depend_on_other_fields",
    "test_two_enquiries_have_two_keys",
    "test_what_is_no_list_of_leads_is_never_empty",
]

WRITERS = {"csv": delimited, "xlsx": workbook}


def _cells(fields: Fields) -> list[Any]:
    moment = datetime.fromtimestamp(int(fields["created"]), UTC).replace(tzinfo=None)
    return [
        *(fields["id"], moment, fields["name"], fields["phone"], fields["email"]),
        fields["interest"],
    ]


def _case(kind: str) -> Case:
    write = WRITERS[kind]
    reading = reading_of(mapping_of(), kind)
    second = [*_cells(person(1))[:1], "yesterday", *_cells(person(1))[2:]]
    return Case(
        vendor=Vendor(
            "history",
            (Stream("history", StreamKind.PUSHED, ("lead",)),),
            lambda stream, body, _, beside: parse(stream, body, reading, beside),
        ),
        content_type="",
        client=HOUSING_CASE.client,
        document=lambda records: write([_cells(fields) for fields in records]),
        with_unknown_field=lambda fields, name, value: write(
            [[*_cells(fields), value]], (*HEADER, name)
        ),
        without_date=write([_cells(person(0)), second, _cells(person(2))]),
        refusals_with_200=(
            *(b"", b"\n", b"\xff\xfea", b"<html>no such report</html>", b"Id,Date\n1,2019-01-01\n"),
            *(b"\x80\x81", b"PK\x03\x04 but no archive"),
        ),
        unreadable_in_fetch=True,
        signed_part=partial(str.strip),
        stream="history",
    )


@pytest.fixture(params=WRITERS)
def case(request: pytest.FixtureRequest) -> Case:
    return _case(request.param)
