"""Who is to be pushed, read from the warehouse in one go: the push itself holds no lock on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib import resources
from typing import Any, NamedTuple

import pandas as pd

from lead_pipeline.outbox import Kind, Row, State, read_rows
from lead_pipeline.push.recognise import may_be_one, plain
from lead_pipeline.warehouse import Session

PERSON = ("full_name", "email", "phone", "company", "city", "country", "first_source")
ENQUIRY = (
    *("source", "account", "source_lead_id", "interest_kind", "interest_id", "interest_name"),
    *("interest_locality", "request_type", "status", "channel", "comments"),
    *("address_line1", "address_line2", "city", "region", "postal_code", "country"),
)
NAMES = ("first_name", "last_name")
OPEN = f"('{State.WAITING}', '{State.SENT}', '{State.REFUSED}', '{State.HELD}')"
"""States in which a row is looked at again, however long ago its enquiry was."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)
REFUSED_CONTACT = "did not agree to be contacted, by the newest enquiry that says"


ANOTHERS = "SELECT contact_id, person_id FROM known_contacts WHERE is_anothers"


class Enquiry(NamedTuple):
    """An enquiry that is to have a deal; `known` is what its columns say."""

    lead_id: str
    created_at: datetime
    known: dict[str, Any]


class Person(NamedTuple):
    """Somebody with such enquiries (newest first), and all that they ever gave.

    `contacts` are the ids of contacts of the CRM that are this person by the last scan, best first.
    """

    person_id: str
    known: dict[str, Any]
    enquiries: tuple[Enquiry, ...]
    lead_ids: tuple[str, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    may_be_contacted: bool
    contacts: tuple[str, ...]


class Chosen(NamedTuple):
    """Who is to be pushed, newest enquiry first; what the outbox has; what the CRM had.

    `owners` says whose each contact of the outbox is now, by push id; `companies` the id of
    the oldest company of a name, made plain; `gone` which contacts are not in the CRM any more;
    `anothers` whose a scanned contact is who enquired elsewhere, too.
    """

    people: tuple[Person, ...]
    rows: tuple[Row, ...]
    owners: dict[str, str]
    companies: dict[str, str]
    gone: frozenset[str]
    anothers: dict[str, str]


def choose(session: Session, source: str, account: str, since: datetime) -> Chosen:
    """Everybody with an enquiry since then that is not of the CRM itself, or with an open row."""
    about, mine = {"account": account}, f"account = '{account}'"
    left = read_rows(session, f"{mine} AND state IN {OPEN}")
    deals = [row.lead_id for row in left if row.lead_id]
    contacts = [lead for row in left if row.state != State.HELD for lead in row.lead_ids]
    with (
        session.offered("open_leads", _frame("lead_id", deals)),
        session.offered("open_contacts", _frame("lead_id", contacts)),
    ):
        session.run(_sql("chosen"), {"source": source, "since": since})
    session.run(_sql("reaches"))
    session.run(_sql("known_contacts"), {"source": source, "account": account})
    people = _people(session)
    with session.offered("chosen_enquiries", _frame("lead_id", _enquiries_of(people))):
        rows = read_rows(
            session,
            f"{mine} AND (kind IN ('{Kind.CONTACT}', '{Kind.COMPANY}') OR state <> '{State.DONE}' "
            "OR lead_id IN (SELECT lead_id FROM chosen_enquiries))",
        )
    return Chosen(
        people=tuple(sorted(people, key=_newest, reverse=True)),
        rows=tuple(rows),
        owners=owners_of(session, rows),
        companies={plain(name): key for name, key in session.rows(_sql("companies"), about)},
        gone=frozenset(key for (key,) in session.rows(_sql("gone"), about)),
        anothers=dict(session.rows(ANOTHERS)),
    )


def owners_of(session: Session, rows: Iterable[Row]) -> dict[str, str]:
    """Whose a contact is now: who has most of its enquiries, and of equals who it was made for."""
    contacts = [row for row in rows if row.kind == Kind.CONTACT]
    leads = sorted({lead for row in contacts for lead in row.lead_ids})
    with session.offered("own", _frame("lead_id", leads)):
        found = session.rows(
            "SELECT lead_id, person_id FROM core.assignments "
            "WHERE lead_id IN (SELECT lead_id FROM own)"
        )
    persons = dict(found)
    owners = {}
    for row in contacts:
        having = [persons[lead] for lead in row.lead_ids if lead in persons]
        if having:
            owners[row.push_id] = min(
                set(having), key=lambda one: (-having.count(one), one != row.person_id, one)
            )
    return owners


def _people(session: Session) -> list[Person]:
    """From the temporary tables that chosen.sql makes."""
    enquiries: dict[str, list[Enquiry]] = defaultdict(list)
    columns = ", ".join(ENQUIRY)
    for person, lead, moment, *values in session.rows(
        f"SELECT person_id, lead_id, created_at, {columns} FROM chosen_leads WHERE is_new "
        "ORDER BY created_at DESC, lead_id"
    ):
        known = dict(zip(ENQUIRY, values, strict=True)) | {"enquired_at": moment.isoformat()}
        enquiries[person].append(Enquiry(lead, moment, known))
    given = defaultdict(list)
    for person, *values in session.rows(
        "SELECT person_id, lead_id, phone, phone_2, email, marketing_consent, given_name, "
        "family_name FROM chosen_leads ORDER BY created_at, lead_id"
    ):
        given[person].append(values)
    contacts = _contacts(session)
    return [
        _person(person, values, enquiries[person], given[person], contacts[person])
        for person, *values in session.rows(
            f"SELECT person_id, {', '.join(PERSON)} FROM people "
            "WHERE person_id IN (SELECT person_id FROM chosen_leads)"
        )
    ]


def _person(
    person_id: str,
    values: Sequence[Any],
    enquiries: list[Enquiry],
    given: list[list[Any]],
    contacts: list[tuple[str, int, str | None]],
) -> Person:
    known = dict(zip(PERSON, values, strict=True))
    first, last = _names(known["full_name"], given)
    consents = [row[4] for row in given if row[4] is not None]
    return Person(
        person_id=person_id,
        known=known | {"first_name": first, "last_name": last, "source": known["first_source"]},
        enquiries=tuple(enquiries),
        lead_ids=tuple(row[0] for row in given),
        phones=_distinct(phone for row in given for phone in row[1:3]),
        emails=_distinct(row[3] for row in given),
        may_be_contacted=not consents or bool(consents[-1]),
        contacts=tuple(
            contact
            for contact, how, name in contacts
            if how < 2 or may_be_one(name, known["full_name"])
        ),
    )


def _names(full_name: str | None, given: list[list[Any]]) -> tuple[str | None, str | None]:
    """Given and family name: as an enquiry that makes up the full name says, else its last word."""
    for *_, first, last in reversed(given):
        if first and last and f"{first} {last}" == full_name:
            return first, last
    words = (full_name or "").split()
    if len(words) < 2:
        return full_name, None
    return " ".join(words[:-1]), words[-1]


def _contacts(session: Session) -> defaultdict[str, list[tuple[str, int, str | None]]]:
    """Id, how it was recognised, and name of the contacts of each person, best first."""
    found: defaultdict[str, list[tuple[str, int, str | None]]] = defaultdict(list)
    for person, contact, how, name in session.rows(_sql("contacts")):
        found[person].append((contact, how, name))
    return found


def _newest(person: Person) -> tuple[datetime, str]:
    newest = person.enquiries[0].created_at if person.enquiries else LONG_AGO
    return newest, person.person_id


def _enquiries_of(people: Iterable[Person]) -> list[str]:
    return [enquiry.lead_id for person in people for enquiry in person.enquiries]


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _frame(name: str, values: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame({name: list(values)}, dtype="string")


def _sql(name: str) -> str:
    return (resources.files("lead_pipeline.push") / f"{name}.sql").read_text()
