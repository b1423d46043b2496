"""The API's own errors in the shape that template.yaml gives them.

On AWS, API Gateway answers for itself with the API's GatewayResponses. The embedded AWS does not know them and answers
`{"message": …}`; no function of ours does, so such an answer is the gateway's and gets its template here.
"""

from __future__ import annotations

import functools
import json

from infra.build.template import read

#: The gateway's sentence: its type. What is not here is DEFAULT_4XX or DEFAULT_5XX.
_TYPES = {
    "Unauthorized": "UNAUTHORIZED",
    "The incoming token has expired": "EXPIRED_TOKEN",
    "Missing Authentication Token": "MISSING_AUTHENTICATION_TOKEN",
    "Too Many Requests": "THROTTLED",
    "Request Too Long": "REQUEST_TOO_LARGE",
}


@functools.cache
def _templates() -> dict[str, tuple[int | None, bytes]]:
    declared = read()["Resources"]["Api"]["Properties"]["GatewayResponses"]
    return {
        name: (one.get("StatusCode"), one["ResponseTemplates"]["application/json"].encode())
        for name, one in declared.items()
    }


def as_declared(status: int, content: bytes) -> tuple[int, bytes]:
    """Status and body as AWS would answer; those of a function stay as they are."""
    if status < 400:
        return status, content
    if not content:  # to HEAD
        return {403: 404}.get(status, status), content
    try:
        body = json.loads(content)
    except ValueError:
        return status, content
    if not isinstance(body, dict) or not body.keys() <= {"message", "Message"}:
        return status, content
    sentence = body.get("message") or body.get("Message")
    told, template = _templates()[_TYPES.get(str(sentence), "DEFAULT_5XX" if status >= 500 else "DEFAULT_4XX")]
    return told or status, template
