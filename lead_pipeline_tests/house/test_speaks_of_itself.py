"""No file names a package registry or a place on somebody's machine."""

import re

import pytest

from lead_pipeline_tests.house.project import files, name_of, text

REGISTRY = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|anaconda|debian|ubuntu)\.(?:org|com)\b"
    r"|--(?:(?:extra-)?index-url|default-index|find-links|trusted-host)\b"
)
HOME = re.compile(r"(?<![\w.~-])/(?:home|Users|root)/|\b[A-Z]:\\Users\\")


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}"
        for path in files()
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_registry_is_named() -> None:
    assert _lines_with(REGISTRY) == []


def test_no_home_folder_is_named() -> None:
    assert _lines_with(HOME) == []


@pytest.mark.parametrize("host", ["pypi", "files.pythonhosted", "registry.npmjs"])
def test_a_registry_is_seen(host: str) -> None:
    assert REGISTRY.search(f"https://{host}.org/simple")


def test_a_package_index_option_is_seen() -> None:
    assert REGISTRY.search("pip install --extra" + "-index-url=x")
    assert not REGISTRY.search("uv pip compile --no-emit-index-url")


@pytest.mark.parametrize("place", ["home/someone", "Users/someone", "root/x"])
def test_a_home_folder_is_seen(place: str) -> None:
    assert HOME.search(f"open('/{place}')")
    assert not HOME.search(f"https://host.example/{place}")
