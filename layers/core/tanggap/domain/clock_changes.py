"""What happens to a case as its clocks hear it: they start, pause, resume, start anew and are met; other terms reach
them; they are stopped where nobody owes them any more, and owed again.

A promise says what its clocks listen to (promises). One that the policy has given up goes on as it was promised, but
starts nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from . import clocks
from .clocks import Clock, ClockState, Why
from .draft import Draft
from .life import WORKED_ON
from .promises import ASSIGNED, OF_A_UNIT, OFFICER_WROTE, RECEIVED, UNIT_WROTE, Allowance, Promise
from .times import stamp
from .words import Status

_STATUSES: frozenset[str] = frozenset(Status)


def happen(draft: Draft, event: str, unit: str = "") -> None:
    """Something happened to the case (promises.EVENTS): every promise that listens to it is met, paused, resumed, reset
    or starts, in this order. `unit`: whom it concerns, where it concerns one."""
    policy, ended = draft.policy, draft.ended
    every: Iterable[Promise] = policy.promises.values()
    if policy.former_promises:
        every = tuple(chain(every, policy.former_promises.values()))
    # What a status paused, another status resumes.
    resumes = event in _STATUSES and any(one.stands_still for one in _all(draft))
    heard = (
        (_met_by, [one for one in every if event in one.meets or (ended and one.owes == "agency")]),
        (_paused_by, [one for one in every if event in one.pauses]),
        (_resumed_by, every if resumes else ()),
        (_reset_by, [one for one in every if event in one.resets]),
    )
    for act, listening in heard:
        for promise in listening:
            for clock in _clocks_of(draft, promise, event, unit):
                act(draft, promise, clock, event)
    if ended:
        for clock in draft.clocks:
            if clock.open and policy.promise(clock.name) is None:
                _meet(draft, clock)
        return
    for promise in policy.promises.values():
        if event in promise.starts:
            for owner in _owners(draft, promise, event, unit):
                _start(draft, promise, owner)


def retime(draft: Draft) -> None:
    """The kind (or the basis of its deadlines) changed: a clock that still runs or pauses gets the new one's term,
    counted from its own start. Without one it is stopped, and of what had none before the clock now runs, from when it
    would have. What was missed stays as it was judged."""
    for promise in draft.policy.promises.values():
        rule, allowed = _allowance(draft, promise)
        for clock in draft.clocks:
            if clock.name == promise.name and clock.ticking and clock.rule != rule:
                if allowed is None:
                    stop(draft, clock, Why.RULE)
                else:
                    _retime(draft, clock, promise, rule, allowed)
        owe_again(draft, promise)
        _start_unkept(draft, promise)


def withdraw(draft: Draft, unit: str) -> None:
    """A unit is not on the case any more: what it owed is owed by nobody. But what it has missed stays missed and owed:
    its ladder goes on, without the unit (Case.owner), until a unit of the case writes or the case is answered."""
    for clock in draft.clocks:
        if clock.unit == unit and unit:
            stop(draft, clock, Why.WITHDRAWN)


def stop(draft: Draft, clock: Clock, why: Why) -> None:
    """Reversibly; what is missed by then stays missed."""
    if not clock.ticking:
        return
    stopped = clocks.stop(clock, draft.at, why)
    draft.put(clock, stopped)
    if stopped.stopped:
        _record(draft, "clock_stopped", clock, rule=clock.rule, why=why, policy=str(draft.policy.version))
    _judge(draft, clock, stopped)


def owe_again(draft: Draft, promise: Promise, *, by_policy: bool = False) -> None:
    """What was stopped, or had no term, runs where there is a term now. `by_policy`: it is the policy that changed.
    Then a promise that is new to the case counts for new cases alone, unless it is a unit's or the reporter's, whose
    time begins now."""
    rule, allowed = _allowance(draft, promise)
    if allowed is None or draft.ended:
        return
    mine = [clock for clock in draft.clocks if clock.name == promise.name]
    for clock in mine:
        if clock.stopped and _on_the_case(draft, clock):
            _continue(draft, clock, promise, rule, allowed, by_policy=by_policy)
    for waiting in draft.unpromised:
        if waiting.name == promise.name and waiting.stopped and _on_the_case(draft, waiting):
            from_now = promise.by_unit or promise.owes == "reporter"
            if from_now or mine or not by_policy:
                _promise(draft, waiting, promise, rule, allowed, from_now=from_now)


def under(draft: Draft, clock: Clock, promise: Promise, rule: str, allowed: Allowance, *, by_policy: bool) -> Clock:
    """The clock under what is allowed now. A newer policy takes nothing away that was granted: in another unit it would
    not count, and so such a clock keeps its term."""
    policy = draft.policy
    if by_policy and clock.extensions and allowed.term.unit != clock.term.unit:
        return clocks.recompute(clock, policy.calendar, policy.version)
    longer = None if by_policy else bool(allowed.extension)
    moved = replace(clock, owes=promise.owes)
    return clocks.under(moved, rule, allowed.term, allowed.source, policy.calendar, policy.version, longer=longer)


def _all(draft: Draft) -> tuple[Clock, ...]:
    return draft.clocks + draft.unpromised


def _allowance(draft: Draft, promise: Promise) -> tuple[str, Allowance | None]:
    return promise.allowance(draft.now("kind"), draft.now("deadline_basis"))


def _owners(draft: Draft, promise: Promise, event: str, unit: str) -> tuple[str, ...]:
    if not promise.by_unit:
        return ("",)
    if draft.now("status") not in WORKED_ON:
        return ()  # it is the coordinator's
    return (unit,) if event in OF_A_UNIT else draft.case.units


def _clocks_of(draft: Draft, promise: Promise, event: str, unit: str) -> list[Clock]:
    """Those that hear it. The word of a unit speaks for those that have left, too: what they missed is their
    successors' to do."""
    mine = [clock for clock in _all(draft) if clock.name == promise.name and clock.met_at is None]
    if not promise.by_unit or event not in OF_A_UNIT:
        return mine
    gone = event == UNIT_WROTE
    return [clock for clock in mine if clock.unit == unit or (gone and not _on_the_case(draft, clock))]


