"""From a stream record to an outbox row."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from ..adapters.dynamodb.delivery_rows import delivery_of
from ..adapters.dynamodb.table import Row
from ..application.ports import Unreadable
from ..domain.case import Delivery
from ..domain.errors import Retry
from ..domain.promptness import is_awaited, is_first_word, seconds, waits_since
from ..domain.ways import spent
from ..domain.words import DeliveryState
from . import settings
from .composition import Services, services

#: The facts that tell, in seconds, how long a citizen waited for an acknowledgement, and how long one has waited.
WAITED, WAITS = "acknowledged_after", "unacknowledged_for"


def row_of(record: dict[str, Any]) -> str:
    """The id of the outbox row that a record is about, for the log; empty where it cannot be told."""
    try:
        key: str = record["dynamodb"]["Keys"]["sk"]["S"]
        return key.removeprefix("OUT#")
    except (KeyError, TypeError, AttributeError):
        return ""


def case_of(record: dict[str, Any]) -> str:
    """The case (of a digest what stands in its place) whose row a record is about; empty where it cannot be told."""
    try:
        head, _, number = record["dynamodb"]["Keys"]["pk"]["S"].partition("#")
        return str(number) if head == "CASE" else ""
    except (KeyError, TypeError, AttributeError):
        return ""


def work(record: dict[str, Any], parts: Services | None = None) -> dict[str, str]:
    """Deliver the row that a stream record shows. Empty when there was nothing to do (any more)."""
    image = record.get("dynamodb", {}).get("NewImage", {})
    if not image.get("sk", {}).get("S", "").startswith("OUT#") or "wake" not in image:
        return {}
    parts = parts or services(settings.Deliver)
    row = Row()
    row.deserialize(image)
    delivery = parts.deliver(delivery_of(row))
    if delivery is None:
        return {}
    facts = {
        "case": delivery.case,
        "delivery": delivery.id,
        "purpose": delivery.purpose,
        "state": delivery.state,
        "reason": delivery.reason,
        "attempts": str(delivery.attempts),
        "channel": delivery.channel,
        "how": delivery.how,
        **_waited(delivery, parts),
    }
    # Each delivery ends once, whatever its attempts: what it cost is told then.
    ended = delivery.state is not DeliveryState.QUEUED
    return facts | ({"charged": delivery.charged} if ended and delivery.charged else {})


def _waited(delivery: Delivery, parts: Services) -> dict[str, str]:
    """Of a first acknowledgement how long its citizen waited, and after each try that was in vain, how long until now:
    one that never leaves must not be the one that nobody hears of. The row is written: no fault here changes that."""
    fact = WAITED if is_first_word(delivery) else WAITS if is_awaited(delivery) else ""
    if not fact:
        return {}
    since = delivery.since or _waits_since(delivery, parts)
    return {fact: f"{seconds(delivery, since, parts.deliver.clock()):.3f}"} if since else {}


def _waits_since(delivery: Delivery, parts: Services) -> datetime | None:
    """Rows of earlier releases do not say it themselves: their case does. Nor do those of a report that an officer
    wrote down, for which nobody waits."""
    with suppress(Retry, Unreadable):
        case = parts.cases.case(delivery.case)
        return waits_since(case, delivery.created_at) if case else None
    return None


def waited(facts: dict[str, str]) -> float | None:
    """The seconds of an acknowledgement, None of any other letter."""
    told = facts.get(WAITED) or facts.get(WAITS)
    return float(told) if told else None


def charged(facts: dict[str, str]) -> dict[str, int]:
    """Messages that a platform charges for, by channel and kind."""
    return spent(facts.get("charged", ""))
