"""Outbox rows from the table's stream → mails and messages. Never fails a batch: what happens next stands on each
row."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from tanggap.entrypoints import deliver
from tanggap.entrypoints.observe import count, logger, metrics, trace_of

#: One send may wait this long for SES and then for the table. A function that ends in the middle of one leaves a row
#: whose answer counts as lost.
ONE_SEND_MS = 30_000


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> None:
    for record in event["Records"]:
        if context.get_remaining_time_in_millis() < ONE_SEND_MS:
            logger.warning("no time left in this batch; its other rows are due again by their index")
            count("DeliveriesPostponed")
            return
        try:
            facts = deliver.work(record)
            if facts:
                logger.info("delivery worked on", **facts)
                count(f"Deliveries{facts['state'].capitalize()}")
                for kind, messages in deliver.charged(facts).items():
                    _count_charged(kind, messages)
        except Exception as error:
            # A row left unsent is due again by its index; raising would block the shard behind it.
            logger.error("delivery could not be worked on", delivery=deliver.row_of(record), **trace_of(error))
            count("DeliveryErrors")


def _count_charged(kind: str, messages: int) -> None:
    """What a platform's bill will name, by channel and kind. How many of them are free is the platform's affair."""
    channel, _, costs = kind.partition("/")
    with single_metric(name="MessagesCharged", unit=MetricUnit.Count, value=messages) as metric:
        metric.add_dimension("channel", channel)
        metric.add_dimension("costs", costs)
