"""The report page beside the snapshot that it is of."""

import base64
import hashlib
import re
from pathlib import Path

from lead_pipeline.errors import ReportFailed
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.warehouse import open_snapshot

REPORT = "report.html"

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def write_report(folder: DataFolder) -> Path:
    """Draw `report.html` of the newest snapshot; the one before stays until it is whole.

    Raises ReportFailed, and WarehouseUnusable where nothing is published.
    """
    # Loaded late: the libraries that draw take a second, and most commands draw nothing.
    from lead_pipeline.report import build_report  # noqa: PLC0415

    path = folder.path / REPORT
    part = path.with_name(f".part-{REPORT}")
    try:
        with open_snapshot(folder.path, folder.settings.most_memory_megabytes) as session:
            page = build_report(session)
        part.write_text(page, encoding="utf-8")
        part.replace(path)
    except (OSError, ValueError) as error:
        raise ReportFailed(
            f"{path} could not be {'written' if isinstance(error, OSError) else 'drawn'} "
            f"({type(error).__name__})",
            state="the snapshot is published; the report is as it was",
            next_step="free the disk or repair the folder's rights, then lead-pipeline report",
        ) from error
    return path


def report_policy(page: str) -> str:
    """What a browser may do with the page: show it with its own style sheet, and no more."""
    style = _STYLE.search(page)
    digest = hashlib.sha256((style[1] if style else "").encode()).digest()
    return (
        f"default-src 'none'; style-src 'sha256-{base64.b64encode(digest).decode()}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    )
