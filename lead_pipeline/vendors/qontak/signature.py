"""The headers that sign Qontak's requests (README.md, Request)."""

import base64
import hashlib
import hmac


def signature(secret: str, date: str, method: str, target: str) -> str:
    """Base64 HMAC-SHA256 of the date and the request line, `target` byte for byte as sent."""
    message = f"date: {date}\n{method} {target} HTTP/1.1"
    return _base64(hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest())


def authorization(client_id: str, secret: str, date: str, method: str, target: str) -> str:
    """The value of the `Authorization` header."""
    signed = signature(secret, date, method, target)
    return (
        f'hmac username="{client_id}", algorithm="hmac-sha256", '
        f'headers="date request-line", signature="{signed}"'
    )


def digest(content: bytes) -> str:
    """The value of the `Digest` header, sent with every body."""
    return f"SHA-256={_base64(hashlib.sha256(content).digest())}"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
