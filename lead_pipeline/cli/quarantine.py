"""`lead-pipeline quarantine`: records that could not be read: look, retry, be done with them."""

import os
from collections.abc import Sequence
from pathlib import Path

import click
import orjson

from lead_pipeline.cli.accounts import kept_accounts, load_accounts
from lead_pipeline.cli.loads import (
    ACCOUNT,
    BY,
    REASON,
    draw_again,
    progress,
    publish_again,
    summarise,
)
from lead_pipeline.components.account import AccountComponent
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.history import imported_accounts
from lead_pipeline.pipeline.quarantine import QuarantinedRecord, quarantined
from lead_pipeline.pipeline.quarantine import dismiss as dismiss_records
from lead_pipeline.pipeline.replay import retry_quarantine
from lead_pipeline.settings import read_settings


@click.group()
def quarantine() -> None:
    """Look at records that could not be read, try them again, or be done with them.

    Each is shown once, however often it came, until it can be read, a corrected file was imported,
    or somebody dismisses it.
    """


@quarantine.command("list")
@ACCOUNT
def list_records(names: tuple[str, ...]) -> None:
    """List them: where from, which field, what is wrong. Shows nothing personal."""
    records = _records(names)
    for record in records:
        click.echo(
            f"{record.quarantine_id}\n  {record.account}, since "
            f"{record.quarantined_at:%Y-%m-%d %H:%M} UTC; {record.place}: {record.reason}"
        )
    click.echo(f"{len(records)} records are in quarantine, each shown once")
    if records:
        click.echo("Next: lead-pipeline quarantine show ID; then mend them where they come from")


@quarantine.command("show")
@click.argument("quarantine_id", metavar="ID")
def show(quarantine_id: str) -> None:
    """Show one with its content, as the vendor sent it. The content is personal data."""
    record = next(
        (record for record in _records(()) if record.quarantine_id == quarantine_id), None
    )
    if record is None:
        raise click.UsageError(f"nothing in quarantine has the id {quarantine_id}")
    body = f"landing/bodies/{record.sha256[:2]}/{record.sha256}.zst"
    click.echo(f"{record.source} account {record.account}, stream {record.stream}")
    click.echo(f"{record.place}: {record.reason}")
    click.echo(f"since {record.quarantined_at:%Y-%m-%d %H:%M} UTC, in {body}\n")
    click.echo(_printable(record.content))


@quarantine.command("retry")
@click.argument("quarantine_ids", metavar="[ID]...", nargs=-1)
@ACCOUNT
def retry(quarantine_ids: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Load the answers that hold them again, all or those named; asks no vendor.

    Exit code 1: some of them are still in quarantine.
    """
    components = load_accounts()[1]
    folder = open_folder(read_settings())
    accounts = _account_names(folder, components, names)
    records = quarantined(folder, accounts)
    asked = {*quarantine_ids} or {record.quarantine_id for record in records}
    if unknown := sorted(asked - {record.quarantine_id for record in records}):
        raise click.UsageError(f"nothing in quarantine has the id {unknown[0]}")
    if not asked:
        click.echo("0 records are in quarantine; nothing was loaded")
        return
    lines = retry_quarantine(folder, accounts, sorted(asked), progress("Loading again"))
    summarise(lines, folder, publish_again(folder, components))
    left = asked & {record.quarantine_id for record in quarantined(folder, accounts)}
    click.echo(f"{len(asked) - len(left)} of {len(asked)} records can be read now")
    if left:
        raise SystemExit(1)


@quarantine.command("dismiss")
@click.argument("quarantine_ids", metavar="ID...", nargs=-1, required=True)
@REASON
@BY
def dismiss(quarantine_ids: tuple[str, ...], reason: str, by: str) -> None:
    """Be done with these: somebody has entered them elsewhere, or nobody needs them.

    Signed and kept in the journal. The same record stays dismissed if it comes again.
    """
    folder = open_folder(read_settings())
    waiting = {record.quarantine_id for record in _records(())}
    chosen = {*quarantine_ids}
    if unknown := sorted(chosen - waiting):
        raise click.UsageError(f"nothing in quarantine has the id {unknown[0]}")
    draw_again(folder, dismiss_records(folder, sorted(chosen), by, reason))
    click.echo(f"Dismissed: {len(chosen)}; still in quarantine: {len(waiting - chosen)}")


@quarantine.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@ACCOUNT
def export(file: Path, names: tuple[str, ...]) -> None:
    """Write them to FILE as JSON lines, with their content, for whoever mends the cause.

    The file holds personal data: only its owner may read it, and an existing one is not replaced.
    """
    records = _records(names)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as lines:
        for record in records:
            lines.write(orjson.dumps(_exported(record), option=orjson.OPT_APPEND_NEWLINE))
    click.echo(f"{len(records)} records, with personal data, are in {file}")


def _records(names: tuple[str, ...]) -> list[QuarantinedRecord]:
    folder = open_folder(read_settings())
    return quarantined(folder, _account_names(folder, load_accounts()[1], names))


def _account_names(
    folder: DataFolder, components: Sequence[AccountComponent], names: Sequence[str]
) -> list[str]:
    kept = kept_accounts(components, (), names, imported_accounts(folder))
    return [account for _, account in kept]


def _printable(content: bytes) -> str:
    """Text that a terminal cannot be steered by."""
    text = content.decode("utf-8", "backslashreplace")
    return "".join(
        char if char.isprintable() or char in "\n\t" else f"\\u{ord(char):04x}" for char in text
    )


def _exported(record: QuarantinedRecord) -> dict[str, object]:
    """The content as text where it is UTF-8, else as hex digits."""
    fields = record._asdict()
    content = fields.pop("content")
    try:
        return {**fields, "content": content.decode()}
    except UnicodeDecodeError:
        return {**fields, "content_hex": content.hex()}
