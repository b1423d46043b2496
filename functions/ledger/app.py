"""Each hour: does what arrived equal what became of it?"""

from __future__ import annotations

from typing import Any

from tanggap.domain.errors import Retry
from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tanggap.entrypoints.observe import count, logger, metrics, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    report = services(settings.Ledger).count().as_dict()
    logger.info("ledger counted", report=report)
    count("ArrivalsOverdue", report["overdue"])
    _count_days_known()
    return report


def _count_days_known() -> None:
    """For how many days the days off are known: an alarm asks for next year's in time. Arrivals are counted without a
    policy, too."""
    from tanggap.domain.policy_hints import days_known

    parts = services(settings.Ledger)
    try:
        left = days_known(parts.policies.current(), parts.count.clock())
    except Retry as error:
        logger.warning("the calendar could not be looked at", **trace_of(error))
    else:
        count("CalendarDaysKnown", left)
