"""An Aimbase account in incremental mode, run without Dagster; as a program, one that dies.

python -m lead_pipeline_tests.pipeline.incremental {place} {base URL} {data folder} {now}
"""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from lead_pipeline.landing import BodyArchive, ReceiptBook, StoredBody
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.fetch import fetch_account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.pipeline.outcome import Failure, build_reports, open_failures
from lead_pipeline.records import Receipt, Window, day_window
from lead_pipeline.sandbox import Sandbox
from lead_pipeline.settings import Settings
from lead_pipeline.vendors.aimbase import AIMBASE, AimbaseClient
from lead_pipeline.vendors.http import HttpClient, HttpSettings
from lead_pipeline_tests.vendors.scripted import Asked, Reply, Script

PLACES = ("arriving", "kept", "receipted")
"""Where the program dies: with the answer half here, before its receipt, and after it."""


def account(base_url: str, now: datetime) -> Account:
    """The sandbox's account, which moves the cursor."""
    client = AimbaseClient(
        account="aimbase",
        base_url=base_url,
        nmma_id=os.environ["AIMBASE_NMMA_ID"],
        public_key=os.environ["AIMBASE_PUBLIC_KEY"],
        private_key=os.environ["AIMBASE_PRIVATE_KEY"],
        mode="incremental",
        http=HttpClient(HttpSettings(attempts=3), clock=lambda: now, sleep=lambda _: None),
    )
    return Account("aimbase", AIMBASE, "loopback", client)


@dataclass
class Runs:
    """Runs of one data folder. `base_url` may be another's who stands before the sandbox."""

    sandbox: Sandbox
    path: Path
    base_url: str
    moments: list[datetime] = field(default_factory=list)

    def folder(self) -> DataFolder:
        settings = Settings(data_dir=self.path, now=self.moments[-1], window_deadline_seconds=9)
        return DataFolder(self.path, settings)

    def run(
        self, now: datetime, window: Window | None = None, base_url: str | None = None
    ) -> list[Receipt]:
        """Fetch, load and report at that moment: today, if no window is given."""
        receipts = self.ask(now, window, base_url)
        load_account(self.folder(), AIMBASE, "aimbase")
        build_reports(self.folder(), [account(base_url or self.base_url, now)])
        return receipts

    def ask(
        self, now: datetime, window: Window | None = None, base_url: str | None = None
    ) -> list[Receipt]:
        """As `run`, and load nothing of it."""
        self.sandbox.set_clock(now)
        self.moments.append(now)
        asked, wanted = account(base_url or self.base_url, now), window or day_window(now.date())
        return fetch_account(self.folder(), asked, wanted, f"run {len(self.moments)}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.folder().warehouse.open() as session:
            return session.rows(sql)

    def failures(self) -> list[Failure]:
        return open_failures(self.folder(), ["aimbase"])

    def mark(self) -> dict[str, Any]:
        content = (self.path / "landing/cursors/aimbase/aimbase/leads.json").read_text()
        mark: dict[str, Any] = json.loads(content)
        return mark

    def cursor(self) -> str | None:
        """The vendor's."""
        with urllib.request.urlopen(f"{self.sandbox.base_url}/state") as answer:
            cursor: str | None = json.load(answer)["cursors"]["aimbase"]
        return cursor

    def die(self, place: str, now: datetime) -> int:
        """Run in a process that dies at `place`; its return code."""
        self.sandbox.set_clock(now)
        program = [sys.executable, "-m", __name__, place, self.base_url, f"{self.path}", f"{now}"]
        return subprocess.run(program, check=False).returncode


Spoil = Callable[[Asked, Reply], Reply]


def passing_on(base_url: str, spoil: Spoil) -> Script:
    """Asks the real one and spoils its answer on the way."""

    def script(asked: Asked) -> Reply:
        headers = {"Authenticate": asked.headers["Authenticate"]}
        request = urllib.request.Request(f"{base_url}{asked.target}", headers=headers)
        try:
            with urllib.request.urlopen(request) as answer:
                reply = Reply(answer.read(), content_type="application/xml")
        except urllib.error.HTTPError as error:
            reply = Reply(error.read(), status=error.code)
        return spoil(asked, reply)

    return script


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _DyingBodies(BodyArchive):
    place = ""

    def store(self, chunks: Iterable[bytes]) -> StoredBody:
        if self.place == "arriving":
            next(iter(chunks))
            die()
        body = super().store(chunks)
        if self.place == "kept":
            die()
        return body


class _DyingReceipts(ReceiptBook):
    def write(self, receipt: Receipt) -> None:
        super().write(receipt)
        die()


class _DyingFolder(DataFolder):
    @property
    def bodies(self) -> BodyArchive:
        return _DyingBodies(self.path / "landing" / "bodies")

    @property
    def receipts(self) -> ReceiptBook:
        return _DyingReceipts(self.path / "landing" / "receipts")


def main(place: str, base_url: str, path: str, moment: str) -> None:
    now = datetime.fromisoformat(moment)
    _DyingBodies.place = place
    folder = _DyingFolder(Path(path), Settings(data_dir=Path(path), now=now))
    fetch_account(folder, account(base_url, now), day_window(now.date()), "dying")


if __name__ == "__main__":
    main(*sys.argv[1:])
