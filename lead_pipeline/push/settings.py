"""What the `push:` block of an account's YAML says (docs/how-to/push.md)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lead_pipeline.errors import ConfigError
from lead_pipeline.records import Subject


class Mode(StrEnum):
    """Whether anything is pushed; a dry run looks and writes nothing."""

    OFF = "off"
    DRY_RUN = "dry-run"
    ON = "on"


def _worded(value: object) -> object:
    """YAML reads `on` and `off` as true and false."""
    return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Choice(_Block):
    """A value by what a column says: `from: source`, `values: {housing: 12}`, `else: 13`."""

    column: str = Field(alias="from")
    values: dict[str, str | int]
    otherwise: str | int | None = Field(None, alias="else")


Value = bool | int | str | Choice
Fields = dict[str, Value]


class CompanySettings(_Block):
    """What a company gets beside its name."""

    fields: Fields = {}


class DealSettings(_Block):
    """Where a deal begins (name or id of pipeline and stage), what it is called, what it gets."""

    pipeline: str | int
    stage: str | int
    name: str = "{interest_name|request_type|source}"
    fields: Fields = {}
    additional_fields: Fields = {}


class TaskSettings(_Block):
    """What is to be done, how many minutes after the deal was opened, and what it gets."""

    due_minutes: int = Field(15, ge=1, le=60 * 24 * 30)
    name: str = "Call {full_name|phone|email}"
    fields: Fields = {}


class PushSettings(_Block):
    """All of the block. `since` or else `days` says from when on enquiries are pushed (UTC).

    `keep` names fields of a contact that is there which are never filled, the account's own among
    them; `hold_refusals`: who did not agree to be contacted is not pushed.
    """

    mode: Annotated[Mode, BeforeValidator(_worded)] = Mode.OFF
    since: date | None = None
    days: int = Field(7, ge=1, le=366)
    contact: Fields = {
        "first_name": "{first_name|email|phone}",
        "last_name": "{last_name}",
        "email": "{email}",
        "telephone": "{phone}",
    }
    contact_additional_fields: Fields = {}
    keep: tuple[str, ...] = ()
    hold_refusals: bool = True
    company: CompanySettings | None = None
    deal: DealSettings
    task: TaskSettings | None = None
    give_up_after: int = Field(5, ge=1, le=100)
    deadline_seconds: float = Field(600, gt=0)
    settle_minutes: float = Field(5, ge=0)

    def start(self, now: datetime) -> datetime:
        """The moment from which on enquiries are pushed, UTC."""
        if self.since is not None:
            return datetime.combine(self.since, time(), UTC)
        return now.astimezone(UTC) - timedelta(days=self.days)


def push_settings(block: Mapping[str, Any], subject: Subject) -> PushSettings:
    """The block, checked. Raises ConfigError naming each setting that is wrong."""
    try:
        return PushSettings.model_validate(dict(block))
    except ValidationError as error:
        wrong = "; ".join(
            f"push.{'.'.join(map(str, item['loc']))}: {item['msg']}"
            for item in error.errors(include_input=False)
        )
        raise ConfigError(
            f"the push block of its defs.yaml cannot be used: {wrong}",
            state="nothing was asked and nothing was written",
            next_step="correct the block (docs/how-to/push.md), then lead-pipeline doctor "
            f"--account {subject.account}",
            subject=subject,
        ) from None
