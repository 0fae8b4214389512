from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.errors import LandingError
from lead_pipeline.landing import ReceiptBook
from lead_pipeline.landing.receipts import new_receipt_id
from lead_pipeline.records import Receipt, Window

ASKED = datetime(2026, 11, 14, 23, 59, 59, 123456, tzinfo=UTC)
RECEIPT = Receipt(
    receipt_id="20261114T235959123456Z-0123456789ab",
    run_id="run-1",
    source="housing",
    account="mumbai",
    environment="loopback",
    stream="leads",
    window=Window(datetime(2026, 11, 13, tzinfo=UTC), ASKED),
    covers=True,
    requested_at=ASKED,
    received_at=ASKED + timedelta(seconds=2),
    attempts=2,
    reading={"default_country": "IN"},
    url="https://vendor.test/leads?start=1",
    status=200,
    sha256="ab" * 32,
    length=12,
)
SCAN = replace(RECEIPT, window=None, covers=False)
FAILURE = replace(
    RECEIPT,
    url=None,
    status=None,
    sha256=None,
    length=None,
    error="VendorUnavailable",
    message="it answered 503\n  Next: later",
)
moments = st.integers(0, 2**41).map(lambda n: ASKED - timedelta(microseconds=n))


@pytest.fixture
def book(tmp_path: Path) -> ReceiptBook:
    return ReceiptBook(tmp_path / "landing" / "receipts")


def _only_path(book: ReceiptBook) -> Path:
    (path,) = book.identifiers("housing", "mumbai", "leads").values()
    return path


@pytest.mark.parametrize("receipt", [RECEIPT, SCAN, FAILURE], ids=["success", "scan", "failure"])
def test_a_receipt_comes_back_as_it_was(book: ReceiptBook, receipt: Receipt) -> None:
    book.write(receipt)
    assert book.read(_only_path(book)) == receipt


def test_a_window_of_another_zone_comes_back_as_the_same_span(book: ReceiptBook) -> None:
    central = timezone(timedelta(hours=-6))
    start = datetime(2026, 11, 13, tzinfo=central)
    written = replace(RECEIPT, window=Window(start, start + timedelta(days=1)))
    book.write(written)
    assert book.read(_only_path(book)) == written


def test_a_receipt_is_one_json_object_with_every_field(book: ReceiptBook) -> None:
    book.write(RECEIPT)
    written = orjson.loads(_only_path(book).read_bytes())
    assert written.keys() == {field.name for field in fields(Receipt)}


def test_where_a_receipt_lies_is_by_utc_day(book: ReceiptBook, tmp_path: Path) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    book.write(replace(RECEIPT, requested_at=ASKED.astimezone(india)))
    day = tmp_path / "landing/receipts/housing/mumbai/leads/2026-11-14"
    assert [path.name for path in day.iterdir()] == [f"{RECEIPT.receipt_id}.json"]


def test_rights_of_files_and_folders(book: ReceiptBook) -> None:
    book.write(RECEIPT)
    path = _only_path(book)
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.parent.stat().st_mode & 0o777 == 0o750


@given(st.lists(moments, min_size=2, max_size=5))
def test_ids_sort_by_time(times: list[datetime]) -> None:
    made = [(time, new_receipt_id(time)) for time in times]
    by_id = [time for time, _ in sorted(made, key=lambda pair: pair[1])]
    assert by_id == sorted(times)


def test_ids_sort_by_time_whatever_the_zone() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    earlier = new_receipt_id(ASKED.astimezone(india))
    assert earlier < new_receipt_id(ASKED + timedelta(microseconds=1))


def test_ids_of_one_moment_differ() -> None:
    assert len({new_receipt_id(ASKED) for _ in range(1_000)}) == 1_000


def test_receipts_are_listed_oldest_first_over_days(book: ReceiptBook) -> None:
    times = [ASKED + timedelta(hours=n) for n in (5, 1, 30, 3, 0)]
    for time in times:
        book.write(replace(RECEIPT, receipt_id=new_receipt_id(time), requested_at=time))
    listed = book.identifiers("housing", "mumbai", "leads")
    assert [book.read(path).requested_at for path in listed.values()] == sorted(times)
    assert list(listed) == [path.stem for path in listed.values()]


def test_each_stream_has_its_own_receipts(book: ReceiptBook) -> None:
    others = [replace(RECEIPT, account="pune"), replace(RECEIPT, stream="contacts")]
    for receipt in (RECEIPT, *others):
        book.write(receipt)
    assert len(book.identifiers("housing", "mumbai", "leads")) == 1
    assert book.identifiers("housing", "delhi", "leads") == {}
    assert list(book.accounts()) == [
        ("housing", "mumbai", "contacts"),
        ("housing", "mumbai", "leads"),
        ("housing", "pune", "leads"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        orjson.dumps({"receipt_id": "a", "window": None}),
        b'\xff\xfe{"window": null}',
    ],
)
def test_an_unreadable_receipt_is_a_typed_error(book: ReceiptBook, content: bytes) -> None:
    book.write(RECEIPT)
    path = _only_path(book)
    path.write_bytes(content)
    with pytest.raises(LandingError, match="restore the file"):
        book.read(path)


@pytest.mark.parametrize(
    "change",
    [{"requested_at": "soon"}, {"window": {"start": "2026-11-14"}}, {"colour": "red"}],
    ids=str,
)
def test_a_receipt_with_one_wrong_field_is_a_typed_error(
    book: ReceiptBook, change: dict[str, object]
) -> None:
    book.write(RECEIPT)
    path = _only_path(book)
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | change))
    with pytest.raises(LandingError, match="cannot be read"):
        book.read(path)


def test_a_missing_receipt_is_a_typed_error(book: ReceiptBook, tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="FileNotFoundError"):
        book.read(tmp_path / "gone.json")


def test_what_the_disk_refuses_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LandingError, match="a receipt could not be written"):
        ReceiptBook(tmp_path / "file").write(RECEIPT)
