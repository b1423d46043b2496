"""Deciding anew when somebody else was faster."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeVar

from ..domain.errors import Conflict, Retry

#: Five losses in a row go back to whoever asked: a queue, or an officer.
RACES = 5
#: Seconds between tries where one person sends ten photos at once, all for one case: each loss means that another of
#: them stands, so ten need ten tries. Six seconds at most, of the 30 that intake has; the queue would take minutes.
PAUSES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)

T = TypeVar("T")


class RaceLost(Retry):
    """Nothing is wrong: others write to this case, and the next try sees what they wrote."""


def lost_race(error: Exception) -> bool:
    """Whether all that came in the way is that somebody else was faster: no failure, and the next look sees who won."""
    return isinstance(error, Conflict | RaceLost)


def decided_anew(decide: Callable[[], T], lost: Callable[[int], None] = lambda times: None, tries: int = RACES) -> T:
    """`decide` reads what is there now and commits; it is called again as long as its commit meets a Conflict, after
    `lost` was told which one in a row (from 0). Raises RaceLost."""
    for times in range(tries):
        try:
            return decide()
        except Conflict:
            if times + 1 < tries:
                lost(times)
    raise RaceLost("lost every race for this case")


def patiently(decide: Callable[[], T], pause: Callable[[float], None], whose: str) -> T:
    """The same with growing pauses, half as long to half as long again for each: `whose` tells one from the other, so
    that they do not meet again."""
    share = 0.5 + zlib.crc32(whose.encode()) / 2**32
    return decided_anew(decide, lambda times: pause(PAUSES[times] * share), len(PAUSES) + 1)
