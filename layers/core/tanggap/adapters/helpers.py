"""Further runs of the sweep: the function invokes itself, once for each share, and waits for none of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..application.ports import Share
from ..domain.times import parse_instant
from .dynamodb.keys import SHARDS

#: Shares that a stack may ask for: a shard is not divided.
NUMBERS = tuple(number for number in range(SHARDS + 1) if number == 0 or SHARDS % number == 0)


class LambdaHelpers:
    def __init__(
        self,
        lambda_client: Callable[[], Any],
        function: str,
        number: int,
        clock: Callable[[], datetime],
        on_refused: Callable[[int, Exception], None],
    ) -> None:
        """`function`: whom to invoke, by name or ARN. `number`: shares, of NUMBERS; 0: none may be called.
        `on_refused` is told the first that could not be."""
        if number not in NUMBERS:
            raise ValueError(f"shares are one of {NUMBERS}, not {number}")
        self._lambda, self._function, self._number = lambda_client, function, number
        self._clock, self._on_refused = clock, on_refused

    def call(self, at: datetime, remaining: timedelta) -> int:
        until = self._clock() + remaining
        for part in range(self._number):
            try:
                self._lambda().invoke(
                    FunctionName=self._function,
                    InvocationType="Event",  # taken into Lambda's own queue, which tries again where runs are short
                    Payload=json.dumps(event_of(Called(at, Share(part, self._number), until))).encode(),
                )
            except (ClientError, BotoCoreError) as error:
                self._on_refused(part, error)
                return part  # whose share has no run is due in the next minute, like all that is left
        return self._number


@dataclass(frozen=True, slots=True)
class Called:
    """What a run is called for. `until`: by the clock; whoever comes later, since Lambda was short of runs, finds its
    time over and does nothing, so that no more than the shares of one minute are at work at once."""

    at: datetime
    share: Share
    until: datetime


def event_of(called: Called) -> dict[str, Any]:
    return {
        "time": called.at.isoformat(),
        "share": {"part": called.share.part, "of": called.share.of},
        "until": called.until.astimezone(UTC).isoformat(),
    }


def called_by(event: Mapping[str, Any], at: datetime) -> Called | None:
    """None for the schedule's own event. Raises KeyError, TypeError and ValueError for one of no known shape."""
    if "share" not in event:
        return None
    part, of = int(event["share"]["part"]), int(event["share"]["of"])
    if of not in NUMBERS or not 0 <= part < of:
        raise ValueError("no such share")
    return Called(at, Share(part, of), parse_instant(event["until"]))
