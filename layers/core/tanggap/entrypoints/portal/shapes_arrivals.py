"""The ledger as CONTRACT.md's JSON: arrivals, and what today's reading makes of one."""

from __future__ import annotations

import base64
from collections.abc import Container, Iterable, Sequence
from datetime import timezone
from itertools import groupby
from typing import Any

from ...application.ledger import PREFIXES
from ...application.reread import Reading
from ...domain.case import Received
from ...domain.words import Channel, Reason
from .shapes import instant
from .shapes_messages import TEXT_BUDGET, told_id


def arrival_id(key: str) -> str:
    """An arrival's key holds slashes, which no path segment can."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def arrival_key(identifier: str) -> str:
    """Empty for what is none of ours: a key is visible, not longer than S3 takes, and in a known folder."""
    try:
        key = base64.urlsafe_b64decode(identifier + "=" * (-len(identifier) % 4)).decode()
    except ValueError:
        return ""
    known = key.startswith(PREFIXES) and key.isprintable() and len(key.encode()) <= 1024
    return key if known and arrival_id(key) == identifier else ""


def reading(one: Reading) -> dict[str, Any]:
    row = one.row
    return {
        "case": row.case or None,
        "message": one.message.id if one.message else None,
        "was": {"outcome": row.outcome, "reason": row.reason},
        "now": {"outcome": one.outcome, "reason": one.reason},
        "differs": one.differs,
        "differences": [
            {"field": field.name, "was": _bounded(field.was), "now": _bounded(field.now)}
            for field in (*one.fields, *((one.case,) if one.case else ()))
        ],
    }


def _bounded(value: Any) -> Any:
    """Four texts of a character that takes four bytes stay under an answer's size; an ellipsis says where one ends."""
    cut = TEXT_BUDGET // 8
    return value[:cut] + "…" if isinstance(value, str) and len(value) > cut else value


#: Why nothing is known of what a message says.
_NOT_READ = frozenset({Reason.UNREAD, Reason.NOT_FOUND, Reason.UNREADABLE})


def _channel_of(key: str, messages: Sequence[Received]) -> Channel | None:
    """Of Meta's door, which three channels share, it is known by what was read of it; None before."""
    if not key.startswith("webhooks/meta/"):
        return messages[0].channel
    return next((one.channel for one in messages if one.reason not in _NOT_READ), None)


def arrivals(rows: Iterable[Received], zone: timezone, open_cases: Container[str]) -> list[dict[str, Any]]:
    """`open_cases`: of the rows' cases those that are open."""
    shapes = []
    for key, group in groupby(rows, key=lambda row: row.arrival):
        messages = list(group)
        shapes.append(
            {
                "id": arrival_id(key),
                "channel": _channel_of(key, messages),
                "at": instant(messages[0].at, zone),
                "size": messages[0].size,
                "messages": [
                    {
                        "outcome": one.outcome,
                        "reason": one.reason,
                        "external_id": told_id(one.external_id, one.channel, one.case in open_cases),
                        "case": one.case or None,
                    }
                    for one in messages
                ],
            }
        )
    return shapes
