"""Whatever Aimbase may send: no tree breaks the reader, and both ways of reading agree."""

import io

from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.vendors import xml
from lead_pipeline.vendors.aimbase.plain import read_plainly
from lead_pipeline.vendors.aimbase.thorough import read_thoroughly
from lead_pipeline_tests.vendors.cases import escaped, person, process_sales_lead, sales_lead
from lead_pipeline_tests.vendors.conftest import leads_of, unreadable_of
from lead_pipeline_tests.vendors.test_aimbase_parse import FULL, items, lead, swapped

XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20
)
LEAF = st.sampled_from(
    [
        "DocumentId",
        "GivenName",
        "MarketingMailInd",
        "AddressLine",
        "City",
        "Telephone",
        "EmailAddress",
        "PurchaseEarliestDate",
        "OwnedType",
        "ModelDescription",
        "Unknown",
    ]
)
BOX = st.sampled_from(
    ["Header", "IndividualProspect", "Address", "Contact", "OwnedVehicle", "SalesVehicle", "Odd"]
)
MARK = st.sampled_from(["", "", "", ' desc="Home"', ' lang="en"'])


def _leaf(name: str, mark: str, text: str) -> str:
    return f"<{name}{mark}>{escaped(text)}</{name}>"


def _box(name: str, mark: str, inner: list[str]) -> str:
    return f"<{name}{mark}>{''.join(inner)}</{name}>"


TREES = st.recursive(
    st.builds(_leaf, LEAF, MARK, XML_TEXT),
    lambda inner: st.builds(_box, BOX, MARK, st.lists(inner, max_size=4)),
    max_leaves=12,
)


@given(st.lists(TREES, max_size=5))
def test_no_tree_breaks_the_reader(inner: list[str]) -> None:
    text = swapped("</SalesLead>", f"{''.join(inner)}</SalesLead>")
    found = items(text, FULL)
    assert len(leads_of(found)) + len(unreadable_of(found)) == 2
    assert leads_of(found)[-1]._replace(record_index=0) == lead(FULL)


@given(
    st.dictionaries(st.sampled_from(["<![CDATA[ Joan ]]>", "92108", "CA<", "Skiff"]), XML_TEXT),
    st.lists(st.sampled_from(["Address", "Contact", "OwnedVehicle", "Detail", "PersonName"])),
)
def test_the_plain_and_the_thorough_reading_agree(
    texts: dict[str, str], emptied: list[str]
) -> None:
    text = FULL
    for old, new in texts.items():
        text = text.replace(old, escaped(new) + ("<" if old.endswith("<") else ""))
    for name in emptied:
        before, opening, rest = text.partition(f"<{name}>")
        text = before + rest.partition(f"</{name}>")[2] if opening else text
    walk = xml.Walk(
        io.BytesIO(process_sales_lead(text)),
        root="ProcessSalesLead",
        parent="DataArea",
        name="SalesLead",
    )
    for element in walk:
        plain = read_plainly(element)
        assert plain is not None
        assert plain == read_thoroughly(element)


@given(given_name=XML_TEXT, model=XML_TEXT)
def test_text_is_kept_as_it_came(given_name: str, model: str) -> None:
    found = lead(sales_lead(person(1, name=given_name, interest=model)))
    assert found.given_name_raw == (given_name.strip() or None)
    assert found.interest_name == (model.strip() or None)
