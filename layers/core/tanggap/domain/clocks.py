"""Running promises: when each is due, what paused it, and how it ended. Everything here returns a new clock.

Terms
-----
working_days   The day of start is not counted. Due when the office closes on the N-th day that counts: a working day at
               whose close the clock ran. A clock paused at the very close ran that day; one resumed then did not.
calendar_days  The same, with every day of the week, and with 23:59:59 for the close: midnight would show the next date.
               Ends on the next working day where the last one is free: a deadline never falls on a free day.
hours          By the wall clock, on any day: a promise by the hour is kept by the hour. A pause adds its length.
office_hours   The same, of the time in which the office is open.

While a clock is paused its `due_at` is the one that it would have if resumed at once; `resume` moves it.
A time before the last thing that happened to a clock counts as that thing's time.

A clock that has no term any more is stopped, not deleted: nobody owes it, no step of its ladder is taken, and what
pauses, resumes and meets it is heard as ever, so that it can be owed again as if it had run on. A unit's own clock
stood still meanwhile: nobody can be late with what was not theirs. What the agency owes was promised to a citizen, and
counted on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from .calendar import WorkCalendar
from .deadlines import due, first_due
from .terms import Extension, Pause, Term


class ClockName(StrEnum):
    """The clocks that every agency has. A policy may name more."""

    FIRST_RESPONSE = "first_response"
    VERIFY = "verify"
    RESOLVE = "resolve"
    FOLLOW_UP = "follow_up"
    REPORTER_REPLY = "reporter_reply"


Owes = Literal["agency", "reporter"]


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    STOPPED = "stopped"


class Why(StrEnum):
    """Why a clock was stopped: no term for the case's kind or basis, none in a newer policy, a promise that the policy
    has given up, a unit that is on the case no more."""

    RULE = "rule"
    POLICY = "policy"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Clock:
    """`rule` names the policy's field that the term comes from, `source` the law behind it. `unit`: whose clock it is,
    where each unit of a case has its own. `missed_at` is when the breach was noticed, at or after `due_at`.
    `policy_version`: by whose calendar the due date was counted; `rule_version`: whose rule the term is, where that is
    another. `set_aside`: what was granted by a law that knows more time, while the term comes from one that does not.

    MISSED is final: what is met late has `met_at` and stays MISSED. So is STOPPED once `met_at` is set: what was done
    while nobody owed it is judged neither way."""

    name: str
    rule: str
    policy_version: int
    term: Term
    started_at: datetime
    due_at: datetime
    state: ClockState = ClockState.RUNNING
    pauses: tuple[Pause, ...] = ()
    met_at: datetime | None = None
    missed_at: datetime | None = None
    steps_done: tuple[str, ...] = ()
    unit: str = ""
    source: str = ""
    extensions: tuple[Extension, ...] = ()
    owes: Owes = "agency"
    stopped_at: datetime | None = None
    stopped_why: Why | None = None
    set_aside: tuple[Extension, ...] = ()
    rule_version: int | None = None

    @property
    def amount(self) -> int:
        """Of the term's unit, with what was granted besides."""
        return self.term.amount + sum(extension.amount for extension in self.extensions)

    @property
    def ticking(self) -> bool:
        """Running, or paused: its due date may still move."""
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)

    @property
    def open(self) -> bool:
        """Somebody still owes something."""
        return self.met_at is None and self.state is not ClockState.STOPPED

    @property
    def stopped(self) -> bool:
        """Nobody owes it, and it could be owed again."""
        return self.met_at is None and self.state is ClockState.STOPPED

    @property
    def stands_still(self) -> bool:
        """A pause lasts, whether or not anybody owes it."""
        return bool(self.pauses) and self.pauses[-1].until is None

    @property
    def promised_by(self) -> int:
        """The policy version whose rule the term is."""
        return self.rule_version or self.policy_version


def start(
    name: str,
    rule: str,
    term: Term,
    at: datetime,
    calendar: WorkCalendar,
    policy_version: int,
    unit: str = "",
    source: str = "",
    owes: Owes = "agency",
) -> Clock:
    due_at = first_due(term, at, calendar)
    return Clock(name, rule, policy_version, term, at, due_at, unit=unit, source=source, owes=owes)


