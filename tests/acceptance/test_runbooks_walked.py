"""Pages of infra/runbooks as they are walked: the trouble is made, the page's commands are typed, and it is over when
the page says so. The embedded AWS with IAM enforced; what was walked by hand stands in infra/runbooks/WALKED.md."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.deploy import deploy
from infra.local.places import STACK, Places, free_ports
from infra.local.run import LocalSystem
from tests.e2e.hands import TEXT, Hands
from tests.e2e.system import System, until

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[System, Places]]:
    """A system of its own: what is switched off here would be missed elsewhere."""
    smtp, http, aws = free_ports(3)
    places = Places(smtp, http, aws, work=tmp_path_factory.mktemp("walked"), state=None, enforce_iam=True)
    local = LocalSystem(places, print)
    try:
        yield System(local.start().as_json(places)), places
    finally:
        local.stop()


@pytest.fixture
def hands(own: tuple[System, Places]) -> Hands:
    system, places = own
    return Hands(system, places.work)


def named(hands: Hands, logical_id: str) -> str:
    assert hands(f"names {logical_id}") == 0
    return next(line.split()[1] for line in hands.said.splitlines() if line.split()[0] == logical_id)


def wants(hands: Hands, part: str = "") -> list[str]:
    """What `health` marks."""
    hands("health")
    return [line for line in hands.said.splitlines() if line.startswith("!") and part in line]


def reported(hands: Hands) -> tuple[str, str]:
    """A report by mail: its sender and its case, once it is filed."""
    sender, before = hands.system.someone(), {one["number"] for one in _cases(hands)}
    hands.system.write(sender, "Lampu", TEXT)
    until(lambda: len(_cases(hands)) > len(before), "its case", within=60)
    return sender, next(one["number"] for one in _cases(hands) if one["number"] not in before)


def _cases(hands: Hands) -> list[dict[str, Any]]:
    return list(hands.system.as_officer("coordinator", "GET", "/v1/cases").body["cases"])


@contextmanager
def without(hands: Hands, function: str, action: str) -> Iterator[None]:
    """A right of a function's role, revoked for a while."""
    iam, config = hands.aws("iam"), hands.aws("lambda").get_function_configuration(FunctionName=hands.output(function))
    role = config["Role"].rpartition("/")[2]
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    whole = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    fewer = {**whole, "Statement": [one for one in whole["Statement"] if action not in json.dumps(one["Action"])]}
    assert len(fewer["Statement"]) < len(whole["Statement"])
    put: Callable[[Any], Any] = lambda document: iam.put_role_policy(  # noqa: E731 - said twice
        RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document)
    )
    put(fewer)
    try:
        yield
    finally:
        put(whole)


def test_dead_letters_what_intake_could_not_seal_is_redriven_once_its_right_is_back(hands: Hands) -> None:
    queue, sqs = hands.output("ArrivalsQueueUrl"), hands.aws("sqs")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "2"})  # not the quarter of an hour
    try:
        with without(hands, "IntakeFunction", "kms:Encrypt"):
            key = hands.store(TEXT)
            hands.put("ArrivalsQueueUrl", key)
            until(lambda: hands("queues look arrivals-dead-letter") == 1, "its fifth try", within=120)
            assert f"arrival {key}, announced" in hands.said
            assert ": not read" in hands.said
            assert hands("errors") == 1
            assert "intake arrival_put_back Retry" in hands.said
            assert "vault.py" in hands.said
            assert hands(f"path {key}") == 1
            assert wants(hands, "arrivals-dead-letter 1 waiting")
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "180"})
    assert hands("queues redrive arrivals-dead-letter --dry-run") == 0
    assert hands(f"queues redrive arrivals-dead-letter --only {key}") == 0
    until(lambda: hands(f"path --no-logs {key}") == 0, "its outcome", within=60)
    assert "filed/new_case" in hands.said
    assert hands("queues look arrivals-dead-letter") == 0


def test_deliveries_unsent_a_letter_whose_sending_is_refused_says_why_and_leaves_by_itself(hands: Hands) -> None:
    with without(hands, "DeliverFunction", "ses:"):
        sender, number = reported(hands)
        until(lambda: hands("health") >= 0 and "access_denied" in hands.said, "its reason", within=60)
        assert hands(f"path --no-logs {number}") == 0
        assert "queued: access_denied" in hands.said
        assert hands(f"resend --case {number} --dry-run") == 0  # nothing failed, so nothing is repeated
    until(lambda: hands.system.mails_to(sender), "its letter", within=240)
    assert len(hands.system.mails_to(sender)) == 1


def test_canary_failed_a_mapping_that_somebody_switched_off_is_named_and_nothing_is_lost_by_it(hands: Hands) -> None:
    uuid, functions = named(hands, "DeliverFunctionOutbox"), hands.aws("lambda")
    functions.update_event_source_mapping(UUID=uuid, Enabled=False)
    sender, number = reported(hands)
    assert wants(hands, f"DeliverFunctionOutbox is disabled: {uuid}")
    assert hands(f"path --no-logs {number}") == 0
    assert "queued, 0 attempts" in hands.said
    functions.update_event_source_mapping(UUID=uuid, Enabled=True)
    hands.system.mail_to(sender)
    assert not wants(hands, "DeliverFunctionOutbox")
    assert hands("run canary") == 0
    assert hands("errors --code canary_wrote") == 0
    assert hands.said.count("canary: INFO canary_wrote") == 2


