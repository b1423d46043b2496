"""A case that was decided under an older policy, brought under the one in force: its open deadlines move, and each that
moved is an entry in its history.

What is met or missed stays as it was judged, and a promise that the new policy adds counts for new cases alone: nobody
is late for what was not promised. A rung of a ladder is known by its id: a step that is kept is not climbed again, one
with a new id is a new step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from . import clocks
from .case import Case
from .clocks import Clock
from .draft import Draft
from .ladder import next_step_at
from .policy import Policy
from .times import stamp


def recompute(draft: Draft) -> None:
    """Under the draft's policy; recomputing twice changes nothing."""
    case, policy = draft.case, draft.policy
    if case.policy_version == policy.version:
        return
    draft.set(policy_version=policy.version)
    if case.policy_version > policy.version:
        # This process has not seen the newer policy yet (policies are cached for a minute). What it decides on the case
        # is computed anew by whoever looks at the case next: the number tells them so.
        return
    for clock in case.clocks:
        if clock.ticking:
            _recompute(draft, clock)


def next_at(case: Case, policy: Policy) -> datetime | None:
    """The first instant at which a clock of the case needs something."""
    steps = (next_step_at(clock, policy.ladder_of(clock), policy.calendar) for clock in case.clocks)
    return min((at for at in steps if at), default=None)


def _recompute(draft: Draft, clock: Clock) -> None:
    policy, case = draft.policy, draft.case
    moved = clock
    if promise := policy.promises.get(clock.name):  # one that the policy has given up goes on as it was promised
        rule, allowed = promise.allowance(case.kind, case.deadline_basis)
        if allowed is None:
            draft.set(clocks=tuple(other for other in case.clocks if other is not clock))
            draft.record(
                "clock_stopped", clock=clock.name, unit=clock.unit, rule=clock.rule, policy=str(policy.version)
            )
            return
        # What was granted besides counts in the unit in which it was granted: such a clock keeps its term.
        if allowed.term.unit == clock.term.unit or not clock.extensions:
            moved = replace(clock, rule=rule, term=allowed.term, source=allowed.source)
    moved = clocks.recompute(moved, policy.calendar, policy.version)
    draft.put(clock, moved)
    if (moved.due_at, moved.term) != (clock.due_at, clock.term):
        draft.record(
            "clock_moved",
            clock=clock.name,
            unit=clock.unit,
            rule=moved.rule,
            was=stamp(clock.due_at),
            now=stamp(moved.due_at),
            policy=str(policy.version),
        )
