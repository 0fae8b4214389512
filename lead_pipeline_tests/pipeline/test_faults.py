"""Whatever a vendor does: right or red, the others untouched, and all right once it is over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lead_pipeline.sandbox import FaultKind, SandboxSettings, TrueLead, running_sandbox
from lead_pipeline.sandbox.faults.fault import PAGE_KINDS, WRITE_KINDS
from lead_pipeline.sandbox.faults.shapes import can_have
from lead_pipeline.sandbox.qontak.settings import QontakSettings
from lead_pipeline.sandbox.qontak.truth import TrueContact
from lead_pipeline.vendors.housing.signature import request_hash
from lead_pipeline_tests.pipeline.fault_rows import ROWS
from lead_pipeline_tests.pipeline.faulty_runs import (
    COLUMNS,
    NOW,
    Cell,
    Column,
    Row,
    Runs,
    Seen,
    sound,
)
from lead_pipeline_tests.pipeline.test_truth import lead_id
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

CELLS = [
    Cell(row, column)
    for row in ROWS
    for column in COLUMNS
    if all(can_have(column.vendor.source, fault["kind"]) for fault in row.faults)
]
SETTINGS = SandboxSettings(
    now=NOW, leads_per_day=10, qontak=QontakSettings(contacts=100, life_days=30)
)
TOMORROW = NOW + timedelta(hours=1)
COMMAND = re.compile(r"\n +Next:  .*lead-pipeline (run|doctor) .*--account (?P<account>\w+)")


@dataclass(frozen=True)
class Matrix:
    """Every cell that was chosen: under its fault, afterwards, and what is true."""

    faulty: dict[str, Seen]
    after: dict[str, Seen]
    truth: list[TrueLead | TrueContact]
    secrets: tuple[str, ...]
    days: int

    def true_ids(self, cell: Cell) -> list[tuple[datetime, str]]:
        """(created_at, lead_id) of all leads in the cell's window."""
        window = cell.row.window
        return sorted(
            (created, lead_id(lead, cell.account))
            for lead in self.truth
            if lead["account"] == cell.column.vendor.source
            for created in [datetime.fromisoformat(lead["created_at"])]
            if window.start <= created < window.end
        )

    def sound_contents(self, cell: Cell, runs: dict[str, Seen]) -> list[tuple[Any, ...]]:
        """What a sound account of that vendor has in the cell's window in the same run."""
        return contents(runs[sound(cell.column).account], cell)

    def personal(self) -> set[str]:
        """Names, addresses and numbers of everybody."""
        return {
            value
            for column in COLUMNS
            for lead in self.after[sound(column).account].leads
            for value in map(str, lead)
            if " " in value or "@" in value or re.fullmatch(r"\+?[0-9 ()-]{8,}", value)
        }


def in_window(seen: Seen, cell: Cell) -> list[tuple[Any, ...]]:
    window = cell.row.window
    return [lead for lead in seen.leads if window.start <= lead[0] < window.end]


def ids(seen: Seen, cell: Cell) -> list[tuple[datetime, str]]:
    return sorted((created, identifier) for created, identifier, *_ in in_window(seen, cell))


def contents(seen: Seen, cell: Cell) -> list[tuple[Any, ...]]:
    return sorted((str(created), *map(str, rest)) for created, _, *rest in in_window(seen, cell))


