"""`lead-pipeline report`: the page that says what happened."""

import webbrowser

import click

from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.report import write_report
from lead_pipeline.settings import read_settings


@click.command()
@click.option("--open", "is_shown", is_flag=True, help="Show it in the browser.")
def report(is_shown: bool) -> None:
    """Write report.html into the data folder: what happened, from the newest snapshot.

    One file that works offline, without scripts and without personal data. Every run writes it
    too; `lead-pipeline gateway` serves it at /report.
    """
    path = write_report(open_folder(read_settings())).resolve()
    click.echo(f"Written: {path}")
    if is_shown:
        webbrowser.open(path.as_uri())
