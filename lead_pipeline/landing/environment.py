"""One data folder belongs to one environment: sandbox leads must never meet real ones."""

from pathlib import Path

import orjson

from lead_pipeline.errors import EnvironmentMismatch, LandingError
from lead_pipeline.landing.durable import landing_errors, write_durably


def claim_environment(data_folder: Path, environment: str, *, accept: bool = False) -> None:
    """Mark the folder as this environment's, or check that it is.

    Raises EnvironmentMismatch where it holds another's data and `accept` is false, LandingError
    where the mark cannot be read or written.
    """
    marker = data_folder / "environment.json"
    known = _environments(marker)
    if environment in known:
        return
    if known and not accept:
        raise EnvironmentMismatch(
            f"the folder {data_folder} holds data of {' and '.join(known)}, "
            f"and this account is of {environment}",
            state="nothing was asked and nothing was written",
            next_step="set LEAD_PIPELINE_DATA_DIR to a folder of its own, "
            "or add --accept-environment to mix them on purpose",
        )
    with landing_errors("the environment marker", data_folder):
        write_durably(marker, orjson.dumps({"environments": [*known, environment]}))


def environments_of(data_folder: Path) -> list[str]:
    """The environments whose data the folder holds. Raises LandingError."""
    return _environments(data_folder / "environment.json")


def _environments(marker: Path) -> list[str]:
    if not marker.exists():
        return []
    try:
        return [str(name) for name in orjson.loads(marker.read_bytes())["environments"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LandingError(
            f"the environment marker {marker} cannot be read ({type(error).__name__})",
            state="nothing was asked and nothing was written",
            next_step="restore it from a backup, then the same command again",
        ) from error
