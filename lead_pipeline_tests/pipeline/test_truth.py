"""What is published equals what is true, to the row, however often it is asked for."""

import json
from collections import Counter, defaultdict
from hashlib import sha256
from pathlib import Path

import pytest

from lead_pipeline.landing import BodyArchive
from lead_pipeline.sandbox import Sandbox, TrueLead
from lead_pipeline.sandbox.qontak.truth import TrueContact
from lead_pipeline_tests.pipeline.conftest import FIRST, LAST, World, new_world

ASKED = f"CAST(created_at AT TIME ZONE 'UTC' AS DATE) BETWEEN '{FIRST}' AND '{LAST}'"
ACCOUNTS = ("aimbase", "housing", "qontak")


def true_leads(sandbox: Sandbox) -> list[TrueLead | TrueContact]:
    """A contact that is gone cannot be asked for any more."""
    truth = sandbox.truth(FIRST, LAST)
    return [
        *(lead for lead in truth["leads"] if lead["account"] in ACCOUNTS),
        *(contact for contact in truth["crm"] if contact["vanished_at"] is None),
    ]


def lead_id(lead: TrueLead | TrueContact, account: str | None = None) -> str:
    """The id as records.py promises it, from the key as the vendors' packages freeze it.

    `account` is the account's own name, where it is not its vendor's.
    """
    source, key = lead["account"], lead["key"]
    if source == "housing":
        project, flat, pg_name, seconds, contact, name = key.split("|", 5)
        parts = [project, flat, pg_name, int(seconds), contact, name]
        key = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    text = "\x1f".join((source, account or source, f"{source}/1", key))
    return sha256(text.encode()).hexdigest()[:32]


def test_every_lead_is_there_once_and_no_other(loaded: World) -> None:
    found = loaded.rows(
        f"SELECT lead_id, account, strftime(created_at AT TIME ZONE 'UTC', '%Y-%m-%d') "
        f"FROM leads WHERE {ASKED}"
    )
    expected = [
        (lead_id(lead), lead["account"], lead["created_at"][:10])
        for lead in true_leads(loaded.sandbox)
    ]
    assert sorted(found) == sorted(expected)


def test_counts_per_account_and_day(loaded: World) -> None:
    truth = Counter(
        (lead["account"], lead["created_at"][:10]) for lead in true_leads(loaded.sandbox)
    )
    found = {
        (account, str(day)): leads
        for account, day, leads in loaded.rows(
            "SELECT account, day, leads FROM marts.daily_leads "
            f"WHERE day BETWEEN '{FIRST}' AND '{LAST}' AND leads > 0"
        )
    }
    assert found == truth


def test_people_are_the_true_people(loaded: World) -> None:
    person_of = dict(loaded.rows(f"SELECT lead_id, person_id FROM leads WHERE {ASKED}"))
    true_of = {lead_id(lead): lead["person"] for lead in true_leads(loaded.sandbox)}
    found, expected = defaultdict(set), defaultdict(set)
    for lead, person in person_of.items():
        found[person].add(lead)
        expected[true_of[lead]].add(lead)
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, expected.values()))


@pytest.mark.slow
def test_any_order_of_windows_gives_the_same_contents(
    loaded: World, sandbox: Sandbox, tmp_path: Path
) -> None:
    world = new_world(sandbox, tmp_path / "data")
    for days in (
        ("2026-11-19", "2026-11-20"),
        ("2026-11-14", "2026-11-16"),
        ("2026-11-16", "2026-11-19"),
    ):
        result = world.command("run", "--from", days[0], "--to", days[1])
        assert result.exit_code == 0, result.output
    kept = "SELECT * EXCLUDE (person_id, delivery_sha256, record_index) FROM leads ORDER BY lead_id"
    assert world.rows(kept) == loaded.rows(kept)


def test_the_books_balance_to_the_row(loaded: World) -> None:
    unbalanced = loaded.rows(
        "SELECT receipt_id FROM ops.deliveries WHERE outcome = 'loaded' AND received <> "
        "new + changed + unchanged + stale + repeated + quarantined"
    )
    assert unbalanced == []
    ((received, known),) = loaded.rows(
        "SELECT (SELECT sum(new) FROM ops.deliveries), (SELECT count(*) FROM leads)"
    )
    assert received == known


def test_every_body_is_kept_byte_for_byte(loaded: World) -> None:
    bodies = BodyArchive(loaded.folder / "landing" / "bodies")
    for digest, length in loaded.rows("SELECT sha256, length FROM ops.deliveries"):
        with bodies.open(digest) as body:
            content = body.read()
        assert (sha256(content).hexdigest(), len(content)) == (digest, length)
