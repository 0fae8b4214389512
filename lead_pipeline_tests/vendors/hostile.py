"""Documents that attack their reader, and how reading each of them has to end."""

import json
import re
from typing import NamedTuple

from lead_pipeline_tests.vendors.cases import (
    AIMBASE_CASE,
    HOUSING_CASE,
    Case,
    housing_row,
    person,
    process_sales_lead,
    sales_lead,
)


class Hostile(NamedTuple):
    """`ends` is `document refused`, `record refused` or `read`: what it says is then kept."""

    name: str
    case: Case
    content: bytes
    ends: str

    def __str__(self) -> str:
        return f"{self.case}-{self.name}"


DOCUMENT, RECORD, READ = "document refused", "record refused", "read"
ROW = json.dumps(housing_row(person(1)))
SALES_LEADS = process_sales_lead(sales_lead(person(1))).decode()
MANY = 100_000
INCLUDE = (
    'x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"'
)


def with_field(name: str, value: str) -> str:
    """A row with one more field, both written as JSON writes them."""
    return f"{ROW[:-1]}, {name}: {value}}}"


def _json(name: str, content: str | bytes, ends: str) -> Hostile:
    raw = content if isinstance(content, bytes) else content.encode()
    return Hostile(name, HOUSING_CASE, raw, ends)


def _row(name: str, row: str, ends: str) -> Hostile:
    return _json(name, f"[{row}]", ends)


def _xml(
    name: str, prolog: str = "", ends: str = DOCUMENT, encoding: str = "utf-8", **swapped: str
) -> Hostile:
    """`person` is what stands in the place of the name, `lead` of what ends the lead."""
    text = SALES_LEADS.replace("Person 1", swapped.get("person", "Person 1"))
    text = text.replace("<SalesLead>", swapped.get("lead", "<SalesLead>"))
    text = text.replace("</SalesLead>", f"{swapped.get('more', '')}</SalesLead>")
    return Hostile(name, AIMBASE_CASE, (prolog + text).encode(encoding), ends)


def _bytes(name: str, new: bytes) -> Hostile:
    return Hostile(name, AIMBASE_CASE, SALES_LEADS.encode().replace(b"Person 1", new), DOCUMENT)


def _dated(moment: str, ends: str) -> Hostile:
    text = re.sub("(<DocumentDateTime>).*?<", rf"\g<1>{moment}<", SALES_LEADS)
    return Hostile(f"date {moment}", AIMBASE_CASE, text.encode(), ends)


def _laughs() -> str:
    each = (f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE l [<!ENTITY l0 "lol">{"".join(each)}]>'


def _entity(declaration: str) -> str:
    return f"<!DOCTYPE p [<!ENTITY {declaration}>]>"


def _encoded(encoding: str, ends: str, doctype: str = "") -> Hostile:
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}'
    return _xml(f"{encoding} {doctype[:9]}".strip(), prolog, ends, encoding)


_JSON = (
    *(_json(f"depth {sign}", sign * MANY, DOCUMENT) for sign in ("[", '{"a":', '[{"a":')),
    *(_row(f"{n} deep", with_field('"x"', "[" * n + "]" * n), READ) for n in (253, 300, 500)),
    _row("1000 deep", with_field('"x"', "[" * 1000 + "]" * 1000), RECORD),
    _row("deep and nothing else", '{"x":' * 900 + "1" + "}" * 900, RECORD),
    *(
        _row(f"number {number[:24]}", with_field('"x"', number), DOCUMENT)
        for number in (
            *("1e400", "-1e400", "1.7976931348623157e309", "1" + "0" * 5000, "NaN", "-Infinity"),
            *("Infinity", "nan", "01", "0x1", "1.", ".1", "+1", "--1", "1e", "1_0", "\u0661"),
        )
    ),
    *(
        _row(f"number {number}", with_field('"x"', number), READ)
        for number in ("-0", "-0.0", "1e-400", "18446744073709551616", "-" + "9" * 40, "1E+2")
    ),
    *(
        _row(f"string {string}", with_field('"x"', string), DOCUMENT)
        for string in (
            *(r'"\ud800"', r'"\udc00"', r'"\ud800\ud800"', r'"\ud800x"', r'"\uD83D\u0041"'),
            *('"\x00"', '"\x1f"', '"\n"', r'"\x41"', r'"\u12"', r'"\a"', "'a'", '"a'),
        )
    ),
    _row("surrogate as a name", with_field(r'"\udfff"', "1"), DOCUMENT),
    _row("NUL as a name", with_field(r'"\u0000"', "1"), READ),
    _row("long name", with_field(json.dumps("k" * MANY), "1"), READ),
    _row("many names", ROW[:-1] + "".join(f',"k{n}":1' for n in range(MANY)) + "}", READ),
    _row("name given twice", with_field('"lead_name"', '"Other"'), RECORD),
    _row("name given twice, escaped", with_field(r'"lead_\u006eame"', '"Other"'), RECORD),
    _row("name given twice, spaced", with_field('"lead_name" ', '"Other"'), RECORD),
    _row("name given twice below", with_field('"x"', '[[{"a":1,"b":{},"a":1}]]'), RECORD),
    _json("two lists of rows", f'{{"data":[{ROW}],"data":[]}}', DOCUMENT),
    _row("text like a name", with_field('"x"', r'"{\"a\": [1]}"'), READ),
    _json("no UTF-8", f"[{ROW}]".encode().replace(b"Person 1", b"P\xc3\x28"), DOCUMENT),
    _json("overlong UTF-8", f"[{ROW}]".encode().replace(b"Person 1", b"P\xc0\xaf"), DOCUMENT),
    _json(
        "surrogates in UTF-8", f"[{ROW}]".encode().replace(b"Person 1", b"\xed\xa0\x80"), DOCUMENT
    ),
    *(_json(code, f"[{ROW}]".encode(code), DOCUMENT) for code in ("utf-16", "utf-16-le", "utf-32")),
    _json("byte order mark", f"[{ROW}]".encode("utf-8-sig"), READ),
    _json("two byte order marks", b"\xef\xbb\xbf" * 2 + f"[{ROW}]".encode(), DOCUMENT),
    *(_json(f"then {more!r}", f"[{ROW}]{more}", DOCUMENT) for more in ("x", "]", ",", "[]", "\0")),
    *(_json(text, text, DOCUMENT) for text in ("", " ", "[,]", "[1,]", '{"data":[],}', "[/**/]")),
)

