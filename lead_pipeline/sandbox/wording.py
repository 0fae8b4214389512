"""How people write their name, phone and e-mail when they enquire.

What ties a person's enquiries (`people.Tie`) is in every one of them, whatever the spelling.
"""

from dataclasses import dataclass

from lead_pipeline.sandbox.dice import Dice
from lead_pipeline.sandbox.people import Home, Person, Tie

PLACEHOLDER_PHONES = ("9999999999", "0000000000")
PLACEHOLDER_EMAIL = "test@test.com"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody, as written, in the order given."""

    phones: tuple[str, ...]
    emails: tuple[str, ...]


def contact(person: Person, step: int, dice: Dice, *, abroad: bool) -> Contact:
    """What a person gives in one enquiry; `abroad`: where another country code is assumed."""
    phones, emails = _given(person, step, dice)
    return Contact(
        tuple(_phone(phone, person.home, abroad, dice) for phone in phones),
        tuple(_email(email, dice) for email in emails),
    )


def _given(person: Person, step: int, dice: Dice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    (phone, other_phone), (email, other_email) = person.phones, person.emails
    if person.tie is Tie.PHONE:
        phones: tuple[str, ...] = (phone, other_phone) if dice.chance(15) else (phone,)
        emails: tuple[tuple[str, ...], ...] = ((email,), (email,), (email,), (), (other_email,))
        written = ((PLACEHOLDER_EMAIL,)) if dice.chance(5) else dice.pick(emails)
        return phones, written
    if person.tie is Tie.EMAIL:
        choices = ((phone,), (phone,), (other_phone,), (phone, other_phone), ())
        placeholder = dice.chance(6)
        phones = (dice.pick(PLACEHOLDER_PHONES),) if placeholder else dice.pick(choices)
        return phones, (email, other_email) if dice.chance(15) else (email,)
    steps: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
        ((phone,), (email,)),
        ((phone,), ()),
        ((other_phone,), (email,)),
        ((other_phone,), ()),
    )
    return steps[step]


def _phone(digits: str, home: Home, abroad: bool, dice: Dice) -> str:
    if digits in PLACEHOLDER_PHONES:
        return digits
    if home is Home.INDIA:
        return _indian_phone(digits, abroad, dice.below(10))
    return _american_phone(digits, abroad, dice.below(8))


def _indian_phone(digits: str, abroad: bool, style: int) -> str:
    halves = f"{digits[:5]} {digits[5:]}"
    with_code = (f"+91{digits}", f"+91 {halves}", f"+91-{digits}")
    if abroad:
        return with_code[style % 3]
    at_home = (
        digits,
        digits,
        digits,
        f"0{digits}",
        halves,
        f"{digits[:5]}-{digits[5:]}",
        f"0091 {digits}",
        *with_code,
    )
    return at_home[style]


def _american_phone(digits: str, abroad: bool, style: int) -> str:
    area, exchange, line = digits[:3], digits[3:6], digits[6:]
    with_code = (f"+1{digits}", f"+1 {area} {exchange} {line}", f"+1-{area}-{exchange}-{line}")
    if abroad:
        return with_code[style % 3]
    at_home = (
        f"({area}) {exchange}-{line}",
        f"({area}) {exchange}-{line}",
        f"{area}-{exchange}-{line}",
        f"{area}.{exchange}.{line}",
        digits,
        f"1-{area}-{exchange}-{line}",
        *with_code[:2],
    )
    return at_home[style]


def _email(email: str, dice: Dice) -> str:
    style = dice.below(12)
    if style == 0:
        return email.upper()
    if style == 1:
        return f" {email} "
    if style == 2:
        return f"mailto:{email}"
    return email.capitalize() if style == 3 else email


def full_name(person: Person, dice: Dice) -> str:
    """A person's name in one field."""
    given, family = person.given, person.family
    style = dice.below(16)
    if style > 5:
        return f"{given} {family}"
    return (
        f"{given} {family}".upper(),
        f"{given} {family}".lower(),
        given,
        f" {given}  {family} ",
        f"{given[0]} {family}",
        f"Mr {given} {family}",
    )[style]
