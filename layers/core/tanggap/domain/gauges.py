"""When the desk asks for an operator: what counts as unsent, as rising, as due. Each rule is one alarm's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from .calendar import WorkCalendar
from .canary import is_canary
from .case import Delivery, Received
from .policy_hints import DAYS_AHEAD
from .words import OF_THE_LADDER, DeliveryState, Reason

#: An ordinary throttling is over by then. Waits grow to an hour, so a row that waits so long was tried about ten times.
UNSENT_AFTER = timedelta(hours=4)
#: The sweep comes each minute, and a flood's deadlines at one closing time take it 50 of them at the most
#: (infra/runbooks/growth.md). A case that is due for longer than this it passes by: somebody else is always faster, or
#: it lies behind what nobody takes. No step of its ladder is climbed then, and no run fails.
WATCHED_WITHIN = timedelta(hours=2)
#: Parked messages are counted of this time.
LATELY = timedelta(days=1)
#: A rise is one from so many cases on, and from this part of the open ones: below, an ordinary morning.
RISE_CASES, RISE_PART = 5, 10
#: However slowly they came: so many cases, and this part of the open ones. A village never has five more in a day.
MOST_CASES, MOST_PART = 3, 2
#: What stands for yesterday's figure: the one nearest to a day ago, if it is as old as this.
_DAY, _YOUNGEST, _OLDEST = timedelta(days=1), timedelta(hours=23), timedelta(hours=30)
#: Platforms' tokens that expire are renewed by hand, and reviews at Meta take days.
KEY_DAYS = 14

#: Histories are anchored once a day, and tried each hour: two days without are no bad hour.
ANCHORED_WITHIN = timedelta(hours=50)

_WAITING = frozenset({DeliveryState.QUEUED, DeliveryState.CLAIMED})
#: Parked as they should be: a flood of spam is nobody's broken mail, and an officer who answered a digest was told how.
NO_TROUBLE = frozenset({Reason.SPAM, Reason.VIRUS, Reason.NO_CASE})


def is_trouble(row: Received) -> bool:
    """Was it parked for a reason that somebody should look at?"""
    return row.reason not in NO_TROUBLE and not is_canary(row)


def held_up(row: Delivery, at: datetime, calendar: WorkCalendar) -> bool:
    """Has it waited for hours though nothing but its service holds it back? A letter of the ladder waits for an office
    hour first."""
    if row.state not in _WAITING or row.asleep or is_canary(row):
        return False
    since = calendar.next_open(row.created_at) if row.purpose in OF_THE_LADDER else row.created_at
    return at - since >= UNSENT_AFTER


# -- promises missed


def day_ago(figures: Iterable[tuple[datetime, int]], at: datetime) -> int | None:
    """Of hourly figures yesterday's; None where none is old enough, or all are too old."""
    known = [(abs(at - was - _DAY), number) for was, number in figures if _YOUNGEST <= at - was <= _OLDEST]
    return min(known)[1] if known else None


def of_a_day(figures: Iterable[tuple[datetime, int]], at: datetime) -> list[tuple[datetime, int]]:
    """Those that a later hour may still ask for."""
    return [(was, number) for was, number in figures if timedelta() < at - was <= _OLDEST]


def rise(now: int, before: int | None) -> int:
    """Cases with a missed promise, beyond those of the day before; 0 below what is worth a word."""
    more = now - before if before is not None else 0
    return more if more >= RISE_CASES else 0


def open_asked(missed: int, more: int) -> int:
    """How many open cases either rule asks for at most; 0 where none does."""
    return max(more * RISE_PART, missed * MOST_PART if missed >= MOST_CASES else 0)


def worth_a_word(missed: int, more: int, open_cases: int) -> int:
    """By how many cases more promises are missed than yesterday; else in how many, where they are most of the desk."""
    if more and more * RISE_PART >= open_cases:
        return more
    return missed if missed >= MOST_CASES and missed * MOST_PART >= open_cases else 0


# -- upkeep


def calendar_due(known: int) -> tuple[str, ...]:
    """`known`: for how many more days the days off are known."""
    return ("calendar",) if known < DAYS_AHEAD else ()


def keys_due(expiries: Mapping[str, str], today: date) -> tuple[str, ...]:
    """By section what is over, or soon is. What can't be read as a date has to be seen to, too."""
    return tuple(f"key_{section}" for section, said in sorted(expiries.items()) if _soon(said, today))


def anchors_due(at: datetime, covered: int, now: datetime) -> tuple[str, ...]:
    """`at`: of the last anchor. `covered`: how many somebody put something over, or hid."""
    late = not timedelta() <= now - at <= ANCHORED_WITHIN
    return (*(("anchors",) if late else ()), *(("anchors_covered",) if covered else ()))


#: Upkeep that whoever would do harm is not told of on the public page: the desk is not watched, or was touched.
UNTOLD = frozenset({"alarms_unheard", "anchors", "anchors_covered", "anchors_unlocked"})


def unread_due(failed: Iterable[str], before: Iterable[str]) -> tuple[str, ...]:
    """What could not be read at this count and not at the one before: a service that is busy once is no upkeep."""
    return tuple(f"gauge_{name}" for name in sorted({*failed} & {*before}))


def _soon(said: str, today: date) -> bool:
    try:
        return date.fromisoformat(said.strip()[:10]) - today < timedelta(days=KEY_DAYS)
    except ValueError:
        return True
