"""What a platform's, or the mail service's, word about a letter of ours changes of its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from .case import Delivery
from .inbound import FailedDelivery
from .ways import BLOCKED, REFUSED, WINDOW_CLOSED, How, Way, charged, refused, rule
from .words import CHAT, Channel, DeliveryState

#: The reason of a row that its reader has seen. Platforms tell; mail does not.
READ = "read"
#: Words about a letter that is on its way, or arrived.
NEWS = frozenset({"sent", "delivery", "read", "delay"})
#: Ways by which platforms take a letter; of the others they know nothing.
_BY_CHAT = frozenset(How) - {How.MAIL, How.TRACKING}
#: Words that a message has left its platform's hands or is in its reader's, and what a row is then.
_ARRIVED = {
    "sent": (DeliveryState.SENT, ""),
    "delivery": (DeliveryState.DELIVERED, ""),
    "read": (DeliveryState.DELIVERED, READ),
}
#: The mail service's words that a mail has left its hands, and what a row is then.
_MAILED = {"delivery": (DeliveryState.DELIVERED, ""), "delay": (DeliveryState.SENT, "delayed")}
#: A row that goes once more is looked at again after this long, should the stream not bring it.
_GRACE = timedelta(seconds=90)


def stale(delivery: Delivery, told: FailedDelivery) -> bool:
    """A platform's word about a part that is none of the way in use: the row has left that way since, or the part's id
    is not noted yet (`under_way`), or its answer was lost (`found`). `external_id` stays an earlier way's, so that its
    words still find the row."""
    return delivery.how not in _BY_CHAT or (bool(told.original_id) and told.original_id not in delivery.gone)


def under_way(delivery: Delivery, told: FailedDelivery) -> bool:
    """Must the word come again, since the row's sender has not said yet what left? That a message was sent changes
    nothing, but where its answer is being lost."""
    known = told.kind == "sent" and told.original_id in delivery.gone
    return delivery.state is DeliveryState.CLAIMED and not known


def found(delivery: Delivery, told: FailedDelivery, at: datetime) -> Delivery | None:
    """The row after word of the very part whose answer was lost: it did leave, and is not sent once more. What comes
    behind it still goes. None for any other word."""
    number, of = told.part
    lost = _lost(delivery) and delivery.how in _BY_CHAT and told.original_id not in delivery.gone
    if not lost or told.kind not in _ARRIVED or number != len(delivery.gone) + 1:
        return None
    how = How(delivery.how)
    way = Way(how, delivery.channel, "", costs=rule(delivery.channel).costs.get(how, ""))
    known = replace(
        delivery,
        gone=(*delivery.gone, told.original_id),
        external_id=delivery.external_id or told.original_id,
        charged=charged(delivery.charged, way),
        repeats=delivery.repeats - 1,
    )
    if number < of:
        return replace(known, state=DeliveryState.QUEUED, reason="", wake=at, due_at=at + _GRACE)
    state, reason = _ARRIVED[told.kind]
    return replace(known, state=state, reason=reason, sent_at=at, due_at=None)


def found_mailed(delivery: Delivery, told: FailedDelivery, at: datetime) -> Delivery | None:
    """`found` of a mail, after the mail service's own word that names the row: no report by mail does, so that nobody
    else can end a letter by one. Also of one that its sender still holds, who may have died since it left. `at`: when
    the service saw it. The id is what a reply will name."""
    ours = delivery.channel is Channel.EMAIL and delivery.how not in _BY_CHAT and told.delivery_id == delivery.id
    # Where a chat may be tried before, that sender notes what left on the row as it goes: it comes to its own end.
    held = delivery.state is DeliveryState.CLAIMED and not delivery.how
    # Of two copies one may be delayed and the other there.
    twice = delivery.state is DeliveryState.HELD or (held and delivery.repeats > 0)
    late = told.kind == "delay" and twice
    if not ours or not (held or _lost(delivery)) or late or told.kind not in _MAILED:
        return None
    state, reason = _MAILED[told.kind]
    return replace(
        delivery,
        state=state,
        reason=reason,
        external_id=told.original_id,
        repeats=delivery.repeats if held else delivery.repeats - 1,
        sent_at=at,
        due_at=None,
        lease_until=None,
        wake=None,
    )


def _lost(delivery: Delivery) -> bool:
    """Does it wait for its repeat, or for an officer, since nobody knows whether it left?"""
    waits = delivery.state in (DeliveryState.QUEUED, DeliveryState.HELD)
    return waits and delivery.repeats > 0 and delivery.wake is None


def news(delivery: Delivery, told: FailedDelivery) -> Delivery | None:
    """The row after a report that is no failure; None: as it was. Reports come in any order: none takes back what is
    known already. Of several parts the last one speaks for the whole; of a letter that is held, or not all gone, that
    one has not left."""
    if delivery.state not in (DeliveryState.SENT, DeliveryState.DELIVERED):
        return None
    if len(delivery.gone) > 1 and told.original_id in delivery.gone[:-1]:
        return None
    seen = delivery.state is DeliveryState.DELIVERED and delivery.reason == READ
    if told.kind == "read":
        return None if seen else replace(delivery, state=DeliveryState.DELIVERED, reason=READ)
    if told.kind == "delivery":
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
