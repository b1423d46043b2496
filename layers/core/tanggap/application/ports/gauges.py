"""What the hourly gauges ask of the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ...domain.case import Delivery


class Standing(Protocol):
    """How the desk stands, out of the indexes alone."""

    def missed_cases(self, units: Sequence[str | None], most: int) -> int:
        """Open cases of these units (None: those without one) in which the agency missed a promise, each once; counted
        until there are more than so many."""
        ...

    def open_cases(self, units: Sequence[str | None], most: int) -> int:
        """Their open cases, in the same way."""
        ...

    def unsent_rows(self, each: int) -> tuple[Delivery, ...]:
        """Outbox rows that are to be sent: so many from either end of each shard's order, the due and the far. A row
        that can't be read is left out."""
        ...


class Account(Protocol):
    """What only AWS, or whoever entered a key, can tell. Raises Retry."""

    def sandboxed(self) -> bool:
        """Does the mail service send to verified addresses alone?"""
        ...

    def deaf(self) -> bool:
        """Does the mail service keep from us what comes in: by another rule set than ours, or a rule that is off?"""
        ...

    def unheard(self) -> bool:
        """Is there nobody whom alarms reach?"""
        ...

    def unlocked(self) -> bool:
        """May what is written as an anchor from now on be removed?"""
        ...

    def expiries(self) -> Mapping[str, str]:
        """Of the channels' sections that declare when their keys expire: what they say, as somebody typed it."""
        ...
