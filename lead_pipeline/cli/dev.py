"""`lead-pipeline dev`: the Dagster UI, its daemon, and the sandbox if wanted."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

import click

from lead_pipeline.cli.demo import demo_environment
from lead_pipeline.cli.home import PROJECT, prepare_dagster_home
from lead_pipeline.errors import ConfigError
from lead_pipeline.settings import read_settings

ENDING_SECONDS = 20
"""How long Dagster's services may take to end before they are killed."""

QUIET = "ignore:Function `dev_command` is superseded"
"""Dagster recommends `dg dev`, which is no part of what this project needs to run."""


@click.command()
@click.option("--demo", "on_sandbox", is_flag=True, help="On the sandbox, in data/demo.")
@click.option("--port", default=3000, show_default=True, help="Port of the UI.")
def dev(on_sandbox: bool, port: int) -> None:
    """Open the Dagster UI on your own accounts, or with --demo on the sandbox."""
    _require_free(port)
    with demo_environment() if on_sandbox else nullcontext():
        folder = read_settings().data_dir.resolve()
        home = prepare_dagster_home(folder)
        # Dagster works in its home, where it would take the data folder for another one.
        os.environ["LEAD_PIPELINE_DATA_DIR"] = str(folder)
        click.echo(f"Dagster UI: http://127.0.0.1:{port} (takes half a minute; Ctrl-C ends it)")
        dagster = str(Path(sys.executable).with_name("dagster"))
        workspace = str(PROJECT / "workspace.yaml")
        code = _run([dagster, "dev", "--port", str(port), "--workspace", workspace], home)
    raise SystemExit(code)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigError(
                f"port {port} cannot be used ({error.strerror}): is the UI open already?",
                state="nothing was started",
                next_step="the same command with another --port",
            ) from error


def _run(command: Sequence[str], folder: Path) -> int:
    """Run until it ends, or we are told to end; its exit code. Nothing that it started is left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    quiet = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), QUIET)))
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=folder, env={**os.environ, "PYTHONWARNINGS": quiet}, start_new_session=True
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process and all that it started to end; if they do not, or on Ctrl-C, kill them."""
    with suppress(KeyboardInterrupt, ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(ENDING_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
