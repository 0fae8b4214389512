from collections.abc import Iterable
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_pipeline.records import Origin, ParsedLead
from lead_pipeline.warehouse import Session, staging
from lead_pipeline.warehouse.staging import BATCH_ROWS, frame_of
from lead_pipeline_tests.warehouse.deliveries import CREATED, lead
from lead_pipeline_tests.warehouse.rules import content_hash

# Ids that are out in the world: were one of them to change, all history would be keyed anew.
GOLDEN = [
    ("housing", "housing", "housing/1", "98765|2026-11-14", "244d3cf80dda156179be9606c5f51638"),
    ("aimbase", "aimbase", "aimbase/1", "Ünïcode ✓ 'quoted'", "283329efa1567697a29ddea649e27056"),
    ("housing", "mumbai", "housing/1", "", "0854f8fb34e6a1beeaa5090f37010889"),
]
texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


ORIGIN = Origin("ab" * 32, CREATED)


def stage(
    session: Session, leads: Iterable[ParsedLead], source: str, account: str, country: str | None
) -> None:
    """Stage leads of one answer."""
    staging.stage(session, ((ORIGIN, found) for found in leads), source, account, country)


def _hashes(session: Session, leads: list[ParsedLead], account: str = "mumbai") -> list[str]:
    stage(session, leads, "housing", account, "IN")
    return [row[0] for row in session.rows("SELECT content_hash FROM staged ORDER BY record_index")]


@pytest.mark.parametrize(("source", "account", "key_version", "natural_key", "expected"), GOLDEN)
def test_lead_ids_are_for_ever(
    session: Session,
    source: str,
    account: str,
    key_version: str,
    natural_key: str,
    expected: str,
) -> None:
    parsed = ParsedLead(4, key_version, natural_key, CREATED, full_name_raw="Anyone")
    stage(session, [parsed], source, account, None)
    assert session.rows("SELECT lead_id FROM staged") == [(expected,)]


def test_each_part_of_the_key_makes_another_lead(session: Session) -> None:
    found = set()
    for source in ("housing", "aimbase"):
        for account in ("one", "two"):
            leads = [
                ParsedLead(0, version, key, CREATED)
                for version in ("housing/1", "housing/2")
                for key in ("a", "b")
            ]
            stage(session, leads, source, account, None)
            found.update(session.rows("SELECT lead_id FROM staged"))
    assert len(found) == 16


def test_the_content_is_everything_but_the_place_in_the_body(session: Session) -> None:
    same = lead("a", 0, status="x")._asdict()
    first, moved = _hashes(
        session, [ParsedLead(**same), ParsedLead(**(same | {"record_index": 1}))]
    )
    assert first == moved
    for field in set(ParsedLead._fields) - {"record_index"}:
        other = ParsedLead(**(same | {field: _another(field)}))
        assert _hashes(session, [other]) != [first], field


def _another(field: str) -> Any:  # noqa: ANN401  each field has a type of its own
    if field in {"created_at", "updated_at"}:
        return CREATED + timedelta(microseconds=1)
    return True if field == "marketing_consent" else "other"


def test_the_content_of_an_instant_does_not_depend_on_its_zone(session: Session) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    moved = lead("a", created_at=CREATED.astimezone(india))
    assert _hashes(session, [moved]) == _hashes(session, [lead("a")])


def test_the_content_does_not_depend_on_the_account(session: Session) -> None:
    assert _hashes(session, [lead("a")], "one") == _hashes(session, [lead("a")], "two")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.builds(
            lead,
            natural_key=st.text(st.characters(exclude_categories=["Cs"])),
            created_at=st.datetimes(timezones=st.just(UTC)),
            full_name_raw=texts,
            comments=texts,
            marketing_consent=st.none() | st.booleans(),
        ),
        max_size=4,
    )
)
def test_what_was_parsed_is_staged_as_it_was(session: Session, parsed: list[ParsedLead]) -> None:
    numbered = [lead._replace(record_index=n) for n, lead in enumerate(parsed)]
    stage(session, numbered, "housing", "mumbai", "IN")
    names = ", ".join(ParsedLead._fields)
    rows = session.rows(f"SELECT {names} FROM staged ORDER BY record_index")
    assert [ParsedLead(*row) for row in rows] == numbered
    hashes = session.rows("SELECT content_hash FROM staged ORDER BY record_index")
    assert hashes == [(content_hash(lead),) for lead in numbered]


def test_more_than_a_batch_is_staged_whole(session: Session) -> None:
    count = 2 * BATCH_ROWS + 1
    stage(session, (lead(str(n), n) for n in range(count)), "housing", "mumbai", None)
    found = session.rows("SELECT count(*), count(DISTINCT lead_id), max(record_index) FROM staged")
    assert found == [(count, count, count - 1)]


def test_staging_forgets_what_was_staged_before(session: Session) -> None:
    stage(session, [lead("a"), lead("b")], "housing", "mumbai", None)
    stage(session, [], "housing", "mumbai", None)
    assert session.rows("SELECT * FROM staged") == []


def test_a_column_without_any_value_keeps_its_type() -> None:
    types = frame_of([(ORIGIN, lead("a"))]).dtypes.astype(str)
    assert types["updated_at"] == "timestamp[us, tz=UTC][pyarrow]"
    assert types["comments"] == "string[pyarrow]"
    assert types["marketing_consent"] == "bool[pyarrow]"
