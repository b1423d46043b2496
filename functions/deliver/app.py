"""Outbox rows from the table's stream → mails and messages. Never fails a batch: what happens next stands on each
row."""

from __future__ import annotations

from typing import Any

from tanggap.entrypoints import deliver
from tanggap.entrypoints.observe import about, count, logger, metrics, tell, trace_of

#: One send may wait this long for SES and then for the table. A function that ends in the middle of one leaves a row
#: whose answer counts as lost.
ONE_SEND_MS = 30_000


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> None:
    for record in event["Records"]:
        about(case=deliver.case_of(record), delivery=deliver.row_of(record))
        if context.get_remaining_time_in_millis() < ONE_SEND_MS:
            tell("batch_cut_short")
            return
        try:
            facts = deliver.work(record)
            if facts:
                tell("delivery_worked_on", **facts)
                _count_wait(facts)
                for kind, messages in deliver.charged(facts).items():
                    _tell_charged(kind, messages)
        except Exception as error:
            # A row left unsent is due again by its index; raising would block the shard behind it.
            tell("delivery_broken", **trace_of(error))
            count("WorkFailed")


def _count_wait(facts: dict[str, str]) -> None:
    if (waited := deliver.waited(facts)) is not None:
        count("AcknowledgementSeconds", waited)


def _tell_charged(kind: str, messages: int) -> None:
    """What a platform's bill will name, by channel and kind. How many of them are free is the platform's affair."""
    channel, _, costs = kind.partition("/")
    tell("messages_charged", channel=channel, costs=costs, messages=messages)
