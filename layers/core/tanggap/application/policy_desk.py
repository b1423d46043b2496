"""What officers do with the policy: read it, replace it as a whole."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from ..domain import policy_checks
from ..domain.errors import Invalid
from ..domain.permissions import Act, Officer, require
from ..domain.policy import Policy, faulty, read_policy
from ..domain.times import stamp
from .ports import Policies, PolicyMoved

#: A row of the table ends at 400 kB.
POLICY_BYTES = 350_000


class PolicyDesk:
    def __init__(self, policies: Policies, mail_domain: str) -> None:
        self.policies, self.mail_domain = policies, mail_domain.lower()

    def current(self, officer: Officer) -> Policy:
        require(officer, Act.POLICY_READ)
        return self.policies.current(fresh=True)

    def save(self, officer: Officer, raw: Any, at: datetime) -> Policy:
        """A new version, validated as a whole. `version` in it, where given, is the one that it was made from. Raises
        Invalid with every fault, PolicyMoved."""
        require(officer, Act.POLICY_WRITE)
        now = self.policies.current(fresh=True)
        made_from, wanted, faults = self._take_apart(raw, now.version)
        if isinstance(wanted, dict):
            wanted["former_units"] = _former(now, wanted)
            wanted["saved"] = {"by": officer.id, "at": stamp(at)}
            faults += policy_checks.faults_in(wanted, self.mail_domain)
        try:
            policy = read_policy(wanted, now.version + 1)
        except Invalid as found:
            raise faulty([*found.faults, *faults]) from None
        if len(json.dumps(wanted, ensure_ascii=False).encode()) > POLICY_BYTES:
            faults.append({"place": "", "message": f"is larger than {POLICY_BYTES} bytes"})
        if faults:
            raise faulty(faults)
        if made_from != now.version:
            raise PolicyMoved("a newer policy is in force: read it and decide again")
        self.policies.store(wanted, policy.version)
        return policy

    @staticmethod
    def _take_apart(raw: Any, version: int) -> tuple[int, Any, list[dict[str, str]]]:
        """What the new version was made from, and what it says itself."""
        if not isinstance(raw, dict):
            return version, raw, []
        wanted = dict(raw)
        made_from = wanted.pop("version", version)
        if isinstance(made_from, int) and not isinstance(made_from, bool):
            return made_from, wanted, []
        return version, wanted, [{"place": "version", "message": "must be the number of the version it was made from"}]


def _former(now: Policy, wanted: dict[str, Any]) -> list[str]:
    """Units that were and are no more. Their cases must stay in the coordinator's sight."""
    rows = wanted.get("units")
    named = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [unit for unit in dict.fromkeys((*now.former_units, *now.units)) if unit not in named]
