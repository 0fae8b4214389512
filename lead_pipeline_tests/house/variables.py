"""The environment variables that the product reads, and those that .env.example explains."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from lead_pipeline.settings import Settings
from lead_pipeline_tests.house.project import ROOT, package_files, text


def prefixes() -> tuple[str, ...]:
    """Our own, and one for each vendor."""
    vendors = (path.parent for path in (ROOT / "lead_pipeline" / "vendors").glob("*/__init__.py"))
    return ("LEAD_PIPELINE", *sorted(folder.name.upper() for folder in vendors))


def in_python(source: str, known: Iterable[str]) -> set[str]:
    """Names written as a whole string."""
    name = _pattern(known)
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and name.fullmatch(node.value)
    }


def in_text(source: str, known: Iterable[str]) -> set[str]:
    """Names anywhere, in YAML or in .env.example."""
    return set(_pattern(known).findall(source))


def in_settings() -> set[str]:
    """The fields of Settings, as the environment spells them."""
    prefix = Settings.model_config.get("env_prefix", "")
    return {f"{prefix}{field}".upper() for field in Settings.model_fields}


def read_by_the_product() -> dict[str, str]:
    """Each variable, and one place that reads it. The sandbox only tells what others read."""
    found = dict.fromkeys(in_settings(), "lead_pipeline/settings.py")
    sandbox = ROOT / "lead_pipeline" / "sandbox"
    for path in package_files(".py", ".yaml"):
        if path.is_relative_to(sandbox):
            continue
        names = in_python if path.suffix == ".py" else in_text
        found |= dict.fromkeys(names(text(path), prefixes()), _place(path))
    return found


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _pattern(known: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(known)})_[A-Z][A-Z0-9_]*\b")
