"""`lead-pipeline rebuild`: warehouse and snapshot anew, from landing and journal alone."""

import click

from lead_pipeline.cli.accounts import load_accounts
from lead_pipeline.cli.loads import draw_again, progress, summarise
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.rebuild import rebuild as rebuild_warehouse
from lead_pipeline.settings import read_settings


@click.command()
def rebuild() -> None:
    """Make the warehouse anew from what is kept: landing (what vendors sent), journal (who is who).

    Contents and person ids are the same as before. The old warehouse stays until the new one is
    whole, so to interrupt is safe; a damaged one is set aside. Exit code 1: some kept answer
    could not be read.
    """
    folder = open_folder(read_settings())
    accounts = [component.open_account() for component in load_accounts()[1]]
    made = rebuild_warehouse(folder, accounts, progress("Loading all that is kept"))
    if made.set_aside:
        click.echo(f"The old warehouse was damaged; it is now {made.set_aside}")
    draw_again(folder, made.published)
    if not summarise(made.lines, folder, made.published):
        raise SystemExit(1)
