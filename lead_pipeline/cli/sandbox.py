"""`lead-pipeline sandbox`: the vendors, imitated on loopback."""

from datetime import UTC, datetime
from fractions import Fraction

import click

from lead_pipeline.errors import ConfigError
from lead_pipeline.sandbox import (
    Fault,
    FaultError,
    SandboxError,
    SandboxSettings,
    fault_from_text,
    serve,
)

NOW_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]


def _faults(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[Fault, ...]:
    try:
        return tuple(map(fault_from_text, given))
    except FaultError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Loopback address.")
@click.option("--port", default=8765, show_default=True, help="Port; 0 takes a free one.")
@click.option("--seed", default=7, show_default=True, help="Which population.")
@click.option("--leads-per-day", default=40, show_default=True, help="Enquiries per account.")
@click.option("--repeats", default=0, show_default=True, help="Exact repeats per 100 rows.")
@click.option("--whole-windows", is_flag=True, help="Answer windows whole: no cut-off, no limit.")
@click.option("--now", type=click.DateTime(NOW_FORMATS), help="Hold its clock (UTC).")
@click.option(
    "--fault",
    "faults",
    metavar="NAME[,FIELD=VALUE]...",
    callback=_faults,
    multiple=True,
    help="What goes wrong, such as unavailable,vendor=housing,times=2; repeatable.",
)
def sandbox(
    host: str,
    port: int,
    seed: int,
    leads_per_day: int,
    repeats: int,
    whole_windows: bool,
    now: datetime | None,
    faults: tuple[Fault, ...],
) -> None:
    """Imitate Housing, Aimbase and Qontak on this machine, with people who enquire.

    Prints the variables that point the pipeline at it. The same seed gives the same people, and
    /truth knows every enquiry of any day.
    """
    settings = SandboxSettings(
        seed=seed,
        leads_per_day=leads_per_day,
        repeats=Fraction(repeats, 100),
        whole_windows=whole_windows,
        now=now.replace(tzinfo=UTC) if now else None,
        faults=faults,
    )
    try:
        serve(host, port, settings)
    except FaultError as error:
        raise click.BadParameter(str(error), param_hint="--fault") from None
    except SandboxError as error:
        raise ConfigError(
            str(error),
            state="nothing was started",
            next_step="the same command with another --port",
        ) from None