@pytest.fixture(scope="module")
def matrix(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """Runs the cells of the tests that were chosen, all in one folder."""
    specs = [getattr(item, "callspec", None) for item in request.session.items]
    chosen = {spec.params.get("cell") for spec in specs if spec}
    cells = [cell for cell in CELLS if cell in chosen]
    path = tmp_path_factory.mktemp("faults") / "data"
    put_warehouse(path)
    days = max((cell.row.days for cell in cells), default=1)
    with running_sandbox(SETTINGS) as sandbox:
        runs = Runs(sandbox, path, days)
        faulty = runs.run(cells, NOW, faulty=True)
        after = runs.run(cells, TOMORROW, faulty=False)
        truth = sandbox.truth(date(2026, 11, 16), date(2026, 11, 19))
        contacts = [contact for contact in truth["crm"] if contact["vanished_at"] is None]
        key = sandbox.environment()["HOUSING_API_KEY"]
        signed = [request_hash(key, f"{now.timestamp():.0f}") for now in (NOW, TOMORROW)]
        names = ("AIMBASE_PRIVATE_KEY", "QONTAK_CLIENT_SECRET")
        secrets = [key, *(sandbox.environment()[name] for name in names), *signed]
    marks = ("nonce=", "hash=", "signature=")
    return Matrix(faulty, after, [*truth["leads"], *contacts], (*secrets, *marks), days)


def test_every_kind_has_a_row() -> None:
    """But for the one of single objects, which only a scan asks for, and those of writing."""
    windowed = {*FaultKind} - {FaultKind.OBJECT_AS_LIST} - WRITE_KINDS
    assert {fault["kind"] for row in ROWS for fault in row.faults} == windowed


def first_rows() -> Iterator[Row]:
    """The first variant of each kind of fault."""
    seen: set[object] = set()
    for row in ROWS:
        kinds = {fault["kind"] for fault in row.faults}
        if kinds - seen:
            yield row
        seen |= kinds


OFTEN = list(first_rows())
OF_LISTS = {
    *(FaultKind.ERROR_OBJECT, FaultKind.MALFORMED_RECORDS, FaultKind.VANISHED, FaultKind.TRUNCATED),
    *PAGE_KINDS,
}
"""What a vendor with pages makes a matter of its own; all else is the same connection."""


def is_tried_often(cell: Cell) -> bool:
    """Each kind at one vendor; at the others what they make a matter of their own."""
    kinds = {fault["kind"] for fault in cell.row.faults}
    return cell.row in OFTEN and (cell.column is COLUMNS[0] or bool(kinds & OF_LISTS))


@pytest.mark.parametrize(
    "cell",
    [
        cell if is_tried_often(cell) else pytest.param(cell, marks=pytest.mark.slow)
        for cell in CELLS
    ],
    ids=str,
)
def test_a_fault(matrix: Matrix, cell: Cell) -> None:
    seen = matrix.faulty[cell.account]
    assert seen.given, "the fault was not given"
    if cell.errors:
        red(seen, cell)
        assert set(ids(seen, cell)) <= set(matrix.true_ids(cell))
    elif cell.row.odd:
        odd(seen, cell, matrix)
    else:
        assert not seen.failures
        assert ids(seen, cell) == matrix.true_ids(cell)
        assert contents(seen, cell) == matrix.sound_contents(cell, matrix.faulty)
    balanced(seen)
    discreet(seen, matrix)
    repaired(matrix.after[cell.account], cell, matrix)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.vendor.source)
def test_who_has_no_fault_is_complete(matrix: Matrix, column: Column) -> None:
    cell = sound(column, matrix.days)
    for seen in (matrix.faulty[cell.account], matrix.after[cell.account]):
        assert not seen.failures
        assert ids(seen, cell) == matrix.true_ids(cell)
        balanced(seen)


def red(seen: Seen, cell: Cell) -> None:
    """The verdict is red, and each failure says what, of what, in which state, and what next."""
    source = cell.column.vendor.source
    assert {failure.error for failure in seen.failures} == cell.errors
    days = [(failure.first_day, failure.last_day) for failure in seen.failures]
    assert len(days) == len(set(days)), "what is wrong with a window is said once"
    for failure in seen.failures:
        assert failure.message.startswith(f"{source} account {cell.account}, window 2026-11-")
        assert "\n  State: " in failure.message
        command = COMMAND.search(failure.message)
        assert command
        assert command["account"] == cell.account
    assert seen.verdict
    assert cell.account in seen.verdict.what
    assert f"lead-pipeline run --account {cell.account} --from 2026" in seen.verdict.next_step


def odd(seen: Seen, cell: Cell, matrix: Matrix) -> None:
    """Loaded, and told where something of it is not as it was."""
    assert not seen.failures
    found, true = ids(seen, cell), matrix.true_ids(cell)
    new_fields = {load.new_fields for load in seen.ledger if load.new_fields}
    quarantined = sum(load.quarantined for load in seen.ledger)
    assert quarantined == len(seen.quarantine)
    match cell.row.odd:
        case "quarantine":
            lost = len(true) - len(found)
            assert lost > 0
            # The CRM's answer holds all that was created since the window began.
            assert lost <= quarantined if "qontak" in cell.account else lost == quarantined
        case "new fields":
            assert found == true
            assert new_fields
            assert all("emperature" in fields for fields in new_fields)
        case "another type":
            assert new_fields
            assert len(true) == len(found) + quarantined
        case "vanished":
            assert set(found) < set(true)
        case "changed":
            assert found == true
            assert contents(seen, cell) != matrix.sound_contents(cell, matrix.faulty)
        case unknown:
            pytest.fail(f"{unknown} is no oddity")


def balanced(seen: Seen) -> None:
    assert len(seen.ledger) == len(seen.receipts) > 0
    assert [load for load in seen.ledger if load.lost] == []


def discreet(seen: Seen, matrix: Matrix) -> None:
    told = seen.told()
    assert [secret for secret in matrix.secrets if secret in told] == []
    assert [value for value in matrix.personal() if value in told] == []


def repaired(seen: Seen, cell: Cell, matrix: Matrix) -> None:
    assert not seen.failures
    assert ids(seen, cell) == matrix.true_ids(cell)
    assert contents(seen, cell) == matrix.sound_contents(cell, matrix.after)
    everything = [identifier for _, identifier, *_ in seen.leads]
    assert len(everything) == len(set(everything))
    balanced(seen)
    discreet(seen, matrix)
