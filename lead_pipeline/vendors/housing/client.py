"""Asking Housing (README.md, Request)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from lead_pipeline.errors import VendorError
from lead_pipeline.records import Window
from lead_pipeline.vendors import json
from lead_pipeline.vendors.client import AccountClient
from lead_pipeline.vendors.contract import (
    Bodies,
    Body,
    Deadline,
    Delivery,
    Probe,
    UnreadableDocument,
)
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.glance import Glance
from lead_pipeline.vendors.housing.parse import HOUSING, ErrorObject, rows
from lead_pipeline.vendors.housing.signature import request_hash
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.refusals import Asking, refused_by_content, unreadable
from lead_pipeline.vendors.request import (
    Pairs,
    Request,
    checked_text,
    wrong_setting,
)

DEFAULT_ROWS = 100
"""What the vendor cuts at when it ignores `per_page`."""
MOST_ROWS = 1000
SECOND = timedelta(seconds=1)


class Endpoint(StrEnum):
    """Whose leads: those on a builder's projects or on a broker's flats."""

    BUILDER = "builder"
    BROKER = "broker"


class HousingClient(AccountClient):
    """One account of Housing. A `contract.Client`.

    `credentials` names the environment variables of id and key, for error messages.
    Raises ConfigError for settings that cannot be used.
    """

    def __init__(
        self,
        *,
        account: str,
        base_url: str,
        account_id: str,
        api_key: str,
        http: HttpClient,
        endpoint: Endpoint | str = Endpoint.BUILDER,
        per_page: int = MOST_ROWS,
        max_window: timedelta = timedelta(days=2),
        project_ids: tuple[str, ...] = (),
        apartment_names: tuple[str, ...] = (),
        flat_ids: tuple[str, ...] = (),
        default_country: str = "IN",
        credentials: tuple[str, ...] = (),
    ) -> None:
        reading = {"default_country": default_country}
        super().__init__(HOUSING, account, base_url, http, reading, credentials)
        subject = self.subject()
        if not 1 <= per_page <= MOST_ROWS:
            raise wrong_setting(f"per_page must be 1 to {MOST_ROWS}", subject)
        if max_window < SECOND:
            raise wrong_setting("max_window must be at least a second", subject)
        self._account_id = checked_text(account_id, "the account id", subject)
        self._api_key = checked_text(api_key, "the API key", subject)
        self._path = f"/api/v0/get-{Endpoint(endpoint)}-leads"
        self._per_page = per_page
        self._max_window = timedelta(seconds=int(max_window.total_seconds()))
        self._filters = tuple(
            (name, ",".join(values))
            for name, values in (
                ("project_ids", project_ids),
                ("apartment_names", apartment_names),
                ("flat_ids", flat_ids),
            )
            if values
        )

    def plan(self, stream: str, window: Window, now: datetime) -> tuple[Window, ...]:
        """Whole seconds, at most `max_window` each, none ending after `now`."""
        HOUSING.require(stream)
        start, end = _floor(window.start), min(_ceiling(window.end), _floor(now))
        pieces = []
        while start < end:
            stop = min(start + self._max_window, end)
            pieces.append(Window(start, stop))
            start = stop
        return tuple(pieces)

    def fetch(
        self, stream: str, piece: Window, bodies: Bodies, deadline: Deadline
    ) -> Iterator[Delivery]:
        """Ask; where the answer may be cut off, ask again for each half.

        A delivery that cannot be read is yielded before its error is raised, so that it is kept.
        """
        HOUSING.require(stream)
        pending = [Window(_floor(piece.start), _ceiling(piece.end))]
        while pending:
            window = pending.pop()
            asking = self._asking(window)
            request = self._request(window)
            answer = self._http.ask(request, self._sign, asking, bodies, deadline)
            count = _count(answer.body, answer.status, asking)
            whole = isinstance(count, int) and count not in (self._per_page, DEFAULT_ROWS)
            yield answer.delivery(stream, window, covers=whole)
            if isinstance(count, VendorError):
                raise count
            if not whole:
                pending.extend(_halves(window, asking, count))

    def refetchable_until(self, day: date) -> datetime | None:  # noqa: ARG002 - the contract's
        """Housing names no horizon."""
        return None

    def probe(self) -> Probe:
        """Ask for the second before now."""
        now = _floor(self._http.clock())
        window = Window(now - SECOND, now)
        asking = self._asking()
        http = self._http
        try:
            answer = http.ask(self._request(window), self._sign, asking, Glance(), Countdown(60))
            failure = _count(answer.body, answer.status, asking)
        except VendorError as error:
            failure = error
        if isinstance(failure, VendorError):
            return Probe(False, failure.what, http.clock_offset_seconds)
        return Probe(True, "the credentials are accepted", http.clock_offset_seconds)

    def _request(self, window: Window) -> Request:
        query: Pairs = (
            ("start_date", str(int(window.start.timestamp()))),
            ("end_date", str(int(window.end.timestamp()))),
            ("id", self._account_id),
            ("per_page", str(self._per_page)),
        )
        return Request(self.base_url, self._path, query + self._filters)

    def _sign(self, request: Request, now: datetime) -> Request:
        current_time = str(int(now.timestamp()))
        signature = request_hash(self._api_key, current_time)
        return request.with_query(("current_time", current_time), ("hash", signature))


def _count(body: Body, status: int, asking: Asking) -> int | VendorError:
    """How many rows a body holds, or the error that it is."""
    try:
        with body.open() as opened:
            found, _ = rows(json.load(opened))
    except ErrorObject as error:
        return refused_by_content(f"it answered {status}, but {error}", status, asking)
    except UnreadableDocument as error:
        return unreadable(f"it answered {status}, but {error}", asking, kept=True)
    return len(found)


def _halves(window: Window, asking: Asking, count: int) -> tuple[Window, Window]:
    """The later half first: the last of a list is asked next. They share their boundary second."""
    seconds = int((window.end - window.start).total_seconds())
    if seconds <= 1:
        what = f"a single second holds {count} rows, so more were cut off than can be asked for"
        raise unreadable(what, asking, kept=True)
    middle = window.start + timedelta(seconds=seconds // 2)
    return Window(middle, window.end), Window(window.start, middle)


def _floor(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _ceiling(moment: datetime) -> datetime:
    whole = _floor(moment)
    return whole if whole == moment else whole + SECOND
