"""The newest snapshot without personal data."""

from pathlib import Path

from lead_pipeline.errors import ConfigError
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.warehouse import newest_snapshot
from lead_pipeline.warehouse.mask import mask_snapshot


def mask(folder: DataFolder) -> Path:
    """Write the masked twin of the newest snapshot; where it is.

    Raises ConfigError where no key is set, WarehouseUnusable where nothing was published.
    """
    key = folder.settings.mask_key
    if key is None:
        raise ConfigError(
            "LEAD_PIPELINE_MASK_KEY is not set, and without it nothing can be masked",
            state="the snapshot itself is published; the masked one is as it was",
            next_step="set it to 16 random characters or more (see .env.example) and keep it, "
            "then lead-pipeline mask",
        )
    memory = folder.settings.most_memory_megabytes
    return mask_snapshot(newest_snapshot(folder.path), key.get_secret_value(), memory)
