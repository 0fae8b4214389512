"""Scans of one account of a CRM into one data folder, at moments that a test chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lead_pipeline.errors import RunIncomplete
from lead_pipeline.landing.scans import KeptScan
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.fetch import fetch_account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.pipeline.outcome import build_reports, judge, publish_snapshot, resolve_people
from lead_pipeline.pipeline.scan import ScanOutcome, scan_stream
from lead_pipeline.records import Receipt, Window
from lead_pipeline.sandbox.qontak.settings import QontakSettings
from lead_pipeline.settings import Settings
from lead_pipeline.vendors.contract import Stream, StreamKind
from lead_pipeline.vendors.http import HttpClient, HttpSettings
from lead_pipeline.vendors.qontak import QONTAK
from lead_pipeline.warehouse import open_snapshot
from lead_pipeline.warehouse.load import LedgerLine
from lead_pipeline_tests.pipeline.faulty_runs import CRM

SMALL = QontakSettings(contacts=40, companies=12, deals=24, tasks=20, life_days=10)
FIRST = datetime(2026, 11, 14, 18, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SCANNED: Mapping[str, Stream] = {
    stream.name: stream for stream in QONTAK.streams if stream.kind is StreamKind.SCANNED
}
KINDS = {"contacts": "contact", "companies": "company", "deals": "deal", "tasks": "task"}
PATIENT = HttpSettings(attempts=12)

LOST = (
    "SELECT receipt_id FROM ops.deliveries WHERE received <> "
    "new + changed + unchanged + stale + repeated + quarantined"
)
CONTENTS = (
    "SELECT kind, natural_key, created_at, updated_at, vanished_at, fields, additional_fields, "
    "attributes, content_hash FROM core.objects ORDER BY kind, natural_key",
    "SELECT kind, natural_key, updated_at, fields, additional_fields, attributes, content_hash "
    "FROM core.object_history ORDER BY ALL",
    "SELECT * EXCLUDE (person_id, first_seen_at, last_seen_at, requested_at, delivery_sha256, "
    "record_index) FROM core.leads ORDER BY lead_id",
)
"""What there is, whenever and in whatever order it was asked for and loaded."""
ALIVE = "SELECT natural_key FROM core.objects WHERE kind = ? AND vanished_at IS NULL"
GONE = "SELECT natural_key, vanished_at FROM core.objects WHERE kind = ? AND vanished_at NOT NULL"


@dataclass(frozen=True)
class Crm:
    """`variables` say where the account is and how it is signed; `name` is the account."""

    path: Path
    variables: Mapping[str, str]
    name: str = "qontak"

    def folder(self, now: datetime, **more: Any) -> DataFolder:  # noqa: ANN401 - settings
        """The data folder as a process sees it that runs at this moment."""
        return DataFolder(self.path, Settings(data_dir=self.path, now=now, **more))

    def account(self, now: datetime, http: HttpSettings = PATIENT) -> Account:
        """The account, whose requests are stamped with this moment and wait for nothing."""
        client = HttpClient(http, clock=lambda: now, sleep=lambda _: None)
        return Account(
            self.name, QONTAK, "loopback", CRM.client(self.name, self.variables, client)
        )

    def scan(
        self, now: datetime, *streams: str, run: str = "run", http: HttpSettings = PATIENT
    ) -> dict[str, ScanOutcome]:
        """Scan these streams (none named: all), and load nothing."""
        folder = self.folder(now)
        return {
            name: scan_stream(folder, self.account(now, http), SCANNED[name], run)
            for name in streams or SCANNED
        }

    def read_window(self, now: datetime, run: str = "run") -> list[Receipt]:
        """Ask for the contacts that were created in the 24 hours before."""
        window = Window(now - DAY, now)
        return fetch_account(self.folder(now), self.account(now), window, run)

    def load(self, now: datetime) -> list[LedgerLine]:
        """Load what has landed, and mark what is gone."""
        return load_account(self.folder(now), QONTAK, self.name)

    def publish(self, now: datetime) -> None:
        """What comes after the accounts."""
        folder = self.folder(now)
        resolve_people(folder)
        build_reports(folder, [self.account(now)])
        publish_snapshot(folder)

    def verdict(self, now: datetime) -> RunIncomplete | None:
        """What turns a run at this moment red; None: it is green."""
        try:
            judge(self.folder(now), [self.name])
        except RunIncomplete as verdict:
            return verdict
        return None

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Ask the loader's database."""
        with self.folder(FIRST).warehouse.open() as session:
            return session.rows(sql, parameters)

    def published(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask what analysts have."""
        with open_snapshot(self.path) as session:
            return session.rows(sql)

    def contents(self) -> list[list[tuple[Any, ...]]]:
        """All objects, their history and their leads."""
        with self.folder(FIRST).warehouse.open() as session:
            return [session.rows(sql) for sql in CONTENTS]

    def alive(self, kind: str = "contact") -> set[str]:
        """The ids of those that have not vanished."""
        return {key for (key,) in self.rows(ALIVE, (kind,))}

    def gone(self, kind: str = "contact") -> dict[str, datetime]:
        """The ids of those that have, and when."""
        return dict(self.rows(GONE, (kind,)))

    def kept(self, stream: str = "contacts") -> list[KeptScan]:
        """The scans on disk, oldest first."""
        return self.folder(FIRST).scans.scans("qontak", self.name, stream)

    def object_id(self, kind: str, key: str) -> str:
        """The id that the house gives an object."""
        text = "\x1f".join(("qontak", self.name, kind, "qontak/1", key))
        return sha256(text.encode()).hexdigest()[:32]


def pages_of(scan: KeptScan) -> list[int]:
    """Which pages of the list a scan holds, in order; an unreadable one is none."""
    return [
        int(parse_qs(urlsplit(str(page.receipt.url)).query)["page"][0])
        for pack in scan.packs()
        for page in pack.pages()
        if page.receipt.covers
    ]
