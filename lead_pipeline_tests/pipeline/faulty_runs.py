"""Runs of many accounts in one data folder: each under a fault of its own, and then without.

A cell is one vendor under one fault and has an account to itself. All cells are fetched and loaded
into one folder, with a sound account of each vendor after them; what follows is done once for all.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from lead_pipeline import normalise
from lead_pipeline.errors import RunIncomplete
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.fetch import fetch_account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.load import load_account, pending
from lead_pipeline.pipeline.outcome import (
    Failure,
    build_reports,
    judge,
    open_failures,
    publish_snapshot,
    resolve_people,
)
from lead_pipeline.records import Receipt, Window
from lead_pipeline.sandbox import Fault, Sandbox
from lead_pipeline.settings import Settings
from lead_pipeline.vendors.aimbase import AIMBASE, AimbaseClient
from lead_pipeline.vendors.contract import Client, Vendor
from lead_pipeline.vendors.housing import HOUSING, HousingClient
from lead_pipeline.vendors.http import HttpClient, HttpSettings
from lead_pipeline.vendors.qontak import QONTAK, QontakClient
from lead_pipeline.warehouse import open_snapshot

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
END = datetime(2026, 11, 19, 6, tzinfo=UTC)
DAY = timedelta(days=1)
CONTENTS = (
    "SELECT account, created_at, lead_id, leads.* EXCLUDE (account, created_at, lead_id, "
    "person_id, first_seen_at, last_seen_at, delivery_sha256, record_index) FROM leads ORDER BY ALL"
)
LEDGER = (
    "SELECT account, outcome, new_fields, quarantined, received - new - changed - unchanged "
    "- stale - repeated - quarantined AS lost, message "
    "FROM ops.deliveries WHERE run_id = ? ORDER BY load_id"
)
QUARANTINE = "SELECT account, place, reason FROM ops.quarantine"


def _housing(name: str, settings: Mapping[str, str], http: HttpClient) -> Client:
    return HousingClient(
        account=name,
        base_url=settings["HOUSING_BASE_URL"],
        account_id=settings["HOUSING_ID"],
        api_key=settings["HOUSING_API_KEY"],
        max_window=DAY,
        http=http,
    )


def _aimbase(name: str, settings: Mapping[str, str], http: HttpClient) -> Client:
    return AimbaseClient(
        account=name,
        base_url=settings["AIMBASE_BASE_URL"],
        nmma_id=settings["AIMBASE_NMMA_ID"],
        public_key=settings["AIMBASE_PUBLIC_KEY"],
        private_key=settings["AIMBASE_PRIVATE_KEY"],
        http=http,
    )


def _qontak(name: str, settings: Mapping[str, str], http: HttpClient) -> Client:
    return QontakClient(
        account=name,
        base_url=settings["QONTAK_BASE_URL"],
        client_id=settings["QONTAK_CLIENT_ID"],
        client_secret=settings["QONTAK_CLIENT_SECRET"],
        sso_id=settings["QONTAK_SSO_ID"],
        per_page=7,
        requests_per_second=1000,
        sleep=lambda _: None,
        http=http,
    )


class Column(NamedTuple):
    """One vendor: how the sandbox names it, and a client of an account of any name."""

    vendor: Vendor
    client: Callable[[str, Mapping[str, str], HttpClient], Client]


CRM = Column(QONTAK, _qontak)
COLUMNS = (Column(HOUSING, _housing), Column(AIMBASE, _aimbase), CRM)


Errors = frozenset[str]
THREE_ATTEMPTS = HttpSettings(attempts=3)


@dataclass(frozen=True, eq=False)
class Row:
    """Faults (without their vendor) and how a run under them ends.

    `error` names the classes, or the classes by vendor (none: it is right), of what turns the run
    red; None: the run is right. `odd` is how a run that is not red differs: by what. `days` are
    asked for, in as many requests.
    """

    name: str
    faults: tuple[dict[str, Any], ...]
    error: Errors | Mapping[str, Errors] | None = None
    odd: str | None = None
    days: int = 1
    http: HttpSettings = THREE_ATTEMPTS
    deadline: float = 30

    @property
    def window(self) -> Window:
        """Whole days of both vendors; over, so that nothing comes later."""
        return Window(END - self.days * DAY, END)


@dataclass(frozen=True, eq=False)
class Cell:
    """One vendor under the faults of one row."""

    row: Row
    column: Column

    def __str__(self) -> str:
        return f"{self.column.vendor.source}-{self.row.name}"

    @property
    def errors(self) -> Errors:
        """Which failures turn its run red."""
        error = self.row.error or frozenset()
        source = self.column.vendor.source
        return error if isinstance(error, frozenset) else error.get(source, frozenset())

    @property
    def account(self) -> str:
        return f"{self.column.vendor.source}_{re.sub('[^a-z]+', '_', self.row.name)}"


def sound(column: Column, days: int = 1) -> Cell:
    """An account of that vendor that never sees a fault, and is asked for so many days."""
    return Cell(Row("sound", (), days=days), column)


class LedgerRow(NamedTuple):
    """One load; `lost` is what is received and not accounted for."""

    outcome: str
    new_fields: str | None
    quarantined: int
    lost: int
    message: str | None


@dataclass
class Seen:
    """What was seen of one account in one run, and what analysts then had of it."""

    receipts: list[Receipt]
    log: str
    given: int = 0
    verdict: RunIncomplete | None = None
    failures: list[Failure] = field(default_factory=list)
    leads: list[tuple[Any, ...]] = field(default_factory=list)
    ledger: list[LedgerRow] = field(default_factory=list)
    quarantine: list[tuple[Any, ...]] = field(default_factory=list)

    def told(self) -> str:
        """Everything that was said to a person."""
        receipts = orjson.dumps([asdict(receipt) for receipt in self.receipts]).decode()
        return "\n".join([self.log, receipts, str(self.verdict), f"{self.ledger}{self.quarantine}"])


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def _listening() -> Iterator[list[str]]:
    """All that is logged inside the block, at any level."""
    log, root = _Log(), logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        yield log.lines
    finally:
        root.setLevel(level)
        root.removeHandler(log)


@dataclass(frozen=True)
class Runs:
    """One sandbox and one data folder; sound accounts are asked for so many days."""

    sandbox: Sandbox
    path: Path
    days: int

    def run(self, cells: Sequence[Cell], now: datetime, *, faulty: bool) -> dict[str, Seen]:
        """Every cell and the sound accounts, under the cells' faults or without; by account."""
        self.sandbox.set_clock(now)
        folder, run_id = self._folder(now), f"run of {now}"
        sounds = [sound(column, self.days) for column in COLUMNS]
        seen = {cell.account: self._ask(cell, now, faulty=faulty) for cell in (*cells, *sounds)}
        self._load(folder, cells, seen)
        for cell in sounds:
            load_account(folder, cell.column.vendor, cell.account)
        resolve_people(folder)
        build_reports(folder, [self._account(cell, now) for cell in (*cells, *sounds)])
        publish_snapshot(folder)
        self._judge(folder, seen)
        self._read(seen, run_id)
        return seen

    def _folder(self, now: datetime, deadline: float = 30) -> DataFolder:
        settings = Settings(data_dir=self.path, now=now, window_deadline_seconds=deadline)
        return DataFolder(self.path, settings)

    def _account(self, cell: Cell, now: datetime) -> Account:
        http = HttpClient(cell.row.http, clock=lambda: now, sleep=lambda _: None)
        client = cell.column.client(cell.account, self.sandbox.environment(), http)
        return Account(cell.account, cell.column.vendor, "loopback", client)

    def _ask(self, cell: Cell, now: datetime, *, faulty: bool) -> Seen:
        source = cell.column.vendor.source
        faults = [Fault(vendor=source, **fault) for fault in cell.row.faults]
        self.sandbox.set_faults(faults if faulty else ())
        folder = self._folder(now, cell.row.deadline)
        with _listening() as log:
            account = self._account(cell, now)
            receipts = fetch_account(folder, account, cell.row.window, f"run of {now}")
        given = sum(fault.given for fault in self.sandbox.faults_given())
        self.sandbox.clear_faults()
        return Seen(receipts, "\n".join(log), given)

    def _load(self, folder: DataFolder, cells: Sequence[Cell], seen: Mapping[str, Seen]) -> None:
        """All in one session: to open one for each account would take most of the time."""
        with folder.warehouse.open() as session:
            normalise.install(session)
            for cell in cells:
                vendor = cell.column.vendor
                with _listening() as log:
                    landed = pending(folder, session, vendor, cell.account)
                    list(load_receipts(folder, session, landed))
                seen[cell.account].log += "\n".join(log)

    def _judge(self, folder: DataFolder, seen: Mapping[str, Seen]) -> None:
        for failure in open_failures(folder, list(seen)):
            seen[failure.account].failures.append(failure)
        for account, one in seen.items():
            if one.failures:
                try:
                    judge(folder, [account])
                except RunIncomplete as verdict:
                    one.verdict = verdict
        quiet = [account for account, one in seen.items() if not one.failures]
        judge(folder, quiet)

    def _read(self, seen: Mapping[str, Seen], run_id: str) -> None:
        with open_snapshot(self.path) as session:
            for account, *lead in session.rows(CONTENTS):
                seen[account].leads.append(tuple(lead))
            for account, *load in session.rows(LEDGER, (run_id,)):
                seen[account].ledger.append(LedgerRow(*load))
            for account, *record in session.rows(QUARANTINE):
                seen[account].quarantine.append(tuple(record))
