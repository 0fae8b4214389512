"""Whatever rows people write: what goes into a file comes out of it, and nothing else."""

import json
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline_tests.vendors.conftest import leads_of, unreadable_of
from lead_pipeline_tests.vendors.history_files import (
    HEADER,
    delimited,
    mapping_of,
    naive,
    read,
    workbook,
)

CONTROLS = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n")
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n"), max_size=30
)
TIMES = st.datetimes(naive(1990, 1, 1), naive(2026, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
WIDE = (*HEADER, "Remarks")


@st.composite
def rows(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> list[list[Any]]:
    count = draw(st.integers(1, 6))
    return [
        [f"A{number}", draw(TIMES), *(draw(texts) for _ in WIDE[2:])] for number in range(count)
    ]


def _check(found: list[Any], rows: list[list[Any]]) -> None:
    leads = leads_of(found)
    assert unreadable_of(found) == []
    assert len(leads) == len(rows)
    for lead, (ident, moment, *texts) in zip(leads, rows, strict=True):
        name, phone, email, project, remarks = (text.strip() or None for text in texts)
        assert lead.source_lead_id == ident
        assert lead.created_at.replace(tzinfo=None) == moment
        assert (lead.full_name_raw, lead.phone_raw) == (name, phone)
        assert (lead.email_raw, lead.interest_name) == (email, project)
        assert json.loads(lead.attributes) == ({"Remarks": remarks} if remarks else {})


@settings(deadline=None)
@given(rows(TEXTS), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_is_in_a_csv_comes_out(
    written: list[list[Any]], delimiter: str, end: str, quoted: bool
) -> None:
    content = delimited(
        written, WIDE, delimiter=delimiter, lineterminator=end, quoting=1 if quoted else 0
    )
    _check(read(content, mapping_of(delimiter=delimiter)), written)


@settings(max_examples=15, deadline=None)
@given(rows(TEXTS.filter(lambda text: not text.startswith(("=", "#")) and "_x" not in text)))
def test_what_is_in_a_workbook_comes_out(written: list[list[Any]]) -> None:
    _check(read(workbook(written, WIDE), mapping_of()), written)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_whatever_bytes_there_are_they_are_read_or_refused(content: bytes) -> None:
    head = ",".join(HEADER).encode() + b"\n"
    for whole in (content, head + content, b"PK\x03\x04" + content):
        try:
            found = read(whole)
        except UnreadableDocument:
            continue
        places = [lead.record_index for lead in leads_of(found)]
        places += [item.record_index for item in unreadable_of(found)]
        assert len(places) == len(set(places))


@settings(deadline=None)
@given(st.lists(st.text("aA, \"'\n\r;", max_size=12), min_size=1, max_size=6))
def test_no_line_is_lost_between_leads_and_refused(lines: list[str]) -> None:
    """Each line is in a lead, in what was refused, or blank."""
    moment = datetime.isoformat(naive(2020, 1, 1))
    body = "\n".join(f"A{number},{moment},x{line}" for number, line in enumerate(lines))
    found = read(f"{','.join(HEADER)}\n{body}\n".encode(), mapping_of(short_rows="fill"))
    ids = {lead.source_lead_id for lead in leads_of(found)}
    kept = "".join(item.content.decode() for item in unreadable_of(found))
    kept += "".join(f"{lead}" for lead in leads_of(found))
    assert [n for n in range(len(lines)) if f"A{n}" not in ids and f"A{n}" not in kept] == []
