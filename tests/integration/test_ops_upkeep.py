"""What an operator keeps up: secrets, officers, the tables as they were, and one screen of how the desk is."""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from infra.ops import health, officers, restore, secrets
from infra.ops.stack import Stack
from infra.ops.switch import imported, resources, switched
from tanggap.adapters.secrets import read_keys
from tanggap.domain.errors import NotAllowed
from tanggap.domain.words import Reason
from tests.contract.stack import TEMPLATE, named_in
from tests.support.ops import NAME, Desk
from tests.support.world import DOMAIN, KEYS, aws, fake_aws

SAID = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with fake_aws():
        found = Desk(tmp_path_factory.mktemp("upkeep"))
        found.world.now = datetime.now(UTC)
        yield found


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))


# -- secrets


def test_a_new_look_up_key_stands_in_front_and_the_old_ones_stay(
    desk: Desk, capsys: SAID, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert secrets.main(["rotate", "lookup", "--dry-run", *desk.where]) == 0
    assert "would put key 3 in front of 2, 1" in capsys.readouterr().out
    typed(monkeypatch, "n" * 40)
    assert secrets.main(["rotate", "lookup", *desk.where]) == 0
    keys = read_keys(json.dumps(desk.secret(desk.lookup)))
    assert list(keys) == ["3", "2", "1"]
    assert keys == {"3": b"n" * 40, **KEYS}
    typed(monkeypatch, "n" * 40)
    assert secrets.main(["rotate", "lookup", *desk.where]) == 1  # twice the same is no rotation
    typed(monkeypatch, "short")
    assert secrets.main(["rotate", "lookup", *desk.where]) == 2
    assert secrets.main(["rotate", "lookup", "--generate", *desk.where]) == 0
    assert list(read_keys(json.dumps(desk.secret(desk.lookup)))) == ["4", "3", "2", "1"]
    assert secrets.main(["list", *desk.where]) == 0
    out = capsys.readouterr().out
    assert "lookup: keys 4, 3, 2, 1 (the first is in use)" in out
    assert "nnnn" not in out


def test_the_bare_secret_of_a_new_stack_becomes_the_second_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.secret(desk.lookup)
    aws("secretsmanager").put_secret_value(SecretId=desk.lookup, SecretString="b" * 64)
    typed(monkeypatch, "c" * 64)
    assert secrets.main(["rotate", "lookup", *desk.where]) == 0
    assert desk.secret(desk.lookup) == {"keys": {"2": "c" * 64, "1": "b" * 64}}
    aws("secretsmanager").put_secret_value(SecretId=desk.lookup, SecretString=json.dumps(before))


def test_a_channel_s_new_value_stands_beside_the_old_one_until_that_is_dropped(
    desk: Desk, capsys: SAID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in ("old-secret", "new-secret"):
        typed(monkeypatch, value)
        assert secrets.main(["rotate", "channel", "telegram", *desk.where]) == 0
    for value in ("token-1", "token-2"):
        typed(monkeypatch, value)
        assert secrets.main(["rotate", "channel", "telegram", "token", *desk.where]) == 0
    assert desk.secret(desk.channel) == {"telegram": {"secrets": ["new-secret", "old-secret"], "token": "token-2"}}
    assert secrets.main(["drop", "channel", "telegram", "--dry-run", *desk.where]) == 0
    assert secrets.main(["drop", "channel", "telegram", *desk.where]) == 0
    assert desk.secret(desk.channel)["telegram"]["secrets"] == ["new-secret"]
    assert secrets.main(["drop", "channel", "telegram", *desk.where]) == 1
    assert secrets.main(["rotate", "channel", "telegram", "app_secrets", *desk.where]) == 2
    said = capsys.readouterr()
    assert not any(word in said.out + said.err for word in ("old-secret", "new-secret", "token-1", "token-2"))


def test_a_new_key_says_when_it_expires_where_the_old_one_did(
    desk: Desk, capsys: SAID, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {"whatsapp": {"token": "token-1", "phone_number_id": "1", "expires": "2026-12-01"}}
    kept = json.dumps(desk.secret(desk.channel))
    aws("secretsmanager").put_secret_value(SecretId=desk.channel, SecretString=json.dumps(before))

    def rotate(*asked: str, value: str = "token-2") -> int:
        typed(monkeypatch, value)
        return secrets.main(["rotate", "channel", "whatsapp", *asked, *desk.where])

    assert rotate() == 2, "the old date would ring for a key that is gone"
    assert "expires 2026-12-01" in capsys.readouterr().err
    assert rotate("token", "--expires", "tomorrow") == 2
    assert rotate("token", "--expires", "2020-01-31") == 1
    assert rotate("--expires", "2199-01-31", "--dry-run") == 0
    assert desk.secret(desk.channel) == before

    assert rotate("phone_number_id", value="2") == 0, "what is no key has no date"
    assert desk.secret(desk.channel)["whatsapp"] == {
        "token": "token-1",
        "phone_number_id": "2",
        "expires": "2026-12-01",
    }
    assert rotate("--expires", "2199-01-31") == 0
    assert "expires 2199-01-31" in capsys.readouterr().out
    assert desk.secret(desk.channel)["whatsapp"] == {
        "token": "token-2",
        "phone_number_id": "2",
        "expires": "2199-01-31",
    }
    assert secrets.main(["list", *desk.where]) == 0
    assert "expires 2199-01-31" in capsys.readouterr().out
    assert rotate("--expires", "never", value="token-3") == 0
    assert desk.secret(desk.channel)["whatsapp"] == {"token": "token-3", "phone_number_id": "2"}
    assert rotate(value="token-4") == 0, "nothing is asked of a section without a date"
    aws("secretsmanager").put_secret_value(SecretId=desk.channel, SecretString=kept)


def test_a_channel_s_secret_that_a_hand_broke_is_left_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = json.dumps(desk.secret(desk.channel))
    aws("secretsmanager").put_secret_value(SecretId=desk.channel, SecretString="{oops")
    typed(monkeypatch, "value")
    assert secrets.main(["rotate", "channel", "telegram", *desk.where]) == 1
    assert aws("secretsmanager").get_secret_value(SecretId=desk.channel)["SecretString"] == "{oops"
    aws("secretsmanager").put_secret_value(SecretId=desk.channel, SecretString=before)


# -- officers


class Cognito:
    """The user pool's calls, as far as the command asks them. moto's own needs a library that we don't install."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, set[str]] = {}
        self.signed_out: list[str] = []

    def get_paginator(self, name: str) -> Any:
        assert name == "list_users"
        return self

    def paginate(self, UserPoolId: str, Filter: str = "") -> Any:
        field, _, value = Filter.partition(" = ")
        for user in self.users.values():
            known = {one["Name"]: one["Value"] for one in user["Attributes"]}
            if not Filter or known.get(field) == value.strip('"'):
                yield {"Users": [user]}

    def admin_create_user(self, Username: str, UserAttributes: Any, DesiredDeliveryMediums: Any, **_: Any) -> Any:
        assert DesiredDeliveryMediums == ["EMAIL"]
        key = f"sub-{len(self.users)}"
        attributes = [{"Name": "sub", "Value": key}, *UserAttributes]
        self.users[key] = {"Username": key, "Attributes": attributes, "Enabled": True, "UserStatus": "FORCE_CHANGE"}
        return {"User": self.users[key]}

    def admin_list_groups_for_user(self, Username: str, **_: Any) -> Any:
        return {"Groups": [{"GroupName": one} for one in sorted(self.groups.get(Username, ()))]}

    def admin_add_user_to_group(self, Username: str, GroupName: str, **_: Any) -> None:
        self.groups.setdefault(Username, set()).add(GroupName)

    def admin_remove_user_from_group(self, Username: str, GroupName: str, **_: Any) -> None:
        self.groups[Username].remove(GroupName)

    def admin_update_user_attributes(self, Username: str, UserAttributes: Any, **_: Any) -> None:
        names = {one["Name"] for one in UserAttributes}
        kept = [one for one in self.users[Username]["Attributes"] if one["Name"] not in names]
        self.users[Username]["Attributes"] = [*kept, *(one for one in UserAttributes if one["Value"])]

    def admin_user_global_sign_out(self, Username: str, **_: Any) -> None:
        self.signed_out.append(Username)

    def admin_disable_user(self, Username: str, **_: Any) -> None:
        self.users[Username]["Enabled"] = False

    def admin_enable_user(self, Username: str, **_: Any) -> None:
        self.users[Username]["Enabled"] = True


class Pooled(Stack):
    def __init__(self, desk: Desk) -> None:
        outputs = json.loads(desk.file.read_text())
        super().__init__(outputs.pop("StackName"), {**outputs, "UserPoolId": "pool"})
        self.cognito = Cognito()

    def client(self, service: str) -> Any:
        return self.cognito if service == "cognito-idp" else super().client(service)

    def __call__(self, command: str, **given: Any) -> int:
        values = {"dry_run": False, "show": False, "unit": "", **given}
        return officers.DOES[command](self, argparse.Namespace(command=command, **values))


def test_an_officer_is_added_gets_another_role_and_is_disabled_and_only_show_tells_the_address(
    desk: Desk, capsys: SAID
) -> None:
    pool, address = Pooled(desk), "ani@kantor.example"
    assert pool("add", address=address, role="liaison", unit="pu", dry_run=True) == 0
    assert pool.cognito.users == {}
    assert pool("add", address="Ani@kantor.example", role="liaison", unit="pu") == 0
    assert pool.cognito.groups == {"sub-0": {"liaison"}}
    assert pool("role", who=address, role="auditor", dry_run=True) == 0
    assert pool("role", who="officer:sub-0", role="auditor") == 0
    assert (pool.cognito.groups, pool.cognito.signed_out) == ({"sub-0": {"auditor"}}, ["sub-0"])
    assert pool("list") == 0
    assert "sub-0 auditor, force_change" in capsys.readouterr().out  # and of no unit any more
    assert pool("disable", who="sub-0") == 0
    assert not pool.cognito.users["sub-0"]["Enabled"]
    assert pool("enable", who="sub-0") == 0
    said = capsys.readouterr()
    assert "ani@" not in said.out + said.err
    assert pool("list", show=True) == 0
    assert "ani@kantor.example" in capsys.readouterr().out


@pytest.mark.parametrize(
    "given",
    [
        {"address": "ani@kantor.example", "role": "liaison"},
        {"address": "ani@kantor.example", "role": "liaison", "unit": "nope"},
        {"address": "ani@kantor.example", "role": "auditor", "unit": "pu"},
        {"address": 'x" or "1', "role": "auditor"},
        {"address": f"ani@{DOMAIN}", "role": "auditor"},
    ],
)
def test_an_officer_who_could_not_work_is_not_added(desk: Desk, given: dict[str, str]) -> None:
    pool = Pooled(desk)
    with pytest.raises((officers.WrongQuestion, NotAllowed)):
        pool("add", **given)
    assert pool.cognito.users == {}


def test_an_officer_without_a_role_is_told(desk: Desk, capsys: SAID) -> None:
    pool = Pooled(desk)
    assert pool("add", address="ani@kantor.example", role="auditor") == 0
    pool.cognito.groups.clear()
    assert pool("list") == 1
    assert "no role" in capsys.readouterr().out


# -- restore


class Backups:
    """moto's tables, as if they could be restored to any instant of a month: moto knows the one of its switching-on."""

    def __init__(self) -> None:
        self.table = aws("dynamodb")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.table, name)

    def describe_continuous_backups(self, TableName: str) -> Any:
        found = self.table.describe_continuous_backups(TableName=TableName)
        now, window = datetime.now(UTC), found["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        return {
            "ContinuousBackupsDescription": {
                "PointInTimeRecoveryDescription": {
                    **window,
                    "EarliestRestorableDateTime": now - timedelta(days=35),
                    "LatestRestorableDateTime": now,
                }
            }
        }


class BackedUp(Stack):
    def __init__(self, desk: Desk) -> None:
        outputs = json.loads(desk.file.read_text())
        super().__init__(outputs.pop("StackName"), outputs)

    def client(self, service: str) -> Any:
        return Backups() if service == "dynamodb" else super().client(service)


def test_both_tables_are_restored_to_one_instant_with_what_a_restored_table_lacks(desk: Desk, capsys: SAID) -> None:
    dynamodb, world, stack = aws("dynamodb"), desk.world, BackedUp(desk)
    names = [world.cases.row.Meta.table_name, world.vault.row.Meta.table_name]
    with pytest.raises(NotAllowed, match="no point-in-time recovery"):
        restore.restore(stack, datetime.now(UTC), False)
    for name in names:
        on = {"PointInTimeRecoveryEnabled": True}
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=on)
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    dynamodb.update_table(TableName=names[0], StreamSpecification=stream)
    lives = {"Enabled": True, "AttributeName": "expires"}
    dynamodb.update_time_to_live(TableName=names[0], TimeToLiveSpecification=lives)
    number = world.new_case()
    at = datetime.now(UTC).replace(microsecond=0)
    with pytest.raises(NotAllowed, match="can be restored from"):
        restore.restore(stack, at - timedelta(days=60), False)
    targets = [f"{name}-{at:%Y%m%dT%H%M%SZ}" for name in names]
    assert restore.restore(stack, at, True) == 0
    assert not set(targets) & set(dynamodb.list_tables()["TableNames"])
    assert restore.restore(stack, at, False) == 0
    found = dynamodb.describe_table(TableName=targets[0])["Table"]
    assert (found["StreamSpecification"], found["DeletionProtectionEnabled"]) == (stream, True)
    for target in targets:
        asked = dynamodb.describe_continuous_backups(TableName=target)["ContinuousBackupsDescription"]
        assert asked["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert Stack("", {"CasesTable": targets[0], "VaultTable": targets[1]}).parts.cases.case(number) is not None
    out = capsys.readouterr().out
    assert "has its time to live" in out
    assert "0 cases have entries of after" in out
    world.now = datetime.now(UTC)
    later = world.new_case()
    assert restore.restore(stack, at, False) == 0  # called again it goes on, and tells what the new tables lack
    out = capsys.readouterr().out
    assert "it is active already" in out
    assert f"{later} is not in it (email)" in out


GIVEN = {
    "CasesTable": {"": "cases-then", "Arn": "arn:cases-then", "StreamArn": "arn:stream-then"},
    "VaultTable": {"": "vault-then", "Arn": "arn:vault-then", "StreamArn": ""},
}


def test_the_template_with_other_tables_names_the_old_ones_nowhere_and_all_else_as_before() -> None:
    changed = switched(TEMPLATE, GIVEN)
    assert not {"CasesTable", "VaultTable"} & ({*named_in(changed)} | changed["Resources"].keys())
    assert TEMPLATE["Resources"].keys() - changed["Resources"].keys() == {"CasesTable", "VaultTable"}
    said = json.dumps(changed, default=str)
    for function in ("IntakeFunction", "DeliverFunction"):
        variables = changed["Resources"][function]["Properties"]["Environment"]["Variables"]
        assert (variables["CASES_TABLE"], variables["VAULT_TABLE"]) == ("cases-then", "vault-then")
    assert "arn:cases-then/index/" in said
    events = changed["Resources"]["DeliverFunction"]["Properties"]["Events"]
    assert events["Outbox"]["Properties"]["Stream"] == "arn:stream-then"
    assert changed["Outputs"]["CasesTable"]["Value"] == "cases-then"
    back = imported(TEMPLATE, changed, GIVEN)
    assert back["Resources"]["CasesTable"] == TEMPLATE["Resources"]["CasesTable"]
    assert {name: one for name, one in back["Resources"].items() if name not in GIVEN} == changed["Resources"]
    assert [one["ResourceIdentifier"] for one in resources(GIVEN)] == [
        {"TableName": "cases-then"},
        {"TableName": "vault-then"},
    ]


@pytest.mark.parametrize("broken", ["gone", "deleted", "unknown"])
def test_a_template_that_would_lose_a_table_is_refused(broken: str) -> None:
    table: dict[str, Any] = {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain"}
    template = {"Resources": {"CasesTable": table, "VaultTable": dict(table), "X": {"Type": "T", "Properties": {}}}}
    if broken == "gone":
        del template["Resources"]["VaultTable"]
    if broken == "deleted":
        del table["DeletionPolicy"]
    if broken == "unknown":
        template["Resources"]["X"]["Properties"] = {"P": {"Fn::GetAtt": ["CasesTable", "Other"]}}
    with pytest.raises(NotAllowed):
        switched(template, GIVEN)


# -- health


class Silent(Stack):
    """Its mail service does not answer."""

    def client(self, service: str) -> Any:
        if service in ("sesv2", "cloudformation"):
            raise EndpointConnectionError(endpoint_url=service)
        return super().client(service)


def test_one_screen_says_what_wants_a_hand_and_goes_on_where_something_does_not_answer(
    desk: Desk, capsys: SAID
) -> None:
    desk.parked("mail/broken", Reason.FAILING)
    desk.put(desk.failures, "?")
    aws("cloudwatch").put_metric_alarm(
        AlarmName=f"{NAME}-Late",
        AlarmDescription="too late - late.md",
        Namespace="N",
        MetricName="M",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Statistic="Sum",
    )
    aws("cloudwatch").set_alarm_state(AlarmName=f"{NAME}-Late", StateValue="ALARM", StateReason="test")
    outputs = json.loads(desk.file.read_text())
    assert health.looked(Silent(outputs.pop("StackName"), outputs), 7) == 1
    out = capsys.readouterr().out
    said = {line[2:12].strip() for line in out.splitlines()[1:-1]}
    assert said == set(health.LOOKS)
    wants = [line for line in out.splitlines() if line.startswith("!")]
    for found in ("too late - late.md", "nothing was counted yet", "failures 1 waiting", "1 failing", "0 anchors"):
        assert any(found in line for line in wants), (found, out)
    assert [line for line in wants if "cannot be looked at" in line] == [
        "! runs       cannot be looked at (EndpointConnectionError)",
        "! mail       cannot be looked at (EndpointConnectionError)",
    ]


def test_a_stack_that_nobody_names_is_a_wrong_question(tmp_path: Path, capsys: SAID) -> None:
    assert health.main([]) == 2
    assert secrets.main(["list"]) == 2
    (tmp_path / "x.json").write_text('["no table"]')
    assert health.main(["--outputs", str(tmp_path / "x.json")]) == 2
    assert health.main(["--outputs", str(tmp_path / "nope.json")]) == 2
    assert "--stack NAME or --local" in capsys.readouterr().err
