"""Asks a vendor for one day, or one page, with a plain client or a bare socket."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx

from lead_pipeline_tests.sandbox.crm import signed
from lead_pipeline_tests.sandbox.reader import Reader

VENDORS = ("housing", "aimbase", "qontak")
DAY = datetime(2026, 11, 18, tzinfo=UTC)
_LAST = DAY + timedelta(days=1, seconds=-1)


def request(reader: Reader, vendor: str) -> httpx.Request:
    if vendor == "housing":
        return reader.housing_request(DAY, _LAST)
    if vendor == "qontak":
        return signed(reader, "/contacts?page=2&per_page=100")
    return reader.aimbase_request("?Date=11/18/2026")


def ask(reader: Reader, vendor: str) -> httpx.Response:
    return reader.send(request(reader, vendor))


@contextmanager
def asked(reader: Reader, vendor: str) -> Iterator[socket.socket]:
    """A socket on which the request has been sent."""
    wanted = request(reader, vendor)
    assert wanted.url.port is not None
    with socket.create_connection((wanted.url.host, wanted.url.port), timeout=10) as connection:
        connection.sendall(written(wanted))
        yield connection


def written(wanted: httpx.Request) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{name}: {value}" for name, value in wanted.headers.items()]
    return "\r\n".join([f"GET {wanted.url.raw_path.decode()} HTTP/1.1", *lines, "", ""]).encode()


def until_closed(connection: socket.socket) -> bytes:
    """All that comes before the other side closes."""
    received = bytearray()
    while piece := connection.recv(1 << 20):
        received += piece
    return bytes(received)
