"""Scans of Qontak that were interrupted go on where they stopped."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.errors import UnreadableDelivery, VendorError, VendorRefused, VendorUnavailable
from lead_pipeline.vendors.qontak.paging import Progress
from lead_pipeline_tests.vendors.qontak_list import (
    PagedList,
    Scan,
    honest,
    page_from,
    scan,
    silent,
    task,
    tasks,
)
from lead_pipeline_tests.vendors.scripted import Asked, Reply


class Dying:
    """A list whose vendor fails from the n-th page on, until told otherwise."""

    def __init__(self, paged: PagedList, after: int, failure: Reply) -> None:
        self.paged, self.left, self.failure = paged, after, failure

    def __call__(self, asked: Asked) -> Reply:
        if not asked.target.endswith("/info"):
            self.left -= 1
            if self.left < 0:
                return self.failure
        return self.paged(asked)


FAILURES = {
    "unavailable": (Reply(status=503), VendorUnavailable),
    "refused": (Reply(status=401), VendorRefused),
    "web page": (Reply(b"<html>", content_type="text/html"), UnreadableDelivery),
    "no envelope": (Reply(b"[]"), UnreadableDelivery),
    "status in the meta": (Reply(b'{"meta": {"status": 404}}'), VendorRefused),
}


@pytest.mark.parametrize("kind", FAILURES)
@pytest.mark.parametrize("totals", [honest, silent])
def test_a_scan_goes_on_where_it_stopped(tmp_path: Path, kind: str, totals: object) -> None:
    failure, error = FAILURES[kind]
    paged = PagedList(tasks(45), totals)  # type: ignore[arg-type]  # one of ours
    keys: set[str] = set()
    resume, found = None, None
    for _ in range(20):
        found = scan(Dying(paged, 2, failure), tmp_path, resume=resume)
        readable = [one for one in found.deliveries if one.covers]
        keys |= Scan(found.vendor, found.client, found.time, readable).ids()
        resume = found.deliveries[-1].resume if found.deliveries else resume
        if found.verdict:
            break
        assert isinstance(found.error, error)
    assert found is not None
    assert found.complete, found.verdict
    assert keys == {f"t{number}" for number in range(45)}
    assert paged.pages == [1, 2, 3, 4, 5] * (1 if totals is honest else 2)


def test_an_unreadable_page_is_kept_and_asked_for_again(tmp_path: Path) -> None:
    found = scan(Dying(PagedList(tasks(25)), 1, Reply(b'"no"')), tmp_path)
    assert [one.covers for one in found.deliveries] == [True, True, False]
    first, bad = found.deliveries[1:]
    assert first.resume == bad.resume


@pytest.mark.parametrize(
    ("kind", "next_step"),
    [
        ("unavailable", "lead-pipeline run --scan --account main"),
        (
            "no envelope",
            "lead-pipeline doctor --account main, then lead-pipeline run --scan --account main",
        ),
        ("refused", "lead-pipeline doctor --account main"),
    ],
)
@pytest.mark.parametrize("after", [0, 1])
def test_the_error_of_a_scan_says_how_to_scan_again(
    tmp_path: Path, kind: str, next_step: str, after: int
) -> None:
    failure, _ = FAILURES[kind]
    found = scan(Dying(PagedList(tasks(25)), after, failure), tmp_path)
    assert isinstance(found.error, VendorError)
    assert found.error.next_step == next_step


def test_so_does_the_error_of_its_field_template(tmp_path: Path) -> None:
    found = scan(lambda _: Reply(status=503), tmp_path)
    assert isinstance(found.error, VendorUnavailable)
    assert found.error.next_step == "lead-pipeline run --scan --account main"


def test_a_scan_that_had_ended_asks_for_nothing(tmp_path: Path) -> None:
    whole = scan(PagedList(tasks(25)), tmp_path)
    again = scan(PagedList([]), tmp_path, resume=whole.deliveries[-1].resume)
    assert again.vendor.asked == []
    assert again.verdict == whole.verdict


def test_a_change_while_the_scan_was_interrupted_is_noticed(tmp_path: Path) -> None:
    for totals in (honest, silent):
        records = tasks(45)
        first = scan(Dying(PagedList(records, totals), 2, Reply(status=401)), tmp_path)
        resume = first.deliveries[-1].resume
        assert not scan(PagedList(records[1:], totals), tmp_path, resume=resume).complete
        later = [task(99), *records]
        assert not scan(PagedList(later, totals), tmp_path, resume=resume).complete


@pytest.mark.parametrize("resume", ["", "{}", "7", "[]", '{"page": 1}'])
def test_a_point_that_nobody_wrote_is_refused(tmp_path: Path, resume: str) -> None:
    found = scan(PagedList([]), tmp_path, resume=resume)
    assert isinstance(found.error, ValueError)
    assert found.vendor.asked == []


@given(st.lists(st.lists(st.integers(0, 200), max_size=12), max_size=8), st.integers(1, 12))
def test_the_point_to_go_on_from_is_all_there_is(pages: list[list[int]], size: int) -> None:
    progress = Progress(size)
    for rows in pages:
        if not progress.ended:
            progress.take(page_from(rows, {}))
            assert Progress.at(progress.text).text == progress.text


def test_an_id_of_the_page_before_an_interruption_is_known() -> None:
    progress = Progress(2)
    progress.take(page_from([1, 2], {}))
    later = Progress.at(progress.text)
    later.take(page_from([2, 3], {}))
    assert "came again" in later.trouble


def test_a_point_that_an_older_version_wrote_is_gone_on_from(tmp_path: Path) -> None:
    first = scan(Dying(PagedList(tasks(25)), 1, Reply(status=503)), tmp_path)
    kept = json.loads(first.deliveries[-1].resume or "")
    del kept["nameless"]
    found = scan(PagedList(tasks(25)), tmp_path, resume=json.dumps(kept))
    assert found.complete, found.verdict
