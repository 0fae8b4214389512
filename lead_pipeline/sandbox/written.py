"""Keeps leads as they are sent, so that each is written out only once.

A day of 20,000 leads is some 48 MB of XML, so what is kept is packed, in blocks of a day's leads.
"""

import zlib
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from lead_pipeline.sandbox.people import Person
from lead_pipeline.sandbox.population import Enquiry, Population

_DAY_MILLISECONDS = 86_400_000
_EPOCH = date(1970, 1, 1)
_LEADS_PER_BLOCK = 100
_BLOCKS_KEPT = 8_192
_BLOCKS_UNPACKED = 8
_SEPARATOR = b"\x00"

Writer = Callable[[Enquiry, Person], bytes]


class Written:
    """The leads of one vendor's accounts, as `write` writes them."""

    def __init__(self, population: Population, write: Writer) -> None:
        self._population = population
        self._write = write
        self._packed = lru_cache(maxsize=_BLOCKS_KEPT)(self._pack)
        self._unpacked = lru_cache(maxsize=_BLOCKS_UNPACKED)(self._unpack)

    def text(self, enquiry: Enquiry) -> bytes:
        """One lead."""
        block, place = divmod(enquiry.index, _LEADS_PER_BLOCK)
        return self._unpacked(enquiry.account, enquiry.created // _DAY_MILLISECONDS, block)[place]

    def _unpack(self, account: str, day: int, block: int) -> list[bytes]:
        return zlib.decompress(self._packed(account, day, block)).split(_SEPARATOR)

    def _pack(self, account: str, day: int, block: int) -> bytes:
        enquiries = self._population.day(account, _EPOCH + timedelta(days=day))
        start = block * _LEADS_PER_BLOCK
        texts = (
            self._write(enquiry, self._population.person(enquiry))
            for enquiry in enquiries[start : start + _LEADS_PER_BLOCK]
        )
        return zlib.compress(_SEPARATOR.join(texts), level=1)
