"""Each quarter of an hour by day: do offices have something to be told?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tanggap.application.races import lost_race
from tanggap.application.rounds import DAILY, NEW, WEEKLY
from tanggap.application.scheduled import TimeAhead
from tanggap.domain.errors import Retry
from tanggap.domain.times import parse_instant
from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tanggap.entrypoints.observe import count, logger, metrics, tell, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    def remaining() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())

    digest = services(settings.Digest).digest(remaining)
    try:
        at = parse_instant(event["time"]) if "time" in event else digest.work.clock()
    except (TypeError, ValueError):
        tell("time_unusable")
        count("TimeRefused")
        raise ValueError("an event without a usable time") from None
    try:
        told = digest(at, _failed)
    except TimeAhead:
        tell("time_ahead", at=at.isoformat())
        count("TimeRefused")
        raise
    facts = {"letters": told.letters, "failed": told.failed, "unfinished": told.unfinished, "unread": told.unread}
    if told.letters or told.failed or told.unfinished:
        tell("digests_told", at=at.isoformat(), **facts)
    if told.failed:  # the round stays open: the same run, or the next one, goes on with it
        raise Retry("some offices could not be told")
    if told.stuck:  # nor would the next run come any further
        raise Retry("the time was over before the first office was told")
    if told.unread:  # the offices were told of the others
        raise Retry("some cases could not be read")
    return facts


def _failed(what: str, error: Exception) -> None:
    """`what`: the round in which an office was not told, or the number of a case that none was told of."""
    about = {"round": what} if what in (DAILY, WEEKLY, NEW) else {"case": what}
    tell("digest_raced" if lost_race(error) else "digest_stuck", **about, **trace_of(error))
