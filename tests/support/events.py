"""REST API events, out of the one real-shaped sample in events/."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tanggap.domain.permissions import Officer

_SAMPLE = json.loads((Path(__file__).parents[2] / "events" / "api-get-cases.json").read_text())


def claims_of(officer: Officer, **more: Any) -> dict[str, Any]:
    """As the authorizer hands an id token's claims on."""
    known = _SAMPLE["requestContext"]["authorizer"]["claims"]
    unit = {"custom:unit": officer.unit} if officer.unit else {}
    return {**known, "sub": officer.id, "cognito:groups": officer.role.value, **unit, **more}


def api_event(
    method: str,
    path: str,
    *,
    claims: dict[str, Any] | None = None,
    body: Any = None,
    raw: str | None = None,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """`path` as it stands in the URL; `raw` is a body that isn't made from JSON."""
    area = "/".join(path.split("/")[:3]) + ("/{proxy+}" if path.count("/") > 2 else "")
    event = copy.deepcopy(_SAMPLE)
    sent = raw if raw is not None else None if body is None else json.dumps(body)
    given = {
        **event["headers"],
        **({"Content-Type": "application/json"} if sent is not None else {}),
        **(headers or {}),
    }
    event.update(
        resource=area,
        path=quote(path, safe="/%"),
        httpMethod=method,
        headers=given,
        multiValueHeaders={name: [value] for name, value in given.items()},
        queryStringParameters=query or None,
        multiValueQueryStringParameters={name: [value] for name, value in (query or {}).items()} or None,
        body=sent,
    )
    context = event["requestContext"]
    context.update(httpMethod=method, resourcePath=area)
    if claims is None:
        del context["authorizer"]
    else:
        context["authorizer"] = {"claims": claims}
    return event
