"""Bytes are on disk before they have a name, and the name is on disk when the call returns."""

import os
from pathlib import Path

import pytest

from lead_pipeline.landing import BodyArchive
from lead_pipeline.landing.durable import write_durably

Order = list[tuple[str, int]]


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> Order:
    """What is flushed and named, by inode, as it happens."""
    seen: Order = []
    flush, rename = os.fsync, os.rename

    def watched_flush(descriptor: int) -> None:
        flush(descriptor)
        seen.append(("flushed", os.fstat(descriptor).st_ino))

    def watched_rename(source: Path, target: Path) -> None:
        rename(source, target)
        seen.append(("named", inode(target)))

    monkeypatch.setattr(os, "fsync", watched_flush)
    monkeypatch.setattr(os, "rename", watched_rename)
    return seen


def inode(path: Path) -> int:
    return path.stat().st_ino


def test_a_small_file(tmp_path: Path, order: Order) -> None:
    name = tmp_path / "kept" / "file"
    write_durably(name, b"content")
    assert order == [
        ("flushed", inode(tmp_path)),
        ("flushed", inode(name)),
        ("named", inode(name)),
        ("flushed", inode(name.parent)),
    ]


def test_a_body(tmp_path: Path, order: Order) -> None:
    path = BodyArchive(tmp_path).store([b"content"]).path
    of_the_file = [event for event in order if event[1] == inode(path)]
    assert of_the_file == [("flushed", inode(path)), ("named", inode(path))]
    assert order[-1] == ("flushed", inode(path.parent))
    assert ("flushed", inode(tmp_path)) in order
