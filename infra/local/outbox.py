"""The folder of mails that the embedded SES let out (written by the mend `sent_mail`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SentMail:
    name: str  # sorts by time
    id: str  # SES's bare id
    at: float  # seconds since 1970
    source: str
    destinations: tuple[str, ...]
    configuration_set: str
    tags: dict[str, str]
    raw: bytes


class Outbox:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self, after: str = "") -> list[str]:
        """The names of the mails after one of them, oldest first."""
        return sorted(path.stem for path in self._folder.glob("*.json") if path.stem > after)

    def read(self, name: str) -> SentMail | None:
        """None for a name that isn't there."""
        if not name.isdigit():
            return None
        try:
            envelope = json.loads((self._folder / f"{name}.json").read_text())
            raw = (self._folder / f"{name}.eml").read_bytes()
        except FileNotFoundError:
            return None
        return SentMail(
            name=name,
            id=envelope["id"],
            at=envelope["at"],
            source=envelope["source"],
            destinations=tuple(envelope["destinations"]),
            configuration_set=envelope["configuration_set"],
            tags=envelope["tags"],
            raw=raw,
        )

    def after(self, name: str) -> Iterator[SentMail]:
        for found in self.names(name):
            mail = self.read(found)
            if mail is not None:
                yield mail
