"""Signed requests to one account, at its pace (README.md, Request)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from lead_pipeline.errors import VendorError
from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import Bodies, Deadline, UnreadableDocument
from lead_pipeline.vendors.glance import Glance
from lead_pipeline.vendors.http import Answer, HttpClient
from lead_pipeline.vendors.qontak.envelope import Envelope, ErrorObject, opened
from lead_pipeline.vendors.qontak.signature import authorization, digest
from lead_pipeline.vendors.qontak.template import Template
from lead_pipeline.vendors.refusals import Asking, refused_by_content, unreadable
from lead_pipeline.vendors.request import Pairs, Request

_PREFIX = "/qontak/crm/"


@dataclass(frozen=True, slots=True)
class Access:
    """Where an account is, and what its requests are signed with; `pace` waits before each."""

    base_url: str
    client_id: str
    secret: str = field(repr=False)
    sso_id: str
    http: HttpClient
    pace: Callable[[Deadline], None]
    sign_query: bool

    def ask(
        self, path: str, query: Pairs, asking: Asking, bodies: Bodies, deadline: Deadline
    ) -> Answer:
        """Ask when it is time to. Raises VendorError."""
        self.pace(deadline)
        request = Request(self.base_url, _PREFIX + path, query)
        return self.http.ask(request, self._signed, asking, bodies, deadline)

    def tell(
        self, method: str, path: str, content: bytes, asking: Asking, deadline: Deadline
    ) -> Answer:
        """Send a JSON document when it is time to, once: a second time it might act twice.

        Raises VendorError.
        """
        self.pace(deadline)
        headers = (("Content-Type", "application/json"),)
        request = Request(self.base_url, _PREFIX + path, (), headers, method, content)
        return self.http.ask(request, self._signed, asking, Glance(), deadline, once=True)

    def _signed(self, request: Request, now: datetime) -> Request:
        moment = format_datetime(now.astimezone(UTC), usegmt=True)
        target = request.target if self.sign_query else request.target.partition("?")[0]
        signed = authorization(self.client_id, self.secret, moment, request.method, target)
        if request.content:
            request = request.with_headers(("Digest", digest(request.content)))
        return request.with_headers(
            ("Date", moment), ("Authorization", signed), ("X-Crm-User-Sso-Id", self.sso_id)
        )


def envelope_in(answer: Answer, asking: Asking) -> Envelope | VendorError:
    """What an answer holds, or the error that it is."""
    try:
        with answer.body.open() as content:
            return opened(json.load(content))
    except ErrorObject as error:
        what = f"it answered {answer.status}, but {error}"
        return refused_by_content(what, answer.status, asking)
    except UnreadableDocument as error:
        return _unreadable(answer, error, asking)


def template_failure(answer: Answer, asking: Asking) -> VendorError | None:
    """The error that an answer is; None where it is a field template."""
    envelope = envelope_in(answer, asking)
    if isinstance(envelope, VendorError):
        return envelope
    try:
        Template(envelope)
    except UnreadableDocument as error:
        return _unreadable(answer, error, asking)
    return None


def _unreadable(answer: Answer, error: UnreadableDocument, asking: Asking) -> VendorError:
    return unreadable(f"it answered {answer.status}, but {error}", asking, kept=True)
