"""Arrivals queue → one outcome a message. A record that fails for now goes back to the queue alone."""

from __future__ import annotations

from typing import Any

from tanggap.entrypoints import intake
from tanggap.entrypoints.observe import count, logger, metrics, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = []
    for record in event["Records"]:
        try:
            for result in intake.work(record["body"], record["attributes"]):
                logger.info("arrival read", **result)
                if "outcome" in result:  # what is read anew was counted when it came
                    count(f"Messages{result['outcome'].capitalize()}")
        except Exception as error:  # whatever it is, the other records of the batch must not suffer
            logger.warning("arrival goes back to the queue", message_id=record["messageId"], **trace_of(error))
            count("ArrivalRetries")
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
