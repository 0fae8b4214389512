"""What became of something that was sent."""

from typing import NamedTuple


class Acted(NamedTuple):
    """It was done; the id of the object."""

    identifier: str


class Refused(NamedTuple):
    """The vendor said no to what was sent: again the same would change nothing.

    `fields` names those of the fields sent that its reason speaks of.
    """

    status: int
    fields: tuple[str, ...]


class Unknown(NamedTuple):
    """It may have been done, or may be yet: look before it is sent again."""

    why: str


class Unavailable(NamedTuple):
    """The vendor could not be reached: surely nothing was done."""

    why: str


class RateLimited(NamedTuple):
    """The vendor asked to come again in so many seconds: nothing was done."""

    seconds: float

    @property
    def why(self) -> str:
        """As the others say it."""
        return "it asked to come again later"


Outcome = Acted | Refused | Unknown | Unavailable | RateLimited
