"""Faults of single records: which ones are hit follows from record and seed alone."""

from hashlib import blake2b

from lead_pipeline.sandbox.dice import scattered
from lead_pipeline.sandbox.faults.fault import Fault, FaultKind
from lead_pipeline.sandbox.faults.shape import Document, Shape

_WHOLE = 2**64


def spoiled(body: bytes, fault: Fault, shape: Shape, seed: int) -> tuple[bytes, int]:
    """A document with some records hit, and how many they are."""
    document = shape.read(body)
    if fault.kind is FaultKind.WRONG_ENCODING:
        hit = {0: 0} if document.records else {}
    else:
        hit = _hit(document.records, 1.0 if fault.share is None else fault.share, seed)
    records = tuple(
        record if place not in hit else shape.changes[fault.kind](record, hit[place])
        for place, record in enumerate(document.records)
        if place not in hit or fault.kind is not FaultKind.VANISHED
    )
    written = Document(document.head, records, document.separator, document.tail).written()
    return written, len(hit)


def _hit(records: tuple[bytes, ...], share: float, seed: int) -> dict[int, int]:
    """Place to random bits."""
    hit = {}
    for place, record in enumerate(records):
        number = int.from_bytes(blake2b(record, digest_size=8).digest())
        drawn, bits = divmod(scattered(seed, number), _WHOLE)
        if drawn < share * _WHOLE:
            hit[place] = bits
    return hit
