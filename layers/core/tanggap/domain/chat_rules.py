"""What an agency decides about chats: how long fragments are one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .intake_rules import Fault, whole_numbers


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
    """Out of the policy's `chat`; for what is at fault its default stands in."""
    return ChatRules(**whole_numbers(raw, "chat", LIMITS, fault))
