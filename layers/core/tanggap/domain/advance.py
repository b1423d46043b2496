"""Time passes: what a case's clocks ask for at an instant. Each rung of the ladder is climbed once, in order, however
late."""

from __future__ import annotations

from datetime import datetime

from . import clocks, ladder_letters
from .case import Case
from .clocks import Clock, ClockName
from .draft import Draft, Ids
from .ladder import SYSTEM, Step, step_at, steps_due
from .life import SILENCE, by
from .moves import move
from .policy import Policy
from .policy_people import INSPECTORATE
from .recompute import recompute
from .rungs import Rung
from .times import stamp
from .words import Purpose


def advance(case: Case, at: datetime, policy: Policy, ids: Ids) -> Draft:
    """All steps that are due at `at`, under the policy in force. Those that fall due together for one address share a
    letter, which the sweep lets out. The addresses are those of the day on which it is written: who stands in for
    somebody that day is told."""
    draft = Draft(case, at, "system", policy, ids)
    recompute(draft)
    case = draft.case
    letters: dict[tuple[Purpose, str], list[Rung]] = {}
    for to, rung in _climb_all(draft):
        letters.setdefault(to, []).append(rung)
    for (purpose, address), rungs in letters.items():
        at_once = any(rung.step.at_once(rung.clock) for rung in rungs)
        steps = tuple(rung.id for rung in rungs)
        facts = ladder_letters.about(draft.case, steps, policy, draft.at)
        own = ladder_letters.template(draft.case, steps, policy)
        draft.tell_office(purpose, (address,), facts, steps, at_once, template=own)
    if any(clock.name == ClockName.REPORTER_REPLY for clock in _missed(case, draft.case)):
        _silence(draft)
    return draft


def begin(case: Case, at: datetime, actor: str, policy: Policy, ids: Ids) -> Draft:
    """The draft of somebody's act. What fell due before it is climbed first, so that an act one second after a
    deadline, but before the minute's sweep, does not make the breach unseen."""
    draft = Draft(case, at, "system", policy, ids)
    recompute(draft)
    due_at = case.due_at if draft.case is case else draft.next_at
    if due_at and due_at < at:
        draft = advance(case, at, policy, ids)
    draft.actor = actor
    return draft


def _missed(before: Case, after: Case) -> list[Clock]:
    return [new for old, new in zip(before.clocks, after.clocks, strict=True) if new.missed_at and not old.missed_at]


def _climb_all(draft: Draft) -> list[tuple[tuple[Purpose, str], Rung]]:
    """What is due of all clocks, in the order of its time, and whom each step tells by which letter. Steps of one clock
    and instant that lead to one address by several roles tell it once, by the last of them."""
    told: dict[tuple[int, datetime, str], tuple[Purpose, Rung]] = {}
    policy = draft.policy
    due = [
        (step_at(clock, step, policy.calendar), place, step)
        for place, clock in enumerate(draft.clocks)
        for step in steps_due(clock, policy.ladder_of(clock), policy.calendar, draft.at)
    ]
    for when, place, step in sorted(due, key=lambda one: one[:2]):
        clock = _climb(draft, draft.clocks[place], step)
        if step.audience == SYSTEM:
            continue
        purpose = _purpose(step)
        for address in policy.audience(step.audience, draft.case.owner(clock), draft.at):
            told[place, when, address] = purpose, Rung(clock, step)
    return [((purpose, address), rung) for (_, _, address), (purpose, rung) in told.items()]


def _purpose(step: Step) -> Purpose:
    if step.template:
        return Purpose(step.template.partition("-")[0])
    return Purpose.HANDOVER if step.audience == INSPECTORATE else Purpose.ESCALATION


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


def _silence(draft: Draft) -> None:
    row = by(draft.case, SILENCE)
    if row is None or row.told is None:
        return
    clock = draft.clock(ClockName.REPORTER_REPLY)
    move(draft, row.to, door=row.door, silence="yes")
    draft.tell_reporter(row.told, draft.until(clock))