def _on_the_case(draft: Draft, clock: Clock) -> bool:
    return not clock.unit or clock.unit in draft.case.units


def _met_by(draft: Draft, promise: Promise, clock: Clock, event: str) -> None:
    if promise.owes == "reporter" and clock.state is ClockState.MISSED:
        return  # silence is not an answer, even when the case ends by it
    _meet(draft, clock)


def _meet(draft: Draft, clock: Clock) -> None:
    met = clocks.meet(clock, draft.at)
    draft.put(clock, met)
    _judge(draft, clock, met)
    if not clock.stopped:  # else it was owed by nobody
        _record(draft, "clock_met", clock)


def _paused_by(draft: Draft, promise: Promise, clock: Clock, event: str) -> None:
    paused = clocks.pause(clock, draft.at, event)
    if paused is clock:
        return
    draft.put(clock, paused)
    _judge(draft, clock, paused)
    if paused.state is ClockState.PAUSED:
        _record(draft, "clock_paused", clock, why=event)


def _resumed_by(draft: Draft, promise: Promise, clock: Clock, event: str) -> None:
    """Another status than the one that paused it."""
    if event in promise.pauses or not clock.stands_still:
        return
    resumed = clocks.resume(clock, draft.at, draft.policy.calendar)
    draft.put(clock, clocks.counted_by(resumed, draft.policy.version))
    if not clock.stopped:
        _record(draft, "clock_resumed", clock)


def _reset_by(draft: Draft, promise: Promise, clock: Clock, event: str) -> None:
    anew = clocks.restart(clock, draft.at, draft.policy.calendar)
    if anew is clock:
        return
    draft.put(clock, clocks.counted_by(anew, draft.policy.version) if not anew.missed_at else anew)
    _judge(draft, clock, anew)
    if anew.ticking:
        _record(draft, "clock_restarted", clock, why=event)


def _start(draft: Draft, promise: Promise, unit: str) -> None:
    """Unless it runs already. What was stopped goes on; what the agency owes and has missed is not owed anew before it
    is done."""
    now = draft.clock(promise.name, unit)
    if now and now.open and (now.ticking or promise.owes == "agency"):
        return
    rule, allowed = _allowance(draft, promise)
    if allowed is None:
        if not (now and now.stopped):
            _wait(draft, promise, unit, rule)
    elif now and now.stopped:
        _continue(draft, now, promise, rule, allowed, by_policy=now.rule == rule)
    else:
        # What waited for a term, of a unit that was away when there was one again, waits no more.
        rest = [one for one in draft.unpromised if not (one.stopped and (one.name, one.unit) == (promise.name, unit))]
        begun = _begun(draft, promise, unit, rule, allowed)
        draft.set(clocks=(*draft.clocks, begun), unpromised=tuple(rest))


