"""What the clients of all vendors do alike."""

from collections.abc import Iterator
from datetime import datetime

from lead_pipeline.records import Subject, Window
from lead_pipeline.vendors.contract import (
    Bodies,
    Deadline,
    Delivery,
    Reading,
    ScanVerdict,
    Vendor,
)
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.refusals import Asking
from lead_pipeline.vendors.request import checked_base_url


class AccountClient:
    """One account. Keeps no cursor and scans nothing, unless its vendor's class says how.

    `credentials` names the environment variables, for error messages. Raises ConfigError for a
    `base_url` that is none.
    """

    def __init__(
        self,
        vendor: Vendor,
        account: str,
        base_url: str,
        http: HttpClient,
        reading: Reading,
        credentials: tuple[str, ...],
    ) -> None:
        self.vendor = vendor
        self.account = account
        self.base_url = checked_base_url(base_url, self.subject())
        self.reading = reading
        self._http = http
        self._credentials = credentials

    def __repr__(self) -> str:
        return f"{type(self).__name__}(account={self.account!r}, base_url={self.base_url!r})"

    def subject(self, window: Window | None = None) -> Subject:
        """What errors about this account name."""
        return Subject(self.vendor.source, self.account, window)

    def close(self) -> None:
        """Close the open connection."""
        self._http.close()

    @property
    def moves_cursor(self) -> bool:
        """False: asking changes nothing at the vendor."""
        return False

    def fetch_new(
        self,
        stream: str,
        since: datetime | None,  # noqa: ARG002 - the contract's
        bodies: Bodies,  # noqa: ARG002 - the contract's
        deadline: Deadline,  # noqa: ARG002 - the contract's
    ) -> Iterator[Delivery]:
        """Raises ValueError: there is no cursor."""
        raise ValueError(f"{self.vendor.source} keeps no cursor for {stream!r}")

    def recover(
        self,
        stream: str,
        bodies: Bodies,  # noqa: ARG002 - the contract's
        deadline: Deadline,  # noqa: ARG002 - the contract's
    ) -> Iterator[Delivery]:
        """Raises ValueError: there is no cursor."""
        raise ValueError(f"{self.vendor.source} keeps no cursor for {stream!r}")

    def scan(
        self,
        stream: str,
        resume: str | None,  # noqa: ARG002 - the contract's
        bodies: Bodies,  # noqa: ARG002 - the contract's
        deadline: Deadline,  # noqa: ARG002 - the contract's
    ) -> Iterator[Delivery | ScanVerdict]:
        """Raises ValueError: there is no scanned stream."""
        raise ValueError(f"{self.vendor.source} has no scanned stream {stream!r}")

    def _asking(self, window: Window | None = None) -> Asking:
        return Asking(self.subject(window), self._credentials)
