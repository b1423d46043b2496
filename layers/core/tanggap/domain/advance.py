"""Time passes: what a case's clocks ask for at an instant. Each rung of the ladder is climbed once, in order, however
late."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from . import clocks
from .case import Case, Delivery
from .clocks import Clock, ClockName
from .draft import Draft, Ids
from .ladder import SYSTEM, Step, steps_due
from .letters import STEPS_ID
from .moves import move
from .policy import Policy
from .times import spoken, stamp
from .words import Purpose, Status

Waiting = Callable[[], Iterable[Delivery]]

#: A reporter who does not come back: an answered case is settled, an incomplete one can't be worked on.
ON_SILENCE: dict[Status, Status] = {Status.ANSWERED: Status.CLOSED, Status.NEEDS_INFO: Status.CLOSED}


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of one clock, as a letter names it: `id` is kept on the delivery."""

    clock: Clock
    step: Step

    @property
    def id(self) -> str:
        owner = f"@{self.clock.unit}" if self.clock.unit else ""
        return f"{self.clock.name}{owner}.{self.step.id}"


def advance(case: Case, at: datetime, policy: Policy, ids: Ids, waiting: Waiting = tuple) -> Draft:
    """All steps that are due at `at`. Steps for the same address share one letter: those that fall due together, and
    those whose letter still waits for the office to open (`waiting` gives the case's queued rows; asked only when
    needed)."""
    draft = Draft(case, at, "system", policy, ids)
    letters: dict[str, list[Rung]] = {}
    for clock in case.clocks:
        due = steps_due(clock, policy.ladder_of(clock), policy.calendar, draft.at)
        for step in due:
            climbed = _climb(draft, clock, step)
            if step.audience != SYSTEM:
                for address in policy.audience(step.audience, clock.unit or case.unit, draft.at):
                    letters.setdefault(address, []).append(Rung(climbed, step))
            clock = climbed
    queued = waiting() if letters else ()
    open_letters = {row.address: row for row in queued if row.purpose is Purpose.ESCALATION and row.wake is None}
    for address, rungs in letters.items():
        _write(draft, address, rungs, open_letters.get(address))
    if any(clock.name == ClockName.REPORTER_REPLY for clock in _missed(case, draft.case)):
        _silence(draft)
    return draft


def begin(case: Case, at: datetime, actor: str, policy: Policy, ids: Ids) -> Draft:
    """The draft of somebody's act. What fell due before it is climbed first, so that an act one second after a
    deadline, but before the minute's sweep, does not make the breach unseen."""
    draft = advance(case, at, policy, ids) if case.due_at and case.due_at < at else Draft(case, at, actor, policy, ids)
    draft.actor = actor
    return draft


def _missed(before: Case, after: Case) -> list[Clock]:
    return [new for old, new in zip(before.clocks, after.clocks, strict=True) if new.missed_at and not old.missed_at]


def _climb(draft: Draft, clock: Clock, step: Step) -> Clock:
    """The clock with its step taken, as it stands on the case from now on."""
    climbed = clock
    if step.breach:
        climbed = clocks.miss(clock, draft.at)
        if climbed.missed_at and not clock.missed_at:
            draft.record("missed", clock=clock.name, unit=clock.unit, due_at=stamp(clock.due_at), rule=clock.rule)
    climbed = clocks.done(climbed, step.id)
    draft.put(clock, climbed)
    if step.audience != SYSTEM:
        audience = "address" if "@" in step.audience else step.audience  # no address in the history
        draft.record("escalated", clock=clock.name, unit=clock.unit, step=step.id, audience=audience)
    return climbed


def _write(draft: Draft, address: str, rungs: list[Rung], earlier: Delivery | None) -> None:
    steps = [*(earlier.steps if earlier else ()), *(rung.id for rung in rungs)]
    lines = [_line(draft, step) for step in steps]
    facts = {"headline": STEPS_ID.get(rungs[-1].step.id, rungs[-1].step.id), "text": "\n".join(lines)}
    at_once = any(rung.step.at_once(rung.clock) for rung in rungs)
    if earlier:
        draft.extend(earlier, facts, tuple(steps), at_once)
    else:
        draft.tell_office(Purpose.ESCALATION, (address,), facts, tuple(steps), at_once)


def _line(draft: Draft, rung: str) -> str:
    clock_id, _, step = rung.partition(".")
    name, _, unit = clock_id.partition("@")
    clock = draft.clock(name, unit)
    due = spoken(clock.due_at, draft.policy.calendar.zone) if clock else "-"
    whose = f" {draft.policy.units[unit].name}" if unit in draft.policy.units else ""
    return f"- {STEPS_ID.get(step, step)} ({draft.policy.label(name)}{whose}, tenggat {due})"


def _silence(draft: Draft) -> None:
    to = ON_SILENCE.get(draft.case.status)
    if to is None:
        return
    clock = draft.clock(ClockName.REPORTER_REPLY)
    move(draft, to, silence="yes")
    draft.tell_reporter(Purpose.CLOSING, draft.until(clock))
