"""How a scan ended: one small file in its folder, absent while the scan can go on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.durable import landing_errors, write_durably

VERDICT = "verdict.json"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether everything was read, why (not), when that was known (UTC), and in how many packs."""

    complete: bool
    reason: str
    ended_at: datetime
    packs: int


def write_verdict(scan: Path, verdict: Verdict) -> None:
    """End the scan in that folder. Raises LandingError."""
    with landing_errors("how a scan ended", scan):
        write_durably(scan / VERDICT, orjson.dumps(verdict, option=orjson.OPT_INDENT_2))


def read_verdict(scan: Path) -> Verdict | None:
    """How the scan in that folder ended; None: it can go on. Raises LandingError."""
    path = scan / VERDICT
    try:
        kept = orjson.loads(path.read_bytes())
        ended_at = datetime.fromisoformat(kept["ended_at"]).astimezone(UTC)
        return Verdict(kept["complete"] is True, str(kept["reason"]), ended_at, int(kept["packs"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LandingError(
            f"how a scan ended cannot be read from {path} ({type(error).__name__})",
            state="nothing was changed",
            next_step="restore the file from a backup, or move the scan's folder away, "
            "then the same command again",
        ) from error
