"""What a file could not say stays in quarantine once, until something is done about it."""

from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from lead_pipeline.errors import ConfigError
from lead_pipeline.marts import Business
from lead_pipeline.marts.build import prepared
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.history import HistoryFile, import_file
from lead_pipeline.pipeline.quarantine import dismiss, look_up, quarantined, undo_dismissal
from lead_pipeline.pipeline.rebuild import rebuild
from lead_pipeline.pipeline.replay import retry_quarantine
from lead_pipeline.settings import Settings
from lead_pipeline.vendors.history.mapping import Mapping
from lead_pipeline.warehouse.dismissals import DISMISSED, KINDS, TAKEN_BACK, dismissal_entry
from lead_pipeline_tests.vendors.history_files import Rows, delimited, mapping_of, row
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACCOUNT = "portal_2019"
PORTAL = mapping_of(source="portal")
WITHOUT_ID = PORTAL.model_copy(
    update={
        "columns": {name: rule for name, rule in PORTAL.columns.items() if name != "source_lead_id"}
    }
)
GOOD = [row(1), row(2)]
BAD = row(3, Date="never")
WORSE = row(4, Date="13.13.2019")


@pytest.fixture(autouse=True)
def _warehouse(tmp_path: Path) -> None:
    put_warehouse(tmp_path / "data")


def folder_at(tmp_path: Path, hour: int) -> DataFolder:
    return open_folder(Settings(data_dir=tmp_path / "data", now=NOW + timedelta(hours=hour)))


def imported(
    tmp_path: Path, hour: int, rows: Rows, account: str = ACCOUNT, mapping: Mapping = PORTAL
) -> DataFolder:
    """A file of these rows, so many hours later, and what the quarantine is then."""
    folder = folder_at(tmp_path, hour)
    path = tmp_path / "leads.csv"
    path.write_bytes(delimited(rows))
    import_file(folder, HistoryFile(path, account, mapping))
    settle(folder)
    return folder


def settle(folder: DataFolder) -> None:
    """Of the reports the one step that is about the quarantine."""
    with folder.warehouse.open() as session:
        session.run(dict(prepared(Business()))["quarantine"])


def waiting(folder: DataFolder) -> list[str]:
    """The names in the records that wait."""
    records = quarantined(folder, [ACCOUNT, "other"])
    return sorted(record.content.decode().split(",")[2] for record in records)


def asked(folder: DataFolder, sql: str) -> list[tuple[Any, ...]]:
    with folder.warehouse.open() as session:
        return session.rows(sql)


def require_balanced(folder: DataFolder) -> None:
    """To the row, for every delivery."""
    ledger = (
        "SELECT receipt_id, quarantined FROM ops.deliveries WHERE is_latest AND quarantined > 0"
    )
    held = "SELECT receipt_id, count(*) FROM ops.quarantine GROUP BY receipt_id"
    assert sorted(asked(folder, ledger)) == sorted(asked(folder, held))


def test_the_same_file_again_shows_its_rows_once(tmp_path: Path) -> None:
    for hour in (0, 1):
        folder = imported(tmp_path, hour, [*GOOD, BAD])
    assert waiting(folder) == ["Person 3"]
    states = "SELECT state, count(*) FROM ops.quarantine GROUP BY state ORDER BY state"
    assert asked(folder, states) == [("repeated", 1), ("waiting", 1)]
    require_balanced(folder)


def test_a_corrected_file_leaves_what_it_still_cannot_say(tmp_path: Path) -> None:
    imported(tmp_path, 0, [*GOOD, BAD, WORSE], mapping=WITHOUT_ID)
    folder = imported(tmp_path, 1, [*GOOD, row(3), WORSE], mapping=WITHOUT_ID)
    assert waiting(folder) == ["Person 4"]
    require_balanced(folder)


def test_neither_another_file_nor_an_older_one_corrects(tmp_path: Path) -> None:
    imported(tmp_path, 0, [*GOOD, BAD, row(4)])
    folder = imported(tmp_path, 1, [row(2), row(7), WORSE])
    assert waiting(folder) == ["Person 3", "Person 4"]


@pytest.mark.parametrize(
    ("mapping", "left"),
    [(PORTAL, []), pytest.param(WITHOUT_ID, ["Person 3"], marks=pytest.mark.slow)],
)
def test_a_file_of_the_mended_rows_alone(tmp_path: Path, mapping: Mapping, left: list[str]) -> None:
    """By its id a row is known to be the same."""
    imported(tmp_path, 0, [*GOOD, BAD], mapping=mapping)
    folder = imported(tmp_path, 1, [row(3)], mapping=mapping)
    assert waiting(folder) == left


@pytest.mark.slow
def test_a_better_mapping_of_the_same_file_reads_what_waited(tmp_path: Path) -> None:
    imported(tmp_path, 0, [*GOOD, row(3, Date="31.12.2019")])
    date = {"column": "Date", "format": ["iso", "%d.%m.%Y"], "zone": "UTC"}
    better = mapping_of({"created_at": date}, source="portal")
    folder = imported(tmp_path, 1, [*GOOD, row(3, Date="31.12.2019")], mapping=better)
    assert waiting(folder) == []


@pytest.mark.slow
def test_to_retry_reads_every_answer_that_has_the_record(tmp_path: Path) -> None:
    imported(tmp_path, 0, [*GOOD, BAD])
    folder = imported(tmp_path, 1, [*GOOD, row(9), BAD])
    (record,) = quarantined(folder, [ACCOUNT])
    lines = retry_quarantine(folder, [ACCOUNT], [record.quarantine_id], lambda landed: landed)
    assert len(lines) == 2
    settle(folder)
    assert waiting(folder) == ["Person 3"]


