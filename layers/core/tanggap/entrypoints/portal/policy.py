"""The policy in force, what it was, and a new version of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...domain.errors import NotFound
from ...domain.permissions import Officer
from ...domain.policy import Policy
from ..bodies import BadRequest
from ..observe import tell
from . import fields
from .http import body, optional_body, query, route
from .parts import parts

if TYPE_CHECKING:
    from ...application.policy_desk import Version

_NUMBER = re.compile(r"[1-9][0-9]{0,7}")


def _policy(found: Policy) -> dict[str, Any]:
    return {**found.raw, "version": found.version}


@route("GET", "/v1/policy")
def policy(officer: Officer) -> Any:
    """The policy in force."""
    return _policy(parts().policy_desk.current(officer))


@route("PUT", "/v1/policy")
def save_policy(officer: Officer) -> Any:
    """A new version of the policy, validated as a whole."""
    saved = parts().policy_desk.save(officer, body(), parts().desk.clock())
    tell("policy_saved", version=saved.version, officer=officer.id)
    return _policy(saved)


@route("POST", "/v1/policy/check")
def check_policy(officer: Officer) -> Any:
    """What a new version would change, without saving it."""
    found = parts().policy_desk.check(officer, body(), parts().desk.clock())
    return {
        "version": found.version,
        "changed": list(found.changed),
        "recomputes": found.recomputes,
        "hints": list(found.hints),
    }


@route("GET", "/v1/policy/versions")
def policy_versions(officer: Officer) -> Any:
    """All versions, newest first: who saved each, and what it changed."""
    after = query("cursor")
    before = None
    if after is not None:
        if not _NUMBER.fullmatch(after):
            raise BadRequest("the cursor is not one of ours")
        before = int(after)
    desk = parts().policy_desk
    found = desk.versions(officer, before)
    oldest = found[-1].number if found else 1
    return {"versions": [_short(one) for one in found], "cursor": str(oldest) if oldest > 1 else None}


@route("GET", "/v1/policy/versions/{number}")
def policy_version(officer: Officer, number: str) -> Any:
    """One version as it was saved."""
    found = parts().policy_desk.version(officer, _number(number))
    return {**found.raw, "version": found.version}


@route("POST", "/v1/policy/versions/{number}/restore")
def restore_policy(officer: Officer, number: str) -> Any:
    """An earlier version's content as a new version."""
    given = optional_body()
    fields.only(given, "version")
    saved = parts().policy_desk.restore(officer, _number(number), parts().desk.clock(), given.get("version"))
    tell("policy_restored", version=saved.version, restored=int(number), officer=officer.id)
    return _policy(saved)


def _short(version: Version) -> dict[str, Any]:
    saved = version.saved
    return {
        "version": version.number,
        "at": saved.get("at"),
        "by": saved.get("by"),
        "restored": saved.get("restored"),
        "changed": list(version.changed),
    }


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NotFound("no such version of the policy")
    return int(text)
