"""What a platform keeps for us, and how it is had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ...domain.errors import TanggapError
from ...domain.inbound import File, Media
from ...domain.media_rules import Failure
from ...domain.words import Channel


class Unfetchable(TanggapError):
    """It will not be had, however often it is asked for."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"a medium was not fetched: {failure}")
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Fetched:
    """`doubts`: marks for the officer (a page that calls itself a picture)."""

    file: File
    doubts: tuple[str, ...] = ()


class FetchMedia(Protocol):
    def __call__(self, channel: Channel, medium: Media, number: int, seconds: float) -> Fetched:
        """Its bytes, from the platform's own hosts, held against what the platform said of it and typed by content.
        `number` names what has no name; `seconds` are all the time there is. Raises Unfetchable, Retry."""
        ...


#: (arrival, index, seconds to wait) puts a notice about a message's media on the queue. Raises Retry.
Announce = Callable[[str, int, int], None]
