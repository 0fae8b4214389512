"""The hash of Housing's requests (README.md, Request)."""

import hashlib
import hmac


def request_hash(api_key: str, current_time: str) -> str:
    """Lower-case hex HMAC-SHA256 of the time's text under the key's UTF-8 text."""
    return hmac.new(api_key.encode(), current_time.encode(), hashlib.sha256).hexdigest()
