"""Was this written by a machine? One table of signs; the first that is found is named (promise 4)."""

from __future__ import annotations

import re
from collections.abc import Callable

from .headers import Headers

_NULL_PATHS = frozenset({"", "<>"})
_ROBOT_NAMES = re.compile(
    r"(mailer[-_.]?daemon|postmaster|mail[-_.]?daemon"
    r"|(do)?[-_.]?not?[-_.]?(reply|answer|respond)([-_.].*)?|(.*[-_.])?no[-_.]?reply"
    r"|jangan[-_.]?(di)?balas|tidak[-_.]?(perlu[-_.]?)?(di)?balas|auto[-_.]?(reply|responder|mailer)"
    r"|listserv|majordomo"
    r"|www-data|apache|cron|root|nobody)(\+.*)?"
)
_AWAY = re.compile(
    r"\s*(?:re:\s*|bls:\s*)?\W{0,3}(?:"
    # These words are said by programs only, wherever the subject goes on.
    r"(?:automatic|auto|automated)[ -]?(?:reply|response|responder|answer)\b|autoreply\b"
    r"|(?:balasan|jawaban|respons?|tanggapan|pesan)[ -]otomatis\b|balas otomatis\b"
    r"|out[ -]of[ -](?:the[ -])?office\b(?! building)|on vacation\b|vacation (?:reply|response|message)\b"
    r"|away from (?:the|my) (?:office|desk)\b"
    r"|undeliver(?:able|ed)\b|delivery status notification\b|mail delivery (?:failed|failure|subsystem)\b"
    r"|returned mail\b"
    r"|pengiriman (?:pesan|email|surel) gagal\b"
    # These a citizen may begin a report with, so they count alone or before a colon or dash.
    r"|(?:saya )?(?:sedang )?(?:berada )?di luar kantor\s*(?:$|[:\-\u2013(,\]])"
    r"|(?:saya )?(?:sedang )?(?:tidak (?:berada )?di kantor|cuti(?: tahunan| bersama| melahirkan)?|dinas luar)"
    r"\s*(?:$|[:\-\u2013(,\]])"
    r"|annual leave\s*(?:$|[:\-\u2013(,\]]))",
    re.IGNORECASE,
)
_LISTS = frozenset(f"list-{name}" for name in ("id", "post", "unsubscribe", "help", "subscribe", "owner"))

Sign = Callable[[Headers, str, str, str], bool]


def _auto_submitted(found: Headers, source: str, address: str, subject: str) -> bool:
    return found.get("auto-submitted").lower().partition(";")[0].strip() not in ("", "no")


def _report(found: Headers, source: str, address: str, subject: str) -> bool:
    """Delivery reports, read receipts, abuse reports (RFC 6522)."""
    return found.get("content-type").lower().startswith("multipart/report")


def _precedence(found: Headers, source: str, address: str, subject: str) -> bool:
    return found.get("precedence").lower().strip() in ("bulk", "junk", "list", "auto_reply", "auto-reply")


def _lists(found: Headers, source: str, address: str, subject: str) -> bool:
    return any(name in found for name in _LISTS)


def _suppress(found: Headers, source: str, address: str, subject: str) -> bool:
    return found.get("x-auto-response-suppress").lower().strip() not in ("", "none")


def _autoreply(found: Headers, source: str, address: str, subject: str) -> bool:
    said = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply")
    return any(found.get(name).lower() not in ("", "no") for name in said)


def _null_path(found: Headers, source: str, address: str, subject: str) -> bool:
    return source.strip() in _NULL_PATHS or "".join(found.get("return-path").split()) == "<>"


def _robot_sender(found: Headers, source: str, address: str, subject: str) -> bool:
    parties = (address.rpartition("@")[0], source.lower().rpartition("@")[0])
    return any(_ROBOT_NAMES.fullmatch(local[:100]) for local in parties)


def _away(found: Headers, source: str, address: str, subject: str) -> bool:
    return _AWAY.match(subject[:300]) is not None


#: In order: the surest first, for its name is shown to the officer.
SIGNS: tuple[tuple[str, Sign], ...] = (
    ("auto-submitted", _auto_submitted),
    ("return-path", _null_path),
    ("report", _report),
    ("precedence", _precedence),
    ("list", _lists),
    ("x-auto-response-suppress", _suppress),
    ("x-autoreply", _autoreply),
    ("sender", _robot_sender),
    ("subject", _away),
)


def sign(found: Headers, source: str, address: str, subject: str) -> str:
    """The name of the first sign of a robot, empty for a person. `source` is the envelope's sender."""
    return next((name for name, asks in SIGNS if asks(found, source, address, subject)), "")
