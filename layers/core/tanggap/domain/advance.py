"""Time passes: what a case's clocks ask for at an instant. Each rung of the ladder is climbed once, in order, however
late."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from . import clocks
from .case import Case, Delivery
from .clocks import ClockName
from .draft import Draft, Ids
from .ladder import Step, steps_due
from .letters import CLOCKS_ID, STEPS_ID
from .moves import move
from .policy import Policy
from .times import spoken, stamp
from .words import Purpose, Status

Waiting = Callable[[], Iterable[Delivery]]

#: A reporter who does not come back: an answered case is settled, an incomplete one can't be worked on.
ON_SILENCE: dict[Status, Status] = {Status.ANSWERED: Status.CLOSED, Status.NEEDS_INFO: Status.CLOSED}


def advance(case: Case, at: datetime, policy: Policy, ids: Ids, waiting: Waiting = tuple) -> Draft:
    """All steps that are due at `at`. Steps for the same address share one letter: those that fall due together, and
    those whose letter still waits for the office to open (`waiting` gives the case's queued rows; asked only when
    needed)."""
    draft = Draft(case, at, "system", policy, ids)
    letters: dict[str, list[tuple[ClockName, Step]]] = {}
    for clock in case.clocks:
        due = steps_due(clock, policy.ladder_of(clock), policy.calendar, draft.at)
        for step in due:
            _climb(draft, clock.name, step)
            if step.audience != "system":
                for address in policy.audience(step.audience, case.unit):
                    letters.setdefault(address, []).append((clock.name, step))
    queued = waiting() if letters else ()
    open_letters = {row.address: row for row in queued if row.purpose is Purpose.ESCALATION and row.wake is None}
    for address, rungs in letters.items():
        _write(draft, address, rungs, open_letters.get(address))
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


def _write(draft: Draft, address: str, rungs: list[tuple[ClockName, Step]], earlier: Delivery | None) -> None:
    steps = [*(earlier.steps if earlier else ()), *(f"{name}.{step.id}" for name, step in rungs)]
    lines = [_line(draft, step) for step in steps]
    facts = {"headline": STEPS_ID.get(rungs[-1][1].id, rungs[-1][1].id), "text": "\n".join(lines)}
    if earlier:
        draft.extend(earlier, facts, tuple(steps))
    else:
        draft.tell_office(Purpose.ESCALATION, (address,), facts, tuple(steps))


def _line(draft: Draft, step: str) -> str:
    name, _, rung = step.partition(".")
    clock = draft.clock(ClockName(name))
    due = spoken(clock.due_at, draft.policy.calendar.zone) if clock else "-"
    return f"- {STEPS_ID.get(rung, rung)} ({CLOCKS_ID[name]}, tenggat {due})"


def _silence(draft: Draft) -> None:
    to = ON_SILENCE.get(draft.case.status)
    if to is None:
        return
    clock = draft.clock(ClockName.REPORTER_REPLY)
    move(draft, to, silence="yes")
    draft.tell_reporter(Purpose.CLOSING, draft.until(clock))
