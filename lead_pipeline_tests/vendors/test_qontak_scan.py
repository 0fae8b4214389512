"""Scans of Qontak: whole lists, lists that shift, totals that lie, and going on after an error."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_pipeline.errors import UnreadableDelivery
from lead_pipeline.vendors.qontak.paging import Progress
from lead_pipeline_tests.vendors.qontak_list import (
    TEMPLATE,
    PagedList,
    honest,
    page_from,
    scan,
    silent,
    task,
    tasks,
)
from lead_pipeline_tests.vendors.scripted import Asked, Reply


def lying(_: int, page: int, rows: int, __: int) -> dict[str, object]:
    return {"page": page, "total_page": 1, "current_data": rows, "total_data": rows}


def doubled(records: int, page: int, *_: int) -> dict[str, object]:
    return {"page": page, "total_page": 99, "total_data": records * 2}


def named_differently(records: int, page: int, rows: int, _: int) -> dict[str, object]:
    return {"current_page": f"{page}", "total_current_data": rows, "total_data": f"{records}"}


@pytest.mark.parametrize("totals", [honest, silent, lying, doubled, named_differently])
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 30, 34])
def test_a_list_that_stands_still_is_read_whole(tmp_path: Path, totals: object, count: int) -> None:
    found = scan(PagedList(tasks(count), totals), tmp_path)  # type: ignore[arg-type]  # one of ours
    assert found.complete, found.verdict
    assert found.ids() == {f"t{number}" for number in range(count)}


def test_the_template_comes_first_and_every_page_says_where_to_go_on(tmp_path: Path) -> None:
    paged = PagedList(tasks(34))
    found = scan(paged, tmp_path)
    assert [one.stream for one in found.deliveries] == ["tasks_info"] + ["tasks"] * 4
    assert found.deliveries[0].resume is None
    assert all(one.resume for one in found.deliveries[1:])
    assert all(one.window is None and one.covers for one in found.deliveries)
    assert paged.pages == [1, 2, 3, 4]


def test_full_pages_are_followed_by_one_more(tmp_path: Path) -> None:
    paged = PagedList(tasks(30))
    assert scan(paged, tmp_path).complete
    assert paged.pages == [1, 2, 3, 4]


def test_a_vendor_that_gives_fewer_than_asked_for(tmp_path: Path) -> None:
    for totals in (honest, silent):
        found = scan(PagedList(tasks(34), totals, cap=4), tmp_path)
        assert found.complete, found.verdict
        assert len(found.ids()) == 34


def test_without_totals_the_list_is_read_twice(tmp_path: Path) -> None:
    paged = PagedList(tasks(25), silent)
    assert scan(paged, tmp_path).complete
    assert paged.pages == [1, 2, 3] * 2


def test_a_vendor_that_knows_no_pages(tmp_path: Path) -> None:
    whole = Reply(json.dumps({"response": tasks(4)}).encode())

    def script(asked: Asked) -> Reply:
        return Reply(TEMPLATE) if asked.target.endswith("/info") else whole

    found = scan(script, tmp_path)
    assert found.complete
    assert [one.url.partition("?")[2] for one in found.deliveries] == [
        "",
        "page=1&per_page=10",
        "page=2&per_page=10",
    ]


def test_a_full_page_given_for_every_number_is_no_whole_list(tmp_path: Path) -> None:
    def script(asked: Asked) -> Reply:
        info = asked.target.endswith("/info")
        return Reply(json.dumps({"response": tasks(0 if info else 10)}).encode())

    found = scan(script, tmp_path)
    assert not found.complete
    assert len(found.vendor.asked) == 3


def removed(records: list[dict[str, object]], page: int) -> None:
    if page == 2 and task(3) in records:
        records.remove(task(3))


def added_in_front(records: list[dict[str, object]], page: int) -> None:
    if page == 2 and task(99) not in records:
        records.insert(0, task(99))


def moved_to_the_end(records: list[dict[str, object]], page: int) -> None:
    if page == 2 and records[-1] != task(3):
        records.append(records.pop(3))


@pytest.mark.parametrize("change", [removed, added_in_front, moved_to_the_end])
@pytest.mark.parametrize("totals", [honest, silent, lying, doubled])
def test_pages_that_shift_are_never_a_whole_list(
    tmp_path: Path, change: object, totals: object
) -> None:
    paged = PagedList(tasks(34), totals, change)  # type: ignore[arg-type]  # both ours
    found = scan(paged, tmp_path)
    assert not found.complete, found.verdict


@settings(deadline=None, max_examples=300)
@given(
    count=st.integers(0, 40),
    size=st.integers(1, 12),
    changes=st.dictionaries(
        st.integers(1, 10), st.tuples(st.booleans(), st.integers(0, 60)), max_size=3
    ),
    says=st.sampled_from([honest, silent, lying, doubled, named_differently]),
    nameless=st.sets(st.integers(0, 40), max_size=4),
)
def test_complete_means_that_nothing_that_stayed_was_missed(
    count: int, size: int, changes: dict[int, tuple[bool, int]], says: object, nameless: set[int]
) -> None:
    """One change at a time, between two pages: removed, or added anywhere. Some have no id."""
    records = list(range(count))
    begun, seen, asked = set(records), set(), 0
    progress = Progress(size)
    while not progress.ended:
        rows = records[(progress.page - 1) * size : progress.page * size]
        said = says(len(records), progress.page, len(rows), size)  # type: ignore[operator]  # ours
        seen |= set(rows)
        progress.take(page_from(rows, said, nameless))
        progress = Progress.at(progress.text) if asked == 5 else progress
        asked += 1
        assert asked < 300
        remove, where = changes.get(asked, (True, -1))
        if remove and 0 <= where < len(records):
            del records[where]
        elif not remove:
            records.insert(min(where, len(records)), 1000 + asked)
    assert progress.trouble or begun & set(records) <= seen


def test_a_total_that_changes_on_a_page_without_anything_new_vouches_for_nothing() -> None:
    """The seventh of eight went, the first of the next page with it; then another one came."""
    progress = Progress(7)
    progress.take(page_from([0, 1, 2, 3, 4, 5, 6], {"total_data": 8}))
    progress.take(page_from([], {"total_data": 7}))
    assert progress.first is not None, "the list is to be read twice"
    while not progress.ended:
        rows = [0, 1, 2, 3, 5, 6, 7, 8]
        start = (progress.page - 1) * 7
        progress.take(page_from(rows[start : start + 7], {"total_data": 8}))
    assert progress.trouble


def test_an_id_on_two_pages_is_no_whole_list(tmp_path: Path) -> None:
    twice = [*tasks(12), task(3), *tasks(30)[12:]]
    for totals in (honest, silent):
        found = scan(PagedList(twice, totals), tmp_path)
        assert not found.complete
        assert found.verdict is not None
        assert "came again on page 2" in found.verdict.reason


def test_an_id_that_comes_twice_on_one_page_is_one_id(tmp_path: Path) -> None:
    assert scan(PagedList([*tasks(12), task(11)], silent), tmp_path).complete


def test_totals_that_say_more_or_less_are_believed(tmp_path: Path) -> None:
    def more(records: int, page: int, rows: int, size: int) -> dict[str, object]:
        return honest(records + 3, page, rows, size)

    found = scan(PagedList(tasks(34), more), tmp_path)
    assert found.verdict is not None
    assert not found.complete
    assert "37" in found.verdict.reason
    assert "34" in found.verdict.reason


def test_an_empty_page_amid_the_list_is_asked_for_again(tmp_path: Path) -> None:
    paged = PagedList(tasks(34))
    empty = [2]

    def script(asked: Asked) -> Reply:
        reply = paged(asked)
        if asked.query.get("page") in {f"{page}" for page in empty}:
            empty.clear()
            said = honest(34, 2, 0, 10)
            return Reply(json.dumps({"response": []} | said).encode())
        return reply

    found = scan(script, tmp_path)
    assert found.complete
    assert len(found.ids()) == 34
    assert paged.pages == [1, 2, 2, 3, 4]


def test_a_list_said_to_be_full_that_gives_nothing(tmp_path: Path) -> None:
    nothing = Reply(b'{"response": [], "total_data": 12}')
    found = scan(lambda _: nothing, tmp_path)
    assert not found.complete


def test_one_object_instead_of_a_list(tmp_path: Path) -> None:
    paged = PagedList(tasks(21))

    def script(asked: Asked) -> Reply:
        document = json.loads(paged(asked).body)
        if asked.query.get("page") == "3":
            (document["response"],) = document["response"]
        return Reply(json.dumps(document).encode())

    found = scan(script, tmp_path)
    assert found.complete
    assert "t20" in found.ids()


@pytest.mark.parametrize("totals", [honest, silent, lying])
@pytest.mark.parametrize("nameless", [1, 2, 12, 30])
def test_records_without_an_id_are_counted_and_spoil_no_verdict(
    tmp_path: Path, totals: object, nameless: int
) -> None:
    """Also where a page has nothing else; the loader sees to it that none counts as gone."""
    records = tasks(13)
    records += [{"id": None, "name": f"Nobody {number}"} for number in range(nameless)]
    found = scan(PagedList(records, totals), tmp_path)  # type: ignore[arg-type]  # one of ours
    assert found.complete, found.verdict
    assert len(found.ids()) == 13
    assert found.verdict is not None
    assert f"13 ids, {nameless} records without a usable id" in found.verdict.reason


def test_a_list_of_records_without_an_id_is_no_whole_list(tmp_path: Path) -> None:
    """It is the vendor's form that changed then."""
    rows: list[dict[str, object]] = [{"number": number} for number in range(13)]
    for totals in (honest, silent):
        found = scan(PagedList(rows, totals), tmp_path)
        assert not found.complete
        assert found.verdict is not None
        assert "none of its 13 records has a usable id" in found.verdict.reason


