"""The one XML door: a streaming walk without DTDs, entities or network.

Names are local names; namespaces are not compared (vendors/aimbase/README.md says why).
"""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, cast

from lxml import etree

from lead_pipeline.vendors.contract import UnreadableDocument

Element = etree._Element


MOST_NAMES = 4096
"""How many names are remembered: a document may not fill the memory with names of its own."""
CHUNK_BYTES = 256 * 1024
"""So much is read at a time."""
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
        self._parents: list[Element] = []

    def __iter__(self) -> Iterator[Element]:
        # Whatever events are asked for are looked for at every element: the fewest cost the least.
        parser = etree.XMLPullParser(
            events=("start",),
            tag="{*}" + self._parent,
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
            yield from self._complete(parser)
            root = parser.close()
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(f"not well-formed XML at line {error.lineno}") from None
        yield from self._last(root)

    def _complete(self, parser: "etree.XMLPullParser") -> Iterator[Element]:
        """What is read to its end, while the document is being read."""
        while chunk := self._body.read(CHUNK_BYTES):
            parser.feed(chunk)
            for _, found in parser.read_events():
                element = cast("Element", found)
                if self._is_parent(element):
                    _refuse_doctype(element)
                    self._parents.append(element)
            for parent in self._parents[:-1]:
                yield from self._rest(parent)
            for parent in self._parents[-1:]:
                # Its last child may be read in part, and text may follow it.
                yield from self._taken(parent, max(len(parent) - 1, 0))
            del self._parents[:-1]

    def _rest(self, parent: Element) -> Iterator[Element]:
        """What a parent that is read to its end still has."""
        if (parent.text or "").strip():
            raise UnreadableDocument(f"{self._parent} holds text of its own")
        yield from self._taken(parent, len(parent))

    def _taken(self, parent: Element, count: int) -> Iterator[Element]:
        """The first children of a parent, which then has them no more."""
        for child in list(islice(parent, count)):
            if LOCAL_NAMES[child.tag] == self._name:
                yield child
            self._note(child, parent)
            parent.remove(child)

    def _last(self, root: Element) -> Iterator[Element]:
        """What is left in a document that is read to its end, whose frame is looked at too."""
        _refuse_doctype(root)
        if LOCAL_NAMES[root.tag] != self._root:
            raise UnreadableDocument(f"the root element is not {self._root}")
        if not self._parents:
            raise UnreadableDocument(f"there is no {self._parent} in {self._root}")
        for parent in self._parents:
            yield from self._rest(parent)
        names = {LOCAL_NAMES[child.tag] for child in root}
        self.strangers |= names - {self._parent}

    def _is_parent(self, element: Element) -> bool:
        above = element.getparent()
        return above is not None and above.getparent() is None

    def _note(self, element: Element, parent: Element) -> None:
        if (element.tail or "").strip():
            raise UnreadableDocument(f"{self._parent} holds text of its own")
        name = LOCAL_NAMES[element.tag]
        if name != self._name:
            self.strangers.add(f"{LOCAL_NAMES[parent.tag]}/{name}")


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
