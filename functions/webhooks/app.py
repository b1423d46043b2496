"""Channels and the public web form. None is configured yet: each answers 404, as CONTRACT says of a channel that
isn't."""

from __future__ import annotations

import json
from typing import Any

from tanggap.entrypoints.observe import logger


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    logger.info("channel not configured", area=event.get("resource", ""))
    body = {"error": {"code": "not_configured", "message": "this channel is not configured"}}
    return {"statusCode": 404, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
