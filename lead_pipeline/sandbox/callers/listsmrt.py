"""ListSMRT's side of its webhook.

POST of JSON, written once; `ListSMRT-Signature: t=SECONDS,v1=HEX`, the HMAC-SHA256 of the seconds,
a dot and the body as it goes over the wire.
"""

import hmac
import time
from collections.abc import Callable

from lead_pipeline.sandbox.callers.caller import Answered, Caller


def signature_header(body: bytes, secret: str, at: int) -> str:
    """The header that belongs to a body sent at this second."""
    signed = b"%d.%b" % (at, body)
    return f"t={at},v1={hmac.digest(secret.encode(), signed, 'sha256').hex()}"


class ListSmrt(Caller):
    """Sends to the webhook of one client; `clock` gives epoch seconds."""

    def __init__(self, address: str, secret: str, clock: Callable[[], float] = time.time) -> None:
        super().__init__(address)
        self._address = address
        self._secret = secret
        self._clock = clock

    def send(self, body: bytes) -> Answered:
        """One event, signed now."""
        headers = {
            "User-Agent": "ListSMRT",
            "Content-Type": "application/json",
            "ListSMRT-Signature": signature_header(body, self._secret, int(self._clock())),
        }
        return self._ask("POST", self._address, headers, body)
