"""One account down does not stop the others, and the message says what to do."""

import socket

import pytest

from lead_pipeline_tests.pipeline.conftest import World

TWO_DAYS = ("--from", "2026-11-19", "--to", "2026-11-20")


def unused_address() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def loaded_accounts(world: World) -> list[str]:
    return [account for (account,) in world.rows("SELECT DISTINCT account FROM leads ORDER BY ALL")]


@pytest.mark.slow
def test_a_wrong_key(world: World) -> None:
    result = world.command("run", *TWO_DAYS, AIMBASE_PRIVATE_KEY="not-the-key")
    assert result.exit_code == 1
    assert "VendorRefused: aimbase account aimbase" in result.output
    assert "AIMBASE_PRIVATE_KEY" in result.output
    assert "lead-pipeline run --account aimbase --from" in result.output
    assert "not-the-key" not in result.output
    assert loaded_accounts(world) == ["housing"]
    assert world.rows(
        "SELECT DISTINCT status, last_error FROM ops.coverage WHERE account = 'aimbase'"
    ) == [("missing", "VendorRefused")]


@pytest.mark.slow
def test_a_vendor_that_does_not_answer(world: World) -> None:
    result = world.command("run", *TWO_DAYS, HOUSING_BASE_URL=unused_address())
    assert result.exit_code == 1
    assert "VendorUnavailable: housing account housing" in result.output
    assert loaded_accounts(world) == ["aimbase"]

    repaired = world.command("run", *TWO_DAYS, "--account", "housing")
    assert repaired.exit_code == 0, repaired.output
    assert loaded_accounts(world) == ["aimbase", "housing"]


@pytest.mark.slow
def test_a_half_set_account(world: World) -> None:
    del world.variables["HOUSING_API_KEY"]
    result = world.command("run", *TWO_DAYS)
    assert result.exit_code == 1
    assert "ConfigError: housing account housing" in result.output
    assert "HOUSING_API_KEY is not set" in result.output
    assert loaded_accounts(world) == ["aimbase"]


@pytest.mark.slow
def test_an_account_that_is_off_is_no_failure(world: World) -> None:
    del world.variables["HOUSING_API_KEY"], world.variables["HOUSING_ID"]
    result = world.command("run", *TWO_DAYS)
    assert result.exit_code == 0, result.output
    assert loaded_accounts(world) == ["aimbase"]

    named = world.command("run", *TWO_DAYS, "--account", "housing")
    assert named.exit_code == 2
    assert "HOUSING_ID and HOUSING_API_KEY are not set" in named.output


def test_no_account_is_on(world: World) -> None:
    for name in list(world.variables):
        if name.startswith(("HOUSING", "AIMBASE", "QONTAK")):
            del world.variables[name]
    result = world.command("run", *TWO_DAYS)
    assert result.exit_code == 2
    assert "make demo" in result.output
    assert not (world.folder / "landing").exists()


@pytest.mark.slow
def test_another_environment_is_refused(world: World) -> None:
    assert world.command("run", "--days", "1").exit_code == 0
    result = world.command("run", "--days", "1", HOUSING_BASE_URL="https://leads.housing.example")
    assert result.exit_code == 2
    assert "--accept-environment" in result.output
    assert "production" in result.output
