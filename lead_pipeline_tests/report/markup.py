"""The report as a reader of its HTML sees it: tables, links, and what is wrong with the markup."""

from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "line", "rect", "stop"}
Attributes = dict[str, str | None]


class Table(NamedTuple):
    """A table's columns and cells, as they are written."""

    columns: list[str]
    rows: list[list[str]]

    def dicts(self) -> list[dict[str, str]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Page(HTMLParser):
    """Elements, tables and SQL by the name of the question, text by section; faults of nesting."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.tables: dict[str, Table] = {}
        self.sections: dict[str, str] = {}
        self.questions: dict[str, str] = {}
        self.faults: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self._table: Table | None = None
        self._section = self._question = ""
        self.feed(text)
        self.close()
        self.faults += [f"{tag} is not closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if len(attributes) < len(attrs):
            self.faults.append(f"{tag} has an attribute twice")
        if tag not in VOID:
            self._open.append(tag)
        if tag == "section":
            self._section = attributes["id"] or ""
        if tag == "table":
            self._table = Table([], [])
            self._question = attributes["data-answer"] or ""
            self.tables[self._question] = self._table
            self.questions[self._question] = ""
        if tag == "tr" and "tbody" in self._open and self._table:
            self._table.rows.append([])
        if tag == "td" and self._table:
            self._table.rows[-1].append("")
        if tag == "th" and self._table:
            self._table.columns.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"{tag} is closed out of order")

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.text += data
        self.sections[self._section] = self.sections.get(self._section, "") + data
        if "pre" in self._open:
            self.questions[self._question] += data
        if self._table and "td" in self._open[-1:]:
            self._table.rows[-1][-1] += data
        if self._table and "th" in self._open[-1:]:
            self._table.columns[-1] += data
