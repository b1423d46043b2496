"""Alarms over recorded metrics, as CloudWatch evaluates them.

Rules from CloudWatch's guide ("Configuring how alarms treat missing data"): an alarm looks back further than its
periods, its evaluation range; where enough real points lie in that range, the latest of them decide and missing ones
are passed over; only where there are too few is the rest filled as `TreatMissingData` says. The guide's example looks
at five points for an alarm of three: two more than asked for, which is what stands here."""

from __future__ import annotations

import ast
import functools
import operator
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from infra.watch.alarms import Alarm, Metric

OK, ALARM = "OK", "ALARM"
#: How many points beyond its own the evaluation range of an alarm holds.
RANGE_BEYOND = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Key = tuple[str, str, tuple[tuple[str, str], ...]]
_Number = float | None  # None: no data
_Of = Callable[[ast.expr], _Number]


@dataclass(frozen=True, slots=True)
class Point:
    """One value. `dimensions`: name and logical id, in order of names."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Turn:
    """An alarm changed its state."""

    alarm: str
    at: datetime
    state: str


_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": lambda values: sum(values) / len(values),
    "SampleCount": lambda values: float(len(values)),
}
_BREACHES: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
#: What a missing point counts as. Under CloudWatch's two other words no data means nothing; no alarm of ours has them.
FILLS: Mapping[str, bool] = {"breaching": True, "notBreaching": False}


class Recording:
    """Metrics by name and minute, the finest that any alarm asks for."""

    def __init__(self, points: Iterable[Point], beside: Recording | None = None) -> None:
        """`beside`: what was recorded at the same time; it stays as it is."""
        mine: dict[_Key, dict[int, list[float]]] = {}
        theirs = beside._values if beside else {}
        for one in points:
            key = one.namespace, one.name, one.dimensions
            if key not in mine:
                mine[key] = {minute: [*values] for minute, values in theirs.get(key, {}).items()}
            minute = int((one.at - _EPOCH) / timedelta(minutes=1))
            mine[key].setdefault(minute, []).append(one.value)
        self._values: dict[_Key, dict[int, list[float]]] = {**theirs, **mine}

    def series(self, metric: Metric) -> Mapping[int, Sequence[float]] | None:
        """Values by minute; None where none was ever recorded."""
        return self._values.get((metric.namespace, metric.name, metric.dimensions))

    def value(self, metric: Metric, start: datetime) -> _Number:
        """The metric's statistic over one of its periods; None where nothing was recorded."""
        kept = self.series(metric)
        if not kept:
            return None
        first, length = int((start - _EPOCH) / timedelta(minutes=1)), int(metric.period / timedelta(minutes=1))
        values = [value for minute in range(first, first + length) for value in kept.get(minute, ())]
        return float(_STATISTICS[metric.statistic](values)) if values else None


def turns(alarm: Alarm, recording: Recording, since: datetime, until: datetime) -> list[Turn]:
    """Each change of the alarm's state from its beginning in OK, looked at whenever a period is over. What was recorded
    before `since` counts too."""
    state, found = OK, []
    at = _EPOCH + -((_EPOCH - since) // alarm.period) * alarm.period
    points: deque[bool | None] = deque(maxlen=alarm.of + RANGE_BEYOND)
    for back in range(alarm.of + RANGE_BEYOND, 1, -1):
        points.append(_verdict(alarm, recording, at - back * alarm.period))
    while at <= until:
        points.append(_verdict(alarm, recording, at - alarm.period))
        now = judged(points, alarm.needed, alarm.of, alarm.missing)
        if now != state:
            state = now
            found.append(Turn(alarm.name, at, state))
        at += alarm.period
    return found


def _verdict(alarm: Alarm, recording: Recording, start: datetime) -> bool | None:
    """Does the period that begins then breach? None where nothing is known of it."""
    value = _valued(alarm, recording, start)
    return None if value is None else _BREACHES[alarm.operator](value, alarm.threshold)


def judged(points: Iterable[bool | None], needed: int, of: int, missing: str) -> str:
    """The state for the points of an evaluation range, oldest first: True breaches, None is missing."""
    real = [one for one in points if one is not None]
    if len(real) >= of:
        return ALARM if sum(real[-of:]) >= needed else OK
    return ALARM if sum(real) + (of - len(real)) * FILLS[missing] >= needed else OK


def _valued(alarm: Alarm, recording: Recording, start: datetime) -> _Number:
    given = {name: recording.value(metric, start) for name, metric in alarm.metrics.items()}
    return calculated(alarm.expression, given, start)


def calculated(expression: str, given: Mapping[str, _Number], at: datetime = _EPOCH) -> _Number:
    """Metric math, as much of it as our alarms use: / and numbers, SUM and MAX of a list, IF, ==, &&, and HOUR and
    MINUTE of a series, which are those of `at` in UTC. What is made of a missing value is missing; SUM and MAX pass it
    over. Raises ValueError for anything else."""

    def of(node: ast.expr) -> _Number:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.Name) and node.id in given:
            return given[node.id]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return _both(of(node.left), of(node.right), operator.truediv)
        if isinstance(node, ast.Compare) and [type(one) for one in node.ops] == [ast.Eq]:
            return _both(of(node.left), of(node.comparators[0]), operator.eq)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) and len(node.values) == 2:
            return _both(of(node.values[0]), of(node.values[1]), lambda left, right: bool(left and right))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in _FUNCTIONS:
                return _FUNCTIONS[node.func.id](node.args, of)
            if node.func.id in _TIMES and of(node.args[0]) is not None:
                return float(_TIMES[node.func.id](at))
            if node.func.id in _TIMES:
                return None
        raise ValueError(f"not known in metric math: {ast.unparse(node)}")

    return of(_parsed(expression))


@functools.cache
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression.replace("&&", " and "), mode="eval").body


def _both(left: _Number, right: _Number, of: Callable[[float, float], float]) -> _Number:
    return None if left is None or right is None else float(of(left, right))


def _over(choose: Callable[[Iterable[float]], float]) -> Callable[[list[ast.expr], _Of], _Number]:
    def over(arguments: list[ast.expr], of: _Of) -> _Number:
        (several,) = arguments
        if not isinstance(several, ast.List):
            raise ValueError("over a list of series only")
        values = [value for one in several.elts if (value := of(one)) is not None]
        return choose(values) if values else None

    return over


def _chosen(arguments: list[ast.expr], of: _Of) -> _Number:
    asked = of(arguments[0])
    return None if asked is None else of(arguments[1] if asked else arguments[2])


_FUNCTIONS: Mapping[str, Callable[[list[ast.expr], _Of], _Number]] = {
    "SUM": _over(sum),
    "MAX": _over(max),
    "IF": _chosen,
}
_TIMES: Mapping[str, Callable[[datetime], int]] = {"HOUR": lambda at: at.hour, "MINUTE": lambda at: at.minute}
