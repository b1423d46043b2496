"""WhatsApp Cloud API: entries to parts. What a message says, by its type: whatsapp_kinds.

`changes[].value`: {messaging_product, metadata{phone_number_id}, contacts[], messages[] | statuses[] | errors[] | …}
(developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages). A person is told by
phone, by a business-scoped id (`ID.1234…`), or by both; `contacts` may be missing, and need not be in the order of the
messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ...domain.inbound import Party
from ...domain.words import Channel, Reason
from . import shape
from .compose import NOBODY, OTHER, Item
from .envelope import Alone, Envelope
from .part import Part
from .shape import Fields
from .whatsapp_kinds import KINDS, NEW_NAMES, said
from .whatsapp_people import Contacts, person_of, sender_of
from .whatsapp_status import STATUSES, report

#: Fields that tell of the account, of templates, of calls: nobody's message, and nothing that we act on.
EVENTS = {
    "account_alerts": "account",
    "account_offboarded": "account",
    "account_reconnected": "account",
    "account_review_update": "account",
    "account_settings_update": "account",
    "account_update": "account",
    "automatic_events": "account",
    "business_capability_update": "account",
    "business_status_update": "account",
    "business_username_update": "account",
    "calls": "call",
    "flows": "flow",
    "group_lifecycle_update": "group",
    "group_participants_update": "group",
    "group_settings_update": "group",
    "group_status_update": "group",
    "history": "history",
    "message_template_components_update": "template",
    "message_template_quality_update": "template",
    "message_template_status_update": "template",
    "partner_solutions": "account",
    "payment_configuration_update": "account",
    "phone_number_name_update": "account",
    "phone_number_quality_update": "account",
    "security": "account",
    "smb_app_state_sync": "account",
    "template_category_update": "template",
    "template_correct_category_detection": "template",
    "tracking_events": "account",
    "user_id_update": "identity",
    "user_preferences": "preference",
}
#: What a person may want of advertising (`user_preferences[].value`).
PREFERENCES = {"stop": "marketing_stop", "resume": "marketing_resume", "signup": "marketing_signup"}


@dataclass(frozen=True, slots=True)
class _Value:
    """What one change holds, `name` being its field."""

    name: str
    account: str
    contacts: Contacts
    envelope: Envelope = field(repr=False)
    around: Fields = field(repr=False)
    write: Alone = field(repr=False)

    def alone(self, name: str, item: Any, contact: Fields | None = None) -> Fields:
        who = {} if contact is None else {"contacts": [contact]}
        return self.write({**self.around, **who, name: [item]})

    def item(self, kind: str, at: datetime, alone: Fields, raw: Any, id: str = "", sender: Party = NOBODY) -> Item:
        return Item(
            channel=Channel.WHATSAPP, kind=kind, at=at, alone=alone, raw=raw, id=id, account=self.account, sender=sender
        )


def parts(envelope: Envelope) -> Iterator[Part]:
    yield from envelope.parts(_change)


def _change(name: str, content: Any, envelope: Envelope, alone: Alone) -> Iterator[Part]:
    whole = EVENTS.get(name)
    reason = Reason.EVENT if whole else Reason.UNKNOWN
    value = content if isinstance(content, dict) else {}
    lists = [(key, read) for key, read in _LISTS.items() if shape.items(value, key)]
    if not lists:
        yield envelope.unknown(alone(content), whole or OTHER, reason)
        return
    around = shape.picked(value, "messaging_product", "metadata")
    held = _Value(
        name,
        shape.identifier(shape.fields(value, "metadata").get("phone_number_id")) or envelope.account,
        Contacts.of(value),
        envelope,
        around,
        alone,
    )
    for key, read in lists:
        for one in value[key]:
            if isinstance(one, dict):
                yield read(one, held)
            else:
                yield envelope.unknown(held.alone(key, one))
    if more := shape.rest(value, *around, "contacts", *(key for key, _ in lists)):
        yield envelope.unknown(alone({**around, **more}), whole or OTHER, reason)


# -- items


def _message(message: Fields, value: _Value) -> Part:
    contact, vouched = value.contacts.of_sender(message)
    kind = shape.word(message.get("type"))
    item = value.item(
        kind if kind in KINDS else OTHER,
        value.envelope.at(message.get("timestamp")),
        value.alone("messages", message, contact),
        message,
        shape.identifier(message.get("id")),
        sender_of(message, contact, vouched),
    )
    content = said(message)
    # A person who has another number now is the same one: from then on they are found under both.
    names = tuple(name for key in NEW_NAMES if (name := content.extra.get(key)))
    if names:
        item = replace(item, sender=replace(item.sender, also=(*item.sender.also, *names)))
    return item.said(content)


def _status(status: Fields, value: _Value) -> Part:
    word = shape.word(status.get("status"))
    at = value.envelope.at(status.get("timestamp"))
    alone = value.alone("statuses", status)
    group = status.get("recipient_type") == "group"
    names = ("recipient_participant_id", "recipient_participant_user_id") if group else ("recipient_id",)
    person = person_of(*(status.get(name) for name in (*names, "recipient_user_id")))
    original = shape.identifier(status.get("id"))
    if value.name == "calls" or status.get("type") == "call":
        return value.item("call", at, alone, status, original).dropped(Reason.EVENT, person)
    if word not in STATUSES or not original:
        return value.item(OTHER, at, alone, status, original).dropped(Reason.UNKNOWN, person)
    told, extra = report(status, word, original, person)
    return value.item(word, at, alone, status).told(told, word, extra)


def _error(error: Fields, value: _Value) -> Part:
    """Something went wrong at the platform, and no message of ours is named: who runs the desk sees the count."""
    item = value.item("error", value.envelope.at(), value.alone("errors", error), error, shape.word(error.get("code")))
    return item.dropped(Reason.EVENT)


def _echo(echo: Fields, value: _Value) -> Part:
    """What somebody of ours wrote on the telephone itself."""
    at = value.envelope.at(echo.get("timestamp"))
    item = value.item("echo", at, value.alone("message_echoes", echo), echo, shape.identifier(echo.get("id")))
    return item.dropped(Reason.OWN, person_of(echo.get("to"), echo.get("to_user_id")))


def _call(call: Fields, value: _Value) -> Part:
    at = value.envelope.at(call.get("timestamp"))
    item = value.item("call", at, value.alone("calls", call), call, shape.identifier(call.get("id")))
    ours = call.get("direction") == "BUSINESS_INITIATED"
    return item.dropped(Reason.EVENT, person_of(call.get("to" if ours else "from"), call.get("from_user_id")))


def _preference(wish: Fields, value: _Value) -> Part:
    kind = PREFERENCES.get(shape.word(wish.get("value")), "preference")
    at = value.envelope.at(wish.get("timestamp"))
    item = value.item(kind, at, value.alone("user_preferences", wish), wish)
    return item.dropped(Reason.EVENT, person_of(wish.get("wa_id"), wish.get("user_id")))


_LISTS: dict[str, Callable[[Fields, _Value], Part]] = {
    "messages": _message,
    "statuses": _status,
    "message_echoes": _echo,
    "calls": _call,
    "user_preferences": _preference,
    "errors": _error,
}
