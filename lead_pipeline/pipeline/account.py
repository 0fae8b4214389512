"""One account of one vendor, as its YAML describes it."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from lead_pipeline.errors import ConfigError
from lead_pipeline.records import Subject
from lead_pipeline.vendors.contract import Client, Vendor


@dataclass(frozen=True, slots=True)
class Account:
    """An account that is on (it has a client), off (no secret is set), or half set.

    `missing` names the variables that are not set.
    """

    name: str
    vendor: Vendor
    environment: str
    client: Client | None
    missing: tuple[str, ...] = ()
    is_off: bool = False

    def require_client(self) -> Client:
        """Its client. Raises ConfigError, naming the missing variables, where it has none."""
        if self.client is None:
            raise ConfigError(
                f"{' and '.join(self.missing)} {'is' if len(self.missing) == 1 else 'are'} not set",
                subject=Subject(self.vendor.source, self.name),
                state="the account was not asked; the others are untouched",
                next_step="set what is missing (see .env.example), then "
                f"lead-pipeline doctor --account {self.name}",
            )
        return self.client


def environment_of(base_url: str) -> str:
    """`loopback` for an address of this machine, else `production`."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return "loopback"
    try:
        return "loopback" if ipaddress.ip_address(host).is_loopback else "production"
    except ValueError:
        return "production"
