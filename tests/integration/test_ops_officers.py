"""Officers are added, get another role, are disabled and come back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.ops import officers
from infra.ops.stack import Stack
from tanggap.domain.errors import NotAllowed
from tests.support.ops import Desk, running_desk
from tests.support.world import DOMAIN

SAID = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all: no command here changes it, officers stand in the user pool."""
    with running_desk(tmp_path_factory.mktemp("desk"), datetime.now(UTC)) as found:
        yield found


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
