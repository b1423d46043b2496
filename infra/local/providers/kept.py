"""What the double remembers. Every method may be called from several threads."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.providers.rules import Rule

#: The newest of each kind; the older ones are forgotten.
MOST = 20_000
MOST_MEDIA = 500


@dataclass(frozen=True, slots=True)
class Medium:
    id: str
    name: str
    type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Kept:
    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        with self._lock:
            self._sent: deque[dict[str, Any]] = deque(maxlen=MOST)
            self._calls: deque[dict[str, Any]] = deque(maxlen=MOST)
            self._media: dict[str, Medium] = {}
            self._rules: list[Rule] = []
            self._heard: dict[tuple[str, str], float] = {}
            self._comments: dict[tuple[str, str], float] = {}
            self._answered: set[tuple[str, str]] = set()
            self._counted: Counter[str] = Counter()
            self._moments: dict[str, deque[float]] = {}

    # ── What was sent ─────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, channel: str, operation: str, to: str, id: str, **more: Any) -> None:
        facts = {"channel": channel, "operation": operation, "at": self.clock(), "to": to, "id": id, **more}
        with self._lock:
            self._sent.append(facts)

    def sent(self, channel: str = "", to: str = "") -> list[dict[str, Any]]:
        with self._lock:
            return [
                one for one in self._sent if (not channel or one["channel"] == channel) and (not to or one["to"] == to)
            ]

    def called(self, operation: str, status: int, outcome: str) -> None:
        """`status` 0: no answer was given."""
        with self._lock:
            self._calls.append({"operation": operation, "at": self.clock(), "status": status, "outcome": outcome})

    def calls(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._calls)

    def next_in(self, chat: str) -> int:
        with self._lock:
            self._counted[chat] += 1
            return self._counted[chat]

    # ── Files ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def keep(self, name: str, type: str, content: bytes) -> Medium:
        medium = Medium(str(10**15 + secrets.randbelow(9 * 10**15)), name, type, content)
        with self._lock:
            while len(self._media) >= MOST_MEDIA:
                self._media.pop(next(iter(self._media)))
            self._media[medium.id] = medium
        return medium

    def medium(self, id: str) -> Medium | None:
        with self._lock:
            return self._media.get(id)

    # ── Failing on demand ─────────────────────────────────────────────────────────────────────────────────────────

    def fail(self, rule: Rule) -> None:
        with self._lock:
            self._rules.append(rule)

    def rules(self) -> list[Rule]:
        with self._lock:
            self._rules = [rule for rule in self._rules if rule.holds(self.clock())]
            return list(self._rules)

    def rule_for(self, operation: str, to: str) -> Rule | None:
        """The first that fits; its count goes down."""
        now = self.clock()
        with self._lock:
            for place, rule in enumerate(self._rules):
                if rule.holds(now) and rule.fits(operation, to):
                    self._rules[place] = rule.used()
                    return rule
        return None

    # ── Windows and rates ─────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, channel: str, person: str, at: float) -> None:
        with self._lock:
            self._heard[channel, person] = max(at, self._heard.get((channel, person), 0.0))

    def commented(self, channel: str, comment: str, at: float) -> None:
        with self._lock:
            self._comments[channel, comment] = at

    def silent_for(self, channel: str, person: str) -> float:
        """Seconds since somebody wrote; 0 for one of whom nothing was told."""
        with self._lock:
            at = self._heard.get((channel, person))
        return 0.0 if at is None else self.clock() - at

    def age_of(self, channel: str, comment: str) -> float:
        with self._lock:
            at = self._comments.get((channel, comment))
        return 0.0 if at is None else self.clock() - at

    def answered(self, channel: str, comment: str) -> bool:
        with self._lock:
            return (channel, comment) in self._answered

    def answer(self, channel: str, comment: str) -> bool:
        """False for a comment that was answered before."""
        with self._lock:
            if (channel, comment) in self._answered:
                return False
            self._answered.add((channel, comment))
            return True

    def within(self, rates: Mapping[str, tuple[int, float]]) -> float:
        """Counts one event for each name where all of the rates (so many within seconds) allow it, and answers 0;
        otherwise how many seconds to wait."""
        now = self.clock()
        with self._lock:
            waits = []
            for name, (most, seconds) in rates.items():
                moments = self._moments.setdefault(name, deque(maxlen=most))
                if len(moments) == most and now - moments[0] < seconds:
                    waits.append(seconds - (now - moments[0]))
            if not waits:
                for name in rates:
                    self._moments[name].append(now)
        return max(waits, default=0.0)
