"""Read the mapping that a person wrote."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from lead_pipeline.errors import ConfigError
from lead_pipeline.vendors.history.mapping import Mapping


class _Loader(yaml.BaseLoader):
    """Leaves every word as it is written: `no`, `2020-01-31` and `0981` are text."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: ANN401 - as the library has it
        keys = [key.value for key, _ in node.value]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise yaml.YAMLError(f"{twice} is given twice")
        return super().construct_mapping(node, deep)


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file. Raises ConfigError naming each line that is wrong."""
    try:
        return Mapping.model_validate(yaml.load(path.read_text("utf-8"), _Loader))  # noqa: S506 - it makes text alone
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, item['loc'])) or 'the whole'}: "
            f"{item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False)
        )
    except OSError as error:
        wrong = f"it cannot be read: {error.strerror}"
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:
        wrong = f"it is no YAML: {error}"
    raise ConfigError(
        f"the mapping {path} cannot be used: {wrong}",
        state="nothing was kept or loaded",
        next_step="correct it (docs/how-to/import.md), then the same command again; "
        "lead-pipeline import --template writes one from the file's header",
    )
