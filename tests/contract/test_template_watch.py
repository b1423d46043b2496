"""Nothing fails in silence, nothing cries without cause, and watching does not cost more than the desk."""

from __future__ import annotations

import json
import re

import pytest

from infra.watch.alarms import Alarm, alarms
from tanggap.entrypoints.observe import CODES, METRICS
from tests.contract.stack import RESOURCES, ROOT, functions, of_type, reaches

TEXT = (ROOT / "template.yaml").read_text()
ALARMS: dict[str, Alarm] = alarms()
AS_WRITTEN = of_type("AWS::CloudWatch::Alarm")
LOGS = {one.properties["LoggingConfig"]["LogGroup"]["Ref"] for one in functions().values()}
OWN = "Tanggap/${AWS::StackName}"


def watched(namespace: str, metric: str, dimension: str) -> dict[str, Alarm]:
    """What alarms look at of a metric: the dimension's value, and the alarm."""
    return {
        dict(one.dimensions)[dimension]: alarm
        for alarm in ALARMS.values()
        for one in alarm.metrics.values()
        if (one.namespace, one.name) == (namespace, metric) and dimension in dict(one.dimensions)
    }


def on(namespace: str, metric: str) -> list[Alarm]:
    return [a for a in ALARMS.values() if any((m.namespace, m.name) == (namespace, metric) for m in a.metrics.values())]


# -- each alarm


def test_there_are_no_more_alarms_than_one_or_two_people_can_know() -> None:
    assert len(ALARMS) <= 20


@pytest.mark.parametrize("name", ALARMS)
def test_each_alarm_tells_the_operators_of_failure_and_recovery_and_names_its_runbook(name: str) -> None:
    given, alarm = AS_WRITTEN[name], ALARMS[name]
    assert given["AlarmActions"] == [{"Ref": "AlarmsTopic"}]
    reminds = "HOUR(" in alarm.expression  # of what is still there, each day: its recovery would not be true
    assert given.get("OKActions", []) == ([] if reminds else [{"Ref": "AlarmsTopic"}])
    runbook = re.fullmatch(r".{20,} Runbook: (infra/runbooks/[a-z-]+\.md)", alarm.description)
    assert runbook, alarm.description
    assert (ROOT / runbook[1]).is_file()
    assert alarm.missing in {"notBreaching", "breaching"}, "missing data must mean something"
    assert alarm.period.total_seconds() * alarm.of <= 86_400, "CloudWatch looks back one day"
    if any(one.namespace == "AWS/DynamoDB" for one in alarm.metrics.values()):
        pytest.fail("CloudWatch ignores missing data of AWS/DynamoDB whatever is said")


@pytest.mark.parametrize("name", ALARMS)
def test_the_threshold_of_each_alarm_and_its_several_points_are_explained_beside_it(name: str) -> None:
    block = TEXT.split(f"\n  {name}:\n", 1)[1].split("\n  Dashboard:", 1)[0].split("Type: AWS::CloudWatch::Alarm")[1]
    block = block.split("OKActions")[0]
    assert re.search(r"Threshold: \S+ # .{8,}", block)
    if "DatapointsToAlarm" in block:
        assert re.search(r"DatapointsToAlarm: \d+ # .{8,}", block)
    if ALARMS[name].missing == "breaching":
        assert re.search(r"TreatMissingData: breaching # .{4,}", block)


def test_the_operators_are_subscribed_by_mail() -> None:
    mails = [one for one in of_type("AWS::SNS::Subscription").values() if one["Protocol"] == "email"]
    assert [one["Endpoint"] for one in mails] == [{"Ref": "OperatorsAddress"}]
    assert mails[0]["TopicArn"] == {"Ref": "AlarmsTopic"}


# -- what must not fail in silence


def test_whatever_a_function_could_not_do_ends_under_an_alarm() -> None:
    """By its errors, by the API's, or in a queue of what was given up."""
    errors = watched("AWS/Lambda", "Errors", "FunctionName")
    assert on("AWS/ApiGateway", "5XXError")
    given_up = watched("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName")
    for one in functions().values():
        for event in one.events("SQS").values():
            dead = RESOURCES[event["Queue"]["Fn::GetAtt"][0]]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]
            assert dead["Fn::GetAtt"][0] in given_up, one.name
        if one.name == "CanaryFunction":  # its failures are its word, and its alarm's
            continue
        assert one.properties["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"] == {
            "Fn::GetAtt": ["FailuresQueue", "Arn"]
        }
        retried = one.events("SQS") or one.events("Api") or one.name in errors
        assert retried or one.name in {"DigestFunction", "LedgerFunction", "SetupFunction"}, one.name
    assert "FailuresQueue" in given_up


