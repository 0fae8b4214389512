"""`lead-pipeline mask`: the newest snapshot without personal data."""

import click

from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.mask import mask as write_masked
from lead_pipeline.settings import read_settings


@click.command()
def mask() -> None:
    """Write {data dir}/leads-masked.duckdb: the newest snapshot without its personal data.

    Text is hashed under LEAD_PIPELINE_MASK_KEY: equal values stay equal, so that joins and counts
    work. With LEAD_PIPELINE_PUBLISH_MASKED each run writes it by itself.
    """
    folder = open_folder(read_settings())
    masked = write_masked(folder)
    click.echo(f"{folder.path}/leads-masked.duckdb is {masked.name}")
