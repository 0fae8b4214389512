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
from lead_pipeline.normalise.phone_plans import PLANS
from lead_pipeline.warehouse.session import Session
from lead_pipeline_tests.normalise.staging import normalised, stage

REGIONS = ("IN", "US", "CA", "ID", "AE", "GB", "SG", "AU", "SA", "QA", "PR", "JE", "DE", "IT", "BR")
DIALS_00 = (
    frozenset(region for region in REGIONS if _idd == "00")
    if (_idd := None)
    else frozenset({"IN", "AE", "GB", "SA", "QA", "DE", "IT"})
)
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
        for _ in range(6):
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
    if region in DIALS_00:
        yield f"00{code}{national}"


def is_judged_alike(text: str) -> bool:
    """Neither a placeholder nor several numbers nor a spreadsheet's: those have rules of ours."""
    digits = "".join(filter(str.isdigit, text))
    return len(set(digits.lstrip("0"))) > 3


def test_every_generated_writing_is_judged_as_the_library_does(session: Session) -> None:
    source = random.Random(20261114)
    written = sorted(
        {
            (text, region)
            for region in REGIONS
            for national in national_numbers(region, source)
            for text in writings(national, region)
            if is_judged_alike(text)
        }
    )
    assert len(written) > 20_000
    wrong = [
        (text, region, ours, theirs)
        for (text, region), ours in zip(written, our_outcomes(session, written), strict=True)
        if ours != (theirs := library_outcome(text, region))
    ]
    assert wrong == [], len(wrong)
