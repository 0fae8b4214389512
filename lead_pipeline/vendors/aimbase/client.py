"""Asking Aimbase (README.md, Request): by its calendar days, or for what is new."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lead_pipeline.records import Subject, Window, day_window
from lead_pipeline.vendors.aimbase.parse import AIMBASE
from lead_pipeline.vendors.aimbase.signature import authenticate, new_nonce
from lead_pipeline.vendors.client import AccountClient
from lead_pipeline.vendors.contract import (
    Bodies,
    Deadline,
    Delivery,
    Probe,
    UnreadableDocument,
)
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.refusals import Asking, unreadable
from lead_pipeline.vendors.request import (
    Pairs,
    Request,
    checked_header_text,
    checked_text,
    wrong_setting,
)

DAY = timedelta(days=1)
MOST_DAYS = 7
"""What `Days` may be at most."""


class Mode(StrEnum):
    """How leads are asked for: by day, or by the cursor that the vendor keeps."""

    WINDOWS = "windows"
    INCREMENTAL = "incremental"


class AimbaseClient(AccountClient):
    """One account of Aimbase. A `contract.Client`.

    `vendor_zone` is where the vendor's days begin, `horizon` how many of them before today can be
    asked for. `credentials` names the environment variables, for error messages.
    Raises ConfigError for settings that cannot be used.
    """

    def __init__(
        self,
        *,
        account: str,
        base_url: str,
        nmma_id: str,
        public_key: str,
        private_key: str,
        http: HttpClient,
        mode: Mode | str = Mode.WINDOWS,
        vendor_zone: str = "America/Chicago",
        horizon: timedelta = timedelta(days=7),
        default_country: str = "US",
        credentials: tuple[str, ...] = (),
    ) -> None:
        reading = {"default_country": default_country, "vendor_zone": vendor_zone}
        super().__init__(AIMBASE, account, base_url, http, reading, credentials)
        subject = self.subject()
        self._mode = Mode(mode)
        nmma_id = checked_text(nmma_id, "the NMMA id", subject)
        self._path = f"/api/IncrementalLeadExport/{quote(nmma_id, safe='')}"
        self._public_key = checked_header_text(public_key, "the public key", subject)
        self._private_key = checked_text(private_key, "the private key", subject)
        self._zone = _zone(vendor_zone, subject)
        self._horizon = horizon.days

    def plan(self, stream: str, window: Window, now: datetime) -> tuple[Window, ...]:
        """Every vendor day that the window touches, has begun and is not past the horizon.

        Each is that whole local day in UTC (23 to 25 hours), the current one up to `now`.
        """
        AIMBASE.require(stream)
        today = now.astimezone(self._zone).date()
        last_moment = window.end - timedelta(microseconds=1)
        first = max(window.start.astimezone(self._zone).date(), today - self._horizon * DAY)
        last = min(last_moment.astimezone(self._zone).date(), today)
        days = (first + n * DAY for n in range((last - first).days + 1))
        starts_and_ends = (
            (self._midnight(day), min(self._midnight(day + DAY), now)) for day in days
        )
        return tuple(Window(start, end) for start, end in starts_and_ends if start < end)

    def fetch(
        self, stream: str, piece: Window, bodies: Bodies, deadline: Deadline
    ) -> Iterator[Delivery]:
        """Ask for the vendor day in which `piece` starts."""
        AIMBASE.require(stream)
        day = piece.start.astimezone(self._zone).date()
        asking = self._asking(piece)
        request = self._request(("Date", day.strftime("%m/%d/%Y")))
        answer = self._http.ask(request, self._sign, asking, bodies, deadline)
        yield answer.delivery(stream, piece)

    @property
    def moves_cursor(self) -> bool:
        """Whether the account is in incremental mode."""
        return self._mode is Mode.INCREMENTAL

    def fetch_new(
        self, stream: str, since: datetime | None, bodies: Bodies, deadline: Deadline
    ) -> Iterator[Delivery]:
        """Ask with neither Days nor Date: the one call that moves the vendor's cursor."""
        self._require_cursor(stream)
        asking = self._asking()
        answer = self._http.ask(self._request(), self._sign, asking, bodies, deadline, once=True)
        window = self._read_since(since, answer.requested_at)
        yield from self._if_readable(answer.delivery(stream, window), asking)

    def recover(self, stream: str, bodies: Bodies, deadline: Deadline) -> Iterator[Delivery]:
        """Ask for `Days=7`, or fewer if the horizon is nearer."""
        self._require_cursor(stream)
        within_reach = self._within_reach(self._http.clock())
        asking = self._asking(within_reach)
        request = self._request(("Days", str(self._most_days)))
        answer = self._http.ask(request, self._sign, asking, bodies, deadline)
        window = self._within_reach(answer.requested_at)
        yield from self._if_readable(answer.delivery(stream, window), asking)

    def _require_cursor(self, stream: str) -> None:
        AIMBASE.require(stream)
        if not self.moves_cursor:
            raise ValueError(f"{self.account} is asked by windows, not by what is new")

    @property
    def _most_days(self) -> int:
        return min(MOST_DAYS, self._horizon + 1)

    def _within_reach(self, moment: datetime) -> Window:
        """What `Days` surely answers with: whether a day is 24 hours or one of the calendar."""
        today = moment.astimezone(self._zone).date()
        by_calendar = self._midnight(today - (self._most_days - 1) * DAY)
        return Window(max(by_calendar, moment - self._most_days * DAY), moment)

    def _read_since(self, since: datetime | None, moment: datetime) -> Window | None:
        """What a call at `moment` has surely answered with; None if its cursor is not known."""
        if since is None or not self._within_reach(moment).start <= since < moment:
            return None
        return Window(since, moment)

    def _if_readable(self, delivery: Delivery, asking: Asking) -> Iterator[Delivery]:
        """The delivery; of a document that cannot be read all but the claim, then its error."""
        try:
            with delivery.body.open() as body:
                for _ in AIMBASE.parse(delivery.stream, body, self.reading, {}):
                    pass
        except UnreadableDocument as error:
            yield replace(delivery, window=None, covers=False)
            what = f"it answered {delivery.status}, but {error}"
            raise unreadable(what, asking, kept=True) from None
        yield delivery

    def refetchable_until(self, day: date) -> datetime | None:
        """The local midnight at which the earliest vendor day of this UTC day is out of reach."""
        earliest = day_window(day).start.astimezone(self._zone).date()
        return self._midnight(earliest + (self._horizon + 1) * DAY)

    def probe(self) -> Probe:
        """Ask for `Days=1`, which never moves the vendor's cursor."""
        asking = self._asking()
        return self._http.probe(self._request(("Days", "1")), self._sign, asking)

    def _request(self, *query: tuple[str, str]) -> Request:
        pairs: Pairs = query
        return Request(self.base_url, self._path, pairs)

    def _sign(self, request: Request, now: datetime) -> Request:
        timestamp = int(now.timestamp())
        value = authenticate(self._private_key, timestamp, new_nonce(), self._public_key)
        return request.with_headers(("Authenticate", value))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone).astimezone(UTC)


def _zone(name: str, subject: Subject) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong_setting("vendor_zone names no time zone", subject) from None
