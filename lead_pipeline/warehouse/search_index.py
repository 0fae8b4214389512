"""The index that people are found by, two Arrow files beside their snapshot.

    snapshots/leads-000012.words.arrow    word, person, place: sorted by word
    snapshots/leads-000012.people.arrow   person_id, name: in the order of their numbers

They are read by mapping them into memory (serving/search.py), for which a database is too slow.
"""

import os
from importlib import resources
from pathlib import Path

import pyarrow as pa

from lead_pipeline.warehouse.session import Session

WORDS, PEOPLE = ".words.arrow", ".people.arrow"
BATCH_ROWS = 1_000_000

NO_LETTERS = r"[^\p{L}\p{N}]+"
INSIDE_WORDS = r"[^\p{L}\p{N} ]+"
CALLING_CODE = "^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9][0-9][0-9])"
"""ITU's codes: of one digit, these of two, all others of three."""

NUMBERED_PEOPLE = "SELECT person_id, name FROM search_people ORDER BY person"


def folded(text: str) -> str:
    """An expression: the text in which accents and case do not count."""
    return f"strip_accents(lower(nfc_normalize({text})))"


def write_search_index(session: Session, snapshot: Path) -> None:
    """Write the index of that snapshot. Raises OSError."""
    session.run(_sql("search_people.sql"))
    _write(session, NUMBERED_PEOPLE, snapshot.with_suffix(PEOPLE))
    words = _sql("search_words.sql").format(
        folded_name=folded("full_name"),
        no_letters=NO_LETTERS,
        inside_words=INSIDE_WORDS,
        calling_code=CALLING_CODE,
    )
    _write(session, words, snapshot.with_suffix(WORDS))
    session.run("DROP TABLE search_people")


def index_files(snapshot: Path) -> tuple[Path, Path]:
    """Where the words and the people of that snapshot are."""
    return snapshot.with_suffix(WORDS), snapshot.with_suffix(PEOPLE)


def is_indexed(snapshot: Path) -> bool:
    """Whether that snapshot can be searched."""
    return all(file.exists() for file in index_files(snapshot))


def _write(session: Session, sql: str, path: Path) -> None:
    """In batches, so that memory does not grow with the number of people."""
    path.unlink(missing_ok=True)
    with (
        session.batches(sql, BATCH_ROWS) as batches,
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_file(file, batches.schema) as writer,
    ):
        for batch in batches:
            writer.write_batch(batch)
    path.chmod(0o440)
    with path.open("rb") as written:
        os.fsync(written.fileno())


def _sql(name: str) -> str:
    return (resources.files("lead_pipeline.warehouse") / name).read_text()
