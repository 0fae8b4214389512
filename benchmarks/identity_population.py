"""A made-up population whose people are known, of any size, for checking who is the same person.

Run: .venv/bin/python -m benchmarks.identity_population OUT.parquet [leads] [seed]

Three countries and other scripts; households that share a phone, brokers that share one with
hundreds of clients, companies with one switchboard, placeholders, and names, phones and e-mails
written the way people write them. The columns are those that benchmarks/identity.py reads.
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

BATCH = 100_000
KINDS = (("own", 0.9), ("household", 0.05), ("broker", 0.03), ("company_phone", 0.02))
HOSTS = ("gmail.com", "gmail.com", "gmail.com", "yahoo.com", "hotmail.com", "outlook.com")
TITLES = {
    "housing": ("Mr", "Ms", "Shri", "Dr."),
    "aimbase": ("Mr.", "Dr"),
    "qontak": ("Pak", "Ibu"),
}
NOBODY = ("test test", "Guest", "Unknown", "NA", "Customer", "user")


class Country(NamedTuple):
    """Where a vendor's people live and what they are called."""

    vendor: str
    code: str
    size: int
    beginnings: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    cities: tuple[str, ...]


class Person(NamedTuple):
    """Somebody, with all that their leads are written from."""

    number: int
    kind: str
    country: Country
    given: str
    family: str
    phones: tuple[str, str]
    emails: tuple[str, str]
    city: str
    address: str
    postal_code: str
    company: str | None


def main(path: str, leads: int, seed: int) -> None:
    """Write the leads, oldest first within each batch."""
    rows = _leads(leads, seed)
    writer: pq.ParquetWriter | None = None
    while batch := [row for _, row in zip(range(BATCH), rows, strict=False)]:
        table = pa.Table.from_pylist(batch, SCHEMA)
        writer = writer or pq.ParquetWriter(path, SCHEMA)
        writer.write_table(table)
    if writer:
        writer.close()


SCHEMA = pa.schema(
    [
        ("lead_id", pa.int64()),
        ("vendor", pa.string()),
        ("received_at", pa.timestamp("us", "UTC")),
        *(
            (name, pa.string())
            for name in (
                *("name", "first_name", "last_name", "phone", "phone_country_code", "email"),
                *("city", "postal_code", "address", "company"),
            )
        ),
        ("truth_person_id", pa.int64()),
        ("truth_kind", pa.string()),
    ]
)


