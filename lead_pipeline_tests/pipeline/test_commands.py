"""The command line: what it prints, how it exits, what it never prints."""

import click
import httpx
import pytest

from lead_pipeline.cli import main
from lead_pipeline.sandbox import Sandbox
from lead_pipeline.warehouse import Warehouse
from lead_pipeline_tests.pipeline.conftest import World


def every_command() -> list[tuple[str, click.Command]]:
    return sorted(main.commands.items())


def test_the_commands_are_these() -> None:
    assert [name for name, _ in every_command()] == [
        "demo",
        "dev",
        "doctor",
        "run",
        "sandbox",
        "status",
    ]


@pytest.mark.parametrize(("name", "command"), every_command())
def test_help_is_complete(name: str, command: click.Command) -> None:
    assert command.help, name
    for parameter in command.params:
        assert isinstance(parameter, click.Option)
        assert parameter.help, f"{name} {parameter.name}"
        assert parameter.help.endswith("."), f"{name} {parameter.name}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give either --from (and --to) or --days"),
        (("--days", "2", "--from", "2026-11-14"), "give either"),
        (("--days", "2", "--to", "2026-11-14"), "--to goes with --from"),
        (("--from", "2026-11-20", "--to", "2026-11-14"), "is before"),
        (("--from", "2026-11-20", "--to", "2026-11-21"), "has not begun"),
        (("--from", "2024-12-31"), "the first day there is"),
        (("--days", "1", "--account", "nobody"), "no account is named nobody; there are aimbase"),
        (("--days", "1", "--source", "nobody"), "no source is named nobody"),
    ],
)
def test_a_wrong_call_says_why(world: World, arguments: tuple[str, ...], message: str) -> None:
    result = world.command("run", *arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_a_wrong_setting_is_named(world: World) -> None:
    result = world.command("run", "--days", "1", LEAD_PIPELINE_LOOKBACK_DAYS="many")
    assert result.exit_code == 2
    assert "LEAD_PIPELINE_LOOKBACK_DAYS" in result.output


def test_run_ends_with_a_table(world: World) -> None:
    result = world.command("run", "--days", "2", "--source", "housing")
    assert result.exit_code == 0
    for name in ("received", "new", "changed", "unchanged", "stale", "quarantined", "seconds"):
        assert name in result.output
    assert "housing: 2026-11-19 to" in result.output
    assert "aimbase: 2026-11-18 06:00:00" not in result.output


def test_status_of_a_loaded_folder(loaded: World) -> None:
    result = loaded.command("status")
    assert result.exit_code == 0, result.output
    assert "2026-11-14" in result.output
    assert "2026-11-13" not in result.output
    assert "any time" in result.output


def test_status_tells_what_is_missing(world: World) -> None:
    assert world.command("run", "--from", "2026-11-16", "--to", "2026-11-17").exit_code == 0
    result = world.command("status")
    assert result.exit_code == 1
    assert "--from 2026-11-18 --to 2026-11-19" in result.output


def test_status_before_the_first_run(world: World) -> None:
    result = world.command("status")
    assert result.exit_code == 2
    assert "lead-pipeline run --days 7" in result.output


def test_doctor_moves_no_cursor_and_prints_no_secret(world: World, sandbox: Sandbox) -> None:
    cursors = httpx.get(f"{sandbox.base_url}/state").json()["cursors"]
    result = world.command("doctor")
    assert result.exit_code == 0, result.output
    assert httpx.get(f"{sandbox.base_url}/state").json()["cursors"] == cursors
    for name, value in sandbox.environment().items():
        if "BASE_URL" not in name:
            assert value not in result.output


def test_doctor_names_the_cause(world: World) -> None:
    result = world.command("doctor", HOUSING_API_KEY="wrong")
    assert result.exit_code == 1
    assert "HOUSING_API_KEY" in result.output
    late = world.command("doctor", LEAD_PIPELINE_NOW="2026-11-20T17:00:00Z")
    assert late.exit_code == 1
    assert "clock" in late.output


def test_no_secret_is_kept_anywhere(loaded: World) -> None:
    secrets = [
        value.encode()
        for name, value in loaded.variables.items()
        if name in {"HOUSING_API_KEY", "AIMBASE_PRIVATE_KEY"}
    ]
    found = [
        path
        for path in loaded.folder.rglob("*")
        if path.is_file() and any(secret in path.read_bytes() for secret in secrets)
    ]
    assert secrets
    assert found == []


def test_the_run_is_in_dagsters_history(loaded: World) -> None:
    assert (loaded.folder / "dagster" / "history" / "runs.db").exists()


def test_books_that_do_not_balance_are_shown(world: World) -> None:
    assert world.command("run", "--days", "1").exit_code == 0
    warehouse = Warehouse(world.folder / "warehouse.duckdb", wait_seconds=0)
    with warehouse.open() as session:
        session.run("UPDATE ops.deliveries SET received = received + 1 WHERE load_id = 1")
    result = world.command("run", "--days", "1")
    assert result.exit_code == 1
    assert "ledger_balances: 1 loads do not balance" in result.output
