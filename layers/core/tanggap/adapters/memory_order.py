"""What is due, in order, in memory: a change costs as much among a million as among a thousand, as in an index."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from datetime import datetime

#: Something's due time, its case, and its outbox row's id where it is one.
Place = tuple[datetime, str, str]
#: Places of one chunk: what is moved when one comes or goes.
_CHUNK = 512


class Order:
    """Places sorted, in chunks that split when they are full."""

    def __init__(self) -> None:
        self._chunks: list[list[Place]] = []
        self._lasts: list[Place] = []

    def add(self, place: Place) -> None:
        at = min(bisect.bisect_left(self._lasts, place), len(self._lasts) - 1)
        if at < 0:
            self._chunks, self._lasts = [[place]], [place]
            return
        chunk = self._chunks[at]
        bisect.insort(chunk, place)
        if len(chunk) > 2 * _CHUNK:
            self._chunks[at : at + 1] = chunk[:_CHUNK], chunk[_CHUNK:]
            self._lasts.insert(at, chunk[_CHUNK - 1])
            at += 1
        self._lasts[at] = self._chunks[at][-1]

    def remove(self, place: Place) -> None:
        """Nothing where it is not there."""
        at = bisect.bisect_left(self._lasts, place)
        chunk = self._chunks[at] if at < len(self._chunks) else []
        here = bisect.bisect_left(chunk, place)
        if here == len(chunk) or chunk[here] != place:
            return
        del chunk[here]
        if chunk:
            self._lasts[at] = chunk[-1]
        else:
            del self._chunks[at], self._lasts[at]

    def until(self, at: datetime) -> Iterator[Place]:
        for place in self:
            if place[0] > at:
                return
            yield place

    def __iter__(self) -> Iterator[Place]:
        for chunk in self._chunks:
            yield from chunk
