"""`lead-pipeline export`: rows of the published snapshot as CSV, Parquet or Excel."""

from pathlib import Path

import click

from lead_pipeline.pipeline.export import export as write_file
from lead_pipeline.pipeline.folder import write_privately
from lead_pipeline.settings import read_settings
from lead_pipeline.warehouse import open_snapshot


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[TABLE] FILE")
@click.option("--sql", help="A query instead of a table.")
@click.option("--replace", is_flag=True, help="Replace FILE if it is there.")
def export(words: tuple[str, ...], sql: str | None, replace: bool) -> None:
    """Write a table of the newest snapshot, or what --sql asks it, to FILE.

    FILE ends with .csv, .parquet or .xlsx. Times are UTC. Nothing in it is a live formula. It holds
    personal data wherever the table does; only its owner and group may read it.
    """
    wanted = 1 if sql else 2
    if len(words) != wanted:
        raise click.UsageError("give TABLE and FILE, or --sql and FILE")
    table = None if sql else words[0]
    write_privately()
    settings = read_settings()
    with open_snapshot(settings.data_dir, settings.most_memory_megabytes) as session:
        done = write_file(session, Path(words[-1]), table=table, sql=sql, replace=replace)
    click.echo(f"{done.rows:,} rows of {done.columns} columns are in {done.path}")
