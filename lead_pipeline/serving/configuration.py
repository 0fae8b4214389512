"""The gateway's environment variables, typed, read once.

A secret that is not set turns its endpoint off.
"""

import re
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from lead_pipeline.errors import ConfigError
from lead_pipeline.vendors.listsmrt.authorize import BASE_URL

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.*\-]+(:[0-9]+)?")


class CardField(StrEnum):
    """What a card may show beside the name."""

    PHONES = "phones"
    EMAILS = "emails"
    SINCE = "since"
    CONSENT = "consent"
    ENQUIRIES = "enquiries"
    COMMENTS = "comments"
    COPY = "copy"
    CRM = "crm"
    DEALS = "deals"
    TASKS = "tasks"


def _origins(text: str) -> str:
    if not text.split() or not all(map(_ORIGIN.fullmatch, text.split())):
        raise ValueError("must be origins such as https://app.example.com, separated by blanks")
    return text


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not text.isprintable():
        raise ValueError("must be an http or https address")
    return text.rstrip("/")


def _fields(text: str) -> str:
    if unknown := set(_split(text)) - set(CardField):
        raise ValueError(f"{min(unknown)} is none of {', '.join(CardField)}")
    return text


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_NOTHING = SecretStr("")


class GatewaySettings(BaseSettings):
    """What the gateway needs beyond the settings of every command."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True)

    listsmrt_base_url: Annotated[str, AfterValidator(_web_address)] = Field(
        BASE_URL, validation_alias="LISTSMRT_BASE_URL"
    )
    listsmrt_api_key: SecretStr = Field(_NOTHING, validation_alias="LISTSMRT_API_KEY")
    listsmrt_signing_secrets: SecretStr = Field(
        _NOTHING, validation_alias="LISTSMRT_SIGNING_SECRETS"
    )
    search_secret: SecretStr = Field(_NOTHING, validation_alias="SOCIALSIGNIN_SEARCH_SECRET")
    iframe_secret: SecretStr = Field(_NOTHING, validation_alias="SOCIALSIGNIN_IFRAME_SECRET")
    frame_ancestors: Annotated[str, AfterValidator(_origins)] = Field(
        "https://app.socialsignin.net", validation_alias="SOCIALSIGNIN_FRAME_ANCESTORS"
    )
    card_fields: Annotated[str, AfterValidator(_fields)] = Field(
        ",".join(CardField), validation_alias="SOCIALSIGNIN_CARD_FIELDS"
    )
    most_results: int = Field(20, ge=1, le=100, validation_alias="SOCIALSIGNIN_MOST_RESULTS")
    link_secret: SecretStr = Field(_NOTHING, validation_alias="LEAD_PIPELINE_LINK_SECRET")
    public_url: Annotated[str, AfterValidator(_web_address)] = Field(
        "http://127.0.0.1:8080", validation_alias="LEAD_PIPELINE_GATEWAY_URL"
    )
    metrics_token: SecretStr = Field(_NOTHING, validation_alias="LEAD_PIPELINE_METRICS_TOKEN")
    report_token: SecretStr = Field(_NOTHING, validation_alias="LEAD_PIPELINE_REPORT_TOKEN")
    crm_contact_url: str = Field("", validation_alias="LEAD_PIPELINE_CRM_CONTACT_URL")

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """Any of them may have signed a webhook."""
        return _split(self.listsmrt_signing_secrets.get_secret_value())

    @property
    def shown(self) -> frozenset[CardField]:
        """What a card shows."""
        return frozenset(map(CardField, _split(self.card_fields)))

    def switched_off(self) -> dict[str, str]:
        """Endpoints that answer 503, each with the variable that would turn it on."""
        needed: dict[str, tuple[SecretStr | tuple[str, ...], str]] = {
            "/listsmrt/webhook": (self.signing_secrets, "LISTSMRT_SIGNING_SECRETS"),
            "/listings/{id}/generate": (self.listsmrt_api_key, "LISTSMRT_API_KEY"),
            "/listings/{id}/generate, its links": (self.link_secret, "LEAD_PIPELINE_LINK_SECRET"),
            "/socialsignin/search": (self.search_secret, "SOCIALSIGNIN_SEARCH_SECRET"),
            "/socialsignin/iframe": (self.iframe_secret, "SOCIALSIGNIN_IFRAME_SECRET"),
            "/metrics": (self.metrics_token, "LEAD_PIPELINE_METRICS_TOKEN"),
            "/report": (self.report_token, "LEAD_PIPELINE_REPORT_TOKEN"),
        }
        return {path: variable for path, (secret, variable) in needed.items() if not secret}


def read_gateway_settings() -> GatewaySettings:
    """Read the environment. Raises ConfigError naming each variable that is wrong."""
    try:
        return GatewaySettings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{item['loc'][0]}: {item['msg']}" for item in error.errors(include_input=False)
        )
        raise ConfigError(
            f"a setting cannot be used: {wrong}",
            state="nothing was started",
            next_step="correct the variable (see .env.example), then the same command again",
        ) from None
