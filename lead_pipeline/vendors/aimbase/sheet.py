"""One SalesLead, taken apart along the form of all known elements."""

from datetime import UTC, datetime

from lead_pipeline.vendors.aimbase.form import FORM, GROUP, KEPT, KNOWN_IN_GROUPS, Box
from lead_pipeline.vendors.xml import LOCAL_NAMES, Element, marks_of

_NEXT = {"address_line1_raw": "address_line2_raw", "phone_raw": "phone_2_raw"}
_MANY = frozenset(["AddressLine", "Telephone", "EmailAddress"])
_DESCRIBED = frozenset(["Telephone", "EmailAddress"])
_CONSENTS = {"1": True, "0": False}


class BadFieldError(Exception):
    """A field without which the lead has no identity or no time."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name)
        self.name, self.reason = name, reason


class Sheet:
    """What one SalesLead says.

    `texts` holds the fields of a lead, trimmed; `attributes` all else (a list where a path comes
    more than once); `groups` the vehicles; `news` the paths that nobody knows.
    """

    __slots__ = ("attributes", "groups", "news", "texts")

    def __init__(self, element: Element) -> None:
        self.texts: dict[str, str] = {}
        self.attributes: dict[str, object] = {}
        self.groups: dict[str, list[dict[str, object]]] = {}
        self.news: list[str] = []
        self._fill(element, FORM)
        self._settle_vehicles()

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

    def _fill(self, element: Element, box: Box) -> None:
        texts, meanings = self.texts, box.children
        if element.keys():
            self._keep_marks(box.path, marks_of(element))
        for child in element:
            name = LOCAL_NAMES[child.tag]
            meaning = meanings.get(name)
            if meaning is None:
                self._stranger(child, f"{box.path}/{name}")
            elif isinstance(meaning, Box):
                self._fill(child, meaning)
            elif meaning is GROUP:
                self._group(child, name, box)
            else:
                if child.keys() or len(child):
                    self._more_than_text(child, name, box)
                text = child.text
                if text and (text := text.strip()):
                    if meaning is KEPT or meaning in texts:
                        self._further(text, meaning, name, box)
                    else:
                        texts[meaning] = text

    def _further(self, text: str, meaning: str, name: str, box: Box) -> None:
        """The text of a kept element, or of one that has come before."""
        after = _NEXT.get(meaning)
        if after is not None and after not in self.texts:
            self.texts[after] = text
        elif name in _MANY or (meaning is KEPT and name not in self.attributes):
            _add(self.attributes, name, text)
        else:
            path = f"{box.path}/{name}:repeated"
            _add(self.attributes, path, text)
            self.news.append(path)

    def _more_than_text(self, element: Element, name: str, box: Box) -> None:
        """The XML attributes and children of an element that is known to hold text."""
        path = f"{box.path}/{name}"
        marks = marks_of(element)
        if name in _DESCRIBED and "desc" in marks:
            _add(self.attributes, f"{name}/@desc", marks.pop("desc"))
        self._keep_marks(path, marks)
        for child in element:
            self._stranger(child, f"{path}/{LOCAL_NAMES[child.tag]}")

    def _keep_marks(self, path: str, marks: dict[str, str]) -> None:
        for mark, value in marks.items():
            place = f"{path}/@{mark}"
            _add(self.attributes, place, value)
            self.news.append(place)

    def _stranger(self, element: Element, path: str) -> None:
        self.news.append(path)
        _flatten(element, path, self.attributes)

    def _group(self, element: Element, name: str, box: Box) -> None:
        known = KNOWN_IN_GROUPS[name]
        group: dict[str, object] = {}
        self.groups.setdefault(name, []).append(group)
        if element.keys():
            self._keep_marks(f"{box.path}/{name}", marks_of(element))
        for child in element:
            part = LOCAL_NAMES[child.tag]
            if part not in known or child.keys() or len(child):
                self.news.append(f"{box.path}/{name}/{part}")
            _flatten(child, part, group)

    def _settle_vehicles(self) -> None:
        """The first sales vehicle is the interest; its other parts go under their own names."""
        for name, groups in self.groups.items():
            if name == "SalesVehicle":
                self._settle_first_vehicle(groups.pop(0))
            if groups:
                self.attributes[name] = groups

    def _settle_first_vehicle(self, vehicle: dict[str, object]) -> None:
        model = vehicle.get("ModelDescription")
        if isinstance(model, str):
            self.texts["interest_name"] = model
            del vehicle["ModelDescription"]
        known = KNOWN_IN_GROUPS["SalesVehicle"]
        for part, value in vehicle.items():
            name = part if part in known else f"Detail/SalesVehicle/{part}"
            self.attributes[name] = value


def _flatten(element: Element, path: str, into: dict[str, object]) -> None:
    """Keep the text of an element and of all below it, by path; an empty one as an empty text."""
    text = (element.text or "").strip()
    if text or not len(element):
        _add(into, path, text)
    for mark, value in marks_of(element).items():
        _add(into, f"{path}/@{mark}", value)
    for child in element:
        _flatten(child, f"{path}/{LOCAL_NAMES[child.tag]}", into)


def _add(into: dict[str, object], name: str, value: str) -> None:
    present = into.get(name)
    if present is None:
        into[name] = value
    elif isinstance(present, list):
        present.append(value)
    else:
        into[name] = [present, value]
