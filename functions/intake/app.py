"""Arrivals queue → one outcome a message. A record that fails for now goes back to the queue alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tanggap.entrypoints import intake
from tanggap.entrypoints.observe import logger, metrics, tell, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    def remaining() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())

    failed = []
    for record in event["Records"]:
        try:
            for result in intake.work(record["body"], record["attributes"], remaining=remaining):
                tell("arrival_put_off" if "left" in result else "arrival_read", **result)
        except Exception as error:  # whatever it is, the other records of the batch must not suffer
            tell("arrival_put_back", message_id=record["messageId"], **trace_of(error))
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
