"""What an agency decides about chats: how long fragments are one report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Fault = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class ChatRules:
    #: People write in pieces: what comes within so many minutes rings the desk once, and its words count together.
    window_minutes: int = 10

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.window_minutes)


DEFAULT_CHAT = ChatRules()
#: What each may be set to.
LIMITS = {"window_minutes": (1, 120)}


def read(raw: Mapping[str, Any], fault: Fault) -> ChatRules:
    """Out of the policy's `chat`; each fault is told by its place, and its default stands in."""
    for name in sorted(raw.keys() - LIMITS.keys()):
        fault(f"chat.{name}", "is not a part of it")
    given: dict[str, int] = {}
    for name, (least, most) in LIMITS.items():
        value = raw.get(name)
        if name not in raw:
            continue
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            given[name] = value
        else:
            fault(f"chat.{name}", f"must be a whole number from {least} to {most}")
    return ChatRules(**given)
