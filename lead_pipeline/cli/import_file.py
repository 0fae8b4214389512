"""`lead-pipeline import`: leads of the years before, from a CSV or Excel file."""

import os
import re
import shlex
from pathlib import Path

import click

from lead_pipeline.cli.accounts import load_accounts
from lead_pipeline.cli.loads import publish_again, summarise
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.history import HistoryFile, check_file, import_file, write_template
from lead_pipeline.pipeline.mapping_file import read_mapping
from lead_pipeline.pipeline.phones import Phones, check_phones
from lead_pipeline.pipeline.sources import PUSHED
from lead_pipeline.settings import read_settings

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
YAML = click.Path(path_type=Path, dir_okay=False)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--account", help="The name that its leads get in the column account.")
@click.option("--mapping", type=YAML, help="YAML that says which column is what.")
@click.option("--template", is_flag=True, help="Write a mapping from the file's header instead.")
@click.option("--encoding", help="With --template: the file's encoding, if it is not UTF-8.")
@click.option("--sheet", help="With --template: the workbook's sheet, if there are several.")
@click.option("--check", is_flag=True, help="Read every row and say what came of it; keep nothing.")
@click.option(
    "--accept-environment", is_flag=True, help="Let another environment's data into this folder."
)
def import_command(
    file: Path,
    account: str | None,
    mapping: Path | None,
    template: bool,
    encoding: str | None,
    sheet: str | None,
    check: bool,
    accept_environment: bool,
) -> None:
    """Load the leads of FILE (CSV or Excel), then people, reports and snapshot.

    The file is kept as it is, so that rebuild reads it again. To import it twice doubles nothing; a
    corrected one updates. First --template, then fill in what it asks, then --check. Exit code 1:
    some of it could not be read; 2: the file or its mapping is wrong, and nothing was kept.
    """
    if template:
        _write(write_template(file, encoding, sheet), file, mapping)
        return
    if encoding or sheet:
        raise click.UsageError("--encoding and --sheet go with --template; the mapping has them")
    if mapping is None:
        raise click.UsageError("give --mapping MAP.yaml; --template writes one")
    if accept_environment:
        os.environ["LEAD_PIPELINE_ACCEPT_ENVIRONMENT"] = "true"
    wanted = HistoryFile(file, account or "", read_mapping(mapping))
    if not (_check(wanted, mapping) if check else _import(wanted)):
        raise SystemExit(1)


def _import(file: HistoryFile) -> bool:
    """Load it; whether every row could be read, or somebody is done with it."""
    components = load_accounts()[1]
    _require_name(file.account, {component.account for component in components})
    folder = open_folder(read_settings())
    lines = import_file(folder, file)
    is_whole = summarise(lines, folder, publish_again(folder, components))
    for name in sorted({name for line in lines for name in line.new_fields}):
        click.echo(f"not in the mapping, kept in attributes: {name}")
    if refused := sum(line.waiting for line in lines):
        click.echo(f"{refused:,} rows could not be read. Next: lead-pipeline quarantine list")
    return is_whole and not refused


def _require_name(name: str, taken: set[str]) -> None:
    if not name:
        raise click.UsageError("give --account NAME, such as portal_2019")
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise click.UsageError(
            f"--account {name} must be lower-case letters, digits and underscores, a letter first"
        )
    if name in taken | {pushing for _, pushing in PUSHED}:
        raise click.UsageError(
            f"--account {name} is an account that sends its leads itself; "
            f"give the file's another name, such as {name}_history"
        )


def _write(text: str, of: Path, path: Path | None) -> None:
    """To the mapping's path, never over what somebody has filled in."""
    if path is None:
        click.echo(text, nl=False)
        return
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from None
    click.echo(f"{path} is written. Next: fill in each question mark, then")
    click.echo(shlex.join(["lead-pipeline", "import", f"{of}", "--mapping", f"{path}", "--check"]))


def _check(file: HistoryFile, mapping: Path) -> bool:
    """Say what every row is; whether all can be read."""
    found = check_file(file, most=None)
    click.echo(f"{found.leads:,} rows can be read, {found.refused:,} cannot; nothing was kept")
    for reason, count, first in found.reasons:
        click.echo(f"  {count:,} rows: {reason}; the first is {first}")
    for name in found.new_fields:
        click.echo(f"not in the mapping, kept in attributes: {name}")
    _tell_of_phones(check_phones(file), mapping)
    return not found.refused


def _tell_of_phones(phones: Phones, mapping: Path) -> None:
    """Say how many cannot be called, and what to type where a country would mend that."""
    click.echo(f"{phones.not_callable:,} of {phones.sent:,} phones cannot be called")
    if phones.without_country:
        click.echo(
            f"  {phones.without_country:,} have no prefix such as +91, and nothing says their "
            f"country. Next: write it into {mapping} as a line of its own, such as\n"
            "  default_country: IN"
        )
