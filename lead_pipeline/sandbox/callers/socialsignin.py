"""SocialSignIn's side of a CRM's search and iframe.

GET with `expires` and `sig`, the hexadecimal HMAC-SHA256 of the query before it as PHP's
http_build_query writes it. The live product adds parameters that it does not sign.
"""

import hmac
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote_plus

from lead_pipeline.sandbox.callers.caller import Answered, Caller

_LIFE_SECONDS = 60
_UNSIGNED = (
    ("message_social_network_type", "twitter"),
    ("message_social_network_id", "1590000000000000000"),
    ("message_author_social_network_id", "815000000"),
    ("message_sentiment", "0"),
    ("message_language_code", "en"),
    ("message_socialsignin_id", "5f1d7a2b9c"),
    ("message_socialsignin_url", "https://app.socialsignin.net/#/messages/5f1d7a2b9c"),
    ("message_author_socialsignin_id", "5e0c6b1a8d"),
)

Parameters = Sequence[tuple[str, str | bytes]]


def http_build_query(parameters: Parameters) -> str:
    """As PHP writes flat parameters: only letters, digits, `-`, `_` and `.` stay as they are."""
    return "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in parameters)


def signed_query(parameters: Parameters, secret: str) -> str:
    """The parameters in their order, then `sig`."""
    query = http_build_query(parameters)
    return f"{query}&sig={hmac.digest(secret.encode(), query.encode(), 'sha256').hex()}"


class SocialSignIn(Caller):
    """Asks one integration; every other request has the unsigned parameters, too."""

    def __init__(
        self,
        search: tuple[str, str],
        iframe: tuple[str, str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Of either endpoint its address and its secret; `clock` gives epoch seconds."""
        super().__init__(search[0])
        self._search, self._iframe = search, iframe
        self._clock = clock
        self._asked = 0

    def search(self, text: str) -> Answered:
        """The JSON of those whom a text matches."""
        return self._get(*self._search, ("q", text), "application/json")

    def iframe(self, given: str) -> Answered:
        """The page of somebody whom a search named."""
        return self._get(*self._iframe, ("id", given), "text/html")

    def _get(self, address: str, secret: str, asked: tuple[str, str], media_type: str) -> Answered:
        expires = str(int(self._clock()) + _LIFE_SECONDS)
        query = signed_query([asked, ("expires", expires)], secret)
        self._asked += 1
        if self._asked % 2 == 0:
            query = f"{query}&{http_build_query(_UNSIGNED)}"
        return self._ask("GET", f"{address}?{query}", {"Accept": media_type})


def _escaped(value: str | bytes) -> str:
    # Python leaves the tilde alone, as RFC 3986 has it; PHP's urlencode does not.
    return quote_plus(value).replace("~", "%7E")
