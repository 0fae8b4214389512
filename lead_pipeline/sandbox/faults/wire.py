"""Faults of the connection: cut, stalled, dripping, and a small answer that becomes a large one."""

import asyncio
import zlib
from collections.abc import Iterator
from math import ceil

from lead_pipeline.sandbox.faults.exchange import Answer, Exchange
from lead_pipeline.sandbox.faults.fault import Fault, FaultKind

_LONGEST_PAUSE_SECONDS = 0.2
_FEWEST_PIECES = 20
_BLOCK = b" " * 1024**2
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


WIRE_KINDS = frozenset(
    [
        FaultKind.CUT_BEFORE_HEADERS,
        FaultKind.CUT_BEFORE_BODY,
        FaultKind.CUT_IN_BODY,
        FaultKind.CUT_IN_CHUNKS,
        FaultKind.STALLED,
        FaultKind.SLOW,
    ]
)


async def send_broken(exchange: Exchange, answer: Answer, fault: Fault) -> None:
    """Send as much of an answer, and in such a way, as one of WIRE_KINDS says."""
    match fault.kind:
        case FaultKind.CUT_BEFORE_HEADERS:
            await exchange.cut()
        case FaultKind.CUT_BEFORE_BODY:
            await exchange.send_head(answer.sized())
            await exchange.cut()
        case FaultKind.CUT_IN_BODY:
            await _send_half(exchange, answer.sized())
            await exchange.cut()
        case FaultKind.CUT_IN_CHUNKS:
            await _send_half(exchange, answer)
            await exchange.cut()
        case FaultKind.STALLED:
            await _send_half(exchange, answer)
            await exchange.client_left()
        case FaultKind.SLOW:
            await _send_slowly(exchange, answer, fault.seconds or 0.0)


async def _send_half(exchange: Exchange, answer: Answer) -> None:
    await exchange.send_head(answer)
    await exchange.send_piece(first_half(answer.body))


async def _send_slowly(exchange: Exchange, answer: Answer, seconds: float) -> None:
    """In even pieces, so many that no reader's time limit for a single read passes."""
    most = max(_FEWEST_PIECES, ceil(seconds / _LONGEST_PAUSE_SECONDS))
    pieces = list(_pieces(answer.body, most))
    leaving = asyncio.ensure_future(exchange.client_left())
    try:
        await exchange.send_head(answer)
        for piece in pieces:
            await exchange.send_piece(piece)
            left, _ = await asyncio.wait({leaving}, timeout=seconds / len(pieces))
            if left:
                return
        await exchange.send_piece(b"", last=True)
    finally:
        leaving.cancel()


async def send_bomb(exchange: Exchange, media_type: str, size: int) -> None:
    """Blanks without end, a thousandth of `size` on the wire, a block at a time in memory."""
    headers = ((b"content-type", media_type.encode()), (b"content-encoding", b"gzip"))
    leaving = asyncio.ensure_future(exchange.client_left())
    try:
        await exchange.send_head(Answer(200, headers, b""))
        for piece in _bomb(size):
            await exchange.send_piece(piece)
            await asyncio.sleep(0)
            if leaving.done():
                return
        await exchange.send_piece(b"", last=True)
    finally:
        leaving.cancel()


def _bomb(size: int) -> Iterator[bytes]:
    """One gzip member of `size` blanks."""
    # A block flushed in full refers to nothing before it: the same packed bytes serve for each.
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = compressor.compress(_BLOCK) + compressor.flush(zlib.Z_FULL_FLUSH)
    whole, rest = divmod(size, len(_BLOCK))
    checksum = 0
    yield _GZIP_HEADER
    for _ in range(whole):
        checksum = zlib.crc32(_BLOCK, checksum)
        yield packed
    checksum = zlib.crc32(_BLOCK[:rest], checksum)
    yield compressor.compress(_BLOCK[:rest]) + compressor.flush(zlib.Z_FINISH)
    yield checksum.to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")


def first_half(body: bytes) -> bytes:
    """Never all of it."""
    return body[: len(body) // 2]


def _pieces(body: bytes, most: int) -> Iterator[bytes]:
    step = max(1, ceil(len(body) / most))
    for start in range(0, len(body), step):
        yield body[start : start + step]
