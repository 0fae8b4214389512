"""The stock that people and offers are made from: names, streets, projects (Faker).

Faker takes half a second to load, so it is loaded when the first name is needed.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives."""

    street: str
    city: str
    region: str
    country: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class Country:
    """Names and addresses of one country."""

    given_names: tuple[str, ...]
    family_names: tuple[str, ...]
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A building project that leads are given on."""

    project_id: int
    name: str
    locality: str
    city: str


def _faker(locale: str) -> "Faker":
    from faker import Faker  # noqa: PLC0415  loaded late: it takes half a second

    stock = Faker(locale)
    stock.seed_instance(1)
    return stock


@cache
def india() -> Country:
    """Indian names in Latin script, with addresses."""
    stock = _faker("en_IN")
    return Country(
        tuple(stock.first_name() for _ in range(400)),
        tuple(stock.last_name() for _ in range(400)),
        tuple(
            Address(stock.street_address(), stock.city(), stock.state(), "IN", stock.postcode())
            for _ in range(150)
        ),
    )


@cache
def devanagari_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given and family names in Devanagari."""
    stock = _faker("hi_IN")
    return (
        tuple(stock.first_name() for _ in range(120)),
        tuple(stock.last_name() for _ in range(120)),
    )


@cache
def united_states() -> Country:
    """American names, with addresses."""
    stock = _faker("en_US")
    return Country(
        tuple(stock.first_name() for _ in range(400)),
        tuple(stock.last_name() for _ in range(400)),
        tuple(_american_address(stock) for _ in range(150)),
    )


def _american_address(stock: "Faker") -> Address:
    region = stock.state_abbr(include_territories=False, include_freely_associated_states=False)
    postal_code = stock.zipcode_in_state(region)
    return Address(stock.street_address(), stock.city(), region, "US", postal_code)


@cache
def projects() -> tuple[Project, ...]:
    """Forty projects on offer at Housing."""
    stock = _faker("en_IN")
    kinds = ("Heights", "Residency", "Greens", "Enclave", "Towers")
    return tuple(
        Project(
            1200 + number,
            f"{stock.last_name()} {kinds[number % len(kinds)]}",
            stock.street_name(),
            stock.city(),
        )
        for number in range(40)
    )
