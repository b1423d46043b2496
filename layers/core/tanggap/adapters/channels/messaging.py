"""Direct messages of Messenger and Instagram, which are of one form.

An item under `messaging` (or `standby`, while another app holds the thread: a person's message all the same) is
{sender{id}, recipient{id}, timestamp, <event>: {…}}
(developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...domain import addresses
from ...domain.inbound import FailedDelivery, Party, Sort
from ...domain.words import Channel, Reason
from . import shape
from .attachments import attached
from .compose import NOBODY, OTHER, Item, Said, unsupported
from .envelope import Alone, Change, Envelope
from .part import Part
from .shape import Fields

#: Asks nothing of us -> our word for it.
EVENTS = {
    "account_linking": "account",
    "app_roles": "handover",
    "game_play": "game",
    "optin": "optin",
    "pass_thread_control": "handover",
    "policy_enforcement": "account",
    "policy-enforcement": "account",
    "referral": "referral",
    "request_thread_control": "handover",
    "response_feedback": "feedback",
    "take_thread_control": "handover",
    "thread_control": "handover",
    "typing": "typing",
}
#: Reads the value of one change.
Read = Callable[[Fields, Envelope, Fields], Part]
#: What items and their changes are called (`Part.kind`).
KINDS = frozenset(
    {"message", "deleted", "unsupported", "echo", "postback", "reaction", "edit", "read", "delivered", OTHER}
    | set(EVENTS.values())
)


@dataclass(frozen=True, slots=True)
class _Place:
    """An item, and where it stands."""

    item: Fields
    envelope: Envelope
    alone: Fields

    @property
    def channel(self) -> Channel:
        return self.envelope.channel

    def part(self, kind: str, raw: Any, id: str = "") -> Item:
        """Of the person who sent it."""
        recipient, name = self._id("recipient"), shape.fields(self.item, "sender").get("name")
        return Item(
            channel=self.channel,
            kind=kind,
            at=self.envelope.at(self.item.get("timestamp")),
            alone=self.alone,
            raw=[self.item.get("sender"), self.item.get("timestamp"), raw],
            id=id,
            account=recipient or self.envelope.account,
            sender=Party(self.person, shape.line(name)),
        )

    @property
    def person(self) -> str:
        sender = self._id("sender")
        return addresses.on(self.channel, sender) if sender else ""

    @property
    def theirs(self) -> str:
        """Whom we wrote to, in what comes back of our own."""
        recipient = self._id("recipient")
        return addresses.on(self.channel, recipient) if recipient else ""

    @property
    def own(self) -> bool:
        return bool(self.envelope.account) and self._id("sender") == self.envelope.account

    def stamp(self) -> str:
        return shape.word(self.item.get("timestamp"))

    def _id(self, name: str) -> str:
        text = shape.word(shape.fields(self.item, name).get("id"), 128)
        return "" if " " in text else text


def parts(item: Fields, envelope: Envelope, alone: Fields) -> Iterator[Part]:
    """One part an item; of a report about several messages of ours, one each."""
    place = _Place(item, envelope, alone)
    for name, read in _EVENTS.items():
        event = item.get(name)
        if isinstance(event, dict):
            yield from read(event, place)
            return
    kind = next((word for name, word in EVENTS.items() if name in item), "")
    part = place.part(kind or OTHER, item)
    yield part.dropped(Reason.OWN if kind and place.own else Reason.EVENT if kind else Reason.UNKNOWN)


def changes(fields: Mapping[str, Read], events: Mapping[str, str]) -> Change:
    """How a page's or an account's `changes` are read: by their field, or as nobody's message (our word for it)."""

    def change(name: str, content: Any, envelope: Envelope, alone: Alone) -> Iterator[Part]:
        value = content if isinstance(content, dict) else {}
        read = fields.get(name)
        if read and value:
            yield read(value, envelope, alone(content))
        elif "sender" in value:  # the console's test messages come so, under whatever field
            yield from parts(value, envelope, alone(content))
        else:
            kind = events.get(name)
            yield envelope.unknown(alone(content), kind or OTHER, Reason.EVENT if kind else Reason.UNKNOWN)

    return change


# -- what a person does


def _message(message: Fields, place: _Place) -> Iterator[Part]:
    mid = shape.identifier(message.get("mid"))
    if message.get("is_echo") is True or place.own:
        echo = replace(place.part("echo", message, mid), sender=NOBODY)
        yield echo.dropped(Reason.OWN, place.theirs)
        return
    if message.get("is_deleted") is True:
        item = place.part("deleted", message, f"{mid}:deleted" if mid else "")
        yield item.said(Said(sort=Sort.DELETION, about=mid))
        return
    if message.get("is_unsupported") is True:
        hidden = unsupported("jenis yang tidak ditampilkan kepada kami", shape.prose(message.get("text")))
        yield place.part("unsupported", message, mid).said(hidden)
        return
    yield place.part("message", message, mid).said(_written(message, place.channel))


