"""One entry of a Meta body, and how a body is written that holds one piece of it alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...domain.words import Channel, Reason
from . import shape
from .compose import OTHER, Item
from .part import Part
from .shape import Fields

#: Reads one change: (field, value, its envelope, how it is written alone with another value).
Alone = Callable[[Any], Fields]
Change = Callable[[str, Any, "Envelope", Alone], Iterator[Part]]
#: Reads one item of a list under `messaging` or `standby`.
Talk = Callable[[Fields, "Envelope", Fields], Iterator[Part]]


@dataclass(frozen=True, slots=True)
class Envelope:
    """`account`: ours, to which the entry came. `time`: what the platform says, unproved; `stored`: when it came in."""

    channel: Channel
    object: str
    account: str
    time: Any
    stored: datetime
    entry: Fields = field(repr=False)

    @classmethod
    def of(cls, channel: Channel, name: str, entry: Fields, stored: datetime) -> Envelope:
        return cls(channel, name, shape.identifier(entry.get("id")), entry.get("time"), stored, entry)

    def at(self, *claims: Any) -> datetime:
        return shape.moment(self.stored, *claims, self.time)

    def alone(self, piece: Mapping[str, Any]) -> Fields:
        return {"object": self.object, "entry": [{**shape.picked(self.entry, "id", "time"), **piece}]}

    def unknown(self, alone: Fields, kind: str = OTHER, reason: Reason = Reason.UNKNOWN) -> Part:
        """What asks nothing of us, or is of no form that we know: counted."""
        return Item(channel=self.channel, kind=kind, at=self.at(), alone=alone, account=self.account).dropped(reason)

    def parts(self, change: Change, talk: Talk | None = None) -> Iterator[Part]:
        """All that is in the entry, whatever of it is of a known form."""
        found = False
        lists = ("messaging", "standby") if talk else ()
        for name in lists:
            for item in shape.items(self.entry, name):
                found = True
                alone = self.alone({name: [item]})
                if talk and isinstance(item, dict):
                    yield from talk(item, self, alone)
                else:
                    yield self.unknown(alone)
        for one in shape.items(self.entry, "changes"):
            found = True
            yield from self._change(one, lambda piece: self.alone({"changes": [piece]}), change)
        if "field" in self.entry:  # Instagram's own login sends a change without the list around it
            found = True
            yield from self._change(shape.picked(self.entry, "field", "value"), self.alone, change)
        more = shape.rest(self.entry, "id", "time", "value" if "field" in self.entry else "", *lists, "changes")
        if more or not found:
            more = more or {name: value for name, value in self.entry.items() if name not in ("id", "time")}
            yield self.unknown(self.alone(more))

    def _change(self, one: Any, alone: Callable[[Any], Fields], change: Change) -> Iterator[Part]:
        if not isinstance(one, dict):
            yield self.unknown(alone(one))
            return
        named = shape.picked(one, "field")
        yield from change(
            shape.word(one.get("field")), one.get("value"), self, lambda value: alone({**named, "value": value})
        )
