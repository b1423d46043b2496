"""What every letter may name of a case."""

from __future__ import annotations

from . import letters
from .case import Case
from .policy import Policy
from .times import spoken, spoken_en


def facts(case: Case, policy: Policy, **more: str) -> dict[str, str]:
    zone = policy.calendar.zone
    return {
        "number": case.number,
        "agency": policy.agency,
        "kind": letters.KINDS_ID[case.kind],
        "received": spoken(case.received_at, zone),
        "received_en": spoken_en(case.received_at, zone),
        "subject": case.subject[:120] or "(tanpa perihal)",
        "unit": unit_name(case.unit, policy),
        "status": letters.STATUSES_ID[case.status],
        "text": "",
        "notes": "",
        "files": "tidak ada",
        "next_step": "-",
        "next_step_en": "-",
        **more,
    }


def unit_name(unit: str | None, policy: Policy) -> str:
    found = policy.units.get(unit or "")
    return found.name if found else "koordinator"
