"""Answers that no vendor made."""

from lead_pipeline.sandbox.faults.exchange import Answer, answer
from lead_pipeline.sandbox.faults.fault import Fault, FaultKind
from lead_pipeline.sandbox.faults.shapes import SHAPES

_PLAIN = "text/plain; charset=utf-8"
_REFUSED = {
    FaultKind.SERVER_ERROR: (500, b"An unknown error occurred."),
    FaultKind.UNAVAILABLE: (503, b"Down for maintenance."),
    FaultKind.TOO_MANY_REQUESTS: (429, b"Too many requests."),
    FaultKind.GATEWAY_TIMEOUT: (504, b"The upstream server is timing out."),
    FaultKind.GATEWAY_TIMEOUT_AFTER: (504, b"The upstream server is timing out."),
}
_WEB_PAGE = b"""\
<!DOCTYPE html>
<html lang="en">
<head><title>Sign in</title></head>
<body><h1>Please sign in</h1><p>Your session has ended.</p></body>
</html>
"""


def refused(fault: Fault) -> Answer:
    """The answer of a server in front of the vendor."""
    status, body = _REFUSED[fault.kind]
    wait = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    return answer(status, _PLAIN, body, wait)


def instead(fault: Fault, vendor: str) -> Answer | None:
    """The whole answer to a request that the vendor never sees; None if the vendor is to answer."""
    if fault.kind is FaultKind.GATEWAY_TIMEOUT_AFTER:
        return None
    if fault.kind in _REFUSED:
        return refused(fault)
    match fault.kind:
        case FaultKind.ERROR_OBJECT:
            return answer(200, SHAPES[vendor].media_type, SHAPES[vendor].error)
        case FaultKind.EXPIRED_KEY:
            return answer(401, SHAPES[vendor].expired_media_type, SHAPES[vendor].expired)
        case FaultKind.UNPROCESSABLE:
            return answer(422, SHAPES[vendor].media_type, SHAPES[vendor].unprocessable or b"")
        case FaultKind.WEB_PAGE:
            return answer(200, "text/html; charset=utf-8", _WEB_PAGE)
        case FaultKind.WEB_PAGE_MISLABELLED:
            return answer(200, SHAPES[vendor].media_type, _WEB_PAGE)
    return None
