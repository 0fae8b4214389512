"""Column lineage is true: who says one field differently changes those columns and no other."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from io import BytesIO

import pandas as pd
import pytest

from lead_pipeline.components.lineage import MadeOf, leads_made_of, view_made_of
from lead_pipeline.crm_tables import CRM_VIEWS, CrmView
from lead_pipeline.identity.evidence import COMPARED
from lead_pipeline.listing_tables import LISTING_VERSIONS
from lead_pipeline.records import LEAD_COLUMNS, ParsedLead, ParsedObject, lead_id_of
from lead_pipeline.vendors.aimbase.lineage import LEAD_FIELDS as OF_AIMBASE
from lead_pipeline.vendors.housing.lineage import LEAD_FIELDS as OF_HOUSING
from lead_pipeline.warehouse.session import Session
from lead_pipeline_tests.components.sent import LEADS, OBJECTS, Sample, sales_leads
from lead_pipeline_tests.house.project import ROOT, text
from lead_pipeline_tests.normalise.staging import normalised

VIEWS = {view.kind: view for view in (*CRM_VIEWS, LISTING_VERSIONS)}
NOT_SAID = {"content_hash", "delivery_sha256", "record_index", "requested_at"}
STORED = """
WITH stored AS (
    SELECT
        * REPLACE (
            fields::JSON AS fields,
            additional_fields::JSON AS additional_fields,
            created_at::VARCHAR::TIMESTAMPTZ AS created_at,
            updated_at::VARCHAR::TIMESTAMPTZ AS updated_at
        ),
        's' AS source, 'a' AS account, 'x' AS delivery_sha256,
        NULL AS vanished_at, NULL AS first_seen_at, NULL AS last_seen_at
    FROM offered
)
SELECT {values} FROM stored ORDER BY record_index
"""
COUNTRIES = {"housing": "IN", "aimbase": "US", "qontak": "ID"}

Row = Mapping[str, object]
Read = ParsedLead | ParsedObject


def by_field(sample: Sample, made_of: MadeOf) -> dict[str, set[str]]:
    """The columns of each field, instead of the fields of each column."""
    return {
        field.name: {column for column, names in made_of.items() if field.name in names}
        for field in sample.fields
    }


def changed_by(
    sample: Sample, rows_of: Callable[[Sequence[Read]], Sequence[Row]]
) -> dict[str, set[str]]:
    """By field, the columns that differ where it alone was said differently."""
    pairs: list[tuple[str, int]] = []
    read: list[Read] = []
    for base in sample.said:
        first = len(read)
        for name, record in (("", base), *sample.varied(base)):
            item = sample.read(record)
            if item is not None:
                pairs.append((name, first))
                read.append(item._replace(record_index=len(read)))
    rows = rows_of(read)
    changed: dict[str, set[str]] = {"": set(), **{field.name: set() for field in sample.fields}}
    for row, (name, first) in zip(rows, pairs, strict=True):
        changed[name] |= {column for column in row if row[column] != rows[first][column]}
    assert changed.pop("") == set()
    return changed


def lead_rows(session: Session, source: str, read: Sequence[Read]) -> list[Row]:
    """The lead that each is, or has."""
    leads = [
        lead._replace(record_index=item.record_index)
        for item in read
        if (lead := item.lead if isinstance(item, ParsedObject) else item)
    ]
    staged = [
        {
            **lead._asdict(),
            "lead_id": lead_id_of(source, source, lead.key_version, lead.natural_key),
            "default_country": COUNTRIES[source],
        }
        for lead in leads
    ]
    found = normalised(session, staged, ("normalised.*",))
    names = [name for name, *_ in session.rows("DESCRIBE normalised")]
    return [_said(names, values) for values in found]


def _said(names: Iterable[str], values: Iterable[object]) -> Row:
    row = dict(zip(names, values, strict=True))
    return {name: value for name, value in row.items() if name not in NOT_SAID}


@pytest.mark.parametrize("sample", LEADS, ids=str)
def test_a_lead_is_made_of_the_fields_that_are_named(session: Session, sample: Sample) -> None:
    named = by_field(sample, leads_made_of(sample.fields))
    changed = changed_by(sample, partial(lead_rows, session, sample.vendor.source))
    assert changed == named


def object_rows(session: Session, view: CrmView, read: Sequence[Read]) -> list[Row]:
    """What the view shows of each."""
    columns = [name for name in ParsedObject._fields if name != "lead"]
    stored = pd.DataFrame([item[: len(columns)] for item in read], columns=columns, dtype=object)
    with session.offered("offered", stored):
        found = session.rows(STORED.format(values=", ".join(view.values)))
    names = [column.name for column in view.table.columns]
    return [_said(names, values) for values in found]


@pytest.mark.parametrize("kind", OBJECTS)
def test_an_object_is_made_of_the_fields_that_are_named(session: Session, kind: str) -> None:
    sample, view = OBJECTS[kind], VIEWS[kind]
    named = by_field(sample, view_made_of(view, sample.fields))
    assert changed_by(sample, partial(object_rows, session, view)) == named


def test_every_field_of_housings_table_is_named() -> None:
    page = text(ROOT / "lead_pipeline" / "vendors" / "housing" / "README.md")
    (table,) = re.findall(r"\| field \| becomes \|\n\|---\|---\|\n((?:\|.*\n)+)", page)
    first_cells = " ".join(line.split("|")[1] for line in table.splitlines())
    fields = set(re.findall(r"[a-z]+_[a-z_]+|locality", first_cells))
    assert {field.name for field in OF_HOUSING} == fields


def test_what_is_ignored_changes_nothing() -> None:
    """ApplicationArea stands beside the leads, so no variation of a lead says it."""
    assert [field.name for field in OF_AIMBASE if not field.becomes] == ["ApplicationArea"]
    sample = LEADS[1]
    document = sales_leads([*sample.said])
    filled = document.replace(b"<ApplicationArea/>", b"<ApplicationArea>x</ApplicationArea>")
    read = [list(sample.vendor.parse("leads", BytesIO(one), {}, {})) for one in (document, filled)]
    assert filled != document
    assert read[0] == read[1]


def test_a_person_is_told_by_the_columns_that_are_named() -> None:
    """The columns of leads that changes.sql reads for its fingerprint."""
    sql = text(ROOT / "lead_pipeline" / "identity" / "changes.sql")
    read = set(re.findall(r"\w+", re.sub(r"AS \w+", "", sql.partition("FROM identity_leads")[0])))
    columns = {column.name for column in LEAD_COLUMNS} - {"lead_id", "first_seen_at", "created_at"}
    assert read & columns == set(COMPARED)
