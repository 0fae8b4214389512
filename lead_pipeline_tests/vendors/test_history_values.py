"""What a row's values become: its key, numbers, consent."""

import pytest

from lead_pipeline.vendors.history.values import BadValueError, number_of
from lead_pipeline_tests.vendors.conftest import leads_of, unreadable_of
from lead_pipeline_tests.vendors.history_files import (
    HEADER,
    delimited,
    mapping_of,
    one,
    read,
    refused,
    row,
    workbook,
)

# Keys


def test_without_an_id_a_row_is_told_apart_by_when_who_and_what() -> None:
    def key(**changed: object) -> str:
        mapping = mapping_of()
        plain = mapping.model_copy(
            update={"columns": {k: v for k, v in mapping.columns.items() if k != "source_lead_id"}}
        )
        (lead,) = leads_of(read(delimited([row(1, **changed)]), plain))
        return lead.natural_key

    assert key() == '["row",1551434460000000,"9876500001","person 1","lake view"]'
    assert key() == key(Id="other") == key(Mobile="+91 98765 00001") == key(Name="PERSON 1")
    assert key() == key(Email="x@example.org")
    assert (
        len({key(), key(Mobile="9"), key(Name="J"), key(Project="P"), key(Date="2020-01-01")}) == 5
    )
    assert key(Mobile="") == key(Mobile="", Email="PERSON1@example.org")


def test_a_row_of_nobody_is_refused() -> None:
    columns = {"created_at": {"column": "Date", "format": "iso", "zone": "UTC"}, "phone": "Mobile"}
    mapping = mapping_of().model_validate({"columns": columns})
    (item,) = unreadable_of(read(delimited([row(1, Mobile="")]), mapping))
    assert "no phone, no e-mail and no name" in item.reason
    assert "is empty" in refused(delimited([row(1, Id="")]))[1]


# Numbers, consent


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1234.50", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("1,234,567.5", ".", "1234567.5"),
        ("12,34,567", ".", "1234567"),
        ("1 234,5", ",", "1234.5"),
        ("-7", ".", "-7"),
    ],
)
def test_numbers_have_the_decimal_sign_that_is_named(text: str, decimal: str, number: str) -> None:
    assert number_of(text, decimal) == number


@pytest.mark.parametrize("text", ["12,50", "1,2,3", "1e5", "١٢", "1.2.3", "", "nan", "1,23,45"])
def test_what_is_no_such_number_is_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        number_of(text, ".")


def test_a_number_of_a_workbook_needs_no_sign() -> None:
    rules = [{"column": "Budget", "number": "true"}]
    content = workbook([[*row(1), 1.234]], (*HEADER, "Budget"))
    assert one(content, attributes=rules, decimal=",").attributes == '{"Budget":"1.234"}'


def test_consent_is_said_in_words_that_are_named() -> None:
    rule = {"column": "Project", "true": ["yes", "Y"], "false": ["no"]}
    mapping = {"columns": {"marketing_consent": rule}}
    answers = [
        one(delimited([row(1, Project=word)]), **mapping).marketing_consent
        for word in ("YES", "no", "")
    ]
    assert answers == [True, False, None]
    assert "none of the words" in refused(delimited([row(1, Project="perhaps")]), **mapping)[1]
