"""Nothing fails in silence, and watching does not cost more than the desk."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest

from tanggap.domain.words import DeliveryState, Outcome
from tests.contract.stack import FUNCTIONS_FOLDER, RESOURCES, ROOT, functions, of_type, reaches

ALARMS = of_type("AWS::CloudWatch::Alarm")


def alarms_on(namespace: str, metric: str) -> list[dict[str, Any]]:
    return [one for one in ALARMS.values() if (one["Namespace"], one["MetricName"]) == (namespace, metric)]


def dimension(alarm: dict[str, Any], name: str) -> Any:
    return {one["Name"]: one["Value"] for one in alarm.get("Dimensions", [])}.get(name)


@pytest.mark.parametrize("name", ALARMS)
def test_each_alarm_tells_the_operators_of_failure_and_recovery(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmsTopic"}]
    assert alarm["AlarmDescription"]
    assert alarm["TreatMissingData"] in {"notBreaching", "breaching"}, "missing data must mean something"
    assert alarm["Period"] * alarm["EvaluationPeriods"] <= 86_400, "CloudWatch looks back one day"


def test_the_operators_are_subscribed_by_mail() -> None:
    mails = [one for one in of_type("AWS::SNS::Subscription").values() if one["Protocol"] == "email"]
    assert [one["Endpoint"] for one in mails] == [{"Ref": "OperatorsAddress"}]
    assert mails[0]["TopicArn"] == {"Ref": "AlarmsTopic"}


def test_an_error_of_any_function_alarms() -> None:
    watched = {dimension(one, "FunctionName")["Ref"] for one in alarms_on("AWS/Lambda", "Errors")}
    assert watched == set(functions())


def test_a_message_in_any_queue_that_nobody_reads_alarms() -> None:
    read = {event["Queue"]["Fn::GetAtt"][0] for one in functions().values() for event in one.events("SQS").values()}
    depth = alarms_on("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    watched = {dimension(one, "QueueName")["Fn::GetAtt"][0] for one in depth}
    assert watched == set(of_type("AWS::SQS::Queue")) - read
    age = alarms_on("AWS/SQS", "ApproximateAgeOfOldestMessage")
    assert {dimension(one, "QueueName")["Fn::GetAtt"][0] for one in age} == read


def test_a_stream_that_lags_alarms() -> None:
    readers = {one.name for one in functions().values() if one.events("DynamoDB")}
    assert {dimension(one, "FunctionName")["Ref"] for one in alarms_on("AWS/Lambda", "IteratorAge")} == readers


def test_a_schedule_that_stops_alarms() -> None:
    silent = alarms_on("AWS/Lambda", "Invocations")
    assert {dimension(one, "FunctionName")["Ref"] for one in silent} == {
        *(one.name for one in functions().values() if one.events("Schedule")),
        *(one["Target"]["Arn"]["Fn::GetAtt"][0] for one in of_type("AWS::Scheduler::Schedule").values()),
    }
    for one in silent:
        assert one["TreatMissingData"] == "breaching", "no run is no data"
        assert one["ComparisonOperator"] == "LessThanThreshold"


@pytest.mark.parametrize("metric", ["PublishFailure", "PublishExpired"])
def test_mail_that_ses_could_not_store_alarms(metric: str) -> None:
    (alarm,) = alarms_on("AWS/SES", metric)
    assert dimension(alarm, "RuleName") == {"Ref": "ReceiptRule"}


def test_a_reputation_that_sinks_alarms_before_ses_pauses_sending() -> None:
    (bounces,) = alarms_on("AWS/SES", "Reputation.BounceRate")
    (complaints,) = alarms_on("AWS/SES", "Reputation.ComplaintRate")
    assert bounces["Threshold"] < 0.10
    assert complaints["Threshold"] < 0.005


OUR_OWN = [(name, one) for name, one in ALARMS.items() if one["Namespace"] == "Tanggap"]


def written_by(service: str) -> set[str]:
    """The metrics that a function counts. A name built from a state (`Deliveries{state}`) is one of each state."""
    entrypoints = ROOT / "layers" / "core" / "tanggap" / "entrypoints"
    found: set[str] = set()
    for path in (FUNCTIONS_FOLDER / service / "app.py", *entrypoints.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "count" and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    found.add(name.value)
                elif isinstance(name, ast.JoinedStr) and isinstance(name.values[0], ast.Constant):
                    prefix = str(name.values[0].value)
                    found |= {prefix + one.value.capitalize() for one in (*DeliveryState, *Outcome)}
    return found


@pytest.mark.parametrize(("name", "alarm"), OUR_OWN, ids=[name for name, _ in OUR_OWN])
def test_a_metric_of_our_own_that_an_alarm_waits_for_is_written(name: str, alarm: dict[str, Any]) -> None:
    assert alarm["MetricName"] in written_by(dimension(alarm, "service")), "an alarm that cannot go off"


def test_time_ahead_unread_arrivals_and_letters_put_off_alarm() -> None:
    assert {one["MetricName"] for _, one in OUR_OWN} >= {"TimeRefused", "ArrivalsOverdue", "DeliveriesQueued"}


def test_the_dashboard_can_be_drawn() -> None:
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    body = json.loads(re.sub(r"\$\{[^}]+\}", "x", dashboard["DashboardBody"]["Fn::Sub"]))
    assert 3 <= len(body["widgets"]) <= 8
    for widget in body["widgets"]:
        assert widget["x"] + widget["width"] <= 24


def test_the_idle_cost_on_top_of_the_template_is_the_sum_of_what_stands_in_it() -> None:
    text = (ROOT / "template.yaml").read_text()
    rows = re.findall(r"^#   (.+?) \.{3,} (\d+\.\d\d)$", text, re.MULTILINE)
    *items, (last, total) = rows
    assert last == "sum"
    assert sum(float(cost) for _, cost in items) == pytest.approx(float(total))
    assert float(total) < 5, "DESIGN.md: a village office pays under USD 5 a month idle"
    costs = {name.split(" (")[0].split(",")[0]: float(cost) for name, cost in items}
    always = [name for name in of_type("AWS::SecretsManager::Secret") if "Condition" not in RESOURCES[name]]
    keys, secrets = len(of_type("AWS::KMS::Key")), len(always)
    assert costs[f"{keys} KMS keys"] == pytest.approx(keys * 1.00)
    assert costs[f"{secrets} secret"] == pytest.approx(secrets * 0.40)
    on_demand = len(of_type("AWS::SecretsManager::Secret")) - secrets
    more = on_demand * 0.40
    assert f"# Platforms add {more:.2f} (a second secret, ChannelSecret): {float(total) + more:.2f}." in text
    assert float(total) + more < 5
    assert costs[f"{len(ALARMS)} alarms"] == pytest.approx((len(ALARMS) - 10) * 0.10)


def test_nothing_costs_by_the_hour() -> None:
    dear = ("AWS::WAFv2", "AWS::EC2", "AWS::RDS", "AWS::OpenSearch", "AWS::ElastiCache", "AWS::Lambda::Version")
    assert not [name for name, one in RESOURCES.items() if one["Type"].startswith(dear)]
    assert not any(reaches(one, "ProvisionedConcurrencyConfig") for one in RESOURCES.values())
