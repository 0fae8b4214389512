"""The rules as data, and the macros made of them, in a connection.

Every file under `rules` can be read and extended; `rules_version` changes with any of them, and
what was decided by another version is decided anew.
"""

import csv
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

import pandas as pd

from lead_pipeline.warehouse import Session

FOLDER = "lead_pipeline.identity"
RULE_FILES = ("evidence", "honorifics", "limits", "nicknames", "no_names", "role_mailboxes")
SQL_FILES = (
    *("arriving", "changes", "disputes", "groups", "keys", "members"),
    *("names", "pairs", "second_chances", "ties"),
)


def install(session: Session) -> None:
    """Make, or make anew, the macros and reference tables, temporary objects of the session.

    Needs the macros that normalising installs.
    """
    session.run(_filled(sql("names"), _blanks()))
    _install_nicknames(session)
    _install_weights(session)


def rules_version(session: Session) -> str:
    """Changes with every file of rules and every statement that reads them.

    And with the database, whose hash of a text may be another in another version.
    """
    ((database,),) = session.rows("SELECT version()")
    texts = [_text(f"rules/{name}.csv") for name in RULE_FILES] + [sql(name) for name in SQL_FILES]
    return hashlib.sha256("\x1f".join((database, *texts)).encode()).hexdigest()[:12]


def limit(name: str) -> float:
    """A limit of rules/limits.csv."""
    return next(float(row["value"]) for row in records("limits") if row["name"] == name)


def _install_nicknames(session: Session) -> None:
    nicknames = pd.DataFrame(
        sorted({(word, row["name"]) for row in records("nicknames") for word in _words(row)}),
        columns=["word", "formal"],
        dtype="string",
    )
    with session.offered("offered_nicknames", nicknames):
        session.run(
            "CREATE OR REPLACE TEMP TABLE nicknames AS "
            "SELECT word, list(formal ORDER BY formal) AS formals "
            "FROM offered_nicknames GROUP BY word"
        )


def _install_weights(session: Session) -> None:
    rows = [
        (int(row["rule"]), int(row["names"]), row["rule_name"], float(row["weight"]), row["reason"])
        for row in records("evidence")
    ]
    frame = pd.DataFrame(rows, columns=["rule", "names", "rule_name", "weight", "reason"])
    with session.offered("offered_weights", frame):
        session.run(
            "CREATE OR REPLACE TEMP TABLE weights AS SELECT rule::UTINYINT AS rule, "
            "names::UTINYINT AS names, rule_name::VARCHAR AS rule_name, weight::DOUBLE AS weight, "
            "reason::VARCHAR AS reason, weight >= $1 AS is_merging FROM offered_weights",
            (limit("merge_weight"),),
        )
    session.run(
        "DELETE FROM core.evidence_rules; INSERT INTO core.evidence_rules BY NAME FROM weights"
    )


@cache
def records(name: str) -> list[dict[str, str]]:
    """The rows of one file of rules."""
    return list(csv.DictReader(_text(f"rules/{name}.csv").splitlines()))


def sql(name: str, **blanks: str) -> str:
    """The text of one SQL file of this room, with its {blanks} and the limits filled in."""
    limits = {row["name"]: row["value"] for row in records("limits")}
    return _filled(_text(f"{name}.sql"), limits | blanks)


def _words(row: dict[str, str]) -> list[str]:
    return [row["name"], *filter(None, row["others"].split("|"))]


def _blanks() -> dict[str, str]:
    titles = records("honorifics")
    everywhere = [row["title"] for row in titles if not row["country"]]
    countries = sorted({row["country"] for row in titles} - {""})
    by_region = "\n".join(
        f"WHEN '{country}' THEN regexp_replace(' ' || replace(name, ' ', '  ') || ' ', ' (?:"
        + _spaced(everywhere + [row["title"] for row in titles if row["country"] == country])
        + ") ', ' ', 'g')"
        for country in countries
    )
    return {
        "titles_anywhere": _alternatives(row["title"] for row in titles),
        "titles_by_region": by_region,
        "titles": _spaced(everywhere),
        "role_mailboxes": _alternatives(row["local_part"] for row in records("role_mailboxes")),
        "no_names": _alternatives(row["name"] for row in records("no_names")),
    }


def _alternatives(values: Iterable[str]) -> str:
    return "|".join(re.escape(value).replace("'", "''") for value in sorted(values))


def _spaced(titles: Iterable[str]) -> str:
    """Longest first, and with the two blanks between words that the macro has made."""
    return "|".join(
        re.escape(title).replace("\\ ", "  ")
        for title in sorted(titles, key=lambda title: (-len(title), title))
    )


def _filled(text: str, blanks: dict[str, str]) -> str:
    for name, filling in blanks.items():
        text = text.replace(f"{{{name}}}", filling)
    return text


def _text(name: str) -> str:
    return (resources.files(FOLDER) / name).read_text(encoding="utf-8")
