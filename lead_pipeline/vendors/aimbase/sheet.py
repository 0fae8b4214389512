"""What one SalesLead says, before it is a lead."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

_CONSENTS = {"1": True, "0": False}


class BadFieldError(Exception):
    """A field without which the lead has no identity or no time."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name)
        self.name, self.reason = name, reason


@dataclass(slots=True)
class Sheet:
    """`texts` holds the fields of a lead and `key`, `created`, `consent`, all trimmed.

    `attributes` holds all else (a list where a path comes more than once), `news` the paths of
    elements and XML attributes that nobody knows.
    """

    texts: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, object] = field(default_factory=dict)
    news: list[str] = field(default_factory=list)

    def key(self) -> str:
        """DocumentId. Raises BadFieldError."""
        key = self.texts.pop("key", None)
        if key is None:
            raise BadFieldError("DocumentId", "is missing")
        return key

    def created_at(self) -> datetime:
        """DocumentDateTime in UTC. Raises BadFieldError."""
        text = self.texts.pop("created", None)
        if text is None:
            raise BadFieldError("DocumentDateTime", "is missing")
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise BadFieldError("DocumentDateTime", "is not an ISO 8601 time") from None
        if moment.tzinfo is None:
            raise BadFieldError("DocumentDateTime", "has no offset from UTC")
        if not 1970 < moment.year < 2200:
            raise BadFieldError("DocumentDateTime", "is no date between 1970 and 2200")
        return moment.astimezone(UTC)

    def consent(self) -> bool | None:
        """MarketingMailInd; a value other than 1 and 0 is kept, and reported."""
        text = self.texts.pop("consent", None)
        if text is None:
            return None
        consent = _CONSENTS.get(text)
        if consent is None:
            self.attributes["MarketingMailInd"] = text
            self.news.append("Header/IndividualProspect/MarketingMailInd:neither 1 nor 0")
        return consent

    def keep(self, name: str, value: str) -> None:
        """Add an attribute; further values of one name make a list."""
        append(self.attributes, name, value)


def append(into: dict[str, object], name: str, value: str) -> None:
    """Set a value, or make a list of it and those before it."""
    present = into.get(name)
    if present is None:
        into[name] = value
    elif isinstance(present, list):
        present.append(value)
    else:
        into[name] = [present, value]
