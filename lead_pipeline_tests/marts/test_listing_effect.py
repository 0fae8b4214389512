"""Enquiries before and after a copy, counted by hand."""

import json
from datetime import datetime
from decimal import Decimal

from lead_pipeline.marts import build_marts
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.marts.scripted import at, enquiry, insert

EFFECT = (
    "SELECT property_id, version, days_before, enquiries_before, days_after, enquiries_after "
    "FROM marts.listing_effect ORDER BY property_id, version"
)


def _copy(
    session: Session, property_id: str, generated_at: datetime, kind: str = "content"
) -> None:
    insert(
        session,
        "core.objects",
        source="listsmrt",
        account="listsmrt",
        kind="generation",
        natural_key=f"{property_id} {generated_at}",
        created_at=generated_at,
        first_seen_at=generated_at,
        fields=json.dumps({"type": f"property.generate-{kind}", "property_id": property_id}),
    )


def _asked(session: Session, source: str, since: datetime, until: datetime) -> None:
    insert(
        session,
        "ops.deliveries",
        source=source,
        account=source,
        outcome="loaded",
        is_latest=True,
        window_start=since,
        requested_at=until,
    )


def test_counts_and_days_before_and_after_each_copy(session: Session) -> None:
    _asked(session, "housing", at(1), at(2))
    _asked(session, "housing", at(19), at(20))
    _asked(session, "aimbase", at(1, month=1), at(30))
    for day in (2, 4, 4, 10, 12, 25):
        number = len(session.rows("SELECT lead_id FROM core.leads"))
        about = {"interest_kind": "property", "interest_id": "7"}
        enquiry(session, f"H{number}", "housing", "P1", at(day, 9), **about)
    enquiry(session, "other", "housing", "P2", at(4), interest_kind="property", interest_id="8")
    enquiry(session, "boat", "aimbase", "P3", at(4), interest_kind="boat", interest_id="7")
    _copy(session, "7", at(10, 9))
    _copy(session, "7", at(3, 12))
    _copy(session, "7", at(5), kind="headline")
    _copy(session, "9", at(5))
    build_marts(session)
    assert session.rows(EFFECT) == [
        # Known from the 1st to the 20th, when housing last answered; the 25th is beyond.
        ("7", 1, Decimal("2.50"), 1, Decimal("6.88"), 2),
        # An enquiry of the very moment of the copy is after it.
        ("7", 2, Decimal("6.88"), 2, Decimal("9.63"), 2),
        ("9", 1, Decimal("4.00"), 0, Decimal("15.00"), 0),
    ]


def test_where_nothing_is_known_the_days_are_not_either(session: Session) -> None:
    _copy(session, "7", at(5))
    build_marts(session)
    assert session.rows(EFFECT) == [("7", 1, None, 0, None, 0)]
