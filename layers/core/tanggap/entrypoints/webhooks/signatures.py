"""Is it the platform that speaks? Over the raw bytes, in constant time, under every secret that is valid now."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

#: As Meta writes it. SHA-1 (`X-Hub-Signature`) and every other algorithm or spelling is none.
_SHA256 = re.compile(r"sha256=[0-9a-f]{64}")


def meta(body: bytes, given: tuple[str, ...], secrets: Iterable[bytes]) -> str:
    """Why it isn't Meta's: missing, malformed, wrong; empty where it is. `given`: each X-Hub-Signature-256."""
    if not any(given):
        return "missing"
    if len(given) != 1 or not _SHA256.fullmatch(given[0]):
        return "malformed"
    made = ("sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest() for secret in secrets)
    return "" if _any_equals(given[0], made) else "wrong"


def telegram(given: tuple[str, ...], secrets: Iterable[bytes]) -> str:
    """The same of X-Telegram-Bot-Api-Secret-Token, a shared word that covers no body."""
    if not any(given):
        return "missing"
    if len(given) != 1:
        return "malformed"
    return "" if one_of(given[0], secrets) else "wrong"


def one_of(given: str, secrets: Iterable[bytes]) -> bool:
    return _any_equals(given, (secret.decode() for secret in secrets))


def _any_equals(given: str, known: Iterable[str]) -> bool:
    """Looks at each, whichever fits."""
    seen = given.encode("utf-8", "surrogatepass")
    fits = [hmac.compare_digest(seen, one.encode()) for one in known]
    return any(fits)
