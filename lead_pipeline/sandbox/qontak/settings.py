"""What the imitated CRM can be told, and the credentials that it knows."""

from dataclasses import dataclass
from enum import StrEnum

QONTAK = "qontak"
CLIENT_ID = "sandbox-qontak-client-id"
CLIENT_SECRET = "sandbox-qontak-client-secret"  # noqa: S105  the sandbox's own
SSO_ID = "50c3d284-0000-4000-8000-9cdde2bdbc26"

_MOST_OBJECTS = 1_000_000


class SignedPath(StrEnum):
    """What the signed request line of an accepted request may look like."""

    WITH_QUERY = "with_query"
    WITHOUT_QUERY = "without_query"
    EITHER = "either"


class Order(StrEnum):
    """In which order lists come; the vendor documents none."""

    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"


class Filters(StrEnum):
    """What a filter of a list matches; the vendor names its filters and says no more.

    EXACT is the text as it was entered, capitals and blanks around it aside; LOOSE is any writing
    of a phone; IGNORED is a filter without effect, which answers everything.
    """

    EXACT = "exact"
    LOOSE = "loose"
    IGNORED = "ignored"


@dataclass(frozen=True)
class QontakSettings:
    """How the imitated CRM looks.

    `contacts`, `companies`, `deals` and `tasks` are how many there are at any moment, on average:
    as many come as go. `life_days` is how long an object stays on average, so `contacts /
    life_days` are created a day, as many vanish, and most change several times in between.

    `signed_path` is what this account lets be signed; `gateway_status` (401 or 403) refuses a wrong
    signature. `created_after_utc` reads the days of `created_after` as UTC days, not Jakarta's;
    `created_after_exclusive` leaves the named day out. `filters` says what other filters match.
    `most_per_page` caps `per_page` silently. `requests_per_minute` is the rate limit (None: none),
    in the machine's time.
    """

    contacts: int = 300
    companies: int = 60
    deals: int = 150
    tasks: int = 120
    life_days: int = 30
    signed_path: SignedPath = SignedPath.WITH_QUERY
    gateway_status: int = 401
    order: Order = Order.NEWEST_FIRST
    created_after_utc: bool = False
    created_after_exclusive: bool = False
    filters: Filters = Filters.EXACT
    most_per_page: int = 100
    requests_per_minute: int | None = None

    def __post_init__(self) -> None:
        for name in ("contacts", "companies", "deals", "tasks"):
            if not 1 <= getattr(self, name) <= _MOST_OBJECTS:
                raise ValueError(
                    f"{name} is {getattr(self, name)}; it must be 1 to {_MOST_OBJECTS}"
                )
        if not 1 <= self.life_days <= 3650:
            raise ValueError(f"life_days is {self.life_days}; it must be 1 to 3650")
        if self.gateway_status not in (401, 403):
            raise ValueError(f"gateway_status is {self.gateway_status}; it must be 401 or 403")
        if self.most_per_page < 1:
            raise ValueError(f"most_per_page is {self.most_per_page}; it must be at least 1")
        if self.requests_per_minute is not None and self.requests_per_minute < 1:
            raise ValueError("requests_per_minute must be at least 1, or None")


def qontak_environment(base_url: str) -> dict[str, str]:
    """The environment variables that point a reader of the CRM at `base_url`."""
    return {
        "QONTAK_BASE_URL": f"{base_url}/qontak",
        "QONTAK_CLIENT_ID": CLIENT_ID,
        "QONTAK_CLIENT_SECRET": CLIENT_SECRET,
        "QONTAK_SSO_ID": SSO_ID,
    }
