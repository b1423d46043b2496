"""Media queue → files on messages. What fails for now goes back to the queue alone; what ends this function again and
again is parked there by its notice."""

from __future__ import annotations

from typing import Any

from tanggap.entrypoints import media
from tanggap.entrypoints.observe import logger, metrics, tell, trace_of


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = []
    for record in event["Records"]:
        try:
            done = media.work(record["body"], record["attributes"])
        except Exception as error:  # whatever it is, the queue brings it again
            tell("media_put_back", message_id=record["messageId"], **trace_of(error))
            media.put_off(record["receiptHandle"], record["attributes"])
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        tell("media_kept", **done.facts)
        if done.parked:
            tell("media_parked", message_id=record["messageId"], parked=done.parked, **done.facts)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
