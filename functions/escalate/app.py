"""Each minute: what is due at the event's `time`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tanggap.application.ports import Due
from tanggap.application.sweep import TimeAhead
from tanggap.domain.errors import Conflict
from tanggap.domain.times import parse_instant
from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tanggap.entrypoints.observe import count, logger, metrics, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    try:
        at = parse_instant(event["time"])
    except (KeyError, TypeError, ValueError):
        count("TimeRefused")
        logger.error("an event without a usable time")
        return {"refused": "time"}
    sweep = services(settings.Escalate).sweep(lambda: timedelta(milliseconds=context.get_remaining_time_in_millis()))
    try:
        swept = sweep(at, _failed)
    except TimeAhead:
        count("TimeRefused")
        logger.error("an event's time lies ahead of the clock", at=at.isoformat())
        return {"refused": "time_ahead"}
    facts = {
        "cases": swept.cases,
        "steps": swept.steps,
        "woken": swept.woken,
        "failed": swept.failed,
        "unfinished": swept.unfinished,
    }
    logger.info("swept", at=at.isoformat(), **facts)
    if swept.cases or swept.woken or swept.failed:
        count("Escalations", swept.steps)
        count("SweepFailures", swept.failed)
    return facts


def _failed(due: Due, error: Exception) -> None:
    level = logger.info if isinstance(error, Conflict) else logger.error
    level("could not be advanced", case=due.case, delivery=due.delivery, **trace_of(error))
