"""The policy with its versions, and how far open cases are brought under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ...domain.errors import Refuse
from ...domain.policy import Policy


class PolicyMoved(Refuse):
    """Somebody stored a newer version in between."""

    status = 409
    code = "policy_changed"


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A version as it was saved; what was valid then may have faults by today's rules."""

    version: int
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recomputing:
    """The job that brings open cases under a new policy. `done`: no open case is older than this version. `target`: the
    version being applied, equal to `done` while there is nothing to do. `unit` and `after`: the next case of the
    round. `not_before`: when the round may begin. `failed`: cases of this round that could not be written.
    `revision` is the condition of each write."""

    done: int = 0
    target: int = 0
    round: int = 0
    unit: str = ""
    after: str = ""
    not_before: datetime | None = None
    moved: int = 0
    failed: int = 0
    revision: int = 0


class Policies(Protocol):
    def current(self, fresh: bool = False) -> Policy:
        """The policy in force, at most a minute old (`fresh`: not at all). Raises Retry when there is none (yet)."""
        ...

    def version(self, number: int) -> Policy | None:
        """An older version: a clock is explained by the policy that set it. None also for one that today's rules can't
        read."""
        ...

    def store(self, raw: dict[str, Any], version: int) -> None:
        """Store a validated policy as `version`. Raises PolicyMoved when that version exists."""
        ...

    def stored(self, before: int | None, limit: int) -> tuple[StoredPolicy, ...]:
        """Versions as they were saved, newest first; `before`: those below that number."""
        ...

    def recomputing(self) -> Recomputing:
        """How far open cases are recomputed."""
        ...

    def keep_recomputing(self, job: Recomputing) -> Recomputing | None:
        """None when somebody else has written it since `job` was read."""
        ...
