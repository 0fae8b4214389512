"""What deals say, in the fields of the contract: each change takes a deal a stage further."""

from lead_pipeline.sandbox.qontak.contacts import CREATORS
from lead_pipeline.sandbox.qontak.fields import OF_DEALS
from lead_pipeline.sandbox.qontak.links import FIRST_COMPANY, FIRST_CONTACT, FIRST_DEAL, Links
from lead_pipeline.sandbox.qontak.pipelines import PIPELINES
from lead_pipeline.sandbox.qontak.written import Record, amount, moment, slug

_FIXED, _CHANGING = 51, 52
_DAY = 86_400_000
PRIORITIES = ((41, "Low"), (42, "Medium"), (43, "High"))
LOST_REASONS = ((51, "Harga"), (52, "Lokasi"), (53, "Pesaing"))


def deal(links: Links, number: int, revision: int) -> Record:
    """One deal after so many changes."""
    created, updated = links.deals.created(number), links.deals.updated(number, revision)
    fixed = links.dice(_FIXED, number)
    changing = links.dice(_CHANGING, number, revision)
    name, in_utc = links.deal_name(number), fixed.chance(30)
    creator_id, creator_name = fixed.pick(CREATORS)
    priority_id, priority_name = changing.pick(PRIORITIES)
    progress = _progress(links, number, revision)
    closed = links.deals.updated(number, progress.pop("closed_at_revision") or 0)
    return {
        "id": FIRST_DEAL + number,
        "name": name,
        "slug": slug(name, number),
        "created_at": moment(created, in_utc=in_utc),
        "updated_at": moment(updated, in_utc=in_utc),
        "currency": "IDR",
        "closed_date": None
        if progress["crm_deal_status"] == "open"
        else moment(closed, in_utc=in_utc),
        "creator_id": creator_id,
        "creator_name": creator_name,
        "crm_source_id": None,
        "crm_source_name": None,
        **progress,
        "start_date": moment(created, in_utc=in_utc),
        "expired_date": moment(created + 90 * _DAY, in_utc=in_utc),
        "crm_priority_id": priority_id,
        "crm_priority_name": priority_name,
        **_links(links, number),
        "product_association_ids": [],
        "product_association_name": [],
        "product_association_quantity": [],
        "product_association_price": [],
        "product_association_total_price": [],
        "additional_fields": [field.filled(changing) for field in OF_DEALS],
    }


def _progress(links: Links, number: int, revision: int) -> Record:
    """Stage, status and size; a closed deal keeps them."""
    fixed = links.dice(_FIXED, number, 1)
    pipeline = PIPELINES[0] if fixed.chance(70) else PIPELINES[1]
    start, is_won = fixed.below(2), fixed.chance(45)
    last = len(pipeline.open_stages) - start
    is_open = revision < last
    stage = pipeline.won if is_won else pipeline.lost
    if is_open:
        stage = pipeline.open_stages[start + revision]
    is_lost = not is_open and not is_won
    reason_id, reason_name = fixed.pick(LOST_REASONS) if is_lost else (None, None)
    growth = min(revision, last) * fixed.below(25)
    return {
        "size": amount(pipeline.base_millions + fixed.below(400) + growth),
        "crm_lost_reason_id": reason_id,
        "crm_lost_reason_name": reason_name,
        "crm_pipeline_id": pipeline.id,
        "crm_pipeline_name": pipeline.name,
        "crm_stage_id": stage.id,
        "crm_stage_name": stage.name,
        "crm_deal_status": "open" if is_open else "won" if is_won else "lost",
        "closed_at_revision": None if is_open else last,
    }


def _links(links: Links, number: int) -> Record:
    """Company ids are a list in deals, whatever they are elsewhere."""
    contact = links.contact_of(number)
    company = None if contact is None else links.company_of(contact)
    return {
        "crm_company_id": [] if company is None else [FIRST_COMPANY + company],
        "crm_company_name": [] if company is None else [links.company_name(company)],
        "crm_lead_ids": [] if contact is None else [FIRST_CONTACT + contact],
        "crm_lead_name": [] if contact is None else [links.known(contact).name],
    }
