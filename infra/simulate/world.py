"""Cases, officers and citizens in simulated time, through the real domain: the rules that run are those that are
deployed. Only mail, tables and the people are made up."""

from __future__ import annotations

import heapq
import math
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tanggap.domain import citizens, officers
from tanggap.domain.advance import advance
from tanggap.domain.case import Case, Change, Delivery, Message
from tanggap.domain.citizens import Addition, Opening
from tanggap.domain.clocks import Clock, ClockState
from tanggap.domain.draft import Draft
from tanggap.domain.permissions import Officer
from tanggap.domain.policy import Policy
from tanggap.domain.words import Channel, Kind, Purpose, Role, Status

from .scenario import Scenario
from .shares import COORDINATOR, Share
from .tally import Tally, month

#: A sweep runs each minute.
SWEEP = timedelta(minutes=1)


class Ids:
    """Counted: nothing here has to be unguessable."""

    def __init__(self) -> None:
        self.made = 0

    def new(self, at: datetime, order: int | None = None) -> str:
        self.made += 1
        return f"s{self.made:09d}"

    def salt(self) -> str:
        return "0" * 32

    def number(self) -> str:
        self.made += 1
        return f"n{self.made:09d}"


class Event(NamedTuple):
    """In the order of their time, and at one instant of their planning."""

    at: datetime
    seq: int
    kind: str
    number: str


class Team:
    """People who take cases in the order in which they come, each for so many minutes of office time."""

    def __init__(self, size: int, policy: Policy) -> None:
        self.calendar = policy.calendar
        self.free = [datetime.min.replace(tzinfo=policy.calendar.zone)] * size

    def done_at(self, at: datetime, work: timedelta) -> datetime:
        begins = max(at, heapq.heappop(self.free))
        ends = self.calendar.add_office_time(begins, work)
        heapq.heappush(self.free, ends)
        return ends


