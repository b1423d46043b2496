"""Officers in the user pool: who there is, a new one, another role, none any more.

    python -m infra.ops.officers list    (--stack NAME | --local) [--show]
    python -m infra.ops.officers add     --role ROLE [--unit UNIT] [--dry-run] … ADDRESS
    python -m infra.ops.officers role    WHO ROLE [--unit UNIT] [--dry-run] …
    python -m infra.ops.officers disable WHO [--dry-run] …
    python -m infra.ops.officers enable  WHO [--dry-run] …

WHO is the id that histories name (officer:<id>) or the work address. The role is a group, the unit `custom:unit`; who
is added gets a temporary password by mail from Cognito, good for seven days. A new role and a disabled officer hold at
once for signing in; a token that was given before is good for an hour more. Addresses are shown with `--show` only."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tanggap.domain.errors import NotAllowed, NotFound
from tanggap.domain.policy import Policy
from tanggap.domain.words import Role

from .command import add_dry_run, add_stack, ended, say, stack_of
from .stack import Stack, WrongQuestion

#: Roles that are nothing without a unit.
OF_A_UNIT = frozenset({Role.LIAISON, Role.UNIT_HEAD})
_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}@([a-z0-9-]{1,63}\.)+[a-z]{2,63}")
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class Account:
    username: str = field(repr=False)
    id: str
    address: str = field(repr=False)
    unit: str
    enabled: bool
    status: str


class Pool:
    def __init__(self, stack: Stack) -> None:
        self.client, self.id = stack.client("cognito-idp"), stack.need("UserPoolId")

    def all(self, wanted: str = "") -> Iterator[Account]:
        asked = {"Filter": wanted} if wanted else {}
        for page in self.client.get_paginator("list_users").paginate(UserPoolId=self.id, **asked):
            yield from (_account(user) for user in page["Users"])

    def find(self, who: str) -> Account:
        """Raises NotFound. The text never reaches a filter unchecked."""
        who = who.removeprefix("officer:").strip()
        if _ADDRESS.fullmatch(who.lower()):
            found = next(self.all(f'email = "{who.lower()}"'), None)
        elif _ID.fullmatch(who):
            found = next(self.all(f'sub = "{who}"'), None)
        else:
            raise WrongQuestion("an officer's id, or work address")
        if found is None:
            raise NotFound("no such officer")
        return found

    def roles(self, one: Account) -> list[str]:
        answer = self.client.admin_list_groups_for_user(UserPoolId=self.id, Username=one.username)
        return [group["GroupName"] for group in answer["Groups"] if group["GroupName"] in set(Role)]

    def add(self, address: str, unit: str) -> Account:
        attributes = {"email": address, "email_verified": "true"} | ({"custom:unit": unit} if unit else {})
        answer = self.client.admin_create_user(
            UserPoolId=self.id,
            Username=address,
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
            DesiredDeliveryMediums=["EMAIL"],
        )
        return _account(answer["User"])

    def give(self, one: Account, role: str, unit: str) -> None:
        """One role alone, and the unit that goes with it: what was taken is taken first. An attribute that is given
        nothing is one that is deleted (AdminUpdateUserAttributes)."""
        for other in self.roles(one):
            if other != role:
                self.client.admin_remove_user_from_group(UserPoolId=self.id, Username=one.username, GroupName=other)
        if unit != one.unit:
            attributes = [{"Name": "custom:unit", "Value": unit}]
            self.client.admin_update_user_attributes(
                UserPoolId=self.id, Username=one.username, UserAttributes=attributes
            )
        self.client.admin_add_user_to_group(UserPoolId=self.id, Username=one.username, GroupName=role)

    def sign_out(self, one: Account) -> None:
        self.client.admin_user_global_sign_out(UserPoolId=self.id, Username=one.username)

    def able(self, one: Account, enabled: bool) -> None:
        ask = self.client.admin_enable_user if enabled else self.client.admin_disable_user
        ask(UserPoolId=self.id, Username=one.username)


def _account(user: dict[str, Any]) -> Account:
    known = {one["Name"]: one["Value"] for one in user.get("Attributes", ())}
    return Account(
        user["Username"],
        known.get("sub", user["Username"]),
        known.get("email", ""),
        known.get("custom:unit", ""),
        bool(user.get("Enabled", True)),
        str(user.get("UserStatus", "")),
    )


def list_(stack: Stack, given: argparse.Namespace) -> int:
    pool, bad = Pool(stack), 0
    policy = stack.parts.policies.current()
    for one in pool.all():
        roles = pool.roles(one)
        wrong = _wrong(roles, one.unit, policy) if one.enabled else ""
        bad += bool(wrong)
        state = one.status.lower() if one.enabled else "disabled"
        shown = f" {one.address}" if given.show else ""
        unit = f" of {one.unit}" if one.unit else ""
        say(f"{one.id}{shown} {', '.join(roles) or 'no role'}{unit}, {state}{f': {wrong}' if wrong else ''}")
    return 1 if bad else 0


def _wrong(roles: list[str], unit: str, policy: Policy) -> str:
    if len(roles) != 1:
        return "one role is needed"
    if Role(roles[0]) in OF_A_UNIT and unit not in policy.units:
        return "its unit is none of the policy's"
    return ""


def _unit(role: str, unit: str, stack: Stack) -> str:
    """The unit that goes with a role. Raises WrongQuestion."""
    if Role(role) not in OF_A_UNIT:
        if unit:
            raise WrongQuestion(f"a {role} has no unit")
        return ""
    units = stack.parts.policies.current().units
    if unit not in units:
        raise WrongQuestion(f"a {role} is of a unit: --unit, one of {', '.join(units) or '(the policy has none)'}")
    return unit


def add(stack: Stack, given: argparse.Namespace) -> int:
    pool, address = Pool(stack), given.address.strip().lower()
    if not _ADDRESS.fullmatch(address):
        raise WrongQuestion("that is no mail address")
    unit = _unit(given.role, given.unit, stack)
    if address.rpartition("@")[2] == stack.get("MailDomain"):
        raise NotAllowed("an address of the desk's own mail domain: its mail would come in as reports")
    if next(pool.all(f'email = "{address}"'), None):
        raise NotAllowed("there is an officer of that address (`officers role` gives another role)")
    said = f"{given.role}{f' of {unit}' if unit else ''}"
    if given.dry_run:
        say(f"would be added as {said}; Cognito would mail a temporary password")
        return 0
    one = pool.add(address, unit)
    pool.give(one, given.role, unit)
    say(f"{one.id} added as {said}; Cognito has mailed a temporary password")
    return 0


def role(stack: Stack, given: argparse.Namespace) -> int:
    pool = Pool(stack)
    one, unit = pool.find(given.who), _unit(given.role, given.unit, stack)
    was = ", ".join(pool.roles(one)) or "no role"
    said = f"{was}{f' of {one.unit}' if one.unit else ''} -> {given.role}{f' of {unit}' if unit else ''}"
    if given.dry_run:
        say(f"{one.id} {said}: would be changed, and signed out")
        return 0
    pool.give(one, given.role, unit)
    pool.sign_out(one)
    say(f"{one.id} {said}, signed out; an old token is good for an hour more")
    return 0


def able(stack: Stack, given: argparse.Namespace) -> int:
    pool, enabled = Pool(stack), given.command == "enable"
    one = pool.find(given.who)
    if one.enabled is enabled:
        say(f"{one.id} is {given.command}d already")
        return 0
    if given.dry_run:
        say(f"{one.id} would be {given.command}d{'' if enabled else ', and signed out'}")
        return 0
    pool.able(one, enabled)
    if not enabled:
        pool.sign_out(one)
    say(f"{one.id} {given.command}d{'' if enabled else ', signed out; an old token is good for an hour more'}")
    return 0


DOES = {"list": list_, "add": add, "role": role, "disable": able, "enable": able}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="officers", description="officers in the user pool")
    add_stack(parser)
    commands = parser.add_subparsers(dest="command", required=True)
    roles = [one.value for one in Role]
    for name in DOES:
        command = commands.add_parser(name)
        add_stack(command)
        if name == "list":
            command.add_argument("--show", action="store_true", help="their work addresses too")
            continue
        add_dry_run(command)
        if name == "add":
            command.add_argument("--role", choices=roles, required=True)
            command.add_argument("address", metavar="ADDRESS", help="work address; the password goes there")
        else:
            command.add_argument("who", metavar="WHO", help="id or work address")
        if name == "role":
            command.add_argument("role", choices=roles, metavar="ROLE")
        if name in ("add", "role"):
            command.add_argument("--unit", default="", help="of a liaison or unit head: an id of the policy's")
    given = parser.parse_args(arguments)
    return ended(lambda: DOES[given.command](stack_of(given), given))


if __name__ == "__main__":
    sys.exit(main())