def test_a_message_in_any_queue_that_nobody_reads_alarms_and_so_does_one_that_waits_to_be_read() -> None:
    read = {event["Queue"]["Fn::GetAtt"][0] for one in functions().values() for event in one.events("SQS").values()}
    unread = set(of_type("AWS::SQS::Queue")) - read
    assert set(watched("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName")) == unread
    assert set(watched("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName")) == read


def test_a_stream_that_lags_alarms() -> None:
    readers = {one.name for one in functions().values() if one.events("DynamoDB")}
    assert set(watched("AWS/Lambda", "IteratorAge", "FunctionName")) == readers


def test_a_schedule_that_stops_alarms() -> None:
    """By what each of its runs leaves behind: no run is no point."""
    runs = {**watched("AWS/Lambda", "Errors", "FunctionName"), **watched("AWS/Lambda", "Invocations", "FunctionName")}
    silent = {name for name, alarm in runs.items() if alarm.missing == "breaching"}
    (counted,) = on(OWN, "ArrivalsOverdue")
    assert counted.missing == "breaching"
    source = (ROOT / "functions" / "ledger" / "app.py").read_text()
    assert 'count("ArrivalsOverdue"' in source, "each run of the ledger writes it"
    assert silent | {"LedgerFunction"} == {
        *(one.name for one in functions().values() if one.events("Schedule") or one.events("ScheduleV2")),
        *(one["Target"]["Arn"]["Fn::GetAtt"][0] for one in of_type("AWS::Scheduler::Schedule").values()),
    }


def test_mail_that_ses_could_not_store_alarms() -> None:
    assert watched("AWS/SES", "PublishFailure", "RuleName")["ReceiptRule"].threshold == 1


def test_a_reputation_that_sinks_alarms_before_ses_pauses_sending() -> None:
    (alarm,) = on("AWS/SES", "Reputation.BounceRate")
    assert alarm is on("AWS/SES", "Reputation.ComplaintRate")[0]
    limits = dict(re.findall(r"(bounces|complaints) / ([\d.]+)", alarm.expression))
    assert float(limits["bounces"]) * alarm.threshold < 0.10
    assert float(limits["complaints"]) * alarm.threshold < 0.005


# -- metrics of our own


