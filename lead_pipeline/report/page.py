"""The report as a page: escaped throughout, no script, nothing loaded from elsewhere."""

from collections.abc import Sequence
from datetime import UTC, date
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from lead_pipeline.report import calendar, daily, funnel, overlap, quality, speed
from lead_pipeline.report.draw import unchecked
from lead_pipeline.report.section import Section, Sentence, ask, shown
from lead_pipeline.report.words import counted, full_moment, long_day
from lead_pipeline.warehouse import Session

MOST_SENTENCES = 4

_FOLDER = resources.files("lead_pipeline.report")

_PUBLISHED = "SELECT version, published_at, leads, people FROM ops.published"


def build_report(session: Session) -> str:
    """The page, of a snapshot. Raises WarehouseUnusable where the snapshot lacks a table."""
    ((version, published_at, leads, people),) = session.rows(_PUBLISHED)
    today = published_at.astimezone(UTC).date()
    with unchecked():
        sections, said, headline = _written(session, today)
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shown"] = shown
    return environment.from_string((_FOLDER / "page.html").read_text()).render(
        sections=sections,
        sentences=said[:MOST_SENTENCES],
        # Ours, and free of what would end a style element.
        style=Markup((_FOLDER / "page.css").read_text()),  # noqa: S704
        version=version,
        published=full_moment(published_at),
        headline=headline,
        all_leads=counted(leads, "enquiry", "enquiries"),
        all_people=counted(people, "person", "people"),
    )


def _written(session: Session, today: date) -> tuple[Sequence[Section], list[Sentence], str]:
    days, covered = ask(session, "days"), ask(session, "coverage")
    outcomes, speeds = ask(session, "funnel"), ask(session, "speed")
    overlaps, useful = ask(session, "overlap"), ask(session, "quality")
    sections = (
        daily.enquiries_section(days),
        daily.people_section(days),
        calendar.coverage_section(covered, today),
        funnel.funnel_section(outcomes),
        speed.speed_section(speeds),
        overlap.overlap_section(overlaps),
        quality.quality_section(useful),
    )
    newest_day = daily.sentences(days)
    said = [
        *newest_day[:1],
        *calendar.sentences(covered, today),
        *newest_day[1:],
        *funnel.sentences(outcomes),
        *overlap.sentences(overlaps),
        *quality.sentences(useful),
        *speed.sentences(speeds),
    ]
    newest = daily.latest(days)
    headline = f"Leads, {long_day(newest.row['day'])}" if newest else "Leads"
    return sections, said, headline
