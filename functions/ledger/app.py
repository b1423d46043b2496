"""Each hour: does what arrived equal what became of it?"""

from __future__ import annotations

from typing import Any

from tanggap.entrypoints import settings
from tanggap.entrypoints.composition import services
from tanggap.entrypoints.observe import count, logger, metrics


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    report = services(settings.Ledger).count().as_dict()
    logger.info("ledger counted", report=report)
    count("ArrivalsOverdue", report["overdue"])
    return report
