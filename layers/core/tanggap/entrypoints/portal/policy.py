"""The policy in force, and a new version of it."""

from __future__ import annotations

from typing import Any

from ...domain.permissions import Officer
from ...domain.policy import Policy
from ..observe import logger
from .http import body, route
from .parts import parts


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
    logger.info("policy saved", version=saved.version, officer=officer.id)
    return _policy(saved)
