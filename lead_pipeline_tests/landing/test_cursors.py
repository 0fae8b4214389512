"""What is known of a vendor's cursor outlives the process, and one process asks at a time."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.cursors import CursorBook
from lead_pipeline.landing.lock import HeldError

MOMENT = datetime(2026, 11, 20, 18, 30, 0, 123456, tzinfo=UTC)
ONE = ("aimbase", "main", "leads")
HOLD = """
import sys, pathlib
from lead_pipeline.landing.cursors import CursorBook
with CursorBook(pathlib.Path(sys.argv[1])).hold("aimbase", "main", "leads") as cursor:
    cursor.open()
    print("held", flush=True)
    sys.stdin.read()
"""


def known(folder: Path) -> tuple[bool, datetime | None]:
    with CursorBook(folder).hold(*ONE) as cursor:
        return cursor.is_open, cursor.landed_at


def mark(folder: Path) -> Path:
    return folder / "aimbase" / "main" / "leads.json"


def test_nothing_is_known_of_a_new_cursor(tmp_path: Path) -> None:
    assert known(tmp_path) == (False, None)
    assert not mark(tmp_path).exists()


def test_what_is_known_is_on_disk(tmp_path: Path) -> None:
    with CursorBook(tmp_path).hold(*ONE) as cursor:
        cursor.open()
        assert "true" in mark(tmp_path).read_text()
        cursor.close(MOMENT)
    assert known(tmp_path) == (False, MOMENT)
    with CursorBook(tmp_path).hold(*ONE) as cursor:
        cursor.open()
    assert known(tmp_path) == (True, MOMENT)


def test_each_stream_has_its_own(tmp_path: Path) -> None:
    book = CursorBook(tmp_path)
    with book.hold(*ONE) as cursor, book.hold("aimbase", "second", "leads") as other:
        cursor.open()
        assert not other.is_open


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b'{"is_open": false}',
        b'{"is_open": 0, "landed_at": null}',
        b'{"is_open": false, "landed_at": 7}',
        b'{"is_open": false, "landed_at": "soon"}',
    ],
)
def test_what_makes_no_sense_counts_as_open(tmp_path: Path, content: bytes) -> None:
    with CursorBook(tmp_path).hold(*ONE):
        mark(tmp_path).write_bytes(content)
    assert known(tmp_path) == (True, None)


def test_every_cut_of_the_file_counts_as_open(tmp_path: Path) -> None:
    with CursorBook(tmp_path).hold(*ONE) as cursor:
        cursor.close(MOMENT)
    whole = mark(tmp_path).read_bytes()
    for length in range(len(whole)):
        mark(tmp_path).write_bytes(whole[:length])
        assert known(tmp_path) == (True, None)


def test_a_second_holder_is_refused_at_once_and_told_of_the_first(tmp_path: Path) -> None:
    with (
        CursorBook(tmp_path).hold(*ONE),
        pytest.raises(HeldError, match=f"process {os.getpid()}$"),
        CursorBook(tmp_path).hold(*ONE),
    ):
        pytest.fail("both hold it")
    assert known(tmp_path) == (False, None)


def test_a_process_that_dies_lets_go_and_leaves_its_mark(tmp_path: Path) -> None:
    program = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        with pytest.raises(HeldError, match=f"process {process.pid}$"):
            known(tmp_path)
        process.kill()
        process.wait()
    assert known(tmp_path) == (True, None)


def test_what_the_disk_refuses_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "aimbase").touch()
    with pytest.raises(LandingError, match="could not be written"):
        known(tmp_path)


def test_a_mark_that_cannot_be_opened_is_a_typed_error(tmp_path: Path) -> None:
    mark(tmp_path).mkdir(parents=True)
    with pytest.raises(LandingError, match="cannot be read"):
        known(tmp_path)


def test_only_owner_and_group_may_read_it(tmp_path: Path) -> None:
    with CursorBook(tmp_path).hold(*ONE) as cursor:
        cursor.open()
    for name in ("leads.json", "leads.lock"):
        assert (mark(tmp_path).parent / name).stat().st_mode & 0o777 == 0o640
