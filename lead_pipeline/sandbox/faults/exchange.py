"""One request and its answer, as ASGI passes them."""

from dataclasses import dataclass, replace

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CUT = "cut"
"""Where a request's `state` holds what closes the connection, once all that was sent is out."""

Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Answer:
    """An answer at rest; `headers` never has Content-Length."""

    status: int
    headers: tuple[Header, ...]
    body: bytes

    def sized(self) -> "Answer":
        """With its Content-Length; without one it goes out in chunks."""
        length = (b"content-length", str(len(self.body)).encode())
        return replace(self, headers=(*self.headers, length))


def answer(
    status: int, media_type: str, body: bytes, headers: dict[str, str] | None = None
) -> Answer:
    """An answer with its Content-Length."""
    named = {"content-type": media_type, **(headers or {})}
    pairs = tuple((name.lower().encode(), text.encode()) for name, text in named.items())
    return Answer(status, pairs, body).sized()


@dataclass(frozen=True)
class Exchange:
    """A request that waits for its answer."""

    scope: Scope
    receive: Receive
    send: Send

    async def answered_by(self, app: ASGIApp) -> Answer:
        """What the application answers, kept from the client."""
        status, body = 0, bytearray()
        headers: tuple[Header, ...] = ()

        async def keep(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = tuple(
                    (name, value)
                    for name, value in message["headers"]
                    if name.lower() != b"content-length"
                )
            else:
                body.extend(message.get("body", b""))

        await app(self.scope, self.receive, keep)
        return Answer(status, headers, bytes(body))

    async def send_whole(self, answer: Answer) -> None:
        """Status, headers and body."""
        await self.send_head(answer)
        await self.send_piece(answer.body, last=True)

    async def send_head(self, answer: Answer) -> None:
        """Status and headers."""
        start = {"status": answer.status, "headers": list(answer.headers)}
        await self.send({"type": "http.response.start", **start})

    async def send_piece(self, piece: bytes, *, last: bool = False) -> None:
        """A part of the body."""
        await self.send({"type": "http.response.body", "body": piece, "more_body": not last})

    async def client_left(self) -> None:
        """Return when the connection is closed, by whichever side."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def cut(self) -> None:
        """Close the connection after what has been sent."""
        self.scope["state"][CUT]()
        await self.client_left()
