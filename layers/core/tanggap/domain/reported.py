"""What a platform's, or the mail service's, word about a letter of ours changes of its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from .case import Delivery
from .inbound import FailedDelivery
from .ways import BLOCKED, REFUSED, WINDOW_CLOSED, How, Way, refused
from .words import CHAT, DeliveryState

#: The reason of a row that its reader has seen. Platforms tell; mail does not.
READ = "read"
#: Words about a letter that is on its way, or arrived.
NEWS = frozenset({"sent", "delivery", "read", "delay"})
#: A row that goes once more is looked at again after this long, should the stream not bring it.
_GRACE = timedelta(seconds=90)


def stale(delivery: Delivery, told: FailedDelivery) -> bool:
    """A platform's word about a part that went by a way that the row has left since."""
    return bool(told.original_id) and told.original_id not in (delivery.external_id, *delivery.gone)


def news(delivery: Delivery, told: FailedDelivery) -> Delivery | None:
    """The row after a report that is no failure; None: as it was. Reports come in any order: none takes back what is
    known already. Of several parts the last one speaks for the whole."""
    if len(delivery.gone) > 1 and told.original_id in delivery.gone[:-1]:
        return None
    seen = delivery.state is DeliveryState.DELIVERED and delivery.reason == READ
    if told.kind == "read":
        return None if seen else replace(delivery, state=DeliveryState.DELIVERED, reason=READ)
    if told.kind == "delivery":  # also where the answer was lost: now it is known
        return None if seen else replace(delivery, state=DeliveryState.DELIVERED, reason="")
    late = told.kind == "delay" and delivery.state is DeliveryState.SENT
    return replace(delivery, reason="delayed") if late else None


def on_another_way(delivery: Delivery, told: FailedDelivery, at: datetime) -> Delivery | None:
    """The row that a platform took and gave up later, queued again for its next way (WhatsApp tells of a closed window
    so); None where it did not go by a chat. What was not delivered is not charged."""
    if delivery.channel not in CHAT or delivery.how not in set(How):
        return None
    why = BLOCKED if told.permanent else WINDOW_CLOSED if told.cause == WINDOW_CLOSED else REFUSED
    way = Way(How(delivery.how), delivery.channel, "")
    return replace(
        delivery,
        state=DeliveryState.QUEUED,
        tried=(*delivery.tried, refused(way, why)),
        gone=(),
        charged="",
        reason=told.cause or why,
        repeats=0,
        faults=0,
        sent_at=None,
        wake=at,
        due_at=at + _GRACE,
    )
