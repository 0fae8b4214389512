"""A program that does the pipeline's work in children of its own, and lets them be killed.

It never opens the database itself, so that it can fork at any time. A line on its standard input
is a `Job`, a line on its standard output how the child ended: its exit code, or less than nothing
for the signal that killed it.
"""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, Self

import orjson

from lead_pipeline.landing import BodyArchive, StoredBody
from lead_pipeline.landing.open_scan import OpenScan, StoredFrame
from lead_pipeline.normalise.phone_plans import plan_macros
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.fetch import fetch_account
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.pipeline.outcome import build_reports, publish_snapshot, resolve_people
from lead_pipeline.pipeline.rebuild import rebuild
from lead_pipeline.pipeline.replay import replay
from lead_pipeline.pipeline.scan import scan_stream
from lead_pipeline.records import day_window
from lead_pipeline.settings import Settings
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.publish import POINTER
from lead_pipeline_tests.pipeline.faulty_runs import COLUMNS, CRM

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.symlink", "os.chmod", "os.truncate"}
FILE_AREAS = {"fetch": "land", "resolve": "journal"}
"""What the files of a stage are called where they are not just the stage's."""


@dataclass(frozen=True)
class Job:
    """Work in a data folder on the UTC days from `first` to `last`.

    `trace` is a file that gets a line for each step before it is taken. The child is killed at the
    step with that `index` among those of `area`: before it, or `amid` so many seconds after it
    has begun. `now` is the moment, in ISO 8601.
    """

    work: str
    folder: str
    sandbox: Mapping[str, str]
    first: str
    last: str
    trace: str
    area: str | None = None
    index: int = 0
    amid: float | None = None
    now: str = NOW.isoformat()


