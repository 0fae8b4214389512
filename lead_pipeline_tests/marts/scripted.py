"""A small warehouse written by hand: enquiries, people, what a CRM has, what was pushed."""

import json
from datetime import UTC, datetime
from typing import Any

from lead_pipeline.records import lead_id_of
from lead_pipeline.warehouse import Session

Fields = dict[str, Any]


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment of 2026, UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def insert(session: Session, table: str, **fields: Any) -> None:  # noqa: ANN401 - columns
    names, marks = ", ".join(fields), ", ".join("?" for _ in fields)
    session.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(fields.values()))


def enquiry(
    session: Session,
    lead_id: str,
    source: str,
    person_id: str | None,
    created_at: datetime,
    **fields: Any,  # noqa: ANN401 - columns
) -> None:
    """An enquiry, in an account of its source's name, fetched when it was made."""
    about = {"account": source, "first_seen_at": created_at, **fields}
    insert(session, "core.leads", lead_id=lead_id, source=source, created_at=created_at, **about)
    if person_id:
        insert(session, "core.assignments", lead_id=lead_id, person_id=person_id)


def crm_object(
    session: Session,
    kind: str,
    object_id: str,
    created_at: datetime | None,
    fields: Fields | None = None,
    **columns: Any,  # noqa: ANN401 - columns
) -> None:
    """An object of the CRM account qontak."""
    known = {"source": "qontak", "account": "qontak", "key_version": "qontak/1"}
    insert(
        session,
        "core.objects",
        kind=kind,
        natural_key=object_id,
        created_at=created_at,
        fields=json.dumps(fields or {}),
        **{**known, **columns},
    )


def contact(
    session: Session,
    contact_id: str,
    person_id: str,
    created_at: datetime,
    **columns: Any,  # noqa: ANN401 - columns
) -> str:
    """A contact that somebody made in the CRM: an enquiry too. Its lead_id."""
    crm_object(session, "contact", contact_id, created_at, **columns)
    lead_id = lead_id_of("qontak", "qontak", "qontak/1", contact_id)
    enquiry(session, lead_id, "qontak", person_id, created_at)
    return lead_id


def deal(
    session: Session,
    deal_id: str,
    created_at: datetime | None,
    status: str | None,
    money: tuple[str, str] | None = None,
    contacts: tuple[str, ...] = (),
    **columns: Any,  # noqa: ANN401 - columns
) -> None:
    """A deal with its amount and currency, linked to contacts."""
    size, currency = money or (None, None)
    said = {"crm_deal_status": status, "size": size, "currency": currency}
    fields: Fields = {name: value for name, value in said.items() if value is not None}
    fields["crm_lead_ids"] = list(contacts)
    crm_object(session, "deal", deal_id, created_at, fields, **columns)


def push(
    session: Session,
    kind: str,
    object_id: str | None,
    person_id: str,
    done_at: datetime,
    lead_id: str | None = None,
) -> None:
    """A row of the outbox that is done."""
    insert(
        session,
        "ops.pushes",
        push_id=f"{kind} {object_id}",
        account="qontak",
        kind=kind,
        person_id=person_id,
        lead_id=lead_id,
        object_id=object_id,
        action="create",
        state="done",
        decided_at=done_at,
        done_at=done_at,
    )
