"""Time passes: what a case's clocks ask for at an instant. Each rung of the ladder is climbed once, in order, however
late."""

from __future__ import annotations

from datetime import datetime

from . import clocks
from .case import Case
from .clocks import Clock, ClockName
from .draft import Draft, Ids
from .ladder import Step, steps_due
from .letters import CLOCKS_ID, STEPS_ID
from .moves import move
from .policy import Policy
from .times import spoken, stamp
from .words import Purpose, Status

#: A reporter who does not come back: an answered case is settled, an incomplete one can't be worked on.
ON_SILENCE: dict[Status, Status] = {Status.ANSWERED: Status.CLOSED, Status.NEEDS_INFO: Status.CLOSED}


def advance(case: Case, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """All steps that are due at `at`. Steps for the same address that fall due together share one letter."""
    draft = Draft(case, at, "system", policy, ids)
    letters: dict[str, list[tuple[Clock, Step]]] = {}
    for clock in case.clocks:
        due = steps_due(clock, policy.ladder_of(clock), policy.calendar, draft.at)
        for step in due:
            _climb(draft, clock.name, step)
            if step.audience != "system":
                for address in policy.audience(step.audience, case.unit):
                    letters.setdefault(address, []).append((clock, step))
    for address, rungs in letters.items():
        _write(draft, address, rungs)
    if any(name is ClockName.REPORTER_REPLY for name in _missed(case, draft.case)):
        _silence(draft)
    return draft


def begin(case: Case, at: datetime, actor: str, policy: Policy, ids: Ids) -> Draft:
    """The draft of somebody's act. What fell due before it is climbed first, so that an act one second after a
    deadline, but before the minute's sweep, does not make the breach unseen."""
    draft = advance(case, at, policy, ids) if case.due_at and case.due_at < at else Draft(case, at, actor, policy, ids)
    draft.actor = actor
    return draft


def _missed(before: Case, after: Case) -> list[ClockName]:
    return [
        new.name for old, new in zip(before.clocks, after.clocks, strict=True) if new.missed_at and not old.missed_at
    ]


def _climb(draft: Draft, name: ClockName, step: Step) -> None:
    clock = next(c for c in reversed(draft.case.clocks) if c.name is name)
    if step.fraction == 1.0:
        missed = clocks.miss(clock, draft.at)
        draft.put(clock, missed)
        if missed.missed_at and not clock.missed_at:
            draft.record("missed", clock=name, due_at=stamp(clock.due_at), rule=clock.rule)
        clock = missed
    draft.put(clock, clocks.done(clock, step.id))
    if step.audience != "system":
        draft.record("escalated", clock=name, step=step.id, audience=step.audience)


def _write(draft: Draft, address: str, rungs: list[tuple[Clock, Step]]) -> None:
    zone = draft.policy.calendar.zone
    lines = [
        f"- {STEPS_ID.get(step.id, step.id)} ({CLOCKS_ID[clock.name]}, tenggat {spoken(clock.due_at, zone)})"
        for clock, step in rungs
    ]
    worst = rungs[-1][1]
    draft.tell_office(
        Purpose.ESCALATION,
        (address,),
        {"headline": STEPS_ID.get(worst.id, worst.id), "text": "\n".join(lines)},
        tuple(f"{clock.name}.{step.id}" for clock, step in rungs),
    )


def _silence(draft: Draft) -> None:
    to = ON_SILENCE.get(draft.case.status)
    if to is None:
        return
    clock = draft.clock(ClockName.REPORTER_REPLY)
    move(draft, to, silence="yes")
    draft.tell_reporter(Purpose.CLOSING, draft.until(clock))