def without_term(name: str, rule: str, at: datetime, policy_version: int, unit: str, owes: Owes) -> Clock:
    """What begins for which there is no term: stopped from the start, to be given one (`start`, `owe`) or to be met."""
    nominal = Term(1, "hours")
    stopped = Clock(name, rule, policy_version, nominal, at, at, ClockState.STOPPED, unit=unit, owes=owes)
    return replace(stopped, stopped_at=at, stopped_why=Why.RULE)


def pause(clock: Clock, at: datetime, reason: str) -> Clock:
    """Only a running clock pauses; a second pause inside the first changes nothing. Once due, it is too late: the clock
    is missed, even if no sweep has seen that yet. Of a stopped one the pause is kept."""
    if clock.stands_still or not (clock.state is ClockState.RUNNING or clock.stopped):
        return clock
    at = _not_before(clock, at)
    if clock.state is ClockState.RUNNING and at >= clock.due_at:
        return miss(clock, at)
    state = clock.state if clock.stopped else ClockState.PAUSED
    return replace(clock, state=state, pauses=(*clock.pauses, Pause(at, None, reason)))


def resume(clock: Clock, at: datetime, calendar: WorkCalendar) -> Clock:
    """Only a paused clock resumes, with a due date that leaves the pause out. Of a stopped one the pause ends."""
    if clock.met_at or not clock.stands_still:
        return clock
    state = clock.state if clock.stopped else ClockState.RUNNING
    resumed = replace(clock, state=state, pauses=_ended(clock, at))
    return replace(resumed, due_at=due(resumed, calendar))


def extend(clock: Clock, extension: Extension, calendar: WorkCalendar) -> Clock:
    """Only a clock whose due date may still move is extended; what is missed stays missed."""
    if not clock.ticking or (clock.state is ClockState.RUNNING and extension.at > clock.due_at):
        return clock
    extended = replace(clock, extensions=(*clock.extensions, extension))
    return replace(extended, due_at=due(extended, calendar))


def restart(clock: Clock, at: datetime, calendar: WorkCalendar) -> Clock:
    """The term runs anew from `at`; what had run so far, its pauses, extensions and steps, counts no more. A clock that
    is due by then is missed instead."""
    if not (clock.ticking or clock.stopped):
        return clock
    at = _not_before(clock, at)
    if clock.state is ClockState.RUNNING and at > clock.due_at:
        return miss(clock, at)
    anew = replace(clock, started_at=at, pauses=(), extensions=(), set_aside=(), steps_done=())
    anew = replace(anew, stopped_at=at) if clock.stopped else replace(anew, state=ClockState.RUNNING)
    return replace(anew, due_at=due(anew, calendar))


def meet(clock: Clock, at: datetime) -> Clock:
    """The first time counts. At `due_at` is in time; later is missed, even if no sweep has seen that yet. A paused
    clock is always in time."""
    if clock.met_at:
        return clock
    at = _not_before(clock, at)
    if clock.stopped:
        return replace(clock, met_at=at, pauses=_ended(clock, at))
    if clock.state is ClockState.RUNNING and at > clock.due_at:
        clock = miss(clock, at)
    if clock.state is ClockState.MISSED:
        return replace(clock, met_at=at)
    return replace(clock, state=ClockState.MET, met_at=at, pauses=_ended(clock, at))


def stop(clock: Clock, at: datetime, why: Why) -> Clock:
    """Nobody owes it any more. A clock that is due by then is missed instead, and stays owed."""
    if not clock.ticking:
        return clock
    at = _not_before(clock, at)
    if clock.state is ClockState.RUNNING and at >= clock.due_at:
        return miss(clock, at)
    return replace(clock, state=ClockState.STOPPED, stopped_at=at, stopped_why=why)


