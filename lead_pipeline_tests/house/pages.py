"""What the pages promise, each a plain function from a page's text to what it names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import click

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_CALL = re.compile(r"(?<![\w/-])(?:\.venv/bin/)?lead-pipeline ((?:(?!lead-pipeline)[^\n])*)")
_COMMAND = re.compile(r"[a-z]+(?:-[a-z]+)*\b")
_OPTION = re.compile(r"(?<!\S)--[a-z]+(?:-[a-z]+)*")
_VARIABLE_OF_ACCOUNT = re.compile(r"^ +\w+_variable: (\w+)$", re.MULTILINE)


class Call(NamedTuple):
    """A call of the command line as a page shows it; `command` is empty for the group itself."""

    command: str
    options: tuple[str, ...]


def prose(page: str) -> str:
    """The page without its blocks of code."""
    return _FENCE.sub("", page)


def code(page: str) -> Iterator[str]:
    """Every block of code, and every span of it."""
    for block in _FENCE.finditer(page):
        yield block[3]
    yield from _SPAN.findall(prose(page))


def relative_links(page: str) -> list[str]:
    """Targets in this project: no address of elsewhere."""
    return [target for target in _LINK.findall(_SPAN.sub("", prose(page))) if "://" not in target]


def anchors(page: str) -> set[str]:
    """What `#…` in a link to the page can name."""
    names = (re.sub(r"[^\w\- ]", "", heading).lower() for heading in _HEADING.findall(prose(page)))
    return {name.strip().replace(" ", "-") for name in names}


def calls(page: str) -> list[Call]:
    """Every call of lead-pipeline in the page's code."""
    return [
        Call(command[0] if (command := _COMMAND.match(rest)) else "", tuple(_OPTION.findall(rest)))
        for text in code(page)
        for rest in _CALL.findall(text)
    ]


def example_variables(page: str) -> set[str]:
    """Variables that a YAML on the page brings in as an example."""
    blocks = (block[3] for block in _FENCE.finditer(page) if block[2] == "yaml")
    return {name for block in blocks for name in _VARIABLE_OF_ACCOUNT.findall(block)}


def options_of(command: click.Command) -> set[str]:
    """The long options of a command and of those in it, `--help` included."""
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    names = {
        name for one in (command, *inner) for parameter in one.params for name in parameter.opts
    }
    return {name for name in names if name.startswith("--")} | {"--help"}
