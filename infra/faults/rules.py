"""What can go wrong between a function and AWS, as rules of microburst.

A service is called as requests are signed for it. `lost`: AWS did what it was asked, and its answer never came; only
where an answer has a body, which microburst can cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SERVICES = ("dynamodb", "s3", "ses", "kms", "secretsmanager")
KINDS = ("throttle", "5xx", "time-out", "reset", "slow")
LOST = "lost"
LOSING = ("dynamodb", "ses")

#: (code, status) as each service says it.
THROTTLED = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "s3": ("SlowDown", 503),
    "ses": ("TooManyRequestsException", 429),
    "kms": ("ThrottlingException", 400),
    "secretsmanager": ("ThrottlingException", 400),
}
FAILED = {
    "dynamodb": ("InternalServerError", 500),
    "s3": ("InternalError", 500),
    "ses": ("InternalServiceErrorException", 500),
    "kms": ("KMSInternalException", 500),
    "secretsmanager": ("InternalServiceError", 500),
}
#: Milliseconds that a call is held: longer than its client waits (entrypoints/clients.py, adapters/dynamodb/table.py).
HELD = {"ses": 22_000}
HELD_ELSE = 12_000
#: Milliseconds, evenly between: slower than any service is, faster than any client gives up.
SLOW = (800, 2_000)
#: Five in a hundred. By turns where calls are so few that chance alone might spare all of them: the first, and then
#: each twentieth.
SHARE = 0.05
BY_TURNS = {"fail": 1, "pass": 19}
BY_CHANCE = frozenset({"dynamodb"})


@dataclass(frozen=True, slots=True)
class Fault:
    """`share`: of the calls, 1 for all."""

    service: str
    kind: str
    share: float = 1.0
    operation: str = ""

    @property
    def name(self) -> str:
        part = "" if self.share == 1 else f" {self.share:.0%}"
        return f"{self.service}{f'.{self.operation}' if self.operation else ''} {self.kind}{part}"

    def rule(self) -> dict[str, Any]:
        """As microburst takes it."""
        rule: dict[str, Any] = {"service": self.service, **_effect(self.service, self.kind)}
        if self.operation:
            rule["operation"] = self.operation
        if self.share < 1:
            by_turns = self.share == SHARE and self.service not in BY_CHANCE
            rule |= {"sequence": BY_TURNS} if by_turns else {"probability": self.share}
        return rule


def _effect(service: str, kind: str) -> dict[str, Any]:
    if kind in ("throttle", "5xx"):
        code, status = (THROTTLED if kind == "throttle" else FAILED)[service]
        return {"error": {"code": code, "status": status, "message": "a fault of the suite"}}
    if kind == "time-out":
        return {"timeout_ms": HELD.get(service, HELD_ELSE)}
    if kind == "reset":
        return {"reset": True}
    if kind == "slow":
        return {"latency": {"dist": "uniform", "min": SLOW[0], "max": SLOW[1]}}
    if kind == LOST:
        return {"response": {"abort_bytes": 0}}
    raise ValueError(f"no kind of fault: {kind}")
