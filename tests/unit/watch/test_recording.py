"""What a recorded desk takes for CloudWatch's metrics."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from infra.watch.evaluate import Point
from tanggap.domain.errors import Retry
from tests.contract.stack import RESOURCES
from tests.support.causes import MAIL
from tests.support.recording import BEGIN, MINUTE, NAMESPACE, RATES, RETRIES, Recorded, recording
from tests.support.troubles.faults import KILLED, REFUSED, Burst


def properties(name: str) -> Any:
    return RESOURCES[f"{name.capitalize()}Function"]["Properties"]


@pytest.mark.parametrize("name", RETRIES)
def test_a_scheduled_run_that_fails_is_tried_again_as_often_as_the_template_says(name: str) -> None:
    given = properties(name).get("EventInvokeConfig", {})
    assert RETRIES[name] == given.get("MaximumRetryAttempts", 2), "Lambda's own number"
    assert (name == "canary") == (given.get("DestinationConfig", "Globals'") == {"Ref": "AWS::NoValue"})


@pytest.mark.parametrize("name", RATES)
def test_schedules_start_as_often_as_the_template_says(name: str) -> None:
    step = int(RATES[name][0] / MINUTE)
    if name == "digest":
        assert RESOURCES["DigestSchedule"]["Properties"]["ScheduleExpression"] == f"cron(0/{step} 5-22 * * ? *)"
        return
    (event,) = properties(name)["Events"].values()
    unit = {1: "1 minute", 60: "1 hour"}.get(step, f"{step} minutes")
    assert event["Properties"]["Schedule"] == f"rate({unit})"


def of(desk: Recorded, metric: str, whose: str) -> list[float]:
    return [one.value for one in desk.points if one.name == metric and one.dimensions[0][1] == whose]


def test_an_age_leaves_out_what_was_received_more_than_three_times_and_what_is_given_up_is_counted() -> None:
    with recording():
        desk = Recorded()
        desk.switches.off.add("canary")
        desk.plan.bursts.append(Burst("vault", REFUSED, BEGIN + timedelta(days=1)))
        MAIL(desk)
        desk.until(BEGIN + 20 * MINUTE)
    ages = of(desk, "ApproximateAgeOfOldestMessage", "ArrivalsQueue")
    assert max(ages) == 540, "the fourth receive"
    assert ages[10:] == [0.0] * len(ages[10:])
    assert of(desk, "ApproximateNumberOfMessagesVisible", "ArrivalsDeadLetterQueue")[-1] == 1
    assert not any(of(desk, "Errors", "IntakeFunction")), "the handler puts a notice back, and ends well"


def test_a_run_that_fails_is_tried_again_after_one_minute_and_then_after_two() -> None:
    with recording():
        desk = Recorded()
        tried: list[timedelta] = []

        def fails(event: Any, context: Any) -> Any:
            tried.append(desk.now - BEGIN)
            raise Retry("not now")

        desk.apps["ledger"].handler = fails  # type: ignore[attr-defined]
        desk.start("ledger", BEGIN)
        desk.until(BEGIN + 10 * MINUTE)
    assert tried == [timedelta(0), MINUTE, 3 * MINUTE]
    assert len(desk.failures) == 1


def test_a_run_that_is_killed_is_an_error_and_one_that_ends_is_none() -> None:
    with recording():
        desk = Recorded()
        desk.plan.meant.append(("escalate", 1, KILLED))
        desk.until(BEGIN + 2 * MINUTE)
    assert of(desk, "Errors", "EscalateFunction")[:2] == [1.0, 0.0]


def test_our_metrics_come_out_of_what_a_handler_prints() -> None:
    with recording():
        desk = Recorded()
        desk.run("escalate", {"time": "tomorrow"})
    (point,) = [one for one in desk.points if one.namespace == NAMESPACE]
    assert point == Point(NAMESPACE, "TimeRefused", (("service", "desk"),), BEGIN, 1.0)
