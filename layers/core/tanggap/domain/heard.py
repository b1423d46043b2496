"""On which channels something came, by the day: what a silent channel is told by. Days are UTC's, as the ledger's
are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from .canary import is_canary
from .case import Received
from .words import Outcome, Reason

#: Something came on each of so many days before it was silent for so long.
ALWAYS, SILENCE = 14, timedelta(days=1)
#: What is silent for longer than this is no surprise to anybody any more: the agency closed the channel.
FORGOTTEN = timedelta(days=14)
#: Days that are kept: those of the longest silence, those before it, and the one that is not over.
KEPT_DAYS = ALWAYS + FORGOTTEN.days + 2
#: Of a channel's messages of so many days so many at least, and so large a part of all, could not be read: however few
#: they are, what it sends has changed.
LOST_DAYS, LOST, LOST_PART = 7, 2, 2
_LOST = frozenset({Reason.UNREADABLE, Reason.UNKNOWN, Reason.FAILING, Reason.TOO_LARGE})
#: What services and machines of ours say: no person is heard by it.
_OF_SERVICES = frozenset({Reason.SETUP, Reason.OWN, Reason.EVENT})

#: How many messages came, by day (`2026-11-23`) and channel.
Heard = Mapping[str, Mapping[str, int]]


def is_heard(row: Received) -> bool:
    """Did somebody say something, understood or not?"""
    return row.outcome is not Outcome.STATUS and row.reason not in _OF_SERVICES and not is_canary(row)


def is_lost(row: Received) -> bool:
    """Did somebody say something that we could not read?"""
    return row.outcome is Outcome.PARKED and row.reason in _LOST and not is_canary(row)


def kept(before: Heard, counted: Heard, since: datetime, at: datetime) -> dict[str, dict[str, int]]:
    """`counted`: anew, of all that came after `since`, whose own day is counted in part alone. What was counted before
    stands for the days before."""
    first = (at.date() - timedelta(days=KEPT_DAYS)).isoformat()
    whole = since.date().isoformat()
    days = {day for day in (*before, *counted) if day > first}
    return {
        day: dict(counted.get(day, {}) if day > whole else before.get(day) or counted.get(day, {}))
        for day in sorted(days)
    }


def silent(heard: Heard, last: Mapping[str, datetime], at: datetime) -> tuple[str, ...]:
    """Channels on which there always was something, and nothing comes. `last`: when each was heard last; `at`: until
    when all that came was counted."""
    return tuple(
        sorted(
            channel
            for channel, was in last.items()
            if SILENCE <= at - was < FORGOTTEN and all(heard.get(day, {}).get(channel) for day in _before(was.date()))
        )
    )


def lost(found: Heard, heard: Heard, at: datetime) -> tuple[str, ...]:
    """Channels of which most can't be read. `found`: how much of what was `heard`."""
    days = [(at.date() - timedelta(days=back)).isoformat() for back in range(LOST_DAYS)]

    def of(counted: Heard, channel: str) -> int:
        return sum(counted.get(day, {}).get(channel, 0) for day in days)

    channels = sorted({channel for day in days for channel in found.get(day, {})})
    numbers = ((one, of(found, one), of(heard, one)) for one in channels)
    return tuple(one for one, number, all_of in numbers if number >= LOST and number * LOST_PART >= all_of)


def _before(day: date) -> list[str]:
    """The days that end with this one."""
    return [(day - timedelta(days=back)).isoformat() for back in range(ALWAYS)]
