"""What contacts say, in the fields of the contract."""

from lead_pipeline.sandbox.qontak.fields import OF_CONTACTS
from lead_pipeline.sandbox.qontak.links import FIRST_COMPANY, FIRST_CONTACT, FIRST_DEAL, Links
from lead_pipeline.sandbox.qontak.stock import indonesia
from lead_pipeline.sandbox.qontak.written import Record, amount, moment, slug

_FIXED, _CHANGING = 31, 32
STATUSES = ((1, "Baru"), (2, "Dihubungi"), (3, "Tertarik"), (4, "Pelanggan"))
SOURCES = (
    *((11, "Housing"), (12, "Aimbase"), (13, "Instagram"), (14, "WhatsApp")),
    *((15, "Walk In"), (16, "Referral"), (None, None)),
)
GENDERS = ((1, "Male"), (2, "Female"), (None, None))
CREATORS = ((801, "Sari Admin"), (802, "Budi Sales"), (803, "Dewi Sales"))


def contact(links: Links, number: int, revision: int) -> Record:
    """One contact after so many changes. Every fifth change is of `updated_at` alone."""
    created, updated = links.contacts.created(number), links.contacts.updated(number, revision)
    fixed = links.dice(_FIXED, number)
    said = revision - 1 if revision % 5 == 4 else revision
    changing = links.dice(_CHANGING, number, said)
    known, in_utc = links.known(number), fixed.chance(30)
    creator_id, creator_name = fixed.pick(CREATORS)
    source_id, source_name = fixed.pick(SOURCES)
    gender_id, gender_name = fixed.pick(GENDERS)
    status_id, status_name = STATUSES[min(said, 2) + changing.below(2)]
    company = links.company_of(number)
    return {
        "id": FIRST_CONTACT + number,
        "first_name": known.given,
        "last_name": None if fixed.chance(5) else known.family,
        "slug": slug(known.name, number),
        "created_at": moment(created, in_utc=in_utc),
        "updated_at": moment(updated, in_utc=in_utc),
        "job_title": changing.pick(indonesia().jobs),
        "creator_id": creator_id,
        "creator_name": creator_name,
        "email": known.email,
        "telephone": known.telephone,
        "crm_status_id": status_id,
        "crm_status_name": status_name,
        "date_of_birth": None,
        "crm_source_id": source_id,
        "crm_source_name": source_name,
        "crm_gender_id": gender_id,
        "crm_gender_name": gender_name,
        "income": None if changing.chance(30) else amount(5 + changing.below(60)),
        "upload_id": None,
        "customer_id": None,
        "crm_company_id": None if company is None else FIRST_COMPANY + company,
        "crm_company_name": None if company is None else links.company_name(company),
        **_deals(links, number, updated),
        "additional_fields": [field.filled(changing) for field in OF_CONTACTS],
    }


def _deals(links: Links, number: int, at: int) -> Record:
    deals = links.deals_of(number, at)
    return {
        "crm_deal_ids": [FIRST_DEAL + deal for deal in deals],
        "crm_deal_name": [links.deal_name(deal) for deal in deals],
    }
