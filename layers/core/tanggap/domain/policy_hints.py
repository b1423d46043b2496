"""What a policy may say and an officer may not have meant: told by a dry run, never a fault.

A step that would fall before its clock starts falls at the start, and steps are taken in the order of their time,
however they are listed: both work, and neither is what somebody writes on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from . import clocks
from .clocks import Clock
from .ladder import step_at
from .policy import Policy
from .policy_oddities import oddities
from .promises import Promise

#: How far ahead the next year's days off are wanted: the joint decree comes in autumn, and deadlines of 60 working
#: days that start now end beyond.
DAYS_AHEAD = 60
#: Of one kind of hint; more say nothing more.
_NAMED = 10

Hint = dict[str, str]


def hints_for(policy: Policy, before: Policy, at: datetime) -> Iterator[Hint]:
    """`before`: the policy in force now; `at`: when the new one would be saved."""
    for promise in policy.promises.values():
        yield from _ladder(promise, policy, at)
    yield from _past_days(policy, before, at)
    yield from _hours_in(policy, before, at)
    named = {step.template for promise in policy.promises.values() for step in promise.ladder}
    for name in sorted(one for one in policy.letters if "-" in one and one not in named):
        yield _hint(f"letters.{name}", "is the letter of no step of a ladder: nobody gets it")
    for place, message in oddities(policy):
        yield _hint(place, message)
    left = days_known(policy, at)
    if left < DAYS_AHEAD:
        yield _hint("calendar.known_until", f"holidays are known for {max(left, 0)} more days: add next year's")


def days_known(policy: Policy, at: datetime) -> int:
    """Days from an instant to the last date that a decree covers; below zero beyond it."""
    return (policy.calendar.known_until - policy.calendar.local(at).date()).days


def _ladder(promise: Promise, policy: Policy, at: datetime) -> Iterator[Hint]:
    told: set[str] = set()
    for allowed in promise.allowed.values():
        if allowed is None:
            continue
        clock = clocks.start(promise.name, promise.name, allowed.term, at, policy.calendar, policy.version)
        for step, message in _oddities(promise, clock, policy):
            if step not in told:
                told.add(step)
                length = f"{allowed.term.amount} {allowed.term.unit}"
                yield _hint(f"clocks.{promise.name}.ladder", f"step {step} {message} (where the term is {length})")


def _oddities(promise: Promise, clock: Clock, policy: Policy) -> Iterator[tuple[str, str]]:
    times = [(step, step_at(clock, step, policy.calendar)) for step in promise.ladder]
    for step, when in times:
        if step.before and when <= clock.started_at:
            yield step.id, "would fall before the clock starts: it falls as it starts"
    for (_, earlier), (step, when) in pairwise(times):
        if when < earlier:
            yield step.id, "comes before the one listed above it: steps are taken in the order of their time"


def _past_days(policy: Policy, before: Policy, at: datetime) -> Iterator[Hint]:
    today = policy.calendar.local(at).date()
    known = before.calendar.days_off.keys()
    late = sorted(day for day in policy.calendar.days_off.keys() ^ known if day <= today)
    if late:
        named = ", ".join(day.isoformat() for day in late[:_NAMED])
        more = f" and {len(late) - _NAMED} more" if len(late) > _NAMED else ""
        yield _hint("calendar", f"{named}{more} has begun or passed: open deadlines move, what was met or missed stays")


def _hours_in(policy: Policy, before: Policy, at: datetime) -> Iterator[Hint]:
    calendar, today = policy.calendar, policy.calendar.local(at).date()
    given, were = calendar.hours_in, before.calendar.hours_in
    for period in (*given, *(one for one in were if one not in given)):
        named = f"{period.name}, {period.first} to {period.last},"
        days = range(period.first.toordinal(), period.last.toordinal() + 1)
        if period in given and not any(map(calendar.working, days)):
            yield _hint("calendar.hours_in", f"{named} holds no working day: it changes nothing")
        elif period.first <= today and (period in given) != (period in were):
            yield _hint(
                "calendar.hours_in", f"{named} has begun or passed: open deadlines move, what was met or missed stays"
            )


def _hint(place: str, message: str) -> Hint:
    return {"place": place, "message": message}
