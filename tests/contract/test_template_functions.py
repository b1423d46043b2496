"""Each function: its log, its role, where its failures go, how much of it runs at once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from tanggap.adapters.dynamodb.keys import CANARY, SHARDS, case_pk
from tanggap.adapters.helpers import NUMBERS
from tanggap.application import deliver, ledger
from tanggap.domain import canary
from tests.contract.stack import (
    RESOURCES,
    TEMPLATE,
    Function,
    Statement,
    functions,
    named_in,
    of_type,
    passes,
    reaches,
    statements,
    stream_filter,
)
from tests.support import lambdas
from tests.support.troubles import flows
from tests.support.troubles.functions import LIMITS, ONE_SEND

each_function = pytest.mark.parametrize("function", functions().values(), ids=lambda function: function.folder)

#: Actions for which IAM knows no resource, so that "*" is all that can be said.
WITHOUT_RESOURCES = frozenset(
    {
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "ses:DescribeActiveReceiptRuleSet",
        "ses:SetActiveReceiptRuleSet",
        "ses:GetAccount",
    }
)


@each_function
def test_it_runs_on_the_promised_runtime(function: Function) -> None:
    assert function.properties["Runtime"] == "python3.13"
    assert function.properties["Architectures"] == ["arm64"]
    assert function.properties["Tracing"] == "Active"


@each_function
def test_it_has_a_log_group_of_its_own_with_an_end(function: Function) -> None:
    name = function.properties["LoggingConfig"]["LogGroup"]["Ref"]
    group = of_type("AWS::Logs::LogGroup")[name]
    assert 1 <= group["RetentionInDays"] <= 400
    others = [one.properties["LoggingConfig"]["LogGroup"]["Ref"] for one in functions().values()]
    assert Counter(others)[name] == 1


@each_function
def test_it_has_a_role_of_its_own(function: Function) -> None:
    assert Counter(one.role_name for one in functions().values())[function.role_name] == 1
    assert "ManagedPolicyArns" not in function.role, "a managed policy grants what nobody here has read"
    assert "Policies" not in function.properties, "SAM ignores them beside a role"
    (trust,) = statements(function.role["AssumeRolePolicyDocument"])
    assert trust.services == ("lambda.amazonaws.com",)


@each_function
def test_its_role_allows_single_actions_on_named_resources(function: Function) -> None:
    for statement in function.may:
        assert statement.effect == "Allow"
        assert not any("*" in action for action in statement.actions), statement.sid
        for resource in statement.resources:
            if resource == "*":
                assert set(statement.actions) <= WITHOUT_RESOURCES or sends(statement), statement.sid
            else:
                ours = [name for name in named_in(resource) if not name.startswith("AWS::")]
                assert ours, f"{statement.sid} names nothing of this stack"


def test_mail_is_sent_from_our_domain_alone() -> None:
    sending = [(function.name, one) for function in functions().values() for one in function.may if sends(one)]
    assert {name: one.conditions["StringLikeIfExists"]["ses:FromAddress"]["Fn::Sub"] for name, one in sending} == {
        "DeliverFunction": "*@${MailDomain}",
        "CanaryFunction": f"{canary.LOCAL}+*@${{MailDomain}}",
    }
    assert len(sending) == 2


@each_function
def test_its_role_writes_only_its_own_log(function: Function) -> None:
    own = function.properties["LoggingConfig"]["LogGroup"]["Ref"]
    assert function.allowed("logs:PutLogEvents") == [{"Fn::GetAtt": [own, "Arn"]}]
    assert not function.allowed("logs:CreateLogGroup"), "a group made by accident has no end"


@each_function
def test_its_failures_go_somewhere(function: Function) -> None:
    schedules = function.events("Schedule").values()
    if function.name == "CanaryFunction":
        (round_,) = schedules
        assert reaches(round_["DeadLetterConfig"]["Arn"], "FailuresQueue")
        assert function.properties["EventInvokeConfig"]["DestinationConfig"] == {"Ref": "AWS::NoValue"}
        assert function.properties["EventInvokeConfig"]["MaximumRetryAttempts"] == 0, "a round is no failure of its own"
        return
    failure = function.properties["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert failure == {"Type": "SQS", "Destination": {"Fn::GetAtt": ["FailuresQueue", "Arn"]}}
    for event in function.events("SQS").values():
        assert "RedrivePolicy" in RESOURCES[event["Queue"]["Fn::GetAtt"][0]]["Properties"]
    for event in function.events("DynamoDB").values():
        assert event["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["FailuresQueue", "Arn"]}
    for event in schedules:
        assert reaches(event["DeadLetterConfig"]["Arn"], "FailuresQueue")
        assert event["RetryPolicy"]["MaximumRetryAttempts"] >= 1
    assert function.allowed("sqs:SendMessage"), "without it Lambda refuses the destination"
    assert any(reaches(where, "FailuresQueue") for where in function.allowed("sqs:SendMessage"))


@each_function
def test_whoever_sends_to_an_encrypted_queue_may_use_its_key(function: Function) -> None:
    if not function.allowed("sqs:SendMessage"):
        assert function.name == "CanaryFunction"
        return
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        assert {"Fn::GetAtt": ["DataKey", "Arn"]} in function.allowed(action)


def test_no_concurrency_is_reserved() -> None:
    """A new account has ten to share, and Lambda refuses to reserve the last of them."""
    for one in functions().values():
        assert "ReservedConcurrentExecutions" not in one.properties
        assert "ProvisionedConcurrencyConfig" not in one.properties


def test_concurrency_is_bounded_where_work_comes_in() -> None:
    for one in functions().values():
        for event in one.events("SQS").values():
            many, few = event["ScalingConfig"]["MaximumConcurrency"]["Fn::If"][1:]
            assert 2 <= few < many <= 1000, "two is the least that Lambda takes"
            assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        for event in one.events("DynamoDB").values():
            assert all(1 <= one <= 10 for one in event["ParallelizationFactor"]["Fn::If"][1:])


def test_a_queue_hides_a_message_six_times_as_long_as_its_reader_may_take() -> None:
    for function in functions().values():
        for event in function.events("SQS").values():
            queue = RESOURCES[event["Queue"]["Fn::GetAtt"][0]]["Properties"]
            assert queue["VisibilityTimeout"] >= 6 * function.properties["Timeout"]


def test_a_queue_gives_up_late_and_keeps_long() -> None:
    queues = of_type("AWS::SQS::Queue")
    for queue in queues.values():
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
        if "RedrivePolicy" in queue:
            assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5
            assert queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] in queues


def test_one_bad_record_cannot_block_the_stream() -> None:
    (event,) = functions()["DeliverFunction"].events("DynamoDB").values()
    assert 1 <= event["MaximumRetryAttempts"] <= 5
    assert 60 <= event["MaximumRecordAgeInSeconds"] <= 24 * 3600
    assert event["BisectBatchOnFunctionError"] is True
    assert "FunctionResponseTypes" not in event, "deliver writes a failure on its row and returns none"


def test_the_stream_has_at_most_two_readers() -> None:
    readers = [one.name for one in functions().values() for event in one.events("DynamoDB").values() if event]
    assert 1 <= len(readers) <= 2


def outbox_row(**changes: dict[str, str]) -> dict[str, dict[str, str]]:
    row = {"pk": {"S": "CASE#TGP-1"}, "sk": {"S": "OUT#1"}, "state": {"S": "queued"}, "wake": {"S": "2026-11-22"}}
    return {**row, **changes}


@pytest.mark.parametrize("event_name", ["INSERT", "MODIFY"])
@pytest.mark.parametrize("state", ["queued", "claimed"])
def test_a_woken_outbox_row_reaches_deliver_also_when_its_claim_ran_out(event_name: str, state: str) -> None:
    record = {"eventName": event_name, "dynamodb": {"NewImage": outbox_row(state={"S": state})}}
    assert passes(stream_filter(), record)


@pytest.mark.parametrize(
    ("event_name", "image"),
    [
        ("REMOVE", outbox_row()),
        ("MODIFY", {key: value for key, value in outbox_row().items() if key != "wake"}),
        ("INSERT", outbox_row(sk={"S": "CASE"})),
        ("INSERT", outbox_row(sk={"S": "HIST#00000001"})),
    ],
    ids=["removed", "claimed or settled", "a case", "history"],
)
def test_nothing_else_starts_deliver(event_name: str, image: dict[str, dict[str, str]]) -> None:
    assert not passes(stream_filter(), {"eventName": event_name, "dynamodb": {"NewImage": image}})


def test_a_removed_row_without_an_image_is_no_error_for_the_filter() -> None:
    assert not passes(stream_filter(), {"eventName": "REMOVE", "dynamodb": {"Keys": {}}})


def test_a_claim_outlives_its_sender() -> None:
    assert timedelta(seconds=2 * functions()["DeliverFunction"].properties["Timeout"]) <= deliver.LEASE


def test_the_ledger_waits_until_the_queue_has_given_up() -> None:
    queue = RESOURCES["ArrivalsQueue"]["Properties"]
    retries = queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"]
    assert timedelta(seconds=retries) <= ledger.PATIENCE


def test_an_answer_to_the_api_comes_before_api_gateway_gives_up() -> None:
    for one in functions().values():
        if one.events("Api"):
            assert one.properties["Timeout"] < 29


def test_the_sweep_runs_each_minute_and_the_ledger_each_hour() -> None:
    schedules = {
        one.name: event["Schedule"] for one in functions().values() for event in one.events("Schedule").values()
    }
    assert schedules == {
        "EscalateFunction": "rate(1 minute)",
        "LedgerFunction": "rate(1 hour)",
        "CanaryFunction": "rate(5 minutes)",
    }


def test_the_canary_reads_its_cases_by_number_and_no_identity() -> None:
    """A round is judged by the first run later than it may take to be answered, and before the next is written."""
    minutes = TEMPLATE["Parameters"]["CanaryMinutes"]
    assert minutes["AllowedValues"] == [15, 30, 60, 90, 180]
    assert minutes["Default"] == 180
    assert timedelta(minutes=min(minutes["AllowedValues"])) > 2 * canary.LATE
    function = functions()["CanaryFunction"]
    keys = {one.sid: one.conditions for one in function.may if any("dynamodb" in action for action in one.actions)}
    assert keys == {
        "KeepItsLastRound": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [CANARY[0]]}},
        "LookAtItsCases": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{case_pk('')}*"]}},
    }
    assert not any(reaches(where, "VaultTable") for one in function.may for where in one.resources)
    quiet = function.environment["CONFIGURATION_SET"]["Ref"]
    told = of_type("AWS::SES::ConfigurationSetEventDestination").values()
    assert of_type("AWS::SES::ConfigurationSet")[quiet]["SuppressionOptions"] == {"SuppressedReasons": []}, (
        "the account's list must not stop it: one bounce would be for good"
    )
    assert all(one["ConfigurationSetName"] != {"Ref": quiet} for one in told), "nobody knows its mail"


def sends(statement: Statement) -> bool:
    return any(action.startswith("ses:Send") for action in statement.actions)


def test_only_those_who_need_it_read_identities() -> None:
    reading = {
        one.name
        for one in functions().values()
        if any(reaches(where, "VaultKey") for where in one.allowed("kms:Decrypt"))
    }
    assert reading == {"DeliverFunction", "PortalFunction"}


def test_nobody_deletes_what_arrived_and_nobody_scans() -> None:
    for one in functions().values():
        for action in ("s3:DeleteObject", "s3:DeleteObjectVersion", "dynamodb:Scan", "dynamodb:DeleteTable"):
            assert not one.allowed(action), f"{one.name}: {action}"


def test_who_reads_a_bucket_can_tell_missing_from_forbidden() -> None:
    """Without ListBucket S3 answers 403 where an object is missing: a notice without its object looks like a fault."""
    for one in functions().values():
        for where in one.allowed("s3:GetObject"):
            bucket = next(iter(named_in(where)))
            assert any(reaches(listed, bucket) for listed in one.allowed("s3:ListBucket")), f"{one.name}: {bucket}"


def test_shared_properties_are_said_once() -> None:
    assert set(TEMPLATE["Globals"]["Function"]) >= {
        "Runtime",
        "Architectures",
        "Handler",
        "EventInvokeConfig",
        "Layers",
    }


def test_a_canary_to_whom_nobody_answers_has_the_time_to_say_so() -> None:
    from tanggap.adapters.canary import AGAIN, READ_SECONDS
    from tanggap.adapters.channels.http import CONNECT_SECONDS

    form = (1 + AGAIN) * (CONNECT_SECONDS + READ_SECONDS) + 2  # its pauses: none, and two seconds
    ses = 3 + 20  # entrypoints/clients.py
    assert 2 * form + ses < functions()["CanaryFunction"].properties["Timeout"] < 300, "before the next one begins"


def test_the_village_of_the_seeded_faults_gives_each_function_its_real_time() -> None:
    real = {one.folder: one.properties["Timeout"] for one in functions().values()}
    assert {name: real["portal" if name == "officer" else name] for name in LIMITS} == LIMITS
    assert ONE_SEND.total_seconds() == lambdas.function("deliver").ONE_SEND_MS / 1000


@pytest.mark.parametrize("name", ["ArrivalsQueue", "MediaQueue"])
def test_and_its_queues_and_stream_give_up_as_the_real_ones(name: str) -> None:
    queue = RESOURCES[name]["Properties"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == flows.RECEIVES
    assert queue["VisibilityTimeout"] == flows.VISIBILITY.total_seconds()
    (stream,) = functions()["DeliverFunction"].events("DynamoDB").values()
    assert (stream["BatchSize"], stream["MaximumRetryAttempts"]) == (flows.BATCH, flows.RETRIES)


def test_the_sweep_calls_as_many_shares_as_the_index_can_be_cut_into() -> None:
    sides = functions()["EscalateFunction"].environment["SWEEP_SHARES"]["Fn::If"][1:]
    assert all(int(side) in NUMBERS for side in sides)
    assert [int(side) for side in sides] == [SHARDS, 2]


def test_only_the_schedule_starts_a_sweep_and_a_share_that_is_given_up_is_seen() -> None:
    """A share calls on nobody, so that a loop ends one deep; what Lambda gives up goes to the failures queue."""
    escalate = functions()["EscalateFunction"]
    assert set(escalate.properties["Events"]) == {"EveryMinute"}
    assert escalate.allowed("lambda:InvokeFunction") == [{"Fn::GetAtt": ["EscalateFunction", "Arn"]}]
    async_ = escalate.properties["EventInvokeConfig"]
    assert reaches(async_["DestinationConfig"]["OnFailure"], "FailuresQueue")
    assert async_["MaximumEventAgeInSeconds"] <= 300, "and a share that comes later finds its time over"


def test_what_a_minute_could_not_start_is_tried_no_longer_than_it_adds_anything() -> None:
    """A sweep's work is the next minute's too."""
    escalate = functions()["EscalateFunction"]
    asynchronous = escalate.properties["EventInvokeConfig"]
    assert (asynchronous["MaximumRetryAttempts"], asynchronous["MaximumEventAgeInSeconds"]) == (1, 300)
    policy = escalate.events("Schedule")["EveryMinute"]["RetryPolicy"]
    assert policy == {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 300}
