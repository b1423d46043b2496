"""The officers of the local system: one for each role, with a password, in the user pool of the stack."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.local.aws import client
from infra.local.places import Places

DOMAIN = "kantor.example"  # not the mail domain: mail to officers must not come in as reports
UNIT_ROLES = ("liaison", "unit_head")
_LOCAL_PARTS = {
    "coordinator": "koordinator",
    "liaison": "penghubung",
    "unit_head": "kepala",
    "leadership": "pimpinan",
    "custodian": "penjaga-data",
    "auditor": "auditor",
}


@dataclass(frozen=True, slots=True)
class Officer:
    email: str
    password: str
    role: str
    unit: str | None


def officers_for(places: Places, policy: dict[str, Any]) -> tuple[Officer, ...]:
    """The same as last time where state is kept, otherwise new ones. Their unit is the policy's first."""
    kept = places.state / "officers.json" if places.state else None
    if kept is not None and kept.exists():
        return tuple(Officer(**row) for row in json.loads(kept.read_text()))
    unit = next((row.get("id") for row in policy.get("units", ())), None)
    made = tuple(
        Officer(f"{local}@{DOMAIN}", _password(), role, unit if role in UNIT_ROLES else None)
        for role, local in _LOCAL_PARTS.items()
    )
    if kept is not None:
        _keep(kept, made)
    return made


def enrol(places: Places, pool: str, officers: tuple[Officer, ...]) -> None:
    """Puts them into the pool, each in the group of its role; those that are there keep what they have."""
    cognito = client("cognito-idp", places.aws_endpoint)
    known = {
        attribute["Value"]
        for user in cognito.list_users(UserPoolId=pool)["Users"]
        for attribute in user["Attributes"]
        if attribute["Name"] == "email"
    }
    for officer in officers:
        if officer.email in known:
            continue
        attributes = {"email": officer.email, "email_verified": "true"}
        if officer.unit:
            attributes["custom:unit"] = officer.unit
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=officer.email,
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
            MessageAction="SUPPRESS",
        )
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=officer.email, Password=officer.password, Permanent=True
        )
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=officer.email, GroupName=officer.role)


def _password() -> str:
    """Long enough for any policy, with a character of each kind that one may ask for."""
    return f"Aa1!{secrets.token_urlsafe(15)}"


def _keep(file: Path, officers: tuple[Officer, ...]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps([asdict(officer) for officer in officers], indent=1))
