"""What every answer tells a browser about itself, whichever function gives it."""

from __future__ import annotations

from collections.abc import Mapping

#: A year without plain HTTP for the desk's own name. Not for names below it, which may be somebody else's, and in no
#: browser's list: a desk that moves can be let go within the year.
_TLS_ONLY = "max-age=31536000"
#: Stored nowhere, shown in no frame, taken for nothing that it isn't; nothing in it runs, loads or is sent anywhere.
#: Pages say more of their own (markup.headers).
EVERY: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": _TLS_ONLY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def secured(headers: Mapping[str, str]) -> dict[str, str]:
    """What the answer says of itself comes first."""
    return {**EVERY, **headers}
