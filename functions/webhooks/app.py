"""Platforms, the web form and Open311: verified, stored, announced. Doors: tanggap.entrypoints.webhooks."""

from __future__ import annotations

from typing import Any

from tanggap.entrypoints.observe import about, logger, metrics
from tanggap.entrypoints.webhooks.app import respond


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    about(request=event.get("requestContext", {}).get("requestId", ""))
    return respond(event)  # what each request was answered is in the API's own log
