"""What the functions logged about one case, arrival or delivery, out of CloudWatch Logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .stack import Stack

#: Fields of our lines that are ids and words of lists. Whatever else a line holds is not shown.
_FACTS = (
    *("case", "arrival", "delivery", "outcome", "reason", "channel", "state", "door", "way", "fault", "what", "gauge"),
    *("at", "cases", "steps", "woken", "failed", "raced", "due", "channels", "message_id"),
    *("request", "error", "cause", "place"),
)
#: Lines that one question shows of a function.
LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    function: str
    text: str


def lines(stack: Stack, holding: str, since: datetime) -> Iterator[Line]:
    """Lines of every function that hold a word, oldest first within each; where there may be more of a function, its
    last one says so. What is not ours (a line of the runtime's) is named and not shown."""
    logs = stack.client("logs")
    for group in groups(logs, stack.name):
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group,
            filterPattern=f'"{holding}"',
            startTime=int(since.timestamp() * 1000),
            PaginationConfig={"MaxItems": LIMIT},
        )
        function, read, at = group.rpartition("-")[2], 0, since
        for page in pages:
            read += len(page["events"])
            for event in page["events"]:
                at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                if holding in event["message"]:
                    yield Line(at, function, told(event["message"]))
        if read >= LIMIT:
            yield Line(at, function, f"the first {LIMIT} lines end here; there may be more (a smaller --hours)")


def groups(logs: Any, stack: str) -> list[str]:
    """Of the stack's functions. Their names have no hyphen; behind one stands what belongs to a stack whose name begins
    with this one's."""
    prefix = f"/aws/lambda/{stack}-"
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    named = sorted(group["logGroupName"] for page in pages for group in page["logGroups"])
    return [one for one in named if "-" not in one.removeprefix(prefix)]


def told(message: str) -> str:
    """One of our lines: level, code (or its constant sentence), facts."""
    try:
        raw = json.loads(message)
    except ValueError:
        raw = None
    if not isinstance(raw, dict) or "level" not in raw:
        return "a line of the runtime's own (see the log group)"
    said = str(raw.get("code") or raw.get("message") or "")[:80]
    known = {name: " ".join(map(str, raw[name])) if isinstance(raw[name], list) else raw[name] for name in raw}
    facts = [f"{name} {known[name]}" for name in _FACTS if isinstance(known.get(name), str | int) and known[name] != ""]
    return ", ".join([f"{raw['level']} {said}", *facts])
