"""Reads the sandbox as a stranger would: plain HTTP, signed by hand from the vendors' documents."""

import hmac
import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
from lxml import etree

from lead_pipeline.sandbox import Sandbox

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
STAR = "{http://www.starstandards.org/STAR}"
_ALPHANUMERICS = string.ascii_letters + string.digits


def epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def hmac_hex(key: str, message: str) -> str:
    return hmac.new(key.encode(), message.encode(), "sha256").hexdigest()


class Reader:
    """Asks one sandbox; `now` is the reader's own clock."""

    def __init__(self, sandbox: Sandbox, now: datetime = NOW) -> None:
        self.environment = sandbox.environment()
        self.now = now
        # Plain HTTP: to load certificates would cost more than most tests.
        self._http = httpx.Client(base_url=sandbox.base_url, timeout=30, verify=False)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    @contextmanager
    def stream(self, request: httpx.Request) -> Iterator[httpx.Response]:
        response = self._http.send(request, stream=True)
        try:
            yield response
        finally:
            response.close()

    def send(self, request: httpx.Request) -> httpx.Response:
        return self._http.send(request)

    def get(self, path: str, **query: str) -> httpx.Response:
        return self._http.get(path, params=query or None)

    def put(self, path: str, body: object) -> httpx.Response:
        return self._http.put(path, json=body)

    def put_bytes(self, path: str, body: bytes) -> httpx.Response:
        return self._http.put(path, content=body)

    def delete(self, path: str) -> httpx.Response:
        return self._http.delete(path)

    def housing(
        self, start: datetime, end: datetime, kind: str = "builder", /, **changes: str | None
    ) -> httpx.Response:
        """Ask for a window; a change of None leaves the parameter out."""
        return self.send(self.housing_request(start, end, kind, **changes))

    def housing_request(
        self, start: datetime, end: datetime, kind: str = "builder", /, **changes: str | None
    ) -> httpx.Request:
        """The same, not sent yet."""
        current_time = str(epoch(self.now))
        query: dict[str, str | None] = {
            "start_date": str(epoch(start)),
            "end_date": str(epoch(end)),
            "current_time": current_time,
            "hash": hmac_hex(self.environment["HOUSING_API_KEY"], current_time),
            "id": self.environment["HOUSING_ID"],
            **changes,
        }
        kept = {name: value for name, value in query.items() if value is not None}
        url = f"{self.environment['HOUSING_BASE_URL']}/api/v0/get-{kind}-leads"
        return self._http.build_request("GET", url, params=kept)

    def authenticate(
        self,
        *,
        timestamp: str | None = None,
        nonce: str | None = None,
        public_key: str | None = None,
        private_key: str | None = None,
    ) -> str:
        """Sign a header for Aimbase."""
        timestamp = timestamp or str(epoch(self.now))
        nonce = nonce or "".join(secrets.choice(_ALPHANUMERICS) for _ in range(50))
        public_key = public_key or self.environment["AIMBASE_PUBLIC_KEY"]
        signed = hmac_hex(
            private_key or self.environment["AIMBASE_PRIVATE_KEY"],
            f"{timestamp}{nonce}{public_key}",
        )
        return (
            f'Bearer timestamp="{timestamp}",nonce="{nonce}",'
            f'signature="{signed}",publickey="{public_key}"'
        )

    def aimbase(
        self, query: str = "", header: str | None = None, nmma_id: str | None = None
    ) -> httpx.Response:
        """Ask for leads; `header` replaces the signed one, and an empty one is not sent."""
        return self.send(self.aimbase_request(query, header, nmma_id))

    def aimbase_request(
        self, query: str = "", header: str | None = None, nmma_id: str | None = None
    ) -> httpx.Request:
        """The same, not sent yet."""
        sent = self.authenticate() if header is None else header
        account = nmma_id or self.environment["AIMBASE_NMMA_ID"]
        url = f"{self.environment['AIMBASE_BASE_URL']}/api/IncrementalLeadExport/{account}{query}"
        headers = {"Authenticate": sent} if sent else {}
        return self._http.build_request("GET", url, headers=headers)


def rows(response: httpx.Response) -> list[dict[str, object]]:
    """Housing's rows out of either envelope."""
    assert response.status_code == 200, response.text
    body = response.json()
    found = body if isinstance(body, list) else body["data"]
    assert isinstance(found, list)
    return found


def lead_times(response: httpx.Response) -> list[int]:
    return [int(str(row["lead_date"])) for row in rows(response)]


def sales_leads(response: httpx.Response) -> list[etree._Element]:
    """Aimbase's leads."""
    assert response.status_code == 200, response.text
    return etree.fromstring(response.content).findall(f"{STAR}DataArea/{STAR}SalesLead")


def text(lead: etree._Element, name: str) -> str:
    """The trimmed text of the only descendant with this name."""
    (found,) = lead.iter(f"{STAR}{name}")
    return (found.text or "").strip()


def texts(lead: etree._Element, name: str) -> list[str]:
    return [(found.text or "").strip() for found in lead.iter(f"{STAR}{name}")]
