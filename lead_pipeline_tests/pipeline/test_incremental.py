"""Asking only for what is new: nothing is lost, whatever becomes of an answer."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lead_pipeline.components.aimbase import AimbaseAccount
from lead_pipeline.landing.cursors import CursorBook
from lead_pipeline.records import Receipt, day_window
from lead_pipeline.sandbox import Sandbox, SandboxSettings, running_sandbox
from lead_pipeline.vendors.contract import Client
from lead_pipeline_tests.pipeline.conftest import environment
from lead_pipeline_tests.pipeline.incremental import PLACES, Runs, Spoil, passing_on
from lead_pipeline_tests.pipeline.test_truth import lead_id
from lead_pipeline_tests.vendors.scripted import Asked, Reply, ScriptedVendor, scripted
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

START = datetime(2026, 11, 18, 18, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@contextmanager
def runs_in(path: Path) -> Iterator[Runs]:
    """A sandbox at START, which nobody has asked yet, and a data folder without anything in it."""
    put_warehouse(path)
    with running_sandbox(SandboxSettings(now=START, leads_per_day=20)) as sandbox:
        variables = sandbox.environment()
        with environment(variables):
            yield Runs(sandbox, path, variables["AIMBASE_BASE_URL"])


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Runs]:
    """Before the first run."""
    with runs_in(tmp_path / "data") as runs:
        yield runs


@pytest.fixture(scope="module")
def after_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder as the first run leaves it, made once."""
    with runs_in(tmp_path_factory.mktemp("one") / "data") as runs:
        runs.run(START)
    return runs.path


@pytest.fixture
def runs(fresh: Runs, after_one: Path) -> Runs:
    """After the first run, at START: a copy of its folder, and the cursor that it moved."""
    fresh.ask(START)
    shutil.rmtree(fresh.path)
    shutil.copytree(after_one, fresh.path)
    return fresh


def slow(value: str) -> object:
    return pytest.param(value, marks=pytest.mark.slow)


def is_incremental(asked: Asked) -> bool:
    return not asked.query


def queries(vendor: ScriptedVendor) -> list[dict[str, str]]:
    return [asked.query for asked in vendor.asked]


def true_leads(sandbox: Sandbox, first: date, last: date) -> list[str]:
    leads = sandbox.truth(first, last)["leads"]
    return sorted(lead_id(lead) for lead in leads if lead["account"] == "aimbase")


def assert_all_is_there(runs: Runs) -> None:
    """Every lead of the days that the first run can have reached until now."""
    first, last = runs.moments[0].date() - 5 * DAY, runs.moments[-1].date()
    rows = runs.rows(
        "SELECT lead_id FROM core.leads WHERE CAST(created_at AT TIME ZONE 'UTC' AS DATE) "
        f"BETWEEN '{first}' AND '{last}' ORDER BY lead_id"
    )
    truth = true_leads(runs.sandbox, first, last)
    assert [lead for (lead,) in rows] == truth
    assert truth


def statuses(runs: Runs) -> dict[date, str]:
    return dict(runs.rows("SELECT day, status FROM ops.coverage ORDER BY day"))


def errors(receipts: list[Receipt]) -> list[str | None]:
    return [receipt.error for receipt in receipts]


@pytest.mark.slow
def test_several_days_equal_the_truth(fresh: Runs) -> None:
    moments = [START, START + timedelta(hours=3), START + DAY, START + timedelta(days=1, hours=9)]
    moments += [START + 3 * DAY, START + timedelta(days=3, hours=20)]
    for moment in moments:
        assert errors(fresh.run(moment)) in ([None], [None, None])
        assert_all_is_there(fresh)
    assert fresh.failures() == []
    assert fresh.mark()["is_open"] is False
    *past, today = statuses(fresh).values()
    assert (set(past), today) == ({"complete"}, "partial")


