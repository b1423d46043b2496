"""A case that was decided under an older policy, brought under the one in force: its open deadlines move, and each that
moved is an entry in its history.

What is met or missed stays as it was judged, and a promise that the new policy adds counts for new cases alone: nobody
is late for what was not promised. Where the new policy has no term for what runs, the clock is stopped, and owed again
once a policy has one: a mistake that is taken back has changed no deadline. A promise that the policy gives up goes on
as it was promised. A rung of a ladder is known by its id: a step that is kept is not climbed again, one with a new id
is a new step."""

from __future__ import annotations

from . import clocks
from .clock_changes import owe_again, stop, under
from .clocks import Clock, Why
from .draft import Draft
from .times import stamp


def recompute(draft: Draft) -> None:
    """Under the draft's policy; recomputing twice changes nothing."""
    case, policy = draft.before, draft.policy
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
    if any(clock.stopped for clock in (*draft.clocks, *draft.unpromised)):
        for promise in policy.promises.values():
            owe_again(draft, promise, by_policy=True)


def _recompute(draft: Draft, clock: Clock) -> None:
    policy = draft.policy
    promise = policy.promises.get(clock.name)
    if promise:
        rule, allowed = promise.allowance(draft.now("kind"), draft.now("deadline_basis"))
        if allowed is None:
            stop(draft, clock, Why.POLICY)
            return
        moved = under(draft, clock, promise, rule, allowed, by_policy=True)
    elif clock.name in policy.former_promises:
        moved = clocks.recompute(clock, policy.calendar, policy.version)
    else:
        stop(draft, clock, Why.GIVEN_UP)
        return
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
