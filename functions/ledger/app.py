"""Each hour: does what arrived equal what became of it? And what else an operator should learn in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import Services, services
from tanggap.entrypoints.observe import count, logger, metrics, tell, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    def remaining() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())

    parts = services(settings.Ledger)
    report = parts.count(remaining).as_dict()
    tell("ledger_counted", report=report)
    count("ArrivalsOverdue", report["overdue"])
    metrics.flush_metrics()  # whatever ends the run behind it: an alarm without a point is silent
    gauged = parts.gauges(lambda name, error: tell("gauge_unread", gauge=name, **trace_of(error)), remaining)
    for name, value in gauged.figures.items():
        count(name, value)
    if gauged.upkeep:
        tell("upkeep_due", due=gauged.upkeep)
    if gauged.silent:
        tell("channels_silent", channels=gauged.silent)
    if gauged.lost:
        tell("channels_lost", channels=gauged.lost)
    metrics.flush_metrics()
    if parts.settings.anchors_bucket:
        _anchor(parts, remaining)  # last: as long as the desk is large
    return report | gauged.as_dict()


def _anchor(parts: Services, remaining: Callable[[], timedelta]) -> None:
    """The first run of a day. Tried again by the next, which says so too, and after two days it is upkeep: what was
    counted stands."""
    try:
        done = parts.anchor(remaining=remaining)
    except Exception as error:
        tell("anchor_missing", **trace_of(error))
        return
    if done.key:
        tell("anchored", anchor=done.key, cases=done.cases, unreadable=done.unreadable)
