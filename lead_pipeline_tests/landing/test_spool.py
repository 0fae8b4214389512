"""What was acknowledged is in the spool, whatever moment its writer died at."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.clock import held_clock
from lead_pipeline.errors import LandingError
from lead_pipeline.landing import group_commit
from lead_pipeline.landing.group_commit import GroupCommit, SpoolFullError
from lead_pipeline.landing.spool import OpenSegment, Spool, SpoolRecord, frame_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def record(body: bytes = b"x") -> SpoolRecord:
    return SpoolRecord(NOW, {"signed_at": "1"}, body)


def bodies(spool: Spool) -> list[bytes]:
    return [one.body for segment in spool.segments() for one in segment.records()]


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def test_what_is_done_is_there_once_closed(spool: Spool) -> None:
    commit = GroupCommit(spool.folder, held_clock(NOW))
    futures = [commit.append(record(bytes([number]))) for number in range(200)]
    for future in futures:
        future.result(10)
    assert spool.waiting().segments == 1
    assert bodies(spool) == []
    commit.close()
    assert bodies(spool) == [bytes([number]) for number in range(200)]
    (segment,) = spool.segments()
    assert next(segment.records()) == record(b"\0")
    assert segment.path.stat().st_mode & 0o777 == 0o640
    segment.remove()
    assert spool.waiting() == (0, 0, None)


def test_a_segment_is_closed_in_time(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "SEGMENT_SECONDS", 0.0)
    commit = GroupCommit(spool.folder, held_clock(NOW))
    for number in range(3):
        commit.append(record(bytes([number]))).result(10)
    commit.close()
    assert len(spool.segments()) == 3
    assert sorted(bodies(spool)) == [b"\0", b"\1", b"\2"]


def test_nothing_received_leaves_nothing(spool: Spool) -> None:
    GroupCommit(spool.folder, held_clock(NOW)).close()
    assert spool.segments() == []
    assert spool.waiting() == (0, 0, None)


def test_a_living_writer_is_left_alone(spool: Spool) -> None:
    segment = OpenSegment.begin(spool.folder, NOW)
    segment.append(frame_of(record()))
    assert spool.segments() == []
    assert spool.waiting().since == NOW
    segment.close()
    assert bodies(spool) == [b"x"]


@given(st.integers(0, 200))
def test_a_dead_writers_segment_ends_with_the_last_whole_frame(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    frames = [frame_of(record(bytes([number]) * number)) for number in range(4)]
    content = b"".join(frames)[: cut % (sum(map(len, frames)) + 1)]
    (folder / ".part-20261120T120000000000Z-aa.spool").write_bytes(content)
    whole = [n for n in range(4) if sum(map(len, frames[: n + 1])) <= len(content)]
    assert bodies(Spool(folder)) == [bytes([number]) * number for number in whole]
    assert list(folder.glob(".part-*")) == []


@pytest.mark.parametrize("place", [0, 5, 12, -1])
def test_damage_is_said_and_the_file_stays(spool: Spool, place: int) -> None:
    segment = OpenSegment.begin(spool.folder, NOW)
    segment.append(frame_of(record(b"abcdef")))
    segment.close()
    (named,) = spool.segments()
    content = bytearray(named.path.read_bytes())
    content[place] ^= 1
    named.path.write_bytes(content)
    with pytest.raises(LandingError, match="cannot be read"):
        list(named.records())
    assert spool.segments() == [named]


def test_a_disk_that_refuses_fails_those_alone(spool: Spool) -> None:
    spool.folder.parent.mkdir(exist_ok=True)
    spool.folder.write_text("no folder")
    commit = GroupCommit(spool.folder, held_clock(NOW))
    with pytest.raises(LandingError, match="could not be written"):
        commit.append(record(b"lost")).result(10)
    spool.folder.unlink()
    commit.append(record(b"kept")).result(10)
    commit.close()
    assert bodies(spool) == [b"kept"]


def test_more_than_the_disk_can_take_is_refused(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST_WAITING", 2)
    begin, begun, go_on = OpenSegment.begin, threading.Event(), threading.Event()

    def slowly(folder: Path, now: datetime) -> OpenSegment:
        begun.set()
        assert go_on.wait(10)
        return begin(folder, now)

    monkeypatch.setattr(OpenSegment, "begin", slowly)
    commit = GroupCommit(spool.folder, held_clock(NOW))
    taken = [commit.append(record())]
    assert begun.wait(10)
    with pytest.raises(SpoolFullError):
        taken.extend(commit.append(record()) for _ in range(100))
    go_on.set()
    commit.close()
    assert [future.result(0) for future in taken] == [None] * len(taken)
    assert len(bodies(spool)) == len(taken)


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from lead_pipeline.clock import system_clock
from lead_pipeline.landing.group_commit import GroupCommit
from lead_pipeline.landing.spool import SpoolRecord
commit = GroupCommit(Path(sys.argv[1]), system_clock)
for number in range(10**9):
    body = str(number).encode()
    commit.append(SpoolRecord(datetime.now(UTC), {"signed_at": "1"}, body)).result()
    print(number, flush=True)
"""


def test_killed_amid_its_work_a_writer_loses_nothing_that_was_acknowledged(spool: Spool) -> None:
    for lines in (1, 20, 60):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(spool.folder)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        acknowledged = [process.stdout.readline().strip() for _ in range(lines)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += process.stdout.read().split()
        process.stdout.close()
        process.wait()
        found = [body.decode() for body in bodies(spool)]
        assert set(acknowledged) <= set(found)
        assert len(found) == len(set(found)) <= len(acknowledged) + 1
        for segment in spool.segments():
            segment.remove()
