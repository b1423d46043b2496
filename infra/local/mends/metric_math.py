"""Stock: CloudFormation refuses an alarm on metric math ("Properties.Metrics is not supported"), so a stack with one
rolls back.

Mended: such an alarm is made. One that looks at a single metric looks at it here as it is, whatever the hour; one over
several stays as it is, and nothing evaluates it. What either would do is judged by infra/watch, on recorded metrics.
"""

from __future__ import annotations

from typing import Any

ALARM = "AWS::CloudWatch::Alarm"
#: A metric that nobody writes.
NOBODYS = {"Namespace": "MetricMath", "MetricName": "NotEvaluatedHere", "Statistic": "Sum", "Period": 60}


def still_needed() -> bool:
    from ministack.services.cloudformation import provisioners

    try:
        provisioners._cw_metric_alarm_record("probe", {**_PROBE, "Metrics": [{"Id": "all", "Expression": "1"}]})
    except ValueError:
        return True
    return False


_PROBE = {"ComparisonOperator": "GreaterThanThreshold", "Threshold": 1, "EvaluationPeriods": 1}


def _looked_at(metrics: list[dict[str, Any]]) -> dict[str, Any]:
    stats = [one["MetricStat"] for one in metrics if "MetricStat" in one]
    if len(stats) != 1:
        return NOBODYS
    (one,) = stats
    return {**one["Metric"], "Statistic": one["Stat"], "Period": one["Period"]}


def apply() -> None:
    from ministack.services.cloudformation import provisioners

    stock = provisioners._cw_metric_alarm_record

    def record(name: str, props: dict[str, Any]) -> dict[str, Any]:
        if not props.get("Metrics"):
            return dict(stock(name, props))
        plain = {key: value for key, value in props.items() if key != "Metrics"}
        return {**stock(name, {**plain, **_looked_at(props["Metrics"])}), "Metrics": props["Metrics"]}

    provisioners._cw_metric_alarm_record = record
