"""By which names WhatsApp calls a person: phone, business-scoped id (`ID.1234…`), or both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...domain import addresses
from ...domain.inbound import Party
from ...domain.words import Channel
from . import shape
from .shape import Fields

_PHONE = re.compile(r"[0-9]{5,20}")
_SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9._-]{1,150}")


def named(message: Fields) -> tuple[str, str, str]:
    """By which names a message calls its sender: phone, scoped id, and that of the businesses together."""
    sender = message.get("from")
    scoped = _scoped(message.get("from_user_id")) or _scoped(sender)
    return _phone(sender), scoped, _scoped(message.get("from_parent_user_id"))


@dataclass(frozen=True, slots=True)
class Contacts:
    """A value's `contacts`, found by phone and by scoped id; `lone`: the one that there is, while all its messages are
    of one person."""

    by_name: Mapping[str, Fields]
    lone: Fields | None

    @classmethod
    def of(cls, value: Fields) -> Contacts:
        contacts = list(shape.objects(value, "contacts"))
        found: dict[str, Fields] = {}
        for contact in contacts:
            for name in (_phone(contact.get("wa_id")), _scoped(contact.get("user_id"))):
                found.setdefault(name, contact)
        senders = {named(message) for message in shape.objects(value, "messages")}
        return cls(found, contacts[0] if len(contacts) == 1 and len(senders) < 2 else None)

    def of_sender(self, message: Fields) -> tuple[Fields | None, bool]:
        """The sender's entry, and whether it may lend its ids too. Of one that names another number only the name is
        taken, and that where there is nobody else whom it could be about: in some countries the two are spelt apart."""
        phone, scoped, _ = named(message)
        contact = next((self.by_name[name] for name in (phone, scoped) if name and name in self.by_name), None)
        if contact is not None:
            return contact, True
        return self.lone, self.lone is not None and not phone and not scoped


def sender_of(message: Fields, contact: Fields | None, vouched: bool) -> Party:
    """By phone where there is one: so is a person known who called, or stood at the counter."""
    phone, scoped, parent = named(message)
    name = ""
    if contact is not None:
        profile = shape.fields(contact, "profile")
        name = shape.line(profile.get("name")) or shape.line(profile.get("username"))
        if vouched:
            phone = phone or _phone(contact.get("wa_id"))
            scoped = scoped or _scoped(contact.get("user_id"))
            parent = parent or _scoped(contact.get("parent_user_id"))
    known = [_address(one) for one in (phone, scoped) if one] or [_address(one) for one in (parent,) if one]
    return Party(known[0], name, tuple(known[1:])) if known else Party("", name)


def person_of(*names: Any) -> str:
    """The first of the names that is one, as an address; empty where none is."""
    found = next((one for name in names if (one := _phone(name) or _scoped(name))), "")
    return _address(found) if found else ""


def _phone(value: Any) -> str:
    text = shape.word(value).removeprefix("+")
    return text if _PHONE.fullmatch(text) else ""


def _scoped(value: Any) -> str:
    """As it stands: in part of it, capitals count."""
    text = shape.word(value, 160)
    return text if _SCOPED.fullmatch(text) else ""


def _address(name: str) -> str:
    return addresses.on(Channel.WHATSAPP, name)
