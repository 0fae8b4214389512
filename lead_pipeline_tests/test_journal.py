import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_pipeline.errors import JournalError
from lead_pipeline.journal import Journal

ONE = {"kind": "assigned", "person_id": "P000000001", "lead_ids": ["a", "b"]}
TWO = {"kind": "assigned", "person_id": "P000000002", "lead_ids": ["ç", "\n"]}
THREE = {"kind": "other"}

values = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
entries = st.lists(st.dictionaries(st.text(min_size=1), values, max_size=3), max_size=5)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "kept" / "journal.jsonl")


def test_a_journal_that_does_not_exist_yet_is_empty(journal: Journal) -> None:
    assert journal.size() == 0
    assert list(journal.read()) == []
    assert not journal.path.exists()


def test_entries_come_back_in_order(journal: Journal) -> None:
    journal.append([ONE, TWO])
    journal.append([THREE])
    assert list(journal.read()) == [ONE, TWO, THREE]


def test_it_is_one_json_object_a_line(journal: Journal) -> None:
    journal.append([ONE, TWO])
    assert [json.loads(line) for line in journal.path.read_text().splitlines()] == [ONE, TWO]


def test_reading_goes_on_from_an_offset(journal: Journal) -> None:
    first = journal.append([ONE]).end
    second = journal.append([TWO, THREE]).end
    assert list(journal.read(first)) == [TWO, THREE]
    assert list(journal.read(second)) == []
    assert journal.size() == second == journal.path.stat().st_size


def test_what_is_appended_is_on_disk_with_its_name(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[int, int]] = []

    def watched_flush(descriptor: int) -> None:
        status = os.fstat(descriptor)
        flushed.append((status.st_ino, status.st_size))

    monkeypatch.setattr(os, "fsync", watched_flush)
    size = journal.append([ONE, TWO]).end
    folder = journal.path.parent.stat()
    assert flushed == [(journal.path.stat().st_ino, size), (folder.st_ino, folder.st_size)]


def test_nothing_appended_changes_nothing(journal: Journal) -> None:
    size = journal.append([ONE]).end
    assert journal.append([]).end == size
    assert list(journal.read()) == [ONE]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries, max_size=4))
def test_whatever_is_appended_comes_back(
    journal: Journal, slices: list[list[dict[str, object]]]
) -> None:
    journal.path.unlink(missing_ok=True)
    sizes = [0, *(journal.append(entries).end for entries in slices)]
    for number, size in enumerate(sizes):
        expected = [entry for entries in slices[number:] for entry in entries]
        assert list(journal.read(size)) == expected


def test_a_torn_last_line_is_dropped_and_the_next_append_repairs_it(journal: Journal) -> None:
    whole = journal.append([ONE]).end
    size = journal.append([TWO]).end
    content = journal.path.read_bytes()
    for cut in range(whole, size):
        journal.path.write_bytes(content[:cut])
        assert journal.size() == whole
        assert list(journal.read()) == [ONE]
        assert journal.append([THREE]).end == journal.path.stat().st_size
        assert list(journal.read()) == [ONE, THREE]


def test_a_torn_first_line_is_dropped_too(journal: Journal) -> None:
    size = journal.append([ONE]).end
    content = journal.path.read_bytes()
    for cut in range(size):
        journal.path.write_bytes(content[:cut])
        assert journal.size() == 0
        assert list(journal.read()) == []


def test_a_torn_line_longer_than_a_block_is_found(journal: Journal) -> None:
    whole = journal.append([ONE]).end
    journal.append([{"long": "x" * 200_000}])
    with journal.path.open("r+b") as file:
        file.truncate(whole + 150_000)
    assert journal.size() == whole
    journal.append([TWO])
    assert list(journal.read()) == [ONE, TWO]


@pytest.mark.parametrize("damage", [b"\x00" * 10, b"{", b"12", b'["kind"]', b"null"])
def test_damage_in_the_middle_is_an_error(journal: Journal, damage: bytes) -> None:
    first = journal.append([ONE]).end
    journal.append([TWO])
    content = journal.path.read_bytes()
    journal.path.write_bytes(content[:first] + damage + b"\n" + content[first:])
    reading = journal.read()
    assert next(reading) == ONE
    with pytest.raises(JournalError, match=f"damaged before byte {first + len(damage) + 1}"):
        next(reading)


def test_an_offset_inside_a_line_is_an_error(journal: Journal) -> None:
    journal.append([ONE, TWO])
    with pytest.raises(JournalError, match="damaged"):
        list(journal.read(3))


def test_a_journal_that_lost_its_end_is_an_error(journal: Journal) -> None:
    known = journal.append([ONE, TWO]).end
    journal.path.write_bytes(journal.path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(JournalError, match="ends at byte"):
        list(journal.read(known))
    journal.path.unlink()
    with pytest.raises(JournalError, match="restore the journal"):
        list(journal.read(known))


def test_an_entry_that_cannot_be_written_leaves_nothing_of_its_batch(journal: Journal) -> None:
    journal.append([ONE])
    with pytest.raises(TypeError):
        journal.append([TWO, {"not": object()}])
    assert list(journal.read()) == [ONE]


def test_what_the_disk_refuses_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="cannot be written"):
        Journal(tmp_path / "file" / "journal.jsonl").append([ONE])
    folder = Journal(tmp_path)
    with pytest.raises(JournalError, match="cannot be written"):
        folder.append([ONE])
    with pytest.raises(JournalError, match="cannot be read"):
        list(folder.read())
    with pytest.raises(JournalError, match="cannot be read"):
        folder.size()


def test_only_owner_and_group_may_read_it(journal: Journal) -> None:
    journal.append([ONE])
    assert journal.path.stat().st_mode & 0o777 == 0o640
    assert journal.path.parent.stat().st_mode & 0o777 == 0o750
