"""What tasks say, in the fields of the contract. Their ids are text."""

from lead_pipeline.sandbox.qontak.links import FIRST_COMPANY, FIRST_CONTACT, FIRST_DEAL, Links
from lead_pipeline.sandbox.qontak.pipelines import TEAM_ID
from lead_pipeline.sandbox.qontak.written import Record, moment

_FIXED, _CHANGING = 61, 62
_HOUR = 3_600_000
_FIRST_TASK = 0x5F << 88
CATEGORIES = ((71, "Telepon"), (72, "Kunjungan"), (73, "Email"))
TEAM_NAME = "Tim Penjualan"
USERS = ((802, "Budi Sales"), (803, "Dewi Sales"))
_NEXT_STEPS = ("Kirim penawaran", "Telepon kembali", "Jadwalkan survei", None)


def task_id(number: int) -> str:
    """24 hexadecimal digits."""
    return f"{_FIRST_TASK + number:024x}"


def task_number(text: str) -> int | None:
    """The number behind an id; None if no task can have it."""
    try:
        number = int(text, 16) - _FIRST_TASK
    except ValueError:
        return None
    return number if number >= 0 and task_id(number) == text else None


def task(links: Links, number: int, revision: int) -> Record:
    """One task after so many changes."""
    created, updated = links.tasks.created(number), links.tasks.updated(number, revision)
    fixed = links.dice(_FIXED, number)
    changing = links.dice(_CHANGING, number, revision)
    in_utc = fixed.chance(30)
    category_id, category_name = fixed.pick(CATEGORIES)
    user_id, user_name = changing.pick(USERS)
    due = updated + (4 + changing.below(200)) * _HOUR
    return {
        "id": task_id(number),
        "name": f"{category_name} {number % 1000}",
        "created_at": moment(created, in_utc=in_utc),
        "updated_at": moment(updated, in_utc=in_utc),
        **_links(links, number),
        "crm_task_status_id": min(revision, 2) + 1,
        "user_id": user_id,
        "user_full_name": user_name,
        "crm_task_priority_id": 41 + changing.below(3),
        "crm_task_category_id": category_id,
        "crm_task_category_name": category_name,
        "crm_team_ids": [TEAM_ID],
        "crm_team_name": [TEAM_NAME],
        "due_date": moment(due, in_utc=in_utc),
        "reminder_date": moment(due - _HOUR, in_utc=in_utc),
        "detail": f"Perubahan ke-{revision}",
        "next_step": changing.pick(_NEXT_STEPS),
        "attachment": None,
    }


def _links(links: Links, number: int) -> Record:
    deal = links.deal_of(number)
    contact = None if deal is None else links.contact_of(deal)
    company = None if contact is None else links.company_of(contact)
    return {
        "crm_person_id": None if contact is None else FIRST_CONTACT + contact,
        "crm_person_full_name": None if contact is None else links.known(contact).name,
        "crm_deal_id": None if deal is None else FIRST_DEAL + deal,
        "crm_deal_name": None if deal is None else links.deal_name(deal),
        "crm_company_id": None if company is None else FIRST_COMPANY + company,
        "crm_company_name": None if company is None else links.company_name(company),
    }
