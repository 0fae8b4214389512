"""Which column of a file is what: the mapping that a person writes (README.md, Mapping)."""

import codecs
import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from lead_pipeline.records import ParsedLead

NOT_MAPPED = frozenset({"record_index", "key_version", "natural_key", "attributes"})
FIELDS: dict[str, str] = {
    name.removesuffix("_raw"): name for name in ParsedLead._fields if name not in NOT_MAPPED
}
"""What a column can be, and the field of `records.ParsedLead` that it becomes."""

TIMES = frozenset({"created_at", "updated_at"})
ID = "source_lead_id"
CONSENT = "marketing_consent"
NAMED_FORMATS = frozenset({"iso", "excel", "excel-1904", "epoch-seconds", "epoch-milliseconds"})
EPOCHS = frozenset({"epoch-seconds", "epoch-milliseconds"})


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _plain(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _format(text: str) -> str:
    if text in NAMED_FORMATS or "%" in text:
        return text
    raise ValueError(f"a format is one of {', '.join(sorted(NAMED_FORMATS))}, or like %d/%m/%Y")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise ValueError(f"{name!r} is no time zone such as Asia/Kolkata or UTC") from None
    return name


def _encoding(name: str) -> str:
    try:
        "a".encode(codecs.lookup(name).name)
    except LookupError:
        raise ValueError(f"{name!r} is no encoding of text") from None
    return codecs.lookup(name).name


def _character(text: str) -> str:
    if len(text) != 1 or text in "\r\n":
        raise ValueError("is one character")
    return text


def _name(text: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]*", text):
        raise ValueError("is lower-case letters, digits and underscores, a letter first")
    return text


def _country(code: str) -> str:
    if not re.fullmatch("[A-Z]{2}", code):
        raise ValueError(f"{code!r} is no country's two capital letters, such as IN")
    return code


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Character = Annotated[str, AfterValidator(_character)]
Name = Annotated[str, AfterValidator(_name)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnRule(_Strict):
    """Where a field comes from: a column, or the same text for every row."""

    column: str | None = None
    constant: str | None = None
    format: Annotated[
        tuple[Annotated[str, AfterValidator(_format)], ...], BeforeValidator(_listed)
    ] = ()
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    true: Words = ()
    false: Words = ()

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise ValueError("give either column or constant")
        return self


class AttributeRule(_Strict):
    """A column that is kept in the attributes: as text, or as a decimal number."""

    column: str
    number: bool = False


class Mapping(_Strict):
    """How a file is read. What it does not say has the defaults here."""

    source: Name = "history"
    environment: Name = "production"
    encoding: Annotated[str, AfterValidator(_encoding)] | None = None
    delimiter: Character = ","
    quote: Character = '"'
    sheet: str | None = None
    header_row: int = Field(1, ge=1)
    short_rows: Literal["refuse", "fill"] = "refuse"
    decimal: Literal[".", ","] = "."
    default_country: Annotated[str, AfterValidator(_country)] | None = None
    columns: dict[str, Annotated[ColumnRule, BeforeValidator(_plain)]]
    attributes: tuple[Annotated[AttributeRule, BeforeValidator(_plain)], ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if unknown := self.columns.keys() - FIELDS.keys():
            raise ValueError(
                f"{', '.join(sorted(unknown))}: no such field; there are {', '.join(FIELDS)}"
            )
        if "created_at" not in self.columns:
            raise ValueError("created_at is missing: which column says when the person enquired?")
        for name, rule in self.columns.items():
            _check_rule(name, rule)
        return self

    @property
    def named_columns(self) -> set[str]:
        """Every column of the file that is named."""
        named = {rule.column for rule in self.columns.values() if rule.column is not None}
        return named | {rule.column for rule in self.attributes}

    @property
    def key_fields(self) -> dict[str, ColumnRule]:
        """What tells rows apart: the id, or else all that a key without one is made of."""
        chosen = (ID,) if ID in self.columns else KEY_FIELDS
        return {name: self.columns[name] for name in chosen if name in self.columns}


KEY_FIELDS = (
    "created_at",
    "phone",
    "email",
    "full_name",
    "given_name",
    "family_name",
    "interest_id",
    "interest_name",
)
"""What a row without an id is told apart by (key.py)."""


def _check_rule(name: str, rule: ColumnRule) -> None:
    if name in TIMES:
        _check_time(name, rule)
    elif rule.format or rule.zone:
        raise ValueError(f"{name} is no time: it has neither format nor zone")
    if name == CONSENT:
        _check_consent(name, rule)
    elif rule.true or rule.false:
        raise ValueError(f"{name} is text: it has no words for yes and no")


def _check_time(name: str, rule: ColumnRule) -> None:
    if rule.column is None or not rule.format:
        raise ValueError(f"{name} needs a column and a format")
    if rule.zone is None and not EPOCHS.issuperset(rule.format):
        raise ValueError(f"{name} needs a zone, such as Asia/Kolkata or UTC")


def _check_consent(name: str, rule: ColumnRule) -> None:
    if rule.constant is not None:
        if rule.constant not in {"true", "false"}:
            raise ValueError(f"{name} is true or false")
    elif not (rule.true and rule.false):
        raise ValueError(f"{name} needs the words for yes and no: true: [...], false: [...]")
    if set(map(str.casefold, rule.true)) & set(map(str.casefold, rule.false)):
        raise ValueError(f"{name} has a word that means both yes and no")
