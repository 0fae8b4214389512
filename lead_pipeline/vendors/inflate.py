"""Undoing gzip in bounded pieces, so that a small answer cannot become a large memory."""

import zlib
from collections.abc import Iterator

PIECE_BYTES = 256 * 1024
_GZIP = 31


class CutShortError(Exception):
    """The compressed bytes ended early or are damaged."""


def inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The decoded bytes of a gzip stream, in pieces of at most `PIECE_BYTES`.

    Raises CutShortError where the stream is damaged or ends before its own end mark.
    """
    decoder = zlib.decompressobj(_GZIP)
    for piece in pieces:
        rest = piece
        while rest:
            if decoder.eof:
                decoder = zlib.decompressobj(_GZIP)
            yield from _member(decoder, rest)
            rest = decoder.unused_data
    if not decoder.eof:
        raise CutShortError("the compressed body was cut short")


def _member(decoder: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    rest = piece
    while True:
        try:
            decoded = decoder.decompress(rest, PIECE_BYTES)
        except zlib.error:
            raise CutShortError("the compressed body is damaged") from None
        if decoded:
            yield decoded
        rest = decoder.unconsumed_tail
        if decoder.eof or (not rest and len(decoded) < PIECE_BYTES):
            return
