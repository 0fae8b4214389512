"""Enquiries made by hand, pushed into the sandbox's CRM, and counted on its side."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from lead_pipeline import normalise
from lead_pipeline.landing.environment import claim_environment
from lead_pipeline.push import PushOutcome, PushSettings, push, push_settings
from lead_pipeline.records import ParsedLead, Subject
from lead_pipeline.sandbox import Sandbox
from lead_pipeline.sandbox.qontak.settings import QontakSettings
from lead_pipeline.vendors.http import HttpSettings
from lead_pipeline_tests.pipeline.scanning import Crm
from lead_pipeline_tests.warehouse.deliveries import Delivery, lead, load

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
LATER = timedelta(minutes=10)
CREATED = NOW - timedelta(hours=3)
FEW = QontakSettings(contacts=5, companies=2, deals=2, tasks=2)
BRIEF = HttpSettings(attempts=2)
BLOCK: dict[str, Any] = {
    "mode": True,
    "since": date(2026, 11, 14),
    "company": {},
    "deal": {"pipeline": "Penjualan Properti", "stage": "Prospek"},
    "task": {"due_minutes": 15},
    "give_up_after": 100,
}


def settings(**changes: Any) -> PushSettings:  # noqa: ANN401 - as YAML has them
    return push_settings(BLOCK | changes, Subject("qontak", "qontak"))


def enquiry(key: str, name: str, **fields: Any) -> ParsedLead:  # noqa: ANN401 - any field
    made: dict[str, Any] = {
        "created_at": CREATED,
        "interest_name": "Lake View",
        "source_lead_id": key,
    }
    return lead(key, full_name_raw=name, **made | fields)


def crowd(people: int) -> list[ParsedLead]:
    """So many people, every third with two enquiries."""
    return [
        enquiry(
            f"{number}-{nth}",
            f"Person{chr(97 + number)} Name{chr(97 + number)}",
            phone_raw=f"+6281100000{number:03}",
            email_raw=f"person{number}@example.com",
            record_index=number * 2 + nth,
        )
        for number in range(people)
        for nth in range(2 if number % 3 == 0 else 1)
    ]


@dataclass
class Pushing:
    """A sandbox, a data folder, and the moment that both are at."""

    sandbox: Sandbox
    path: Path
    now: datetime = NOW

    @property
    def crm(self) -> Crm:
        return Crm(self.path, self.sandbox.environment())

    def enquire(self, *leads: ParsedLead) -> None:
        """Let these enquiries arrive."""
        claim_environment(self.path, "loopback", accept=True)
        placed = tuple(one._replace(record_index=n) for n, one in enumerate(leads))
        with self.crm.folder(self.now).warehouse.open() as session:
            normalise.install(session)
            load(session, Delivery(placed, self.now))

    def push(self, **changes: Any) -> PushOutcome:  # noqa: ANN401 - settings
        return push(
            self.crm.folder(self.now), self.crm.account(self.now, BRIEF), settings(**changes)
        )

    def later(self, by: timedelta = LATER) -> None:
        self.now += by
        self.sandbox.set_clock(self.now)

    def scan(self) -> None:
        """Read the CRM whole, and decide who is who."""
        self.crm.scan(self.now)
        self.crm.load(self.now)
        self.crm.publish(self.now)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.crm.rows(sql)

    def states(self) -> Counter[tuple[str, str, str]]:
        """The rows of the outbox by kind, state and action."""
        return Counter(self.rows("SELECT kind, state, coalesce(action, '') FROM ops.pushes"))

    def created(self, stream: str) -> list[dict[str, Any]]:
        """What the CRM says a client created."""
        created = self.sandbox.crm_writes()["qontak"][stream]["created"]
        return [dict(one) for one in created if one["by"] == "client"]

    def posts(self) -> int:
        """How many POSTs the CRM got."""
        return sum(one["posts"] for one in self.sandbox.crm_writes()["qontak"].values())

    def leads_of_the_crm(self) -> set[str]:
        return {
            key for (key,) in self.rows("SELECT source_lead_id FROM leads WHERE source = 'qontak'")
        }


def each_once(pushing: Pushing, people: int, enquiries: int) -> None:
    """Everybody is there once, and so is every enquiry."""
    contacts, deals = pushing.created("contacts"), pushing.created("deals")
    assert len(contacts) == len({(one["phone"], one["email"]) for one in contacts}) == people
    assert len(deals) == len({one["name"] for one in deals}) == enquiries
    mine = {int(one["id"]) for one in contacts}
    assert {key for one in deals for key in one["sent"]["crm_lead_ids"]} <= mine
