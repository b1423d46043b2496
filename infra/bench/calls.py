"""Sees every AWS call of this process: what was asked, how many bytes went over the wire, what came back.

The hooks stand in botocore's own list of handlers, so every client has them, whoever makes it: ours, pynamodb's, and
the floor's. What looking costs is thus on both sides of each ratio. `watch` must run before the first client is made.
"""

from __future__ import annotations

import functools
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

#: Reads of what is cached for a minute or longer; a warm mail makes none of them.
CACHED = frozenset({("secretsmanager", "GetSecretValue"), ("dynamodb", "Query")})


@dataclass(slots=True)
class Call:
    """`params` as the caller gave them; `sent` and `received` are bytes of bodies; `tries`: requests on the wire."""

    service: str
    operation: str
    params: dict[str, Any]
    sent: int = 0
    received: int = 0
    tries: int = 0
    answer: dict[str, Any] = field(default_factory=dict)


class Recorder:
    """Of all threads: a sweep has several hands. What a thread sends and is answered belongs to what it asked last."""

    def __init__(self) -> None:
        self.calls: list[Call] | None = None
        self._own = threading.local()

    @contextmanager
    def recording(self) -> Iterator[list[Call]]:
        outer, self.calls = self.calls, []
        try:
            yield self.calls
        finally:
            self.calls = outer

    def asked(self, params: dict[str, Any], model: Any, **rest: Any) -> None:
        self._own.call = Call(model.service_model.service_name, model.name, dict(params))
        if self.calls is not None:
            self.calls.append(self._own.call)

    def sent(self, request: Any, **rest: Any) -> None:
        if call := self._asked_last():
            call.tries += 1
            call.sent += int(request.headers.get("Content-Length") or 0)

    def answered(self, http_response: Any, parsed: dict[str, Any], **rest: Any) -> None:
        if call := self._asked_last():
            call.answer = parsed
            call.received += int(http_response.headers.get("Content-Length") or 0)

    def _asked_last(self) -> Call | None:
        """None before its first: what was asked before `watch` is answered behind it."""
        return getattr(self._own, "call", None)


RECORDER = Recorder()


@functools.cache
def watch() -> None:
    from botocore import handlers

    handlers.BUILTIN_HANDLERS += [
        ("provide-client-params.*.*", RECORDER.asked),
        ("before-send.*.*", RECORDER.sent),
        ("after-call.*.*", RECORDER.answered),
    ]


def by_operation(calls: Iterable[Call]) -> Counter[tuple[str, str]]:
    return Counter((call.service, call.operation) for call in calls)


def by_service(calls: Iterable[Call]) -> dict[str, int]:
    found = Counter({"sesv2": "ses"}.get(call.service, call.service) for call in calls)
    return {name: found[name] for name in ("s3", "dynamodb", "ses", "kms")}


def outbox_rows(calls: Iterable[Call]) -> list[dict[str, Any]]:
    """The outbox rows (in DynamoDB's own JSON) that were queued, each as it was written last: a letter of the ladder is
    written asleep first, and may go along in another."""
    written = {
        (item["pk"]["S"], item["sk"]["S"]): item
        for call in calls
        if call.operation == "TransactWriteItems"
        for action in call.params["TransactItems"]
        if "Put" in action and (item := action["Put"]["Item"])["sk"]["S"].startswith("OUT#")
    }
    return [row for row in written.values() if row["state"]["S"] == "queued"]


def stream_event(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """As the table's stream hands rows to deliver."""
    return {
        "Records": [
            {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": row["pk"], "sk": row["sk"]}, "NewImage": row}}
            for row in rows
        ]
    }