class Workers:
    """The program, started once; each job has a child of its own."""

    def __init__(self) -> None:
        self._program = Popen(
            [sys.executable, "-m", "lead_pipeline_tests.pipeline.killed_works"],
            stdin=PIPE,
            stdout=PIPE,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._program:
            assert self._program.stdin
            self._program.stdin.close()

    def do(self, job: Job) -> int:
        """How the child that did the job ended."""
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(orjson.dumps(asdict(job)) + b"\n")
        self._program.stdin.flush()
        return int(self._program.stdout.readline())


class _Steps:
    """Counts the steps of one child by area, writes them down, and kills at the one chosen."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._trace = os.open(job.trace, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._seen = 0
        self.stage = "start"

    def take(self, area: str, what: str) -> None:
        """Say what is about to be done; perhaps nothing comes after."""
        os.write(self._trace, f"{area}\t{what}\n".encode())
        if area != self._job.area:
            return
        self._seen += 1
        if self._seen != self._job.index + 1:
            return
        if self._job.amid is None:
            _die()
        threading.Thread(target=_die, args=(self._job.amid,), daemon=True).start()

    def heed(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook: what changes files of the data folder is a step."""
        if event == "socket.connect":
            self.take(self.stage, event)
        elif event in CHANGES or (event == "open" and int(arguments[2] or 0) & WRITES):
            path = str(arguments[0])
            if path.startswith(self._job.folder):
                self.take(self._file_area(path), f"{event} {Path(path).name}")

    def flush(self, descriptor: int) -> None:
        """A step before and one after something is to be on disk."""
        self.take(self._file_area(""), "fsync")
        os.fdatasync(descriptor)
        self.take(self._file_area(""), "fsynced")

    def _file_area(self, path: str) -> str:
        name = Path(path).name
        if name.removeprefix(".part-") == POINTER:
            return "pointer"
        if name.startswith("warehouse"):
            return f"{self.stage} warehouse"
        return FILE_AREAS.get(self.stage, f"{self.stage} files")

    def watch(self) -> None:
        """Everything from here on is a step: files, statements, what arrives from a vendor."""
        run, rows = Session.run, Session.rows
        store, store_page = BodyArchive.store, OpenScan.store

        def counted_run(session: Session, sql: str, *more: Any) -> None:  # noqa: ANN401 - as it is
            self.take(self.stage, sql[:60].replace("\n", " "))
            run(session, sql, *more)

        def counted_rows(session: Session, sql: str, *more: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as it is
            self.take(self.stage, sql[:60].replace("\n", " "))
            return rows(session, sql, *more)

        def counted_store(bodies: BodyArchive, chunks: Iterable[bytes]) -> StoredBody:
            return store(bodies, self._arriving(chunks))

        def counted_page(scan: OpenScan, chunks: Iterable[bytes]) -> StoredFrame:
            return store_page(scan, self._arriving(chunks))

        Session.run, Session.rows = counted_run, counted_rows  # type: ignore[method-assign,assignment]  # this process is about to end
        BodyArchive.store = counted_store  # type: ignore[method-assign,assignment]  # as above
        OpenScan.store = counted_page  # type: ignore[method-assign,assignment]  # as above
        os.fsync = self.flush  # type: ignore[assignment]  # as above
        sys.addaudithook(self.heed)

    def _arriving(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        self.take(self.stage, "head")
        for chunk in chunks:
            self.take(self.stage, "chunk")
            yield chunk
        self.take(self.stage, "end")


def _die(seconds: float = 0) -> None:
    # In a thread of its own: a statement is one call, and only a clock can end it half-way.
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)


def _run(folder: DataFolder, accounts: list[Account], job: Job, steps: _Steps) -> None:
    window = day_window(date.fromisoformat(job.first), date.fromisoformat(job.last))
    for account in accounts:
        steps.stage = "fetch"
        receipts = fetch_account(folder, account, window, "run")
        assert all(receipt.error is None for receipt in receipts), receipts
        steps.stage = "load"
        load_account(folder, account.vendor, account.name)
    _after_the_accounts(folder, accounts, steps)


def _scan(folder: DataFolder, accounts: list[Account], job: Job, steps: _Steps) -> None:  # noqa: ARG001 - as the others
    (account,) = accounts
    contacts = next(one for one in account.vendor.streams if one.name == "contacts")
    steps.stage = "scan"
    outcome = scan_stream(folder, account, contacts, "run")
    assert outcome.verdict, outcome
    assert outcome.verdict.complete, outcome
    steps.stage = "load"
    load_account(folder, account.vendor, account.name)
    _after_the_accounts(folder, accounts, steps)


def _after_the_accounts(folder: DataFolder, accounts: list[Account], steps: _Steps) -> None:
    steps.stage = "resolve"
    resolve_people(folder)
    steps.stage = "build"
    build_reports(folder, accounts)
    steps.stage = "publish"
    publish_snapshot(folder)


def _rebuild(folder: DataFolder, accounts: list[Account], job: Job, steps: _Steps) -> None:  # noqa: ARG001 - as the others
    steps.stage = "rebuild"
    rebuild(folder, accounts, lambda receipts: receipts)


def _replay(folder: DataFolder, accounts: list[Account], job: Job, steps: _Steps) -> None:
    steps.stage = "replay"
    window = day_window(date.fromisoformat(job.first), date.fromisoformat(job.last))
    chosen = [(account.vendor, account.name) for account in accounts]
    replay(folder, chosen, window, lambda receipts: receipts)
    resolve_people(folder)
    build_reports(folder, accounts)
    publish_snapshot(folder)


WORKS: Mapping[str, Callable[[DataFolder, list[Account], Job, _Steps], None]] = {
    "run": _run,
    "scan": _scan,
    "rebuild": _rebuild,
    "replay": _replay,
}


def _do(job: Job) -> None:
    now = datetime.fromisoformat(job.now)
    folder = open_folder(Settings(data_dir=Path(job.folder), now=now))
    accounts = [
        Account(name, column.vendor, "loopback", column.client(name, job.sandbox, http))
        for column in COLUMNS
        if (column is CRM) == (job.work == "scan")
        for name, http in [(column.vendor.source, HttpClient(clock=folder.clock))]
    ]
    steps = _Steps(job)
    steps.watch()
    WORKS[job.work](folder, accounts, job, steps)


def _child(job: Job) -> None:
    """Do the job and end; what it says goes into a file beside its trace."""
    said = os.open(f"{job.trace}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, sys.stderr.fileno())
    code = 1
    try:
        _do(job)
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Take jobs until there are no more."""
    # What a child would import or build for itself, each anew.
    HttpClient().close()
    plan_macros()
    for name in ("httpcore", "pandas.core.arrays.arrow", "pyarrow.pandas_compat", "pytz"):
        import_module(name)
    for line in sys.stdin.buffer:
        child = os.fork()
        if not child:
            _child(Job(**orjson.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
