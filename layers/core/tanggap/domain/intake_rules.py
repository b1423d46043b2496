"""What an agency decides about taking mail in: how often one address is answered, how much one case may ring, how long
a settled case comes back to life."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Fault = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class IntakeRules:
    """Two machines that answer each other without saying that they are machines stop at the first two (promise 4): what
    comes beyond is filed and not acknowledged."""

    #: Acknowledgements to one address. A person in trouble writes several mails; twenty in an hour is a machine.
    #: Counted before each is written, in no lock: mails of one address that are read at the same instant may all see
    #: one count, and go beyond it by their number, once. Two machines that answer each other write one after the other.
    #: A counter that only one at a time may move would make a person's own five photos wait for each other.
    answers_per_hour: int = 20
    answers_per_day: int = 50
    #: Letters to the office about further messages on one case; beyond, messages are filed without one.
    notices_per_hour: int = 10
    #: A message on a case that ended longer ago becomes a case of its own, linked: the people and the papers of the old
    #: one are gone by then. 0: each does.
    reopen_within_days: int = 60


DEFAULT_RULES = IntakeRules()
#: What each may be set to.
LIMITS = {
    "answers_per_hour": (1, 1_000),
    "answers_per_day": (1, 5_000),
    # A case keeps the times of as many messages.
    "notices_per_hour": (1, 60),
    "reopen_within_days": (0, 3_650),
}


def whole_numbers(
    raw: Mapping[str, Any], part: str, limits: Mapping[str, tuple[int, int]], fault: Fault
) -> dict[str, int]:
    """Out of one part of a policy that holds nothing else, each within its limits; each fault is told by its place."""
    for name in sorted(raw.keys() - limits.keys()):
        fault(f"{part}.{name}", "is not a part of it")
    given: dict[str, int] = {}
    for name, (least, most) in limits.items():
        value = raw.get(name)
        if name not in raw:
            continue
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            given[name] = value
        else:
            fault(f"{part}.{name}", f"must be a whole number from {least} to {most}")
    return given


def read(raw: Mapping[str, Any], fault: Fault) -> IntakeRules:
    """Out of the policy's `intake`; for what is at fault its default stands in."""
    rules = IntakeRules(**whole_numbers(raw, "intake", LIMITS, fault))
    if rules.answers_per_day < rules.answers_per_hour:
        fault("intake.answers_per_day", "lies below answers_per_hour")
    return rules


@dataclass(frozen=True, slots=True)
class Lately:
    """What happened before this message: acknowledgements to its sender, messages on its case within the hour."""

    answers_in_hour: int = 0
    answers_in_day: int = 0
    messages_in_hour: int = 0

    def too_often(self, rules: IntakeRules) -> bool:
        return (
            self.answers_in_hour >= rules.answers_per_hour
            or self.answers_in_day >= rules.answers_per_day
            or self.messages_in_hour >= rules.notices_per_hour
        )


NOTHING_LATELY = Lately()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def messages_lately(heard: tuple[datetime, ...], at: datetime) -> Lately:
    return Lately(messages_in_hour=sum(at - one < HOUR for one in heard))


def settled_long_ago(ended_at: datetime | None, at: datetime, rules: IntakeRules) -> bool:
    return ended_at is not None and at - ended_at > timedelta(days=rules.reopen_within_days)
