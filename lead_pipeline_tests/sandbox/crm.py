"""Reads the imitated CRM as a stranger would: signed by hand from the vendor's document."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import httpx

from lead_pipeline_tests.sandbox.reader import Reader

STREAMS = ("contacts", "companies", "deals", "tasks")
Record = dict[str, Any]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_of(reader: Reader) -> str:
    """The reader's time as RFC 7231 writes it."""
    now = reader.now
    day = f"{_DAYS[now.weekday()]}, {now.day:02d} {_MONTHS[now.month - 1]} {now.year}"
    return f"{day} {now:%H:%M:%S} GMT"


def hmac_base64(secret: str, message: str) -> str:
    digest = hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def signed(
    reader: Reader,
    path: str,
    *,
    username: str | None = None,
    secret: str | None = None,
    date: str | None = None,
    request_line: str | None = None,
    **headers: str | None,
) -> httpx.Request:
    """GET below `/qontak/crm`; a header of None is left out."""
    environment = reader.environment
    request = httpx.Request("GET", f"{environment['QONTAK_BASE_URL']}/qontak/crm{path}")
    date = date or date_of(reader)
    line = request_line or f"GET {request.url.raw_path.decode()} HTTP/1.1"
    signature = hmac_base64(
        secret or environment["QONTAK_CLIENT_SECRET"], "\n".join([f"date: {date}", line])
    )
    sent = {
        "Date": date,
        "Authorization": (
            f'hmac username="{username or environment["QONTAK_CLIENT_ID"]}", '
            f'algorithm="hmac-sha256", headers="date request-line", signature="{signature}"'
        ),
        "X-Crm-User-Sso-Id": environment["QONTAK_SSO_ID"],
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    request.headers.update({name: value for name, value in sent.items() if value is not None})
    return request


def get(reader: Reader, path: str) -> httpx.Response:
    return reader.send(signed(reader, path))


def document(reader: Reader, path: str) -> Record:
    response = get(reader, path)
    assert response.status_code == 200, response.text
    found: Record = response.json()
    return found


def page(reader: Reader, stream: str, number: int, per_page: int = 50) -> list[Record]:
    found: list[Record] = document(reader, f"/{stream}?page={number}&per_page={per_page}")[
        "response"
    ]
    return found


def scan(reader: Reader, stream: str, per_page: int = 50) -> Iterator[Record]:
    """Every object, page after page until one is empty."""
    number = 1
    while records := page(reader, stream, number, per_page):
        yield from records
        number += 1


def content_digest(record: Record) -> str:
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
