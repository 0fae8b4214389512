"""`lead-pipeline people`: who is who and why, and what somebody decides about it."""

import click
import orjson

from lead_pipeline.cli.loads import BY, REASON, draw_again
from lead_pipeline.cli.person import lines_of
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.people import (
    Decided,
    explain_person,
    merge_people,
    split_person,
    suggest,
    undo_decision,
)
from lead_pipeline.settings import read_settings
from lead_pipeline.warehouse import newest_snapshot

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def people() -> None:
    """Who is who and why, and what somebody decides about it."""


@people.command("explain")
@click.argument("subject", metavar="LEAD|PERSON|PHONE|EMAIL")
@AS_JSON
def explain(subject: str, as_json: bool) -> None:
    """Show why enquiries are one person, and why others that come near are not.

    Asked by the id of an enquiry or person (lead_id, person_id), a phone with its country code, or
    an e-mail. What it prints is personal data.
    """
    told = explain_person(_folder(), subject)
    if as_json:
        _print_json(told)
        return
    for person in told:
        for line in lines_of(person):
            click.echo(line)


@people.command("merge")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@REASON
@BY
@AS_JSON
def merge(one: str, other: str, reason: str, by: str, as_json: bool) -> None:
    """Make one person of two: A and B are a lead, person, phone or e-mail each."""
    _report(merge_people(_folder(), one, other, by, reason), as_json)


@people.command("split")
@click.argument("person", metavar="PERSON")
@click.argument("leads", metavar="LEAD...", nargs=-1, required=True)
@REASON
@BY
@AS_JSON
def split(person: str, leads: tuple[str, ...], reason: str, by: str, as_json: bool) -> None:
    """Make these leads of a person another person."""
    _report(split_person(_folder(), person, list(leads), by, reason), as_json)


@people.command("undo")
@click.argument("event", metavar="EVENT")
@click.option("--reason", default="taken back", show_default=True, help="Why; kept with it.")
@BY
@AS_JSON
def undo(event: str, reason: str, by: str, as_json: bool) -> None:
    """Take back a merge or split; everybody is who they were before it."""
    _report(undo_decision(_folder(), event, by, reason), as_json)


@people.command("suggestions")
@click.option("--limit", default=50, show_default=True, help="At most so many.")
@AS_JSON
def list_suggestions(limit: int, as_json: bool) -> None:
    """List persons that may be one, the likeliest first."""
    rows = suggest(_folder(), limit)
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        click.echo(
            f"{row['person_id']} {row['other_person_id']}  {row['weight']:.3f}  {row['reason']}"
        )
    if rows:
        click.echo(
            f"{len(rows)} suggestions; people explain shows both, people merge makes them one"
        )
    else:
        click.echo("0 suggestions: no two people share something that is too little for a merge")


def _folder() -> DataFolder:
    """The folder in which somebody is known. Raises WarehouseUnusable before the first run."""
    folder = open_folder(read_settings())
    newest_snapshot(folder.path)
    return folder


def _print_json(value: object) -> None:
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _report(decided: Decided, as_json: bool) -> None:
    draw_again(_folder(), decided.published)
    snapshot = decided.published.version if decided.published else None
    if as_json:
        moved = decided.resolution.moved_leads
        _print_json({"event": decided.event, "moved_leads": moved, "snapshot": snapshot})
        return
    click.echo(
        f"{decided.event}: {decided.resolution.moved_leads} enquiries moved to another person; "
        f"published as snapshot {snapshot}"
    )
    click.echo(f"To take it back: lead-pipeline people undo {decided.event}")
