"""What is written whole is kept, what is torn is cut off, and what is damaged is said."""

import errno
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_pipeline.errors import LandingError
from lead_pipeline.landing import open_scan
from lead_pipeline.landing.open_scan import OpenScan
from lead_pipeline.landing.packs import Pack, Page
from lead_pipeline.landing.scans import GIVEN_UP
from lead_pipeline_tests.landing.scanning import (
    NOW,
    as_if_killed,
    contents,
    kept,
    land,
    receipt_of,
    scanning,
    unfinished,
)

PAGES = [b"page one", b"page two, a little longer", b"page three"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "landing" / "scans"


@pytest.fixture
def pack(folder: Path) -> Pack:
    """A pack of three pages, in a scan that can go on."""
    with scanning(folder) as scan:
        for number, content in enumerate(PAGES):
            land(scan, content, f"after {number}")
    return kept(folder)[0].packs()[0]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for no disk: what a process leaves when it is killed does not depend on it."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def torn(folder: Path, quick: None) -> Path:  # noqa: ARG001 - it makes the following quick
    """Three pages and a body that nothing was written of, as a killed process leaves them."""
    with scanning(folder) as scan:
        for number, content in enumerate(PAGES):
            land(scan, content, f"after {number}")
        scan.store([b"never written of"])
        return as_if_killed(folder)


def goes_on(folder: Path, whole: int) -> None:
    """The next process finds that many whole pages and adds one."""
    with scanning(folder, NOW + timedelta(seconds=1)) as scan:
        assert scan.resume == (f"after {whole - 1}" if whole else None)
        land(scan, b"next")
    found = kept(folder)
    if whole:
        assert [contents(scan) for scan in found] == [[*PAGES[:whole], b"next"]]
    else:
        assert [contents(scan) for scan in found] == [[], [b"next"]]
    assert list(folder.rglob(".part-*")) == []


def put_back(folder: Path, lines: bytes, frames: bytes) -> None:
    for path in (*folder.rglob("*.jsonl"), *folder.rglob("*.pack"), *folder.rglob("*.json")):
        path.unlink()
    (scan, *more) = [found.path for found in kept(folder)]
    for path in more:
        path.rmdir()
    (scan / ".part-0000.jsonl").write_bytes(lines)
    (scan / "0000.pack").write_bytes(frames)


def test_lines_cut_anywhere_keep_the_pages_before(torn: Path) -> None:
    lines, frames = (path.read_bytes() for path in unfinished(torn))
    start = len(b"".join(lines.splitlines(keepends=True)[:2]))
    for cut in (*range(0, start, 97), *range(start, len(lines) + 1)):
        put_back(torn, lines[:cut], frames)
        goes_on(torn, whole=lines[:cut].count(b"\n"))


def test_frames_cut_anywhere_keep_the_pages_before(torn: Path) -> None:
    lines, frames = (path.read_bytes() for path in unfinished(torn))
    put_back(torn, lines, frames)
    with scanning(torn):
        pass
    ends = [page.frame.end for page in kept(torn)[0].packs()[0].pages()]
    assert ends[-1] < len(frames)
    for cut in range(len(frames) + 1):
        put_back(torn, lines, frames[:cut])
        goes_on(torn, whole=sum(end <= cut for end in ends))


def test_the_end_of_a_file_that_a_power_cut_made_nonsense_is_cut_off(torn: Path) -> None:
    lines, frames = (path.read_bytes() for path in unfinished(torn))
    for end in (b"\0" * 50, b"\0" * 50 + b"\n", b"{}\n", b"[]\n", b"7\n", b"\xff\n", b"\n\n"):
        put_back(torn, lines + end, frames)
        goes_on(torn, whole=3)


def test_lines_whose_frames_have_lost_their_name_are_no_pages(torn: Path) -> None:
    unfinished(torn)[1].unlink()
    goes_on(torn, whole=0)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def without_its_second_line(path: Path) -> None:
    first, _, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + third)


def without_its_last_line(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def with_a_damaged_second_line(path: Path) -> None:
    first, _, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b'{"offset": 0}\n' + third)


@pytest.mark.parametrize(
    ("suffix", "damage"),
    [
        (".pack", cut_short),
        (".pack", lengthened),
        (".pack", emptied),
        (".pack", Path.unlink),
        (".jsonl", without_its_second_line),
        (".jsonl", without_its_last_line),
        (".jsonl", with_a_damaged_second_line),
        (".jsonl", emptied),
    ],
)
def test_a_damaged_pack_is_said_kept_and_not_gone_on_from(
    folder: Path, pack: Pack, suffix: str, damage: Callable[[Path], None]
) -> None:
    path = pack.path.with_suffix(suffix)
    damage(path)
    damaged = path.read_bytes() if path.exists() else None
    with pytest.raises(LandingError, match="restore the file"):
        pack.pages()
    with scanning(folder, NOW + timedelta(seconds=1)) as scan:
        assert scan.resume is None
        land(scan, b"anew")
    given_up, new = kept(folder)
    verdict = given_up.verdict()
    assert verdict
    assert (verdict.complete, verdict.reason) == (False, GIVEN_UP)
    assert contents(new) == [b"anew"]
    assert (path.read_bytes() if path.exists() else None) == damaged


