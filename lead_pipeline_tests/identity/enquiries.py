"""Leads as short as a test needs them, and who they are after resolving."""

from datetime import datetime, timedelta
from typing import Any

from lead_pipeline.identity import Resolution, resolve
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.identity.who_is_who import Groups, assigned, groups_of
from lead_pipeline_tests.warehouse.deliveries import CREATED, NOW, Delivery, lead, load

ONE, TWO, THREE = "+919000000001", "+919000000002", "+919000000003"


def enquire(key: str, name: str | None = None, phone: str | None = None, **fields: Any) -> Any:  # noqa: ANN401
    """One enquiry; its natural key is its source_lead_id too."""
    return lead(key, source_lead_id=key, full_name_raw=name, phone_raw=phone, **fields)


def arrive(session: Session, *leads: Any, hour: int = 0) -> None:  # noqa: ANN401
    """Leads that come together, `hour` hours after the first."""
    placed = tuple(
        one._replace(record_index=index, created_at=CREATED + timedelta(hours=hour, minutes=index))
        for index, one in enumerate(leads)
    )
    load(session, Delivery(placed, NOW + timedelta(hours=hour)))


def settle(session: Session, journal: Journal, hour: int = 0) -> Resolution:
    """Resolve, `hour` hours after the first."""
    return resolve(session, journal, NOW + timedelta(hours=hour))


def moment(hour: int) -> datetime:
    """When `settle` resolved in that hour."""
    return NOW + timedelta(hours=hour)


def people(session: Session) -> Groups:
    """Who is one person, by natural key."""
    return groups_of(assigned(session))


def together(*groups: str) -> Groups:
    """`together("ab", "c")`: a and b are one person, c another."""
    return {frozenset(group) for group in groups}


def lead_id(session: Session, key: str) -> str:
    ((found,),) = session.rows("SELECT lead_id FROM leads WHERE source_lead_id = ?", (key,))
    return str(found)
