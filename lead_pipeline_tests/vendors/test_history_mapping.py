"""A mapping leaves nothing open, and a template of one guesses nothing that it cannot know."""

import io
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from lead_pipeline.vendors.history.mapping import Mapping
from lead_pipeline.vendors.history.template import template
from lead_pipeline_tests.house.pages import code
from lead_pipeline_tests.house.project import ROOT
from lead_pipeline_tests.house.project import text as text_of_page
from lead_pipeline_tests.vendors.conftest import leads_of
from lead_pipeline_tests.vendors.history_files import COLUMNS, delimited, mapping_of, read, row

# Mapping


@pytest.mark.parametrize(
    "columns",
    [
        {"created_at": "Date"},
        {"created_at": {"column": "Date", "format": "iso"}},
        {"created_at": {"column": "Date", "format": "dd/mm/yyyy", "zone": "UTC"}},
        {"created_at": {"column": "Date", "format": "iso", "zone": "Asia/Calcutte"}},
        {"fone": "Mobile"},
        {"phone": {"column": "Mobile", "zone": "UTC"}},
        {"phone": {}},
        {"marketing_consent": "Project"},
        {"marketing_consent": {"column": "Project", "true": ["y"], "false": ["Y"]}},
        {"marketing_consent": {"constant": "perhaps"}},
    ],
)
def test_a_mapping_that_leaves_something_open_is_refused(columns: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        mapping_of(columns)


@pytest.mark.parametrize(
    "wrong",
    [
        {"encoding": "latin-17"},
        {"encoding": "base64"},
        {"delimiter": ""},
        {"default_country": "India"},
        {"source": "A b"},
        {"skip": "1"},
    ],
)
def test_a_mapping_with_a_setting_that_is_none_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Mapping.model_validate({"columns": COLUMNS, **wrong})


# Template


def test_a_template_counts_the_forms_of_a_column_that_has_several() -> None:
    dates = ("31/03/2019 10:00", "2019-03-31", "2019-04-01", "yesterday")
    content = delimited([row(number, Date=date) for number, date in enumerate(dates)])
    text = template(io.BytesIO(content), "csv", None)
    assert (
        'format: "?", zone: "?"}  # none fits all 4; format: [ONE, ANOTHER] tries several '
        'in order: "iso" (2), "%d/%m/%Y %H:%M" (1)\n'
    ) in text


def test_a_template_names_what_it_can_and_asks_for_the_rest() -> None:
    header = ("Lead ID", "Created On", "E-Mail", "Mobile No.", "Floor", "Opt In")
    rows = [["1", "13/02/2020 10:11", "a@example.org", "98", "3", "yes"]]
    text = template(io.BytesIO(delimited(rows, header, delimiter=";")), "csv", None)
    assert 'delimiter: ";"' in text
    assert '  created_at: {column: "Created On", format: "%d/%m/%Y %H:%M", zone: "?"}' in text
    assert '  source_lead_id: "Lead ID"' in text
    assert '  email: "E-Mail"' in text
    assert '  phone: "Mobile No."' in text
    assert 'attributes:\n  - "Floor"' in text
    assert '{column: "Opt In", true: "?", false: "?"}  # there are ["yes"]' in text


def test_a_template_does_not_choose_between_day_and_month() -> None:
    rows = [row(1, Date="01/02/2020"), row(2, Date="03/04/2020")]
    text = template(io.BytesIO(delimited(rows)), "csv", None)
    assert 'format: "?", zone: "?"}  # fits: %d/%m/%Y; %m/%d/%Y' in text


def test_the_mapping_on_the_page_reads_the_file_that_it_speaks_of() -> None:
    page = text_of_page(ROOT / "docs" / "how-to" / "import.md")
    (block,) = [block for block in code(page) if block.startswith("source: portal")]
    mapping = Mapping.model_validate(yaml.load(block, yaml.BaseLoader))
    header = ("Lead ID", "Created On", "Name", "Mobile", "E-mail", "Project", "Lead Source")
    cells = ["7", "13/02/2020 10:11", "J", "98", "", "P", "fair", "y", "1.234,5"]
    content = delimited([cells], (*header, "Opt-in", "Budget"), delimiter=";")
    (lead,) = leads_of(read(content, mapping))
    assert (lead.source_lead_id, lead.interest_kind, lead.channel) == ("7", "property", "fair")
    assert lead.marketing_consent
    assert lead.attributes == '{"Budget":"1234.5"}'
