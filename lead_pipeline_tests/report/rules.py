"""What must hold for every report page, whatever it is of."""

import re
from xml.etree import ElementTree

from lead_pipeline_tests.report.markup import Page

MOST_BYTES = 2_000_000
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


def broken_rules(text: str) -> list[str]:
    """Each rule that the page breaks."""
    page = Page(text)
    broken = list(page.faults)
    if len(text.encode()) > MOST_BYTES:
        broken.append(f"{len(text.encode())} bytes")
    ids = [found["id"] for _, found in page.elements if "id" in found]
    broken += [f"id {one} twice" for one in ids if ids.count(one) > 1]
    broken += [
        f"link to {found['href']}"
        for tag, found in page.elements
        if "href" in found and (found["href"] or "").lstrip("#") not in ids
    ]
    broken += [
        f"{tag} {name}"
        for tag, found in page.elements
        for name in found
        if name in {"style", "src", "srcset", "xlink:href", "action"} or name.startswith("on")
    ]
    forbidden = {"script", "link", "img", "iframe", "object", "embed", "form", "foreignobject"}
    broken += [tag for tag, _ in page.elements if tag in forbidden]
    elsewhere = re.findall(r"https?:|@import|url\((?!#hatch\))|//[a-z]", text)
    broken += [f"elsewhere: {found}" for found in elsewhere]
    broken += [
        f"{len(drawing)} bytes of SVG" for drawing in SVG.findall(text) if not _is_xml(drawing)
    ]
    return broken


def _is_xml(drawing: str) -> bool:
    try:
        ElementTree.fromstring(drawing)
    except ElementTree.ParseError:
        return False
    return True
