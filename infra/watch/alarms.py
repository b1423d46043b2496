"""What template.yaml says about each alarm, without a stack: dimensions are named by logical ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from infra.build.template import read


@dataclass(frozen=True, slots=True)
class Metric:
    """One series that an alarm looks at. `dimensions`: name and logical id (or literal), in order of names; `period`
    and `statistic` as CloudWatch has them (`Sum`, `Maximum`, `p99`, …)."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    period: timedelta


@dataclass(frozen=True, slots=True)
class Alarm:
    """`metrics`: by the id that `expression` uses; a plain alarm has one, and its id is the expression. `of` periods of
    which `needed` must breach; `missing`: notBreaching, breaching, ignore or missing."""

    name: str
    description: str
    metrics: Mapping[str, Metric]
    expression: str
    period: timedelta
    needed: int
    of: int
    operator: str
    threshold: float
    missing: str
    condition: str = field(default="")


def alarms(template: Mapping[str, Any] | None = None) -> dict[str, Alarm]:
    """Each alarm of our template by its logical id. Raises KeyError or ValueError for one that CloudWatch refuses."""
    resources = (template or read())["Resources"]
    return {name: _alarm(name, one) for name, one in resources.items() if one["Type"] == "AWS::CloudWatch::Alarm"}


def _alarm(name: str, resource: Mapping[str, Any]) -> Alarm:
    given = resource["Properties"]
    metrics, expression = _metrics(given)
    periods = {one.period for one in metrics.values()}
    if len(periods) != 1:
        raise ValueError(f"{name} mixes periods")
    of = int(given["EvaluationPeriods"])
    return Alarm(
        name=name,
        description=_text(given["AlarmDescription"]),
        metrics=metrics,
        expression=expression,
        period=periods.pop(),
        needed=int(given.get("DatapointsToAlarm", of)),
        of=of,
        operator=given["ComparisonOperator"],
        threshold=float(given["Threshold"]),
        missing=given.get("TreatMissingData", "missing"),
        condition=resource.get("Condition", ""),
    )


def _metrics(given: Mapping[str, Any]) -> tuple[dict[str, Metric], str]:
    if "Metrics" not in given:
        return {"m": _metric(given, given["Statistic"], given["Period"])}, "m"
    found: dict[str, Metric] = {}
    returned = ""
    for one in given["Metrics"]:
        if "Expression" in one:
            if one.get("ReturnData", True):
                returned = one["Expression"]
            continue
        stat = one["MetricStat"]
        found[one["Id"]] = _metric(stat["Metric"], stat["Stat"], stat["Period"])
        if one.get("ReturnData", True):
            returned = one["Id"]
    if not returned:
        raise ValueError("no series is returned")
    return found, returned


def _metric(given: Mapping[str, Any], statistic: str, period: int) -> Metric:
    dimensions = sorted((one["Name"], _text(one["Value"])) for one in given.get("Dimensions", ()))
    return Metric(
        _text(given["Namespace"]), given["MetricName"], tuple(dimensions), statistic, timedelta(seconds=int(period))
    )


def _text(value: Any) -> str:
    """A literal as it is, what is named by its logical id (`!GetAtt Queue.QueueName` is `Queue`)."""
    if isinstance(value, dict):
        ((kind, inner),) = value.items()
        if kind == "Ref":
            return str(inner)
        if kind == "Fn::GetAtt":
            return str(inner[0])
        if kind == "Fn::Sub":
            return str(inner if isinstance(inner, str) else inner[0])
        raise ValueError(f"an alarm names something by {kind}")
    return str(value)
