"""The one HTTP client: signs every attempt, streams to disk, retries, and names what went wrong.

HTTP/1.1, explicit time limits, no redirects. A client serves one account and one thread at a time.
"""

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Self

import httpx
from tenacity import RetryCallState, RetryError, Retrying, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from lead_pipeline.clock import Clock, system_clock
from lead_pipeline.errors import VendorError
from lead_pipeline.records import Window
from lead_pipeline.vendors.connection import Connection
from lead_pipeline.vendors.contract import Bodies, Body, Deadline, Delivery, Probe
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.glance import Glance
from lead_pipeline.vendors.headers import clock_offset_seconds, retry_after_seconds
from lead_pipeline.vendors.inflate import CutShortError, inflated
from lead_pipeline.vendors.refusals import (
    TOO_MANY_REQUESTS,
    Asking,
    Heard,
    refusal,
    unavailable,
    unreadable,
    worth_another_try,
)
from lead_pipeline.vendors.request import Request, Sign, redacted

_LOOPBACK = ("all://localhost", "all://127.0.0.1", "all://[::1]")
_REASON_BYTES = 4096
_TRANSPORT_WORDS: tuple[tuple[type[httpx.TransportError], str], ...] = (
    (httpx.ConnectTimeout, "connecting took too long"),
    (httpx.TimeoutException, "waiting for the answer took too long"),
    (httpx.ConnectError, "no connection could be made"),
    (httpx.RemoteProtocolError, "the answer was cut short or was not HTTP"),
    (httpx.NetworkError, "the connection broke"),
    (httpx.ProxyError, "the proxy refused"),
)
_REASON_WORDS = ("timestamp", "expired", "nonce", "signature", "public key", "publickey")


def _silence_request_lines() -> None:
    """Keep the HTTP library from logging URLs, which may hold a signature, at any level."""
    for name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy"):
        logging.getLogger(name).addFilter(lambda _: False)


