"""The project's own files, as git sees them: tracked, or new and not ignored."""

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Text files of the project whose name ends with one of `suffixes` (none: all)."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = (ROOT / name for name in listing.split("\0") if name.endswith(suffixes or ""))
    return tuple(sorted(path for path in found if path.is_file()))


@cache
def text(path: Path) -> str:
    """A file's text; bytes that are no UTF-8 are replaced."""
    return path.read_text(encoding="utf-8", errors="replace")


def package_files(*suffixes: str) -> tuple[Path, ...]:
    """Files of the product itself."""
    return tuple(path for path in files(*suffixes) if ROOT / "lead_pipeline" in path.parents)


def name_of(path: Path) -> str:
    """A file's path from the project's root."""
    return path.relative_to(ROOT).as_posix()


@cache
def pyproject() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads(text(ROOT / "pyproject.toml"))
