"""Which contact, company, deal and task belong together.

An object belongs to the newest one of the other stream that was there at least a step of that
stream before it, if that one is still there then. Links are as they were when the object was last
changed, and may point at what has vanished since.
"""

from lead_pipeline.sandbox.dice import Dice, scattered
from lead_pipeline.sandbox.qontak.lives import Lives
from lead_pipeline.sandbox.qontak.people import Known, People
from lead_pipeline.sandbox.qontak.stock import indonesia
from lead_pipeline.sandbox.qontak.written import day
from lead_pipeline.sandbox.settings import SandboxSettings

_DAY = 86_400_000
_COMPANY = 21
_AT_WORK = 22
_DEAL = 23
_LEGAL_FORMS = ("Sejahtera", "Abadi", "Makmur", "Jaya", "Mandiri", "Sentosa")
_UNITS = ("Unit", "Kavling", "Ruko", "Apartemen", "Rumah")

FIRST_CONTACT = 10_000_000
FIRST_COMPANY = 3_000_000
FIRST_DEAL = 60_000_000


class Links:
    """The streams of one CRM, and what connects them."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.seed = settings.seed
        self._people = People(settings)
        crm = settings.qontak
        life = crm.life_days * _DAY
        self.contacts = Lives(settings.seed, 1, crm.contacts, life)
        self.companies = Lives(settings.seed, 2, crm.companies, life)
        self.deals = Lives(settings.seed, 3, crm.deals, life)
        self.tasks = Lives(settings.seed, 4, crm.tasks, life)

    def dice(self, *numbers: int) -> Dice:
        """Chance that these numbers decide."""
        return Dice(scattered(self.seed, *numbers))

    def known(self, contact: int) -> Known:
        """Who a contact is."""
        return self._people.known(contact, day(self.contacts.created(contact)))

    def label(self, contact: int) -> str:
        """Which person a contact is."""
        return self._people.label(contact, day(self.contacts.created(contact)))

    def company_name(self, company: int) -> str:
        """A company never changes its name."""
        dice = self.dice(_COMPANY, company)
        return f"{dice.pick(indonesia().companies)} {dice.pick(_LEGAL_FORMS)}"

    def deal_name(self, deal: int) -> str:
        """Nor does a deal."""
        dice = self.dice(_DEAL, deal)
        return f"{dice.pick(_UNITS)} {dice.pick(indonesia().places).city} {deal % 1000}"

    def company_of(self, contact: int) -> int | None:
        """Where a contact works; four in ten say it."""
        if not self._works(contact):
            return None
        return _before(self.companies, self.contacts.created(contact))

    def contact_of(self, deal: int) -> int | None:
        """Whose deal it is."""
        return _before(self.contacts, self.deals.created(deal))

    def deal_of(self, task: int) -> int | None:
        """What a task is about."""
        return _before(self.deals, self.tasks.created(task))

    def deals_of(self, contact: int, at: int) -> list[int]:
        """The deals of a contact that are there at a moment."""
        made = _after(self.contacts, contact, self.deals)
        return [
            deal
            for deal in made
            if self.deals.is_alive(deal, at) and self.contact_of(deal) == contact
        ]

    def contacts_of(self, company: int, at: int) -> list[int]:
        """Who works at a company, of those who are there at a moment."""
        made = _after(self.companies, company, self.contacts)
        return [
            contact
            for contact in made
            if self.contacts.is_alive(contact, at) and self.company_of(contact) == company
        ]

    def _works(self, contact: int) -> bool:
        return self.dice(_AT_WORK, contact).chance(40)


def _before(lives: Lives, moment: int) -> int | None:
    number = moment // lives.step - 1
    return number if lives.is_alive(number, moment) else None


def _after(lives: Lives, number: int, others: Lives) -> range:
    """Those of another stream that may belong to a number, by the rule of `_before`."""
    first = (number + 1) * lives.step
    return others.created_within(first, first + lives.step)
