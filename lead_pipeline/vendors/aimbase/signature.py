"""The Authenticate header of Aimbase's requests (README.md, Request)."""

import hashlib
import hmac
import secrets
import string

NONCE_LENGTH = 50
_ALPHANUMERICS = string.ascii_letters + string.digits


def new_nonce() -> str:
    """Exactly 50 alphanumerics from the system's secure generator."""
    return "".join(secrets.choice(_ALPHANUMERICS) for _ in range(NONCE_LENGTH))


def signature(private_key: str, timestamp: int, nonce: str, public_key: str) -> str:
    """Lower-case hex HMAC-SHA256 of timestamp (epoch seconds), nonce and public key."""
    message = f"{timestamp}{nonce}{public_key}"
    return hmac.new(private_key.encode(), message.encode(), hashlib.sha256).hexdigest()


def authenticate(private_key: str, timestamp: int, nonce: str, public_key: str) -> str:
    """The value of the `Authenticate` header."""
    signed = signature(private_key, timestamp, nonce, public_key)
    return (
        f'Bearer timestamp="{timestamp}",nonce="{nonce}",'
        f'signature="{signed}",publickey="{public_key}"'
    )
