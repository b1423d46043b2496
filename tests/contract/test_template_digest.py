"""The digest's schedule: in the agency's time zone, by a role that may do one thing, its failures kept."""

from __future__ import annotations

from datetime import time
from typing import Any

from infra.bench.price import scheduled
from tanggap.domain.policy_digests import EARLIEST, LATEST, QUARTER
from tests.contract.stack import RESOURCES, TEMPLATE, functions, of_type, reaches, statements

SCHEDULE: dict[str, Any] = of_type("AWS::Scheduler::Schedule")["DigestSchedule"]
TARGET: dict[str, Any] = SCHEDULE["Target"]
ROLE: dict[str, Any] = RESOURCES["DigestScheduleRole"]["Properties"]


def zone_for(offset: str) -> str:
    """What CloudFormation makes of the expression for one value of the parameter."""

    def holds(condition: str) -> bool:
        parameter, value = TEMPLATE["Conditions"][condition]["Fn::Equals"]
        assert parameter == {"Ref": "UtcOffset"}
        return bool(value == offset)

    found: Any = SCHEDULE["ScheduleExpressionTimezone"]
    while isinstance(found, dict):
        condition, then, otherwise = found["Fn::If"]
        found = then if holds(condition) else otherwise
    return str(found)


def test_it_runs_in_the_agencys_time_zone() -> None:
    zones = {offset: zone_for(offset) for offset in TEMPLATE["Parameters"]["UtcOffset"]["AllowedValues"]}
    assert zones == {"+07:00": "Asia/Jakarta", "+08:00": "Asia/Makassar", "+09:00": "Asia/Jayapura"}


def test_it_runs_at_each_quarter_of_an_hour_that_a_policy_may_name_and_two_hours_beyond() -> None:
    """The policy's zone may be another than the stack's, by two hours at most."""
    first, last = EARLIEST.hour, LATEST.hour + 2
    assert SCHEDULE["ScheduleExpression"] == f"cron(0/{QUARTER} {first}-{last} * * ? *)"
    assert SCHEDULE["FlexibleTimeWindow"] == {"Mode": "OFF"}, "a digest at half past seven is no digest at eight"
    assert (time(5), time(20)) == (EARLIEST, LATEST)


def test_what_it_runs_may_do_so_once_more_and_then_lies_in_the_failures_queue() -> None:
    assert TARGET["Arn"] == {"Fn::GetAtt": ["DigestFunction", "Arn"]}
    assert TARGET["RoleArn"] == {"Fn::GetAtt": ["DigestScheduleRole", "Arn"]}
    assert TARGET["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["FailuresQueue", "Arn"]}}
    assert 1 <= TARGET["RetryPolicy"]["MaximumRetryAttempts"] <= 3
    assert TARGET["RetryPolicy"]["MaximumEventAgeInSeconds"] == QUARTER * 60
    assert "Input" not in TARGET, "the function needs the event's own time"


def test_its_role_invokes_that_function_and_nothing_else() -> None:
    (trust,) = statements(ROLE["AssumeRolePolicyDocument"])
    assert trust.services == ("scheduler.amazonaws.com",)
    assert trust.conditions == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    may = {
        action: one.resources
        for policy in ROLE["Policies"]
        for one in statements(policy["PolicyDocument"])
        for action in one.actions
    }
    assert set(may) == {"lambda:InvokeFunction", "sqs:SendMessage", "kms:GenerateDataKey", "kms:Decrypt"}
    assert may["lambda:InvokeFunction"] == ({"Fn::GetAtt": ["DigestFunction", "Arn"]},)
    assert may["sqs:SendMessage"] == ({"Fn::GetAtt": ["FailuresQueue", "Arn"]},)


def test_the_function_sees_no_reporter_and_changes_no_row_in_place() -> None:
    function = functions()["DigestFunction"]
    assert not any(reaches(one.resources, name) for one in function.may for name in ("VaultTable", "VaultKey"))
    assert not function.allowed("dynamodb:UpdateItem")
    assert function.allowed("dynamodb:PutItem") == function.allowed("dynamodb:GetItem")


def test_a_run_ends_before_the_next_begins() -> None:
    assert functions()["DigestFunction"].properties["Timeout"] <= QUARTER * 60 / 2


def test_its_runs_are_in_the_idle_bill() -> None:
    assert round(scheduled(RESOURCES, "digest")) == 2190
