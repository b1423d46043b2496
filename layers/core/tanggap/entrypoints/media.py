"""Media behind the queue: a filed message is announced, and its notice worked on apart from it, so that nothing on a
platform's side delays a report or ends it."""

from __future__ import annotations

from ..adapters.mail import notice
from ..application.work import Raw, Result
from ..domain.words import Outcome
from .composition import Services


def announce(raw: Raw, result: Result, parts: Services) -> None:
    """After each reading of an arrival, the first like the fifth: a function that ended between filing and this comes
    by here again. Raises Retry."""
    if raw.inbound and raw.inbound.media and result.outcome is Outcome.FILED:
        parts.announce_media(raw.arrival, raw.index, 0)


def work(told: notice.Media, last: bool, parts: Services) -> dict[str, str]:
    """Facts for the log. Raises Retry, and whatever a fetch broke with before the last try."""
    found = parts.media(told.key, told.index, last)
    numbers = {"media_kept": found.kept, "media_left_out": found.left_out, "media_waiting": found.waiting}
    return {"arrival": told.key, "case": found.case, **{name: str(number) for name, number in numbers.items()}}
