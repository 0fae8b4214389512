"""What a mart's own file says of it: its head, and where each of its columns comes from."""

import re
from typing import NamedTuple

from lead_pipeline.marts.build import mart_sql

_ORIGIN = re.compile(
    r"^-- from (?P<origins>.+)\nCOMMENT ON COLUMN marts\.\w+\.(?P<column>\w+) ", re.MULTILINE
)


class Origin(NamedTuple):
    """A column that another one is made of: `leads`, `ops.deliveries` … and its name."""

    table: str
    column: str


def teaching(name: str) -> str:
    """The comment at the head of a mart's file, its paragraphs kept."""
    lines = []
    for line in mart_sql(name).splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").removeprefix(" "))
    return "\n".join(lines)


def origins(name: str) -> dict[str, tuple[Origin, ...]]:
    """By column of a mart, what it is made of."""
    return {
        found["column"]: tuple(
            Origin(*origin.strip().rsplit(".", 1)) for origin in found["origins"].split(",")
        )
        for found in _ORIGIN.finditer(mart_sql(name))
    }
