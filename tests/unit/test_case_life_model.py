"""One case lives at random: officers of three kinds, its reporter, strangers and robots, time, crashes and duplicates.
Whatever comes, what the table of moves says (domain.life) holds, and so do the promises about clocks and history."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tanggap.adapters.memory import MemoryCases
from tanggap.application.desk import Filter
from tanggap.application.policy_desk import PolicyDesk
from tanggap.application.sweep import Sweep
from tanggap.domain.case import Case, Change
from tanggap.domain.clocks import ClockName, ClockState
from tanggap.domain.errors import Changed, Conflict, Forbidden, Invalid, NotAllowed, NotFound, Refuse, Retry
from tanggap.domain.handover import Handover
from tanggap.domain.history import faults_in
from tanggap.domain.life import REPORTER, TABLE, Door, by, following, ways
from tanggap.domain.officers import DECISIONS, Correction
from tanggap.domain.permissions import Officer
from tanggap.domain.promises import PUBLIC_INFORMATION
from tanggap.domain.words import ENDED, SETTLED, Kind, Purpose, Status
from tests.support.world import COORDINATOR, DOMAIN, LIAISON, OTHER_LIAISON, POLICY, World

_MORE = ("kes", "sos")
_FOLLOW_UP = {"*": {"amount": 5, "unit": "working_days", "extension": 3}, "praise": None}
_VISIT = {
    "*": {"amount": 3, "unit": "working_days"},
    "starts": ["verified"],
    "meets": ["in_progress", "answered"],
    "pauses": ["needs_info"],
    "ladder": [{"id": "late", "fraction": 1, "audience": "desk"}],
}
_NOTHING = dict.fromkeys((*Kind, f"information@{PUBLIC_INFORMATION}"), None)


def _with(**clocks: Any) -> dict[str, Any]:
    more = [
        {"id": one, "name": one, "head": [f"kepala-{one}@kantor.example"], "liaisons": [f"{one}@kantor.example"]}
        for one in _MORE
    ]
    return {
        **POLICY,
        "units": [*POLICY["units"], *more],
        "clocks": {"follow_up": _FOLLOW_UP, **clocks},
        "intake": {"reopen_within_days": 3650},
        "retention": {"closed_cases": {"*": {"years": 20, "source": "long enough to come back"}}},
    }


_WIDE = _with(visit=_VISIT)
#: What an officer may make of the policy, by mistake or not, and take back.
POLICIES: dict[str, dict[str, Any]] = {
    "as it was": _WIDE,
    "no solution": _with(visit=_VISIT, resolve=_NOTHING),
    "nothing of the units": _with(visit=_VISIT, follow_up=_NOTHING),
    "no visit": _with(),
    "other terms": _with(visit=_VISIT, resolve={"complaint": {"amount": 20, "unit": "calendar_days"}}),
}
STAGES = ("new", "asked", "forwarded", "two units", "answered", "closed", "formal", "extended", "late", "back")
OFFICERS = st.sampled_from([COORDINATOR, LIAISON, OTHER_LIAISON])
UNITS = st.sampled_from(["pu", "adm", *_MORE])
TEXTS = st.sampled_from(["Ini datanya.", "Belum selesai, masih rusak!", "Terima kasih banyak, Pak.", "Kapan?"])
BY_OFFICERS = {Door.VERIFICATION, Door.ASSIGNMENT, Door.REPLIES, Door.STATUS}
DOORS = {"reporter": {Door.MESSAGE}, "system": {Door.SWEEP}, "officer": BY_OFFICERS}


class Faulty(MemoryCases):
    """`fault`: what the next commit meets. `lost`: done, and its answer is lost. `beaten`: somebody was faster."""

    fault = ""
    troubled = ""  # the case that it meets

    def commit(self, change: Change) -> None:
        if change.case is None or change.case.number != self.troubled:
            super().commit(change)
            return
        fault, self.fault = self.fault, ""
        if fault == "beaten":
            raise Conflict("somebody else was faster")
        super().commit(change)
        if fault == "lost":
            raise Retry("the answer was lost")


def takes_no_matter(case: Case) -> bool:
    return case.kind is Kind.PRAISE and case.status is not Status.NEEDS_INFO


class CaseLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World("memory", _WIDE)
        self.world.cases.__class__ = Faulty
        self.number = self.world.arrive(self.world.mail()).case
        self.world.cases.troubled = self.number
        self.last = ("mail", self.world.mail())
        self.seen: Case = self.case
        self.arrivals = 0

    @property
    def case(self) -> Case:
        found = self.world.cases.case(self.number)
        assert found
        return found

    @initialize(stage=st.sampled_from(STAGES))
    def begins(self, stage: str) -> None:
        """Far enough in its life that a random walk gets everywhere."""
        desk, number = self.world.desk, self.number
        if stage in ("new", "asked"):
            if stage == "asked":
                desk.verify(COORDINATOR, number, "incomplete", "alamat?")
            return
        formal = stage in ("formal", "extended")
        desk.verify(COORDINATOR, number, "accept", "", Kind.INFORMATION if formal else None)
        desk.assign(COORDINATOR, number, "pu", None, "")
        if stage in ("two units", "back"):
            desk.join(COORDINATOR, number, "adm", "")
        if formal:
            desk.correct(COORDINATOR, number, Correction(deadline_basis=PUBLIC_INFORMATION))
        if stage == "extended":
            desk.ask_extension(COORDINATOR, number, ClockName.RESOLVE, "", "menunggu arsip")
        if stage == "late":
            self.time_passes(200, True)
        if stage == "back":
            desk.set_status(COORDINATOR, number, Status.REJECTED, "bukan wewenang")
            self.time_passes(1, True)  # what was met before it came back is told by its instant
            desk.set_status(COORDINATOR, number, Status.NEW, "ternyata wewenang kami")
            desk.verify(COORDINATOR, number, "accept", "")
        if stage in ("answered", "closed"):
            desk.reply(COORDINATOR, number, "Sudah.", (), True)
        if stage == "closed":
            desk.set_status(COORDINATOR, number, Status.CLOSED, "selesai")

    # -- what officers do

    @rule(pick=st.integers(0, 9))
    def the_case_goes_on(self, pick: int) -> None:
        """One of the moves that there are, by the coordinator."""
        self.sweep_if_due()
        to = following(self.case)
        if to:
            self.set_status(to[pick % len(to)], COORDINATOR)

    def act(self, officer: Officer, may: Callable[[Case], bool], do: Callable[[], object]) -> None:
        """Do it, as often as an answer is lost. Refused exactly where it may not be done."""
        self.sweep_if_due()
        before = self.case
        allowed = may(before)
        try:
            do()
        except Retry:  # the officer does not know, and tries again
            done = self.case.version != before.version
            assert done == allowed
            return
        except Refuse:
            assert not allowed
            assert self.case.seq == before.seq, "a refusal changes nothing"
        else:
            assert allowed, f"{before.status} {officer}"

    def sweep_if_due(self) -> None:
        """What an act finds that no sweep has seen is `an_act_before_the_sweep`."""
        case = self.case
        if case.due_at is not None and case.due_at < self.world.now:
            self.sweep()

    def on(self, officer: Officer, case: Case, lead: bool = False) -> bool:
        if officer.unit is None:
            return True
        return officer.unit == case.unit if lead else officer.unit in case.units

    @rule(decision=st.sampled_from(list(DECISIONS)), officer=OFFICERS, kind=st.sampled_from([None, *Kind]))
    def verify(self, decision: str, officer: Officer, kind: Kind | None) -> None:
        other = None
        if decision == "duplicate":
            self.world.cases.fault = ""  # its letters go out with the life of ours
            other = self.world.new_case(sender=f"lain{self.arrivals}@warga.example")
        self.arrivals += 1
        self.act(
            officer,
            lambda case: officer is COORDINATOR and self.has(case, DECISIONS[decision], Door.VERIFICATION),
            lambda: self.world.desk.verify(officer, self.number, decision, "alasan", kind, None, other),
        )

    @staticmethod
    def has(case: Case, to: Status, door: Door) -> bool:
        return any(row.to is to and row.door is door for row in ways(case))

    @rule(unit=UNITS, officer=OFFICERS)
    def assign(self, unit: str, officer: Officer) -> None:
        self.act(
            officer,
            lambda case: officer is COORDINATOR and self.has(case, Status.FORWARDED, Door.ASSIGNMENT),
            lambda: self.world.desk.assign(officer, self.number, unit, None, ""),
        )

    @rule(final=st.booleans(), officer=OFFICERS)
    def reply(self, final: bool, officer: Officer) -> None:
        def may(case: Case) -> bool:
            if not self.on(officer, case, lead=final):
                return False
            return self.has(case, Status.ANSWERED, Door.REPLIES) if final else not case.ended

        self.act(officer, may, lambda: self.world.desk.reply(officer, self.number, "Sudah.", (), final))

    @rule(to=st.sampled_from(list(Status)), officer=OFFICERS)
    def set_status(self, to: Status, officer: Officer) -> None:
        handover = Handover(to="Dinas") if to is Status.TRANSFERRED else None
        self.act(
            officer,
            lambda case: self.on(officer, case, lead=True) and self.has(case, to, Door.STATUS),
            lambda: self.world.desk.set_status(officer, self.number, to, "alasan", handover),
        )

    @rule(unit=UNITS)
    def join(self, unit: str) -> None:
        def may(case: Case) -> bool:
            worked_on = case.status in (Status.VERIFIED, Status.FORWARDED, Status.IN_PROGRESS)
            return worked_on and case.unit is not None and unit not in case.units

        self.act(COORDINATOR, may, lambda: self.world.desk.join(COORDINATOR, self.number, unit, ""))

    @rule(unit=UNITS)
    def leave(self, unit: str) -> None:
        self.act(
            COORDINATOR,
            lambda case: unit in case.others,
            lambda: self.world.desk.leave(COORDINATOR, self.number, unit, ""),
        )

    @rule(back=st.booleans())
    def the_unit_in_the_lead_hands_it_back(self, back: bool) -> None:
        """And has it again, perhaps."""
        unit = self.case.unit
        if self.case.status is not Status.FORWARDED or unit is None:
            return
        self.set_status(Status.VERIFIED, Officer("liaison9", LIAISON.role, unit))
        if back and self.case.status is Status.VERIFIED:
            self.assign(unit, COORDINATOR)

    @rule(kind=st.sampled_from(list(Kind)), formal=st.booleans())
    def correct(self, kind: Kind, formal: bool) -> None:
        basis = PUBLIC_INFORMATION if formal else "practice-panrb-62-2018"
        said = Correction(kind=kind, deadline_basis=basis)
        self.act(
            COORDINATOR, lambda case: not case.ended, lambda: self.world.desk.correct(COORDINATOR, self.number, said)
        )

    @rule(officer=OFFICERS, name=st.sampled_from([ClockName.RESOLVE, ClockName.FOLLOW_UP]))
    def ask_extension(self, officer: Officer, name: str) -> None:
        unit = (officer.unit or self.case.unit or "pu") if name == ClockName.FOLLOW_UP else ""
        before = self.case
        try:
            self.world.desk.ask_extension(officer, self.number, name, unit, "menunggu arsip")
        except Retry:
            return
        except (NotAllowed, NotFound, Forbidden, Invalid):
            assert self.case.seq == before.seq
            return
        asked = self.case.extensions[-1]
        assert asked.state == ("granted" if officer is COORDINATOR else "pending")
        assert self.on(officer, before)

    @precondition(lambda self: any(one.state == "pending" for one in self.case.extensions))
    @rule(decision=st.sampled_from(["grant", "refuse"]))
    def decide_extension(self, decision: str) -> None:
        asked = next(one for one in self.case.extensions if one.state == "pending")
        try:
            self.world.desk.decide_extension(COORDINATOR, self.number, asked.id, decision, "alasan")
        except Retry:
            return
        except NotAllowed:
            assert decision == "grant"
            return
        settled = next(one for one in self.case.extensions if one.id == asked.id)
        assert settled.state == {"grant": "granted", "refuse": "refused"}[decision]

    @rule()
    def act_on_an_old_sight(self) -> None:
        """What was seen before the last acts is told of, not decided over."""
        before, other = self.case, Officer("koor2", COORDINATOR.role)
        with suppress(Retry):
            self.world.desk.note(COORDINATOR, self.number, "baru")
        with pytest.raises(Changed):
            self.world.desk.note(other, self.number, "lama", before.seq)

    @rule(officer=OFFICERS, to=st.sampled_from(list(Status)), kind=st.sampled_from(list(Kind)))
    def an_act_before_the_sweep(self, officer: Officer, to: Status, kind: Kind) -> None:
        """It finds what time has brought, and may be refused for it; the invariants tell whether it went wrong."""
        desk, number = self.world.desk, self.number
        for act in (
            lambda: desk.correct(officer, number, Correction(kind=kind)),
            lambda: desk.reply(officer, number, "Sedang dicek.", (), False),
            lambda: desk.set_status(officer, number, to, "alasan"),
        ):
            with suppress(Refuse, Retry):
                act()

    @rule(name=st.sampled_from(list(POLICIES)))
    def another_policy(self, name: str) -> None:
        """It reaches the case with the next act on it, which may be the one whose answer is lost."""
        world = self.world
        PolicyDesk(world.policies, DOMAIN).save(COORDINATOR, copy.deepcopy(POLICIES[name]), world.now)
        with suppress(Retry):
            world.desk.note(COORDINATOR, self.number, "kebijakan baru")
        assert self.case.policy_version == world.policies.current().version

    # -- what citizens do

    def arrive(self, key: str, mail: Any) -> None:
        for _ in range(3):  # the queue brings it again
            try:
                result = self.world.arrive(mail, key)
            except Retry:
                continue
            if result.case != self.number:  # praise takes no matter: that is a case of its own, linked
                assert [link.number for link in self.world.cases.case(result.case).links] == [self.number]
                assert key == self.last[0] or takes_no_matter(self.case)
            self.last = (key, mail)
            return

    def write(self, text: str, sender: str = "siti@warga.example", **more: Any) -> None:
        self.arrivals += 1
        mail = self.world.mail(text, sender=sender, recipients=(self.world.reply_address(self.number),), **more)
        self.arrive(f"mail/{self.arrivals}", mail)

    @rule(text=TEXTS)
    def reporter_writes(self, text: str) -> None:
        before = self.case
        row = None if text.startswith("Terima kasih") or takes_no_matter(before) else by(before, REPORTER)
        self.write(text)
        if before.due_at is None or before.due_at >= self.world.now:  # else time has moved it first
            assert self.case.status is (row.to if row else before.status)
        if text.startswith("Belum selesai") and row and row.reopens:
            assert "dissatisfied" in self.case.marks

    @rule(text=TEXTS)
    def a_stranger_writes(self, text: str) -> None:
        self.nothing_moves(lambda: self.write(text, "orang@lain.example"))

    @rule()
    def a_robot_writes(self) -> None:
        self.nothing_moves(lambda: self.write("Saya sedang cuti.", automatic="replied"))

    @precondition(lambda self: self.last[0] != "mail")
    @rule()
    def the_same_arrival_comes_again(self) -> None:
        before = self.case
        self.arrive(*self.last)
        assert self.case == before

    def nothing_moves(self, happens: Callable[[], None]) -> None:
        before = self.case
        happens()
        if before.due_at is None or before.due_at >= self.world.now:
            assert self.case.status is before.status

    # -- time and trouble

    @rule(hours=st.sampled_from([1, 7, 25, 80, 200, 400]), swept=st.booleans())
    def time_passes(self, hours: int, swept: bool) -> None:
        """With the minute's sweep, or with one that comes later."""
        self.world.later(hours=hours)
        if swept:
            self.sweep()

    @rule()
    def sweep(self) -> None:
        world = self.world
        sweep = Sweep(world.work(), world.cases)
        for _ in range(3):
            if not sweep(world.now).failed:
                break
        assert self.case.due_at is None or self.case.due_at > world.now
        assert not [
            clock for clock in self.case.clocks if clock.state is ClockState.RUNNING and clock.due_at < world.now
        ]

    @rule(fault=st.sampled_from(["lost", "beaten"]))
    def trouble_comes(self, fault: str) -> None:
        self.world.cases.fault = fault

    # -- what always holds

    @invariant()
    def the_history_closes_and_its_statuses_are_rows_of_the_table(self) -> None:
        history = self.world.cases.histories[self.number]
        status: str = Status.NEW
        for entry in history:
            if entry.event == "status":
                assert entry.data["was"] == status
                status = entry.data["now"]
                doors = DOORS[entry.actor.partition(":")[0]]
                key = (entry.data["was"], status)
                assert any((row.now, row.to) == key and row.door in doors for row in TABLE), entry
        assert status == self.case.status

    @invariant()
    def who_owes_something_has_a_date_and_an_ended_case_owes_nothing(self) -> None:
        case = self.case
        ticking = [clock for clock in case.clocks if clock.ticking]
        if case.status in ENDED:
            assert not ticking
            assert case.due_at is None
            assert case.ended_at and case.keep_until
            return
        assert case.ended_at is None and case.keep_until is None
        if any(clock.state is ClockState.RUNNING for clock in case.clocks):
            assert case.due_at
        if case.status in (Status.NEEDS_INFO, Status.ANSWERED):
            assert any(clock.name == ClockName.REPORTER_REPLY and clock.open for clock in case.clocks)

    def allowed(self, name: str) -> bool:
        case = self.case
        return self.world.policies.current().allowance(name, case.kind, case.deadline_basis)[1] is not None

    @invariant()
    def what_is_promised_is_owed_and_nothing_else(self) -> None:
        case = self.case
        for clock in (*case.clocks, *case.unpromised):
            gone = bool(clock.unit) and clock.unit not in case.units
            # A clock of a promise that the policy gave up goes on, whatever the kind becomes.
            if clock.name in self.world.policies.current().promises:
                assert not (clock.ticking and not self.allowed(clock.name)), "it ticks without a term"
                assert not (clock.stopped and self.allowed(clock.name) and not gone) or case.ended, (
                    "it waits, and has one"
                )
        open_now = Counter((clock.name, clock.unit) for clock in case.clocks if clock.open and clock.owes == "agency")
        assert set(open_now.values()) <= {1}
        if case.status not in SETTLED and self.allowed(ClockName.RESOLVE):
            assert open_now[ClockName.RESOLVE, ""] == 1, "an open case is owed its solution"

    @invariant()
    def each_unit_of_a_case_that_is_theirs_follows_up_or_has_written(self) -> None:
        case, history = self.case, self.world.cases.histories[self.number]
        if case.status is not Status.FORWARDED or not self.allowed(ClockName.FOLLOW_UP):
            return
        again = [entry for entry in history if entry.event == "reopened"]
        came_back = again[-1].seq if again else 0
        wrote = {
            entry.data["unit"]
            for entry in history
            if entry.event == "clock_met" and entry.data["clock"] == ClockName.FOLLOW_UP and entry.seq > came_back
        }
        quietly = {
            one.unit
            for one in (*case.clocks, *case.unpromised)
            if one.name == ClockName.FOLLOW_UP and one.met_at and (not again or one.met_at >= again[-1].at)
        }
        owed = {one.unit for one in case.clocks if one.name == ClockName.FOLLOW_UP and one.open}
        assert set(case.units) <= owed | wrote | quietly, "a unit was forgotten"

    @invariant()
    def each_clock_is_in_one_state_and_each_of_a_unit_on_the_case(self) -> None:
        case = self.case
        for clock in case.clocks:
            assert clock.ticking <= (clock.met_at is None)
            assert (clock.state is ClockState.MISSED) == (clock.missed_at is not None)
            assert (clock.state is ClockState.MET) <= (clock.met_at is not None)
            assert clock.due_at >= clock.started_at
            times = [clock.started_at, *(at for gap in clock.pauses for at in (gap.since, gap.until) if at)]
            assert times == sorted(times)
            assert (clock.state is ClockState.PAUSED) == (clock.stands_still and not clock.stopped)
            assert (clock.state is ClockState.STOPPED) == (clock.stopped_at is not None)
            assert clock.met_at is None or clock.met_at >= times[-1]
            assert len(clock.extensions) <= 1
        open_ones = Counter((clock.name, clock.unit) for clock in case.clocks if clock.ticking)
        assert set(open_ones.values()) <= {1}
        assert {clock.unit for clock in case.clocks if clock.ticking and clock.unit} <= set(case.units)
        paused = any(clock.state is ClockState.PAUSED for clock in case.clocks)
        assert not paused or case.status is Status.NEEDS_INFO
        waiting = [
            clock for clock in case.clocks if clock.name == ClockName.RESOLVE and case.status is Status.NEEDS_INFO
        ]
        # One that is owed again, and was due before the question, is missed with the next sweep.
        runs = [clock for clock in waiting if clock.state is ClockState.RUNNING and clock.due_at > self.world.now]
        assert not runs, "it runs while we wait for the reporter"

    @invariant()
    def what_was_judged_stays_judged_and_nothing_runs_backwards(self) -> None:
        case, before = self.case, self.seen
        assert case.last_at >= before.last_at
        assert (case.seq, case.version) >= (before.seq, before.version)
        for was, now in zip(before.clocks, case.clocks, strict=False):
            assert (was.name, was.unit, was.started_at, was.owes) == (now.name, now.unit, now.started_at, now.owes)
            assert set(was.steps_done) <= set(now.steps_done)
            assert len(was.extensions) + len(was.set_aside) <= len(now.extensions) + len(now.set_aside)
            if was.met_at:
                assert now == was, "what was met or missed in its time is not told otherwise later"
            if was.missed_at:
                judged = ("state", "missed_at", "due_at", "term", "rule", "pauses")
                assert [getattr(now, one) for one in judged] == [getattr(was, one) for one in judged]
                assert now.open or now.met_at, "what was missed is owed until it is done"
        assert len(before.clocks) <= len(case.clocks), "no clock is ever gone"
        self.seen = case

    @invariant()
    def the_case_is_on_the_desks_of_its_units_alone(self) -> None:
        case, desk = self.case, self.world.desk
        assert len(set(case.units)) == len(case.units)
        assert (case.asked_while is not None) <= (case.status in (Status.NEEDS_INFO, Status.CLOSED))
        assert (case.status is Status.NEEDS_INFO) <= (case.asked_while is not None)
        for officer in (LIAISON, OTHER_LIAISON):
            listed = [one.number for one in desk.listing(officer, Filter(), None).cases]
            assert listed.count(self.number) == (officer.unit in case.units)

    def teardown(self) -> None:
        """What the end tells of the whole life."""
        history = self.world.cases.histories[self.number]
        assert faults_in(self.number, history, self.case.head) == ()
        mine = [one for one in self.world.deliveries() if one.case == self.number]
        assert sum(one.purpose is Purpose.ACKNOWLEDGEMENT for one in mine) == 1
        climbed = Counter(
            (one.data["clock"], one.data.get("unit", ""), one.data["step"])
            for one in history
            if one.event == "escalated"
        )
        begun = Counter((clock.name, clock.unit) for clock in self.case.clocks)
        assert all(times <= begun[name, unit] for (name, unit, _), times in climbed.items()), "a rung was climbed twice"


#: The same lives each time, so that a change is decided by what it changes; tests/acceptance walks others.
CaseLife.TestCase.settings = settings(
    max_examples=300,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TestCaseLife = CaseLife.TestCase


def test_a_table_with_another_row_is_noticed() -> None:
    """The model sees a move that nobody may make: else it proves nothing."""
    machine = CaseLife()
    case = replace(machine.case, status=Status.ANSWERED)
    machine.world.cases.cases[machine.number] = case
    with pytest.raises(AssertionError):
        machine.the_history_closes_and_its_statuses_are_rows_of_the_table()
