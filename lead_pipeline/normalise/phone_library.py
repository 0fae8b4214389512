"""Phones by the phonenumbers library: the word on everything that the SQL leaves open."""

import re
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, ValidationResult

_INTERNATIONAL_ZEROS = re.compile(r"00(?=[1-9])")


class PhoneDecision(NamedTuple):
    """`phone` in E.164, None if impossible; valid, possible or impossible; the national digits."""

    phone: str | None
    judgement: str
    national: str


def decide_phone(text: str, region: str) -> PhoneDecision:
    """Judge one number as written; `region` (ISO alpha-2, or "" for none) is where it was written.

    A leading 00 is tried as the international prefix first, also where the region dials another:
    the library would read `0091812…` in Indonesia as 009 and then +1 812.
    """
    if _INTERNATIONAL_ZEROS.match(text):
        decision = _judge("+" + text[2:], region)
        if decision.judgement == "valid":
            return decision
    return _judge(text, region)


def _judge(text: str, region: str) -> PhoneDecision:
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return PhoneDecision(None, "impossible", re.sub(r"\D", "", text, flags=re.ASCII))
    national = phonenumbers.national_significant_number(number)
    status = _status(number)
    if status == "impossible":
        return PhoneDecision(None, status, national)
    return PhoneDecision(_e164(number), status, national)


def _status(number: PhoneNumber) -> str:
    """A number that can only be dialled from its own area is no number anywhere else."""
    if phonenumbers.is_valid_number(number):
        return "valid"
    reason = phonenumbers.is_possible_number_with_reason(number)
    return "possible" if reason == ValidationResult.IS_POSSIBLE else "impossible"


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
