"""The evaluator of alarms, held against the examples of CloudWatch's own guide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from infra.watch.alarms import Alarm, Metric, alarms
from infra.watch.evaluate import ALARM, OK, Point, Recording, calculated, judged, turns

X, O, MISSING = True, False, None  # noqa: E741 - as the guide's tables write them
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("points", "breaching", "not_breaching"),
    [
        ([O, MISSING, X, MISSING, X], OK, OK),
        ([MISSING, MISSING, MISSING, MISSING, O], OK, OK),
        ([MISSING] * 5, ALARM, OK),
        ([O, X, X, MISSING, X], ALARM, ALARM),
        ([MISSING, MISSING, X, MISSING, MISSING], ALARM, OK),
    ],
)
def test_three_out_of_three_follows_the_guide(points: list[bool | None], breaching: str, not_breaching: str) -> None:
    assert judged(points, 3, 3, "breaching") == breaching
    assert judged(points, 3, 3, "notBreaching") == not_breaching


@pytest.mark.parametrize(
    ("points", "breaching", "not_breaching"),
    [
        ([O, MISSING, X, MISSING, X], ALARM, ALARM),
        ([O, O, X, O, X], ALARM, ALARM),
        ([O, MISSING, X, MISSING, MISSING], ALARM, OK),
        ([MISSING, MISSING, MISSING, MISSING, O], ALARM, OK),
        ([MISSING, MISSING, MISSING, X, MISSING], ALARM, OK),
    ],
)
def test_two_out_of_three_follows_the_guide(points: list[bool | None], breaching: str, not_breaching: str) -> None:
    assert judged(points, 2, 3, "breaching") == breaching
    assert judged(points, 2, 3, "notBreaching") == not_breaching


def alarm(**changes: object) -> Alarm:
    metric = Metric("AWS/Lambda", "Errors", (("FunctionName", "IntakeFunction"),), "Sum", timedelta(minutes=5))
    given: dict[str, object] = {
        "name": "Failing",
        "description": "",
        "metrics": {"m": metric},
        "expression": "m",
        "period": timedelta(minutes=5),
        "needed": 1,
        "of": 1,
        "operator": "GreaterThanOrEqualToThreshold",
        "threshold": 1.0,
        "missing": "notBreaching",
    }
    return Alarm(**{**given, **changes})  # type: ignore[arg-type]


def error(at: datetime, value: float = 1) -> Point:
    return Point("AWS/Lambda", "Errors", (("FunctionName", "IntakeFunction"),), at, value)


def test_an_alarm_rings_when_the_period_of_its_cause_is_over_and_is_quiet_once_that_left_the_range() -> None:
    heard = turns(alarm(), Recording([error(NOON + 2 * MINUTE)]), NOON, NOON + 60 * MINUTE)
    assert [(one.state, one.at - NOON) for one in heard] == [(ALARM, 5 * MINUTE), (OK, 20 * MINUTE)]


def test_values_of_another_dimension_or_below_the_threshold_ring_nothing() -> None:
    other = Point("AWS/Lambda", "Errors", (("FunctionName", "PortalFunction"),), NOON, 1)
    recording = Recording([other, error(NOON, 0)])
    assert turns(alarm(), recording, NOON, NOON + 30 * MINUTE) == []


def test_an_alarm_on_silence_rings_when_too_few_points_are_left_to_judge_by() -> None:
    each_minute = [error(NOON + n * MINUTE) for n in range(10)]
    metric = Metric("AWS/Lambda", "Errors", (("FunctionName", "IntakeFunction"),), "Sum", MINUTE)
    silent = alarm(
        missing="breaching", operator="LessThanThreshold", needed=3, of=5, period=MINUTE, metrics={"m": metric}
    )
    heard = turns(silent, Recording(each_minute), NOON + 7 * MINUTE, NOON + 30 * MINUTE)
    assert [(one.state, one.at - NOON) for one in heard] == [(ALARM, 15 * MINUTE)]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("b / 2", 1.5),
        ("SUM([a, b, gone])", 4.0),
        ("MAX([a, b / 2])", 1.5),
        ("a / gone", None),
        ("SUM([gone])", None),
        ("IF(a == 1, 5, 6)", 5.0),
        ("IF(b == 1, 5, 6)", 6.0),
        ("IF(a == 1 && b == 1, 5, 6)", 6.0),
        ("IF(gone == 1, 5, 6)", None),
        ("IF(HOUR(a) == 23 && MINUTE(b) == 55, 5, 6)", 5.0),
        ("HOUR(gone)", None),
    ],
)
def test_metric_math_is_calculated_and_what_is_missing_stays_missing(expression: str, value: float | None) -> None:
    at = NOON.replace(hour=23, minute=55)
    assert calculated(expression, {"a": 1.0, "b": 3.0, "gone": None}, at) == value


@pytest.mark.parametrize(
    "expression", ["RATE(a)", "a if a else a", "MAX(a)", "unknown", "a + a", "a or a", "FILL(a, 0)"]
)
def test_metric_math_that_the_evaluator_does_not_know_is_an_error(expression: str) -> None:
    with pytest.raises(ValueError):
        calculated(expression, {"a": 1.0})


def test_every_alarm_of_the_template_can_be_read() -> None:
    found = alarms()
    assert found
    for one in found.values():
        assert 1 <= one.needed <= one.of
        assert calculated(one.expression, dict.fromkeys(one.metrics, 1.0)) is not None
