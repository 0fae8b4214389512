"""What companies say, in the fields of the contract."""

from lead_pipeline.sandbox.qontak.contacts import CREATORS
from lead_pipeline.sandbox.qontak.fields import OF_COMPANIES
from lead_pipeline.sandbox.qontak.links import FIRST_COMPANY, FIRST_CONTACT, FIRST_DEAL, Links
from lead_pipeline.sandbox.qontak.stock import indonesia
from lead_pipeline.sandbox.qontak.written import Record, amount, moment, slug

_FIXED, _CHANGING = 41, 42
INDUSTRIES = ((21, "Properti"), (22, "Perdagangan"), (23, "Pariwisata"), (None, None))
TYPES = ((31, "Pelanggan"), (32, "Mitra"), (None, None))
_SOURCES = ((15, "Walk In"), (16, "Referral"), (None, None))


def company(links: Links, number: int, revision: int) -> Record:
    """One company after so many changes."""
    created, updated = links.companies.created(number), links.companies.updated(number, revision)
    fixed = links.dice(_FIXED, number)
    changing = links.dice(_CHANGING, number, revision)
    name, in_utc = links.company_name(number), fixed.chance(30)
    creator_id, creator_name = fixed.pick(CREATORS)
    industry_id, industry_name = fixed.pick(INDUSTRIES)
    type_id, type_name = changing.pick(TYPES)
    source_id, source_name = fixed.pick(_SOURCES)
    place = fixed.pick(indonesia().places)
    return {
        "id": FIRST_COMPANY + number,
        "name": name,
        "slug": slug(name, number),
        "website": None if fixed.chance(40) else f"https://company{number}.example.com",
        "created_at": moment(created, in_utc=in_utc),
        "updated_at": moment(updated, in_utc=in_utc),
        "creator_id": creator_id,
        "creator_name": creator_name,
        "telephone": f"021-{5_000_000 + number % 1_000_000}",
        "address": place.street,
        "country": "Indonesia",
        "province": place.province,
        "city": place.city,
        "zipcode": place.postal_code,
        "industry_id": industry_id,
        "industry_name": industry_name,
        "crm_type_id": type_id,
        "crm_type_name": type_name,
        "number_of_employees": None if fixed.chance(20) else 5 * (1 + changing.below(200)),
        "crm_source_id": source_id,
        "crm_source_name": source_name,
        "annual_revenue": None if fixed.chance(30) else amount(100 * (1 + changing.below(90))),
        "business_reg_number": None,
        **_links(links, number, updated),
        "ancestry": None,
        "additional_fields": [field.filled(changing) for field in OF_COMPANIES],
    }


def _links(links: Links, number: int, at: int) -> Record:
    contacts = links.contacts_of(number, at)
    deals = [deal for contact in contacts for deal in links.deals_of(contact, at)]
    return {
        "crm_deal_ids": [FIRST_DEAL + deal for deal in deals],
        "crm_deal_name": [links.deal_name(deal) for deal in deals],
        "crm_person_ids": [FIRST_CONTACT + contact for contact in contacts],
        "crm_person_name": [links.known(contact).name for contact in contacts],
    }
