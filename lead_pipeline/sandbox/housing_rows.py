"""Housing.com's rows: an enquiry as its API shows it, with the vendor's irregularities."""

import orjson

from lead_pipeline.sandbox import wording
from lead_pipeline.sandbox.dice import Dice
from lead_pipeline.sandbox.people import Home, Person
from lead_pipeline.sandbox.population import Enquiry
from lead_pipeline.sandbox.settings import HOUSING_BROKER
from lead_pipeline.sandbox.stock import projects

Row = dict[str, str | int | None]

_FLATS = ("1 BHK", "2 BHK", "3 BHK", "4 BHK", "Studio")


def row(enquiry: Enquiry, person: Person) -> Row:
    """One lead as sent. Its natural key holds a phone or an e-mail, always."""
    dice = Dice(enquiry.bits)
    given = wording.contact(person, enquiry.step, dice, abroad=person.home is not Home.INDIA)
    project = dice.pick(projects())
    lead_date = enquiry.created // 1000
    lead: Row = {
        "lead_name": wording.full_name(person, dice),
        "lead_phone": given.phones[0] if given.phones else "",
        "lead_email": given.emails[0] if given.emails else dice.pick(("", "null", None)),
        "project_id": str(project.project_id) if dice.chance(20) else project.project_id,
        "project_name": project.name,
        dice.pick(("locality", "locality_name")): project.locality,
        "lead_date": str(lead_date) if dice.chance(50) else lead_date,
    }
    if dice.chance(60):
        lead["country_code"] = person.home.value
    if dice.chance(50):
        lead |= _wishes(project.city, dice)
    if enquiry.account == HOUSING_BROKER:
        lead |= _flat(dice)
    return lead


def written_row(enquiry: Enquiry, person: Person) -> bytes:
    """One lead as JSON."""
    return orjson.dumps(row(enquiry, person))


def _wishes(city: str, dice: Dice) -> Row:
    """The optional fields, any of which may be missing."""
    area, price = 100 * (4 + dice.below(20)), 500_000 * (4 + dice.below(60))
    wishes: Row = {
        "apartment_names": ",".join(dict.fromkeys((dice.pick(_FLATS), dice.pick(_FLATS)))),
        "service_type": dice.pick(("new-projects", "buy", "rent")),
        "category_type": dice.pick(("residential", "commercial")),
        "city_name": city,
        "min_area": area,
        "max_area": str(area + 400),
        "min_price": price,
        "max_price": price + 1_500_000,
        "property_field": dice.pick(("Apartment", "Villa", "Plot", None)),
    }
    missing = dice.pick(tuple(wishes))
    return {field: value for field, value in wishes.items() if field != missing}


def _flat(dice: Dice) -> Row:
    """What only the broker's leads carry."""
    flat_id = 90_000 + dice.below(400)
    return {
        "flat_id": str(flat_id) if dice.chance(30) else flat_id,
        "pg_name": dice.pick(("", None, "Sunrise PG", "Lotus PG")),
    }


def natural_key(lead: Row) -> str:
    """What identifies a lead, as the vendor's page describes it, its parts joined by a bar.

    project_id, flat_id, pg_name as text (absent: empty), lead_date in epoch seconds, the last ten
    ASCII digits of the phone or else the trimmed lower-case e-mail, the trimmed, case-folded name.
    """
    digits = "".join(sign for sign in str(lead["lead_phone"]) if sign in "0123456789")
    return "|".join(
        (
            _text(lead["project_id"]),
            _text(lead.get("flat_id")),
            _text(lead.get("pg_name")),
            _text(lead["lead_date"]),
            digits[-10:] or _text(lead["lead_email"]).strip().lower(),
            _text(lead["lead_name"]).strip().casefold(),
        )
    )


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)
