"""Reading any SalesLead along the form: slower than `plain.py`, and ready for the unexpected.

What stands in a place of its own is used; all else is kept under its path and reported.
"""

from lead_pipeline.vendors.aimbase.form import FORM, GROUP, KEPT, KNOWN_IN_GROUPS, MANY, NEXT, Box
from lead_pipeline.vendors.aimbase.sheet import Sheet, append
from lead_pipeline.vendors.xml import LOCAL_NAMES, Element, marks_of


def read_thoroughly(element: Element) -> Sheet:
    """Everything that a SalesLead says."""
    reader = _Reader()
    reader.fill(element, FORM)
    reader.settle_groups()
    return reader.sheet


class _Reader:
    """Fills one sheet; `groups` holds the vehicles until all have been seen."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.groups: dict[str, list[dict[str, object]]] = {}

    def fill(self, element: Element, box: Box) -> None:
        """Take in a known element and all below it."""
        self._keep_marks(box.path, marks_of(element))
        self._keep_loose(box.path, element)
        for child in element:
            name = LOCAL_NAMES[child.tag]
            meaning = box.children.get(name)
            if meaning is None:
                self._stranger(child, f"{box.path}/{name}")
            elif isinstance(meaning, Box):
                self.fill(child, meaning)
            elif meaning is GROUP:
                self._group(child, name, box)
            else:
                self._text(child, meaning, name, box)

    def settle_groups(self) -> None:
        """The first sales vehicle is the interest; its other parts go under their own names."""
        for name, groups in self.groups.items():
            if name == "SalesVehicle":
                self._settle_first_vehicle(groups.pop(0))
            if any(groups):
                self.sheet.attributes[name] = [group for group in groups if group]

    def _settle_first_vehicle(self, vehicle: dict[str, object]) -> None:
        for part, value in vehicle.items():
            if part == "ModelDescription" and isinstance(value, str):
                self.sheet.texts["interest_name"] = value
            else:
                known = part in KNOWN_IN_GROUPS["SalesVehicle"]
                name = part if known else f"Detail/SalesVehicle/{part}"
                self.sheet.attributes[name] = value

    def _text(self, element: Element, meaning: str, name: str, box: Box) -> None:
        path = f"{box.path}/{name}"
        marks = marks_of(element)
        if name in MANY and "desc" in marks:
            self.sheet.keep(f"{name}/@desc", marks.pop("desc"))
        self._keep_marks(path, marks)
        for child in element:
            self._stranger(child, f"{path}/{LOCAL_NAMES[child.tag]}")
        text = " ".join(_own_texts(element))
        if text:
            self._place(text, meaning, name, path)

    def _place(self, text: str, meaning: str, name: str, path: str) -> None:
        """Where a text goes: its field, the next of its kind, or the attributes."""
        texts, attributes = self.sheet.texts, self.sheet.attributes
        field = NEXT.get(meaning, meaning) if meaning in texts else meaning
        if meaning is not KEPT and field not in texts:
            texts[field] = text
        elif name in MANY or (meaning is KEPT and name not in attributes):
            self.sheet.keep(name, text)
        else:
            self.sheet.keep(f"{path}:repeated", text)
            self.sheet.news.append(f"{path}:repeated")

    def _keep_marks(self, path: str, marks: dict[str, str]) -> None:
        for mark, value in marks.items():
            self.sheet.keep(f"{path}/@{mark}", value)
            self.sheet.news.append(f"{path}/@{mark}")

    def _keep_loose(self, path: str, element: Element) -> None:
        """Text beside the children of an element that has only children."""
        for text in _own_texts(element):
            self.sheet.keep(f"{path}/text()", text)
            self.sheet.news.append(f"{path}/text()")

    def _stranger(self, element: Element, path: str) -> None:
        self.sheet.news.append(path)
        _flatten(element, path, self.sheet.attributes)

    def _group(self, element: Element, name: str, box: Box) -> None:
        path = f"{box.path}/{name}"
        group: dict[str, object] = {}
        self.groups.setdefault(name, []).append(group)
        self._keep_marks(path, marks_of(element))
        self._keep_loose(path, element)
        for child in element:
            part = LOCAL_NAMES[child.tag]
            plain = not (len(child) or child.keys())
            if part not in KNOWN_IN_GROUPS[name] or not plain:
                self.sheet.news.append(f"{path}/{part}")
                _flatten(child, part, group)
            elif text := (child.text or "").strip():
                append(group, part, text)


def _own_texts(element: Element) -> list[str]:
    """The text of an element before, between and after its children, trimmed; no blank one."""
    texts = (element.text, *(child.tail for child in element))
    return [trimmed for text in texts if text and (trimmed := text.strip())]


def _flatten(element: Element, path: str, into: dict[str, object]) -> None:
    """Keep the text of an element and of all below it, by path; an empty one as an empty text."""
    for text in _own_texts(element) or ([""] if not len(element) else []):
        append(into, path, text)
    for mark, value in marks_of(element).items():
        append(into, f"{path}/@{mark}", value)
    for child in element:
        _flatten(child, f"{path}/{LOCAL_NAMES[child.tag]}", into)
