"""What happened to a deadline since its clock started, in the order of time: what moved it, what stood still, what was
granted besides. Names no person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from .clocks import Clock
from .history import Entry
from .terms import Extension, Pause
from .times import parse_instant

Moved = Literal["policy", "rule", "restart", "stopped", "continued", "started"]
#: What an entry of the history says happened to a deadline.
MOVED_BY: Mapping[str, Moved] = {
    "clock_moved": "policy",
    "clock_retimed": "rule",
    "clock_restarted": "restart",
    "clock_stopped": "stopped",
    "clock_continued": "continued",
    "clock_started": "started",
}
#: What moves a deadline and may not say from when to when.
_SILENT = frozenset({"rule", "policy", "restart", "started"})


@dataclass(frozen=True, slots=True)
class Shift:
    """What happened to the deadline after its clock had started: a newer policy (a decree among them), another kind or
    basis, a new start, no term any more, one again. `was` and `now`: the due dates, `policy_version`: the newer one's
    number, `why`: of a stop (clocks.Why), where the history says them."""

    at: datetime
    by: Moved
    rule: str = ""
    was: datetime | None = None
    now: datetime | None = None
    policy_version: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One of the things that happened to a deadline, in the order of time. A pause in which something else happened has
    two: `of` it as it lasts, and as it `ends`. `was` and `now`: from when to when it moved the deadline, as far as that
    is known; each that moved it goes on from the `now` of the one before."""

    at: datetime
    of: Shift | Pause | Extension
    ends: bool = False
    was: datetime | None = None
    now: datetime | None = None

    @property
    def whole(self) -> bool:
        """A pause from its begin to its end."""
        return self.ends and isinstance(self.of, Pause) and self.at == self.of.since


def shifts(clock: Clock, history: Iterable[Entry]) -> tuple[Shift, ...]:
    """What the history says of this clock since its case was opened."""
    mine = (
        entry
        for entry in history
        if entry.event in MOVED_BY
        and entry.data.get("clock") == clock.name
        and entry.data.get("unit", "") == clock.unit
        and entry.at >= clock.started_at
    )
    return tuple(
        Shift(
            at=entry.at,
            by=MOVED_BY[entry.event],
            rule=entry.data.get("rule", ""),
            was=_instant(entry.data.get("was")),
            now=_instant(entry.data.get("now")),
            policy_version=int(entry.data["policy"]) if entry.data.get("policy", "").isdecimal() else None,
            why=entry.data.get("why", "") if entry.event == "clock_stopped" else "",
        )
        for entry in mine
    )


def course(clock: Clock, shifted: Iterable[Shift]) -> tuple[Turn, ...]:
    """What the history gives no dates for (the end of a pause, an extension) moved the deadline from the last date that
    was told to the next one; of several between two, the last is told with it."""
    # A stop that became a pause is told once.
    stops = {one.at for one in shifted if one.by == "stopped"}
    gaps = [gap for gap in clock.pauses if gap.since not in stops]
    turns = [
        *(Turn(one.at, one, was=one.was, now=one.now) for one in shifted),
        *(Turn(more.at, more) for more in clock.extensions),
        *(Turn(gap.since, gap) for gap in gaps),
        *(Turn(gap.until, gap, ends=True) for gap in gaps if gap.until),
    ]
    turns.sort(key=lambda turn: turn.at)
    dated = any(turn.was for turn in turns)
    found: list[Turn] = []
    reached, silent = None, None
    for turn in turns:
        if turn.ends and found and found[-1].of is turn.of:
            turn = replace(turn, at=found.pop().at)  # nothing else happened in it
        if turn.was and turn.now:
            _move(found, silent, reached, turn.was)
            reached, silent = turn.now, None
        elif turn.ends or isinstance(turn.of, Extension) or (isinstance(turn.of, Shift) and turn.of.by in _SILENT):
            silent = len(found)
        found.append(turn)
    if dated:
        _move(found, silent, reached, clock.due_at)
    return tuple(found)


def _move(turns: list[Turn], index: int | None, was: datetime | None, now: datetime) -> None:
    if index is not None and was != now:
        turns[index] = replace(turns[index], was=was, now=now)


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None
