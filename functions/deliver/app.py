"""Outbox rows from the table's stream → mails. Never fails a batch: what happens next stands on each row."""

from __future__ import annotations

from typing import Any

from tanggap.entrypoints import deliver
from tanggap.entrypoints.observe import count, logger, metrics, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> None:
    for record in event["Records"]:
        key = record["dynamodb"].get("Keys", {}).get("sk", {}).get("S", "")
        try:
            facts = deliver.work(record)
            if facts:
                logger.info("delivery worked on", **facts)
                count(f"Deliveries{facts['state'].capitalize()}")
        except (
            Exception
        ) as error:  # a row left unsent is due again by its index; raising would block the shard behind it
            logger.error("delivery could not be worked on", delivery=key.removeprefix("OUT#"), **trace_of(error))
            count("DeliveryErrors")
