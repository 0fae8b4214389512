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


def digest_of(body: bytes) -> str:
    return f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def signed(
    reader: Reader,
    path: str,
    body: bytes = b"",
    /,
    *,
    method: str | None = None,
    username: str | None = None,
    secret: str | None = None,
    date: str | None = None,
    request_line: str | None = None,
    **headers: str | None,
) -> httpx.Request:
    """A request below `/qontak/crm`; a header of None is left out."""
    environment = reader.environment
    method = method or "GET"
    request = httpx.Request(
        method, f"{environment['QONTAK_BASE_URL']}/qontak/crm{path}", content=body
    )
    date = date or date_of(reader)
    line = request_line or f"{method} {request.url.raw_path.decode()} HTTP/1.1"
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
        **({"Digest": digest_of(body), "Content-Type": "application/json"} if body else {}),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    request.headers.update({name: value for name, value in sent.items() if value is not None})
    return request


def get(reader: Reader, path: str) -> httpx.Response:
    return reader.send(signed(reader, path))


def write(
    reader: Reader, method: str, path: str, fields: object = None, **headers: str | None
) -> httpx.Response:
    """POST, PUT or DELETE, with a document if there is one."""
    body = b"" if fields is None else json.dumps(fields).encode()
    return reader.send(signed(reader, path, body, method=method, **headers))


def create(reader: Reader, stream: str, fields: Record) -> Record:
    """What the vendor answers of a new object."""
    response = write(reader, "POST", f"/{stream}", fields)
    assert response.status_code == 200, response.text
    found: Record = response.json()["response"]
    return found


def one(reader: Reader, stream: str, given: object) -> Record:
    """A single object, in a list or not."""
    found: Record | list[Record] = document(reader, f"/{stream}/{given}")["response"]
    return found[0] if isinstance(found, list) else found


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
