"""Each minute: what is due at the event's `time`. Where more is due than one run takes, this function calls on itself
for shares of it; a share calls on nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tanggap.adapters.helpers import Called, called_by
from tanggap.adapters.ids import utc_now
from tanggap.application.ports import Due
from tanggap.application.races import lost_race
from tanggap.application.recompute import Recompute
from tanggap.application.scheduled import TimeAhead
from tanggap.application.sweep import Sweep, Swept
from tanggap.domain.errors import Retry
from tanggap.domain.times import parse_instant
from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tanggap.entrypoints.observe import count, logger, metrics, tell, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    try:
        at = parse_instant(event["time"])
        called = called_by(event, at)
    except (KeyError, TypeError, ValueError):
        count("TimeRefused")
        tell("time_unusable")
        return {"refused": "time"}

    def remaining() -> timedelta:
        left = timedelta(milliseconds=context.get_remaining_time_in_millis())
        return min(left, called.until - utc_now()) if called else left

    parts = services(settings.Escalate)
    sweep = parts.sweep(remaining, context.function_name)
    try:
        swept = _share(sweep, called) if called else sweep(at, _failed)
    except TimeAhead:
        count("TimeRefused")
        tell("time_ahead", at=at.isoformat())
        return {"refused": "time_ahead"}
    if swept.untaken:
        tell("letters_untaken", letters=swept.untaken)
    if swept.failed or swept.untaken:  # a lost race is none of those: the next minute sees who won
        count("WorkFailed", swept.failed + swept.untaken)
    if called:
        return {"cases": swept.cases, "failed": swept.failed, "unfinished": swept.unfinished, "raced": swept.raced}
    facts = _told(swept, at)
    facts["recomputed"] = _recompute(parts.recompute(remaining), at)  # after all that is due, always
    return facts


def _share(sweep: Sweep, called: Called) -> Swept:
    swept = sweep.share(called.at, called.share, _failed)
    tell(
        "share_swept",
        at=called.at.isoformat(),
        part=called.share.part,
        of=called.share.of,
        cases=swept.cases,
        steps=swept.steps,
        failed=swept.failed,
        unfinished=swept.unfinished,
        raced=swept.raced,
    )
    return swept


def _told(swept: Swept, at: datetime) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "cases": swept.cases,
        "steps": swept.steps,
        "woken": swept.woken,
        "letters": swept.letters,
        "withdrawn": swept.withdrawn,
        "failed": swept.failed,
        "unfinished": swept.unfinished,
        "shares": swept.shares,
        "untaken": swept.untaken,
        "raced": swept.raced,
    }
    tell("swept", at=at.isoformat(), **facts)
    return facts


def _recompute(recompute: Recompute, at: datetime) -> int:
    """A new policy reaches the open cases, as far as this minute's time goes. How many it looked at."""
    stuck = 0

    def failed(number: str, error: Exception) -> None:
        nonlocal stuck
        raced = lost_race(error)
        stuck += not raced
        tell("recompute_raced" if raced else "recompute_stuck", case=number, **trace_of(error))

    try:
        run = recompute(at, failed)
    except Retry as error:  # the next minute goes on
        tell("recompute_put_off", **trace_of(error))
        return 0
    if run.cases or run.failed:
        tell("recomputed", policy=run.target, cases=run.cases, moved=run.moved, finished=run.finished)
    if stuck:
        count("WorkFailed", stuck)
    return run.cases


def _failed(due: Due, error: Exception) -> None:
    tell("case_raced" if lost_race(error) else "case_stuck", case=due.case, delivery=due.delivery, **trace_of(error))
