"""The parts of one message, one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...application.failures import Undeliverable
from .split import PARTS

#: Sends one part, and returns its id.
Piece = Callable[[], str]


def send_all(
    pieces: Sequence[Piece], gone: tuple[str, ...], left: Callable[[str], None], between: Callable[[], None]
) -> tuple[str, ...]:
    """The pieces are the same at each attempt, so as many of the first as there are ids in `gone` have left. `between`
    comes before each but the first of this attempt."""
    if not pieces:
        raise Undeliverable("empty")
    if len(pieces) > PARTS:
        raise Undeliverable("too_long")
    ids = list(gone)
    for number, piece in enumerate(pieces[len(gone) :]):
        if number:
            between()
        ids.append(piece())
        left(ids[-1])
    return tuple(ids)
