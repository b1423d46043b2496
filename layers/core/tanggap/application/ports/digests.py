"""Digests: how far each kind has come, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Round:
    """One digest to everybody. `key`: the day or hour that it is for, which sorts by time; it speaks of what happened
    after `since`, until `until`. `earlier`: key and `until` of the rounds before it that never told everybody, the
    newest first. `revision` is the condition of each write."""

    key: str
    since: datetime
    until: datetime
    done: bool = False
    revision: int = 0
    earlier: tuple[tuple[str, datetime], ...] = ()


class Digests(Protocol):
    def round(self, kind: str) -> Round | None:
        """The last one that was begun."""
        ...

    def keep_round(self, kind: str, now: Round) -> Round | None:
        """None when somebody else has written it since `now` was read."""
        ...

    def told(self, mark: str) -> bool:
        """Did this digest go out (`Change.told`)?"""
        ...

    def announced(self, desk: str, since: datetime, until: datetime, limit: int) -> tuple[tuple[datetime, str], ...]:
        """Cases that wait to be told to a desk (`Change.announced`) after `since`, until `until`, oldest first."""
        ...
