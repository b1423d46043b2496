"""Stock: CloudFormation refuses an alarm on metric math ("Properties.Metrics is not supported"), so a stack with one
rolls back.

Mended: such an alarm is made, and stays as it is: nothing evaluates it here. What it would do is judged by
infra/watch, on recorded metrics.
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


def apply() -> None:
    from ministack.services.cloudformation import provisioners

    stock = provisioners._cw_metric_alarm_record

    def record(name: str, props: dict[str, Any]) -> dict[str, Any]:
        if not props.get("Metrics"):
            return dict(stock(name, props))
        plain = {key: value for key, value in props.items() if key != "Metrics"}
        return {**stock(name, {**plain, **NOBODYS}), "Metrics": props["Metrics"]}

    provisioners._cw_metric_alarm_record = record
