"""Every outcome equals the phonenumbers library's, but for cases that say why it is wrong."""

import random
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, ValidationResult

from lead_pipeline.normalise import leads as leads_module
from lead_pipeline.normalise.leads import decide_phones
from lead_pipeline.normalise.phone_plans import PLANS
from lead_pipeline.warehouse.session import Session
from lead_pipeline_tests.normalise.staging import normalised, stage

REGIONS = ("IN", "US", "CA", "ID", "AE", "GB", "SG", "AU", "SA", "QA", "PR", "JE", "DE", "IT", "BR")
DIGITS = "0123456789"


class Outcome(NamedTuple):
    status: str
    phone: str | None


def library_outcome(text: str, region: str) -> Outcome:
    """What the library says, by its public functions alone."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return Outcome("impossible", None)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if phonenumbers.is_valid_number(number):
        return Outcome("valid", e164)
    reason = phonenumbers.is_possible_number_with_reason(number)
    # A number for dialling inside its own area is called possible by the library. In E.164 it
    # would be another number, and the same one for people of different areas.
    if reason == ValidationResult.IS_POSSIBLE:
        return Outcome("possible", e164)
    return Outcome("impossible", None)


def our_outcomes(session: Session, written: list[tuple[str, str]]) -> list[Outcome]:
    leads = [{"phone_raw": text, "default_country": region} for text, region in written]
    return [Outcome(*row) for row in normalised(session, leads, ("phone_status", "phone"))]


def example_numbers(region: str) -> Iterator[str]:
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    for kind in ("mobile", "fixed_line", "toll_free", "premium_rate", "shared_cost", "voip", "uan"):
        description = getattr(metadata, kind)
        if description is not None and description.example_number:
            yield description.example_number


def national_numbers(region: str, source: random.Random) -> Iterator[str]:
    """Numbers near and far from what the region assigns."""
    for example in example_numbers(region):
        yield example
        for kept in range(1, len(example)):
            yield example[:kept] + "".join(source.choices(DIGITS, k=len(example) - kept))
        yield example + source.choice(DIGITS)
        yield example[:-1]
    for size in range(3, 16):
        for _ in range(3):
            yield "".join(source.choices(DIGITS, k=size))


def writings(national: str, region: str) -> Iterator[str]:
    code = phonenumbers.country_code_for_region(region)
    yield national
    yield "0" + national
    yield "1" + national
    yield f"{code}{national}"
    yield f"+{code}{national}"
    yield f"+{code}-{national}"
    yield f"+{code} 0{national}"
    yield f"+{code} (0) {national[:2]} {national[2:]}"
    yield f"(+{code}) {national}"
    yield f"({national[:3]}) {national[3:6]}-{national[6:]}"
    yield f"{national[:3]}.{national[3:6]}.{national[6:]}"
    yield f" {national[:5]} {national[5:]} "
    yield f"00{code}{national}"


def has_a_rule_of_ours(text: str, region: str) -> bool:
    """Placeholders; a leading 00 where the region dials another prefix (see the named cases)."""
    digits = "".join(filter(str.isdigit, text))
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    dials_otherwise = metadata.international_prefix != "00" and digits.startswith("00")
    return len(set(digits.lstrip("0"))) < 4 or dials_otherwise


def generated(seed: int, regions: tuple[str, ...] = REGIONS) -> list[tuple[str, str]]:
    source = random.Random(seed)
    return sorted(
        {
            (text, region)
            for region in regions
            for national in national_numbers(region, source)
            for text in writings(national, region)
            if not has_a_rule_of_ours(text, region)
        }
    )


def test_every_generated_writing_is_judged_as_the_library_does(session: Session) -> None:
    written = generated(20261114)
    assert len(written) > 15_000
    wrong = [
        (text, region, ours, theirs)
        for (text, region), ours in zip(written, our_outcomes(session, written), strict=True)
        if ours != (theirs := library_outcome(text, region))
    ]
    assert wrong == []


def test_the_plans_leave_little_to_the_library(session: Session) -> None:
    """Or the test above would compare the library with itself."""
    regions = ("IN", "US", "CA", "AE", "GB", "SG", "ID", "SA", "QA")
    written = generated(7, regions)
    stage(session, [{"phone_raw": text, "default_country": region} for text, region in written])
    assert decide_phones(session, "staged") < len(written) * 0.4
    assert set(PLANS) == {
        str(phonenumbers.country_code_for_region(region)) for region in (*regions, "AU")
    }


PHONE_CHARACTERS = (
    "0123456789" * 4 + "+-. ()xX#'/,;~*\n\u00a0abcRTf"
    "\u0966\u096f\u0663\u06f3\uff17\uff0b\u200e\u202a"
)


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(PHONE_CHARACTERS, max_size=24), min_size=80, max_size=160))
def test_the_plans_and_the_library_agree_on_any_text(
    session: Session, monkeypatch: pytest.MonkeyPatch, texts: list[str]
) -> None:
    leads = [
        {"phone_raw": text, "default_country": region} for text in texts for region in ("IN", "US")
    ]
    columns = ("phone_status", "phone", "phone_2")
    monkeypatch.setattr(leads_module, "LIBRARY_ALONE", len(leads))
    by_the_library = normalised(session, leads, columns)
    monkeypatch.setattr(leads_module, "LIBRARY_ALONE", 0)
    assert normalised(session, leads, columns) == by_the_library


class NamedCase(NamedTuple):
    text: str
    region: str
    library: Outcome
    ours: Outcome
    why_the_library_is_wrong: str


NAMED_CASES = (
    NamedCase(
        "0091 8123456789",
        "ID",
        Outcome("valid", "+18123456789"),
        Outcome("valid", "+918123456789"),
        "00 is how the world writes +; the library reads Indonesia's carrier code 009, then +1",
    ),
    NamedCase(
        "00919876501234",
        "US",
        Outcome("impossible", None),
        Outcome("valid", "+919876501234"),
        "00 is how the world writes +; the library knows only 011 in the United States",
    ),
    NamedCase(
        "9876501234.0",
        "IN",
        Outcome("possible", "+9198765012340"),
        Outcome("valid", "+919876501234"),
        "a spreadsheet's number; the library takes the zero for a digit of the phone",
    ),
    NamedCase(
        "9876501234, 9876501235",
        "IN",
        Outcome("impossible", None),
        Outcome("valid", "+919876501234"),
        "two numbers in one field; the library knows only some separators",
    ),
    NamedCase(
        "9876501234 / 9876501235",
        "IN",
        Outcome("impossible", None),
        Outcome("valid", "+919876501234"),
        "two numbers in one field; the library takes the slash for a separator of groups",
    ),
    NamedCase(
        "9876501234 9876501235",
        "IN",
        Outcome("impossible", None),
        Outcome("valid", "+919876501234"),
        "two whole numbers with a blank between them",
    ),
    NamedCase(
        "98765\u200e01234",
        "IN",
        Outcome("impossible", None),
        Outcome("valid", "+919876501234"),
        "an invisible direction mark from a copied number",
    ),
    NamedCase(
        "9999999999",
        "IN",
        Outcome("valid", "+919999999999"),
        Outcome("placeholder", None),
        "an assigned number that people type in order to give none",
    ),
)


def test_the_cases_in_which_the_library_is_wrong(session: Session) -> None:
    written = [(case.text, case.region) for case in NAMED_CASES]
    assert [library_outcome(*one) for one in written] == [case.library for case in NAMED_CASES]
    assert our_outcomes(session, written) == [case.ours for case in NAMED_CASES]


def test_a_number_for_inside_an_area_only_is_no_number(session: Session) -> None:
    assert phonenumbers.is_possible_number(phonenumbers.parse("555-0134", "US"))
    assert our_outcomes(session, [("555-0134", "US")]) == [Outcome("impossible", None)]
