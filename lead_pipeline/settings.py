"""The process's own environment variables, typed, read once.

The secrets of an account are not here: its YAML names their variables and its component reads them.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from lead_pipeline.clock import Clock, held_clock, system_clock
from lead_pipeline.errors import ConfigError


def _web_address(value: SecretStr) -> SecretStr:
    """Refuse what is no address, without quoting it: whoever knows it may write there."""
    url = value.get_secret_value()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not (is_plain and host and parts.scheme in {"http", "https"}):
        raise ValueError("must be an http or https address")
    return value


def _time_zone(name: str) -> str:
    """Refuse what is no time zone; UTC is one on every machine."""
    try:
        return name if name == "UTC" else ZoneInfo(name).key
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError("must be a time zone's name, such as Asia/Kolkata") from None


class Settings(BaseSettings):
    """Every variable that begins with LEAD_PIPELINE_; an unknown one is ignored."""

    model_config = SettingsConfigDict(env_prefix="LEAD_PIPELINE_", frozen=True)

    data_dir: Path = Field(Path("data"), description="Folder of everything that is kept")
    now: AwareDatetime | None = Field(None, description="Holds the clock at this moment")
    lookback_days: int = Field(7, ge=1, le=31, description="Days the nightly run asks for again")
    window_deadline_seconds: float = Field(
        900, gt=0, description="Time limit of one account's window, retries and waits included"
    )
    scan_deadline_seconds: float = Field(
        3600, gt=0, description="Time limit of reading one stream of a CRM; the next run goes on"
    )
    warehouse_wait_seconds: float = Field(
        60, ge=0, description="How long a writer waits for another one to finish"
    )
    most_memory_megabytes: int = Field(
        2048, ge=160, description="Memory that the warehouse may use; it starts with little"
    )
    accept_environment: bool = Field(
        False, description="Let data of another environment into this data folder"
    )
    business_time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        "UTC", description="Time zone of the days, weeks and hours of the marts"
    )
    done_task_statuses: str = Field(
        "",
        pattern=r"^[\w ]*(,[\w ]+)*$",
        description="Status ids that a CRM's done tasks have, comma separated",
    )
    mask_key: SecretStr | None = Field(
        None, min_length=16, description="What the masked snapshot is hashed with; a secret"
    )
    publish_masked: bool = Field(
        False, description="Write the masked snapshot with each one that is published"
    )
    alert_webhook_url: Annotated[SecretStr, AfterValidator(_web_address)] | None = Field(
        None, description="Where a failed run is told, in Slack's form; a secret"
    )

    @field_validator("publish_masked")
    @classmethod
    def _has_its_key(cls, wanted: bool, info: ValidationInfo) -> bool:
        """Refused from the start: it would fail when the clear snapshot is already there."""
        if wanted and info.data.get("mask_key", "") is None:
            raise ValueError("needs LEAD_PIPELINE_MASK_KEY, 16 random characters or more")
        return wanted

    @property
    def done_task_status_ids(self) -> tuple[str, ...]:
        """The status ids of done tasks; none: nobody knows which are."""
        return tuple(one.strip() for one in self.done_task_statuses.split(",") if one.strip())

    @property
    def clock(self) -> Clock:
        """The clock of this process."""
        return held_clock(self.now) if self.now else system_clock

    @property
    def moment(self) -> datetime:
        """The present, UTC."""
        return self.clock()


def read_settings() -> Settings:
    """Read the environment. Raises ConfigError naming each variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"LEAD_PIPELINE_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}"
            for item in error.errors(include_input=False)
        )
        raise ConfigError(
            f"a setting cannot be used: {wrong}",
            state="nothing was asked and nothing was written",
            next_step="correct the variable (see .env.example), then the same command again",
        ) from None
