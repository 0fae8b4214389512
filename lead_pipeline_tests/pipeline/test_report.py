"""Every number on the report equals what a query of one's own over `leads` says."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from lead_pipeline.errors import ReportFailed, WarehouseUnusable
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.report import REPORT, write_report
from lead_pipeline.records import LEAD_COLUMNS
from lead_pipeline.report.section import shown
from lead_pipeline.settings import Settings
from lead_pipeline_tests.pipeline.conftest import NOW, World
from lead_pipeline_tests.report.markup import Page
from lead_pipeline_tests.report.rules import broken_rules

TODAY = NOW.date()
WEEK = timedelta(days=7)


class Lead(NamedTuple):
    """What the report may count of an enquiry."""

    source: str
    account: str
    person_id: str
    created_at: datetime
    first_seen_at: datetime
    has_phone: bool
    has_email: bool
    first_asked_at: datetime

    @property
    def day(self) -> date:
        return self.created_at.date()


LEADS = """
SELECT
    source, account, person_id, created_at, first_seen_at, phone IS NOT NULL, email IS NOT NULL,
    (SELECT min(requested_at) FROM ops.deliveries WHERE deliveries.account = leads.account)
FROM leads
"""


@pytest.fixture(scope="module")
def text(loaded: World) -> str:
    return (loaded.folder / REPORT).read_text()


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


@pytest.fixture(scope="module")
def leads(loaded: World) -> list[Lead]:
    return [Lead(*row) for row in loaded.rows(LEADS)]


def numbers(row: dict[str, str], *names: str) -> list[int]:
    return [int(row[name].replace(",", "")) for name in names]


def of_source(leads: Iterable[Lead], source: str) -> list[Lead]:
    return [lead for lead in leads if source in {"all", lead.source}]


def people(leads: Iterable[Lead]) -> int:
    return len({lead.person_id for lead in leads})


def test_it_breaks_no_rule_of_a_page(text: str) -> None:
    assert broken_rules(text) == []
    assert len(text) > 30_000


def test_the_days(page: Page, leads: list[Lead]) -> None:
    firsts = {
        person: min(lead.created_at for lead in leads if lead.person_id == person)
        for person in {lead.person_id for lead in leads}
    }
    rows = page.tables["days"].dicts()
    assert {row["source"] for row in rows} == {"all", *(lead.source for lead in leads)}
    assert len(rows) == 7 * len({row["source"] for row in rows})
    for row in rows:
        day = date.fromisoformat(row["day"])
        mine = of_source(leads, row["source"])
        on_it = [lead for lead in mine if lead.day == day]
        before = [lead for lead in mine if lead.day == day - WEEK]
        new = [lead for lead in on_it if lead.created_at == firsts[lead.person_id]]
        names = ("enquiries", "people", "new people")
        assert numbers(row, *names) == [len(on_it), people(on_it), people(new)]
        assert numbers(row, "enquiries week before", "people week before") == [
            len(before),
            people(before),
        ]
        assert row["state"] == ("partial" if day == TODAY else "complete")


def test_the_words(page: Page, leads: list[Lead]) -> None:
    yesterday = TODAY - timedelta(days=1)
    on_it = [lead for lead in leads if lead.day == yesterday]
    said = f"{len(on_it):,} enquiries from {people(on_it):,} people on Thursday 19 November."
    assert said in page.text
    assert f"{len(leads):,} enquiries from {people(leads):,} people in all" in page.text
    for source in {lead.source for lead in leads}:
        mine = of_source(on_it, source)
        assert f"{source}\n{len(mine):,} on Thu 19 Nov" in page.sections["enquiries"]
        assert f"{source}\n{people(mine):,} on Thu 19 Nov" in page.sections["people"]


def test_coverage(page: Page, leads: list[Lead]) -> None:
    rows = page.tables["coverage"].dicts()
    assert len(rows) == 7 * len({lead.account for lead in leads})
    for row in rows:
        day = date.fromisoformat(row["day"])
        mine = [lead for lead in leads if (lead.account, lead.day) == (row["account"], day)]
        assert numbers(row, "enquiries") == [len(mine)]


def test_overlap(page: Page, leads: list[Lead]) -> None:
    systems: dict[str, set[str]] = defaultdict(set)
    for lead in leads:
        systems[lead.person_id].add(lead.source)
    expected: dict[str, list[int]] = {}
    for lead in leads:
        expected.setdefault(" + ".join(sorted(systems[lead.person_id])), [0, 0])[1] += 1
    for found in systems.values():
        expected[" + ".join(sorted(found))][0] += 1
    rows = page.tables["overlap"].dicts()
    assert {row["systems"]: numbers(row, "people", "enquiries") for row in rows} == expected
    several = sum(len(found) > 1 for found in systems.values())
    assert f"{several:,} of {len(systems):,} people enquired in more than one" in page.text


def test_quality(page: Page, leads: list[Lead]) -> None:
    for row in page.tables["quality"].dicts():
        mine = [one for one in of_source(leads, row["source"]) if one.day > TODAY - 4 * WEEK]
        counts = [len(mine), sum(one.has_phone for one in mine), sum(one.has_email for one in mine)]
        assert numbers(row, "enquiries", "with phone", "with email") == counts


def test_the_funnel(page: Page, leads: list[Lead], loaded: World) -> None:
    contacts = {
        person
        for (person,) in loaded.rows(
            "SELECT DISTINCT person_id FROM leads WHERE lead_id IN "
            "(SELECT lead_id FROM crm_contacts WHERE vanished_at IS NULL)"
        )
    }
    rows = page.tables["funnel"].dicts()
    assert [row["source"] for row in rows] == ["all", *sorted({lead.source for lead in leads})]
    for row in rows:
        mine = [
            lead for lead in of_source(leads, row["source"]) if lead.day > TODAY - 90 * WEEK / 7
        ]
        in_crm = {lead.person_id for lead in mine} & contacts
        expected = [len(mine), people(mine), len(in_crm)]
        assert numbers(row, "enquiries", "people", "contacts") == expected


def test_speed(page: Page, leads: list[Lead]) -> None:
    """Nothing was made since its account was first asked: the clock stands still."""
    late = [lead for lead in leads if lead.created_at >= lead.first_asked_at]
    rows = [row for row in page.tables["speed"].dicts() if row["step"] == "fetched"]
    assert sum(numbers(row, "enquiries")[0] for row in rows) == len(late)


def test_no_personal_datum_is_in_it(text: str, loaded: World) -> None:
    personal = [column.name for column in LEAD_COLUMNS if column.personal]
    values = {
        str(value)
        for row in loaded.rows(f"SELECT {', '.join(personal)} FROM leads")
        for value in row
        if value is not None and len(str(value)) > 5
    }
    assert len(values) > 500
    assert [value for value in values if value in text] == []


def test_every_table_is_what_its_sql_answers(page: Page, loaded: World) -> None:
    assert len(page.tables) == 6
    for name, table in page.tables.items():
        rows = loaded.rows(page.questions[name])
        assert [[shown(value) for value in row] for row in rows] == table.rows


def test_what_cannot_be_written_leaves_the_page_before(loaded: World, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "leads.duckdb").symlink_to((loaded.folder / "leads.duckdb").resolve())
    (folder / REPORT).mkdir()
    with pytest.raises(ReportFailed) as raised:
        write_report(open_folder(Settings(data_dir=folder)))
    assert "lead-pipeline report" in raised.value.next_step


def test_it_reads_with_the_memory_that_is_set(loaded: World) -> None:
    settings = Settings(data_dir=loaded.folder)
    little = settings.model_copy(update={"most_memory_megabytes": 1})
    with pytest.raises(WarehouseUnusable, match="could not be read in 1 megabytes"):
        write_report(open_folder(little))
