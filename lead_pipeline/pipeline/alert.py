"""A message to a webhook that takes Slack's form: `{"text": …}`.

The address is a secret: no log line and no error holds any part of it.
"""

import threading
from collections.abc import Iterable
from http.client import HTTPException, HTTPMessage
from queue import Empty, SimpleQueue
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

import orjson

from lead_pipeline.pipeline.account import environment_of

TIME_LIMIT_SECONDS = 10.0
MOST_CHARACTERS = 3000
"""Slack cuts longer texts into several messages, or refuses them."""


class AlertError(Exception):
    """The webhook did not take the message. Says why, without the address."""


class _NoRedirects(HTTPRedirectHandler):
    """An answer that points elsewhere is a refusal: the message goes to the given address only."""

    def redirect_request(
        self,
        req: Request,  # noqa: ARG002
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> Request | None:
        """None: do not go there."""
        return None


def deliver(url: str, text: str, seconds: float = TIME_LIMIT_SECONDS) -> None:
    """Post `text`, all in all within `seconds`. Raises AlertError."""
    outcome: SimpleQueue[str | None] = SimpleQueue()
    # Looking a name up, and an answer that drips, heed no time limit but that of who waits.
    threading.Thread(
        target=lambda: outcome.put(_post(url, text, seconds)), name="alert", daemon=True
    ).start()
    try:
        problem = outcome.get(timeout=seconds)
    except Empty:
        problem = f"no answer in {seconds:.0f} s"
    if problem:
        raise AlertError(problem)


def _post(url: str, text: str, seconds: float) -> str | None:
    """Why the message was not taken; None if it was."""
    try:
        request = Request(  # noqa: S310 - the settings let http and https through only
            url,
            data=orjson.dumps({"text": text}),
            headers={"Content-Type": "application/json", "User-Agent": "lead-pipeline"},
        )
        with _opener(url).open(request, timeout=seconds):
            return None
    except HTTPError as error:
        error.close()
        return f"it answered {error.code}"
    except URLError as error:
        reason = error.reason
        return f"no answer: {type(reason if isinstance(reason, OSError) else error).__name__}"
    except (OSError, HTTPException, ValueError) as error:
        return f"no answer: {type(error).__name__}"


def _opener(url: str) -> OpenerDirector:
    """The environment's proxies count, except for this machine's own addresses."""
    proxies = ProxyHandler({} if environment_of(url) == "loopback" else None)
    return build_opener(proxies, _NoRedirects)


def escaped(text: str) -> str:
    """Text that Slack shows as it is, and in which it sees no link and no mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def message(heading: str, paragraphs: Iterable[str]) -> str:
    """Heading and paragraphs, escaped; what goes beyond the limit is counted instead."""
    lines = [escaped(heading)]
    left_out = 0
    for paragraph in map(escaped, paragraphs):
        if left_out or sum(map(len, lines)) + len(lines) + len(paragraph) > MOST_CHARACTERS - 60:
            left_out += 1
        else:
            lines.append(paragraph)
    if left_out:
        lines.append(f"and {left_out} more: lead-pipeline status")
    return "\n".join(lines)