def test_we_measure_ten_things_at_most_and_each_is_under_an_alarm_or_on_the_dashboard() -> None:
    assert len(METRICS) <= 10, "CloudWatch's free ones"
    seen = {m.name for alarm in ALARMS.values() for m in alarm.metrics.values() if m.namespace == OWN}
    dashboard = of_type("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]
    assert seen <= METRICS.keys()
    assert all(name in seen or f'"{name}"' in dashboard for name in METRICS)


def test_our_own_metrics_are_the_stacks_and_have_one_set_of_dimensions() -> None:
    shared = RESOURCES and functions()["IntakeFunction"].environment
    assert shared["POWERTOOLS_METRICS_NAMESPACE"] == {"Fn::Sub": OWN}
    for alarm in ALARMS.values():
        for metric in alarm.metrics.values():
            if metric.namespace == OWN:
                assert metric.dimensions == (("service", "desk"),)


@pytest.mark.parametrize("name", METRICS)
def test_each_metric_is_written_somewhere(name: str) -> None:
    places = (*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/core/tanggap/entrypoints").rglob("*.py"))
    sources = "".join(path.read_text() for path in places if path.name != "observe.py")
    assert f'"{name}"' in sources


# -- log lines


def _used() -> set[str]:
    places = (*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/core/tanggap").rglob("*.py"))
    sources = "".join(path.read_text() for path in places if path.name != "observe.py")
    return {code for code in CODES if f'"{code}"' in sources}


def test_each_code_is_used_and_no_line_has_another() -> None:
    assert _used() == CODES.keys()
    for path in (*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/core/tanggap").rglob("*.py")):
        if path.parts[-2] != "setup" and path.name != "observe.py":
            assert not re.search(r"logger\.(debug|info|warning|error|critical|exception)\(", path.read_text()), path


def test_the_level_of_the_log_is_the_operators_choice() -> None:
    assert functions()["IntakeFunction"].environment["LOG_LEVEL"] == {"Ref": "LogLevel"}


# -- dashboard and saved queries


def _codes_in(query: str) -> set[str]:
    return set(re.findall(r"code = '(\w+)'", query))


def test_the_dashboard_is_one_screen_that_can_be_drawn() -> None:
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    body = json.loads(re.sub(r"\$\{[^}]+\}", "x", dashboard["DashboardBody"]["Fn::Sub"]))
    assert 4 <= len(body["widgets"]) <= 9
    taken: set[tuple[int, int]] = set()
    for widget in body["widgets"]:
        cells = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not cells & taken, widget["properties"]["title"]
        taken |= cells
        if widget["type"] == "log":
            assert widget["properties"]["query"].startswith("SOURCE ")
            assert _codes_in(widget["properties"]["query"]) <= CODES.keys()
    assert max(x for x, _ in taken) < 24
    assert max(y for _, y in taken) < 18
    titles = " ".join(widget["properties"]["title"] for widget in body["widgets"]).lower()
    for asked in ("came in", "went out", "waits", "late", "failed", "costs"):
        assert asked in titles


def test_saved_queries_answer_what_an_operator_asks_of_all_functions() -> None:
    queries = {one["Name"]["Fn::Sub"]: one for one in of_type("AWS::Logs::QueryDefinition").values()}
    assert {name.rpartition("/")[2] for name in queries} == {
        *("case path", "arrival path", "slowest", "errors by code", "died", "api errors", "cold starts")
    }
    for query in queries.values():
        of_the_api = query["Name"]["Fn::Sub"].endswith("/api errors")
        assert {one["Ref"] for one in query["LogGroupNames"]} == ({"ApiLog"} if of_the_api else LOGS)
        assert _codes_in(query["QueryString"]) <= CODES.keys()


# -- what it costs


def test_the_idle_cost_on_top_of_the_template_is_the_sum_of_what_stands_in_it() -> None:
    rows = re.findall(r"^#   (.+?) \.{3,} (\d+\.\d\d)$", TEXT, re.MULTILINE)
    *items, (last, total) = rows
    assert last == "sum"
    assert sum(float(cost) for _, cost in items) == pytest.approx(float(total))
    assert float(total) < 5, "DESIGN.md: a village office pays under USD 5 a month idle"
    costs = {name.split(" (")[0].split(",")[0]: float(cost) for name, cost in items}
    always = [name for name in of_type("AWS::SecretsManager::Secret") if "Condition" not in RESOURCES[name]]
    keys, secrets = len(of_type("AWS::KMS::Key")), len(always)
    assert costs[f"{keys} KMS keys"] == pytest.approx(keys * 1.00)
    assert costs[f"{secrets} secret"] == pytest.approx(secrets * 0.40)
    # CloudWatch bills an alarm by the metrics that it looks at.
    looked_at = sum(len(one.metrics) for one in ALARMS.values())
    assert costs[f"{len(ALARMS)} alarms on {looked_at} metrics"] == pytest.approx(max(0, looked_at - 10) * 0.10)
    on_demand = len(of_type("AWS::SecretsManager::Secret")) - secrets
    more = re.search(r"^# Platforms add (\d\.\d\d) .*: (\d\.\d\d)\.", TEXT, re.MULTILINE)
    assert more
    assert float(more[1]) >= on_demand * 0.40
    assert float(more[2]) == pytest.approx(float(total) + float(more[1]))
    assert float(more[2]) < 5


def test_nothing_costs_by_the_hour() -> None:
    dear = ("AWS::WAFv2", "AWS::EC2", "AWS::RDS", "AWS::OpenSearch", "AWS::ElastiCache", "AWS::Lambda::Version")
    assert not [name for name, one in RESOURCES.items() if one["Type"].startswith(dear)]
    assert not any(reaches(one, "ProvisionedConcurrencyConfig") for one in RESOURCES.values())
