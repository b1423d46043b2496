"""Deciding anew when somebody else was faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..domain.errors import Conflict, Retry

#: Five losses in a row go back to whoever asked: a queue, or an officer.
RACES = 5

T = TypeVar("T")


def decided_anew(decide: Callable[[], T]) -> T:
    """`decide` reads what is there now and commits; it is called again as long as its commit meets a Conflict. Raises
    Retry."""
    for _ in range(RACES):
        try:
            return decide()
        except Conflict:
            continue
    raise Retry("lost every race for this case")
