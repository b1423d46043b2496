"""Number and receipt code in what people write: tried, and kept out of an officer's sight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Protocol

from ..domain import pairs
from ..domain.case import Case
from ..domain.errors import NotFound, Refuse
from ..domain.inbound import Inbound

#: Pairs of one message that are tried: each costs a few reads.
TRIED = 4


class Receipts(Protocol):
    """application/tracking.py"""

    def check(self, number: str, code: str, caller: str) -> Case | None:
        """The case that the pair opens; None for a report that is not filed yet. Raises NotFound for a wrong pair,
        Refuse for too many."""
        ...


class Pairs:
    def __init__(self, receipts: Callable[[], Receipts] | None) -> None:
        self.receipts = receipts
        self._of: tuple[str, str, str] | None = None
        self._missed: dict[tuple[str, str], NotFound | Refuse] = {}

    def open(self, inbound: Inbound, number: str, code: str) -> Case | None:
        """As Receipts.check. A message that is decided anew, since somebody else was faster, guesses once."""
        own = (str(inbound.channel), inbound.external_id, inbound.digest)
        if self._of != own:
            self._of, self._missed = own, {}
        if before := self._missed.get((number, code)):
            raise before
        if self.receipts is None:
            raise NotFound("no codes here")
        try:
            return self.receipts().check(number, code, inbound.sender.address)
        except (NotFound, Refuse) as missed:
            self._missed[number, code] = missed
            raise

    def masked(self, inbound: Inbound) -> Inbound:
        """As it is kept on a case: a code that opens the number beside it would open it to every officer who reads.
        The raw arrival has it."""
        if self.receipts is None:
            return inbound
        said = "\n".join((inbound.subject, inbound.text, inbound.full_text))
        found = dict.fromkeys((number, code) for number, code in pairs.pairs_in(said) if number)
        codes = {code for number, code in islice(found, TRIED) if self._opens(inbound, number, code)}
        if not codes:
            return inbound
        return replace(
            inbound,
            subject=pairs.without(inbound.subject, codes),
            text=pairs.without(inbound.text, codes),
            full_text=pairs.without(inbound.full_text, codes),
        )

    def _opens(self, inbound: Inbound, number: str, code: str) -> bool:
        """Also where too many were tried to tell."""
        try:
            self.open(inbound, number, code)
        except NotFound:
            return False
        except Refuse:
            return True
        return True
