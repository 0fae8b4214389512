"""Leads of the years before come in by the same door, once, whenever a process dies."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from lead_pipeline.errors import ConfigError, EnvironmentMismatch, UnreadableFile
from lead_pipeline.landing import claim_environment
from lead_pipeline.pipeline import history
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.history import HistoryFile, import_file, imported_accounts
from lead_pipeline.pipeline.outcome import build_reports, publish_snapshot, resolve_people
from lead_pipeline.pipeline.rebuild import rebuild
from lead_pipeline.pipeline.replay import retry_quarantine
from lead_pipeline.settings import Settings
from lead_pipeline.vendors.history.mapping import Mapping
from lead_pipeline_tests.pipeline.conftest import World
from lead_pipeline_tests.vendors.history_files import delimited, mapping_of, row, workbook
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LEADS = "SELECT * EXCLUDE (first_seen_at, last_seen_at) FROM leads ORDER BY lead_id"
MAP = """\
source: portal
default_country: IN
columns:
  source_lead_id: Id
  created_at: {column: Date, format: iso, zone: Asia/Kolkata}
  full_name: Name
  phone: Mobile
  email: Email
  interest_name: Project
"""

PORTAL = mapping_of(source="portal", default_country="IN")


class Killed(BaseException):
    """Stands for a process's end."""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    put_warehouse(tmp_path / "data")
    return open_folder(Settings(data_dir=tmp_path / "data", now=NOW))


def file_of(
    tmp_path: Path, content: bytes, mapping: Mapping | None = None, account: str = "portal_2019"
) -> HistoryFile:
    path = tmp_path / "leads"
    path.write_bytes(content)
    return HistoryFile(path, account, mapping or PORTAL)


def rows(folder: DataFolder, sql: str = LEADS) -> list[tuple[Any, ...]]:
    with folder.warehouse.open() as session:
        return session.rows(sql)


def test_a_file_becomes_leads_and_people(folder: DataFolder, tmp_path: Path) -> None:
    content = delimited([row(1), row(2), row(3, Mobile="9876500001", Name="Person 1")])
    (line,) = import_file(folder, file_of(tmp_path, content))
    assert (line.received, line.counts.new) == (3, 3)
    resolve_people(folder)
    build_reports(folder, [])
    published = publish_snapshot(folder)
    assert published
    assert (published.leads, published.people) == (3, 2)
    found = rows(folder, "SELECT source, account, source_lead_id FROM leads ORDER BY 3")
    assert found[0] == ("portal", "portal_2019", "A1")
    assert rows(folder, "SELECT * FROM ops.coverage") == []


def test_twice_doubles_nothing_whatever_kind_of_file(folder: DataFolder, tmp_path: Path) -> None:
    content = [row(1), row(2)]
    import_file(folder, file_of(tmp_path, delimited(content)))
    before = rows(folder, "SELECT lead_id FROM leads ORDER BY 1")
    for again in (delimited(content), workbook(content)):
        (line,) = import_file(folder, file_of(tmp_path, again))
        assert (line.received, line.counts.unchanged) == (2, 2)
    assert rows(folder, "SELECT lead_id FROM leads ORDER BY 1") == before


def test_a_corrected_file_updates(folder: DataFolder, tmp_path: Path) -> None:
    import_file(folder, file_of(tmp_path, delimited([row(1), row(2)])))
    corrected = delimited([row(1, Name="Zoë"), row(2), row(3)])
    (line,) = import_file(folder, file_of(tmp_path, corrected))
    assert (line.counts.changed, line.counts.unchanged, line.counts.new) == (1, 1, 1)
    assert ("Zoë",) in rows(folder, "SELECT full_name FROM leads")


