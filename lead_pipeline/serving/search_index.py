"""The index of one snapshot, mapped into memory: words in order, and the people who have them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.warehouse.search_index import index_files

EXACT = 0
BEGUN = 16
NOBODY = 255
"""How well a person matches: the word's place, which is below 16; more if it is only begun."""

REMEMBERED = 48
"""Beginnings whose scores are kept: a byte of each for every person."""

Scores = npt.NDArray[np.uint8]


class Match(NamedTuple):
    """A person who was found."""

    person_id: str
    name: str


class _Words:
    """A batch of the words; `words[n]` is the UTF-8 of the nth."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        column = batch.column("word")
        _, offsets, content = column.buffers()
        self._length = len(column)
        self._offsets = np.frombuffer(offsets, np.int32, self._length + 1, 4 * column.offset)
        self._content = memoryview(content or b"")
        self.people = batch.column("person").to_numpy()
        self.places = batch.column("place").to_numpy()

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._content[self._offsets[number] : self._offsets[number + 1]])


class SearchIndex:
    """The index of the snapshot at `path`. Raises WarehouseUnusable where there is none."""

    def __init__(self, snapshot: Path) -> None:
        words, people = index_files(snapshot)
        try:
            self._words = [_Words(batch) for batch in _batches(words)]
            # A query is typed letter by letter: its words but the last stay, and all begin short.
            self.scores = lru_cache(REMEMBERED)(self._scores)
            self._people = pa.ipc.open_file(pa.memory_map(str(people))).read_all()
        except (OSError, pa.ArrowInvalid, KeyError) as error:
            raise WarehouseUnusable(
                f"the index of {snapshot} cannot be opened ({type(error).__name__})",
                state="nothing was changed; the warehouse has all of it",
                next_step="lead-pipeline rebuild publishes it anew",
            ) from error

    def __len__(self) -> int:
        return len(self._people)

    def _scores(self, beginnings: tuple[str, ...]) -> Scores:
        """How well each person, by number, has a word that begins like one of these."""
        scores = np.full(len(self), NOBODY, np.uint8)
        for beginning in beginnings:
            sought = beginning.encode()
            for words in self._words:
                start = bisect_left(words, sought)
                same = bisect_right(words, sought, lo=start)
                end = bisect_left(words, sought + b"\xff", lo=same)
                _lower(scores, words, slice(start, same), EXACT)
                _lower(scores, words, slice(same, end), BEGUN)
        return scores

    def people(self, numbers: Iterator[int]) -> list[Match]:
        """Who they are, in that order."""
        ids, names = self._people.column("person_id"), self._people.column("name")
        return [Match(ids[number].as_py(), names[number].as_py()) for number in numbers]


def _lower(scores: Scores, words: _Words, where: slice, worth: int) -> None:
    if where.start < where.stop:
        np.minimum.at(scores, words.people[where], words.places[where].astype(np.uint8) + worth)


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    file = pa.ipc.open_file(pa.memory_map(str(path)))
    return (file.get_batch(number) for number in range(file.num_record_batches))
