"""Find people by what an agent types: beginnings of a name, a phone in any writing, an e-mail."""

import re
import unicodedata

import numpy as np

from lead_pipeline.serving.search_index import BEGUN, NOBODY, Match, SearchIndex
from lead_pipeline.warehouse import Folding

LONGEST_QUERY = 200
MOST_WORDS = 6
LEAST_DIGITS = 3

_PHONE = re.compile(r"[0-9+()\-./ ]*")


def search(index: SearchIndex, folding: Folding, query: str, most: int) -> list[Match]:
    """The best matches first, at most so many; none where the query says nothing.

    Each word of it must begin a word of the person's names, or a phone or an e-mail. Those of
    which more words match whole come first, then first words of a name, then who enquired last.
    """
    requirements = _requirements(folding, query)
    if not requirements or not len(index):
        return []
    scores = [index.scores(beginnings) for beginnings in requirements]
    people = np.flatnonzero(scores[0] < NOBODY)
    for others in scores[1:]:
        people = people[others[people] < NOBODY]
    if not len(people):
        return []
    found = np.stack([one[people] for one in scores])
    begun = (found >= BEGUN).sum(axis=0).astype(np.int64)
    place = (found % BEGUN).min(axis=0).astype(np.int64)
    order = (begun << 40) | (place << 32) | people
    best = np.sort(np.partition(order, most)[:most] if len(order) > most else order)
    return index.people(int(one) & 0xFFFFFFFF for one in best)


def _requirements(folding: Folding, query: str) -> list[tuple[str, ...]]:
    """What each part of the query may begin: the words of one tuple are alternatives."""
    text = " ".join(query[:LONGEST_QUERY].split())
    if "@" in text:
        return [(f"@{text.lower()}",)]
    if phone := _dialled("".join(map(_plain_digit, text))):
        return [(text, *phone) if text.isdecimal() else phone]
    return [_alternatives(word) for word in folding.words(text)[:MOST_WORDS]]


def _plain_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _alternatives(word: str) -> tuple[str, ...]:
    """With a number a word of a name may be meant, or a phone."""
    return (word, f"+{word}") if word.isdecimal() and len(word) >= LEAST_DIGITS else (word,)


def _dialled(text: str) -> tuple[str, ...]:
    """How the index may have a phone that was written like this; empty where it is none."""
    if not _PHONE.fullmatch(text):
        return ()
    abroad = text.startswith("+")
    digits = re.sub("[^0-9]", "", text.replace("(0)", ""))
    if len(digits) < LEAST_DIGITS:
        return ()
    written = [digits]
    if not abroad and digits.startswith("0"):
        written.append(digits.removeprefix("00") if digits.startswith("00") else digits[1:])
    return tuple(f"+{one}" for one in written if one)
