"""Indonesian names, companies and places (Faker), loaded when the first one is needed."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Place:
    """Where a company is."""

    street: str
    city: str
    province: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class Indonesia:
    """What names are made of."""

    given_names: tuple[str, ...]
    family_names: tuple[str, ...]
    companies: tuple[str, ...]
    jobs: tuple[str, ...]
    places: tuple[Place, ...]


@cache
def indonesia() -> Indonesia:
    """The whole stock."""
    from faker import Faker  # noqa: PLC0415  loaded late: it takes half a second

    stock = Faker("id_ID")
    stock.seed_instance(1)
    return Indonesia(
        tuple(stock.first_name() for _ in range(300)),
        tuple(stock.last_name() for _ in range(300)),
        tuple(stock.company() for _ in range(200)),
        tuple(stock.job() for _ in range(100)),
        tuple(
            Place(stock.street_address(), stock.city_name(), stock.state(), stock.postcode())
            for _ in range(100)
        ),
    )
