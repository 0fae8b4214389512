"""Every environment variable that is read is explained in .env.example, and no other."""

import re

from lead_pipeline_tests.house.project import ROOT, text
from lead_pipeline_tests.house.variables import (
    in_python,
    in_text,
    prefixes,
    read_by_the_product,
)

EXAMPLE = text(ROOT / ".env.example")
ASSIGNMENT = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def _explained() -> set[str]:
    return {match[1] for match in ASSIGNMENT.finditer(EXAMPLE)}


def test_every_variable_that_is_read_is_explained() -> None:
    read = read_by_the_product()
    assert {name: place for name, place in read.items() if name not in _explained()} == {}


def test_every_variable_that_is_explained_is_read() -> None:
    assert _explained() - read_by_the_product().keys() == set()


def test_each_has_a_line_that_says_what_it_is() -> None:
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if ASSIGNMENT.match(line):
            before = lines[number - 1]
            assert before.startswith("# "), line
            assert not ASSIGNMENT.match(before), line


def test_the_example_sets_nothing() -> None:
    assert [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")] == []


def test_the_example_holds_no_secret() -> None:
    secret = re.compile(r"_(?:ID|KEY|TOKEN|SECRET|PASSWORD)$")
    given = {match[1]: match[2] for match in ASSIGNMENT.finditer(EXAMPLE)}
    assert {name: value for name, value in given.items() if secret.search(name) and value} == {}


def test_a_variable_is_found_where_it_is_read() -> None:
    assert {"LEAD_PIPELINE", "HOUSING", "AIMBASE"} <= set(prefixes())
    source = 'HOUSING_PLAN = 1\nx = os.environ["HOUSING_KEY"]\ny = f("set HOUSING_OTHER first")\n'
    assert in_python(source, ["HOUSING"]) == {"HOUSING_KEY"}
    assert in_text("key_variable: HOUSING_KEY\nenv: [HOUSING_ID]", ["HOUSING"]) == {
        "HOUSING_KEY",
        "HOUSING_ID",
    }