def test_a_second_run_brings_only_what_is_new(runs: Runs) -> None:
    later = START + timedelta(hours=5)
    runs.run(later)
    ((received, new),) = runs.rows("SELECT received, new FROM ops.deliveries ORDER BY 1 LIMIT 1")
    assert received == new
    ((known,),) = runs.rows(
        f"SELECT count(*) FROM core.leads WHERE created_at > '{START}'::TIMESTAMPTZ"
    )
    assert received == known > 0
    assert runs.cursor() == later.isoformat()


def test_the_first_call_is_followed_by_a_recovery(fresh: Runs) -> None:
    with scripted(passing_on(fresh.base_url, lambda _, reply: reply)) as vendor:
        first = fresh.ask(START, base_url=vendor.base_url)
        second = fresh.ask(START + DAY, base_url=vendor.base_url)
    assert queries(vendor) == [{}, {"Days": "7"}, {}]
    assert [receipt.window is None for receipt in first] == [True, False]
    assert second[0].window is not None
    assert second[0].requested_at.date() == date(2026, 11, 19)


def test_an_answer_is_filed_under_the_day_of_its_call(fresh: Runs) -> None:
    fresh.ask(START)
    fresh.ask(START + DAY)
    folder = fresh.path / "landing/receipts/aimbase/aimbase/leads"
    assert sorted(path.name for path in folder.iterdir()) == ["2026-11-18", "2026-11-19"]


SPOILT: dict[str, Callable[[Reply], Reply]] = {
    "500": lambda _: Reply(b"", status=500),
    "429": lambda _: Reply(b"", status=429, headers={"Retry-After": "1"}),
    "401": lambda _: Reply(b"", status=401),
    "cut": lambda reply: Reply(reply.body[:500], promised=len(reply.body), content_type="text/xml"),
    "truncated": lambda reply: Reply(reply.body[:-40], content_type="text/xml"),
    "page": lambda _: Reply(b"<html/>", content_type="text/html"),
    "empty": lambda _: Reply(b"", content_type="text/xml"),
}


# Each takes three runs; these three differ in what the vendor's client makes of them.
OFTEN = {"cut"}


@pytest.mark.parametrize("fault", [fault if fault in OFTEN else slow(fault) for fault in SPOILT])
def test_a_lost_answer_is_made_good_at_once(
    runs: Runs, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    def spoil(asked: Asked, reply: Reply) -> Reply:
        return SPOILT[fault](reply) if is_incremental(asked) else reply

    with scripted(passing_on(runs.base_url, spoil)) as vendor:
        runs.run(START + DAY, base_url=vendor.base_url)
    assert queries(vendor) == [{}, {"Days": "7"}]
    assert runs.cursor() == (START + DAY).isoformat()
    assert_all_is_there(runs)
    assert runs.failures() == []
    assert "asking for the last days" in caplog.text
    assert runs.mark() == {"is_open": False, "landed_at": None}
    runs.run(START + 2 * DAY)
    assert_all_is_there(runs)
    assert runs.mark()["landed_at"] == (START + 2 * DAY).isoformat()


def down(_: Asked, __: Reply) -> Reply:
    return Reply(b"", status=503)


def unreadable(_: Asked, __: Reply) -> Reply:
    return Reply(b"<ProcessSalesLead>", content_type="text/xml")


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [down, unreadable])
def test_a_failed_recovery_is_owed_to_the_next_run(runs: Runs, spoil: Spoil) -> None:
    with scripted(passing_on(runs.base_url, spoil)) as vendor:
        receipts = runs.run(START + DAY, base_url=vendor.base_url)
        assert [query for query in queries(vendor) if not query] == [{}]
        assert errors(receipts)[-1] in {"VendorUnavailable", "UnreadableDelivery"}
        assert runs.mark()["is_open"] is True
        assert [(fail.first_day, fail.last_day) for fail in runs.failures()] == [
            (date(2026, 11, 18), date(2026, 11, 19))
        ]
        vendor.script = passing_on(runs.base_url, lambda _, reply: reply)
        vendor.asked.clear()
        runs.run(START + 2 * DAY, base_url=vendor.base_url)
        assert queries(vendor) == [{"Days": "7"}]
    assert runs.failures() == []
    assert runs.mark()["is_open"] is False
    assert_all_is_there(runs)


