"""Telegram's door: one Update a body, which holds one thing that happened (core.telegram.org/bots/api#update).

We speak with one person at a time: what is said in a group or a channel is counted and not answered, for whoever is in
it would read the answer. A person's id and that of their private chat are the same number. A message is
`<digest of the chat>:<message_id>`, which stays the same however often it is brought, and does not tell who wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ...domain import addresses
from ...domain.inbound import Party, Sort
from ...domain.words import Channel, Reason
from . import shape
from .compose import OTHER, Item, Said, strange, unsupported
from .part import Part
from .shape import Fields
from .telegram_kinds import chat_digest, kind_of, said

#: Of an update, what is nobody's message to us -> our word for it.
EVENTS = {
    "business_connection": "business",
    "channel_post": "channel",
    "chat_boost": "group",
    "chat_join_request": "group",
    "chat_member": "group",
    "chosen_inline_result": "inline",
    "deleted_business_messages": "business",
    "edited_channel_post": "channel",
    "inline_query": "inline",
    "managed_bot": "account",
    "message_reaction_count": "group",
    "poll": "poll",
    "poll_answer": "poll",
    "pre_checkout_query": "payment",
    "purchased_paid_media": "payment",
    "removed_chat_boost": "group",
    "shipping_query": "payment",
    "subscription": "payment",
}
#: A bot in a private chat is either let in or shut out (`my_chat_member`).
MEMBERSHIP = {"kicked": "blocked", "left": "blocked", "member": "unblocked"}


def read(raw: bytes, at: datetime) -> tuple[Part, ...]:
    """`at`: when it was stored. Raises Park."""
    return tuple(_parts(shape.parsed(raw), at))


def _parts(body: Fields, at: datetime) -> Iterator[Part]:
    named = [name for name in body if name in _UPDATES or name in EVENTS]
    if not named:
        yield from strange(Channel.TELEGRAM, body, at)
        return
    around = shape.picked(body, "update_id")
    for name in named:
        content = body[name]
        update = _Update(content if isinstance(content, dict) else {}, {**around, name: content}, at)
        if not update.content:
            yield update.item(OTHER).dropped(Reason.UNKNOWN)
        elif name in EVENTS:
            yield update.item(EVENTS[name]).dropped(Reason.EVENT)
        else:
            yield _UPDATES[name](update)
    if more := shape.rest(body, "update_id", *named):
        yield from strange(Channel.TELEGRAM, {**around, **more}, at)


@dataclass(frozen=True, slots=True)
class _Update:
    content: Fields
    alone: Fields
    stored: datetime

    def item(self, kind: str, id: str = "", at: Any = None) -> Item:
        return Item(
            channel=Channel.TELEGRAM,
            kind=kind,
            at=shape.moment(self.stored, at if at is not None else self.content.get("date")),
            alone=self.alone,
            raw=self.content,
            id=id,
            sender=self.sender,
            order=_order(self.content),
        )

    @property
    def sender(self) -> Party:
        person = shape.fields(self.content, "from") or shape.fields(self.content, "user")
        number = _number(person.get("id"))
        names = (shape.line(person.get("first_name")), shape.line(person.get("last_name")))
        name = shape.line(" ".join(one for one in names if one)) or shape.line(person.get("username"))
        return Party(addresses.on(Channel.TELEGRAM, number) if number else "", name)


# -- updates


def _message(update: _Update) -> Part:
    message = update.content
    kind = kind_of(message)
    item = update.item(kind, message_id(message))
    if other := _not_for_us(update, message, item):
        return other
    return item.said(said(message))


def _edited(update: _Update) -> Part:
    """A place that moves comes as one edit after another; where it began was the message."""
    message = update.content
    about = message_id(message)
    stamp = shape.word(message.get("edit_date")) or shape.word(message.get("date"))
    item = update.item("edit", f"{about}:edit:{stamp}" if about else "", message.get("edit_date"))
    if other := _not_for_us(update, message, item):
        return other
    if kind_of(message) == "location":
        return replace(item, kind="live_location").dropped(Reason.EVENT)
    return item.said(replace(said(message), sort=Sort.EDIT, about=about))


def _pressed(update: _Update) -> Part:
    """A button below a message of ours; it tells no time of its own."""
    press, message = update.content, shape.fields(update.content, "message")
    chat, number = _number(shape.fields(message, "chat").get("id")), shape.word(press.get("id"))
    item = update.item("button", f"{chat_digest(chat)}:button:{number}" if chat and number else "")
    if message and shape.fields(message, "chat").get("type") != "private":
        return replace(item, kind="group").dropped(Reason.EVENT)
    if shape.fields(press, "from").get("is_bot") is True:
        return item.dropped(Reason.OWN)
    payload = shape.word(press.get("data"))
    text = _label(message, payload) or payload
    extra = {"payload": payload, "callback_query": number}
    content = Said(text=text) if text else unsupported("tombol")
    return item.said(replace(content, answers=message_id(message), extra=extra))


def _label(message: Fields, payload: str) -> str:
    """What stands on the button that was pressed."""
    for row in shape.items(shape.fields(message, "reply_markup"), "inline_keyboard"):
        for button in row if isinstance(row, list) else ():
            if isinstance(button, dict) and payload and shape.word(button.get("callback_data")) == payload:
                return shape.prose(button.get("text"))
    return ""


def _membership(update: _Update) -> Part:
    change = update.content
    status = shape.word(shape.fields(change, "new_chat_member").get("status"))
    private = shape.fields(change, "chat").get("type") == "private"
    return update.item(MEMBERSHIP.get(status, OTHER) if private else "group").dropped(Reason.EVENT)


def _reaction(update: _Update) -> Part:
    """All that stand on a message now: none where the last was taken back."""
    change = update.content
    about = message_id(change)
    item = update.item("reaction", f"{about}:reaction:{shape.word(change.get('date'))}" if about else "")
    if other := _not_for_us(update, change, item):
        return other
    signs = [shape.line(one.get("emoji"), 20) for one in shape.objects(change, "new_reaction")][:10]
    text = " ".join(sign for sign in signs if sign)
    return item.said(Said(sort=Sort.REACTION, about=about, text=text, extra={"taken_back": "" if signs else "1"}))


def _elsewhere(kind: str) -> Callable[[_Update], Part]:
    """Written to somebody whom the bot only serves: kept, for a person wrote it, and counted."""

    def read(update: _Update) -> Part:
        return update.item(kind, message_id(update.content)).dropped(Reason.UNKNOWN)

    return read


_UPDATES: dict[str, Callable[[_Update], Part]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _pressed,
    "my_chat_member": _membership,
    "message_reaction": _reaction,
    "business_message": _elsewhere("business"),
    "edited_business_message": _elsewhere("business"),
    "guest_message": _elsewhere("guest"),
}


# -- whose it is


def message_id(message: Fields) -> str:
    chat, number = _number(shape.fields(message, "chat").get("id")), _number(message.get("message_id"))
    return f"{chat_digest(chat)}:{number}" if chat and number else ""


def _order(message: Fields) -> int:
    """Its date tells seconds; the number of a message ascends."""
    number = _number(message.get("message_id"))
    return int(number) if 0 < len(number) <= 11 and not number.startswith("-") else 0


def _not_for_us(update: _Update, message: Fields, item: Item) -> Part | None:
    chat = shape.fields(message, "chat")
    if shape.fields(message, "from").get("is_bot") is True:
        return replace(item, kind="echo").dropped(Reason.OWN)
    kind = shape.word(chat.get("type"))
    if kind in ("group", "supergroup", "channel"):
        return replace(item, kind="channel" if kind == "channel" else "group").dropped(Reason.EVENT)
    return None if kind == "private" else replace(item, kind=OTHER).dropped(Reason.UNKNOWN)


def _number(value: Any) -> str:
    """An id as a number, whatever a client makes of it."""
    text = shape.word(value)
    return text if text.removeprefix("-").isdigit() and text.isascii() else ""
