"""The derivation of a case's deadline by the policy that set it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .clocks import Clock
from .derivation import Derivation, derivation
from .history import Entry
from .letter_form import LANGUAGES
from .policy import Policy


def derived_of(clock: Clock, policy: Policy, history: Iterable[Entry] = (), now: datetime | None = None) -> Derivation:
    """`policy`: the one by whose calendar the deadline was counted."""
    promise = policy.promise(clock.name)
    return derivation(
        clock,
        policy.calendar,
        {language: policy.label(clock.name, language) for language in LANGUAGES},
        history,
        now,
        promise.source_en(clock.rule, clock.source) if promise and clock.rule_version is None else "",
    )
