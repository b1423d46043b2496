"""The JSON API for officers. Routes: tanggap.entrypoints.portal."""

from __future__ import annotations

from typing import Any

from tanggap.entrypoints.clients import answered_within
from tanggap.entrypoints.observe import about, logger, metrics, tell
from tanggap.entrypoints.portal.app import app, respond


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    about(request=event.get("requestContext", {}).get("requestId", ""))
    with answered_within(context.get_remaining_time_in_millis()):
        answer = respond(event, context)
    tell(
        "request_served",
        area=event.get("resource", ""),
        method=event.get("httpMethod", ""),
        status=answer["statusCode"],
    )
    return answer


__all__ = ["app", "handler"]
