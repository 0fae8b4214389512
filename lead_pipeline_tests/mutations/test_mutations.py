"""The planted faults fit the code as it is; `make mutations` plants them, for minutes."""

from collections import Counter
from pathlib import Path

import pytest

from lead_pipeline_tests.mutations.mutation import PROJECT, Mutation
from lead_pipeline_tests.mutations.planted import MUTATIONS


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_it_can_be_planted_and_its_tests_are_there(mutation: Mutation) -> None:
    sound = (PROJECT / "lead_pipeline" / mutation.file).read_text()
    assert mutation.mutated(PROJECT) != sound
    for test in mutation.tests:
        file, _, function = test.partition("::")
        path = PROJECT / "lead_pipeline_tests" / file
        assert path.is_dir() or f"def {function or 'test_'}" in path.read_text()


def test_each_has_a_name_of_its_own() -> None:
    assert max(Counter(mutation.name for mutation in MUTATIONS).values()) == 1


@pytest.mark.parametrize("text", ["", "a = 1\na = 1\n"])
def test_code_that_moved_on_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "lead_pipeline").mkdir()
    (tmp_path / "lead_pipeline" / "file.py").write_text(text)
    with pytest.raises(ValueError, match="holds the old text"):
        Mutation("a fault", "file.py", "a = 1", "a = 2", ()).mutated(tmp_path)
