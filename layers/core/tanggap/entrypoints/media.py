"""Media behind a queue of their own: a filed message is announced, and its notice worked on apart from all mail and
messages, so that nothing on a platform's side delays a report or ends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..adapters.channels.media_notices import Notice, parse
from ..application.work import Raw, Result
from ..domain.media_rules import WAITS
from ..domain.words import Outcome
from . import settings
from .composition import Services, services
from .observe import about


@dataclass(frozen=True, slots=True)
class Done:
    """Facts for the log. `parked`: so many media ended the function, and the notice is to stay where an operator finds
    it."""

    facts: dict[str, str]
    parked: int


def announce(raw: Raw, result: Result, parts: Services) -> None:
    """After each reading of an arrival, the first like the fifth: a function that ended between filing and this comes
    by here again. Raises Retry."""
    if raw.inbound and raw.inbound.media and result.outcome is Outcome.FILED:
        parts.announce_media(raw.arrival, raw.index, 0)


def forward(told: Notice, parts: Services) -> dict[str, str]:
    """A notice on the queue of arrivals: by an earlier release, or put back there by hand. Raises Retry."""
    parts.announce_media(told.key, told.index, 0)
    return {"arrival": told.key, "media": "announced"}


def work(body: str, attributes: dict[str, Any], parts: Services | None = None) -> Done:
    """Raises Retry, Park for what is no notice of media, and whatever a fetch broke with."""
    about(arrival="")  # of what is no notice
    told = parse(body)
    about(arrival=told.key)
    parts = parts or services(settings.Media)
    found = parts.media(told.key, told.index, _tries(attributes))
    numbers = {
        "media_kept": found.kept,
        "media_left_out": found.left_out,
        "media_waiting": found.waiting,
        "media_parked": found.parked,
    }
    facts = {"arrival": told.key, "case": found.case, **{name: str(number) for name, number in numbers.items()}}
    return Done(facts, found.parked)


def put_off(receipt: str, attributes: dict[str, Any], parts: Services | None = None) -> None:
    """What failed comes back soon at first, then later and later. Where the queue can't be told, it comes in its own
    time."""
    parts = parts or services(settings.Media)
    parts.media_notices.put_off(receipt, WAITS[min(_tries(attributes), len(WAITS)) - 1])


def _tries(attributes: dict[str, Any]) -> int:
    return int(attributes.get("ApproximateReceiveCount", "1"))