def _written(message: Fields, channel: Channel) -> Said:
    text = shape.prose(message.get("text"))
    found = attached(shape.items(message, "attachments"), channel)
    text = "\n".join(part for part in (text, found.text) if part)
    reply, story = shape.fields(message, "reply_to"), shape.fields(shape.fields(message, "reply_to"), "story")
    referral = shape.fields(message, "referral")
    payload = shape.word(shape.fields(message, "quick_reply").get("payload"), 1000)
    if not text and not found.media and found.place is None:
        nothing = unsupported("jenis yang belum dikenal")
        text, found = nothing.text, replace(found, marks=(*found.marks, *nothing.marks))
    return replace(
        found,
        text=text,
        answers=shape.identifier(reply.get("mid")),
        extra={
            **found.extra,
            "payload": payload,
            "story": shape.identifier(story.get("id")),
            "referral": shape.word(referral.get("ref"), 1000) or shape.word(referral.get("source")),
        },
    )


def _postback(postback: Fields, place: _Place) -> Iterator[Part]:
    """A button that we offered."""
    item = place.part("postback", postback, shape.identifier(postback.get("mid")))
    if place.own:
        yield item.dropped(Reason.OWN)
        return
    payload = shape.word(postback.get("payload"), 1000)
    title = shape.prose(postback.get("title"))
    yield item.said(
        Said(text=title or payload, extra={"payload": payload}) if title or payload else unsupported("tombol")
    )


def _reaction(reaction: Fields, place: _Place) -> Iterator[Part]:
    about = shape.identifier(reaction.get("mid"))
    back = reaction.get("action") == "unreact"
    emoji = shape.line(reaction.get("emoji"), 20) or shape.word(reaction.get("reaction"))
    sign = "taken back" if back else emoji
    item = place.part("reaction", reaction, f"{about}:reaction:{place.stamp()}:{sign}" if about else "")
    if place.own:
        yield item.dropped(Reason.OWN)
        return
    yield item.said(
        Said(sort=Sort.REACTION, about=about, text="" if back else emoji, extra={"taken_back": "1" if back else ""})
    )


def _edit(edit: Fields, place: _Place) -> Iterator[Part]:
    about = shape.identifier(edit.get("mid"))
    number = shape.word(edit.get("num_edit"))
    item = place.part("edit", edit, f"{about}:edit:{number or place.stamp()}" if about else "")
    if place.own:
        yield item.dropped(Reason.OWN)
        return
    text = shape.prose(edit.get("text"))
    yield item.said(replace(Said(text=text) if text else unsupported("suntingan"), sort=Sort.EDIT, about=about))


# -- what became of a message of ours


def _reports(kind: str, report: str, mids: Callable[[Fields], tuple[Any, ...]]) -> Callable[..., Iterator[Part]]:
    def read(event: Fields, place: _Place) -> Iterator[Part]:
        person = place.person
        named = [mid for one in mids(event) if (mid := shape.identifier(one))]
        if not named:  # up to a point in time alone: it names no message
            yield place.part(kind, event).dropped(Reason.READ if report == "read" else Reason.EVENT, person)
            return
        name = "read" if report == "read" else "delivery"
        for mid in dict.fromkeys(named):
            told = {"mid": mid} if "mid" in event else {"mids": [mid]}
            alone = _with(place, name, {**shape.picked(event, "watermark"), **told}) if len(named) > 1 else place.alone
            item = replace(place.part(kind, event), alone=alone)
            about = FailedDelivery(recipient=person, original_id=mid, permanent=False, kind=report)
            yield item.told(about, kind)

    return read


def _with(place: _Place, name: str, event: Fields) -> Fields:
    """The same body with this event instead."""
    item = {**place.item, name: event}
    entry = place.alone["entry"][0]
    return {**place.alone, "entry": [_replaced(entry, item)]}


def _replaced(entry: Fields, item: Fields) -> Fields:
    for name in ("messaging", "standby"):
        if name in entry:
            return {**entry, name: [item]}
    if "changes" in entry:
        return {**entry, "changes": [{**entry["changes"][0], "value": item}]}
    return {**entry, "value": item}


#: The order is the rule: an item holds one of these.
_EVENTS: dict[str, Callable[[Fields, _Place], Iterator[Part]]] = {
    "message": _message,
    "postback": _postback,
    "reaction": _reaction,
    "message_edit": _edit,
    "read": _reports("read", "read", lambda event: (event.get("mid"),)),
    "delivery": _reports("delivered", "delivery", lambda event: tuple(shape.items(event, "mids"))),
}
