"""The URL that opens ListSMRT's form, filled in (README.md, Authorize URL)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import quote

from lead_pipeline.vendors.listsmrt.options import (
    COMMERCIAL_TYPES,
    FEATURES,
    RESIDENTIAL_TYPES,
    CampaignType,
    LandStatus,
    Language,
    PerfectFor,
    ToneOfVoice,
)

BASE_URL = "https://api-app.listsmrt.com"
PATH = "/api/v1/client/authorize/"
MOST_ROOMS = 10

Option = TypeVar("Option", bound=StrEnum)


class NotExpressible(ValueError):  # noqa: N818 - named after what happened
    """ListSMRT's address has no way to say this. The message names the parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the form is filled in with; every parameter of the document but the API key.

    Raises NotExpressible for what is outside the vendor's ranges and lists. `type` must be one
    of the campaign's types, or of any campaign's where none is given.
    """

    highlight: str = ""
    campaign_type: CampaignType | None = None
    address: str = ""
    type: str = ""
    land_size: str = ""
    strata_rates: str = ""
    land_rates: str = ""
    water_rates: str = ""
    weekly_rent: str = ""
    bed: int = 0
    bath: int = 0
    garage: int = 0
    parking: int = 0
    land_status: LandStatus | None = None
    feature_details_id: tuple[int, ...] = ()
    perfect_for: tuple[PerfectFor, ...] = ()
    tone_of_voice: ToneOfVoice = ToneOfVoice.NEUTRAL
    language_input: Language = Language.EN
    language_output: Language = Language.EN
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be said."""
        for name in ("bed", "bath", "garage", "parking"):
            if not 0 <= getattr(self, name) <= MOST_ROOMS:
                raise NotExpressible(f"{name} must be from 0 to {MOST_ROOMS}")
        types = (
            self.campaign_type.property_types
            if self.campaign_type
            else RESIDENTIAL_TYPES | COMMERCIAL_TYPES
        )
        if self.type and self.type not in types:
            raise NotExpressible(
                f"type must be one of {', '.join(sorted(types))}"
                + (f" for {self.campaign_type}" if self.campaign_type else "")
            )
        if unknown := set(self.feature_details_id) - FEATURES.keys():
            raise NotExpressible(f"feature_details_id has no {min(unknown)}: 1 to {max(FEATURES)}")
        for name in ("feature_details_id", "perfect_for"):
            if len(set(getattr(self, name))) < len(getattr(self, name)):
                raise NotExpressible(f"{name} names something twice")
        _require_plain(self.metadata)

    def parameters(self) -> dict[str, str]:
        """By the vendor's names, as text; what is as the vendor takes it anyway is left out."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: _text(value) for name, value in said.items() if value != _UNSAID[name]}


def authorize_url(api_key: str, listing: Listing, base_url: str = BASE_URL) -> str:
    """The address, percent-encoded. It carries the API key: show it to nobody but the browser.

    Raises NotExpressible for text that is no Unicode.
    """
    if not api_key:
        raise NotExpressible("api_key is required")
    pairs = {"api_key": api_key, **listing.parameters()}
    try:
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs.items())
    except UnicodeEncodeError:
        raise NotExpressible("some text is no Unicode") from None
    return f"{base_url.rstrip('/')}{PATH}?{query}"


def listing_of(texts: Mapping[str, str]) -> Listing:
    """A listing of text by the vendor's names; what is empty is left to the vendor.

    Raises NotExpressible for a name that the document does not have, and for such a value.
    """
    if unknown := sorted(texts.keys() - _READERS.keys()):
        raise NotExpressible(f"there is no parameter {unknown[0]}: {', '.join(_READERS)}")
    values: dict[str, Any] = {
        name: _READERS[name](name, text) for name, text in texts.items() if text
    }
    return Listing(**values)


def _require_plain(metadata: Mapping[str, str]) -> None:
    """Key and value are parted by a colon, pairs by a comma: neither has an escape."""
    for name, value in metadata.items():
        if not name or not value:
            raise NotExpressible("metadata needs both a name and a value")
        if {",", ":"} & {*name, *value}:
            raise NotExpressible(f"metadata cannot hold a comma or a colon: {name!r}")


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, Mapping):
        return ",".join(f"{name}:{text}" for name, text in value.items())
    return str(value)


def _as_text(_: str, text: str) -> str:
    return text


def _whole_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 2):
        raise NotExpressible(f"{name} takes whole numbers")
    return int(text)


def _one_of(options: type[Option]) -> Callable[[str, str], Option]:
    def read(name: str, text: str) -> Option:
        try:
            return options(text)
        except ValueError:
            raise NotExpressible(f"{name} must be one of {', '.join(options)}") from None

    return read


def _several(read: Callable[[str, str], Any]) -> Callable[[str, str], tuple[Any, ...]]:
    return lambda name, text: tuple(read(name, part.strip()) for part in text.split(","))


def _metadata(name: str, text: str) -> dict[str, str]:
    pairs = [pair.partition(":") for pair in text.split(",")]
    if not all(colon for _, colon, _ in pairs) or len({key for key, _, _ in pairs}) < len(pairs):
        raise NotExpressible(f"{name} takes name:value,name:value, each name once")
    return {key: value for key, _, value in pairs}


_READERS: dict[str, Callable[[str, str], Any]] = {
    **{one.name: _as_text for one in fields(Listing)},
    **dict.fromkeys(("bed", "bath", "garage", "parking"), _whole_number),
    "campaign_type": _one_of(CampaignType),
    "land_status": _one_of(LandStatus),
    "feature_details_id": _several(_whole_number),
    "perfect_for": _several(_one_of(PerfectFor)),
    "tone_of_voice": _one_of(ToneOfVoice),
    "language_input": _one_of(Language),
    "language_output": _one_of(Language),
    "metadata": _metadata,
}
_UNSAID: dict[str, Any] = {one.name: getattr(Listing(), one.name) for one in fields(Listing)}


def spoken(texts: Iterable[str]) -> dict[str, str]:
    """`NAME=VALUE` each, by name. Raises NotExpressible."""
    pairs = [text.partition("=") for text in texts]
    for name, sign, _ in pairs:
        if not sign or [one for one, _, _ in pairs].count(name) > 1:
            raise NotExpressible(f"{name!r}: give NAME=VALUE, each name once")
    return {name: value for name, _, value in pairs}
