"""What ends the function (memory, time, a crash below Python) leaves no word behind: so it is noted that a piece of
work begins, and that it ended. What began twice and never ended is what ended the function, and is not begun again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .ports import Ledger

#: Both queues' maxReceiveCount. What cannot be worked on for a reason that will not pass has its end by then, so that
#: it is not announced for ever.
LAST_TRY = 5
#: From here on beginnings are noted: two tries that began and had no end leave the last one to say so.
WATCHED_FROM = LAST_TRY - 2


class Watch:
    """`tries`: how often the queue has brought the notice that is worked on."""

    def __init__(self, ledger: Ledger, tries: int) -> None:
        self.ledger, self.tries = ledger, tries

    @property
    def last(self) -> bool:
        """The queue brings it no more."""
        return self.tries >= LAST_TRY

    def may(self, name: str) -> bool:
        """May this piece of work begin, or did it end the function? Noted as begun. Raises Retry."""
        return self.tries < WATCHED_FROM or self.ledger.trial(name) < LAST_TRY - WATCHED_FROM

    def ended(self, name: str) -> None:
        if self.tries >= WATCHED_FROM:
            self.ledger.trial(name, ended=True)

    @contextmanager
    def over(self, name: str) -> Iterator[bool]:
        """The answer of `may`. An error is an end as well, and whoever is told no starts anew with the next notice: an
        officer's replay, an operator's redrive."""
        may = self.may(name)
        try:
            yield may
        except Exception:
            self.ended(name)
            raise
        self.ended(name)
