"""Reading a SalesLead that holds nothing unexpected: nearly all of them, so this is the hot path.

One flat walk in document order. Being in an element means having met it last, so a name is looked
up in the form of that element and of all around it. Whatever is not at once clear (an unknown
name or XML attribute, a second of what is single) is left to `thorough.py`, which
agrees on all that is plain.
"""

from collections.abc import Iterator, Mapping

from lead_pipeline.vendors.aimbase.form import FORM, GROUP, KEPT, KNOWN_IN_GROUPS, MANY, NEXT, Box
from lead_pipeline.vendors.aimbase.sheet import Sheet
from lead_pipeline.vendors.xml import LOCAL_NAMES, MOST_NAMES, Element

_VEHICLE = "SalesVehicle"
_DESCRIBED = {field: f"{name}/@desc" for name, field in MANY.items()}


class _Names(dict[str, "_Names | str | None"]):
    """What each name means inside one element: names to go on with, or where its text goes.

    A tag with its namespace is looked up by its local name and then remembered.
    """

    def __init__(self, group: str | None = None) -> None:
        super().__init__()
        self.group = group

    def __missing__(self, tag: str) -> "_Names | str | None":
        meaning = self.get(LOCAL_NAMES[tag])
        if meaning is not None and len(self) < MOST_NAMES:
            self[tag] = meaning
        return meaning


def _place_in_group(group: str, part: str) -> str:
    if group == _VEHICLE:
        return "interest_name" if part == "ModelDescription" else part
    return f"{group}/{part}"


def _names_in(box: Box, around: Mapping[str, "_Names | str | None"]) -> _Names:
    """The names in a box and around it; boxes beside each other can be reached from each other."""
    here = _Names()
    here.update(around)
    inner: dict[str, _Names] = {}
    for name, meaning in box.children.items():
        if isinstance(meaning, Box) or meaning is GROUP:
            here[name] = inner[name] = _Names(name if meaning is GROUP else None)
        else:
            here[name] = name if meaning is KEPT else meaning
    for name, names in inner.items():
        child = box.children[name]
        if isinstance(child, Box):
            names.update(_names_in(child, here))
        else:
            names.update(here)
            names.update((part, _place_in_group(name, part)) for part in KNOWN_IN_GROUPS[name])
    return here


def _kept_in(box: Box) -> Iterator[str]:
    for name, meaning in box.children.items():
        if meaning is KEPT:
            yield name
        elif isinstance(meaning, Box):
            yield from _kept_in(meaning)


_TOP = _Names()
_TOP["SalesLead"] = _names_in(FORM, {})
_ATTRIBUTES = (*_kept_in(FORM), *(KNOWN_IN_GROUPS[_VEHICLE] - {"ModelDescription"}))
_VEHICLE_PARTS = {_place_in_group(_VEHICLE, part): part for part in KNOWN_IN_GROUPS[_VEHICLE]}
_OWNED = {_place_in_group("OwnedVehicle", part): part for part in KNOWN_IN_GROUPS["OwnedVehicle"]}


def read_plainly(element: Element) -> Sheet | None:  # noqa: C901 - calls would double its cost
    """Everything that a SalesLead says, or None where it needs a closer look."""
    sheet = Sheet()
    texts, names = sheet.texts, _TOP
    groups: list[str] = []
    more_vehicles: list[dict[str, str]] = []
    for part in element.iter():
        meaning = names[part.tag]
        if (tail := part.tail) and tail.strip():
            return None
        if isinstance(meaning, str):
            marks = part.keys()
            if marks and not _describe(part, marks, meaning, sheet):
                return None
            text = part.text
            if text and (text := text.strip()):
                into, place = texts, meaning
                if more_vehicles and names.group == _VEHICLE and meaning in _VEHICLE_PARTS:
                    into, place = more_vehicles[-1], _VEHICLE_PARTS[meaning]
                elif meaning in texts:
                    place = NEXT.get(meaning, meaning)
                if place in into:
                    return None
                into[place] = text
        elif meaning is None or part.keys() or ((text := part.text) and text.strip()):
            return None
        else:
            names = meaning
            if meaning.group in groups:
                if meaning.group != _VEHICLE:
                    return None
                more_vehicles.append({})
            elif meaning.group:
                groups.append(meaning.group)
    _move_attributes(sheet)
    if any(more_vehicles):
        sheet.attributes[_VEHICLE] = [vehicle for vehicle in more_vehicles if vehicle]
    return sheet


def _describe(part: Element, marks: object, field: str, sheet: Sheet) -> bool:
    """Keep the one XML attribute that is known; false where there is another."""
    name = _DESCRIBED.get(field)
    if name is None or marks != ["desc"]:
        return False
    sheet.keep(name, str(part.get("desc")))
    return True


def _move_attributes(sheet: Sheet) -> None:
    """From the texts, what is no field of a lead."""
    texts, attributes = sheet.texts, sheet.attributes
    for name in _ATTRIBUTES:
        if name in texts:
            attributes[name] = texts.pop(name)
    owned = {part: texts.pop(place) for place, part in _OWNED.items() if place in texts}
    if owned:
        attributes["OwnedVehicle"] = [owned]
