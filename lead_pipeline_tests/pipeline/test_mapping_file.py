"""A mapping that a person wrote: what is wrong in it is named, and its words are text."""

from pathlib import Path

import pytest

from lead_pipeline.errors import ConfigError
from lead_pipeline.pipeline.mapping_file import read_mapping


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("columns: {created_at: Date}", "created_at needs a column and a format"),
        ("columns: {created_at: {column: a, format: x}}", "columns.created_at.format"),
        ("columns: [", "no YAML"),
        ("columns: {a: b, a: c}", "given twice"),
        ("[1, 2]", "the whole"),
        ("", "the whole"),
    ],
)
def test_a_wrong_mapping_says_where(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=reason):
        read_mapping(path)


def test_words_of_a_mapping_are_text(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    consent = "{column: Opt, true: [yes, 1], false: [no, 0]}"
    created = "{column: 2020-01-31, format: iso, zone: UTC}"
    path.write_text(f"columns: {{created_at: {created}, marketing_consent: {consent}}}")
    rules = read_mapping(path).columns
    assert rules["marketing_consent"].true == ("yes", "1")
    assert rules["created_at"].column == "2020-01-31"
