"""What is true of the imitated world: how many leads, and which of them are one person's.

`person` is the person of the generator who made the enquiry. Call two leads tied if the first phone
given in both, or the first e-mail given in both, is the same once normalised and no placeholder
(`wording`). Then no two people's leads are tied, and the leads of one person are connected by ties
in any selection of leads that holds, of each account and clock hour, everything up to some moment
or nothing. People of the tie PHONE or EMAIL are tied directly, in any selection whatever. The same
holds of the CRM's contacts, which show as much as a burst's first enquiry does.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict

from lead_pipeline.sandbox import aimbase_xml, housing_rows
from lead_pipeline.sandbox.clock import SandboxClock
from lead_pipeline.sandbox.population import Enquiry, Population
from lead_pipeline.sandbox.qontak.store import Store
from lead_pipeline.sandbox.qontak.truth import TrueContact, true_contacts
from lead_pipeline.sandbox.settings import ACCOUNTS, AIMBASE


class TrueLead(TypedDict):
    """One lead: `created_at` in ISO 8601 UTC, `key` as `natural_key` or DocumentId."""

    account: str
    created_at: str
    person: str
    key: str


class Truth(TypedDict):
    """`accounts` counts leads by account and UTC day of creation; `crm` holds contacts."""

    accounts: dict[str, dict[str, int]]
    leads: list[TrueLead]
    crm: list[TrueContact]


def truth(
    population: Population, store: Store, clock: SandboxClock, first: date, last: date
) -> Truth:
    """All leads and contacts created on the UTC days from first to last, up to the present."""
    leads = [
        _true_lead(enquiry, population)
        for account in ACCOUNTS
        for enquiry in _enquiries(population, clock.now(), account, first, last)
    ]
    return {
        "accounts": counts(population, clock, first, last),
        "leads": leads,
        "crm": true_contacts(store, clock.now(), first, last),
    }


def counts(
    population: Population, clock: SandboxClock, first: date, last: date
) -> dict[str, dict[str, int]]:
    """Leads by account and UTC day of creation, up to the present."""
    days = [first + timedelta(days=passed) for passed in range((last - first).days + 1)]
    now = clock.now()
    return {
        account: {
            day.isoformat(): sum(1 for _ in _enquiries(population, now, account, day, day))
            for day in days
        }
        for account in ACCOUNTS
    }


def _enquiries(
    population: Population, now: datetime, account: str, first: date, last: date
) -> Iterator[Enquiry]:
    start = datetime.combine(first, time(), UTC)
    end = datetime.combine(last + timedelta(days=1), time(), UTC) - timedelta(milliseconds=1)
    return population.oldest_first(account, start, min(end, now))


def _true_lead(enquiry: Enquiry, population: Population) -> TrueLead:
    person = population.person(enquiry)
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=enquiry.created)
    if enquiry.account == AIMBASE:
        key = aimbase_xml.document_id(enquiry)
    else:
        key = housing_rows.natural_key(housing_rows.row(enquiry, person))
    return {
        "account": enquiry.account,
        "created_at": moment.isoformat(),
        "person": person.label,
        "key": key,
    }
