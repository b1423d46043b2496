"""How a desk stands at an instant: what is late, due and waiting, and the figures of a unit.

Out of the cases alone: nothing here reads, writes or sends. `desks`: the units that one address answers for, None among
them for cases that no unit has. The letters are digest_letters'."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .case import Case
from .clocks import Clock, ClockName, ClockState
from .letter_facts import shown_subject
from .policy import Policy
from .policy_people import LEADERSHIP
from .words import Kind, Priority, Status


class Standing(StrEnum):
    """In this order: a case is what the first of them says."""

    LATE = "late"
    #: By the end of the next working day.
    DUE = "due"
    #: For the reporter.
    WAITING = "waiting"
    OTHER = "other"


_ORDER = {standing: place for place, standing in enumerate(Standing)}


#: What is being written down while a digest reads goes with the next one.
MARGIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Span:
    """What a digest speaks of: how things stand at `until`, and what is new since `since`."""

    since: datetime
    until: datetime

    @property
    def begin(self) -> datetime:
        return self.since - MARGIN

    def holds(self, at: datetime | None) -> bool:
        return at is not None and self.begin < at <= self.until - MARGIN


@dataclass(frozen=True, slots=True)
class Line:
    """One case as its desk's digest shows it. `clock` and `due_at`: what is owed next, or was first; empty where nobody
    owes anything. `subject`: as far as it may be shown."""

    number: str
    kind: Kind
    subject: str
    standing: Standing
    entered_at: datetime
    clock: str = ""
    due_at: datetime | None = None
    urgent: bool = False
    new: bool = False


@dataclass(frozen=True, slots=True)
class Worklist:
    """The open cases of one address's desks, each once, what presses most first."""

    lines: tuple[Line, ...]

    def of(self, standing: Standing) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.standing is standing)

    @property
    def new(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.new)

    @property
    def says_something(self) -> bool:
        """Whoever only waits for reporters, or has time, is left alone."""
        return any(line.new or line.standing in (Standing.LATE, Standing.DUE) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the cases that a unit leads. `due`: by the end of the week. Since the last digest: `new`, `answered`,
    `closed`, and of the resolve clocks met (`judged`) those that were in time. `beyond`: late, and told to the
    leadership."""

    open: int = 0
    late: int = 0
    due: int = 0
    new: int = 0
    answered: int = 0
    closed: int = 0
    judged: int = 0
    in_time: int = 0
    beyond: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def says_something(self) -> bool:
        return any(astuple(self))

    @property
    def presses(self) -> bool:
        """Worth a word between two weekly digests."""
        return bool(self.late or self.due)


def worklist(cases: Iterable[Case], desks: Collection[str | None], span: Span, policy: Policy) -> Worklist:
    """As things stand at the end of the span. A case that several of the desks work on is shown once."""
    lines: dict[str, Line] = {}
    soon = _next_working_day(span.until, policy)
    for case in cases:
        if not case.ended and case.number not in lines:
            lines[case.number] = _line(case, desks, span, soon, policy)
    return Worklist(tuple(sorted(lines.values(), key=_pressing)))


def _line(case: Case, desks: Collection[str | None], span: Span, soon: date, policy: Policy) -> Line:
    mine = [clock for clock in case.clocks if clock.open and _concerns(clock, case, desks, policy)]
    was_due = [clock for clock in mine if is_late(clock, span.until)]
    owed = was_due or [clock for clock in mine if clock.state is not ClockState.PAUSED]
    first = min(owed, key=lambda clock: clock.due_at, default=None)
    entered = _entered(case, desks)
    return Line(
        number=case.number,
        kind=case.kind,
        subject=shown_subject(case.subject, case.confidentiality),
        standing=_standing(case, first, span.until, soon, policy),
        entered_at=entered,
        clock=first.name if first else "",
        due_at=first.due_at if first else None,
        urgent=case.priority == Priority.URGENT,
        # A machine's mail is low: an absence notice to one digest must not be what the next one is about.
        new=span.holds(entered) and case.priority != Priority.LOW,
    )


def _concerns(clock: Clock, case: Case, desks: Collection[str | None], policy: Policy) -> bool:
    """Does one of these desks owe it?"""
    return not _by_reporter(clock, policy) and case.owner(clock) in desks


def _by_reporter(clock: Clock, policy: Policy) -> bool:
    promise = policy.promise(clock.name)
    return promise.owes == "reporter" if promise else clock.name == ClockName.REPORTER_REPLY


def _standing(case: Case, first: Clock | None, at: datetime, soon: date, policy: Policy) -> Standing:
    if first and is_late(first, at):
        return Standing.LATE
    if first and policy.calendar.local(first.due_at).date() <= soon:
        return Standing.DUE
    if case.status is Status.NEEDS_INFO or any(_by_reporter(clock, policy) and clock.ticking for clock in case.clocks):
        return Standing.WAITING
    return Standing.OTHER


def is_late(clock: Clock, at: datetime) -> bool:
    """Also where no sweep has seen it yet."""
    return clock.open and clock.state is not ClockState.PAUSED and (_missed(clock) or clock.due_at <= at)


def _missed(clock: Clock) -> bool:
    return clock.state is ClockState.MISSED


def _entered(case: Case, desks: Collection[str | None]) -> datetime:
    """When it came to these desks: with the report, or with the assignment, which starts a clock of the unit's."""
    assigned = [clock.started_at for clock in case.clocks if clock.unit and clock.unit in desks]
    return min(assigned, default=came(case))


def came(case: Case) -> datetime:
    """When the desk learned of it."""
    return case.opened_at or case.received_at


def _pressing(line: Line) -> tuple[int, datetime, str]:
    """The oldest deadline first; what has none by its age."""
    return _ORDER[line.standing], line.due_at or line.entered_at, line.number


def _next_working_day(at: datetime, policy: Policy) -> date:
    return policy.calendar.working_day_after(policy.calendar.local(at).date(), 1)


def figures(unit: str | None, cases: Iterable[Case], span: Span, policy: Policy) -> Figures:
    """`cases`: those on the unit's desk that are open, and those that ended within the span. One pass, whatever their
    number: a case counts where it is led, so that the units' figures add up."""
    here = policy.calendar.local(span.until).date()
    sunday = here + timedelta(days=6 - here.weekday())
    open_, late, due, new, answered, closed, judged, in_time, beyond = 0, 0, 0, 0, 0, 0, 0, 0, 0
    for case in cases:
        if case.unit != unit:
            continue
        met = [one for one in case.clocks if one.name == ClockName.RESOLVE and span.holds(one.met_at)]
        owed_then = [one for one in met if one.state is not ClockState.STOPPED]
        judged += len(owed_then)
        in_time += sum(not _missed(one) for one in owed_then)
        new += span.holds(came(case))
        closed += span.holds(case.ended_at) if case.ended else 0
        answered += bool(met) and case.status is Status.ANSWERED
        if case.ended:
            continue
        open_ += 1
        owed = [one for one in case.clocks if one.open and not _by_reporter(one, policy)]
        was_due = [one for one in owed if is_late(one, span.until)]
        late += bool(was_due)
        beyond += any(_told_the_leadership(one, policy) for one in was_due)
        ahead = (one for one in owed if one.state is ClockState.RUNNING and one.due_at > span.until)
        due += not was_due and any(policy.calendar.local(one.due_at).date() <= sunday for one in ahead)
    return Figures(open_, late, due, new, answered, closed, judged, in_time, beyond)


def _told_the_leadership(clock: Clock, policy: Policy) -> bool:
    return any(step.audience == LEADERSHIP and step.id in clock.steps_done for step in policy.ladder_of(clock))