def _begun(draft: Draft, promise: Promise, unit: str, rule: str, allowed: Allowance) -> Clock:
    calendar, version = draft.policy.calendar, draft.policy.version
    return clocks.start(
        promise.name, rule, allowed.term, draft.at, calendar, version, unit, allowed.source, promise.owes
    )


def _wait(draft: Draft, promise: Promise, unit: str, rule: str) -> None:
    """It would start, were there a term for it. The latest of its name and unit is enough."""
    mine = [one for one in draft.unpromised if (one.name, one.unit) == (promise.name, unit)]
    if any(one.stopped for one in mine):
        return
    waiting = clocks.without_term(promise.name, rule, draft.at, draft.policy.version, unit, promise.owes)
    draft.set(unpromised=(*(one for one in draft.unpromised if one not in mine), waiting))


def _continue(draft: Draft, clock: Clock, promise: Promise, rule: str, allowed: Allowance, *, by_policy: bool) -> None:
    owed = clocks.owe(clock, draft.at, draft.policy.calendar)
    again = under(draft, owed, promise, rule, allowed, by_policy=by_policy)
    draft.put(clock, again)
    _moved(draft, "clock_continued", clock, again)


def _promise(draft: Draft, waiting: Clock, promise: Promise, rule: str, allowed: Allowance, *, from_now: bool) -> None:
    """What began without a term has one: counted from then on, or from now."""
    runs = _begun(draft, promise, waiting.unit, rule, allowed)
    if not from_now:
        termed = replace(waiting, rule=rule, term=runs.term, source=runs.source, policy_version=runs.policy_version)
        runs = clocks.owe(termed, draft.at, draft.policy.calendar)
    elif waiting.stands_still:
        runs = clocks.pause(runs, draft.at, waiting.pauses[-1].reason)
    draft.set(unpromised=tuple(one for one in draft.unpromised if one is not waiting), clocks=(*draft.clocks, runs))
    _record(draft, "clock_started", runs, rule=rule)


def _start_unkept(draft: Draft, promise: Promise) -> None:
    """Of a case from before it was kept what began without a term: what starts with the report, or with a unit, unless
    the case's status tells that it was met."""
    rule, allowed = _allowance(draft, promise)
    before, status = draft.before, draft.now("status")
    if allowed is None or promise.allowance(before.kind, before.deadline_basis)[1] or status in promise.meets:
        return
    if any(one.name == promise.name for one in _all(draft)):
        return
    if promise.by_unit:
        owners = _owners(draft, promise, "", "") if ASSIGNED in promise.starts else ()
    else:
        unanswered = OFFICER_WROTE not in promise.meets or status is Status.NEW
        owners = ("",) if RECEIVED in promise.starts and unanswered else ()
    for unit in owners:
        clock = _begun(draft, promise, unit, rule, allowed)
        if not unit:
            began = replace(clock, started_at=draft.case.received_at)
            clock = clocks.recompute(began, draft.policy.calendar, draft.policy.version)
        if status in promise.pauses:
            clock = clocks.pause(clock, draft.at, status)
        draft.set(clocks=(*draft.clocks, clock))
        _record(draft, "clock_started", clock, rule=rule)


def _retime(draft: Draft, clock: Clock, promise: Promise, rule: str, allowed: Allowance) -> None:
    moved = under(draft, clock, promise, rule, allowed, by_policy=False)
    draft.put(clock, moved)
    _moved(draft, "clock_retimed", clock, moved)


def _moved(draft: Draft, event: str, clock: Clock, moved: Clock) -> None:
    was, now = stamp(clock.due_at), stamp(moved.due_at)
    _record(draft, event, clock, rule=moved.rule, was=was, now=now, policy=str(draft.policy.version))


def _judge(draft: Draft, clock: Clock, now: Clock) -> None:
    """A breach that no sweep has seen yet."""
    if now.missed_at and not clock.missed_at:
        _record(draft, "missed", clock, due_at=stamp(clock.due_at), rule=clock.rule)


def _record(draft: Draft, event: str, clock: Clock, **data: str) -> None:
    draft.record(event, clock=clock.name, unit=clock.unit, **data)
