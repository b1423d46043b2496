"""An update in place keeps what the stack holds: today's template against those of the releases that are out. The
embedded AWS keeps data whatever changes, so that a green upgrade there proves nothing of this."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.stack import RESOURCES, TEMPLATE
from tests.contract.test_template_storage import KEPT
from tests.releases.fixed import fixed

RECORDS = sorted((Path(__file__).parents[1] / "releases").glob("*/template.json"))
RELEASES: dict[str, dict[str, Any]] = {path.parent.name: json.loads(path.read_text()) for path in RECORDS}
#: Alarms keep nothing; each release has the ones it needs.
REPLACEABLE = {"AWS::CloudWatch::Alarm"}


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> dict[str, Any]:
    return RELEASES[request.param]


def test_there_is_a_record_of_the_first_release() -> None:
    assert "0.1.0" in RELEASES


def test_nothing_that_holds_data_or_a_name_is_replaced_taken_away_or_made_optional(release: dict[str, Any]) -> None:
    for name, before in release["resources"].items():
        if before["Type"] in REPLACEABLE:
            continue
        assert name in RESOURCES, f"{name} would be taken away"
        now = RESOURCES[name]
        assert now["Type"] == before["Type"], name
        assert now.get("Condition") == before.get("Condition"), f"{name} would come or go with a parameter"
        found = fixed(now["Type"], now.get("Properties", {}), release["create_only"])
        assert found == before["fixed"], f"{name} would be replaced"


def test_what_the_release_kept_is_kept_by_both_policies(release: dict[str, Any]) -> None:
    """An update sets the policies before it can fail: what is retained survives a roll-back and a lost logical id."""
    kept = {name for name, one in release["resources"].items() if one["Type"] in KEPT}
    assert {"CasesTable", "VaultTable", "ArrivalsBucket", "UserPool", "VaultKey", "LookupSecret"} <= kept
    for name in kept:
        assert release["resources"][name]["DeletionPolicy"] == "Retain", "its own release already"
        assert RESOURCES[name]["DeletionPolicy"] == RESOURCES[name]["UpdateReplacePolicy"] == "Retain", name


def test_an_update_asks_nothing_new(release: dict[str, Any]) -> None:
    """One step: whoever answered the release's questions answers no other, and every answer is still taken."""
    for name, before in release["parameters"].items():
        now = TEMPLATE["Parameters"].get(name)
        assert now, f"a remembered answer to {name} would be refused"
        assert now["Type"] == before["Type"], name
        assert now.get("Default") == before.get("Default"), f"{name}: who took the default would be moved"
        if "AllowedValues" in now:
            assert set(before.get("AllowedValues", ())) <= set(now["AllowedValues"]), name
            assert "AllowedValues" in before or before.get("Default") in now["AllowedValues"], name
    for name in TEMPLATE["Parameters"].keys() - release["parameters"].keys():
        assert "Default" in TEMPLATE["Parameters"][name], f"{name} is new and has no default"


def test_what_others_read_of_the_stack_is_still_told(release: dict[str, Any]) -> None:
    assert set(release["outputs"]) <= set(TEMPLATE["Outputs"])


def test_a_table_gets_at_most_one_index_more_in_an_update(release: dict[str, Any]) -> None:
    """DynamoDB takes one creation or deletion of an index in an update, and fails the others."""
    now = [one["IndexName"] for one in RESOURCES["CasesTable"]["Properties"]["GlobalSecondaryIndexes"]]
    assert len(set(now) ^ set(release["indexes"])) <= 1
    assert set(release["indexes"]) <= set(now), "code of the release before asks it while an update is rolled back"


def test_officers_keep_what_the_pool_knows_of_them(release: dict[str, Any]) -> None:
    """Cognito adds attributes to a pool, and neither changes nor removes one."""
    now = RESOURCES["UserPool"]["Properties"]["Schema"]
    assert [one for one in release["pool"] if one not in now] == []


def test_set_up_comes_last_so_that_what_fails_before_it_has_touched_no_mail() -> None:
    """The one resource whose update reaches out of the stack, to the account's active rule set, waits for the rule, and
    is undone first in a roll-back."""
    behind = RESOURCES["Setup"].get("DependsOn", [])
    assert "ReceiptRule" in ([behind] if isinstance(behind, str) else behind)
    depending = [
        name
        for name, one in RESOURCES.items()
        if "Setup" in ([one["DependsOn"]] if isinstance(one.get("DependsOn"), str) else one.get("DependsOn", []))
    ]
    assert depending == [], "nothing may fail behind it"


def test_no_name_is_fixed_where_a_replacement_would_need_it_twice() -> None:
    """CloudFormation makes the new one before it removes the old: with a name of ours both would have the same. What
    may keep one is made from the stack's name, holds nothing, and is not replaced (above)."""
    named = (
        "TableName",
        "BucketName",
        "QueueName",
        "TopicName",
        "FunctionName",
        "RoleName",
        "UserPoolName",
        "AlarmName",
    )
    found = [name for name, one in RESOURCES.items() if any(one.get("Properties", {}).get(field) for field in named)]
    assert found == []
