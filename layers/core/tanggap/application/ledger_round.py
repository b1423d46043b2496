"""One walk over all names in the arrivals bucket. It may take several runs: what it came to is kept between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ..domain.arrival_keys import door_of, is_webhook
from ..domain.times import parse_instant, stamp
from ..domain.words import Channel, Outcome
from .batches import CHANNELS
from .ports import Arrival, Tally

#: How far back a walk looks; raw arrivals older than this were counted many times over, unless the ledger stood still,
#: or a restore took their rows. Then it goes back to what the last whole walk was sure of, and so much further, since
#: that was by our clock and not by the bucket's.
WINDOW, CLOCKS = timedelta(days=3), timedelta(hours=1)
#: Nothing was ever counted: all that is there is looked at.
_ALL = datetime.fromtimestamp(0, UTC)
#: Of an arrival that nobody has read, the name alone tells whose it may be.
_DOORS: Mapping[str, tuple[Channel, ...]] = {
    **{door: (channel,) for door, channel in CHANNELS.items()},
    "meta": (Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM),
}


@dataclass(slots=True)
class Round:
    """`since`: what was stored before is walked over and not looked up; `after`: the name up to which it has come;
    `names`: how many it saw, of which it looked up `arrivals`. The rest counts messages: their outcomes, those that
    wait, and by day and channel what persons said, and of that what could not be read. `unsure`: when the oldest was
    stored that waits and that no report has room to name; the next walk looks back to it."""

    began: datetime
    since: datetime
    after: str = ""
    names: int = 0
    runs: int = 0
    arrivals: int = 0
    waiting: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    heard: dict[str, Counter[str]] = field(default_factory=dict)
    lost: dict[str, Counter[str]] = field(default_factory=dict)
    unsure: datetime | None = None

    @property
    def sure(self) -> datetime:
        """What was stored before has an outcome, or a report names it."""
        return min(self.began, self.unsure or self.began)

    def cannot_name(self, one: Arrival) -> None:
        self.unsure = min(one.at, self.unsure or one.at)

    def counts(self, found: Counter[str]) -> None:
        """One arrival. `found`: what became of its messages."""
        self.arrivals += 1
        self.waiting += found[Outcome.WAITING]
        self.outcomes.update({outcome: number for outcome, number in found.items() if outcome != Outcome.WAITING})

    def hears(self, one: Arrival, tally: Tally | None, last: dict[str, datetime]) -> None:
        """`last`: when each channel was heard last; of what nobody has read yet each that it may be of."""
        if tally:
            for days, found in ((self.heard, tally.heard), (self.lost, tally.lost)):
                if found:
                    days.setdefault(stamp(one.at)[:10], Counter()).update(found)
        for channel in tally.heard if tally else _may_be(one.key):
            last[channel] = max(last.get(channel, one.at), one.at)

    def as_dict(self) -> dict[str, Any]:
        return {
            "began": stamp(self.began),
            "since": stamp(self.since),
            "after": self.after,
            "names": self.names,
            "runs": self.runs,
            "arrivals": self.arrivals,
            "waiting": self.waiting,
            "outcomes": dict(self.outcomes),
            "heard": {day: dict(found) for day, found in self.heard.items()},
            "lost": {day: dict(found) for day, found in self.lost.items()},
            "unsure": stamp(self.unsure) if self.unsure else None,
        }


def _may_be(key: str) -> tuple[Channel, ...]:
    if is_webhook(key):
        return _DOORS.get(door_of(key), ())
    return () if key.startswith("events/") else (Channel.EMAIL,)


def begun(report: Mapping[str, Any], now: datetime) -> Round:
    """The walk that the last run left unfinished, or a new one: as far back as the last whole one leaves it unsure. A
    report that a restore brought back is as old as its rows, and one of a ledger that stood still as old as that."""
    raw = report.get("round")
    if not raw:
        sure = report.get("sure_until") or report.get("heard_until")
        return Round(now, min(now - WINDOW, parse_instant(sure) - CLOCKS) if sure else _ALL)
    began = parse_instant(raw["began"])
    return Round(
        began,
        parse_instant(raw["since"]) if "since" in raw else began - WINDOW,
        raw["after"],
        raw["names"],
        raw["runs"],
        raw["arrivals"],
        raw["waiting"],
        Counter(raw["outcomes"]),
        {day: Counter(found) for day, found in raw["heard"].items()},
        {day: Counter(found) for day, found in raw.get("lost", {}).items()},
        parse_instant(raw["unsure"]) if raw.get("unsure") else None,
    )