def test_one_record_without_an_id_is_a_list_of_one(tmp_path: Path) -> None:
    assert scan(PagedList([{"id": None}]), tmp_path).complete


# Templates and pipelines


@pytest.mark.parametrize(
    "template", [b"[]", b'{"response": ["a"]}', b'{"response": [{"id": 1}]}', b'{"meta": {}}']
)
def test_a_template_that_cannot_be_read_is_kept_and_an_error(
    tmp_path: Path, template: bytes
) -> None:
    found = scan(PagedList(tasks(3), template=template), tmp_path)
    assert isinstance(found.error, UnreadableDelivery)
    assert [one.covers for one in found.deliveries] == [False]


def test_pipelines_come_with_their_stages(tmp_path: Path) -> None:
    def script(asked: Asked) -> Reply:
        path = asked.target.partition("?")[0]
        found = {
            "/qontak/crm/pipelines": [{"id": 4, "name": "Sales"}, {"id": 5, "name": "Rent"}],
            "/qontak/crm/pipelines/4/stages": [{"id": 4, "crm_pipeline_id": 4, "order": 1}],
            "/qontak/crm/pipelines/5/stages": [],
        }[path]
        return Reply(json.dumps({"meta": {}, "response": found}).encode())

    found = scan(script, tmp_path, "pipelines")
    assert found.complete
    assert {one.stream for one in found.deliveries} == {"pipelines", "stages"}
    assert all(one.resume is None for one in found.deliveries)


def test_requests_keep_their_pace() -> None:
    with TemporaryDirectory() as folder:
        found = scan(PagedList(tasks(34)), Path(folder), requests_per_second=2.0)
    first, last = found.deliveries[0], found.deliveries[-1]
    assert len(found.deliveries) == 5
    assert (last.requested_at - first.requested_at).total_seconds() == pytest.approx(2.0)
