"""What the world may see: an index beside the cases, and the cases behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ...domain.case import Case, Message


@dataclass(frozen=True, slots=True)
class Listed:
    """A case's line in the index. `message`: where its first message lies, empty where that is not known."""

    number: str
    at: datetime
    message: str = ""


class PublicCases(Protocol):
    def listed(self, since: datetime, until: datetime, limit: int) -> tuple[Listed, ...]:
        """Cases of the index that were received then (both ends included), the newest first."""
        ...

    def lines(self, numbers: Sequence[str]) -> Mapping[str, Listed | None]:
        """Of these numbers (at most 50) those that are a case's, each with its line; None where it is in no index."""
        ...

    def behind(self, lines: Sequence[Listed]) -> tuple[tuple[Case, Message | None], ...]:
        """Each line's case as it is now, with its first message; a case that can't be read is left out. At most 100."""
        ...
