"""Asking Qontak (README.md, Request)."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from lead_pipeline.errors import VendorError, VendorRefused
from lead_pipeline.records import Window
from lead_pipeline.vendors.client import AccountClient
from lead_pipeline.vendors.contract import (
    Bodies,
    Deadline,
    Delivery,
    Probe,
    ScanVerdict,
    StreamKind,
)
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.glance import Glance
from lead_pipeline.vendors.http import Answer, HttpClient
from lead_pipeline.vendors.qontak.access import Access, envelope_in, template_failure
from lead_pipeline.vendors.qontak.ahead import Ahead
from lead_pipeline.vendors.qontak.pace import Pace
from lead_pipeline.vendors.qontak.paging import Page, Progress, page_of
from lead_pipeline.vendors.qontak.parse import CREATED, QONTAK, STAGES, TEMPLATES
from lead_pipeline.vendors.qontak.writing import Writer
from lead_pipeline.vendors.refusals import Asking
from lead_pipeline.vendors.request import (
    Pairs,
    checked_header_text,
    checked_text,
    wrong_setting,
)

MOST_ROWS = 1000
MOST_AT_ONCE = 8
EARLIER = timedelta(days=1)
"""`created_after` is a date of an unknown zone, and may exclude that day."""
_PATHS = {CREATED: "contacts"} | {template: f"{name}/info" for name, template in TEMPLATES.items()}


class QontakClient(AccountClient):
    """One account of Qontak. A `contract.Client`.

    `credentials` names the environment variables of id, secret and SSO id, for error messages.
    `sign_query` is false for an account that accepts only the signature without the query.
    A scan asks for `concurrency` pages at once, and never faster than `requests_per_second`.
    Raises ConfigError for settings that cannot be used.
    """

    def __init__(
        self,
        *,
        account: str,
        base_url: str,
        client_id: str,
        client_secret: str,
        sso_id: str,
        http: HttpClient,
        sign_query: bool = True,
        per_page: int = 100,
        requests_per_second: float = 5.0,
        concurrency: int = 1,
        default_country: str = "ID",
        credentials: tuple[str, ...] = (),
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        reading = {"default_country": default_country}
        super().__init__(QONTAK, account, base_url, http, reading, credentials)
        subject = self.subject()
        if not 1 <= per_page <= MOST_ROWS:
            raise wrong_setting(f"per_page must be 1 to {MOST_ROWS}", subject)
        if not 0.01 <= requests_per_second <= 1000:
            raise wrong_setting("requests_per_second must be 0.01 to 1000", subject)
        if not 1 <= concurrency <= MOST_AT_ONCE:
            raise wrong_setting(f"concurrency must be 1 to {MOST_AT_ONCE}", subject)
        self._access = Access(
            self.base_url,
            checked_header_text(client_id, "the client id", subject),
            checked_text(client_secret, "the client secret", subject),
            checked_header_text(sso_id, "the SSO id", subject),
            http,
            Pace(requests_per_second, sleep, monotonic).wait,
            sign_query,
        )
        self._per_page = per_page
        self._concurrency = concurrency
        self._sleep = sleep

    def plan(self, stream: str, window: Window, now: datetime) -> tuple[Window, ...]:
        """The window up to now, in one: an answer holds all that was created since its start."""
        QONTAK.require(stream)
        start, end = window.start.astimezone(UTC), min(window.end, now).astimezone(UTC)
        return (Window(start, end),) if start < end else ()

    def fetch(
        self, stream: str, piece: Window, bodies: Bodies, deadline: Deadline
    ) -> Iterator[Delivery]:
        """All contacts created since the day before the window's, page by page.

        Only the last page covers the window, and only if the pages did not shift meanwhile.
        """
        QONTAK.require(stream)
        asking = self._asking(piece)
        since = (piece.start.astimezone(UTC) - EARLIER).strftime("%d-%m-%Y")
        progress = Progress(self._per_page)
        while not progress.ended and progress.first is None:
            query = (*_page(progress.page, self._per_page), ("created_after", since))
            answer = self._access.ask(_PATHS[stream], query, asking, bodies, deadline)
            envelope = envelope_in(answer, asking)
            if isinstance(envelope, VendorError):
                yield answer.delivery(stream, piece, covers=False)
                raise envelope
            progress.take(page_of(envelope))
            is_last = progress.ended or progress.first is not None
            covers = is_last and not progress.trouble
            yield answer.delivery(stream, piece, covers=covers)

    def scan(
        self, stream: str, resume: str | None, bodies: Bodies, deadline: Deadline
    ) -> Iterator[Delivery | ScanVerdict]:
        """The field template, then every page, then the verdict; after the pipelines their stages.

        From `resume` on only pages that were not yet asked for; pipelines are always read anew.
        Raises VendorError; what was yielded before stays valid. Raises ValueError for a stream
        that is not scanned, and for a `resume` that no delivery of this vendor carried.
        """
        QONTAK.require(stream, StreamKind.SCANNED)
        progress = Progress(self._per_page) if resume is None else Progress.at(resume)
        if stream == "pipelines":
            return self._scan_pipelines(bodies, deadline)
        return self._scan(stream, progress, bodies, deadline, begins=resume is None)

    def refetchable_until(self, day: date) -> datetime | None:  # noqa: ARG002 - the contract's
        """Qontak names no horizon."""
        return None

    def writer(self) -> Writer:
        """What writes into the account."""
        return Writer(self._access, self._asking(), self._per_page, self._sleep)

    def probe(self) -> Probe:
        """Ask for one contact; if that is refused, once more with the other form of signature."""
        failure = self._refusal(sign_query=self._access.sign_query)
        offset = self._http.clock_offset_seconds
        if failure is None:
            form = "with" if self._access.sign_query else "without"
            return Probe(True, f"the credentials are accepted, signed {form} the query", offset)
        if isinstance(failure, VendorRefused) and failure.status in {401, 403}:
            other = not self._access.sign_query
            if self._refusal(sign_query=other) is None:
                return Probe(
                    False,
                    f"it accepts the credentials with sign_query: {str(other).lower()}, "
                    f"and refuses them with sign_query: {str(self._access.sign_query).lower()}",
                    offset,
                )
        return Probe(False, failure.what, offset)

    def _scan(
        self, stream: str, progress: Progress, bodies: Bodies, deadline: Deadline, *, begins: bool
    ) -> Iterator[Delivery | ScanVerdict]:
        if begins:
            yield from self._template(TEMPLATES[stream], bodies, deadline)
        for delivery, _ in self._pages(stream, stream, progress, bodies, deadline):
            yield delivery
        yield _verdict(stream, progress)

    def _scan_pipelines(
        self, bodies: Bodies, deadline: Deadline
    ) -> Iterator[Delivery | ScanVerdict]:
        found: dict[str, None] = {}
        readings = [Progress(self._per_page)]
        for delivery, ids in self._pages(
            "pipelines", "pipelines", readings[0], bodies, deadline, resumable=False
        ):
            found |= dict.fromkeys(ids)
            yield delivery
        for identifier in found:
            readings.append(Progress(self._per_page))
            path = f"pipelines/{quote(identifier, safe='')}/stages"
            pages = self._pages(STAGES, path, readings[-1], bodies, deadline, resumable=False)
            for delivery, _ in pages:
                yield delivery
        doubtful = next((one for one in readings if one.trouble), readings[0])
        yield _verdict("pipelines", doubtful)

    def _template(self, template: str, bodies: Bodies, deadline: Deadline) -> Iterator[Delivery]:
        """The field template; one that cannot be read is yielded, so that it is kept."""
        asking = replace(self._asking(), scans=True)
        answer = self._access.ask(_PATHS[template], (), asking, bodies, deadline)
        failure = template_failure(answer, asking)
        yield answer.delivery(template, None, covers=failure is None)
        if failure is not None:
            raise failure

    def _pages(
        self,
        stream: str,
        path: str,
        progress: Progress,
        bodies: Bodies,
        deadline: Deadline,
        *,
        resumable: bool = True,
    ) -> Iterator[tuple[Delivery, list[str]]]:
        """Every page that is left, with its ids.

        One that cannot be read is yielded, to be asked for again, before its error is raised.
        """
        asking = replace(self._asking(), scans=True)
        at_once = self._concurrency if resumable else 1
        with self._asker(path, progress.per_page, at_once, asking, bodies, deadline) as ask:
            while not progress.ended:
                answer = ask(progress.page)
                envelope = envelope_in(answer, asking)
                failure = envelope if isinstance(envelope, VendorError) else None
                page = Page(0, []) if isinstance(envelope, VendorError) else page_of(envelope)
                if failure is None:
                    progress.take(page)
                resume = progress.text if resumable else None
                covers = failure is None
                yield answer.delivery(stream, None, covers=covers, resume=resume), page.ids
                if failure is not None:
                    raise failure

    @contextmanager
    def _asker(
        self,
        path: str,
        per_page: int,
        at_once: int,
        asking: Asking,
        bodies: Bodies,
        deadline: Deadline,
    ) -> Iterator[Callable[[int], Answer]]:
        """What asks for a page by its number, in threads if more than one may be asked at once."""

        def ask(number: int, access: Access, to: Bodies, until: Deadline) -> Answer:
            return access.ask(path, _page(number, per_page), asking, to, until)

        if at_once == 1:
            yield lambda number: ask(number, self._access, bodies, deadline)
            return
        with Ahead(ask, self._access, at_once, bodies, deadline) as ahead:
            yield ahead.page

    def _refusal(self, *, sign_query: bool) -> VendorError | None:
        """How the vendor refuses one contact; None where it gives it."""
        asking = self._asking()
        query, deadline = _page(1, 1), Countdown(60)
        try:
            access = replace(self._access, sign_query=sign_query)
            answer = access.ask("contacts", query, asking, Glance(), deadline)
        except VendorError as error:
            return error
        found = envelope_in(answer, asking)
        return found if isinstance(found, VendorError) else None


def _page(number: int, per_page: int) -> Pairs:
    return (("page", str(number)), ("per_page", str(per_page)))


def _verdict(stream: str, progress: Progress) -> ScanVerdict:
    vouched = "its totals say so" if progress.totals_hold else "two readings saw the same"
    ids = f"{progress.seen - progress.nameless} ids"
    if progress.nameless:
        ids += f", {progress.nameless} records without a usable id, so none counts as gone"
    reason = progress.trouble or f"{ids}, and {vouched}"
    return ScanVerdict(stream, complete=not progress.trouble, reason=reason)
