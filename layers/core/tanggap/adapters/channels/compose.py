"""What the readers of the platforms have in common: how a part is put together once it is understood."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from ...domain.inbound import FailedDelivery, Inbound, Media, Party, Place, Sort
from ...domain.words import Channel, Reason
from . import shape
from .part import Part
from .shape import Fields

#: The kind of a part that the platform calls by a word we don't know.
OTHER = "other"
MEDIA = 30  # of one message; the platforms allow ten
NOBODY = Party("")


class Mark(StrEnum):
    """For the officer: what of this message is not as it looks."""

    FORWARDED = "forwarded"
    UNSUPPORTED = "unsupported"  # of a kind that the platform does not show us, or that we can't read
    TEXT_CUT = "text_cut"
    TOO_MANY_FILES = "too_many_files"
    NO_ID = "no_message_id"
    NO_SENDER = "no_sender"
    GROUP = "group"  # said in a group, not to us alone
    NUMBER_CHANGED = "number_changed"  # the platform's word: this person has another identity now


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one item of a platform's says. `dropped`: it is nobody's message after all. `answers`: the id of the message
    that it replies to, or the parent of a comment. `kind`: where the item's own word for it says less."""

    text: str = ""
    sort: Sort = Sort.MESSAGE
    about: str = ""
    answers: str = ""
    media: tuple[Media, ...] = ()
    place: Place | None = None
    marks: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    dropped: Reason | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Where a message stands. `raw` is the item as the platform wrote it, without what is around it: a message without
    an id is told by it."""

    channel: Channel
    kind: str
    at: datetime
    alone: Fields = field(repr=False)
    raw: Any = field(repr=False, default=None)
    id: str = ""
    account: str = ""
    sender: Party = NOBODY
    order: int = 0

    def said(self, said: Said) -> Part:
        """A person's message, or what is none after all."""
        if said.kind:
            return replace(self, kind=said.kind).said(replace(said, kind=""))
        if said.dropped is not None:
            return self.dropped(said.dropped)
        text, marks = said.text, list(said.marks)
        if len(text) > shape.TEXT:
            text = text[: shape.TEXT]
            marks.append(Mark.TEXT_CUT)
        if len(said.media) > MEDIA:
            marks.append(Mark.TOO_MANY_FILES)
        identifier = self.id
        if not identifier:
            identifier = "none:" + _digest(self.raw)[:32]
            marks.append(Mark.NO_ID)
        if not self.sender.address:
            marks.append(Mark.NO_SENDER)
        inbound = Inbound(
            channel=self.channel,
            external_id=identifier,
            at=self.at,
            sender=self.sender,
            recipients=(),
            subject="",
            text=text,
            full_text=text,
            digest=_digest([self.channel, self.account, identifier, said.sort]),
            references=(said.answers,) if said.answers else (),
            doubts=tuple(dict.fromkeys(marks)),
            extra={name: value for name, value in said.extra.items() if value},
            sort=said.sort,
            account=self.account,
            about=said.about,
            order=self.order,
            media=said.media[:MEDIA],
            place=said.place,
        )
        return replace(self._part(), external_id=identifier, inbound=inbound)

    def told(self, about: FailedDelivery, status: str, extra: Mapping[str, str] | None = None) -> Part:
        """The platform's word about a message of ours. `status` is its own: each is another event."""
        identifier = f"{about.original_id}:{status}"
        inbound = Inbound(
            channel=self.channel,
            external_id=identifier,
            at=self.at,
            sender=NOBODY,
            recipients=(),
            subject="",
            text="",
            full_text="",
            digest=_digest([self.channel, self.account, identifier, about.recipient]),
            failures=(about,),
            account=self.account,
            extra={name: value for name, value in (extra or {}).items() if value},
        )
        return replace(self._part(), external_id=identifier, person=about.recipient, inbound=inbound, event=True)

    def dropped(self, reason: Reason, person: str = "") -> Part:
        return replace(self._part(), person=person or self.sender.address, dropped=reason)

    def _part(self) -> Part:
        return Part(
            channel=self.channel,
            kind=self.kind,
            external_id=self.id,
            at=self.at,
            person=self.sender.address,
            alone=self.alone,
        )


def strange(channel: Channel, body: Fields, stored: datetime) -> Iterator[Part]:
    """A body of no form that its door knows: kept and counted, one by one where it is plain what its items are."""
    containers = shape.rest(body)
    name, members = next(iter(containers.items()), ("", None))
    if len(containers) == 1 and isinstance(members, list):
        around = {key: value for key, value in body.items() if not isinstance(value, (dict, list))}
        bodies = [{**around, name: [member]} for member in members]
    else:
        bodies = [dict(body)]
    for alone in bodies:
        yield Item(channel=channel, kind=OTHER, at=stored, alone=alone).dropped(Reason.UNKNOWN)


def located(within: Fields, *names: Any) -> Said:
    """A place that was shared, with a line that says it in words too."""
    latitude, longitude = shape.degrees(within.get("latitude"), 90), shape.degrees(within.get("longitude"), 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    called = ", ".join(dict.fromkeys(text for name in names if (text := shape.line(name, 300))))
    point = f"({_short(latitude)}, {_short(longitude)})" if latitude is not None and longitude is not None else ""
    words = " ".join(part for part in (called, point) if part)
    if not words:
        return unsupported("lokasi")
    return Said(text=f"Lokasi: {words}", place=Place(latitude, longitude, called))


def _short(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")


def unsupported(kind: str, more: str = "") -> Said:
    """A person sent something that we can't read: nobody should think that nothing came. `kind` in Indonesian."""
    text = f"[Pesan berupa {kind}, tidak dapat dibaca di sini]"
    return Said(text=f"{text}\n{more}" if more else text, marks=(Mark.UNSUPPORTED,))


def _digest(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
