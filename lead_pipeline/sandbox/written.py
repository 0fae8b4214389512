"""Keeps the leads of the days asked for as they are sent, so that a day is written out only once.

A day of 20,000 leads is some 48 MB of XML, so what is kept is packed in blocks.
"""

import zlib
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from lead_pipeline.sandbox.people import Person
from lead_pipeline.sandbox.population import Enquiry, Population

_DAY_MILLISECONDS = 86_400_000
_EPOCH = date(1970, 1, 1)
_DAYS_KEPT = 64
_BLOCKS_UNPACKED = 8
_LEADS_PER_BLOCK = 100
_SEPARATOR = b"\x00"

Writer = Callable[[Enquiry, Person], bytes]


class Written:
    """The leads of one vendor's accounts, as `write` writes them."""

    def __init__(self, population: Population, write: Writer) -> None:
        self._population = population
        self._write = write
        self._packed_day = lru_cache(maxsize=_DAYS_KEPT)(self._pack_day)
        self._block = lru_cache(maxsize=_BLOCKS_UNPACKED)(self._unpack)

    def text(self, enquiry: Enquiry) -> bytes:
        """One lead; the whole of its day is written when the first lead of it is asked for."""
        block, place = divmod(enquiry.index, _LEADS_PER_BLOCK)
        return self._block(enquiry.account, enquiry.created // _DAY_MILLISECONDS, block)[place]

    def _unpack(self, account: str, day: int, block: int) -> list[bytes]:
        return zlib.decompress(self._packed_day(account, day)[block]).split(_SEPARATOR)

    def _pack_day(self, account: str, day: int) -> list[bytes]:
        enquiries = self._population.day(account, _EPOCH + timedelta(days=day))
        return [
            self._pack(enquiries[start : start + _LEADS_PER_BLOCK])
            for start in range(0, len(enquiries), _LEADS_PER_BLOCK)
        ]

    def _pack(self, enquiries: tuple[Enquiry, ...]) -> bytes:
        texts = (self._write(enquiry, self._population.person(enquiry)) for enquiry in enquiries)
        return zlib.compress(_SEPARATOR.join(texts), level=1)