def test_a_row_that_cannot_be_read_is_in_quarantine_with_its_number(
    folder: DataFolder, tmp_path: Path
) -> None:
    content = delimited([row(1), row(2, Date="never"), row(3)])
    (line,) = import_file(folder, file_of(tmp_path, content))
    assert (line.received, line.counts.new, line.quarantined) == (3, 2, 1)
    ((place, reason),) = rows(folder, "SELECT place, reason FROM ops.quarantine")
    assert place == "record 1, field created_at (row 3, line 3, column Date)"
    assert reason == "is no time of the form iso"
    (again,) = retry_quarantine(folder, ["portal_2019"], [], lambda landed: landed)
    assert (again.received, again.counts.unchanged, again.quarantined) == (3, 2, 1)


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("body", marks=pytest.mark.slow),
        "receipt",
        pytest.param("load", marks=pytest.mark.slow),
    ],
)
def test_a_death_loses_and_doubles_nothing(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    file = file_of(tmp_path, delimited([row(1), row(2)]))

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        if moment == "body":
            dying.setattr(history, "Receipt", die)
        elif moment == "receipt":
            dying.setattr(history, "load_account", die)
        else:
            dying.setattr("lead_pipeline.pipeline.delivery.write_ledger", die)
        with pytest.raises(Killed):
            import_file(folder, file)
    lines = import_file(folder, file)
    assert len(lines) == (1 if moment == "body" else 2)
    assert sum(line.counts.new for line in lines) == 2
    assert rows(folder, "SELECT count(*) FROM leads") == [(2,)]


@pytest.mark.slow
def test_a_rebuild_reads_each_file_by_its_own_mapping(folder: DataFolder, tmp_path: Path) -> None:
    import_file(folder, file_of(tmp_path, delimited([row(n) for n in range(5)])))
    other = mapping_of({"status": {"constant": "won"}}, source="fair", delimiter=";")
    semicolons = delimited([row(n) for n in range(3, 9)], delimiter=";")
    import_file(folder, file_of(tmp_path, semicolons, other, "fair"))
    import_file(folder, file_of(tmp_path, delimited([row(2, Name="J"), row(9, Date="?")])))
    resolve_people(folder)
    publish_snapshot(folder)
    # Which of two files of one moment came first is open, and with it who was new in which.
    ledger = "SELECT receipt_id, received, quarantined FROM ops.deliveries ORDER BY 1"
    before, books = rows(folder), rows(folder, ledger)
    rebuild(folder, [], lambda landed: landed)
    assert rows(folder) == before
    assert rows(folder, ledger) == books
    names = [(vendor.source, account) for vendor, account in imported_accounts(folder)]
    assert names == [("fair", "fair"), ("portal", "portal_2019")]


def test_a_file_that_does_not_fit_is_refused_before_anything_is_kept(tmp_path: Path) -> None:
    folder = open_folder(Settings(data_dir=tmp_path / "data", now=NOW))
    for content, reason in (
        (b"", "it is empty"),
        (delimited([]), "there are none"),
        (delimited([row(1, Date="13/02/2020"), row(2, Date="x")]), "0 of the first 2 rows"),
        ("Zoë".encode("cp1252"), "name the encoding"),
        (delimited([row(1)], ["a", "b", "c", "d", "e", "f"]), "no column Date"),
    ):
        with pytest.raises(UnreadableFile, match=reason):
            import_file(folder, file_of(tmp_path, content))
    assert not folder.path.exists()


@pytest.mark.slow
def test_a_mapping_that_would_make_other_leads_of_known_ones_is_refused(
    folder: DataFolder, tmp_path: Path
) -> None:
    content = delimited([row(1)])
    import_file(folder, file_of(tmp_path, content))
    rule = {"column": "Date", "format": "iso", "zone": "Asia/Kolkata"}
    by_row = {key: value for key, value in mapping_of().columns.items() if key != "source_lead_id"}
    without_id = Mapping.model_validate({"source": "portal", "columns": by_row})
    import_file(
        folder, file_of(tmp_path, content, mapping_of({"created_at": rule}, source="portal"))
    )
    with pytest.raises(ConfigError, match="told apart by") as refused:
        import_file(folder, file_of(tmp_path, delimited([row(2)]), without_id))
    import_file(folder, file_of(tmp_path, content, without_id, "other"))
    moved = Mapping.model_validate({"source": "portal", "columns": by_row | {"created_at": rule}})
    with pytest.raises(ConfigError, match="this file"):
        import_file(folder, file_of(tmp_path, content, moved, "other"))
    assert "rm " in refused.value.next_step


@pytest.mark.slow
def test_what_the_refusal_says_to_type_mends_it(folder: DataFolder, tmp_path: Path) -> None:
    by_row = {key: value for key, value in mapping_of().columns.items() if key != "source_lead_id"}
    content = delimited([row(1)])
    import_file(folder, file_of(tmp_path, content, Mapping.model_validate({"columns": by_row})))
    better = file_of(tmp_path, content, mapping_of())
    with pytest.raises(ConfigError) as refused:
        import_file(folder, better)
    Path(refused.value.next_step.partition("rm ")[2].partition(",")[0]).unlink()
    import_file(folder, better)
    rebuild(folder, [], lambda landed: landed)
    assert rows(folder, "SELECT source_lead_id FROM leads") == [("A1",)]


def test_a_folder_of_the_sandbox_takes_no_real_file(folder: DataFolder, tmp_path: Path) -> None:
    claim_environment(folder.path, "loopback")
    with pytest.raises(EnvironmentMismatch, match="--accept-environment"):
        import_file(folder, file_of(tmp_path, delimited([row(1)])))


# The command


def _files(world: World, content: bytes, mapping: str = MAP) -> tuple[str, str]:
    world.folder.parent.mkdir(exist_ok=True)
    file, written = world.folder.parent / "leads.csv", world.folder.parent / "map.yaml"
    file.write_bytes(content)
    written.write_text(mapping)
    return str(file), str(written)


def _import(world: World, content: bytes, *more: str) -> Result:
    file, written = _files(world, content)
    return world.command("import", file, "--account", "portal_2019", "--mapping", written, *more)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Nobody is asked."""
    variables = {
        "LEAD_PIPELINE_DATA_DIR": str(tmp_path / "data"),
        "LEAD_PIPELINE_NOW": NOW.isoformat(),
    }
    return World(None, tmp_path / "data", variables)  # type: ignore[arg-type]  # nobody is asked


def test_the_command_loads_publishes_and_reports(world: World) -> None:
    content = delimited(
        [[*row(1), "x"], [*row(2, Date="never"), "x"], [*row(3), "x"]],
        (*("Id", "Date", "Name", "Mobile", "Email", "Project"), "Floor"),
    )
    checked = _import(world, content, "--check")
    assert checked.exit_code == 1
    assert "2 rows can be read, 1 cannot; nothing was kept" in checked.output
    assert "0 of 2 phones cannot be called" in checked.output
    assert (
        "1 rows: created_at is no time of the form iso; "
        "the first is record 1, field created_at (row 3, line 3, column Date)"
    ) in checked.output
    assert not world.folder.exists()
    done = _import(world, content)
    assert done.exit_code == 1, done.output
    assert "1 rows could not be read. Next: lead-pipeline quarantine list" in done.output
    assert "kept in attributes: Floor" in done.output
    phones = world.rows("SELECT phone FROM leads ORDER BY 1")
    assert phones == [("+919876500001",), ("+919876500003",)]
    status = world.command("status")
    assert "Imported: portal_2019 (portal), 2 leads of 2019-03-01 to 2019-03-01" in status.output
    assert "missing" not in status.output


@pytest.mark.slow
def test_the_other_commands_know_the_account(world: World) -> None:
    assert _import(world, delimited([row(1), row(2, Date="never"), row(3)])).exit_code == 1
    listed = world.command("quarantine", "list", "--account", "portal_2019")
    assert "row 3, line 3, column Date" in listed.output
    replayed = world.command("replay", "--from", str(NOW.date()), "--account", "portal_2019")
    assert replayed.exit_code == 0, replayed.output
    signed = ("--reason", "entered by hand", "--by", "asha")
    assert world.command("quarantine", "dismiss", "nothing", *signed).exit_code == 2
    dismissed = world.command("quarantine", "dismiss", listed.output.split()[0], *signed)
    assert "Dismissed: 1; still in quarantine: 0" in dismissed.output
    assert world.command("quarantine", "list").output.startswith("0 records are in quarantine")
    state = "SELECT state, dismissed_by FROM ops.quarantine"
    assert world.rows(state) == [("dismissed", "asha")]
    assert '"entered by hand"' in (world.folder / "journal.jsonl").read_text()
    assert "0 records" in world.command("quarantine", "retry").output
    row_id = listed.output.split()[0]
    shown = world.command("quarantine", "list", "--dismissed").output
    assert f"{row_id}\n" in shown
    assert "dismissed 2026-11-20 12:00 UTC by asha: entered by hand" in shown
    assert world.command("quarantine", "dismiss", row_id, *signed).exit_code == 2
    undone = world.command("quarantine", "undo", row_id, "--by", "ben")
    assert "Taken back: 1; in quarantine: 1" in undone.output, undone.output
    assert world.command("quarantine", "undo", row_id).exit_code == 2
    shown = world.command("quarantine", "show", row_id).output
    assert "taken back 2026-11-20 12:00 UTC by ben: taken back" in shown
    assert "state: waiting" in shown
    assert world.rows(state) == [("waiting", None)]
    assert world.rows("SELECT count(*) FROM leads") == [(2,)]


def test_the_check_says_which_phones_need_a_country(world: World) -> None:
    numbers = ("9876500001", "098765 00002", "+91 98765 00003", "0091 98765 00004", "12", "")
    content = delimited([row(number, Mobile=text) for number, text in enumerate(numbers)])
    file, written = _files(world, content, MAP.replace("default_country: IN\n", ""))
    checked = world.command("import", file, "--check", "--mapping", written)
    assert checked.exit_code == 0
    assert "3 of 5 phones cannot be called" in checked.output
    assert "3 have no prefix such as +91" in checked.output
    assert f"write it into {written}" in checked.output
    assert "default_country: IN" in checked.output
    assert not world.folder.exists()


def test_the_command_says_what_is_missing(world: World) -> None:
    file, written = _files(world, delimited([row(1)]))
    for arguments, reason in (
        ((file,), "--template writes one"),
        ((file, "--mapping", written), "give --account"),
        ((file, "--mapping", written, "--account", "A b"), "lower-case"),
        ((file, "--mapping", written, "--account", "qontak"), "qontak_history"),
        ((file, "--mapping", written, "--encoding", "cp1252"), "--template"),
    ):
        result = world.command("import", *arguments)
        assert result.exit_code == 2
        assert reason in " ".join(result.output.split())


def test_the_command_writes_a_mapping_and_never_over_one(world: World) -> None:
    file, written = _files(world, delimited([row(1)]))
    assert world.command("import", file, "--template", "--mapping", written).exit_code == 2
    new = f"{written}.new"
    made = world.command("import", file, "--template", "--mapping", new)
    assert made.exit_code == 0
    assert f"lead-pipeline import {file} --mapping {new} --check" in made.output
    text = Path(new).read_text()
    assert world.command("import", file, "--template").output == text
    refused = world.command("import", file, "--account", "a", "--mapping", new)
    assert refused.exit_code == 2
    assert "columns.created_at.zone: '?' is no time zone" in refused.output
    assert "default_country: '?' is no country's two capital letters, such as IN" in refused.output
    Path(new).write_text(text.replace('zone: "?"', "zone: UTC").replace('"?"', "IN"))
    assert world.command("import", file, "--check", "--mapping", new).exit_code == 0


@pytest.mark.slow
def test_a_long_history_fits_into_a_new_folder_and_a_rebuilt_one(
    folder: DataFolder, tmp_path: Path
) -> None:
    rows_sent = 600_000
    file = file_of(tmp_path, delimited([row(number) for number in range(rows_sent)]))
    (line,) = import_file(folder, file)
    assert line.counts.new == rows_sent
    again = rebuild(folder, [], lambda landed: landed)
    assert [one.counts.new for one in again.lines] == [rows_sent]
