"""What went wrong lately, by code and place: the saved query `errors by code`, for a terminal.

    python -m infra.ops.errors (--stack NAME | --local) [--hours N] [--code CODE]

Each row: how often, the function, the code of the line, error and place, and when first and last. With `--code` each
line of that code, whatever its level, with its case, arrival and delivery, oldest first: what `path` is asked with
next. No text of anybody; a line that is not ours (the runtime's own word on a run that timed out or did not start) is
counted by what it says of itself. Ends with 1 where there is an error or a warning among them."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tanggap.domain.times import stamp

from .command import add_stack, ended, say, stack_of
from .logs import groups, told
from .stack import Stack, WrongQuestion

_LEVELS = ("ERROR", "WARNING")
#: How the runtime says that a run died: of an exception that nobody caught (`[ERROR] Retry: …`, awslambdaric's
#: log_error) the class. Nothing else of its lines is looked at: a message may quote what a stranger wrote.
DIED = re.compile(
    r"(?<=^\[ERROR\] )[\w.]+(?=:|\s*\n|$)|Task timed out|Runtime\.\w+|Unable to import|signal: killed|errorType"
)
#: Ours by their level, the runtime's by their words; asked for one after the other.
_OURS = '{ ($.level = "ERROR") || ($.level = "WARNING") }'
RUNTIME = '?"[ERROR]" ?"Task timed out" ?"Runtime." ?"Unable to import" ?"signal: killed" ?errorType'
#: Lines that are read of a function, for each pattern.
MOST = 20_000


def lines(
    stack: Stack, since: datetime, cut: dict[str, None], *patterns: str
) -> Iterator[tuple[datetime, str, dict[str, Any], str]]:
    """(when, function, what it says where it is ours, the line). `cut` takes the functions of which there may be
    more."""
    logs = stack.client("logs")
    prefix = f"/aws/lambda/{stack.name}-"
    asked = [(group, pattern) for group in groups(logs, stack.name) for pattern in patterns]
    seen: set[str] = set()
    for group, pattern in asked:
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group,
            filterPattern=pattern,
            startTime=int(since.timestamp() * 1000),
            PaginationConfig={"MaxItems": MOST},
        )
        function, read = group.removeprefix(prefix), 0
        for page in pages:
            read += len(page["events"])
            for event in page["events"]:
                key = event.get("eventId") or f"{event['timestamp']} {event['message']}"
                if key in seen:
                    continue
                seen.add(key)
                at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                yield at, function, _ours(event["message"]), event["message"]
        if read >= MOST:
            cut[function] = None


def _ours(message: str) -> dict[str, Any]:
    try:
        raw = json.loads(message)
    except ValueError:
        return {}
    return raw if isinstance(raw, dict) and "level" in raw else {}


def by_code(stack: Stack, since: datetime) -> int:
    found: dict[tuple[str, ...], list[datetime]] = {}
    cut: dict[str, None] = {}
    for at, function, said, message in lines(stack, since, cut, _OURS, RUNTIME):
        if said.get("level") in _LEVELS:
            key: tuple[str, ...] = (function, str(said.get("code") or said.get("message", "?"))[:60])
            key += tuple(str(said[name]) for name in ("error", "cause", "place") if said.get(name))
        elif not said and (died := DIED.search(message)):
            key = (function, f"the runtime: {died[0]}")
        else:
            continue
        found.setdefault(key, []).append(at)
    for key, when in sorted(found.items(), key=lambda one: -len(one[1])):
        say(f"{len(when):>6}  {' '.join(key)}, first {stamp(min(when))}, last {stamp(max(when))}")
    if not found:
        say("no error and no warning")
    _tell_cut(cut)
    return 1 if found else 0


def of_code(stack: Stack, since: datetime, code: str) -> int:
    rows, bad, cut = [], False, dict[str, None]()
    for at, function, said, message in lines(stack, since, cut, f'"{code}"'):
        if said.get("code") == code:
            rows.append((at, function, told(message)))
            bad = bad or said["level"] in _LEVELS
    for at, function, text in sorted(rows):
        say(f"{stamp(at)} {function}: {text}")
    if not rows:
        say("no such line")
    _tell_cut(cut)
    return 1 if bad else 0


def _tell_cut(cut: Iterable[str]) -> None:
    for function in cut:
        say(f"of {function} the first {MOST} lines of the time asked for; there may be more (a smaller --hours)")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="errors", description="what went wrong lately, by code and place")
    add_stack(parser)
    parser.add_argument("--hours", type=float, default=1.0, help="how far back (1)")
    parser.add_argument("--code", default="", metavar="CODE", help="each line of this code")
    given = parser.parse_args(arguments)
    return ended(lambda: _looked(stack_of(given), given))


def _looked(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import utc_now
    from tanggap.entrypoints.observe import CODES

    if not stack.name:
        raise WrongQuestion("give the stack: --stack NAME or --local")
    if given.code and given.code not in CODES:
        raise WrongQuestion(f"{given.code[:40]!a} is no code of ours")
    since = utc_now() - timedelta(hours=given.hours)
    return of_code(stack, since, given.code) if given.code else by_code(stack, since)


if __name__ == "__main__":
    sys.exit(main())
