"""Where Dagster keeps its history: in the data folder, with the settings of dagster.yaml."""

import os
from pathlib import Path

import yaml

PROJECT = Path(__file__).parents[2]


def prepare_dagster_home(data_folder: Path) -> Path:
    """Make `{data dir}/dagster` the home of this process and its children, unless one is set.

    The project's own dagster.yaml names `data/dagster` as storage, so that a plain `dagster dev`
    and these commands share one history.
    """
    if given := os.environ.get("DAGSTER_HOME"):
        return Path(given)
    home = (data_folder / "dagster").resolve()
    home.mkdir(mode=0o750, parents=True, exist_ok=True)
    settings = yaml.safe_load((PROJECT / "dagster.yaml").read_text())
    settings.pop("storage", None)
    (home / "dagster.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    os.environ["DAGSTER_HOME"] = str(home)
    return home
