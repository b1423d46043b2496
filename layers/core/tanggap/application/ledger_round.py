"""One walk over all names in the arrivals bucket. It may take several runs: what it came to is kept between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ..domain.case import Received
from ..domain.heard import is_heard
from ..domain.times import parse_instant, stamp
from ..domain.words import Channel, Outcome
from .batches import CHANNELS, door_of, is_webhook
from .ports import Arrival

#: How far back a walk looks; raw arrivals older than this were counted many times over.
WINDOW = timedelta(days=3)
#: Of an arrival that nobody has read, the name alone tells whose it may be.
_DOORS: Mapping[str, tuple[Channel, ...]] = {
    **{door: (channel,) for door, channel in CHANNELS.items()},
    "meta": (Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM),
}


@dataclass(slots=True)
class Round:
    """`after`: the name up to which it has come; `names`: how many it saw, of which `arrivals` are not older than its
    window. The rest counts messages: their outcomes, those that wait, and by day and channel what persons said."""

    began: datetime
    after: str = ""
    names: int = 0
    runs: int = 0
    arrivals: int = 0
    waiting: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    heard: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def since(self) -> datetime:
        return self.began - WINDOW

    def counts(self, found: Counter[str]) -> None:
        """One arrival. `found`: what became of its messages."""
        self.arrivals += 1
        self.waiting += found[Outcome.WAITING]
        self.outcomes.update({outcome: number for outcome, number in found.items() if outcome != Outcome.WAITING})

    def hears(self, one: Arrival, rows: Sequence[Received | None], last: dict[str, datetime]) -> None:
        """`last`: when each channel was heard last; of what nobody has read yet each that it may be of."""
        for row in rows:
            if row and is_heard(row):
                self.heard.setdefault(stamp(one.at)[:10], Counter())[row.channel] += 1
        known = {row.channel for row in rows if row and is_heard(row)}
        for channel in known if any(rows) else _may_be(one.key):
            last[channel] = max(last.get(channel, one.at), one.at)

    def as_dict(self) -> dict[str, Any]:
        return {
            "began": stamp(self.began),
            "after": self.after,
            "names": self.names,
            "runs": self.runs,
            "arrivals": self.arrivals,
            "waiting": self.waiting,
            "outcomes": dict(self.outcomes),
            "heard": {day: dict(found) for day, found in self.heard.items()},
        }


def _may_be(key: str) -> tuple[Channel, ...]:
    if is_webhook(key):
        return _DOORS.get(door_of(key), ())
    return () if key.startswith("events/") else (Channel.EMAIL,)


def begun(raw: Mapping[str, Any] | None, now: datetime) -> Round:
    """The walk that the last run left unfinished, or a new one."""
    if not raw:
        return Round(now)
    return Round(
        parse_instant(raw["began"]),
        raw["after"],
        raw["names"],
        raw["runs"],
        raw["arrivals"],
        raw["waiting"],
        Counter(raw["outcomes"]),
        {day: Counter(found) for day, found in raw["heard"].items()},
    )
