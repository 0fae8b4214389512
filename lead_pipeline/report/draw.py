"""Charts as SVG. Colours are the page's own variables, so that one drawing serves both themes.

Text is anchored where it cannot collide whatever font the page has: nothing depends on its width.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, NamedTuple

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode
from markupsafe import Markup, escape

WIDTH = 300
"""Pixels of every drawing: as wide as a phone shows it, so that text is never shrunk much."""

INK, QUIET, LINE = "var(--ink)", "var(--quiet)", "var(--line)"
ACCENT, SOFT, BEFORE = "var(--accent)", "var(--soft)", "var(--before)"
HATCH = "url(#hatch)"
CROSS = "\N{MULTIPLICATION SIGN}"

LEAST_HEIGHT, ROOM_ABOVE = 40, 16
DAILY_HEIGHT, ROW_HEIGHT, BAR_HEIGHT = 120, 38, 11
MOST_DAYS_NAMED = 9
"""Of more days, only Mondays are named."""

_UNWANTED = re.compile(
    r' (?:class|font-family|pointer-events|role|aria-[a-z]+|xmlns:xlink|version)="[^"]*"'
    r'|<path(?: [a-z-]+="[^"]*")* d=""(?: [a-z-]+="[^"]*")*/>'
)
_PLACES = re.compile(r' (?:d|transform|[xy]2?)="[^"]*"')
_LONG_NUMBER = re.compile(r"\d+\.\d{3,}")
_ROOT = re.compile(r'<svg(?: [a-z:]+="[^"]*")* viewBox="(?P<box>[^"]*)">')


class Day(NamedTuple):
    """A day's bar: its whole height, the part of it that is darker, and the bar behind it.

    `state` is that of ops.coverage; None for `before` where that day cannot be compared.
    """

    day: date
    value: int
    part: int
    before: int | None
    state: str | None


class Level(NamedTuple):
    """A bar that lies: its label above it, its value in words at its end, and the bar behind it."""

    label: str
    value: float
    behind: float | None
    words: str


def unchecked() -> AbstractContextManager[None]:
    """Draw without checking each part against the schema, which takes most of the time."""
    return debug_mode(False)


def daily_bars(days: Sequence[Day], most: int, description: str) -> Markup:
    """A bar a day from zero, its week before in grey behind it.

    Drawings of one `most` have one scale; each is as high as its own bars need.
    """
    pixels = (DAILY_HEIGHT - ROOM_ABOVE) / max(most, 1)
    own = max(max(one.value, one.before or 0) for one in days)
    height = max(LEAST_HEIGHT, round(own * pixels) + ROOM_ABOVE)
    rows: list[dict[str, Any]] = [
        {
            "day": str(one.day),
            "before": one.before,
            "whole": one.value if one.state == "complete" else None,
            "part": one.part if one.state == "complete" else None,
            "open": one.value if one.state in {"partial", None} and one.value else None,
            "gone": 0 if one.state == "missing" and not one.value else None,
        }
        for one in days
    ]
    base = alt.Chart().encode(x=_day_axis([one.day for one in days]))
    y = alt.Y(
        "before:Q",
        scale=alt.Scale(domain=[0, height / pixels], nice=False),
        axis=alt.Axis(values=_ticks(most, height / pixels), title=None, domain=False, ticks=False),
    )
    slim = alt.RelativeBandSize(0.62)
    layers = [
        base.mark_bar(color=BEFORE, width=alt.RelativeBandSize(1)).encode(y=y),
        base.mark_bar(color=SOFT, width=slim).encode(y=alt.Y("whole:Q")),
        base.mark_bar(color=ACCENT, width=slim).encode(y=alt.Y("part:Q")),
        base.mark_bar(color=HATCH, width=slim).encode(y=alt.Y("open:Q")),
        base.mark_text(text=CROSS, color=QUIET, baseline="bottom", fontSize=13).encode(
            y=alt.Y("gone:Q")
        ),
    ]
    if last := [row for row in rows if row["whole"] is not None][-1:]:
        words = f"{last[0]['whole']:,}"
        named = alt.Chart(_inline(last)).encode(x=alt.X("day:O"), y=alt.Y("whole:Q"))
        layers.append(
            named.mark_text(text=words, color=INK, fontWeight="bold", baseline="bottom", dy=-3)
        )
    chart = alt.layer(*layers, data=_inline(rows)).properties(width=WIDTH - 36, height=height)
    return _svg(chart, description)


def level_bars(levels: Sequence[Level], most: float, description: str) -> Markup:
    """Bars that lie, from zero to at most `most`; one below the other, in the order given."""
    rows = [{**one._asdict(), "row": number} for number, one in enumerate(levels)]
    base = alt.Chart().encode(
        y=alt.Y("row:O", axis=None, scale=alt.Scale(padding=0)),
    )
    scale = alt.Scale(domain=[0, most or 1], nice=False)
    x = alt.X("behind:Q", scale=scale, axis=None)
    layers = [
        base.mark_bar(color=BEFORE, height=BAR_HEIGHT, yOffset=7).encode(x=x),
        base.mark_bar(color=ACCENT, height=BAR_HEIGHT, yOffset=7).encode(x=alt.X("value:Q")),
        base.mark_text(align="left", color=INK, dy=-9).encode(
            text=alt.Text("label:N"), x=alt.value(0)
        ),
        base.mark_text(align="right", color=INK, dy=-9, fontWeight="bold").encode(
            text=alt.Text("words:N"), x=alt.value(WIDTH - 2)
        ),
    ]
    chart = alt.layer(*layers, data=_inline(rows)).properties(
        width=WIDTH - 2, height=ROW_HEIGHT * len(levels)
    )
    return _svg(chart, description)


def _inline(rows: Sequence[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=list(rows))


def _day_axis(days: Sequence[date]) -> alt.X:
    if len(days) <= MOST_DAYS_NAMED:
        named, forms = list(days), ["%a", "%-d"]
    else:
        named, forms = [day for day in days if day.weekday() == 0], ["%-d %b"]
    lines = ", ".join(f"utcFormat(toDate(datum.value), '{form}')" for form in forms)
    return alt.X(
        "day:O",
        scale=alt.Scale(paddingInner=0.12, paddingOuter=0.06),
        axis=alt.Axis(
            values=[str(day) for day in named],
            labelExpr=f"[{lines}]",
            labelAngle=0,
            labelOverlap=False,
            title=None,
            grid=False,
        ),
    )


def _ticks(most: int, top: float) -> list[int]:
    """Zero and two round numbers up to `most`, but none above `top`."""
    step = next(
        base * 10**power
        for power in range(12)
        for base in (1, 2, 5)
        if base * 10**power * 2.6 >= most
    )
    return [value for value in (0, step, 2 * step) if value <= min(max(most, 1), top)]


def _svg(chart: alt.LayerChart | alt.FacetChart, description: str) -> Markup:
    themed = chart.configure(
        aria=False,
        background="transparent",
        padding=0,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=QUIET,
            labelFontSize=11,
            labelPadding=5,
            gridColor=LINE,
            domainColor=QUIET,
            tickColor=QUIET,
            tickSize=3,
        ),
        axisY=alt.AxisConfig(minExtent=34, maxExtent=34),
        text=alt.MarkConfig(fontSize=12),
    )
    drawn = _UNWANTED.sub("", vl_convert.vegalite_to_svg(themed.to_dict(validate=False)))
    drawn = _PLACES.sub(lambda place: _LONG_NUMBER.sub(_shorter, place[0]), drawn)
    root = f'<svg role="img" aria-label="{escape(description)}" viewBox="\\g<box>">'
    # The library escapes the text that it draws.
    return Markup(_ROOT.sub(root, drawn, count=1))  # noqa: S704


def _shorter(number: re.Match[str]) -> str:
    """A number of pixels, to the hundredth."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
