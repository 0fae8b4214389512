"""The files that set the project up agree with each other."""

import os
import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lead_pipeline_tests.house.project import ROOT, files, name_of, pyproject, text

LOCK = text(ROOT / "requirements.lock")
MAKEFILE = text(ROOT / "Makefile")
PIN = re.compile(
    r"(?P<name>[a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(?P<version>[\w.+!-]+)(?: ; [^\\#]+)?"
    r"(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)"
)
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def _pins() -> list[str]:
    """The lock's entries, each on one line."""
    return re.sub(r" \\\n\s+", " ", LOCK).splitlines()


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))


def test_every_line_of_the_lock_is_one_version_with_hashes() -> None:
    assert [line for line in _pins() if not PIN.fullmatch(line)] == []
    assert len(_pins()) > 50


def test_the_lock_names_no_place() -> None:
    assert "//" not in LOCK
    assert "#" not in LOCK


def test_the_lock_holds_what_pyproject_asks_for() -> None:
    matches = [match for line in _pins() if (match := PIN.match(line))]
    locked = {canonicalize_name(match["name"]): match["version"] for match in matches}
    project = pyproject()["project"]
    asked = [*project["dependencies"], *pyproject()["build-system"]["requires"]]
    for extra in project["optional-dependencies"].values():
        asked += extra
    wrong = [
        asked_for
        for asked_for in asked
        if (requirement := Requirement(asked_for)).name != project["name"]
        and not requirement.specifier.contains(
            locked.get(canonicalize_name(requirement.name), "0"), prereleases=True
        )
    ]
    assert wrong == [], "make lock"


def test_the_changelog_has_the_version() -> None:
    version = re.escape(pyproject()["project"]["version"])
    changelog = text(ROOT / "CHANGELOG.md")
    assert re.search(rf"^## \[{version}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE)
    assert "## [Unreleased]" in changelog


def test_every_make_command_that_a_page_names_exists() -> None:
    named = {
        (name_of(path), target)
        for path in files(".md")
        for code in CODE.findall(text(path))
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", code)
    }
    assert named
    assert {(page, target) for page, target in named if target not in _targets()} == set()


def test_every_make_command_is_in_its_help() -> None:
    helped = set(re.findall(r"^([a-z][a-z-]*):.* ## \S", MAKEFILE, re.MULTILINE))
    assert _targets() == helped


def test_dagster_and_dg_use_one_name() -> None:
    project = pyproject()["tool"]["dg"]["project"]
    workspace = text(ROOT / "workspace.yaml")
    assert f"location_name: {project['code_location_name']}\n" in workspace
    assert f"module_name: {project['code_location_target_module']}\n" in workspace


def test_hooks_call_the_locked_tools() -> None:
    hooks = text(ROOT / ".pre-commit-config.yaml")
    assert set(re.findall(r"repo: (\S+)", hooks)) == {"local"}
    assert {entry.rpartition("/")[0] for entry in re.findall(r"entry: (\S+)", hooks)} == {
        ".venv/bin"
    }


def test_ci_types_what_a_person_types() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    commands = [line for line in text(script).splitlines() if line and not line.startswith("#")]
    assert commands[-2:] == ["make check", "make test"]


@pytest.mark.parametrize(
    "line",
    [
        "httpx==0.28.1",
        "httpx>=0.28 --hash=sha256:" + "0" * 64,
        "httpx==0.28.1 --hash=md5:" + "0" * 32,
        "httpx @ https://host.example/httpx.whl --hash=sha256:" + "0" * 64,
    ],
)
def test_a_line_of_the_lock_without_a_good_hash_is_seen(line: str) -> None:
    assert not PIN.fullmatch(line)
