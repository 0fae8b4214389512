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
from lead_pipeline.pipeline.quarantine import (
    WAITING,
    QuarantinedRecord,
    Signed,
    look_up,
    quarantined,
    undo_dismissal,
)
from lead_pipeline.pipeline.quarantine import dismiss as dismiss_records
from lead_pipeline.pipeline.replay import retry_quarantine
from lead_pipeline.settings import read_settings
from lead_pipeline.warehouse.dismissals import DISMISSED


@click.group()
def quarantine() -> None:
    """Look at records that could not be read, try them again, or be done with them.

    Each is shown once, however often it came, until it can be read, a corrected file was imported,
    or somebody dismisses it, which can be taken back.
    """


@quarantine.command("list")
@click.option("--dismissed", is_flag=True, help="Those that somebody dismissed instead.")
@ACCOUNT
def list_records(names: tuple[str, ...], dismissed: bool) -> None:
    """List them: where from, which field, what is wrong. Shows nothing of their content."""
    records = _records(names, DISMISSED if dismissed else WAITING)
    for record in records:
        what = _printable(f"{record.place}: {record.reason}".encode())
        click.echo(
            f"{record.quarantine_id}\n  {record.account}, since "
            f"{record.quarantined_at:%Y-%m-%d %H:%M} UTC; {what}"
        )
        if record.dismissed:
            click.echo(f"  {_told(record.dismissed)}")
    are = "are dismissed" if dismissed else "are in quarantine"
    click.echo(f"{len(records)} records {are}, each shown once")
    if records and dismissed:
        click.echo("To take one back: lead-pipeline quarantine undo ID")
    elif records:
        click.echo("Next: lead-pipeline quarantine show ID; then mend them where they come from")


@quarantine.command("show")
@click.argument("quarantine_id", metavar="ID")
def show(quarantine_id: str) -> None:
    """Show one with its content, as the vendor sent it. The content is personal data.

    Also one that was dismissed, and all that was decided about it.
    """
    record, decided = look_up(open_folder(read_settings()), quarantine_id)
    body = f"landing/bodies/{record.sha256[:2]}/{record.sha256}.zst"
    click.echo(f"{record.source} account {record.account}, stream {record.stream}")
    click.echo(_printable(f"{record.place}: {record.reason}".encode()))
    click.echo(f"since {record.quarantined_at:%Y-%m-%d %H:%M} UTC, in {body}")
    for signed in decided:
        click.echo(_told(signed))
    click.echo(f"state: {record.state}\n")
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
    chosen = sorted({*quarantine_ids})
    draw_again(folder, dismiss_records(folder, chosen, by, reason))
    click.echo(f"Dismissed: {len(chosen)}; still in quarantine: {len(_records(()))}")
    click.echo(f"To take it back: lead-pipeline quarantine undo {' '.join(chosen)}")


@quarantine.command("undo")
@click.argument("quarantine_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--reason", default="taken back", show_default=True, help="Why; kept with it.")
@BY
def undo(quarantine_ids: tuple[str, ...], reason: str, by: str) -> None:
    """Take back what dismissed these; they wait again, unless they can be read by now.

    Signed and kept in the journal, as the dismissal is.
    """
    folder = open_folder(read_settings())
    chosen = sorted({*quarantine_ids})
    draw_again(folder, undo_dismissal(folder, chosen, by, reason))
    click.echo(f"Taken back: {len(chosen)}; in quarantine: {len(_records(()))}")


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


def _records(names: tuple[str, ...], state: str = WAITING) -> list[QuarantinedRecord]:
    folder = open_folder(read_settings())
    return quarantined(folder, _account_names(folder, load_accounts()[1], names), state)


def _told(signed: Signed) -> str:
    return _printable(
        f"{signed.what} {signed.at:%Y-%m-%d %H:%M} UTC by {signed.by}: {signed.reason}".encode()
    )


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
    content, _ = fields.pop("content"), fields.pop("dismissed")
    try:
        return {**fields, "content": content.decode()}
    except UnicodeDecodeError:
        return {**fields, "content_hex": content.hex()}
