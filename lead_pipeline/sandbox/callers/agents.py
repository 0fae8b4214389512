"""Whom an agent looks up, and with which words: people who enquire at Housing and Aimbase."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from lead_pipeline.sandbox import wording
from lead_pipeline.sandbox.dice import Dice, scattered
from lead_pipeline.sandbox.people import Home
from lead_pipeline.sandbox.population import Enquiry, Population
from lead_pipeline.sandbox.settings import AIMBASE, HOUSING, SandboxSettings

_STREAM = 92
_DAYS = timedelta(days=7)


def wanted(settings: SandboxSettings, until: datetime, count: int) -> Iterator[str]:
    """So many searches for people who enquired in the week before an aware moment."""
    population = Population(settings)
    enquiries = [
        enquiry
        for account in (HOUSING, AIMBASE)
        for enquiry in population.oldest_first(account, until - _DAYS, until)
    ]
    for number in range(count):
        dice = Dice(scattered(settings.seed, _STREAM, number))
        yield _typed(population, dice.pick(enquiries), dice)


def _typed(population: Population, enquiry: Enquiry, dice: Dice) -> str:
    """A name or its beginning, a phone or an e-mail, as an agent may type it."""
    person = population.person(enquiry)
    given = wording.contact(
        person, enquiry.step, Dice(enquiry.bits), abroad=person.home is not Home.INDIA
    )
    names = (
        person.given,
        person.given[:3].upper(),
        f"{person.given} {person.family}",
        f"{person.family.lower()} {person.given[:1]}",
    )
    return dice.pick((*names, *given.phones[:1], *given.emails[:1]))
