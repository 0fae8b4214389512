"""`lead-pipeline listsmrt`: addresses that open ListSMRT's form, filled in."""

from datetime import timedelta

import click

from lead_pipeline.errors import ConfigError
from lead_pipeline.serving.configuration import read_gateway_settings
from lead_pipeline.serving.links import sign_link
from lead_pipeline.serving.properties import listing_for
from lead_pipeline.settings import read_settings
from lead_pipeline.vendors.listsmrt.authorize import (
    NotExpressible,
    authorize_url,
    listing_of,
    spoken,
)


@click.group()
def listsmrt() -> None:
    """Make addresses that open ListSMRT's form, filled in: NAME=VALUE as its document has them."""


@listsmrt.command("url")
@click.argument("said", metavar="[NAME=VALUE]...", nargs=-1)
def url(said: tuple[str, ...]) -> None:
    """Print the authorize URL itself. It carries LISTSMRT_API_KEY: give it to nobody.

    For example: address="1 Example Street" bed=2 metadata=propertyId:17
    """
    settings = read_gateway_settings()
    key = settings.listsmrt_api_key.get_secret_value()
    try:
        listing = listing_of(spoken(said))
        address = authorize_url(
            _needed(key, "LISTSMRT_API_KEY"), listing, settings.listsmrt_base_url
        )
    except NotExpressible as error:
        raise click.UsageError(str(error)) from None
    click.echo(address)


@listsmrt.command("link")
@click.argument("property_id", metavar="PROPERTY_ID")
@click.argument("said", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--hours", type=click.IntRange(1, 24 * 366), default=24, help="How long it works.")
def link(property_id: str, said: tuple[str, ...], hours: int) -> None:
    """Print a link to the gateway that redirects to it. It carries no key, and ends."""
    settings = read_gateway_settings()
    secret = settings.link_secret.get_secret_value()
    expires = read_settings().moment + timedelta(hours=hours)
    try:
        texts = spoken(said)
        listing_for(None, property_id, texts)
    except NotExpressible as error:
        raise click.UsageError(str(error)) from None
    path = sign_link(
        _needed(secret, "LEAD_PIPELINE_LINK_SECRET"),
        property_id,
        texts,
        int(expires.timestamp()),
    )
    click.echo(f"{settings.public_url}{path}")


def _needed(value: str, variable: str) -> str:
    if not value:
        raise ConfigError(
            f"{variable} is not set",
            state="nothing was done",
            next_step=f"set {variable} (see .env.example), then the same command again",
        )
    return value
