"""Each quarter of an hour by day: do offices have something to be told?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tanggap.application.sweep import TimeAhead
from tanggap.domain.errors import Retry
from tanggap.domain.times import parse_instant
from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tanggap.entrypoints.observe import logger, metrics, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    def remaining() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())

    digest = services(settings.Digest).digest(remaining)
    try:
        at = parse_instant(event["time"]) if "time" in event else digest.clock()
    except (TypeError, ValueError):
        raise ValueError("an event without a usable time") from None
    try:
        told = digest(at, _failed)
    except TimeAhead:
        logger.error("an event's time lies ahead of the clock", at=at.isoformat())
        raise
    facts = {"letters": told.letters, "failed": told.failed, "unfinished": told.unfinished}
    if told.letters or told.failed or told.unfinished:
        logger.info("digests", at=at.isoformat(), **facts)
    if told.failed:  # the round stays open: the same run, or the next one, goes on with it
        raise Retry("some offices could not be told")
    return facts


def _failed(kind: str, error: Exception) -> None:
    level = logger.info if isinstance(error, Retry) else logger.error
    level("an office could not be told", kind=kind, **trace_of(error))
