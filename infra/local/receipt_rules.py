"""Which rules of the active rule set take a mail, as SES matches recipients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    recipients: tuple[str, ...]
    scan: bool
    actions: tuple[dict[str, Any], ...]

    def takes(self, address: str, verified_domains: frozenset[str]) -> bool:
        if not self.recipients:  # a rule without recipients takes all mail for the account's verified domains
            return address.rpartition("@")[2].lower() in verified_domains
        return any(matches(condition, address) for condition in self.recipients)


def matches(condition: str, address: str) -> bool:
    """`user@d` (with any +label too), `d` (every address of the domain itself), `.d` (of its subdomains only)."""
    condition = condition.lower()
    local, _, domain = address.lower().rpartition("@")
    if "@" in condition:
        wanted_local, _, wanted_domain = condition.rpartition("@")
        return domain == wanted_domain and wanted_local in (local, local.partition("+")[0])
    if condition.startswith("."):
        return domain.endswith(condition)
    return domain == condition


def rules_of(active: dict[str, Any]) -> tuple[Rule, ...]:
    """From the answer of DescribeActiveReceiptRuleSet; rules that are switched off are left out."""
    return tuple(
        Rule(
            name=rule["Name"],
            recipients=tuple(rule.get("Recipients", ())),
            scan=bool(rule.get("ScanEnabled")),
            actions=tuple(rule.get("Actions", ())),
        )
        for rule in active.get("Rules", ())
        if rule.get("Enabled")
    )