_silence_request_lines()


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Limits of one account's requests; seconds and bytes.

    `attempts` counts the first one too. Back-off doubles from `backoff` to at most
    `longest_backoff`, with full jitter. `Retry-After` is kept between its two limits.
    """

    connect: float = 10.0
    read: float = 60.0
    attempts: int = 6
    backoff: float = 1.0
    longest_backoff: float = 60.0
    shortest_retry_after: float = 1.0
    longest_retry_after: float = 300.0
    maximum_bytes: int = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Answer:
    """A usable 2xx answer, its bytes kept. `url` has no secret."""

    status: int
    requested_at: datetime
    received_at: datetime
    url: str
    body: Body
    attempts: int

    def delivery(
        self, stream: str, window: Window | None, *, covers: bool = True, resume: str | None = None
    ) -> Delivery:
        """The answer as what was asked for."""
        return Delivery(
            stream=stream,
            window=window,
            covers=covers,
            requested_at=self.requested_at,
            received_at=self.received_at,
            status=self.status,
            url=self.url,
            body=self.body,
            attempts=self.attempts,
            resume=resume,
        )


class _TryAgainError(Exception):
    """One attempt failed in a way that another may not; VendorUnavailable says the fields."""

    def __init__(
        self,
        what: str,
        retry_after: float | None = None,
        status: int | None = None,
        *,
        may_have_acted: bool = True,
    ) -> None:
        super().__init__(what)
        self.retry_after = retry_after
        self.status = status
        self.may_have_acted = may_have_acted


class _TooLargeError(Exception):
    """The decoded body passed the limit."""


@cache
def _tls_context() -> ssl.SSLContext:
    """One for the process: each takes tens of milliseconds and megabytes."""
    return httpx.create_ssl_context()


class HttpClient:
    """Asks one vendor for one account.

    `sleep` waits between attempts and `clock` dates requests and signatures; tests hold both.
    """

    def __init__(
        self,
        settings: HttpSettings | None = None,
        *,
        clock: Clock = system_clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings or HttpSettings()
        self.clock = clock
        self._sleep = sleep
        self._connection = Connection()
        self.clock_offset_seconds: float | None = None
        """Vendor minus us, by the last answer that carried a Date."""
        self._client = httpx.Client(
            headers={
                "User-Agent": f"lead-pipeline/{version('lead-pipeline')}",
                "Accept-Encoding": "gzip",
            },
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            mounts=dict.fromkeys(_LOOPBACK),
            verify=_tls_context(),
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the open connection."""
        self._client.close()

    def ask(
        self,
        request: Request,
        sign: Sign,
        asking: Asking,
        bodies: Bodies,
        deadline: Deadline,
        *,
        once: bool = False,
    ) -> Answer:
        """Ask until there is a usable answer, or just `once`, and keep its body.

        Raises VendorRefused, VendorUnavailable, UnreadableDelivery.
        """
        allowed = deadline.remaining()
        if allowed <= 0:
            failure = unavailable("the time limit had already passed", 0, 0, asking)
            failure.may_have_acted = False
            raise failure
        attempts = Retrying(
            retry=retry_if_exception_type(_TryAgainError),
            wait=lambda state: self._wait(state, deadline),
            stop=lambda state: once or self._must_stop(state, deadline),
            sleep=self._sleep,
        )
        try:
            answer = attempts(self._attempt, request, sign, asking, bodies, deadline)
        except RetryError as error:
            last = error.last_attempt
            spent = allowed - deadline.remaining()
            what = _last_words(last.exception(), deadline)
            failure = unavailable(what, last.attempt_number, spent, asking)
            vars(failure).update(vars(last.exception()))
            raise failure from None
        except _TooLargeError:
            raise self._too_large(request, asking) from None
        return replace(answer, attempts=attempts.statistics["attempt_number"])

    def _attempt(
        self, request: Request, sign: Sign, asking: Asking, bodies: Bodies, deadline: Deadline
    ) -> Answer:
        requested_at = self.clock()
        signed = sign(request, requested_at)
        try:
            with (
                self._connection.cut_after(max(0.0, deadline.remaining())),
                self._client.stream(
                    signed.method,
                    signed.url,
                    headers=list(signed.headers),
                    content=signed.content or None,
                    timeout=self._timeout(deadline),
                    extensions={"trace": self._connection.trace},
                ) as response,
            ):
                self._judge(response, request, asking)
                body = bodies.store(self._chunks(response, deadline))
        except CutShortError as error:
            raise _TryAgainError(str(error)) from None
        except httpx.TransportError as error:
            is_connected = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            raise _TryAgainError(_words(error), may_have_acted=is_connected) from None
        url = redacted(request.url)
        return Answer(response.status_code, requested_at, self.clock(), url, body, attempts=1)

    def _judge(self, response: httpx.Response, request: Request, asking: Asking) -> None:
        """Raise what the head of an answer is, unless it is a usable one."""
        now, date = self.clock(), response.headers.get("Date")
        offset = clock_offset_seconds(date, now)
        if offset is not None:
            self.clock_offset_seconds = offset
        status = response.status_code
        if worth_another_try(status):
            wait = retry_after_seconds(response.headers.get("Retry-After"), date, now)
            acted = status != TOO_MANY_REQUESTS
            raise _TryAgainError(f"it answered {status}", wait, status, may_have_acted=acted)
        heard = Heard(
            status,
            response.headers.get("Content-Type", ""),
            redacted(request.url),
            offset,
            _mentions(response, _REASON_WORDS if status == 401 else asking.fields),
        )
        error = refusal(heard, asking)
        if error is not None:
            raise error
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in {"identity", "gzip", "x-gzip", ""}:
            what = "the body is in a content encoding that was not asked for"
            raise unreadable(what, asking, kept=False)

    def _chunks(self, response: httpx.Response, deadline: Deadline) -> Iterator[bytes]:
        raw = _until(deadline, response.iter_raw())
        gzip = "gzip" in response.headers.get("Content-Encoding", "").lower()
        length = 0
        for chunk in _until(deadline, inflated(raw)) if gzip else raw:
            length += len(chunk)
            if length > self.settings.maximum_bytes:
                raise _TooLargeError
            yield chunk

    def _timeout(self, deadline: Deadline) -> httpx.Timeout:
        left = max(0.001, deadline.remaining())
        read, connect = min(self.settings.read, left), min(self.settings.connect, left)
        return httpx.Timeout(read, connect=connect)

    def probe(self, request: Request, sign: Sign, asking: Asking, seconds: float = 60.0) -> Probe:
        """Ask and keep nothing, to learn whether the credentials are accepted."""
        try:
            self.ask(request, sign, asking, Glance(), Countdown(seconds))
        except VendorError as error:
            return Probe(False, error.what, self.clock_offset_seconds)
        return Probe(True, "the credentials are accepted", self.clock_offset_seconds)

    def _wait(self, state: RetryCallState, deadline: Deadline) -> float:
        settings = self.settings
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.retry_after if isinstance(failure, _TryAgainError) else None
        if asked is None:
            backoff = wait_random_exponential(settings.backoff, settings.longest_backoff)
            return backoff(state)
        wait = max(asked, settings.shortest_retry_after)
        return wait if wait >= deadline.remaining() else min(wait, settings.longest_retry_after)

    def _must_stop(self, state: RetryCallState, deadline: Deadline) -> bool:
        if state.attempt_number >= self.settings.attempts:
            return True
        return state.upcoming_sleep >= deadline.remaining()

    def _too_large(self, request: Request, asking: Asking) -> VendorError:
        limit = f"{self.settings.maximum_bytes:,} bytes"
        what = f"{redacted(request.url)} answered with more than {limit} after decoding"
        return unreadable(what, asking, kept=False)


def _until(deadline: Deadline, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if deadline.remaining() <= 0:
            raise _TryAgainError("the body was still arriving")
        yield chunk


def _mentions(response: httpx.Response, words: tuple[str, ...]) -> tuple[str, ...]:
    """Which of a few known words the reason of a refusal holds; its text is never passed on."""
    if response.status_code < 400:
        return ()
    try:
        head = next(response.iter_raw(_REASON_BYTES), b"").lower()
    except httpx.TransportError:
        return ()
    return tuple(word for word in words if word.lower().encode() in head)


def _last_words(failure: BaseException | None, deadline: Deadline) -> str:
    left = deadline.remaining()
    if left <= 0:
        return f"{failure}, and the time limit passed"
    asked = failure.retry_after if isinstance(failure, _TryAgainError) else None
    if asked is not None and asked >= left:
        return f"{failure} and asked to wait {asked:.0f} s, of which only {left:.0f} s are left"
    return str(failure)


def _words(error: httpx.TransportError) -> str:
    """What went wrong on the way, without quoting anything that was sent or received."""
    for kind, words in _TRANSPORT_WORDS:
        if isinstance(error, kind):
            return words
    return f"the connection failed ({type(error).__name__})"
