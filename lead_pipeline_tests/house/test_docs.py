"""The pages say what the code does: they cannot drift."""

import re

import click
import pytest

from lead_pipeline import errors
from lead_pipeline.cli import main
from lead_pipeline_tests.house import dictionary
from lead_pipeline_tests.house.pages import (
    Call,
    anchors,
    calls,
    code,
    example_variables,
    options_of,
    relative_links,
)
from lead_pipeline_tests.house.project import ROOT, files, name_of, text
from lead_pipeline_tests.house.variables import in_text, prefixes

README = text(ROOT / "README.md")
ARCHITECTURE = text(ROOT / "docs" / "architecture.md")
WHEN_IT_FAILS = text(ROOT / "docs" / "how-to" / "when-it-fails.md")
QUERY = text(ROOT / "docs" / "how-to" / "query.md")
COMMANDS = main.commands
PAGES = files(".md")


def _broken(page: str, links: list[str]) -> list[str]:
    """Links of the page (named from the project's root) that lead nowhere."""
    here = ROOT / page
    found = []
    for link in links:
        name, _, anchor = link.partition("#")
        target = (here.parent / name).resolve() if name else here
        if not target.exists() or (anchor and anchor not in anchors(text(target))):
            found.append(link)
    return found


def _wrong(call: Call) -> bool:
    command = COMMANDS.get(call.command) if call.command else main
    return command is None or not set(call.options) <= options_of(command) | {"--version"}


def test_every_link_leads_somewhere() -> None:
    broken = {name_of(page): _broken(name_of(page), relative_links(text(page))) for page in PAGES}
    assert {page: links for page, links in broken.items() if links} == {}


def test_every_page_under_docs_is_linked_from_another() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in relative_links(text(page))
    }
    assert [
        name_of(page) for page in files(".md") if page not in linked | {ROOT / "README.md"}
    ] == []


def test_every_call_that_a_page_shows_exists() -> None:
    shown = {name_of(page): calls(text(page)) for page in PAGES}
    assert any(shown.values())
    assert {
        page: bad for page, all_ in shown.items() if (bad := [c for c in all_ if _wrong(c)])
    } == {}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_in_the_readme(name: str) -> None:
    rows = [line for line in README.splitlines() if line.startswith(f"| `lead-pipeline {name}` |")]
    assert len(rows) == 1
    assert set(re.findall(r"`(--[a-z-]+)`", rows[0])) == options_of(COMMANDS[name]) - {"--help"}


def test_every_option_and_command_has_a_help() -> None:
    for name, command in COMMANDS.items():
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Argument):
                continue
            assert isinstance(parameter, click.Option)
            assert parameter.help, f"{name} {parameter.name}"


def test_every_variable_that_a_page_names_is_explained() -> None:
    explained = in_text(text(ROOT / ".env.example"), prefixes())
    unknown = {
        name_of(page): names
        for page in PAGES
        if (names := in_text(text(page), prefixes()) - explained - example_variables(text(page)))
    }
    assert unknown == {}


def test_the_data_dictionary_is_what_the_code_says() -> None:
    command = ".venv/bin/python -m lead_pipeline_tests.house.dictionary"
    assert text(dictionary.PAGE) == dictionary.dictionary(), f"Next: {command}"


def test_the_page_on_queries_names_every_published_table() -> None:
    tables = re.findall(r"^## (\S+)$", text(dictionary.PAGE), re.MULTILINE)
    assert tables
    assert [name for name in tables if f"| `{name}` |" not in QUERY] == []
    section = README.partition("## Ask it something")[2].partition("\n## ")[0]
    assert {*re.findall(r"^\| `([a-z_.]+)` \|", section, re.MULTILINE)} < {*tables}


def test_the_readme_is_short() -> None:
    assert README.count("\n") < 200


def test_a_decision_takes_ten_lines() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = [page for page in files(".md") if page.parent == folder and page.name != "README.md"]
    assert len(pages) > 5
    lengths = {page.name: text(page).count("\n") for page in pages}
    assert {name: lines for name, lines in lengths.items() if lines > 12} == {}


def test_the_architecture_draws_every_room_and_no_other() -> None:
    drawing = next(block for block in code(ARCHITECTURE) if block.startswith("lead_pipeline/\n"))
    drawn = set(re.findall(r"^  (\S+?)/? ", drawing, re.MULTILINE))
    package = ROOT / "lead_pipeline"
    below = {path.relative_to(package).parts for path in files(".py") if package in path.parents}
    assert drawn == {parts[0] for parts in below}


def test_every_error_is_on_the_page_for_bad_days() -> None:
    names = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.PipelineError)
    }
    assert names == {word for word in code(WHEN_IT_FAILS) if word in names}


def test_a_broken_link_is_seen() -> None:
    page = "[a](docs/none.md) [b](https://host.example/c) [d](README.md#no-such) ![e](no.png)"
    assert _broken("README.md", relative_links(page)) == [
        "docs/none.md",
        "README.md#no-such",
        "no.png",
    ]
    assert _broken("README.md", relative_links("[a](CHANGELOG.md#unreleased)\n`[b](c)`")) == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("lead-pipeline run --from 2026-11-14", False),
        (".venv/bin/lead-pipeline status", False),
        ("lead-pipeline --help", False),
        ("  Next:  mend it, then lead-pipeline run again", False),
        ("lead-pipeline walk", True),
        ("lead-pipeline run --form 2026-11-14", True),
        ("lead-pipeline doctor, then lead-pipeline doctor --days 7", True),
    ],
)
def test_a_wrong_call_is_seen(line: str, wrong: bool) -> None:
    assert any(map(_wrong, calls(f"```\n{line}\n```"))) is wrong
    assert any(map(_wrong, calls(f"`{line}`"))) is wrong


def test_variables_of_an_example_are_its_own() -> None:
    page = "```yaml\nattributes:\n  id_variable: HOUSING_NEW_ID\n```\n`HOUSING_OTHER`"
    assert in_text(page, prefixes()) - example_variables(page) == {"HOUSING_OTHER"}
