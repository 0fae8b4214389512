"""The command line: what it prints, how it exits, what it never prints."""

import re
from pathlib import Path

import click
import httpx
import pytest

from lead_pipeline.cli import main
from lead_pipeline.sandbox import Fault, FaultKind, Sandbox
from lead_pipeline.warehouse import Warehouse
from lead_pipeline_tests.pipeline.conftest import World


def every_command() -> list[tuple[str, click.Command]]:
    """Groups and, by `group command`, what is in them."""
    inner = [
        (f"{name} {part}", command)
        for name, group in main.commands.items()
        if isinstance(group, click.Group)
        for part, command in group.commands.items()
    ]
    return sorted([*main.commands.items(), *inner])


def test_the_commands_are_these() -> None:
    assert [name for name, _ in every_command()] == [
        "demo",
        "dev",
        "doctor",
        "export",
        "gateway",
        "import",
        "listsmrt",
        "listsmrt link",
        "listsmrt url",
        "mask",
        "people",
        "people explain",
        "people merge",
        "people split",
        "people suggestions",
        "people undo",
        "push",
        "quarantine",
        "quarantine dismiss",
        "quarantine export",
        "quarantine list",
        "quarantine retry",
        "quarantine show",
        "quarantine undo",
        "rebuild",
        "replay",
        "report",
        "run",
        "sandbox",
        "sandbox-send",
        "sandbox-send look-ups",
        "sandbox-send webhooks",
        "status",
    ]


@pytest.mark.parametrize(("name", "command"), every_command())
def test_help_is_complete(name: str, command: click.Command) -> None:
    assert command.help, name
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            assert parameter.metavar or parameter.name.upper() in command.help, name
            continue
        assert isinstance(parameter, click.Option)
        assert parameter.help, f"{name} {parameter.name}"
        assert parameter.help.endswith("."), f"{name} {parameter.name}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give either --from (and --to) or --days"),
        (("--days", "2", "--from", "2026-11-14"), "give either"),
        (("--days", "2", "--to", "2026-11-14"), "--to goes with --from"),
        (
            ("--from", "2026-11-20", "--to", "2026-11-14"),
            "is before --from 2026-11-20; type --from 2026-11-14 --to 2026-11-20",
        ),
        (
            ("--from", "2026-11-20", "--to", "2026-11-21"),
            "has not begun: today is 2026-11-20 UTC; type --from 2026-11-20 --to 2026-11-20",
        ),
        (("--from", "2027-1-1"), "--from 2027-01-01 has not begun"),
        (("--from", "2026-13-01"), "'2026-13-01' is no day; type year-month-day"),
        (("--from", "14.11.2026"), "'14.11.2026' is no day; type year-month-day"),
        (("--from", "2024-12-31"), "the first day there is; type --from 2025-01-01"),
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


def test_status_of_a_loaded_folder(loaded: World) -> None:
    result = loaded.command("status")
    assert result.exit_code == 0, result.output
    assert "2026-11-14" in result.output
    assert "2026-11-13" not in result.output
    assert "any time" in result.output


@pytest.mark.slow
def test_status_tells_what_is_missing(world: World) -> None:
    assert world.command("run", "--from", "2026-11-16", "--to", "2026-11-17").exit_code == 0
    result = world.command("status")
    assert result.exit_code == 1
    assert "--from 2026-11-18 --to 2026-11-19" in result.output


SHOWS_WHAT_IS_PUBLISHED = (
    "export leads leads.csv",
    "mask",
    "people explain P000000001",
    "people merge A B --reason x",
    "people split A B --reason x",
    "people suggestions",
    "people undo E000001",
    "report",
    "status",
)
NEEDS_NOTHING_PUBLISHED = {
    *("demo", "dev", "doctor", "gateway", "import", "listsmrt link", "listsmrt url", "push"),
    *("quarantine dismiss", "quarantine export", "quarantine list", "quarantine retry"),
    *("quarantine show", "quarantine undo", "rebuild", "replay", "run"),
    *("sandbox", "sandbox-send look-ups", "sandbox-send webhooks"),
}


def test_every_command_is_known_to_need_a_snapshot_or_not() -> None:
    """What is new has to say which it is."""
    names = [name for name, command in every_command() if not isinstance(command, click.Group)]
    shows = {
        name
        for name in names
        for call in SHOWS_WHAT_IS_PUBLISHED
        if call == name or call.startswith(f"{name} ")
    }
    assert len(shows) == len(SHOWS_WHAT_IS_PUBLISHED)
    assert {*names} == shows | NEEDS_NOTHING_PUBLISHED


@pytest.mark.parametrize("call", SHOWS_WHAT_IS_PUBLISHED)
def test_before_the_first_run_there_is_one_answer(world: World, call: str) -> None:
    result = world.command(*call.split(), LEAD_PIPELINE_MASK_KEY="only-for-this-test")
    assert result.exit_code == 1
    assert "nothing has been published" in result.output
    assert "lead-pipeline run --days 7" in result.output
    assert not world.folder.exists()


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


SIGNED = re.compile(rb"hash=[0-9a-f]{64}|signature=.?.?[0-9a-f]{64}|nonce=.?.?[0-9A-Za-z]{50}")


def places_of_secrets(world: World) -> list[Path]:
    """Files that hold a secret or what was signed with one."""
    names = {"HOUSING_API_KEY", "AIMBASE_PRIVATE_KEY"}
    secrets = [value.encode() for name, value in world.variables.items() if name in names]
    assert len(secrets) == len(names)
    contents = ((path, path.read_bytes()) for path in world.folder.rglob("*") if path.is_file())
    return [
        path
        for path, content in contents
        if any(secret in content for secret in secrets) or SIGNED.search(content)
    ]


def test_no_secret_is_kept_anywhere(loaded: World) -> None:
    assert places_of_secrets(loaded) == []


@pytest.mark.slow
def test_no_secret_is_kept_or_shown_after_failures(world: World, sandbox: Sandbox) -> None:
    spoiled = (FaultKind.SERVER_ERROR, FaultKind.CUT_IN_BODY, FaultKind.WEB_PAGE_MISLABELLED)
    sandbox.set_faults(
        [
            *(Fault(kind, times=1) for kind in spoiled),
            Fault(FaultKind.EXPIRED_KEY, vendor="housing"),
            Fault(FaultKind.CLOCK_SKEW, vendor="aimbase", seconds=5_000),
        ]
    )
    try:
        result = world.command("run", "--days", "2")
    finally:
        sandbox.clear_faults()
    assert result.exit_code == 1
    assert places_of_secrets(world) == []
    assert not SIGNED.search(result.output.encode())


def test_the_run_is_in_dagsters_history(loaded: World) -> None:
    assert (loaded.folder / "dagster" / "history" / "runs.db").exists()


@pytest.mark.slow
def test_books_that_do_not_balance_are_shown(world: World) -> None:
    assert world.command("run", "--days", "1").exit_code == 0
    warehouse = Warehouse(world.folder / "warehouse.duckdb", wait_seconds=0)
    with warehouse.open() as session:
        session.run("UPDATE ops.deliveries SET received = received + 1 WHERE load_id = 1")
    result = world.command("run", "--days", "1")
    assert result.exit_code == 1
    assert "ledger_balances: 1 loads do not balance" in result.output
