"""`lead-pipeline people`, on a data folder as a run leaves it."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lead_pipeline_tests.pipeline.conftest import World

SIGNED = ("--reason", "she said so", "--by", "asha")
PEOPLE = "SELECT lead_id, person_id FROM leads ORDER BY lead_id"
TOGETHER = """
SELECT person_id, phone
FROM people
WHERE enquiries = 2 AND person_id IN (
    SELECT person_id FROM person_links GROUP BY person_id HAVING bool_or(rule = 'same phone')
) AND phone IN (SELECT phone FROM leads GROUP BY phone HAVING count(DISTINCT person_id) = 1)
ORDER BY person_id
LIMIT 1
"""
TWO_PEOPLE = """
SELECT person_id FROM people WHERE enquiries = 2 AND phone IS NOT NULL ORDER BY person_id LIMIT 2
"""


@pytest.fixture
def copied(loaded: World, tmp_path: Path) -> World:
    """A folder of its own, to decide in."""
    folder = tmp_path / "data"
    shutil.copytree(loaded.folder, folder, symlinks=True)
    variables = {**loaded.variables, "LEAD_PIPELINE_DATA_DIR": str(folder)}
    return replace(loaded, folder=folder, variables=variables)


@pytest.mark.slow
def test_merge_explain_split_and_undo(copied: World) -> None:
    before = copied.rows(PEOPLE)
    (one,), (other,) = copied.rows(TWO_PEOPLE)
    merged = copied.command("people", "merge", one, other, *SIGNED, "--json")
    assert json.loads(merged.output)["event"] == "E000001", merged.output
    assert json.loads(merged.output)["moved_leads"] == 2
    (told,) = json.loads(copied.command("people", "explain", other, "--json").output)
    assert told["person"]["person_id"] == one
    assert len(told["leads"]) == 4
    assert [ended["person_id"] for ended in told["former_ids"]] == [other]
    assert [(event["kind"], event["made_by"]) for event in told["events"]] == [("merged", "asha")]
    lead = told["leads"][0]["lead_id"]
    split = copied.command("people", "split", one, lead, *SIGNED)
    assert split.exit_code == 0, split.output
    assert "people undo E000002" in split.output
    assert copied.command("rebuild").exit_code == 0
    text = copied.command("people", "explain", lead).output
    assert "E000002: split by asha" in text
    assert "she said so" in text
    for event in ("E000002", "E000001"):
        assert copied.command("people", "undo", event, "--by", "asha").exit_code == 0
    assert copied.rows(PEOPLE) == before


def test_nobody_meant_is_said_and_nothing_done(copied: World) -> None:
    journal = (copied.folder / "journal.jsonl").read_bytes()
    result = copied.command("people", "merge", "P999999999", "+911234512345", *SIGNED)
    assert result.exit_code == 2
    assert "no enquiry has" in result.output
    assert (copied.folder / "journal.jsonl").read_bytes() == journal


def test_why_is_told_in_words_that_name_each_enquiry(loaded: World) -> None:
    ((person, phone),) = loaded.rows(TOGETHER)
    spaced = f"{phone[:3]} {phone[3:8]} {phone[8:]}"
    text = loaded.command("people", "explain", spaced).output
    for line in (
        f"{person}: ",
        "  2 enquiries:",
        "  One person, because (1 would be certain):",
        f"  Not one person? lead-pipeline people split {person} LEAD... --reason ...",
    ):
        assert line in text
    assert re.search(r"^     1 and 2: same phone and .* \(0\.\d{3}\)$", text, re.MULTILINE)


def test_suggestions_are_listed(copied: World) -> None:
    assert " suggestions" in copied.command("people", "suggestions").output
    rows = json.loads(copied.command("people", "suggestions", "--json", "--limit", "3").output)
    assert len(rows) <= 3
