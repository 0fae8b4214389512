"""What is read over HTTP is what `/truth` tells: the leads, their days, and whose they are."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import phonenumbers
import pytest

from lead_pipeline.sandbox import Sandbox, Truth
from lead_pipeline.sandbox.settings import ACCOUNTS
from lead_pipeline_tests.sandbox.reader import NOW, Reader, rows, sales_leads, text, texts

FIRST, LAST = date(2026, 11, 14), date(2026, 11, 20)
PLACEHOLDERS = {"9999999999", "0000000000", "test@test.com"}


@dataclass(frozen=True)
class Read:
    """A lead as a reader sees it; ties are its normalised first phone and first e-mail."""

    account: str
    created: datetime
    key: str
    ties: frozenset[str]


def ties(phones: list[str], emails: list[str], region: str) -> frozenset[str]:
    found: set[str] = set()
    for phone in phones[:1]:
        if phone and phone not in PLACEHOLDERS:
            parsed = phonenumbers.parse(phone, region)
            assert phonenumbers.is_valid_number(parsed), phone
            found.add(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    for email in emails[:1]:
        plain = email.strip().lower().removeprefix("mailto:")
        if plain not in {"", "null"} | PLACEHOLDERS:
            found.add(plain)
    return frozenset(found)


def housing_leads(reader: Reader, account: str) -> Iterator[Read]:
    kind = "broker" if account == "housing_broker" else "builder"
    for passed in range(7):
        start = datetime(2026, 11, 14 + passed, tzinfo=UTC)
        end = start + timedelta(days=1, seconds=-1)
        for row in rows(reader.housing(start, end, kind, per_page="1000")):
            given = {name: str(value or "") for name, value in row.items()}
            digits = "".join(sign for sign in given["lead_phone"] if "0" <= sign <= "9")
            key = (
                given["project_id"],
                given.get("flat_id", ""),
                given.get("pg_name", ""),
                given["lead_date"],
                digits[-10:] or given["lead_email"].strip().lower(),
                given["lead_name"].strip().casefold(),
            )
            yield Read(
                account,
                datetime.fromtimestamp(int(given["lead_date"]), UTC),
                "|".join(key),
                ties([given["lead_phone"]], [given["lead_email"]], "IN"),
            )


def aimbase_leads(reader: Reader) -> Iterator[Read]:
    for day in range(13, 21):
        for lead in sales_leads(reader.aimbase(f"?Date=11/{day}/2026")):
            created = datetime.fromisoformat(text(lead, "DocumentDateTime"))
            if created.astimezone(UTC).date() >= FIRST:
                yield Read(
                    "aimbase",
                    created.astimezone(UTC),
                    text(lead, "DocumentId"),
                    ties(texts(lead, "Telephone"), texts(lead, "EmailAddress"), "US"),
                )


@pytest.fixture(scope="module")
def read(reader: Reader) -> list[Read]:
    return [
        *housing_leads(reader, "housing"),
        *housing_leads(reader, "housing_broker"),
        *aimbase_leads(reader),
    ]


@pytest.fixture(scope="module")
def truth(reader: Reader) -> Truth:
    found: Truth = reader.get("/truth", **{"from": str(FIRST), "to": str(LAST)}).json()
    return found


def test_the_counts_per_account_and_day(read: list[Read], truth: Truth) -> None:
    counted = Counter((lead.account, lead.created.date().isoformat()) for lead in read)
    told = {
        (account, day): count
        for account, days in truth["accounts"].items()
        for day, count in days.items()
    }
    assert told == dict(counted)
    assert len(told) == 7 * len(ACCOUNTS)


def test_each_lead_once_with_its_key_and_moment(read: list[Read], truth: Truth) -> None:
    seen = [(lead.account, lead.key, lead.created) for lead in read]
    told = [
        (lead["account"], lead["key"], datetime.fromisoformat(lead["created_at"]))
        for lead in truth["leads"]
    ]
    assert len(told) == len(set(told))
    assert sorted(told) == sorted(seen)


def people_by_ties(leads: list[Read]) -> set[frozenset[tuple[str, str]]]:
    """Connected sets of leads, as (account, key)."""
    groups: dict[str, int] = {}
    members: dict[int, set[Read]] = {}
    for number, lead in enumerate(leads):
        members[number] = {lead}
        for joined in {groups[tie] for tie in lead.ties if tie in groups}:
            members[number] |= members.pop(joined)
        for tie in {tie for member in members[number] for tie in member.ties}:
            groups[tie] = number
    return {frozenset((lead.account, lead.key) for lead in group) for group in members.values()}


def people_told(truth: Truth, known: set[tuple[str, str]]) -> set[frozenset[tuple[str, str]]]:
    leads: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for lead in truth["leads"]:
        if (lead["account"], lead["key"]) in known:
            leads[lead["person"]].add((lead["account"], lead["key"]))
    return {frozenset(group) for group in leads.values()}


def selections(read: list[Read]) -> dict[str, list[Read]]:
    noon = datetime(2026, 11, 17, 12, tzinfo=UTC)
    return {
        "everything": read,
        "one account": [lead for lead in read if lead.account == "housing"],
        "from an hour on": [lead for lead in read if lead.created >= noon],
        "up to any moment": [
            lead for lead in read if lead.created <= noon + timedelta(minutes=17, seconds=3)
        ],
        "a night": [lead for lead in read if lead.created.hour < 4],
    }


@pytest.mark.parametrize(
    "name", ["everything", "one account", "from an hour on", "up to any moment", "a night"]
)
def test_ties_connect_each_person_and_nobody_else(
    read: list[Read], truth: Truth, name: str
) -> None:
    selected = selections(read)[name]
    known = {(lead.account, lead.key) for lead in selected}
    assert people_by_ties(selected) == people_told(truth, known)


def test_people_enquire_again_and_elsewhere(truth: Truth) -> None:
    accounts: dict[str, list[str]] = defaultdict(list)
    for lead in truth["leads"]:
        accounts[lead["person"]].append(lead["account"])
    assert sum(1 for found in accounts.values() if len(found) > 1) > len(accounts) / 4
    assert sum(1 for found in accounts.values() if {"housing", "aimbase"} <= set(found)) > 10
    assert max(len(found) for found in accounts.values()) < 100


def test_some_people_are_connected_only_through_a_third_lead(
    read: list[Read], truth: Truth
) -> None:
    by_key = {(lead.account, lead.key): lead for lead in read}
    groups = people_told(truth, set(by_key))
    apart = [
        group
        for group in groups
        if any(not by_key[a].ties & by_key[b].ties for a in group for b in group)
    ]
    assert apart


def test_truth_over_http_and_in_process_agree(shared_sandbox: Sandbox, truth: Truth) -> None:
    assert shared_sandbox.truth(FIRST, LAST) == truth


def test_truth_stops_at_the_present(truth: Truth) -> None:
    assert max(lead["created_at"] for lead in truth["leads"]) <= NOW.isoformat()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": "2026-11-14"},
        {"from": "2026-11-15", "to": "2026-11-14"},
        {"from": "14.11.2026", "to": "2026-11-14"},
        {"from": "1969-12-31", "to": "1970-01-01"},
        {"from": "2026-01-01", "to": "9999-12-31"},
    ],
)
def test_what_truth_cannot_be_asked(reader: Reader, query: dict[str, str]) -> None:
    assert reader.get("/truth", **query).status_code == 400
