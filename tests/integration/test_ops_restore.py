"""The tables as they were at an instant, and a template that names them instead of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.ops import restore
from infra.ops.stack import Stack
from infra.ops.switch import imported, resources, switched
from tanggap.domain.errors import NotAllowed
from tests.contract.stack import TEMPLATE, named_in
from tests.support.ops import Desk
from tests.support.world import aws

SAID = pytest.CaptureFixture[str]


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
