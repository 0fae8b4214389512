"""Packs: many responses of a scan in two files.

    0000.pack            zstd frames, one per response
    0000.jsonl           one line per response: its receipt, `offset` and `size` of its frame in
                         the pack in bytes, and `resume`, from which the scan goes on after it
    .part-0001.jsonl     the lines of a pack that is being written, or was when its process died

A pack is named once it will not grow any more, so one that can be seen stays as it is.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.durable import PART
from lead_pipeline.landing.receipts import receipt_from
from lead_pipeline.landing.stored import Frame, open_stored
from lead_pipeline.records import Receipt

FRAMES, LINES = ".pack", ".jsonl"


class Page(NamedTuple):
    """One response of a scan, and the point from which the scan goes on after it (None: none)."""

    receipt: Receipt
    frame: Frame
    resume: str | None


@dataclass(frozen=True, slots=True)
class Pack:
    """Responses that were landed one after the other. `path` is that of their frames."""

    path: Path

    @property
    def pack_id(self) -> str:
        """Its name among all packs; sorts by scan and number within its stream."""
        return f"{self.path.parent.name}-{self.path.stem}"

    @property
    def number(self) -> int:
        """Its place in its scan, from 0."""
        return int(self.path.stem)

    def pages(self) -> list[Page]:
        """All of its responses, in order. Raises LandingError where the pack is not as it was."""
        lines = self.path.with_suffix(LINES)
        try:
            pages = [page_of(line) for line in lines.read_bytes().splitlines()]
            whole = self._fits([page.frame for page in pages])
        except OSError as error:
            raise self._lost(f"cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise self._lost(f"is damaged in {lines.name}") from error
        if not whole:
            raise self._lost("does not hold what its lines say")
        return pages

    def open(self, page: Page) -> BinaryIO:
        """The bytes of one of its responses. Raises LandingError, while they are read too."""
        return open_stored(self.path, page.frame)

    def _fits(self, frames: list[Frame]) -> bool:
        """Whether the frames lie end to end and fill the pack."""
        ends = [0, *(frame.end for frame in frames)]
        offsets = [frame.offset for frame in frames]
        return bool(frames) and [*offsets, self.path.stat().st_size] == ends

    def _lost(self, what: str) -> LandingError:
        return LandingError(
            f"the pack {self.path} {what}",
            state="its responses were not loaded; the others are untouched",
            next_step="restore the file and the one beside it from a backup, "
            "or move both away, then the same command again",
        )


def line_of(page: Page) -> bytes:
    """A page as a line of JSON."""
    fields = {**asdict(page.receipt), **page.frame._asdict(), "resume": page.resume}
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)


def page_of(line: bytes) -> Page:
    """The page in a line. Raises ValueError where it is not one of ours."""
    try:
        fields = orjson.loads(line)
        frame = Frame(int(fields.pop("offset")), int(fields.pop("size")))
        resume = fields.pop("resume")
        return Page(receipt_from(fields), frame, resume)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("it is no page of a scan") from error


def named_packs(folder: Path) -> list[Pack]:
    """The packs of a scan that do not grow any more, in order."""
    packs = [Pack(path.with_suffix(FRAMES)) for path in folder.glob(f"[0-9]*{LINES}")]
    return sorted(packs, key=lambda pack: pack.number)


def whole_part(lines: bytes, size: int) -> tuple[int, int]:
    """How many bytes of a pack's lines and of its frames are sure, where its process died.

    Up to the last line that is whole and whose frame is, `size` being that of all the frames.
    """
    length = lines.rfind(b"\n") + 1
    while length:
        start = lines.rfind(b"\n", 0, length - 1) + 1
        with suppress(ValueError):
            end = page_of(lines[start:length]).frame.end
            if end <= size:
                return length, end
        length = start
    return 0, 0


def frames_of(part: Path) -> Path:
    """The frames of a pack by the lines that are being written."""
    return part.with_name(part.name.removeprefix(PART)).with_suffix(FRAMES)