class Simulation:
    """One run, of all reports or of a share."""

    def __init__(self, policy: Policy, scenario: Scenario, share: Share, seed: int) -> None:
        self.policy, self.scenario, self.share = policy, scenario, share
        self.units, self.weights = tuple(share.weights), tuple(share.weights.values())
        self.teams = {unit: Team(people, policy) for unit, people in share.teams.items()}
        self.desk = Team(share.desk, policy)
        self.random = random.Random(seed)  # noqa: S311 - a simulation must repeat
        self.ids, self.tally = Ids(), Tally()
        self.open: dict[str, Case] = {}
        self.swept: dict[str, datetime] = {}
        self.events: list[Event] = []
        self.seq = 0
        self.coordinator = Officer("coordinator", Role.COORDINATOR)
        self.liaisons = {unit: Officer(f"liaison-{unit}", Role.LIAISON, unit) for unit in self.units}
        self.day: tuple[date | None, set[tuple[str, datetime]]] = (None, set())
        self.acts: dict[str, Callable[[Case, datetime], Draft | None]] = {
            "verify": self._verify,
            "work": self._work,
            "interim": self._interim,
            "answer": self._citizen_answers,
            "object": self._citizen_answers,
            "thanks": self._citizen_thanks,
            "sweep": self._sweep,
        }

    def run(self, start: datetime, days: int, progress: Callable[[int], None]) -> Tally:
        for at in self._arrivals(start, days, self.share.cases):
            self._plan(at, "arrive", self.ids.new(at))
        end, ticks = start + timedelta(days=days), start
        while self.events and self.events[0].at <= end:
            event = heapq.heappop(self.events)
            while event.at >= ticks:
                self._tick(ticks)
                progress(self.tally.cases)
                ticks = _next_month(ticks)
            self._happen(event)
        self.tally.open_at[f"{month(end)} end"] += len(self.open)
        for case in self.open.values():
            self._judge(case)
        return self.tally

    # -- what happens

    def _arrivals(self, start: datetime, days: int, cases: int) -> list[datetime]:
        of, zone = self.scenario, self.policy.calendar.zone
        first = start.astimezone(zone).date()
        dates = [first + timedelta(days=day) for day in range(days)]
        chosen = self.random.choices(dates, [of.weekdays[day.weekday()] for day in dates], k=cases)
        hours = self.random.choices(range(24), of.hours, k=cases)
        return [
            datetime(day.year, day.month, day.day, hour, self.random.randrange(60), tzinfo=zone)
            for day, hour in zip(chosen, hours, strict=True)
        ]

    def _plan(self, at: datetime, kind: str, number: str) -> None:
        self.seq += 1
        heapq.heappush(self.events, Event(at, self.seq, kind, number))

    def _happen(self, event: Event) -> None:
        if event.kind == "arrive":
            self._arrive(event.at, event.number)
            return
        case = self.open.get(event.number)
        draft = self.acts[event.kind](case, event.at) if case else None
        if draft is not None:
            self._keep(draft.change())

    def _arrive(self, at: datetime, number: str) -> None:
        kinds = self.scenario.kinds
        kind = Kind(self.random.choices(list(kinds), list(kinds.values()))[0])
        opening = Opening(
            number=number, message=self._message(number, at), reporter=f"reporter-{number}", answer=True, kind=kind
        )
        self.tally.cases += 1
        self._keep(citizens.open_case(opening, at, "reporter", self.policy, self.ids).change())
        self._plan(self._worked(self.desk, COORDINATOR, at, self.scenario.verify_minutes), "verify", number)

    def _verify(self, case: Case, at: datetime) -> Draft | None:
        if case.status is not Status.NEW:
            return None
        lot = self.random.random()
        incomplete, rejected = self.scenario.incomplete, self.scenario.rejected
        decision = "incomplete" if lot < incomplete else "reject" if lot < incomplete + rejected else "accept"
        reason = "" if decision == "accept" else "alasan"
        draft = officers.verify(case, self.coordinator, decision, reason, (), at, self.policy, self.ids)
        if decision == "incomplete" and self._chance(self.scenario.answers_questions):
            self._plan(at + self._some_days(), "answer", case.number)
        if decision != "accept":
            return draft
        self._keep(draft.change())
        unit = self.random.choices(self.units, self.weights)[0]
        assigned = officers.assign(
            self.open[case.number], self.coordinator, unit, None, "", (), at, self.policy, self.ids
        )
        self._hand(unit, case.number, at)
        return assigned

    def _hand(self, unit: str, number: str, at: datetime) -> None:
        ends = self._worked(self.teams[unit], unit, at, self.scenario.work_minutes)
        if self._chance(self.scenario.interim_reply):
            self._plan(at + (ends - at) / 2, "interim", number)
        self._plan(ends, "work", number)

    def _interim(self, case: Case, at: datetime) -> Draft | None:
        return self._reply(case, at, final=False)

    def _work(self, case: Case, at: datetime) -> Draft | None:
        draft = self._reply(case, at, final=True)
        if draft is not None:
            if self._chance(self.scenario.objects):
                self._plan(at + self._some_days(), "object", case.number)
            elif self._chance(self.scenario.thanks):
                self._plan(at + self._some_days(), "thanks", case.number)
        return draft

    def _reply(self, case: Case, at: datetime, final: bool) -> Draft | None:
        if case.unit is None or case.status not in (Status.VERIFIED, Status.FORWARDED, Status.IN_PROGRESS):
            return None
        officer = self.liaisons[case.unit]
        return officers.reply(case, officer, "jawaban", (), final, (), at, self.policy, self.ids)

    def _citizen_answers(self, case: Case, at: datetime) -> Draft | None:
        draft = self._hear(case, at)
        if draft.case.status is Status.NEW:
            self._plan(self._worked(self.desk, COORDINATOR, at, self.scenario.verify_minutes), "verify", case.number)
        elif draft.case.status is Status.IN_PROGRESS and case.unit:
            self._hand(case.unit, case.number, at)
        return draft

    def _citizen_thanks(self, case: Case, at: datetime) -> Draft | None:
        return self._hear(case, at, thanks=True)

    def _hear(self, case: Case, at: datetime, thanks: bool = False) -> Draft:
        addition = Addition(message=self._message(case.number, at), proof="token", thanks=thanks)
        return citizens.add_message(case, addition, at, self.policy, self.ids)

    def _sweep(self, case: Case, at: datetime) -> Draft | None:
        if case.due_at is None or case.due_at > at:
            return None
        return advance(case, at, self.policy, self.ids)

    # -- bookkeeping

    def _keep(self, change: Change) -> None:
        case = change.case
        if case is None:
            return
        for entry in change.history:
            if entry.event == "escalated":
                self.tally.steps[month(entry.at), entry.data["audience"]] += 1
        for delivery in change.deliveries:
            self._letter(delivery)
        if case.ended:
            self.open.pop(case.number, None)
            self.tally.ends[str(case.status)] += 1
            self._judge(case)
            return
        self.open[case.number] = case
        if case.due_at and self.swept.get(case.number) != case.due_at:
            self.swept[case.number] = case.due_at
            self._plan(case.due_at + SWEEP, "sweep", case.number)

    def _letter(self, delivery: Delivery) -> None:
        self.tally.letters["reporter" if delivery.reporter else str(delivery.purpose)] += 1
        if delivery.purpose is not Purpose.ESCALATION:
            return
        # What goes to one address at one time goes as one letter.
        goes = delivery.due_at if delivery.wake is None and delivery.due_at else delivery.created_at
        today, told = self.day
        if today != delivery.created_at.date():
            for address, count in Counter(address for address, _ in told).items():
                self.tally.busiest_day[address] = max(self.tally.busiest_day[address], count)
            told = set()
            self.day = (delivery.created_at.date(), told)
        told.add((delivery.address, goes.replace(second=0, microsecond=0)))

    def _judge(self, case: Case) -> None:
        for clock in case.clocks:
            self.tally.clocks[clock.name, _outcome(clock)] += 1
            if clock.state is ClockState.MISSED:
                end = clock.met_at or case.last_at
                self.tally.late_hours[clock.name] += max(0, round((end - clock.due_at).total_seconds() / 3600))
        self.swept.pop(case.number, None)

    def _tick(self, at: datetime) -> None:
        self.tally.open_at[month(at)] += len(self.open)

    def _worked(self, team: Team, name: str, at: datetime, median: float) -> datetime:
        minutes = median * math.exp(self.random.gauss(0, self.scenario.spread))
        self.tally.worked_minutes[name] += round(minutes)
        return team.done_at(at, timedelta(minutes=minutes))

    def _message(self, number: str, at: datetime) -> Message:
        return Message(
            id=self.ids.new(at), case=number, direction="in", channel=Channel.EMAIL, at=at, text="laporan", subject="x"
        )

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _some_days(self) -> timedelta:
        return timedelta(days=self.random.expovariate(1 / self.scenario.answer_days))


def _outcome(clock: Clock) -> str:
    return "running" if clock.ticking else str(clock.state)


def _next_month(at: datetime) -> datetime:
    return (at.replace(day=1) + timedelta(days=32)).replace(day=1)
