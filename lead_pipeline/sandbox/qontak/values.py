"""How each kind of field is read out of a document that a client sends, and what is refused (422).

The contract gives the types of answers alone, so a field is taken in the type it is answered in;
amounts may be JSON numbers, too. null empties a field.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from lead_pipeline.sandbox.qontak.written import JAKARTA, Record
from lead_pipeline.sandbox.refusal import Refusal

Options = tuple[tuple[int | None, str | None], ...]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9(][0-9 ().-]{3,30}")


class Names(Protocol):
    """Knows what is there."""

    def name_of(self, stream: str, given: object) -> str | None:
        """The name of the object with an id; None if there is none."""


Reader = Callable[[str, Any, Names], Record]
"""A field's name, what was sent and what is there, to what the object then says."""


def text(name: str, sent: Any, _: Names) -> Record:  # noqa: ANN401  whatever came
    """Any text."""
    return {name: _text(name, sent)}


def email(name: str, sent: Any, _: Names) -> Record:  # noqa: ANN401  whatever came
    """Text with an @."""
    return {name: _shaped(name, _text(name, sent), _EMAIL, "is no e-mail address")}


def telephone(name: str, sent: Any, _: Names) -> Record:  # noqa: ANN401  whatever came
    """Text with digits, kept as it came."""
    return {name: _shaped(name, _text(name, sent), _PHONE, "is no telephone number")}


def day(name: str, sent: Any, _: Names) -> Record:  # noqa: ANN401  whatever came
    """`2026-11-20`."""
    written = _text(name, sent)
    if written:
        _calendar_day(name, written)
    return {name: written or None}


def moment(name: str, sent: Any, _: Names) -> Record:  # noqa: ANN401  whatever came
    """ISO 8601 with its offset; answered in Jakarta's time."""
    written = _text(name, sent)
    if not written:
        return {name: None}
    try:
        aware = datetime.fromisoformat(written)
    except ValueError:
        raise Refusal(422, name, "is no time of ISO 8601") from None
    if aware.tzinfo is None:
        raise Refusal(422, name, "has no offset from UTC")
    return {name: aware.astimezone(JAKARTA).isoformat(timespec="milliseconds")}


def amount(name: str, sent: Any, _: Names) -> Record:  # noqa: ANN401  whatever came
    """A number, or text that is one; answered as text with a decimal."""
    if sent is None or sent == "":
        return {name: None}
    written = f"{Decimal(number_text(name, sent)):f}"
    return {name: written if "." in written else f"{written}.0"}


def whole(name: str, sent: Any, _: Names) -> Record:  # noqa: ANN401  whatever came
    """A whole number."""
    if sent is not None and type(sent) is not int:
        raise Refusal(422, name, "must be a whole number")
    return {name: sent}


def one_of(options: Options, names: str | None) -> Reader:
    """An id out of a list; `names` is the field with its name."""

    def read(name: str, sent: Any, _: Names) -> Record:  # noqa: ANN401  whatever came
        known = {one: label for one, label in options if one is not None}
        if sent is not None and (type(sent) is not int or sent not in known):
            raise Refusal(422, name, f"{_shown(sent)} is unknown")
        label = None if sent is None else known[sent]
        return {name: sent} | ({} if names is None else {names: label})

    return read


def linked(stream: str, names: str) -> Reader:
    """The id of one object."""

    def read(name: str, sent: Any, there: Names) -> Record:  # noqa: ANN401  whatever came
        return {name: sent, names: None if sent is None else _named(there, stream, name, sent)}

    return read


def all_linked(stream: str, names: str, most: int | None = None) -> Reader:
    """A list of ids; one alone may come without its list."""

    def read(name: str, sent: Any, there: Names) -> Record:  # noqa: ANN401  whatever came
        ids = [] if sent is None else sent if isinstance(sent, list) else [sent]
        if len(set(map(str, ids))) != len(ids) or (most is not None and len(ids) > most):
            raise Refusal(422, name, "holds too many ids, or one twice")
        return {name: ids, names: [_named(there, stream, name, one) for one in ids]}

    return read


def number_text(name: str, sent: Any) -> str:  # noqa: ANN401  whatever came
    """A number as it was written. Raises Refusal."""
    try:
        number = Decimal(str(sent)) if type(sent) in (int, float, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number < 0:
        raise Refusal(422, name, "must be a number")
    return str(sent).strip()


def day_text(name: str, sent: Any) -> str:  # noqa: ANN401  whatever came
    """A day as it was written. Raises Refusal."""
    written = _text(name, sent)
    _calendar_day(name, written or "")
    return written or ""


def _calendar_day(name: str, written: str) -> None:
    try:
        if date.fromisoformat(written).isoformat() == written:
            return
    except ValueError:
        pass
    raise Refusal(422, name, "must be a day, written yyyy-mm-dd")


def _text(name: str, sent: Any) -> str | None:  # noqa: ANN401  whatever came
    if sent is not None and not isinstance(sent, str):
        raise Refusal(422, name, "must be text")
    return sent


def _shaped(name: str, written: str | None, shape: re.Pattern[str], otherwise: str) -> str | None:
    if written and not shape.fullmatch(written):
        raise Refusal(422, name, otherwise)
    return written


def _named(there: Names, stream: str, name: str, given: object) -> str:
    found = there.name_of(stream, given)
    if found is None:
        raise Refusal(422, name, f"{_shown(given)} is unknown")
    return found


def _shown(given: object) -> str:
    return str(given)[:40]