@pytest.mark.parametrize("place", [PLACES[0], *map(slow, PLACES[1:])])
def test_a_process_that_dies_before_landing_loses_nothing(runs: Runs, place: str) -> None:
    assert runs.die(place, START + DAY) == -9
    assert runs.cursor() == (START + DAY).isoformat()
    assert runs.mark()["is_open"] is True
    with scripted(passing_on(runs.base_url, lambda _, reply: reply)) as vendor:
        runs.run(START + timedelta(days=1, minutes=1), base_url=vendor.base_url)
        assert queries(vendor) == [{"Days": "7"}]
        assert_all_is_there(runs)
        runs.run(START + 2 * DAY, base_url=vendor.base_url)
        assert queries(vendor)[1:] == [{}, {"Days": "7"}]
    assert_all_is_there(runs)


def test_past_days_are_not_asked_for(runs: Runs, caplog: pytest.LogCaptureFixture) -> None:
    before = runs.cursor(), statuses(runs)
    past = day_window(START.date() - DAY)
    assert runs.run(START + timedelta(hours=1), past) == []
    assert (runs.cursor(), statuses(runs)) == before
    assert "not asked" in caplog.text


@pytest.mark.slow
def test_past_days_ask_for_an_answer_that_is_owed(runs: Runs) -> None:
    runs.die("arriving", START + DAY)
    moved = runs.cursor()
    receipts = runs.run(START + 2 * DAY, day_window(START.date()))
    assert errors(receipts) == [None]
    assert runs.cursor() == moved
    assert_all_is_there(runs)


def test_two_runs_at_once_make_one_call(runs: Runs) -> None:
    second: list[Receipt] = []

    def spoil(_: Asked, reply: Reply) -> Reply:
        second.extend(runs.run(START + DAY))
        return reply

    with scripted(passing_on(runs.base_url, spoil)) as vendor:
        first = runs.run(START + DAY, base_url=vendor.base_url)
    assert queries(vendor) == [{}]
    assert errors(first) == [None]
    assert errors(second) == ["VendorUnavailable"]
    assert f"process {os.getpid()} is asking" in str(second[0].message)
    assert "lead-pipeline run --account aimbase --from 2026-11-19" in str(second[0].message)
    assert runs.failures() == []
    assert_all_is_there(runs)


def test_a_cursor_that_another_holds_is_left_alone(fresh: Runs) -> None:
    with CursorBook(fresh.path / "landing/cursors").hold("aimbase", "aimbase", "leads"):
        receipts = fresh.ask(START)
    assert errors(receipts) == ["VendorUnavailable"]
    assert fresh.cursor() is None
    assert errors(fresh.ask(START + timedelta(minutes=1))) == [None, None]


def configured(**settings: str) -> Client:
    """The client of an account as its YAML gives it."""
    names = ("base_url", "nmma_id", "public_key", "private_key")
    fields = {f"{name}_variable": f"AIMBASE_{name.upper()}" for name in names}
    component = AimbaseAccount.model_validate({"account": "aimbase", **fields, **settings})
    return component.open_account().require_client()


@pytest.mark.parametrize("mode", ["windows", "incremental"])
def test_a_probe_moves_no_cursor(fresh: Runs, mode: str) -> None:
    with environment({**fresh.sandbox.environment(), "LEAD_PIPELINE_NOW": START.isoformat()}):
        client = configured(mode=mode)
    assert client.moves_cursor is (mode == "incremental")
    assert client.probe().accepted
    client.close()
    assert fresh.cursor() is None


def test_days_are_asked_for_unless_told_otherwise(fresh: Runs) -> None:
    with environment(fresh.sandbox.environment()):
        client = configured()
    assert client.moves_cursor is False
    client.close()


def test_a_gap_longer_than_the_vendor_reaches_is_not_covered(runs: Runs) -> None:
    runs.run(START + 9 * DAY)
    found = statuses(runs)
    assert found[START.date()] == "partial"
    assert found[START.date() + DAY] == "missing"
    assert found[START.date() + 8 * DAY] == "complete"
