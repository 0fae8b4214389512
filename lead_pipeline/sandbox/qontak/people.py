"""Who a contact is: an Indonesian whom only the CRM knows, or somebody who enquires elsewhere too.

What ties a person's enquiries (`sandbox.people.Tie`) is in every contact of that person, and an
Indonesian's only phone is in each of theirs. Some people are entered twice.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from lead_pipeline.sandbox import wording
from lead_pipeline.sandbox.dice import Dice, scattered
from lead_pipeline.sandbox.people import Home, person
from lead_pipeline.sandbox.population import newcomer
from lead_pipeline.sandbox.qontak.stock import indonesia
from lead_pipeline.sandbox.settings import SandboxSettings

_PEOPLE = 11
_WRITING = 12
_BEGINNINGS = (812, 813, 821, 822, 852, 853, 857, 858, 877, 878, 896, 897)
_STRIDE = 2_654_435_761
_PHONES = len(_BEGINNINGS) * 10**8


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as the CRM knows them; `label` is the person of the generator."""

    label: str
    given: str
    family: str
    telephone: str | None
    email: str | None

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class _Who:
    home: Home | None
    number: int


class People:
    """The persons behind the contacts of one CRM."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._settings = settings

    def label(self, contact: int, created: date) -> str:
        """Which person a contact is, without a look at the person."""
        who = self._who(contact, created)
        if who.home is None:
            return f"id-{who.number}"
        return f"{'in' if who.home is Home.INDIA else 'us'}-{who.number}"

    def known(self, contact: int, created: date) -> Known:
        """Who a contact is; `created` is its UTC day."""
        who = self._who(contact, created)
        dice = Dice(scattered(self._settings.seed, _WRITING, contact))
        if who.home is None:
            return self._indonesian(who.number, dice)
        somebody = person(self._settings.seed, who.home, who.number)
        given = wording.contact(somebody, 0, dice, abroad=True)
        return Known(
            somebody.label,
            somebody.given,
            somebody.family,
            given.phones[0] if given.phones else None,
            given.emails[0] if given.emails else None,
        )

    def _who(self, contact: int, created: date) -> _Who:
        """Four in ten have lately enquired elsewhere; a few of the others are there already."""
        dice = Dice(scattered(self._settings.seed, _PEOPLE, contact))
        if dice.chance(40):
            home = Home.INDIA if dice.chance(60) else Home.UNITED_STATES
            day = created - timedelta(days=dice.below(5))
            return _Who(home, newcomer(self._settings, day, dice.below(1 << 32)))
        if contact and dice.chance(12):
            return _Who(None, contact - 1 - dice.below(min(contact, 8)))
        return _Who(None, contact)

    def _indonesian(self, number: int, writing: Dice) -> Known:
        stock = indonesia()
        dice = Dice(scattered(self._settings.seed, _PEOPLE, 1, number))
        given, family = dice.pick(stock.given_names), dice.pick(stock.family_names)
        letters = "".join(sign for sign in f"{given}.{family}".lower() if sign.isascii())
        address = f"{letters.replace(' ', '')}{number}d@{dice.pick(('example.com', 'example.net'))}"
        return Known(
            f"id-{number}",
            given,
            family,
            _phone((number * _STRIDE + self._settings.seed) % _PHONES, writing.below(5)),
            None if writing.chance(35) else address,
        )


def _phone(place: int, style: int) -> str:
    beginning, rest = _BEGINNINGS[place // 10**8], f"{place % 10**8:08d}"
    halves = f"{rest[:4]}-{rest[4:]}"
    return (
        f"+62{beginning}{rest}",
        f"0{beginning}{rest}",
        f"62{beginning}{rest}",
        f"0{beginning}-{halves}",
        f"+62 {beginning}-{halves}",
    )[style]
