"""Scans of Qontak that ask for several pages at once."""

import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from lead_pipeline.errors import VendorRefused, VendorUnavailable
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline_tests.vendors.cases import qontak_client
from lead_pipeline_tests.vendors.qontak_list import (
    PagedList,
    Scan,
    honest,
    scan,
    silent,
    task,
    tasks,
)
from lead_pipeline_tests.vendors.scripted import (
    Asked,
    FileBody,
    FolderBodies,
    Reply,
    scripted,
)

LONG = 60.0


def asking_threads() -> list[str]:
    names = [thread.name for thread in threading.enumerate()]
    return [name for name in names if name.startswith("pages-ahead")]


def given(found: Scan) -> list[tuple[object, ...]]:
    return [
        (one.stream, one.url.partition("?")[2], one.covers, one.resume, one.body.sha256)
        for one in found.deliveries
    ]


def shift(records: list[dict[str, object]], page: int) -> None:
    if page == 2 and task(99) not in records:
        records.insert(0, task(99))


@pytest.mark.parametrize("totals", [honest, silent])
@pytest.mark.parametrize("count", [0, 9, 10, 34, 95])
def test_the_same_is_given_in_the_same_order(tmp_path: Path, totals: object, count: int) -> None:
    one = scan(PagedList(tasks(count), totals), tmp_path)  # type: ignore[arg-type]  # one of ours
    many = scan(PagedList(tasks(count), totals), tmp_path, concurrency=4)  # type: ignore[arg-type]
    assert given(many) == given(one)
    assert many.complete
    assert many.verdict == one.verdict
    assert asking_threads() == []


def test_pages_that_shift_are_no_whole_list(tmp_path: Path) -> None:
    found = scan(PagedList(tasks(95), between=shift), tmp_path, concurrency=4)
    assert not found.complete


@pytest.mark.parametrize("concurrency", [1, 3])
def test_so_many_are_asked_for_at_once(tmp_path: Path, concurrency: int) -> None:
    """Each answer waits until all that may be asked for at once are there."""
    paged, together = PagedList(tasks(60)), threading.Barrier(concurrency, timeout=LONG)
    at_work: list[int] = []

    def script(asked: Asked) -> Reply:
        if int(asked.query.get("page", "7")) <= concurrency:
            together.wait()
            at_work.append(len(asking_threads()))
        return paged(asked)

    assert scan(script, tmp_path, concurrency=concurrency).complete
    assert max(at_work) == (0 if concurrency == 1 else concurrency)


def test_all_threads_keep_one_pace(tmp_path: Path) -> None:
    found = scan(PagedList(tasks(95)), tmp_path, concurrency=4, requests_per_second=2.0)
    assert found.complete
    assert sum(found.time.slept) >= (len(found.vendor.asked) - 1) / 2


def test_errors_come_in_their_turn(tmp_path: Path) -> None:
    paged, later = PagedList(tasks(60)), threading.Event()

    def script(asked: Asked) -> Reply:
        page = asked.query.get("page")
        if page == "2":
            assert later.wait(LONG)
        if page == "4":
            later.set()
        return Reply(status=401) if page in {"3", "4"} else paged(asked)

    found = scan(script, tmp_path, concurrency=4)
    assert isinstance(found.error, VendorRefused)
    assert found.error.next_step == "lead-pipeline doctor --account main"
    assert [one.url.partition("?")[2] for one in found.deliveries] == [
        "",
        "page=1&per_page=10",
        "page=2&per_page=10",
    ]
    assert asking_threads() == []


class InTurn(FolderBodies):
    """Bodies that only the thread that made them may write."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.owner = threading.get_ident()

    def store(self, chunks: Iterable[bytes]) -> FileBody:
        assert threading.get_ident() == self.owner
        return super().store(chunks)


def test_who_leaves_a_scan_ends_its_threads(tmp_path: Path) -> None:
    """Page 3 asks to come back in five minutes; its thread does not wait for that."""
    paged, busy = PagedList(tasks(600)), threading.Event()

    def script(asked: Asked) -> Reply:
        if asked.query.get("page") == "3":
            busy.set()
            return Reply(status=429, headers={"Retry-After": "300"})
        if asked.query.get("page") == "2":
            assert busy.wait(LONG)
        return paged(asked)

    with scripted(script) as vendor, HttpClient() as http:
        client = qontak_client(vendor.base_url, http, concurrency=4, per_page=10)
        deliveries = client.scan("tasks", None, InTurn(tmp_path), Countdown(900))
        for _ in range(3):
            next(deliveries)
        assert len(asking_threads()) == 4
        deliveries.close()  # type: ignore[attr-defined]  # a generator
        assert asking_threads() == []
        asked = [one.query.get("page") for one in vendor.asked]
        assert asked.count("3") == 1


def test_the_time_limit_holds_for_pages_asked_ahead(tmp_path: Path) -> None:
    paged = PagedList(tasks(600))

    def script(asked: Asked) -> Reply:
        if asked.query.get("page") == "3":
            return Reply(status=503, headers={"Retry-After": "300"})
        return paged(asked)

    with scripted(script) as vendor, HttpClient() as http:
        client = qontak_client(vendor.base_url, http, concurrency=4, per_page=10)
        with pytest.raises(VendorUnavailable) as raised:
            list(client.scan("tasks", None, InTurn(tmp_path), Countdown(30)))
    assert "300 s" in raised.value.what
    assert raised.value.next_step == "lead-pipeline run --scan --account main"
    assert asking_threads() == []
