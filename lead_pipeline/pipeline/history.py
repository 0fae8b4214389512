"""Leads of the years before: land a file with its mapping, then load it like any delivery."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from lead_pipeline.errors import ConfigError, UnreadableFile
from lead_pipeline.landing import claim_environment
from lead_pipeline.landing.receipts import new_receipt_id
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.records import Receipt
from lead_pipeline.vendors.contract import ParsedItem, UnreadableDocument, Vendor
from lead_pipeline.vendors.history import STREAM, history_of
from lead_pipeline.vendors.history.examine import SAMPLE, Examined, examine, kind_of
from lead_pipeline.vendors.history.mapping import ID, ColumnRule, Mapping
from lead_pipeline.vendors.history.parse import items_of, open_table, reading_of
from lead_pipeline.vendors.history.template import template
from lead_pipeline.warehouse.load import LedgerLine

logger = logging.getLogger(__name__)

PIECE = 1 << 20
NOTHING_KEPT = "nothing was kept or loaded"


class HistoryFile(NamedTuple):
    """A file to be imported: for which account, and how it is read."""

    path: Path
    account: str
    mapping: Mapping


def write_template(path: Path, encoding: str | None, sheet: str | None) -> str:
    """A mapping to begin with, from the file's header. Raises UnreadableFile."""
    with _readable(path):
        kind = _kind(path)
        with path.open("rb") as file:
            return template(file, kind, encoding, sheet)


def check_file(file: HistoryFile, most: int | None) -> Examined:
    """Read up to so many rows (None: all) without keeping anything. Raises UnreadableFile."""
    with _readable(file.path):
        return examine(lambda: file.path.open("rb"), _kind(file.path), file.mapping, most)


def read_rows(file: HistoryFile) -> Iterator[ParsedItem]:
    """Every row of it, without keeping anything. Raises UnreadableFile."""
    with (
        _readable(file.path),
        file.path.open("rb") as body,
        open_table(body, _kind(file.path), file.mapping) as table,
    ):
        yield from items_of(table, file.mapping)


def _require_fit(file: HistoryFile) -> None:
    """Refuse a mapping by which most of the first rows cannot be read."""
    found = check_file(file, SAMPLE)
    if found.leads and found.leads >= found.refused:
        return
    what = f"the first that cannot: {found.first_refused}" if found.refused else "there are none"
    rows = f"{found.leads} of the first {found.leads + found.refused} rows can be read"
    raise _unreadable(file.path, f"{rows}; {what}")


def import_file(folder: DataFolder, file: HistoryFile) -> list[LedgerLine]:
    """Land the file's bytes with a receipt, then load what the account's ledger lacks.

    Raises UnreadableFile, ConfigError where the mapping would make new leads of old ones,
    EnvironmentMismatch, LandingError, WarehouseBusy.
    """
    _require_fit(file)
    vendor = history_of(file.mapping.source)
    with _readable(file.path):
        _require_same_keys(folder, vendor, file, _sha256(file.path))
    settings = folder.settings
    claim_environment(folder.path, file.mapping.environment, accept=settings.accept_environment)
    _land(folder, file)
    return load_account(folder, vendor, file.account)


def _land(folder: DataFolder, file: HistoryFile) -> None:
    requested_at = folder.clock()
    with _readable(file.path), file.path.open("rb") as content:
        kind = _kind(file.path)
        body = folder.bodies.store(iter(lambda: content.read(PIECE), b""))
    folder.receipts.write(
        Receipt(
            receipt_id=new_receipt_id(requested_at),
            run_id="import",
            source=file.mapping.source,
            account=file.account,
            environment=file.mapping.environment,
            stream=STREAM,
            window=None,
            covers=True,
            requested_at=requested_at,
            received_at=folder.clock(),
            attempts=1,
            reading=reading_of(file.mapping, kind),
            sha256=body.sha256,
            length=body.length,
        )
    )


def imported_accounts(folder: DataFolder) -> list[tuple[Vendor, str]]:
    """Every account that files were imported for."""
    return [
        (history_of(source), account)
        for source, account, stream in folder.receipts.accounts()
        if stream == STREAM
    ]


def _require_same_keys(folder: DataFolder, vendor: Vendor, file: HistoryFile, sha256: str) -> None:
    """Refuse a mapping by which rows that are known would be other leads."""
    now = file.mapping.key_fields
    for path in folder.receipts.identifiers(vendor.source, file.account, STREAM).values():
        receipt = folder.receipts.read(path)
        before = Mapping.model_validate_json(receipt.reading["mapping"]).key_fields
        if receipt.sha256 == sha256 and before != now:
            raise _other_keys(file, path, f"this file, in which {_told_apart(before)}")
        if ID in {*before} ^ {*now}:
            raise _other_keys(file, path, f"files of which {_told_apart(before)}")


def _told_apart(rules: dict[str, ColumnRule]) -> str:
    said = [f"{name} {rule.model_dump_json(exclude_defaults=True)}" for name, rule in rules.items()]
    return f"rows are told apart by {', '.join(said)}"


def _other_keys(file: HistoryFile, path: Path, has: str) -> ConfigError:
    return ConfigError(
        f"the account {file.account} has {has}; by this mapping, "
        f"{_told_apart(file.mapping.key_fields)}, its leads would come again as others",
        state=NOTHING_KEPT,
        next_step=f"give another --account; or to read it this way instead: rm {path}, "
        "the same command again, then lead-pipeline rebuild",
    )


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        return kind_of(file)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say of the file what is wrong with it."""
    try:
        yield
    except UnreadableDocument as error:
        raise _unreadable(path, str(error)) from None
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None


def _unreadable(path: Path, reason: str) -> UnreadableFile:
    return UnreadableFile(
        f"the file {path} cannot be read: {reason}",
        state=NOTHING_KEPT,
        next_step="correct the file or its mapping (docs/how-to/import.md), then the same command; "
        "lead-pipeline import --check tells of every row",
    )
