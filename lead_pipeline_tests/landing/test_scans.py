"""A scan lands page by page, one process at a time, and goes on where it stopped."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from lead_pipeline.errors import LandingError
from lead_pipeline.landing import ScanArchive
from lead_pipeline.landing.lock import HeldError
from lead_pipeline.landing.open_scan import PAGES_PER_PACK
from lead_pipeline.landing.scans import GIVEN_UP
from lead_pipeline.landing.verdicts import VERDICT, Verdict
from lead_pipeline_tests.landing.scanning import (
    NOW,
    ONE,
    WITHIN,
    contents,
    kept,
    land,
    receipt_of,
    scanning,
    unfinished,
)

TEXT = b'{"response": [' + b'{"id": 1}, ' * 5_000 + b"{}]}"
DIE = """
import sys, pathlib
from lead_pipeline_tests.landing.scanning import land, scanning
with scanning(pathlib.Path(sys.argv[1])) as scan:
    land(scan, b"one", "page 2")
    scan.store([b"never written of"])
    print("held", flush=True)
    sys.stdin.read()
"""
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "landing" / "scans"


def test_pages_come_back_as_they_were(folder: Path) -> None:
    with scanning(folder) as scan:
        receipts = [land(scan, b"one", "a"), land(scan, TEXT, None), land(scan, b"", "c")]
        scan.end(complete=True, reason="3 ids", now=LATER)
    (found,) = kept(folder)
    (pack,) = found.packs()
    assert [page.receipt for page in pack.pages()] == receipts
    assert [page.resume for page in pack.pages()] == ["a", None, "c"]
    assert contents(found) == [b"one", TEXT, b""]
    assert found.verdict() == Verdict(complete=True, reason="3 ids", ended_at=LATER, packs=1)
    assert (found.scan_id, found.began_at) == (scan.scan_id, NOW)
    assert (pack.pack_id, pack.number) == (f"{scan.scan_id}-0000", 0)


def test_where_a_scan_lies_and_who_may_read_it(folder: Path) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    with scanning(folder, NOW.astimezone(india)) as scan:
        land(scan, b"content")
        scan.end(complete=False, reason="it was enough", now=NOW)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    here = f"qontak/main/contacts/2026-11-20/{scan.scan_id}"
    assert names == {
        "qontak/main/contacts/lock",
        *(f"{here}/{name}" for name in ("0000.pack", "0000.jsonl", "verdict.json")),
    }
    for path in (folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o750 if path.is_dir() else 0o640)


def test_a_body_can_be_read_before_it_is_written_of(folder: Path) -> None:
    with scanning(folder) as scan:
        land(scan, b"before")
        stored = scan.store([TEXT[:7], TEXT[7:]])
        assert (stored.sha256, stored.length) == (hashlib.sha256(TEXT).hexdigest(), len(TEXT))
        with stored.open() as body:
            assert body.read(9) == TEXT[:9]
            assert body.read() == TEXT[9:]
    assert contents(kept(folder)[0]) == [b"before"]


def test_a_page_is_on_disk_when_it_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[int, int]] = []
    flush = os.fsync

    def watched(descriptor: int) -> None:
        flush(descriptor)
        status = os.fstat(descriptor)
        flushed.append((status.st_ino, status.st_size))

    def now(*paths: Path) -> list[tuple[int, int]]:
        return [(status.st_ino, status.st_size) for status in map(Path.stat, paths)]

    monkeypatch.setattr(os, "fsync", watched)
    with scanning(folder) as scan:
        for content in (b"one", b"two"):
            land(scan, content)
            lines, frames = unfinished(folder)
            assert flushed[-2:] == now(frames, lines)
        names = [path for path in lines.parents if path.is_relative_to(folder)]
        assert {path.stat().st_ino for path in names} <= {inode for inode, _ in flushed}
        del flushed[:]
    assert flushed == now(frames, frames.with_suffix(".jsonl"), frames.parent)


def test_a_pack_takes_so_many_pages_and_can_be_seen_once_it_is_full(folder: Path) -> None:
    pages = [b"page %d" % number for number in range(2 * PAGES_PER_PACK + 5)]
    with scanning(folder) as scan:
        for number, content in enumerate(pages):
            land(scan, content)
            if number == PAGES_PER_PACK - 2:
                assert kept(folder)[0].packs() == []
            elif number == PAGES_PER_PACK - 1:
                assert contents(kept(folder)[0]) == pages[:PAGES_PER_PACK]
    (found,) = kept(folder)
    assert [len(pack.pages()) for pack in found.packs()] == [PAGES_PER_PACK, PAGES_PER_PACK, 5]
    assert [pack.number for pack in found.packs()] == [0, 1, 2]
    assert contents(found) == pages
    assert len(list(found.path.iterdir())) == 6


def test_a_scan_goes_on_where_it_stopped_and_old_packs_stay_as_they_are(folder: Path) -> None:
    with scanning(folder) as scan:
        assert scan.resume is None
        land(scan, b"one", "page 2")
    (first,) = kept(folder)[0].packs()
    before = first.path.read_bytes(), first.pages()
    with scanning(folder, NOW + WITHIN) as again:
        assert (again.scan_id, again.began_at, again.resume) == (scan.scan_id, NOW, "page 2")
        land(again, b"two", "page 3")
        assert again.resume == "page 3"
    with scanning(folder, LATER) as again:
        assert again.resume == "page 3"
    (found,) = kept(folder)
    assert contents(found) == [b"one", b"two"]
    assert found.verdict() is None
    assert not found.has_ended
    assert (first.path.read_bytes(), first.pages()) == before


@pytest.mark.parametrize(
    ("resume", "now"),
    [
        (None, LATER),
        ("on", NOW + WITHIN + timedelta(microseconds=1)),
        ("on", NOW - timedelta(microseconds=1)),
    ],
    ids=["nowhere to go on", "too old", "not begun yet"],
)
def test_what_cannot_go_on_is_given_up(folder: Path, resume: str | None, now: datetime) -> None:
    with scanning(folder) as first:
        land(first, b"one", resume)
    with scanning(folder, now) as second:
        assert second.scan_id != first.scan_id
        assert (second.began_at, second.resume) == (now, None)
        land(second, b"other")
    verdicts = {scan.scan_id: scan.verdict() for scan in kept(folder)}
    assert verdicts == {first.scan_id: Verdict(False, GIVEN_UP, now, 1), second.scan_id: None}
    with scanning(folder, now) as again:
        assert again.scan_id == second.scan_id


def test_a_scan_that_ended_does_not_go_on(folder: Path) -> None:
    for _ in range(2):
        with scanning(folder) as scan:
            assert scan.resume is None
            land(scan, b"one")
            scan.end(complete=True, reason="1 id", now=NOW)
    assert [contents(found) for found in kept(folder)] == [[b"one"], [b"one"]]
    assert [found.verdict() for found in kept(folder)] == [Verdict(True, "1 id", NOW, 1)] * 2


def test_scans_are_listed_oldest_first_over_days(folder: Path) -> None:
    times = [NOW + timedelta(days=n) for n in (0, 2, 30, 400)]
    for time in times:
        with scanning(folder, time) as scan:
            land(scan, b"one")
    assert [found.began_at for found in kept(folder)] == times
    assert [found.has_ended for found in kept(folder)] == [True, True, True, False]


def test_a_scan_without_pages_is_no_trouble(folder: Path) -> None:
    with scanning(folder):
        pass
    assert kept(folder) == []
    with scanning(folder) as scan:
        scan.store([b"never written of"])
    assert [found.packs() for found in kept(folder)] == [[]]
    with scanning(folder) as scan:
        scan.end(complete=False, reason="nothing came", now=NOW)
    assert [found.packs() for found in kept(folder)] == [[], []]
    assert all(found.has_ended for found in kept(folder))


def test_a_pack_is_found_by_its_id_and_streams_by_name(folder: Path) -> None:
    archive = ScanArchive(folder)
    for stream in ("deals", "contacts"):
        with archive.hold("qontak", "main", stream, NOW, WITHIN) as scan:
            land(scan, b"one")
    with scanning(folder) as scan:
        land(scan, b"two")
    assert list(archive.streams()) == [("qontak", "main", "contacts"), ("qontak", "main", "deals")]
    packs = kept(folder)[0].packs()
    assert [archive.pack(*ONE, pack.pack_id) for pack in packs] == packs
    assert len({pack.pack_id for pack in packs}) == 2
    assert sorted(pack.pack_id for pack in packs) == [pack.pack_id for pack in packs]


@pytest.mark.parametrize(
    "error", [ConnectionResetError(), TimeoutError(), RuntimeError(), KeyboardInterrupt()], ids=repr
)
def test_what_the_sender_raises_passes_on_and_leaves_nothing(
    folder: Path, error: BaseException
) -> None:
    def cut_off() -> Iterator[bytes]:
        yield TEXT * 10
        raise error

    with scanning(folder) as scan:
        land(scan, b"one")
        with pytest.raises(type(error)) as raised:
            scan.store(cut_off())
        assert raised.value is error
        land(scan, b"two")
    (found,) = kept(folder)
    assert contents(found) == [b"one", b"two"]
    assert found.packs()[0].path.stat().st_size < 100


def test_an_error_amid_a_scan_leaves_it_to_go_on(folder: Path) -> None:
    with suppress(TimeoutError), scanning(folder) as scan:
        land(scan, b"one", "page 2")
        raise TimeoutError
    assert contents(kept(folder)[0]) == [b"one"]
    with scanning(folder) as again:
        assert (again.scan_id, again.resume) == (scan.scan_id, "page 2")


def test_only_the_body_that_was_stored_last_is_written_of(folder: Path) -> None:
    def cut_off() -> Iterator[bytes]:
        yield b"two"
        raise TimeoutError

    with scanning(folder) as scan:
        first = receipt_of(scan.store([b"one"]))
        second = receipt_of(scan.store([b"two"]))
        with pytest.raises(ValueError, match="right after"):
            scan.write(first, "on")
        scan.write(second, "on")
        with pytest.raises(ValueError, match="right after"):
            scan.write(second, "on")
        third = receipt_of(scan.store([b"three"]))
        with pytest.raises(TimeoutError):
            scan.store(cut_off())
        with pytest.raises(ValueError, match="right after"):
            scan.write(third, "on")
    assert contents(kept(folder)[0]) == [b"two"]


def test_a_second_process_is_refused_at_once_and_told_of_the_first(folder: Path) -> None:
    with (
        scanning(folder),
        pytest.raises(HeldError, match=f"process {os.getpid()}$"),
        scanning(folder),
    ):
        pytest.fail("both hold it")
    with scanning(folder), ScanArchive(folder).hold("qontak", "main", "deals", NOW, WITHIN):
        pass


def test_a_process_that_dies_lets_go_and_what_it_wrote_stays(folder: Path) -> None:
    program = [sys.executable, "-c", DIE, str(folder)]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        with pytest.raises(HeldError, match=f"process {process.pid}$"), scanning(folder):
            pytest.fail("both hold it")
        process.kill()
        process.wait()
    with scanning(folder, LATER) as scan:
        assert (scan.began_at, scan.resume) == (NOW, "page 2")
        land(scan, b"two")
    assert [contents(found) for found in kept(folder)] == [[b"one", b"two"]]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"complete": true, "reason": ""}'])
def test_a_verdict_that_makes_no_sense_is_a_typed_error(folder: Path, content: bytes) -> None:
    with scanning(folder) as scan:
        scan.end(complete=True, reason="nothing is there", now=NOW)
    (found,) = kept(folder)
    (found.path / VERDICT).write_bytes(content)
    assert found.has_ended
    with pytest.raises(LandingError, match="restore the file"):
        found.verdict()
    with scanning(folder) as again:
        assert again.scan_id != scan.scan_id
