"""What an answer's status means: the one table from statuses to errors, and their wording.

No message quotes a body: an error body may hold personal data.
"""

from dataclasses import dataclass

from lead_pipeline.errors import (
    UnreadableDelivery,
    VendorError,
    VendorRefused,
    VendorUnavailable,
    run_command,
    scan_command,
)
from lead_pipeline.records import Subject

CLOCK_TOLERANCE_SECONDS = 60
TOO_MANY_REQUESTS = 429

_KEPT = "Nothing of this answer was kept; what had landed before stays valid."
_MEANINGS = {
    400: "it found the request malformed or incomplete",
    403: "the account may not read this",
    404: "it knows no such address or account id",
    422: "it found a parameter missing or malformed",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, for the words of an error.

    `credentials` names the environment variables to check, never their values. `scans` says that a
    whole list is being read. `fields` are those that were sent, to be found again in a refusal.
    """

    subject: Subject
    credentials: tuple[str, ...] = ()
    scans: bool = False
    fields: tuple[str, ...] = ()

    @property
    def doctor(self) -> str:
        """The command that checks the account's settings."""
        return f"lead-pipeline doctor --account {self.subject.account}"

    @property
    def again(self) -> str:
        """The command that asks for the same once more."""
        if self.scans:
            return scan_command(self.subject.account)
        if self.subject.window is None:
            return self.doctor
        return run_command(self.subject.account, self.subject.window)


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer's head: what judging it needs. `clock_offset` is vendor minus us, in seconds."""

    status: int
    content_type: str
    url: str
    clock_offset: float | None
    mentions: tuple[str, ...] = ()


def worth_another_try(status: int) -> bool:
    """Whether the vendor may answer differently by itself."""
    return status == TOO_MANY_REQUESTS or status >= 500


def refusal(heard: Heard, asking: Asking) -> VendorError | None:
    """The error that an answer is at once; None where it is usable or worth another try."""
    status = heard.status
    if worth_another_try(status):
        return None
    if 200 <= status < 300:
        return _web_page(heard, asking) if _is_html(heard.content_type) else None
    if status == 401:
        return _unauthorized(heard, asking)
    if 300 <= status < 400:
        meaning = "it redirects, so base_url is wrong"
    else:
        meaning = _MEANINGS.get(status, "asking again would change nothing")
    if heard.mentions:
        meaning += f"; its reason speaks of {', '.join(heard.mentions)}"
    return VendorRefused(
        f"{heard.url} answered {status}: {meaning}",
        state=_KEPT,
        next_step=f"{asking.doctor}, after checking base_url and the account's settings",
        subject=asking.subject,
        status=status,
        fields=heard.mentions,
    )


def refused_by_content(what: str, status: int, asking: Asking) -> VendorRefused:
    """The error for a 2xx answer whose document is the vendor's way of saying no."""
    return VendorRefused(
        what,
        state="The answer is kept as it came; what had landed before stays valid.",
        next_step=f"{asking.doctor}, then look at the kept answer",
        subject=asking.subject,
        status=status,
    )


def unreadable(what: str, asking: Asking, *, kept: bool) -> UnreadableDelivery:
    """The error for a 2xx answer that cannot be read as a whole."""
    state = "The answer is kept as it came; what had landed before stays valid." if kept else _KEPT
    return UnreadableDelivery(
        what, state=state, next_step=f"{asking.doctor}, then {asking.again}", subject=asking.subject
    )


def unavailable(what: str, attempts: int, seconds: float, asking: Asking) -> VendorUnavailable:
    """The error for a vendor that gave no usable answer in all attempts."""
    tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    return VendorUnavailable(
        f"no usable answer in {tries} and {seconds:.0f} s; at last {what}",
        state=_KEPT,
        next_step=asking.again,
        subject=asking.subject,
    )


def _unauthorized(heard: Heard, asking: Asking) -> VendorRefused:
    return VendorRefused(
        f"{heard.url} answered 401: {_likely_cause(heard, asking)}",
        state=_KEPT,
        next_step=asking.doctor,
        subject=asking.subject,
        status=heard.status,
    )


def _likely_cause(heard: Heard, asking: Asking) -> str:
    offset = heard.clock_offset
    if offset is not None and abs(offset) > CLOCK_TOLERANCE_SECONDS:
        side = "behind" if offset > 0 else "ahead of"
        return f"this machine's clock is off, {abs(offset):.0f} seconds {side} the vendor's"
    names = f" (check {', '.join(asking.credentials)})" if asking.credentials else ""
    clocks = "the clocks agree, so " if offset is not None else ""
    said = f"; its reason speaks of {', '.join(heard.mentions)}" if heard.mentions else ""
    return f"{clocks}the key or the account id is the likely cause{names}{said}"


def _web_page(heard: Heard, asking: Asking) -> UnreadableDelivery:
    what = f"{heard.url} answered {heard.status} with a web page, so base_url is probably wrong"
    return unreadable(what, asking, kept=False)


def _is_html(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind in {"text/html", "application/xhtml+xml"}
