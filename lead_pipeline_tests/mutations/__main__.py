"""Plant each fault in a copy of the project, and see whether its tests see it."""

import sys

from rich.console import Console
from rich.progress import track
from rich.table import Table

from lead_pipeline_tests.mutations.mutation import (
    LIMIT_SECONDS,
    Copy,
    Mutation,
    Outcome,
    Verdict,
    copied_project,
)
from lead_pipeline_tests.mutations.planted import MUTATIONS

CONSOLE = Console()


def main(words: list[str]) -> int:
    """0 if every fault was caught."""
    chosen = [
        mutation
        for mutation in MUTATIONS
        if all(word.lower() in mutation.name.lower() for word in words)
    ]
    with copied_project() as copy:
        if not _is_green(copy, chosen):
            return 1
        outcomes = []
        for mutation in track(chosen, "Planting faults", console=CONSOLE):
            outcomes.append((mutation, copy.try_out(mutation)))
            CONSOLE.print(f"{outcomes[-1][1].verdict}: {mutation.name}")
    CONSOLE.print(_table(outcomes))
    caught = sum(outcome.verdict is Verdict.CAUGHT for _, outcome in outcomes)
    CONSOLE.print(f"{caught} of {len(chosen)} caught")
    return 0 if chosen and caught == len(chosen) else 1


def _is_green(copy: Copy, chosen: list[Mutation]) -> bool:
    """Red means something only where it is green without a fault."""
    tests = sorted({test for mutation in chosen for test in mutation.tests})
    CONSOLE.print(f"First without a fault: {len(tests)} files of tests")
    code, said = copy.test(tests, limit=LIMIT_SECONDS * 5)
    if code:
        CONSOLE.print(f"They are red, or take too long, without any fault:\n{said}")
    return code == 0


def _table(outcomes: list[tuple[Mutation, Outcome]]) -> Table:
    table = Table("fault", "in", "verdict", "by", "seconds")
    for mutation, outcome in outcomes:
        test = outcome.test.removeprefix("lead_pipeline_tests/")
        seconds = f"{outcome.seconds:.0f}"
        table.add_row(mutation.name, mutation.file, outcome.verdict, test, seconds)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
