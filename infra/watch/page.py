"""infra/runbooks/alarms.md: what template.yaml says of each alarm, and with what it was tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from infra.build.template import ROOT
from infra.watch.alarms import Alarm, Metric, alarms
from infra.watch.tried import LIVE, SILENT, TRIED, Series, Tried

PLACE = ROOT / "infra" / "runbooks" / "alarms.md"
_TEMPLATE = ROOT / "template.yaml"
_HEAD = """# Alarms, and with what each was tried

Written by `python -m infra.watch --write` of template.yaml and infra/watch/tried.py. Do not edit.

## What each looks at

Periods and missing data as CloudWatch has them. Own metrics have the stack's namespace and `service=desk`.

| alarm, page | looks at | rings at | why | on the embedded AWS |
| --- | --- | --- | --- | --- |
"""
_TRIED = """
## With what each was tried

*Recorded*: the functions' own handlers were run in memory, on queues with visibility and receive counts and on a
stream, by their schedules and a simulated clock, for a day without and then for hours or days with the cause. Our
metrics are what the handlers print, Lambda's are how runs ended, SQS's are the queues' depths and ages (an age leaves
out what was received more than three times), the API's are its answers. *By hand*: only AWS writes such series. The
alarms of template.yaml were evaluated over them, as CloudWatch does. An alarm that a row does not name was silent in
it.

| alarm | cause | series | rang after | what else rang, and why |
| --- | --- | --- | --- | --- |
"""
_SILENT = """
## What rang none

"""
_TAIL = """
## What this does not show

That AWS writes its own metrics as its guides say (minutes late, now and then twice), and that a mail of the operators'
topic arrives. The embedded AWS has no ages of queues, and no alarm rang on a real account yet.
"""
_OPERATORS = {"GreaterThanOrEqualToThreshold": "≥", "LessThanThreshold": "<"}


def render() -> str:
    known = alarms()
    looked = "\n".join(_alarm(known[name]) for name in sorted(known))
    tried = "\n".join(_tried(one) for one in sorted(TRIED, key=lambda one: one.alarm))
    silent = "\n".join(f"- {one}" for one in SILENT)
    return f"{_HEAD}{looked}\n{_TRIED}{tried}\n{_SILENT}{silent}\n{_TAIL}"


def _alarm(alarm: Alarm) -> str:
    found = re.search(r"infra/runbooks/([a-z0-9-]+\.md)", alarm.description)
    page = found[1] if found else ""
    looks = "; ".join(_metric(one) for one in alarm.metrics.values())
    if alarm.expression not in alarm.metrics:
        looks += f": `{alarm.expression}`"
    rings = f"{_OPERATORS[alarm.operator]} {alarm.threshold:g}, {alarm.needed} of {alarm.of} × {_long(alarm.period)}"
    if alarm.missing == "breaching":
        rings += ", or nothing"
    cells = (f"[{alarm.name}]({page})", looks, rings, "; ".join(reasons(alarm.name)), LIVE.get(alarm.name, ""))
    return f"| {' | '.join(one.replace('|', '/') for one in cells)} |"


def _metric(one: Metric) -> str:
    whose = [value for name, value in one.dimensions if name not in ("service", "Stage", "ApiName")]
    of = f" of {', '.join(whose)}" if whose else ""
    return f"{one.name}{of} ({one.statistic})"


def reasons(name: str) -> Iterator[str]:
    """What template.yaml says beside the figures of an alarm."""
    block = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", _TEMPLATE.read_text(), re.MULTILINE)
    for line in (block[1] if block else "").splitlines():
        found = re.match(r"\s+(Threshold|EvaluationPeriods|DatapointsToAlarm|TreatMissingData): \S+ # (.+)$", line)
        if found:
            yield found[2]


def _tried(one: Tried) -> str:
    others = "; ".join(f"{name}: {why}" for name, why in sorted(one.others.items()))
    series = "recorded" if one.series is Series.RECORDED else "*by hand*"
    return f"| {one.alarm} | {one.cause} | {series} | {_long(timedelta(minutes=one.after))} | {others} |"


def _long(time: timedelta) -> str:
    minutes = int(time / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h" + (f" {rest} min" if rest else "")
