"""Pages that go wrong on demand."""

import httpx
import pytest

from lead_pipeline.sandbox import Fault, FaultKind, Sandbox
from lead_pipeline_tests.sandbox.crm import Record, document, get, page, scan
from lead_pipeline_tests.sandbox.reader import Reader

TOTALS = {"page", "total_page", "current_data", "total_data"}


def given(sandbox: Sandbox) -> int:
    (only,) = sandbox.faults_given()
    return only.given


def ids(records: list[Record]) -> list[object]:
    return [record["id"] for record in records]


def test_totals_that_are_missing(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    before = document(faulty_reader, "/contacts")
    faulty_sandbox.set_faults([Fault(FaultKind.TOTALS_MISSING)])
    after = document(faulty_reader, "/contacts")
    assert after == {name: value for name, value in before.items() if name not in TOTALS}
    assert given(faulty_sandbox) == 1


def test_totals_with_other_names(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    before = document(faulty_reader, "/contacts")
    faulty_sandbox.set_faults([Fault(FaultKind.TOTALS_RENAMED)])
    after = document(faulty_reader, "/contacts")
    assert not TOTALS & after.keys()
    assert after["response"] == before["response"]
    assert (after["current_page"], after["total_current_data"]) == (1, 25)
    assert sorted(map(str, after.values())) == sorted(map(str, before.values()))


def test_totals_that_lie(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    def totals(found: Record) -> tuple[object, ...]:
        return tuple(found[name] for name in ("total_page", "current_data", "total_data"))

    paths = [f"/contacts?page={number}&per_page=30" for number in range(1, 11)]
    before = [document(faulty_reader, path) for path in paths]
    faulty_sandbox.set_faults([Fault(FaultKind.TOTALS_WRONG)])
    after = [document(faulty_reader, path) for path in paths]
    assert [one["response"] for one in after] == [one["response"] for one in before]
    assert all(totals(one) != totals(other) for one, other in zip(before, after, strict=True))
    assert len({totals(one) for one in after}) == 5
    assert after == [document(faulty_reader, path) for path in paths]


def test_an_empty_page_in_the_middle(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.PAGE_EMPTY, path="/deals", query="page=2&")])
    pages = [page(faulty_reader, "deals", number) for number in (1, 2, 3)]
    assert [bool(records) for records in pages] == [True, False, True]
    assert document(faulty_reader, "/deals?page=2&per_page=50")["total_data"] > 100
    assert page(faulty_reader, "tasks", 2)
    assert given(faulty_sandbox) == 2


@pytest.mark.parametrize(("share", "repeated"), [(0.1, 5), (0.01, 1), (1.0, 50)])
def test_a_page_that_repeats(
    faulty_sandbox: Sandbox, faulty_reader: Reader, share: float, repeated: int
) -> None:
    first, second = (ids(page(faulty_reader, "contacts", number)) for number in (1, 2))
    faulty_sandbox.set_faults([Fault(FaultKind.PAGE_REPEATS, share=share)])
    assert ids(page(faulty_reader, "contacts", 1)) == first
    assert ids(page(faulty_reader, "contacts", 2)) == (first + second)[50 - repeated :][:50]
    assert given(faulty_sandbox) == 1


def test_a_page_that_passes_records_over(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    whole = ids(list(scan(faulty_reader, "contacts")))
    faulty_sandbox.set_faults([Fault(FaultKind.PAGE_SKIPS, share=0.2, query="page=3", times=1)])
    faulty = ids(list(scan(faulty_reader, "contacts")))
    # The third page begins ten later, the fourth where it always did.
    assert set(whole) - set(faulty) == set(whole[100:110])
    assert len(faulty) == len(whole)
    assert given(faulty_sandbox) == 1
    assert ids(list(scan(faulty_reader, "contacts"))) == whole


def test_pages_that_go_on_shifted_lose_records_for_good(
    faulty_sandbox: Sandbox, faulty_reader: Reader
) -> None:
    whole = ids(list(scan(faulty_reader, "contacts")))
    faulty_sandbox.set_faults([Fault(FaultKind.PAGE_SKIPS, share=0.2)])
    faulty = ids(list(scan(faulty_reader, "contacts")))
    assert faulty == whole[:50] + whole[60:]
    assert document(faulty_reader, "/contacts?page=2")["total_data"] == len(whole)


def test_a_single_object_as_a_list(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    deal = page(faulty_reader, "deals", 1)[0]
    faulty_sandbox.set_faults([Fault(FaultKind.OBJECT_AS_LIST)])
    assert document(faulty_reader, f"/deals/{deal['id']}")["response"] == [deal]
    assert page(faulty_reader, "deals", 1)[0] == deal
    assert given(faulty_sandbox) == 1


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        (Fault(FaultKind.PAGE_SKIPS, share=1), "/contacts"),
        (Fault(FaultKind.PAGE_REPEATS, share=0), "/contacts?page=2"),
        (Fault(FaultKind.PAGE_SKIPS, share=1), "/contacts?page=x"),
        (Fault(FaultKind.PAGE_SKIPS, share=1), "/pipelines?page=2"),
        (Fault(FaultKind.PAGE_EMPTY), "/contacts?page=9999"),
        (Fault(FaultKind.TOTALS_MISSING), "/pipelines"),
        (Fault(FaultKind.TOTALS_WRONG), "/deals/1"),
        (Fault(FaultKind.OBJECT_AS_LIST), "/contacts/info"),
        (Fault(FaultKind.MALFORMED_RECORDS, share=1), "/contacts/info"),
        (Fault(FaultKind.CHANGED, share=1), "/companies/info"),
    ],
)
def test_what_cannot_go_wrong_is_not_counted(
    faulty_sandbox: Sandbox, faulty_reader: Reader, fault: Fault, path: str
) -> None:
    def told(response: httpx.Response) -> tuple[int, bytes]:
        return response.status_code, response.content

    before = told(get(faulty_reader, path))
    faulty_sandbox.set_faults([fault])
    assert told(get(faulty_reader, path)) == before
    assert given(faulty_sandbox) == 0


@pytest.mark.parametrize("stream", ["contacts", "companies", "deals", "tasks", "pipelines"])
@pytest.mark.parametrize(
    "kind", [FaultKind.MALFORMED_RECORDS, FaultKind.CHANGED, FaultKind.CHANGED_TYPE]
)
def test_every_stream_can_be_spoiled(
    faulty_sandbox: Sandbox, faulty_reader: Reader, stream: str, kind: FaultKind
) -> None:
    before = document(faulty_reader, f"/{stream}")["response"]
    faulty_sandbox.set_faults([Fault(kind, share=1)])
    after = document(faulty_reader, f"/{stream}")["response"]
    assert all(one != other for one, other in zip(before, after, strict=True))
    if kind is not FaultKind.MALFORMED_RECORDS:
        assert ids(after) == ids(before)
