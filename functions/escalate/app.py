"""Each minute: what is due at the event's `time`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tanggap.application.ports import Due
from tanggap.application.recompute import Recompute
from tanggap.application.scheduled import TimeAhead
from tanggap.domain.errors import Conflict, Retry
from tanggap.domain.times import parse_instant
from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tanggap.entrypoints.observe import count, logger, metrics, tell, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    try:
        at = parse_instant(event["time"])
    except (KeyError, TypeError, ValueError):
        count("TimeRefused")
        tell("time_unusable")
        return {"refused": "time"}

    def remaining() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())

    parts = services(settings.Escalate)
    sweep = parts.sweep(remaining)
    try:
        swept = sweep(at, _failed)
    except TimeAhead:
        count("TimeRefused")
        tell("time_ahead", at=at.isoformat())
        return {"refused": "time_ahead"}
    facts: dict[str, Any] = {
        "cases": swept.cases,
        "steps": swept.steps,
        "woken": swept.woken,
        "letters": swept.letters,
        "withdrawn": swept.withdrawn,
        "failed": swept.failed,
        "unfinished": swept.unfinished,
    }
    tell("swept", at=at.isoformat(), **facts)
    if swept.failed:
        count("WorkFailed", swept.failed)
    facts["recomputed"] = _recompute(parts.recompute(remaining), at)  # after all that is due, always
    return facts


def _recompute(recompute: Recompute, at: datetime) -> int:
    """A new policy reaches the open cases, as far as this minute's time goes. How many it looked at."""
    try:
        run = recompute(at, _not_recomputed)
    except Retry as error:  # the next minute goes on
        tell("recompute_put_off", **trace_of(error))
        return 0
    if run.cases or run.failed:
        tell("recomputed", policy=run.target, cases=run.cases, moved=run.moved, finished=run.finished)
    if run.failed:
        count("WorkFailed", run.failed)
    return run.cases


def _not_recomputed(number: str, error: Exception) -> None:
    tell("recompute_raced" if isinstance(error, Retry) else "recompute_stuck", case=number, **trace_of(error))


def _failed(due: Due, error: Exception) -> None:
    code = "case_raced" if isinstance(error, Conflict) else "case_stuck"
    tell(code, case=due.case, delivery=due.delivery, **trace_of(error))
