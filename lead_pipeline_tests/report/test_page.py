"""The page as a whole, of snapshots that nobody planned for."""

from datetime import UTC, datetime

from lead_pipeline.marts import build_marts
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.outcome import publish_snapshot
from lead_pipeline.report import build_report
from lead_pipeline.warehouse import open_snapshot
from lead_pipeline_tests.report.markup import Page
from lead_pipeline_tests.report.rules import broken_rules
from lead_pipeline_tests.serving.people import publish_people

HOSTILE = "<script>alert(1)</script>\u202e\"' onload=x"
SECTIONS = ["enquiries", "people", "coverage", "funnel", "speed", "overlap", "quality"]


def page_of(folder: DataFolder) -> str:
    with folder.warehouse.open() as session:
        build_marts(session)
        session.run("INSERT INTO ops.deliveries (load_id) SELECT nextval('core.load_ids')")
    assert publish_snapshot(folder)
    with open_snapshot(folder.path) as session:
        return build_report(session)


def test_an_empty_page_says_what_would_be_there(folder: DataFolder) -> None:
    text = page_of(folder)
    page = Page(text)
    assert "There is too little yet to say anything." in page.text
    empty = [name for name, said in page.sections.items() if name and "Next: lead-" in said]
    assert empty == SECTIONS
    assert broken_rules(text) == []


def test_what_is_empty_says_so_of_old_enquiries_too(folder: DataFolder) -> None:
    """Of an import of the years before: there are enquiries, and none to draw a day of."""
    old = datetime(2019, 3, 1, tzinfo=UTC)
    publish_people(folder, [{"person_id": "P1", "full_name": "Asha Rao", "created_at": old}])
    said = Page(page_of(folder)).sections
    for name in ("enquiries", "people", "coverage", "funnel", "speed", "quality"):
        assert "Next: lead-" in said[name], name
        assert "read yet" not in said[name]
    assert "was made in the 28 days up to yesterday" in said["enquiries"]
    assert "No account has been asked yet" in said["coverage"]
    assert "made after its account was first asked" in said["speed"]


def test_whatever_a_vendor_is_called_it_stays_text(folder: DataFolder) -> None:
    publish_people(
        folder,
        [
            {"person_id": f"P{number}", "source": HOSTILE, "account": HOSTILE, "full_name": HOSTILE}
            for number in range(8)
        ],
    )
    text = page_of(folder)
    assert broken_rules(text) == []
    assert text.count("&lt;script&gt;") > 2
