"""Whatever goes wrong with the pages of a scan: nobody is taken for gone who is there.

Each cell is an account of its own in one data folder: scanned soundly, a day later under a fault
of the matrix, and soundly once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lead_pipeline import normalise
from lead_pipeline.errors import RunIncomplete
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.load import pending
from lead_pipeline.pipeline.outcome import judge, open_failures
from lead_pipeline.pipeline.scan import ScanOutcome
from lead_pipeline.pipeline.scan_verdicts import judge_scans
from lead_pipeline.sandbox import Fault, FaultKind, Sandbox, SandboxSettings, running_sandbox
from lead_pipeline.sandbox.faults.fault import WRITE_KINDS
from lead_pipeline.sandbox.faults.shapes import can_have
from lead_pipeline.sandbox.qontak.settings import QontakSettings
from lead_pipeline.vendors.qontak import QONTAK
from lead_pipeline_tests.pipeline.fault_rows import ROWS
from lead_pipeline_tests.pipeline.faulty_runs import CRM, NOW, Cell
from lead_pipeline_tests.pipeline.scanning import DAY, KNOWN, LOST, PATIENT, Crm

AFTER = NOW + timedelta(minutes=3)
SETTINGS = SandboxSettings(now=NOW - DAY, qontak=QontakSettings(contacts=24, life_days=6))
CELLS = [
    Cell(row, CRM) for row in ROWS if all(can_have("qontak", fault["kind"]) for fault in row.faults)
]
QUARANTINED = "SELECT account, count(*) FROM ops.quarantine GROUP BY account"


@dataclass
class Seen:
    """One account: the outcome under the fault and what was known then, and what in the end."""

    outcome: ScanOutcome
    given: int
    faulty: dict[str, datetime | None] = field(default_factory=dict)
    verdict: RunIncomplete | None = None
    quarantined: int = 0
    after: dict[str, datetime | None] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.outcome.verdict is not None and self.outcome.verdict.complete


@dataclass(frozen=True)
class Matrix:
    """Every cell that was chosen; who was there the day before, and who is."""

    seen: dict[str, Seen]
    before: set[str]
    now: set[str]
    lost: list[tuple[Any, ...]]


class Runs:
    """One sandbox and one data folder, in which all accounts are loaded at once: it costs most."""

    def __init__(self, sandbox: Sandbox, path: Path, cells: Sequence[Cell]) -> None:
        self.sandbox, self.cells = sandbox, cells
        self.crms = {cell.account: Crm(path, sandbox.environment(), cell.account) for cell in cells}
        self.folder = Crm(path, sandbox.environment()).folder

    def scan(self, cell: Cell, now: datetime, faults: Sequence[Fault] = ()) -> Seen:
        self.sandbox.set_clock(min(now, NOW))
        self.sandbox.set_faults(faults)
        crm = self.crms[cell.account]
        outcome = crm.scan(now, "contacts", http=cell.row.http if faults else PATIENT)["contacts"]
        given = sum(fault.given for fault in self.sandbox.faults_given())
        self.sandbox.clear_faults()
        return Seen(outcome, given)

    def load(self, now: datetime) -> dict[str, dict[str, datetime | None]]:
        """What is known of each account then."""
        folder, known = self.folder(now), {}
        with folder.warehouse.open() as session:
            normalise.install(session)
            for name in self.crms:
                list(load_receipts(folder, session, pending(folder, session, QONTAK, name)))
                judge_scans(folder, session, QONTAK, name)
                known[name] = dict(session.rows(KNOWN, (name, "contact")))
        return known

    def verdicts(self, now: datetime) -> dict[str, RunIncomplete]:
        """Of the accounts that are red."""
        folder = self.folder(now)
        red = {failure.account for failure in open_failures(folder, list(self.crms))}
        judge(folder, [name for name in self.crms if name not in red])
        verdicts = {name: self.crms[name].verdict(now) for name in red}
        return {name: verdict for name, verdict in verdicts.items() if verdict}


@pytest.fixture(scope="module")
def matrix(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    specs = [getattr(item, "callspec", None) for item in request.session.items]
    chosen = {spec.params.get("cell") for spec in specs if spec}
    cells = [cell for cell in CELLS if cell in chosen]
    with running_sandbox(SETTINGS) as sandbox:
        runs = Runs(sandbox, tmp_path_factory.mktemp("scan-faults") / "data", cells)
        for cell in cells:
            runs.scan(cell, NOW - DAY)
        runs.load(NOW - DAY)
        seen = {
            cell.account: runs.scan(
                cell, NOW, [Fault(vendor="qontak", **fault) for fault in cell.row.faults]
            )
            for cell in cells
        }
        faulty, verdicts = runs.load(NOW), runs.verdicts(NOW)
        quarantined = dict(runs.crms[cells[0].account].rows(QUARANTINED))
        for cell in cells:
            runs.scan(cell, AFTER)
        after = runs.load(AFTER)
        assert runs.verdicts(AFTER) == {}
        for name, one in seen.items():
            one.faulty, one.after = faulty[name], after[name]
            one.verdict, one.quarantined = verdicts.get(name), quarantined.get(name, 0)
        lost = runs.crms[cells[0].account].rows(LOST)
        return Matrix(seen, _there(sandbox, NOW - DAY), _there(sandbox, NOW), lost)


def _there(sandbox: Sandbox, moment: datetime) -> set[str]:
    truth = sandbox.crm_truth(moment, moment, digests=False)
    return set(truth["qontak"]["contacts"]["alive"])


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.row.name)
def test_a_fault_of_a_scan(matrix: Matrix, cell: Cell) -> None:
    seen = matrix.seen[cell.account]
    assert seen.given, "the fault was not given"
    assert (seen.verdict is None) == seen.is_whole
    alive, gone = _divided(seen.faulty)
    if seen.verdict:
        assert not gone
        red(seen, seen.verdict, cell)
    elif cell.row.odd == "vanished":
        assert alive < matrix.now
    elif seen.quarantined:
        assert not gone
        assert alive >= matrix.before
    else:
        assert (alive, gone) == (matrix.now, matrix.before - matrix.now)
    assert _divided(seen.after) == (matrix.now, matrix.before - matrix.now)


def _divided(known: dict[str, datetime | None]) -> tuple[set[str], set[str]]:
    """Who is there, and who is gone."""
    gone = {key for key, moment in known.items() if moment}
    return known.keys() - gone, gone


def red(seen: Seen, verdict: RunIncomplete, cell: Cell) -> None:
    """The verdict names the account, the stream, what it is, in which state, and what next."""
    assert verdict.what.startswith(f"{cell.account} could not be read in full:\n  - contacts: ")
    assert f"lead-pipeline run --scan --account {cell.account}" in verdict.next_step
    if seen.outcome.failure:
        message = str(seen.outcome.failure.message)
        assert message.startswith(f"qontak account {cell.account}: ")
        assert "\n  State: " in message
        assert f"--account {cell.account}" in message.rpartition("\n  Next: ")[2]
    else:
        assert seen.outcome.verdict
        assert seen.outcome.verdict.reason in verdict.what


@pytest.mark.slow
def test_the_books_balance(matrix: Matrix) -> None:
    assert matrix.lost == []


def test_every_kind_has_a_row() -> None:
    """But for the one of single objects, which no scan asks for, and those of writing."""
    kinds = {fault["kind"] for cell in CELLS for fault in cell.row.faults}
    assert kinds == {*FaultKind} - {FaultKind.OBJECT_AS_LIST} - WRITE_KINDS
