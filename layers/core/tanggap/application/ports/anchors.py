"""What anchors of histories need of the bucket that keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object; `marker`: no object, but what hides those before it."""

    key: str
    id: str
    at: datetime
    marker: bool = False


class Locked(Protocol):
    """A bucket whose versions nobody takes away. Raises Retry."""

    def versions(self, prefix: str) -> Iterable[Version]:
        """All that there are, markers too; of one name and instant the newest first."""
        ...

    def read(self, version: Version) -> bytes: ...

    def put_new(self, key: str, body: bytes) -> bool:
        """False where the name is taken."""
        ...
