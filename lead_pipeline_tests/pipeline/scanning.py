"""Scans of one account of a CRM into one data folder, at moments that a test chooses."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
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
_SAID = "natural_key, updated_at, fields, additional_fields, attributes, content_hash"
CONTENTS = (
    f"SELECT kind, created_at, vanished_at, {_SAID} FROM core.objects ORDER BY kind, natural_key",
    f"SELECT kind, {_SAID} FROM core.object_history ORDER BY ALL",
    "SELECT lead_id, channel, email, phone, vanished_at, attributes FROM core.leads ORDER BY ALL",
)
"""What there is, whenever and in whatever order it was asked for and loaded."""
EVERYTHING = tuple(
    f"SELECT COLUMNS(lambda name: name <> 'version_number') FROM {table} ORDER BY ALL"
    for table in (
        "core.objects",
        "core.object_history",
        "core.leads",
        "core.lead_history",
        "ops.scans",
    )
)
"""What there is, with when it was seen and where it was found."""
KNOWN = "SELECT natural_key, vanished_at FROM core.objects WHERE account = ? AND kind = ?"


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
        return Account(self.name, QONTAK, "loopback", CRM.client(self.name, self.variables, client))

    def scan(
        self,
        now: datetime,
        *streams: str,
        run: str = "run",
        http: HttpSettings = PATIENT,
        **more: Any,  # noqa: ANN401 - settings
    ) -> dict[str, ScanOutcome]:
        """Scan these streams (none named: all), and load nothing."""
        folder = self.folder(now, **more)
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

    def scan_one(self, now: datetime, stream: str = "tasks", **more: Any) -> ScanOutcome:  # noqa: ANN401 - as `scan`
        """Scan one stream and load it."""
        outcome = self.scan(now, stream, **more)[stream]
        self.load(now)
        return outcome

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
        return [self.rows(sql) for sql in CONTENTS]

    def copied(self, path: Path) -> "Crm":
        """The same in a folder that a test may change."""
        shutil.copytree(self.path, path, symlinks=True)
        return replace(self, path=path)

    def known(self, kind: str = "contact") -> dict[str, datetime | None]:
        """When each object vanished, by its id; None: it is there."""
        return dict(self.rows(KNOWN, (self.name, kind)))

    def alive(self, kind: str = "contact") -> set[str]:
        """The ids of those that have not vanished."""
        return {key for key, moment in self.known(kind).items() if moment is None}

    def gone(self, kind: str = "contact") -> dict[str, datetime]:
        """The ids of those that have, and when."""
        return {key: moment for key, moment in self.known(kind).items() if moment}

    def kept(self, stream: str = "contacts") -> list[KeptScan]:
        """The scans on disk, oldest first."""
        return self.folder(FIRST).scans.scans("qontak", self.name, stream)


def pages_of(scan: KeptScan) -> list[int]:
    """Which pages of the list a scan holds, in order; an unreadable one is none."""
    return [
        int(parse_qs(urlsplit(str(page.receipt.url)).query)["page"][0])
        for pack in scan.packs()
        for page in pack.pages()
        if page.receipt.covers
    ]
