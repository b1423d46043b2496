"""How many letters of ours the mails of one writer may cause on one case.

A mailbox that answers by itself, without saying so, answers the confirmation of its answer too: it stops here (promise
4). Beyond, mails are filed, and neither passed on nor answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Times = tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """`times`, in each of these: when the mails came that caused a letter."""

    hour: int
    day: int

    def _windows(self, times: Times, at: datetime) -> Iterator[tuple[list[datetime], int, timedelta]]:
        for most, window in ((self.hour, HOUR), (self.day, DAY)):
            yield sorted(one for one in times if at - one < window), most, window

    def full(self, times: Times, at: datetime) -> bool:
        return any(len(inside) >= most for inside, most, _ in self._windows(times, at))

    def just_full(self, times: Times, at: datetime) -> bool:
        """Is this the first one beyond? It is told, and so counts itself."""
        return self.full(times, at) and all(len(inside) <= most for inside, most, _ in self._windows(times, at))

    def again(self, times: Times, at: datetime) -> datetime:
        """When a mail goes through once more, if one that came at `at` counts too and no other follows."""
        found = [
            inside[len(inside) - most] + window
            for inside, most, window in self._windows((*times, at), at)
            if len(inside) >= most
        ]
        return max(found, default=at)


#: Who proved to be an office: one answer every five minutes. More than a person writes to one reporter, and as much of
#: a machine's as a reporter should have to bear.
OFFICES = Limit(12, 40)
#: Who did not: each of these mails rings at the desk.
STRANGERS = Limit(6, 20)
