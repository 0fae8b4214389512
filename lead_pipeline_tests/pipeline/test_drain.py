"""What waits in the spool is loaded once, without its secrets, whenever a process dies."""

import hashlib
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import orjson
import pytest

from lead_pipeline.landing.receipts import ReceiptBook
from lead_pipeline.landing.spool import OpenSegment, Segment, SpoolRecord, frame_of
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.drain import drain
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.outcome import publish_snapshot
from lead_pipeline.pipeline.rebuild import rebuild
from lead_pipeline.settings import Settings
from lead_pipeline.warehouse import open_snapshot
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = "IvXfgldQYokWHcgM7b9E"
VERSIONS = "SELECT * FROM listing_versions ORDER BY generation_id"
LEDGER = (
    "SELECT sum(received), sum(new), sum(unchanged), sum(repeated), sum(quarantined) "
    "FROM ops.deliveries"
)


EVENTS = 60
DRAIN = """
import os
import sys
from pathlib import Path
from lead_pipeline.pipeline.drain import drain
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.settings import Settings
folder = open_folder(Settings(data_dir=Path(sys.argv[1])))
FILES = {"open", "os.rename", "os.remove", "os.mkdir"}
sys.addaudithook(lambda event, _: event in FILES and os.write(1, b"."))
drain(folder)
"""
"""What a child does; it says when it is about to touch a file."""


class Killed(BaseException):
    """Stands for a process's end."""


def generation(number: int, property_id: str = "P1", **data: object) -> bytes:
    return orjson.dumps(
        {
            "created": (NOW + timedelta(minutes=number)).isoformat(),
            "type": "property.generate-content",
            "data": {
                "bed": 3,
                "feature_details_id": "1,22",
                "language_output": "fr",
                "metadata": {"propertyId": property_id, "secretKey": SECRET},
                **data,
            },
            "result": f"copy {number}",
        }
    )


def receive(folder: DataFolder, *bodies: bytes, at: datetime = NOW) -> None:
    segment = OpenSegment.begin(folder.spool.folder, at)
    for body in bodies:
        segment.append(frame_of(SpoolRecord(at, {"signed_at": "1"}, body)))
    segment.close()


def rows(folder: DataFolder, sql: str) -> list[tuple[Any, ...]]:
    with folder.warehouse.open() as session:
        return session.rows(sql)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    put_warehouse(tmp_path / "data")
    return open_folder(Settings(data_dir=tmp_path / "data", now=NOW))


def test_generations_become_listings(folder: DataFolder) -> None:
    receive(folder, generation(1), generation(2), generation(1, "P2"))
    (line,) = drain(folder)
    assert (line.received, line.counts.new) == (3, 3)
    assert folder.spool.segments() == []
    listed = rows(folder, "SELECT property_id, result, versions FROM listings ORDER BY 1")
    assert listed == [("P1", "copy 2", 2), ("P2", "copy 1", 1)]
    shown = "SELECT bed, features, language_output, tone_of_voice, received_at FROM listings"
    assert rows(folder, shown)[0] == (3, ["Ensuite", "Swimming pool"], "fr", None, NOW)
    assert drain(folder) == []


def test_the_newest_generation_is_the_listing_whatever_came_first(folder: DataFolder) -> None:
    receive(folder, generation(5))
    receive(folder, generation(3), at=NOW + timedelta(hours=1))
    drain(folder)
    assert rows(folder, "SELECT result FROM listings") == [("copy 5",)]


def test_what_comes_again_is_there_once(folder: DataFolder) -> None:
    receive(folder, generation(1), generation(1))
    receive(folder, generation(1), at=NOW + timedelta(hours=1))
    drain(folder)
    assert rows(folder, LEDGER) == [(3, 1, 1, 1, 0)]
    seen = "SELECT received_at, last_received_at FROM listing_versions"
    assert rows(folder, seen) == [(NOW, NOW + timedelta(hours=1))]