def _leads(count: int, seed: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(seed)
    made = 0
    for person in _people(dice):
        for _ in range(min(40, int(dice.paretovariate(1.35)))):
            if made == count:
                return
            yield {"lead_id": made, **_lead(person, dice, made)}
            made += 1


def _countries() -> tuple[Country, ...]:
    def names(locale: str, other: str, share: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Mostly of one locale, a few of another that writes another script."""
        found = []
        for what in ("first_names", "last_names"):
            main = sorted({*getattr(_provider(locale), what)})
            rest = sorted({*getattr(_provider(other), what)})
            found.append(tuple(main + rest[: int(len(main) * share)]))
        return found[0], found[1]

    cities = tuple(f"{name} {part}" for name in ("New", "Old", "West") for part in "ABCDEFGHIJKL")
    return (
        Country(
            "housing",
            "+91",
            10,
            ("98", "97", "99", "90", "88"),
            *names("en_IN", "hi_IN", 0.06),
            cities[:24],
        ),
        Country(
            "aimbase",
            "+1",
            10,
            ("212", "415", "305", "713"),
            *names("en_US", "zh_CN", 0.04),
            cities,
        ),
        Country(
            "qontak",
            "+62",
            11,
            ("812", "813", "857", "878"),
            *names("id_ID", "ru_RU", 0.02),
            cities[6:20],
        ),
    )


def _provider(locale: str) -> Any:  # noqa: ANN401
    provider = import_module(f"faker.providers.person.{locale}").Provider
    if not hasattr(provider, "first_names"):
        provider.first_names = (*provider.first_names_male, *provider.first_names_female)
    if not hasattr(provider, "last_names"):
        provider.last_names = provider.last_names_male
    return provider


def _people(dice: random.Random) -> Iterator[Person]:
    countries = _countries()
    number = 0
    while True:
        country = dice.choices(countries, (5, 2, 3))[0]
        kind = dice.choices([name for name, _ in KINDS], [share for _, share in KINDS])[0]
        size = {"own": 1, "household": dice.randint(2, 4), "broker": dice.randint(5, 300)}.get(
            kind, dice.randint(2, 12)
        )
        if kind in {"broker", "company_phone"} and dice.random() > 10 / size:
            continue
        shared, family = _phone(country, dice), _skewed(country.family, dice)
        company = (
            f"{_skewed(country.family, dice)} {number} Ltd" if kind == "company_phone" else None
        )
        for _ in range(size):
            given = _skewed(country.given, dice)
            last = family if kind == "household" else _skewed(country.family, dice)
            own = _phone(country, dice)
            yield Person(
                number,
                kind,
                country,
                given,
                last,
                (own if kind == "own" else shared, own),
                (_email(given, last, dice), _email(given, last, dice)),
                dice.choice(country.cities),
                f"{dice.randint(1, 9999)} {_skewed(country.family, dice)} Road",
                str(dice.randint(10000, 99999)),
                company,
            )
            number += 1


def _skewed(names: tuple[str, ...], dice: random.Random) -> str:
    """The first names of a list are common, the last rare."""
    return names[int(len(names) * dice.random() ** 1.7)]


def _phone(country: Country, dice: random.Random) -> str:
    begin = dice.choice(country.beginnings)
    return begin + "".join(dice.choices("0123456789", k=country.size - len(begin)))


def _email(given: str, family: str, dice: random.Random) -> str:
    plain = "".join(
        c for c in f"{given}.{family}".lower() if c.isascii() and (c.isalpha() or c == ".")
    )
    local = dice.choice(
        (plain, plain.replace(".", ""), plain.split(".")[0], plain[:1] + plain.split(".")[-1])
    )
    return f"{local or 'mail'}{dice.randint(1, 9999)}@{dice.choice(HOSTS)}"


def _lead(person: Person, dice: random.Random, number: int) -> dict[str, Any]:
    vendor = person.country.vendor
    given, family = _written(person, dice)
    whole = f"{given} {family}".strip() or None
    email = None if dice.random() < 0.17 else person.emails[dice.random() < 0.15]
    if email and dice.random() < 0.03:
        email = dice.choice((email.replace("@", "+x@"), email.upper(), f" {email}"))
    if dice.random() < 0.005:
        email = dice.choice(("customer@example.com", "info@agency.com", "test@test.com"))
    return {
        "vendor": vendor,
        "received_at": datetime(2024, 1, 1, tzinfo=UTC)
        + timedelta(seconds=60 * number + dice.randint(0, 10**7)),
        "name": None if vendor == "aimbase" else whole,
        "first_name": given or None if vendor == "aimbase" else None,
        "last_name": family or None if vendor == "aimbase" else None,
        "phone": _typed(person, dice),
        "phone_country_code": person.country.code if vendor == "housing" else None,
        "email": email,
        "city": person.city if dice.random() < 0.8 else None,
        "postal_code": person.postal_code if dice.random() < 0.16 else None,
        "address": person.address if dice.random() < 0.12 else None,
        "company": person.company if dice.random() < 0.6 else None,
        "truth_person_id": person.number,
        "truth_kind": person.kind,
    }


def _written(person: Person, dice: random.Random) -> tuple[str, str]:
    given, family = person.given, person.family
    ways: tuple[tuple[float, tuple[str, str]], ...] = (
        (0.025, ("", "")),
        (0.015, (dice.choice(NOBODY), "")),
        (0.08, (given, "")),
        (0.04, (given[:1] + dice.choice((".", "")), family)),
        (0.03, (family, given)),
        (0.03, (f"{family},", given)),
        (0.04, (given[: max(3, len(given) // 2)], family)),
        (0.04, (f"{dice.choice(TITLES[person.country.vendor])} {given}", family)),
        (0.05, (_slipped(given, dice), family)),
        (0.03, (given, _slipped(family, dice))),
        (0.155, (given.upper(), family.upper())),
        (0.155, (given.lower(), family.lower())),
        (0.31, (given, family)),
    )
    return dice.choices([way for _, way in ways], [share for share, _ in ways])[0]


def _slipped(word: str, dice: random.Random) -> str:
    place = dice.randrange(len(word))
    return dice.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + dice.choice("aeinrst") + word[place:],
            word[:place]
            + word[place + 1 : place + 2]
            + word[place : place + 1]
            + word[place + 2 :],
        )
    )


def _typed(person: Person, dice: random.Random) -> str | None:
    """A phone as it is typed; now and then none, a placeholder or one digit amiss."""
    draw = dice.random()
    if draw < 0.05:
        return None
    if draw < 0.06:
        return dice.choice(("9999999999", "1234567890", "0000000000"))
    phone = person.phones[dice.random() < 0.1]
    if draw < 0.065:
        place = dice.randrange(4, len(phone))
        phone = phone[:place] + dice.choice("0123456789") + phone[place + 1 :]
    code = person.country.code
    return dice.choice(
        (
            phone,
            f"{code}{phone}",
            f"{code} {phone[:5]} {phone[5:]}",
            f"{code}-{phone}",
            f"0{phone}" if code != "+1" else phone,
        )
    )


if __name__ == "__main__":
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    main(sys.argv[1], size, int(sys.argv[3]) if len(sys.argv) > 3 else 1)
