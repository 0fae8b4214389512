"""The people who enquire: a number is a person, and the same number is always the same person.

Two people never share a phone or an e-mail address. What ties a person's enquiries together is said
by the person's `Tie`, which `wording` obeys.
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from lead_pipeline.sandbox.dice import Dice, scattered
from lead_pipeline.sandbox.stock import (
    Address,
    devanagari_names,
    india,
    united_states,
)


class Home(Enum):
    """Where a person's names, address and phones are from; the value is the country code."""

    INDIA = "+91"
    UNITED_STATES = "+1"


class Tie(Enum):
    """What every enquiry of a person shows.

    PHONE: always the first phone, whatever the e-mail. EMAIL: always the first e-mail, while the
    phone changes. CHAIN: neither always, but the first of each burst of enquiries shows both.
    """

    PHONE = "phone"
    EMAIL = "email"
    CHAIN = "chain"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody; phones are ten national digits, preferred one first."""

    label: str
    home: Home
    tie: Tie
    given: str
    family: str
    phones: tuple[str, str]
    emails: tuple[str, str]
    address: Address


# Every number under these beginnings is a valid mobile number; 9876… is left out because it reads
# like a made-up one.
_INDIAN_BEGINNINGS = tuple(
    str(100 * pair + rest)
    for pair in (90, 91, 93, 94, 95, 96, 97, 98)
    for rest in range(100)
    if 100 * pair + rest != 9876
)
_AREAS = (
    *(202, 205, 206, 207, 210, 212, 214, 215, 216, 231, 239, 248, 251, 253, 269, 281, 305, 312),
    *(313, 314, 321, 352, 360, 386, 401, 402, 404, 407, 410, 414, 415, 503, 504, 512, 561, 602),
    *(612, 616, 617, 619, 702, 704, 713, 720, 727, 757, 772, 773, 804, 813, 843, 850, 904, 912),
    *(919, 920, 941, 954, 972),
)
_EXCHANGES = tuple(code for code in range(200, 1000) if code % 100 != 11 and code != 555)
_AMERICAN_BEGINNINGS = tuple(f"{area}{exchange}" for area in _AREAS for exchange in _EXCHANGES)

# A prime that divides neither count of numbers, so that stepping by it meets each number once.
_STRIDE = 2_654_435_761
_TIES = (*[Tie.PHONE] * 11, *[Tie.EMAIL] * 6, *[Tie.CHAIN] * 3)
_MAIL_HOSTS = ("example.com", "example.org", "example.net", "mail.example.com")


@lru_cache(maxsize=100_000)
def person(seed: int, home: Home, number: int) -> Person:
    """The person with this number (0 or more) in this country."""
    indian = home is Home.INDIA
    dice = Dice(scattered(seed, len(home.value), number))
    tie = dice.pick(_TIES)
    country = india() if indian else united_states()
    given, family = dice.pick(country.given_names), dice.pick(country.family_names)
    written = _plain(f"{given}.{family}")
    if indian and dice.chance(4):
        given, family = (dice.pick(names) for names in devanagari_names())
        written = "lead"
    return Person(
        label=f"{'in' if indian else 'us'}-{number}",
        home=home,
        tie=tie,
        given=given,
        family=family,
        phones=(_phone(seed, home, 2 * number), _phone(seed, home, 2 * number + 1)),
        emails=_emails(written, home, number, dice),
        address=dice.pick(country.addresses),
    )


def _phone(seed: int, home: Home, index: int) -> str:
    beginnings = _INDIAN_BEGINNINGS if home is Home.INDIA else _AMERICAN_BEGINNINGS
    tail = 6 if home is Home.INDIA else 4
    count = len(beginnings) * 10**tail
    place = (index * _STRIDE + seed * 7_919) % count
    return f"{beginnings[place // 10**tail]}{place % 10**tail:0{tail}d}"


def _emails(written: str, home: Home, number: int, dice: Dice) -> tuple[str, str]:
    """Two addresses that the number makes unlike everybody else's."""
    mark = f"{number}{'i' if home is Home.INDIA else 'u'}"
    return (
        f"{written}{mark}@{dice.pick(_MAIL_HOSTS)}",
        f"{written.replace('.', '_')}{mark}@work.example.org",
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter in _LETTERS)


_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz.")
