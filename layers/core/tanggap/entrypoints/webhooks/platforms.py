"""Meta's door (WhatsApp, Messenger, Instagram, page feed) and Telegram's: signed bodies, stored as they are."""

from __future__ import annotations

import hashlib
import re

from ...adapters.channels.secrets import Section, values
from ...domain.errors import Forbidden, NotFound, Unauthenticated
from ..observe import count, tell
from . import signatures
from .parts import Parts
from .request import Answer, Request

#: Meta batches up to 1,000 updates and names 3 MB as the largest body; Lambda takes 6 MB with all that is around it.
BODY_LIMIT = 3_000_000
#: Meta's challenge is a number. What else it may be is bounded: it is the one thing that a stranger can have echoed.
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,200}")
#: The token of one POST's answer: Telegram would take JSON for a call of its API, Meta reads none.
_TAKEN = Answer(200, "", "text/plain; charset=utf-8")


def meta_handshake(request: Request, parts: Parts) -> Answer:
    """Raises Forbidden, NotFound."""
    tokens = values(_section(parts, "meta"), "verify_tokens")
    if not tokens:
        raise _closed()
    mode, token, challenge = (_only(request, f"hub.{name}") for name in ("mode", "verify_token", "challenge"))
    if mode != "subscribe" or not signatures.one_of(token, tokens) or not _CHALLENGE.fullmatch(challenge):
        _rejected("meta", "handshake")
        raise Forbidden("this is not the handshake that was agreed")
    return Answer(200, challenge, "text/plain; charset=utf-8")


def meta(request: Request, parts: Parts) -> Answer:
    """Raises Unauthenticated, NotFound, TooLarge, Retry."""
    body = request.body(BODY_LIMIT)
    secrets = values(_section(parts, "meta"), "app_secrets")
    if not secrets:
        raise _closed()
    return _take("meta", body, signatures.meta(body, request.headers.get("x-hub-signature-256", ()), secrets), parts)


def telegram(request: Request, parts: Parts) -> Answer:
    body = request.body(BODY_LIMIT)
    secrets = values(_section(parts, "telegram"), "secrets")
    if not secrets:
        raise _closed()
    given = request.headers.get("x-telegram-bot-api-secret-token", ())
    return _take("telegram", body, signatures.telegram(given, secrets), parts)


def _take(door: str, body: bytes, fault: str, parts: Parts) -> Answer:
    """Named by its content: what is delivered again is the same object, which is not written over, since intake may
    have put its parts in its place. It is announced again all the same: nobody knows how far the first time came."""
    if fault:
        _rejected(door, fault)
        raise Unauthenticated("the signature is not the platform's")
    key = f"webhooks/{door}/{hashlib.sha256(body).hexdigest()}.json"
    parts.keep(key, body)
    return _TAKEN


def _rejected(door: str, fault: str) -> None:
    tell("webhook_rejected", door=door, fault=fault)
    count("WebhooksRejected")


def _section(parts: Parts, name: str) -> Section:
    return parts.secrets.section(name)


def _closed() -> NotFound:
    return NotFound("this channel is not configured", "not_configured")


def _only(request: Request, name: str) -> str:
    found = request.query.get(name, ())
    return found[0] if len(found) == 1 else ""
