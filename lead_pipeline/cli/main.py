"""The group that every command belongs to."""

import sys
from pathlib import Path

import click
from dotenv import load_dotenv

from lead_pipeline.cli.demo import demo
from lead_pipeline.cli.dev import dev
from lead_pipeline.cli.doctor import doctor
from lead_pipeline.cli.export import export
from lead_pipeline.cli.gateway import gateway
from lead_pipeline.cli.import_file import import_command
from lead_pipeline.cli.listsmrt import listsmrt
from lead_pipeline.cli.mask import mask
from lead_pipeline.cli.people import people
from lead_pipeline.cli.push import push
from lead_pipeline.cli.quarantine import quarantine
from lead_pipeline.cli.rebuild import rebuild
from lead_pipeline.cli.replay import replay
from lead_pipeline.cli.report import report
from lead_pipeline.cli.run import run
from lead_pipeline.cli.sandbox import sandbox
from lead_pipeline.cli.sandbox_send import sandbox_send
from lead_pipeline.cli.status import status
from lead_pipeline.errors import ConfigError, PipelineError
from lead_pipeline.pipeline.folder import write_privately


class _Group(click.Group):
    """Ends with our errors' own words instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(2 if isinstance(error, ConfigError) else 1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lead-pipeline")
def main() -> None:
    """Every lead, once, on time.

    Reads leads from the accounts under lead_pipeline/defs into {data dir}/leads.duckdb. Settings
    are environment variables, or lines of a .env file in this folder; .env.example lists them.
    """
    load_dotenv(Path(".env"))
    write_privately()


for _command in (
    *(run, status, doctor, replay, rebuild, quarantine, people, push),
    *(report, import_command, export, mask),
    *(gateway, listsmrt),
    *(demo, dev, sandbox, sandbox_send),
):
    main.add_command(_command)
