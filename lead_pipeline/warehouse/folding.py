"""Text as the index has it, for whoever asks it something."""

import re
import threading

import duckdb

from lead_pipeline.warehouse.search_index import NO_LETTERS, folded

_PLAIN = re.compile("[^a-z0-9]+")
_WORDS = f"SELECT string_split(regexp_replace({folded('$text')}, '{NO_LETTERS}', ' ', 'g'), ' ')"


class Folding:
    """Folds as the database did when it wrote the index; a plain text without asking it."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(config={"threads": 1})
        self._lock = threading.Lock()

    def words(self, text: str) -> list[str]:
        """The words of a text, an apostrophe joining what it stands in."""
        joined = re.sub("['\u2019`]", "", text)
        if joined.isascii():
            return [word for word in _PLAIN.split(joined.lower()) if word]
        with self._lock:
            rows = self._connection.execute(_WORDS, {"text": joined}).fetchall()
        return [word for word in rows[0][0] if word]

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()