@pytest.mark.slow
def test_what_somebody_dismissed_stays_so_when_it_comes_again(tmp_path: Path) -> None:
    folder = imported(tmp_path, 0, [*GOOD, BAD, WORSE])
    first, _ = quarantined(folder, [ACCOUNT])
    published = dismiss(folder, [first.quarantine_id], "ann", "entered by hand")
    assert published
    assert waiting(folder) == ["Person 4"]
    folder = imported(tmp_path, 1, [*GOOD, BAD, WORSE])
    assert waiting(folder) == ["Person 4"]
    signed = (
        "SELECT DISTINCT state, dismissed_at, dismissed_by, dismissed_because "
        "FROM ops.quarantine WHERE dismissed_at IS NOT NULL"
    )
    assert asked(folder, signed) == [("dismissed", NOW, "ann", "entered by hand")]
    rebuild(folder, [], lambda landed: landed)
    assert waiting(folder) == ["Person 4"]
    assert asked(folder, signed) == [("dismissed", NOW, "ann", "entered by hand")]
    require_balanced(folder)


@pytest.mark.slow
def test_a_dismissal_is_taken_back_for_good(tmp_path: Path) -> None:
    """By the row of whichever answer: each that brought the record since, and after a rebuild."""
    folder = imported(tmp_path, 0, [*GOOD, BAD])
    (first,) = quarantined(folder, [ACCOUNT])
    dismiss(folder, [first.quarantine_id], "ann", "entered by hand")
    folder = imported(tmp_path, 1, [*GOOD, BAD])
    (dismissed,) = quarantined(folder, [ACCOUNT], "dismissed")
    assert dismissed.quarantine_id != first.quarantine_id
    assert undo_dismissal(folder, [dismissed.quarantine_id], "bob", "it was another")
    assert waiting(folder) == ["Person 3"]
    rebuild(folder, [], lambda landed: landed)
    assert waiting(folder) == ["Person 3"]
    record, decided = look_up(folder, first.quarantine_id)
    assert (record.quarantine_id, record.state) == (dismissed.quarantine_id, "waiting")
    assert [(one.what, one.at, one.by, one.reason) for one in decided] == [
        ("dismissed", NOW, "ann", "entered by hand"),
        ("taken back", NOW + timedelta(hours=1), "bob", "it was another"),
    ]
    require_balanced(folder)


@pytest.mark.slow
def test_what_was_decided_before_a_crash_holds_after_it(tmp_path: Path) -> None:
    """The journal has it and the warehouse does not: a command was killed between the two."""
    folder = imported(tmp_path, 0, [*GOOD, BAD, WORSE])
    first, second = quarantined(folder, [ACCOUNT])
    ids = [first.quarantine_id, second.quarantine_id]
    folder.journal.append([dismissal_entry(DISMISSED, ids, "ann", NOW, "by hand")])
    assert undo_dismissal(folder, ids[:1], "bob", "not this one")
    assert waiting(folder) == ["Person 3"]
    folder.journal.append([dismissal_entry(TAKEN_BACK, ids[1:], "bob", NOW, "nor that")])
    with pytest.raises(ConfigError, match="is not dismissed"):
        undo_dismissal(folder, ids[1:], "bob", "nor that")
    settle(folder)
    assert waiting(folder) == ["Person 3", "Person 4"]
    rebuild(folder, [], lambda landed: landed)
    assert waiting(folder) == ["Person 3", "Person 4"]


@pytest.mark.slow
def test_a_refusal_changes_nothing(tmp_path: Path) -> None:
    folder = imported(tmp_path, 0, [*GOOD, BAD])
    (record,) = quarantined(folder, [ACCOUNT])
    with pytest.raises(ConfigError, match="nothing in quarantine has the id nothing"):
        dismiss(folder, [record.quarantine_id, "nothing"], "ann", "by hand")
    with pytest.raises(ConfigError, match="is not dismissed"):
        undo_dismissal(folder, [record.quarantine_id], "ann", "by hand")
    assert [entry for entry in folder.journal.read() if entry["kind"] in KINDS] == []


def refusal_of(folder: DataFolder, quarantine_id: str, by: str) -> str | None:
    """What one of several processes is told that dismiss the same record."""
    try:
        dismiss(folder, [quarantine_id], by, "by hand")
    except ConfigError as error:
        return error.what
    return None


@pytest.mark.slow
def test_of_two_who_dismiss_at_once_one_is_told(tmp_path: Path) -> None:
    folder = imported(tmp_path, 0, [*GOOD, BAD])
    (record,) = quarantined(folder, [ACCOUNT])
    decided = (repeat(folder, 2), repeat(record.quarantine_id, 2), ("ann", "bob"))
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        refusals = {*processes.map(refusal_of, *decided)}
    assert refusals == {None, f"{record.quarantine_id} does not wait: it is dismissed"}
    assert len(look_up(folder, record.quarantine_id)[1]) == 1


@pytest.mark.slow
def test_a_rebuild_says_of_each_row_what_was_said_before(tmp_path: Path) -> None:
    imported(tmp_path, 0, [*GOOD, BAD, WORSE])
    imported(tmp_path, 1, [*GOOD, BAD, row(4)])
    folder = imported(tmp_path, 2, [row(8), WORSE])
    states = "SELECT quarantine_id, state FROM ops.quarantine ORDER BY ALL"
    before = asked(folder, states)
    rebuild(folder, [], lambda landed: landed)
    assert asked(folder, states) == before