def test_sweep_stopped_and_time_refused_a_run_by_hand_does_what_is_due_and_never_ahead(hands: Hands) -> None:
    rule, events = named(hands, "EscalateFunctionEveryMinute"), hands.aws("events")
    events.disable_rule(Name=rule)
    assert wants(hands, f"EscalateFunctionEveryMinute is disabled: {rule}")
    assert hands("run sweep --dry-run") == 0
    assert hands("run sweep") == 0
    assert json.loads(hands.said)["failed"] == 0
    hands.aws("lambda").invoke(FunctionName=hands.output("EscalateFunction"), Payload=b"{}")
    assert hands("errors --code time_unusable") == 1
    events.enable_rule(Name=rule)
    assert not wants(hands, "EscalateFunctionEveryMinute")


def test_disaster_restore_what_was_spoilt_after_the_instant_is_whole_after_the_switch(
    hands: Hands, own: tuple[System, Places]
) -> None:
    """The embedded AWS restores the present second alone: the instant is taken first, then the harm is done."""
    sender, number = reported(hands)
    hands.system.mail_to(sender)
    dynamodb, tables = hands.aws("dynamodb"), [hands.output("CasesTable"), hands.output("VaultTable")]
    for name in tables:  # CloudFormation's word for it is not heard there
        on = {"PointInTimeRecoveryEnabled": True}
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=on)
    for turn in range(60):  # the very second in which the command asks; how long it takes to start is unknown
        at = (datetime.now(UTC) + timedelta(seconds=1 + turn % 8)).replace(microsecond=0)
        if hands(f"restore --at {at.isoformat()}") == 0:
            break
    restored = [f"{name}-{at:%Y%m%dT%H%M%SZ}" for name in tables]
    assert all(name in dynamodb.list_tables()["TableNames"] for name in restored), hands.said
    key = {"pk": {"S": f"CASE#{number}"}, "sk": {"S": "CASE"}}
    row = dynamodb.get_item(TableName=tables[0], Key=key)["Item"]
    dynamodb.put_item(TableName=tables[0], Item={**row, "state": {"S": "closed"}})
    assert hands(f"check_history {number}") == 1
    assert "its status is closed, its history says new" in hands.said
    assert hands(f"check_history --table {restored[0]} --vault {restored[1]} {number}") == 0
    out = hands.work / "switched"
    assert hands(f"restore --switch {' '.join(restored)} --out {out}") == 0
    _switch(hands, out)
    assert hands(f"check_history {number}") == 0
    assert sorted(named(hands, one) for one in ("CasesTable", "VaultTable")) == sorted(restored)
    system, places = own
    asked = hands.aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["Parameters"]
    outputs = deploy(places, {one["ParameterKey"]: one["ParameterValue"] for one in asked})
    assert [outputs[one] for one in ("CasesTable", "VaultTable")] == restored
    assert hands("run ledger") == 0
    sender = system.someone()
    system.write(sender, "Lampu", TEXT)
    again = system.case_of(system.mail_to(sender))
    assert hands(f"check_history --table {restored[0]} --vault {restored[1]} {again}") == 0


def _switch(hands: Hands, out: Path) -> None:
    """The steps that `restore --switch` prints."""
    assert "--parameters file://" in hands.said
    cloudformation, s3 = hands.aws("cloudformation"), hands.aws("s3")
    bucket = "switched-templates"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    for name in ("switched", "import"):
        s3.put_object(Bucket=bucket, Key=f"{name}.json", Body=(out / f"{name}.json").read_bytes())
    asked: dict[str, Any] = {
        "StackName": STACK,
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Parameters": json.loads((out / "parameters.json").read_text()),
    }
    url = f"{hands.system.ready['aws_endpoint']}/{bucket}"

    def status() -> str:
        return str(cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"])

    cloudformation.update_stack(**asked, TemplateURL=f"{url}/switched.json")
    until(lambda: status() == "UPDATE_COMPLETE", "the switch", within=120)
    given = {"ChangeSetName": "tables", "ChangeSetType": "IMPORT", "TemplateURL": f"{url}/import.json"}
    wanted = json.loads((out / "resources.json").read_text())
    cloudformation.create_change_set(**asked, **given, ResourcesToImport=wanted)
    which = {"StackName": STACK, "ChangeSetName": "tables"}
    until(lambda: cloudformation.describe_change_set(**which)["Status"] == "CREATE_COMPLETE", "the change set")
    cloudformation.execute_change_set(**which)
    until(lambda: status() == "IMPORT_COMPLETE", "the import", within=120)
    time.sleep(1)  # functions take the new template's variables from their next start on
