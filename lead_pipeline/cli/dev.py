"""`lead-pipeline dev`: the Dagster UI, its daemon, and the sandbox if wanted."""

import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from lead_pipeline.cli.demo import demo_environment
from lead_pipeline.cli.home import prepare_dagster_home
from lead_pipeline.settings import read_settings


@click.command()
@click.option("--demo", "on_sandbox", is_flag=True, help="On the sandbox, in data/demo.")
@click.option("--port", default=3000, show_default=True, help="Port of the UI.")
def dev(on_sandbox: bool, port: int) -> None:
    """Open the Dagster UI on your own accounts, or with --demo on the sandbox."""
    with demo_environment() if on_sandbox else nullcontext():
        prepare_dagster_home(read_settings().data_dir)
        command = [str(Path(sys.executable).with_name("dagster")), "dev"]
        command += ["--port", str(port), "-m", "lead_pipeline.definitions"]
        click.echo(f"Dagster UI: http://127.0.0.1:{port}  (Ctrl-C ends it)")
        process = subprocess.Popen(command, env=os.environ)  # noqa: S603 - our own program
        signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
        try:
            code = process.wait()
        except KeyboardInterrupt:
            code = process.wait()
    raise SystemExit(code)
