"""Where a listing goes on: signed, and good for one caller and one question alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from ..bodies import BadRequest
from .parts import parts

_MAC = 16


def cursor_of(after: str | None, *bound: str | None) -> str | None:
    if after is None:
        return None
    return base64.urlsafe_b64encode(_mac(after, bound) + after.encode()).decode().rstrip("=")


def after_of(cursor: str | None, *bound: str | None) -> str | None:
    """Raises BadRequest for a cursor of another caller, question or hand."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        after = raw[_MAC:].decode()
    except ValueError:
        raise BadRequest("this cursor is not one of ours") from None
    if not hmac.compare_digest(raw[:_MAC], _mac(after, bound)):
        raise BadRequest("this cursor belongs to another question")
    return after


def _mac(after: str, bound: tuple[str | None, ...]) -> bytes:
    key = next(iter(parts().secret.keys().values()))
    return hmac.new(b"cursor:" + key, json.dumps([after, *bound]).encode(), hashlib.sha256).digest()[:_MAC]