def owe(clock: Clock, at: datetime, calendar: WorkCalendar) -> Clock:
    """A stopped clock is owed again, as if it had never been stopped, and paused where a pause still lasts. What a unit
    or the reporter owes stood still; what the agency owes may be overdue by now."""
    if not clock.stopped or clock.stopped_at is None:
        return clock
    pauses = clock.pauses
    if clock.unit or clock.owes == "reporter":
        pauses = _filled(pauses, clock.stopped_at, _not_before(clock, at), str(clock.stopped_why))
    again = replace(clock, state=ClockState.RUNNING, pauses=pauses, stopped_at=None, stopped_why=None)
    again = replace(again, due_at=due(again, calendar))
    if again.stands_still:
        # A pause that began once it was due came too late.
        in_time = tuple(gap for gap in pauses if gap.since < again.due_at)
        lasts = len(in_time) == len(pauses)
        again = replace(again, pauses=in_time, state=ClockState.PAUSED if lasts else ClockState.RUNNING)
    return again


def miss(clock: Clock, at: datetime) -> Clock:
    """Only a running clock is missed, and not before it is due."""
    if clock.state is not ClockState.RUNNING or at < clock.due_at:
        return clock
    return replace(clock, state=ClockState.MISSED, missed_at=at)


def recompute(clock: Clock, calendar: WorkCalendar, policy_version: int) -> Clock:
    """The same term under another calendar. What is met or missed stays as it was judged; steps done stay done."""
    if not clock.ticking:
        return clock
    return counted_by(replace(clock, due_at=due(clock, calendar)), policy_version)


def counted_by(clock: Clock, policy_version: int) -> Clock:
    """The due date was counted by this policy's calendar; the term is whose it was."""
    kept = clock.promised_by
    return replace(clock, policy_version=policy_version, rule_version=kept if kept != policy_version else None)


def under(
    clock: Clock,
    rule: str,
    term: Term,
    source: str,
    calendar: WorkCalendar,
    policy_version: int,
    *,
    longer: bool | None = None,
) -> Clock:
    """Another term, counted from the clock's own start. `longer`: does its law know more time? What was granted counts
    only where it does, in the unit in which it was granted, and is set aside elsewhere; None: it stays as it is."""
    if not clock.ticking:
        return clock
    extensions, aside = clock.extensions, clock.set_aside
    if longer is not None:
        granted = (*aside, *(replace(one, unit=clock.term.unit) for one in extensions))
        heeded = [longer and one.unit == term.unit for one in granted]
        extensions = tuple(replace(one, unit="") for one, counts in zip(granted, heeded, strict=True) if counts)
        aside = tuple(one for one, counts in zip(granted, heeded, strict=True) if not counts)
    moved = replace(clock, rule=rule, term=term, source=source, extensions=extensions, set_aside=aside)
    return replace(moved, due_at=due(moved, calendar), policy_version=policy_version, rule_version=None)


def done(clock: Clock, *steps: str) -> Clock:
    """These steps of the ladder (their ids) are taken; each is kept once."""
    return replace(clock, steps_done=tuple(dict.fromkeys((*clock.steps_done, *steps))))


def _ended(clock: Clock, at: datetime) -> tuple[Pause, ...]:
    """The clock's pauses, the last of them ended if it lasts."""
    if not clock.pauses or clock.pauses[-1].until is not None:
        return clock.pauses
    return (*clock.pauses[:-1], replace(clock.pauses[-1], until=_not_before(clock, at)))


def _filled(pauses: tuple[Pause, ...], since: datetime, until: datetime, reason: str) -> tuple[Pause, ...]:
    """The pauses, and between them what else of a stretch of time there is."""
    found: list[Pause] = []
    reached = since
    for gap in pauses:
        if gap.since > reached:
            found.append(Pause(reached, gap.since, reason))
        found.append(gap)
        reached = max(reached, gap.until or until)
    if until > reached:
        found.append(Pause(reached, until, reason))
    return tuple(found)


def _not_before(clock: Clock, at: datetime) -> datetime:
    """A clock never runs backwards."""
    latest = clock.started_at
    if clock.pauses:
        latest = clock.pauses[-1].until or clock.pauses[-1].since
    return max(at, clock.stopped_at or latest, clock.missed_at or latest)
