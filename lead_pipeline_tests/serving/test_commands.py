"""`lead-pipeline listsmrt`: what it prints, and what it refuses."""

from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

from lead_pipeline.cli import main
from lead_pipeline.errors import ConfigError
from lead_pipeline.serving.configuration import CardField, GatewaySettings, read_gateway_settings
from lead_pipeline.serving.links import BadLink, read_link, sign_link
from lead_pipeline_tests.pipeline.conftest import environment

VARIABLES = {
    "LISTSMRT_API_KEY": "the-key",
    "LEAD_PIPELINE_LINK_SECRET": "the-secret",
    "LEAD_PIPELINE_GATEWAY_URL": "https://gateway.example/",
    "LEAD_PIPELINE_NOW": "2026-11-20T12:00:00Z",
}
NOW = 1_795_176_000


def command(*arguments: str, **variables: str) -> Result:
    with environment({**VARIABLES, **variables}):
        return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_the_url_is_filled_in() -> None:
    result = command("listsmrt", "url", "bed=2", "metadata=propertyId:17")
    assert result.output == (
        "https://api-app.listsmrt.com/api/v1/client/authorize/"
        "?api_key=the-key&bed=2&metadata=propertyId%3A17\n"
    )


def test_a_link_ends_in_time_and_carries_no_key() -> None:
    result = command("listsmrt", "link", "P 1", "bed=2", "--hours", "2")
    assert result.output.startswith("https://gateway.example/listings/P%201/generate?bed=2&")
    assert "the-key" not in result.output
    query = urlsplit(result.output.strip()).query.encode()
    assert read_link("the-secret", "P 1", query, NOW + 7200) == {"bed": "2"}
    with pytest.raises(BadLink, match="time is up"):
        read_link("the-secret", "P 1", query, NOW + 7201)


@pytest.mark.parametrize(
    "arguments",
    [("url", "bed=11"), ("url", "bed"), ("link", "a,b"), ("link", "P1", "colour=red")],
)
def test_what_cannot_be_said_is_refused(arguments: tuple[str, ...]) -> None:
    result = command("listsmrt", *arguments)
    assert result.exit_code == 2
    assert "the-key" not in result.output


@pytest.mark.parametrize(
    ("arguments", "variable"),
    [(("url",), "LISTSMRT_API_KEY"), (("link", "P1"), "LEAD_PIPELINE_LINK_SECRET")],
)
def test_a_missing_secret_is_named(arguments: tuple[str, ...], variable: str) -> None:
    result = command("listsmrt", *arguments, **{variable: ""})
    assert result.exit_code == 2
    assert variable in result.output


@pytest.mark.parametrize(
    "query",
    [b"", b"sig=", b"&sig=x", b"expires=1", b"expires=x&sig=1", b"\xff&sig=1", b"a=1&a=2&sig=x"],
)
def test_what_is_no_link(query: bytes) -> None:
    with pytest.raises(BadLink):
        read_link("the-secret", "P1", query, NOW)


def test_a_link_is_for_one_property() -> None:
    query = sign_link("s", "P1", {}, NOW).partition("?")[2].encode()
    assert read_link("s", "P1", query, NOW) == {}
    for property_id, secret in (("P2", "s"), ("P1", "t"), ("", "s")):
        with pytest.raises(BadLink):
            read_link(secret, property_id, query, NOW)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SOCIALSIGNIN_FRAME_ANCESTORS", "*; script-src *"),
        ("SOCIALSIGNIN_FRAME_ANCESTORS", ""),
        ("SOCIALSIGNIN_CARD_FIELDS", "phones,shoes"),
        ("SOCIALSIGNIN_MOST_RESULTS", "0"),
        ("LISTSMRT_BASE_URL", "ftp://x"),
    ],
)
def test_a_wrong_setting_is_named(variable: str, value: str) -> None:
    with environment({variable: value}), pytest.raises(ConfigError, match=variable):
        read_gateway_settings()


def test_what_is_off_is_told() -> None:
    with environment({}):
        settings = GatewaySettings()
    assert len(settings.switched_off()) == 7
    assert settings.shown == set(CardField)
