"""Making names in a folder survive a power cut."""

import os
from pathlib import Path


def flush_folder(folder: Path) -> None:
    """Put on disk which names the folder has. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
