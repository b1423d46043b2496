"""From a stream record to an outbox row."""

from __future__ import annotations

from typing import Any

from ..adapters.dynamodb.delivery_rows import delivery_of
from ..adapters.dynamodb.table import Row
from ..domain.ways import spent
from ..domain.words import DeliveryState
from . import settings
from .composition import Services, services


def row_of(record: dict[str, Any]) -> str:
    """The id of the outbox row that a record is about, for the log; empty where it cannot be told."""
    try:
        key: str = record["dynamodb"]["Keys"]["sk"]["S"]
        return key.removeprefix("OUT#")
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
    }
    # Each delivery ends once, whatever its attempts: what it cost is told then.
    ended = delivery.state is not DeliveryState.QUEUED
    return facts | ({"charged": delivery.charged} if ended and delivery.charged else {})


def charged(facts: dict[str, str]) -> dict[str, int]:
    """Messages that a platform charges for, by channel and kind."""
    return spent(facts.get("charged", ""))