def test_both_files_of_a_pack_emptied_are_no_empty_pack(pack: Pack) -> None:
    emptied(pack.path)
    emptied(pack.path.with_suffix(".jsonl"))
    with pytest.raises(LandingError, match="restore the file"):
        pack.pages()


def test_lines_that_are_gone_are_a_typed_error(pack: Pack) -> None:
    pack.path.with_suffix(".jsonl").unlink()
    with pytest.raises(LandingError, match="cannot be read"):
        pack.pages()


def read_or_refused(pack: Pack, page: Page) -> bytes | None:
    with pack.open(page) as body:
        try:
            return body.read()
        except LandingError:
            return None


def test_a_damaged_frame_is_never_read_as_whole_and_harms_no_other(pack: Pack) -> None:
    whole = pack.path.read_bytes()
    pages = pack.pages()
    refused = 0
    for place in range(pages[1].frame.offset, pages[1].frame.end):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        pack.path.write_bytes(damaged)
        before, at, after = (read_or_refused(pack, page) for page in pages)
        assert (before, after) == (PAGES[0], PAGES[2])
        # Some bits of a frame's head say nothing about the content.
        assert at in {PAGES[1], None}
        refused += at is None
    assert refused > len(PAGES[1])


def test_a_frame_is_never_read_past_its_end(pack: Pack) -> None:
    page = pack.pages()[0]
    for size in range(page.frame.size):
        with (
            pack.open(page._replace(frame=page.frame._replace(size=size))) as body,
            pytest.raises(LandingError, match=f"at byte 0 of {pack.path} is cut short"),
        ):
            body.read()


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """Files do not grow past that many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_a_typed_error_and_loses_nothing(folder: Path) -> None:
    noise = os.urandom(400_000)
    with scanning(folder) as scan:
        land(scan, PAGES[0])
        with full_disk(150_000), pytest.raises(LandingError, match="a body could not be written"):
            scan.store([noise[:100_000], noise[100_000:]])
        receipt = receipt_of(scan.store([noise]))
        with full_disk(900), pytest.raises(LandingError, match="a page of a scan could not"):
            scan.write(receipt, "on")
        killed = as_if_killed(folder)
        scan.write(receipt, "on")
        land(scan, PAGES[2])
    assert [contents(found) for found in kept(folder)] == [[PAGES[0], noise, PAGES[2]]]
    with scanning(killed):
        pass
    assert [contents(found) for found in kept(killed)] == [[PAGES[0]]]


def test_a_pack_that_could_not_be_named_is_named_before_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with scanning(folder) as scan:
        land(scan, PAGES[0])
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", refused)
            with pytest.raises(LandingError, match="a pack of a scan could not"):
                scan.close()
        land(scan, PAGES[1])
    assert [contents(found) for found in kept(folder)] == [PAGES[:2]]


def test_a_folder_that_cannot_be_made_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "qontak").touch()
    with pytest.raises(LandingError, match="free the disk"), scanning(tmp_path):
        pytest.fail("there is nowhere to write")


def _failing(content: bytes) -> Iterator[bytes]:
    yield content
    raise TimeoutError


class _Attempt:
    """A scan at the hands of processes that come and go, beside what it ought to hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.expected: list[bytes] = []

    def process(self, steps: list[tuple[str, bytes]], *, is_killed: bool) -> None:
        with scanning(self.folder) as scan:
            assert scan.resume == (str(len(self.expected)) if self.expected else None)
            for step, content in steps:
                self.take(scan, step, content)
            left = as_if_killed(self.folder) if is_killed else self.folder
        self.folder = left

    def take(self, scan: OpenScan, step: str, content: bytes) -> None:
        if step == "fail":
            with pytest.raises(TimeoutError):
                scan.store(_failing(content))
        elif step == "store":
            scan.store([content])
        else:
            self.expected.append(content)
            land(scan, content, str(len(self.expected)))


steps = st.lists(
    st.tuples(st.sampled_from(["write", "write", "store", "fail"]), st.binary(max_size=400)),
    max_size=5,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(steps, st.booleans()), max_size=5))
def test_exactly_the_written_pages_are_kept_in_order(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    quick: None,  # noqa: ARG001 - it makes the following quick
    processes: list[tuple[list[tuple[str, bytes]], bool]],
) -> None:
    monkeypatch.setattr(open_scan, "PAGES_PER_PACK", 3)
    attempt = _Attempt(tmp_path_factory.mktemp("scan") / "scans")
    for one, is_killed in processes:
        attempt.process(one, is_killed=is_killed)
    with scanning(attempt.folder) as scan:
        scan.end(complete=True, reason="enough", now=NOW)
    landed = [content for found in kept(attempt.folder) for content in contents(found)]
    assert landed == attempt.expected
    assert all(len(pack.pages()) <= 3 for found in kept(attempt.folder) for pack in found.packs())
