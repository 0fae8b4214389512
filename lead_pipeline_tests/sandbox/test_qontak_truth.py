"""What is read of the CRM over HTTP is what the sandbox says is true of it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from lead_pipeline.sandbox import Sandbox, SandboxSettings, StreamTruth, running_sandbox
from lead_pipeline_tests.sandbox.crm import STREAMS, Record, content_digest, get, scan
from lead_pipeline_tests.sandbox.reader import NOW, Reader
from lead_pipeline_tests.sandbox.test_truth import (
    Read,
    aimbase_leads,
    housing_leads,
    people_by_ties,
    ties,
)

FIRST, LAST = date(2026, 11, 14), date(2026, 11, 20)
WEEK_AGO = NOW - timedelta(days=7)
every = pytest.mark.parametrize("stream", STREAMS)
Scan = dict[str, Record]


def scanned(reader: Reader, stream: str) -> Scan:
    return {str(record["id"]): record for record in scan(reader, stream, 100)}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(SandboxSettings(now=NOW)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def scans(sandbox: Sandbox) -> dict[str, tuple[Scan, Scan]]:
    """Every stream a week ago and now."""
    with Reader(sandbox, WEEK_AGO) as then, Reader(sandbox) as now:
        sandbox.set_clock(WEEK_AGO)
        before = {stream: scanned(then, stream) for stream in STREAMS}
        sandbox.set_clock(NOW)
        return {stream: (before[stream], scanned(now, stream)) for stream in STREAMS}


@pytest.fixture(scope="module")
def told(sandbox: Sandbox) -> dict[str, StreamTruth]:
    return sandbox.crm_truth(WEEK_AGO, NOW)["qontak"]


@every
def test_two_scans_see_what_came_changed_and_went(
    scans: dict[str, tuple[Scan, Scan]], told: dict[str, StreamTruth], stream: str
) -> None:
    (before, after), true = scans[stream], told[stream]
    assert set(true["created"]) == after.keys() - before.keys()
    assert set(true["vanished"]) == before.keys() - after.keys()
    changed = {one for one in before.keys() & after.keys() if before[one] != after[one]}
    assert set(true["changed"]) == changed
    assert min(len(true[kind]) for kind in ("created", "changed", "vanished")) > 5


@every
def test_digests_are_those_of_the_contents(
    scans: dict[str, tuple[Scan, Scan]], told: dict[str, StreamTruth], stream: str
) -> None:
    contents = {one: content_digest(record) for one, record in scans[stream][1].items()}
    assert told[stream]["alive"] == contents


@every
def test_a_change_moves_updated_at_and_more_but_for_a_few(
    scans: dict[str, tuple[Scan, Scan]], told: dict[str, StreamTruth], stream: str
) -> None:
    before, after = scans[stream]
    pairs = [(before[one], after[one]) for one in told[stream]["changed"]]
    moments = [[datetime.fromisoformat(record["updated_at"]) for record in pair] for pair in pairs]
    assert all(old < new for old, new in moments)
    fields = [{name for name in old if old[name] != new[name]} for old, new in pairs]
    assert sum(names == {"updated_at"} for names in fields) < len(fields) / 2
    assert not any({"id", "created_at"} & names for names in fields)


def test_what_came_and_went_between_is_in_no_scan(
    scans: dict[str, tuple[Scan, Scan]], sandbox: Sandbox
) -> None:
    true = sandbox.crm_truth(NOW - timedelta(days=30), NOW, digests=False)["qontak"]["contacts"]
    assert true["missed"]
    assert not set(true["missed"]) & scans["contacts"][1].keys()
    assert set(true["alive"].values()) == {None}


def test_any_moment_is_the_same_whatever_was_asked_before(
    scans: dict[str, tuple[Scan, Scan]],
) -> None:
    with running_sandbox(SandboxSettings(now=WEEK_AGO)) as other, Reader(other, WEEK_AGO) as reader:
        assert scanned(reader, "deals") == scans["deals"][0]
    with running_sandbox(SandboxSettings(now=WEEK_AGO, seed=8)) as other:
        contents = other.crm_truth(WEEK_AGO, WEEK_AGO)["qontak"]["deals"]["alive"].values()
    assert not set(contents) & set(map(content_digest, scans["deals"][0].values()))


def test_truth_over_http_and_in_process_agree(
    sandbox: Sandbox, told: dict[str, StreamTruth]
) -> None:
    with Reader(sandbox) as reader:
        query = {"from": WEEK_AGO.isoformat(), "to": NOW.isoformat()}
        assert reader.get("/truth/crm", **query).json() == {"qontak": told}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": "2026-11-14T00:00:00Z"},
        {"from": "2026-11-14", "to": "2026-11-15"},
        {"from": "2026-11-15T00:00:00Z", "to": "2026-11-14T00:00:00Z"},
        {"from": "1969-12-31T00:00:00Z", "to": "2026-11-14T00:00:00Z"},
        {"from": "soon", "to": "later"},
    ],
)
def test_what_truth_cannot_be_asked(reader: Reader, query: dict[str, str]) -> None:
    assert reader.get("/truth/crm", **query).status_code == 400


def test_contacts_are_told_by_the_day_they_were_created(
    scans: dict[str, tuple[Scan, Scan]], sandbox: Sandbox
) -> None:
    told = sandbox.truth(FIRST, LAST)["crm"]
    there = {one["key"]: one["created_at"] for one in told if one["vanished_at"] is None}
    created = {
        key: datetime.fromisoformat(record["created_at"]).astimezone(UTC).isoformat()
        for key, record in scans["contacts"][1].items()
    }
    assert {key: datetime.fromisoformat(at).isoformat() for key, at in there.items()} == {
        key: at for key, at in created.items() if date.fromisoformat(at[:10]) >= FIRST
    }
    gone = [one["vanished_at"] for one in told if one["vanished_at"] is not None]
    assert gone
    assert max(gone) <= NOW.isoformat()


def test_ties_connect_contacts_with_their_persons_leads_and_nobody_else() -> None:
    with running_sandbox(SandboxSettings(now=NOW)) as sandbox, Reader(sandbox) as reader:
        contacts = [
            Read(
                "qontak",
                datetime.fromisoformat(record["created_at"]),
                str(record["id"]),
                ties([record["telephone"] or ""], [record["email"] or ""], "ID"),
            )
            for record in scan(reader, "contacts", 100)
            if datetime.fromisoformat(record["created_at"]).astimezone(UTC).date() >= FIRST
        ]
        read = [
            *contacts,
            *(
                lead
                for kind in ("housing", "housing_broker")
                for lead in housing_leads(reader, kind)
            ),
            *aimbase_leads(reader),
        ]
        truth = sandbox.truth(FIRST, LAST)
    persons: dict[str, set[tuple[str, str]]] = defaultdict(set)
    known = {(lead.account, lead.key) for lead in read}
    for one in (*truth["leads"], *truth["crm"]):
        if (one["account"], one["key"]) in known:
            persons[one["person"]].add((one["account"], one["key"]))
    assert people_by_ties(read) == {frozenset(group) for group in persons.values()}
    together = [{account for account, _ in group} for group in persons.values()]
    assert sum("qontak" in accounts and "aimbase" in accounts for accounts in together) > 3
    assert sum("qontak" in accounts and "housing" in accounts for accounts in together) > 3
    assert sum(accounts == {"qontak"} for accounts in together) > 20
    assert any(
        len(group) > 1 and {account for account, _ in group} == {"qontak"}
        for group in persons.values()
    )


def test_what_has_vanished_is_404(sandbox: Sandbox, told: dict[str, StreamTruth]) -> None:
    with Reader(sandbox) as reader:
        for stream in STREAMS:
            assert get(reader, f"/{stream}/{told[stream]['vanished'][0]}").status_code == 404
            assert get(reader, f"/{stream}/{told[stream]['created'][0]}").status_code == 200
