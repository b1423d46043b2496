"""How much one address may send, kept in this process alone and under a key that dies with it: nothing tells later who
called.

Generous, since an address is no person: mobile operators put thousands of subscribers behind one, a village hall its
whole neighbourhood. What a flood of everybody's costs is bounded by the areas' throttles in template.yaml; this keeps
one robot from taking those. Each of Lambda's processes counts for itself, so that an address gets somewhat more."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass

from ..bodies import subscriber

#: Addresses that are remembered: at most a few MB. The longest silent go first, and they are the least needed.
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then one more each `seconds`."""

    burst: int
    seconds: float


#: A flood brings a street's neighbours at the same minute; 1,200 an hour from one address is nobody's neighbourhood.
REPORTS = Rate(120, 3)
#: Five files with each report.
UPLOADS = Rate(600, 0.6)


class Limiter:
    def __init__(self, rate: Rate, monotonic: Callable[[], float], key: bytes) -> None:
        self._rate, self._monotonic, self._key = rate, monotonic, key
        #: hashed address -> when all it has taken will be given back
        self._full_at: dict[bytes, float] = {}

    def wait(self, source: str) -> int:
        """Takes one. 0, or the seconds after which there is one again. An address that is not told is not limited."""
        if not source:
            return 0
        name = hashlib.blake2b(subscriber(source).encode("utf-8", "replace"), key=self._key, digest_size=12).digest()
        now = self._monotonic()
        full_at = max(self._full_at.pop(name, now), now) + self._rate.seconds
        over = full_at - now - self._rate.burst * self._rate.seconds
        if over > 1e-6:
            self._full_at[name] = full_at - self._rate.seconds
            return math.ceil(over)
        self._full_at[name] = full_at
        while len(self._full_at) > REMEMBERED:
            del self._full_at[next(iter(self._full_at))]
        return 0
