"""One small JSON file per request: what was asked, when, and what came back."""

import secrets
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.durable import landing_errors, write_durably
from lead_pipeline.records import Receipt, Window


def new_receipt_id(requested_at: datetime) -> str:
    """A name that sorts by time and never repeats."""
    return f"{requested_at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(6)}"


def moment_of(receipt_id: str) -> datetime:
    """The moment, UTC, that `new_receipt_id` was given."""
    return datetime.strptime(receipt_id.partition("-")[0], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)


def day_of(receipt_id: str) -> str:
    """The UTC day with which a receipt's id begins."""
    return f"{receipt_id[:4]}-{receipt_id[4:6]}-{receipt_id[6:8]}"


class ReceiptBook:
    """The receipts under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, receipt: Receipt) -> None:
        """Keep a receipt; it is on disk when this returns. Raises LandingError."""
        name = self.path(receipt.source, receipt.account, receipt.stream, receipt.receipt_id)
        with landing_errors("a receipt", self._folder):
            write_durably(name, orjson.dumps(asdict(receipt), option=orjson.OPT_INDENT_2))

    def identifiers(self, source: str, account: str, stream: str) -> dict[str, Path]:
        """Every receipt of a stream by its id, oldest first."""
        found = (self._folder / source / account / stream).glob("*/*.json")
        return {path.stem: path for path in sorted(found, key=lambda path: path.stem)}

    def read(self, path: Path) -> Receipt:
        """One receipt. Raises LandingError where it is not one of ours."""
        try:
            return receipt_from(orjson.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LandingError(
                f"the receipt {path} cannot be read ({type(error).__name__})",
                state="its delivery was not loaded; the others are untouched",
                next_step="restore the file from a backup, or move it away, then the same command",
            ) from error

    def accounts(self) -> Iterator[tuple[str, str, str]]:
        """Every (source, account, stream) that has ever been asked."""
        for path in sorted(self._folder.glob("*/*/*")):
            source, account, stream = path.parts[-3:]
            yield source, account, stream

    def path(self, source: str, account: str, stream: str, receipt_id: str) -> Path:
        """Where a receipt is kept: its id begins with the day it was asked."""
        folder = self._folder / source / account / stream / day_of(receipt_id)
        return folder / f"{receipt_id}.json"


def receipt_from(fields: dict[str, Any]) -> Receipt:
    """The receipt of its JSON object. Raises ValueError, KeyError or TypeError."""
    window = fields["window"]
    times = {name: datetime.fromisoformat(fields[name]) for name in ("requested_at", "received_at")}
    span = (
        Window(*(datetime.fromisoformat(window[end]) for end in ("start", "end")))
        if window
        else None
    )
    return Receipt(**{**fields, **times, "window": span})
