"""The macros and reference tables that normalising needs, made in a connection."""

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import pandas as pd
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from lead_pipeline.normalise.phone_plans import plan_macros
from lead_pipeline.warehouse.session import Session


def install(session: Session) -> None:
    """Make, or make anew, every macro and reference table as temporary objects of the session."""
    session.run(_macros() + plan_macros())
    _install_table(session, "country_spellings", _COUNTRY_SPELLINGS, _country_spellings())
    _install_table(session, "region_spellings", _REGION_SPELLINGS, _region_spellings())
    _install_table(session, "phone_regions", _PHONE_REGIONS, _phone_regions())


def statement(name: str, **tables: str) -> str:
    """The text of `name`.sql, with each `:table` replaced by its name, quoted."""
    sql = _text(f"{name}.sql")
    for placeholder, table in tables.items():
        sql = sql.replace(f":{placeholder}", quoted_name(table))
    return sql


def quoted_name(name: str) -> str:
    """A table's name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


_COUNTRY_SPELLINGS = """
CREATE OR REPLACE TEMP TABLE country_spellings AS
SELECT DISTINCT fold_spelling(spelling) AS spelling, country
FROM offered_country_spellings
"""

_REGION_SPELLINGS = """
CREATE OR REPLACE TEMP TABLE region_spellings AS
SELECT DISTINCT country, fold_spelling(spelling) AS spelling, region
FROM offered_region_spellings
"""

_PHONE_REGIONS = """
CREATE OR REPLACE TEMP TABLE phone_regions AS
SELECT region, calling_code, is_main
FROM offered_phone_regions
"""


def _install_table(session: Session, name: str, sql: str, rows: pd.DataFrame) -> None:
    with session.offered(f"offered_{name}", rows):
        session.run(sql)


@cache
def _country_spellings() -> pd.DataFrame:
    rows = [
        (spelling, row["alpha_2"])
        for row in _records("countries.csv")
        for spelling in (row["alpha_2"], row["alpha_3"], row["name"], *_others(row))
    ]
    return pd.DataFrame(rows, columns=["spelling", "country"])


@cache
def _region_spellings() -> pd.DataFrame:
    rows = [
        (row["country"], spelling, row["code"])
        for row in _records("regions.csv")
        for spelling in (row["code"], row["name"], *_others(row))
    ]
    return pd.DataFrame(rows, columns=["country", "spelling", "region"])


@cache
def _phone_regions() -> pd.DataFrame:
    """Regions with a numbering plan; the main one speaks for a calling code that several share."""
    rows = [
        (region, str(code), region == regions[0])
        for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()
        for region in regions
        if region != "001"
    ]
    return pd.DataFrame(rows, columns=["region", "calling_code", "is_main"])


@cache
def _macros() -> str:
    text = "".join(_text(f"{name}.sql") for name in ("text", "email", "phone"))
    return _filled(text, _blanks())


def _blanks() -> dict[str, str]:
    """What the macros' blanks are filled with, from the data files."""
    kinds = {row["kind"] for row in _records("placeholders.csv")}
    values = {
        kind: [row["value"] for row in _records("placeholders.csv") if row["kind"] == kind]
        for kind in kinds
    }
    return {
        "blank": "|".join((_alternatives(values["blank"]), r"[-\x{2013}\x{2014}_.*/]+")),
        "blank_phone": _alternatives(values["blank_phone"]),
        "blank_marks": _BLANK_MARKS,
        "invisible": _INVISIBLE,
        "untidy_marks": _BLANK_MARKS + _INVISIBLE + _JOINERS,
        "inert_letters": _INERT_LETTERS,
        "local_letters": rf"a-z0-9!#$%&*+/=?^_`{{|}}~{_LETTERS}{_JOINERS}",
        "domain_letters": f"a-z0-9{_LETTERS}{_JOINERS}",
        "top_letters": f"a-z{_LETTERS}{_JOINERS}",
        "phones": _alternatives(values["phone"]),
        "emails": _alternatives(values["email"]),
        "locals": _alternatives(values["email_local"]),
        "domains": _alternatives(values["email_domain"]),
        "meant_domain": _meant_domain(),
    }


# Character classes of RE2. Blanks without the space and the line feed, which callers add.
_BLANK_MARKS = (
    r"\x{00}-\x{09}\x{0B}-\x{1F}\x{7F}-\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{2028}\x{2029}"
    r"\x{202F}\x{205F}\x{2800}\x{3000}\x{3164}\x{FFA0}"
)
_INVISIBLE = "\xad\u200b\u200e\u200f\ufeff" + "".join(
    chr(code)
    for first, last in ((0x202A, 0x202E), (0x2060, 0x206F))
    for code in range(first, last + 1)
)
# Latin and Devanagari without combining marks.
_INERT_LETTERS = r"\x{C0}-\x{24F}\x{900}-\x{93B}\x{93D}-\x{950}\x{955}-\x{957}\x{960}-\x{97F}"
_JOINERS = r"\x{200C}\x{200D}"
_LETTERS = r"\x{C0}-\x{1FFF}\x{2C00}-\x{2DFF}\x{3005}-\x{FDFF}\x{10000}-\x{1FFFF}"


def _alternatives(values: Iterable[str]) -> str:
    return "|".join(re.escape(value).replace("'", "''") for value in values)


def _filled(text: str, blanks: dict[str, str]) -> str:
    for name, filling in blanks.items():
        text = text.replace(f"{{{name}}}", filling)
    return text


def _meant_domain() -> str:
    cases = "\n    ".join(
        f"WHEN {_quoted(row['written'])} THEN {_quoted(row['meant'])}"
        for row in _records("email_typos.csv")
    )
    return f"CASE parts.domain\n    {cases}\n    ELSE parts.domain\nEND"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _others(row: dict[str, str]) -> list[str]:
    return [spelling for spelling in row["other_spellings"].split("|") if spelling]


@cache
def _records(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
