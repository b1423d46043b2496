"""How often a person was answered by a machine of ours."""

from __future__ import annotations

from datetime import datetime

from ..domain.intake_rules import DAY, HOUR, IntakeRules, Lately
from .ports import Cases


def answered(cases: Cases, reporter: str | None, at: datetime, rules: IntakeRules) -> Lately:
    """`reporter`: whom the vault knows. Mail that only pretends to be from an address was not answered, and does not
    count against it. The hour is asked for only where the day's count could fill it."""
    if reporter is None:
        return Lately()
    day = cases.answered_since(reporter, at - DAY, rules.answers_per_day)
    hour = 0
    if day >= rules.answers_per_hour:
        hour = cases.answered_since(reporter, at - HOUR, rules.answers_per_hour)
    return Lately(answers_in_hour=hour, answers_in_day=day)