_XML = (
    _xml("billion laughs", _laughs(), person="&l9;"),
    _xml("quadratic", _entity(f'a "{"a" * MANY}"'), person="&a;" * 1_000),
    _xml("entity in an attribute", _entity('a "x"'), lead='<SalesLead a="&a;">'),
    _xml("external file", _entity('x SYSTEM "file:///etc/passwd"'), person="&x;"),
    _xml("external address", _entity('x SYSTEM "http://127.0.0.1:9/x"'), person="&x;"),
    _xml("public entity", _entity('x PUBLIC "p" "file:///etc/passwd"'), person="&x;"),
    _xml("parameter entity", '<!DOCTYPE p [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'),
    _xml("external subset", '<!DOCTYPE p SYSTEM "http://127.0.0.1:9/x.dtd">'),
    _xml("attribute default", '<!DOCTYPE p [<!ATTLIST ProcessSalesLead z CDATA "x">]>'),
    _xml("after a comment", "<!-- c --><?p i?><!DOCTYPE p>"),
    *(_encoded(code, DOCUMENT, "<!DOCTYPE p>") for code in ("utf-16", "utf-16-le", "utf-16-be")),
    *(_encoded(code, DOCUMENT, "<!DOCTYPE p>") for code in ("utf-7", "iso-8859-1", "utf-32")),
    *(_encoded(code, READ) for code in ("utf-16", "utf-16-be", "iso-8859-1", "ascii", "utf-7")),
    _xml("no such encoding", '<?xml version="1.0" encoding="klingon"?>'),
    _xml("another encoding than told", '<?xml version="1.0" encoding="utf-16"?>'),
    _xml("two byte order marks", "\ufeff\ufeff"),
    _xml("byte order mark", "\ufeff", READ),
    _xml("undeclared entity", person="&nbsp;"),
    _xml(
        "inclusion",
        ends=READ,
        person=f"Person<{INCLUDE}/>",
    ),
    _xml("style sheet", '<?xml-stylesheet href="file:///etc/passwd"?>', READ),
    _xml(
        "schema",
        ends=READ,
        lead='<SalesLead xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="u http://127.0.0.1:9/">',
    ),
    _xml("depth", person="<a>" * MANY + "</a>" * MANY),
    _xml("some depth", ends=READ, person="<a>" * 200 + "x" + "</a>" * 200),
    _xml("long attribute", lead=f'<SalesLead z="{"a" * 11_000_000}">'),
    _xml("long text", person="a" * 11_000_000),
    _xml("long name", more=f"<{'n' * MANY}/>"),
    _xml("many attributes", lead="<SalesLead " + " ".join(f'a{n}="1"' for n in range(MANY)) + ">"),
    _xml("many names", ends=READ, more="".join(f"<n{n}>1</n{n}>" for n in range(20_000))),
    _xml("many alike", ends=READ, more="<n>1</n>" * 20_000),
    *(
        _xml(f"reference {sign}", person=f"P&#{sign};")
        for sign in ("0", "x0", "1", "xB", "xD800", "xDFFF", "xFFFE", "xFFFF", "x110000", "9" * 20)
    ),
    *(_xml(f"reference {sign}", ends=READ, person=f"P&#{sign};") for sign in ("x85", "x1F600")),
    *(
        _bytes(repr(new), new)
        for new in (
            b"a\x00b",
            b"a\x08b",
            b"\xc3\x28",
            b"\xc0\xaf",
            b"\xed\xa0\x80",
            b"\xff",
            b"]]>",
        )
    ),
    _xml("XML 1.1", '<?xml version="1.1"?>', person="P&#1;"),
    _xml("attribute twice", lead='<SalesLead a="1" a="2">'),
    _xml("unbound prefix", more="<q:x/>"),
    _xml("declaration later", ' <?xml version="1.0"?>'),
    *(_dated(moment, RECORD) for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00")),
    *(
        _dated(moment, RECORD)
        for moment in ("2026-11-18T25:00:00Z", "\uff12\uff10\uff12\uff16-11-18T06:00:01Z")
    ),
)

HOSTILE = (*_JSON, *_XML)
