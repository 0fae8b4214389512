"""What is wrong with records, and how vendors answered, counted by hand."""

from datetime import date, timedelta
from typing import Any

from lead_pipeline.marts import Business, build_marts
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.marts.scripted import at, enquiry, insert

VALID: dict[str, Any] = {
    "phone": "+911",
    "phone_status": "valid",
    "country": "IN",
    "full_name": "n",
}


def _asked(session: Session, number: int, milliseconds: int = 100, **fields: Any) -> None:  # noqa: ANN401 - columns
    began = at(15, 20, number)
    known = {
        "receipt_id": str(number),
        "source": "housing",
        "account": "mumbai",
        "stream": "leads",
        "is_latest": True,
        "outcome": "loaded",
        "attempts": 1,
        "length": 1000,
        "received": 10,
        "window_start": at(15),
        "requested_at": began,
        "received_at": began + timedelta(milliseconds=milliseconds),
    }
    insert(session, "ops.deliveries", **{**known, **fields})


def test_what_is_wrong_by_account(session: Session) -> None:
    for number, fields in enumerate(
        (
            {**VALID, "email": "a@example.com", "email_raw": "a@example.com"},
            {**VALID, "email_raw": "n/a"},
            {"phone_status": "impossible", "full_name": "n"},
            {
                "phone_status": "placeholder",
                "email": "b@example.com",
                "email_raw": "b",
                "country": "IN",
            },
        )
    ):
        enquiry(session, str(number), "housing", None, at(2), account="mumbai", **fields)
    possible = {**VALID, "phone_status": "possible", "email": "c@example.com", "email_raw": "c"}
    enquiry(session, "possible", "aimbase", None, at(2), **possible)
    _asked(session, 1, new_fields="floor, view")
    _asked(session, 2, new_fields="view")
    _asked(session, 3, new_fields="view", is_latest=False)
    dismissed = {"dismissed_at": at(3), "dismissed_by": "ann", "dismissed_because": "by hand"}
    insert(session, "core.dismissals", quarantine_id="3", **dismissed)
    for number in (1, 2, 3):
        reason = {"place": "created_at", "reason": "is no moment", "stream": "leads"}
        quarantine_id = str(number)
        insert(
            session,
            "ops.quarantine",
            **{"quarantine_id": quarantine_id, "source": "housing", "account": "mumbai", **reason},
        )
    build_marts(session)
    assert session.rows(
        "SELECT issue, detail, records, out_of, counted FROM marts.data_quality "
        "ORDER BY issue, detail"
    ) == [
        ("country", "unknown", 1, 4, "enquiries"),
        ("email", "missing", 1, 4, "enquiries"),
        ("email", "no address, or a placeholder", 1, 4, "enquiries"),
        ("name", "missing", 1, 4, "enquiries"),
        ("new field", "floor", 1, 2, "answers"),
        ("new field", "view", 2, 2, "answers"),
        ("phone", "impossible", 1, 4, "enquiries"),
        ("phone", "placeholder", 1, 4, "enquiries"),
        ("quarantine", "created_at: is no moment", 2, 20, "records"),
        ("unreachable", "neither phone nor e-mail", 1, 4, "enquiries"),
    ]


def test_how_a_vendor_answered_by_day(session: Session) -> None:
    """20:00 UTC is the day after in Mumbai."""
    _asked(session, 1, 100)
    _asked(session, 2, 300, attempts=3, length=5000)
    _asked(session, 3, 200, outcome="unreadable", received=0)
    failed = {"outcome": "failed", "attempts": 0, "length": None, "received": 0}
    _asked(session, 4, 0, error="VendorUnavailable", **failed)
    _asked(session, 5, 0, error="VendorUnavailable", **failed)
    _asked(session, 6, 0, error="VendorRefused", **failed)
    _asked(session, 7, 9000, is_latest=False)
    _asked(session, 8, 60_000, stream="contacts", window_start=None, attempts=40, source="qontak")
    _asked(session, 9, source="listsmrt", stream="webhook")
    build_marts(session, Business("Asia/Kolkata"))
    day = date(2026, 11, 16)
    assert session.rows("SELECT * FROM marts.vendor_health ORDER BY source") == [
        (
            *(day, "housing", "mumbai", "leads", 6, 2, 1, 3, 2),
            {"VendorRefused": 1, "VendorUnavailable": 2},
            *(200, 300, 300, 7000, 5000, 20),
        ),
        (
            *(day, "qontak", "mumbai", "contacts", 1, 1, 0, 0, None, {}),
            *(None, None, None, 1000, 1000, 10),
        ),
    ]
