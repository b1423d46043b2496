"""Fresh ids: time-sorted and random."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from ..domain.numbers import number_from

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class RandomIds:
    """26 lower-case characters: 10 of the milliseconds, 16 random (80 bits). Where an order within them is told, it
    takes half of those."""

    def new(self, at: datetime, order: int | None = None) -> str:
        rest = secrets.randbits(80) if order is None else (min(order, 2**40 - 1) << 40) | secrets.randbits(40)
        value = (int(at.timestamp() * 1000) << 80) | rest
        return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))

    def salt(self) -> str:
        return secrets.token_hex(16)

    def number(self) -> str:
        return number_from(secrets.randbits(64))


def utc_now() -> datetime:
    return datetime.now(UTC)
