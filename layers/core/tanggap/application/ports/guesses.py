"""How often something was tried within the hour: receipt codes that opened nothing, messages by code."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Guesses(Protocol):
    def tries(self, what: str, at: datetime) -> int:
        """So far, in the hour of `at`."""
        ...

    def add(self, what: str, at: datetime) -> int:
        """One more; how many there are now. None of them outlives the day. Raises Retry."""
        ...

    def caller(self, address: str, at: datetime) -> str:
        """An opaque name of an address, the same for a day. What makes it is random and gone with the day, so that
        afterwards nothing leads from the name back to the address, not even for who has our keys."""
        ...
