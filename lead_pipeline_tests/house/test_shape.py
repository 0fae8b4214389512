"""Files are named after what they hold, and stay small; nothing swallows an error."""

from textwrap import dedent

import pytest

from lead_pipeline_tests.house.project import files, name_of, package_files, text
from lead_pipeline_tests.house.shape import (
    MOST_FILE_LINES,
    long_functions,
    swallowing_handlers,
    vague_parts,
)


def test_no_file_or_folder_has_a_vague_name() -> None:
    assert [name_of(path) for path in files() if vague_parts(name_of(path))] == []


def test_files_are_short() -> None:
    lengths = {name_of(path): text(path).count("\n") for path in files(".py", ".sql")}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_FILE_LINES} == {}


def test_functions_are_short() -> None:
    found = {name_of(path): long_functions(text(path)) for path in files(".py")}
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_nothing_swallows_every_error() -> None:
    found = {name_of(path): swallowing_handlers(text(path)) for path in package_files(".py")}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("name", ["a/utils.py", "a/helpers/b.py", "manager.py", "x/common.sql"])
def test_a_vague_name_is_seen(name: str) -> None:
    assert vague_parts(name)


def test_a_long_function_is_seen() -> None:
    source = "def long():\n" + "    pass\n" * 60
    assert long_functions(source) == ["1 long: 61 lines"]
    assert long_functions(source.removesuffix("    pass\n")) == []


@pytest.mark.parametrize(
    ("handler", "swallows"),
    [
        ("except:\n    pass", True),
        ("except Exception:\n    pass", True),
        ("except (ValueError, BaseException) as error:\n    print(error)", True),
        ("except Exception:\n    def later():\n        raise", True),
        ("except Exception:\n    print()\n    raise", False),
        ("except Exception as error:\n    raise ValueError from error", False),
        ("except ValueError:\n    pass", False),
    ],
)
def test_a_swallowing_handler_is_seen(handler: str, swallows: bool) -> None:
    source = "try:\n    pass\n" + dedent(handler)
    assert bool(swallowing_handlers(source)) is swallows
