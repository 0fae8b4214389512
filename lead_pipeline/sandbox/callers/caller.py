"""One request, and what came back."""

from dataclasses import dataclass, field
from typing import Self

import httpx

_SECONDS = 30.0


@dataclass(frozen=True)
class Answered:
    """`status` is None where no answer came; `body` then says why."""

    status: int | None
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Caller:
    """Keeps one connection open, and closes it at the end of a `with`."""

    def __init__(self, address: str) -> None:
        # To load certificates takes long, and plain HTTP needs none.
        self._http = httpx.Client(timeout=_SECONDS, verify=address.startswith("https:"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _ask(
        self, method: str, address: str, headers: dict[str, str], body: bytes | None = None
    ) -> Answered:
        try:
            answer = self._http.request(method, address, headers=headers, content=body)
        except httpx.HTTPError as error:
            return Answered(None, type(error).__name__.encode())
        return Answered(answer.status_code, answer.content, dict(answer.headers))
