"""The one XML door: a streaming walk without DTDs, entities or network.

Names are local names; namespaces are not compared (vendors/aimbase/README.md says why).
"""

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from lead_pipeline.vendors.contract import UnreadableDocument

Element = etree._Element


MOST_NAMES = 4096
"""How many names are remembered: a document may not fill the memory with names of its own."""
MOST_MARKS = 1000
"""How many XML attributes an element may have: to read them costs the square of their number."""


class _LocalNames(dict[str, str]):
    """Tag → local name, remembered: taking every tag apart would cost more than the walk."""

    def __missing__(self, tag: str) -> str:
        name = tag.rpartition("}")[2]
        if len(self) < MOST_NAMES:
            self[tag] = name
        return name


LOCAL_NAMES = _LocalNames()


class Walk:
    """Every `{root}/{parent}/{name}` element of a document, one at a time, forgotten after use.

    An element is valid until the next is asked for. `strangers` then holds the paths of what else
    stood beside them: read it after the walk. Raises UnreadableDocument where the document is
    cut off, is not well formed, declares a DOCTYPE, has another root or no parent element,
    possibly after having yielded.
    """

    def __init__(self, body: BinaryIO, *, root: str, parent: str, name: str) -> None:
        self._body = body
        self._root, self._parent, self._name = root, parent, name
        self.strangers: set[str] = set()

    def __iter__(self) -> Iterator[Element]:
        events = etree.iterparse(
            self._body,
            events=("end",),
            tag="{*}" + self._name,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            recover=False,
            remove_blank_text=True,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            yield from self._placed(events)
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(f"not well-formed XML at line {error.lineno}") from None
        self._check_frame(events.root)

    def _placed(self, events: "etree.iterparse[tuple[str, Element]]") -> Iterator[Element]:
        place = None
        for _, element in events:
            parent = element.getparent()
            if parent is not place:
                if parent is None or not self._is_parent(parent):
                    continue
                _refuse_doctype(element)
                place = parent
            previous = element.getprevious()
            while previous is not None:
                self._note(previous, parent)
                parent.remove(previous)
                previous = element.getprevious()
            yield element
            element.clear(keep_tail=True)

    def _is_parent(self, element: Element) -> bool:
        above = element.getparent()
        return (
            above is not None
            and above.getparent() is None
            and LOCAL_NAMES[element.tag] == self._parent
        )

    def _note(self, element: Element, parent: Element) -> None:
        if (element.tail or "").strip():
            raise UnreadableDocument(f"{self._parent} holds text of its own")
        name = LOCAL_NAMES[element.tag]
        if name != self._name:
            self.strangers.add(f"{LOCAL_NAMES[parent.tag]}/{name}")

    def _check_frame(self, root: Element | None) -> None:
        if root is None:
            raise UnreadableDocument("the document is empty")
        _refuse_doctype(root)
        if LOCAL_NAMES[root.tag] != self._root:
            raise UnreadableDocument(f"the root element is not {self._root}")
        parents = [child for child in root if LOCAL_NAMES[child.tag] == self._parent]
        if not parents:
            raise UnreadableDocument(f"there is no {self._parent} in {self._root}")
        for child in root:
            if LOCAL_NAMES[child.tag] != self._parent:
                self.strangers.add(LOCAL_NAMES[child.tag])
        for parent in parents:
            if (parent.text or "").strip():
                raise UnreadableDocument(f"{self._parent} holds text of its own")
            for child in parent:
                self._note(child, parent)


def source(element: Element) -> bytes:
    """An element's own bytes, for the quarantine."""
    return etree.tostring(element, with_tail=False)


def marks_of(element: Element) -> dict[str, str]:
    """An element's XML attributes by local name; a second of that name by its whole name.

    Raises UnreadableDocument for too many.
    """
    if len(element.attrib) > MOST_MARKS:
        raise UnreadableDocument(f"an element has more than {MOST_MARKS:,} XML attributes")
    marks: dict[str, str] = {}
    for name, value in element.items():
        local = LOCAL_NAMES[str(name)]
        marks[str(name) if local in marks else local] = str(value)
    return marks


def _refuse_doctype(element: Element) -> None:
    dtd: object = element.getroottree().docinfo.internalDTD
    if dtd is not None:
        raise UnreadableDocument("the document declares a DOCTYPE, which is refused")