def test_no_secret_leaves_the_spool(folder: DataFolder) -> None:
    broken = generation(2)[:-1]
    receive(folder, generation(1), broken)
    drain(folder)
    publish_snapshot(folder)
    hashes_landed = rows(folder, "SELECT sha256 FROM ops.deliveries")
    landed = [folder.bodies.open(sha256).read() for (sha256,) in hashes_landed]
    files = [path.read_bytes() for path in folder.path.rglob("*") if path.is_file()]
    assert all(SECRET.encode() not in content for content in [*landed, *files])
    hashes = {orjson.loads(line)["sha256"] for line in b"".join(landed).splitlines()}
    assert hashes == {hashlib.sha256(body).hexdigest() for body in (generation(1), broken)}


def test_what_cannot_be_read_is_in_quarantine(folder: DataFolder) -> None:
    receive(folder, b"{", generation(1), b"[]")
    (line,) = drain(folder)
    assert (line.received, line.quarantined, line.counts.new) == (3, 2, 1)
    assert rows(folder, "SELECT account, place FROM ops.quarantine ORDER BY 2") == [
        ("listsmrt", "event 0"),
        ("listsmrt", "event 2"),
    ]


def test_other_types_are_kept_and_are_no_listings(folder: DataFolder) -> None:
    other = orjson.dumps({"type": "property.sold", "data": {"metadata": {"propertyId": "P1"}}})
    receive(folder, other)
    drain(folder)
    assert rows(folder, "SELECT event_type, property_id FROM listing_versions") == [
        ("property.sold", "P1")
    ]
    assert rows(folder, "SELECT * FROM listings") == []


def test_a_damaged_segment_does_not_stop_the_others(folder: DataFolder) -> None:
    receive(folder, generation(1))
    (damaged,) = folder.spool.segments()
    damaged.path.write_bytes(damaged.path.read_bytes()[:-1])
    receive(folder, generation(2), at=NOW + timedelta(hours=1))
    lines = drain(folder)
    assert [line.outcome for line in lines] == ["loaded", "unreadable"]
    assert damaged.path.exists()


@pytest.mark.parametrize(
    ("owner", "step"), [(ReceiptBook, "write"), (Segment, "remove"), (Segment, "records")]
)
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_a_step_the_next_drain_loads_it_once(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, owner: type, step: str, *, after: bool
) -> None:
    receive(folder, generation(1), generation(2))
    whole = getattr(owner, step)

    def dying(*arguments: object) -> None:
        if after:
            whole(*arguments)
        raise Killed

    monkeypatch.setattr(owner, step, dying)
    with pytest.raises(Killed):
        drain(folder)
    monkeypatch.setattr(owner, step, whole)
    drain(folder)
    drain(folder)
    assert rows(folder, LEDGER) == [(2, 2, 0, 0, 0)]
    assert folder.spool.segments() == []
    assert len(list((folder.path / "landing" / "receipts").rglob("*.json"))) == 1


@pytest.mark.slow
def test_killed_at_any_moment_everything_is_loaded_once(folder: DataFolder) -> None:
    kills = 0
    for number in range(EVENTS):
        receive(folder, generation(number), at=NOW + timedelta(minutes=number))
        with Popen([sys.executable, "-c", DRAIN, str(folder.path)], stdout=PIPE) as child:
            assert child.stdout
            touched = child.stdout.read(number + 1)
            child.kill()
            kills += len(touched) > number
    drain(folder)
    assert kills > EVENTS / 3
    assert folder.spool.segments() == []
    assert rows(folder, LEDGER) == [(EVENTS, EVENTS, 0, 0, 0)]
    assert rows(folder, "SELECT count(*) FROM listing_versions") == [(EVENTS,)]


def test_rebuilt_from_what_is_kept_it_is_the_same(folder: DataFolder) -> None:
    receive(folder, generation(1), b"{", generation(1))
    receive(folder, generation(2), at=NOW + timedelta(hours=1))
    drain(folder)
    publish_snapshot(folder)
    with open_snapshot(folder.path) as session:
        before = session.rows(VERSIONS), session.rows("SELECT * FROM listings")
    accounts: list[Account] = []
    rebuild(folder, accounts, lambda receipts: receipts)
    with open_snapshot(folder.path) as session:
        assert (session.rows(VERSIONS), session.rows("SELECT * FROM listings")) == before
    assert len(before[0]) == 2
