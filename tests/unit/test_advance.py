"""Time passes over a case: whatever happens to it, and whenever somebody looks, each step is climbed once and told to
the same people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain.advance import advance, begin
from tanggap.domain.case import Case, Change, Delivery
from tanggap.domain.clock_changes import happen
from tanggap.domain.draft import Draft
from tanggap.domain.history import Entry
from tanggap.domain.policy import Policy, read_policy
from tanggap.domain.promises import RECEIVED
from tanggap.domain.words import Channel, Kind, Purpose, Status
from tests.support.world import POLICY, CountedIds

OPENED = datetime(2026, 11, 23, 3, 0, 20, tzinfo=UTC)  # a Monday, ten o'clock in Jakarta
END = OPENED + timedelta(days=90)
#: Without the reporter's clock: what its silence does to a case is another matter.
EVENTS = (
    "officer_wrote",
    "verified",
    "needs_info",
    "forwarded",
    "answered",
    "in_progress",
    "reopened",
    "assigned",
    "unit_wrote",
    "reporter_wrote",
)
WITHOUT_DEADLINE = settings(deadline=None, max_examples=60)


def policy(**more: Any) -> Policy:
    return read_policy({**POLICY, **more}, 1)


def opened(by: Policy, ids: CountedIds, unit: str | None = None) -> Case:
    case = Case(
        number="TGP-AAAAAAAAA",
        channel=Channel.EMAIL,
        kind=Kind.COMPLAINT,
        status=Status.NEW,
        received_at=OPENED,
        last_at=OPENED,
        policy_version=1,
        deadline_basis=by.deadline_basis,
        unit=unit,
    )
    draft = Draft(case, OPENED, "reporter", by, ids)
    draft.record("opened")
    happen(draft, RECEIVED)
    return done(draft.change())


def done(change: Change) -> Case:
    assert change.case is not None
    return change.case


@dataclass
class Life:
    """One case under a policy, and everything that was written about it."""

    policy: Policy
    unit: str | None = None
    ids: CountedIds = field(default_factory=CountedIds)
    letters: list[Delivery] = field(default_factory=list)
    history: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.case = opened(self.policy, self.ids, self.unit)

    def sweep(self, at: datetime) -> None:
        if self.case.due_at and self.case.due_at <= at:
            self._take(advance(self.case, at, self.policy, self.ids))

    def happen(self, event: str, at: datetime) -> None:
        draft = begin(self.case, at, "officer:a", self.policy, self.ids)
        happen(draft, event, "pu")
        draft.record("heard", what=event)
        self._take(draft)

    def _take(self, draft: Draft) -> None:
        change = draft.change()
        self.letters += change.deliveries
        self.history += change.history
        self.case = done(change)

    @property
    def state(self) -> Any:
        """What must not depend on who looked when. The moment a breach was noticed may."""
        clocks = [replace(clock, missed_at=None, met_at=None) for clock in self.case.clocks]
        return clocks, [clock.open for clock in self.case.clocks]

    @property
    def told(self) -> Counter[tuple[str, str, Purpose]]:
        return Counter((step, one.address, one.purpose) for one in self.letters for step in one.steps)

    @property
    def escalated(self) -> Counter[tuple[str, str, str]]:
        entries = (entry.data for entry in self.history if entry.event == "escalated")
        return Counter((data["clock"], data.get("unit", ""), data["step"]) for data in entries)


Script = list[tuple[timedelta, str]]
#: Never on a whole minute: who comes first when both come at once is another question.
scripts = st.lists(
    st.tuples(st.integers(1, 60 * 24 * 80).map(lambda minutes: timedelta(minutes=minutes)), st.sampled_from(EVENTS)),
    max_size=9,
)


def live(script: Script, sweeps: Iterable[datetime] | None, by: Policy | None = None) -> Life:
    """`sweeps`: when somebody looks besides; None: each minute."""
    life = Life(by or policy(), unit="pu")
    looks = None if sweeps is None else sorted(sweeps)
    for after, event in [*sorted(script), (END - OPENED, "")]:
        at = OPENED + after
        if looks is None:
            while life.case.due_at and (minute := next_minute(life.case.due_at)) <= at:
                life.sweep(minute)
        else:
            while looks and looks[0] <= at:
                life.sweep(looks.pop(0))
        if event:
            life.happen(event, at)
    life.sweep(END)
    return life


def next_minute(at: datetime) -> datetime:
    """The first sweep that sees what is due then; at the other minutes a sweep reads nothing of the case."""
    return at if not (at.second or at.microsecond) else at.replace(second=0, microsecond=0) + timedelta(minutes=1)


@WITHOUT_DEADLINE
@given(scripts)
def test_sweeping_each_minute_or_once_a_day_climbs_and_tells_the_same(script: Script) -> None:
    each_minute = live(script, None)
    once_a_day = live(script, [OPENED + timedelta(days=day) for day in range(1, 90)])
    assert each_minute.state == once_a_day.state
    assert each_minute.told == once_a_day.told
    assert each_minute.escalated == once_a_day.escalated


@WITHOUT_DEADLINE
@given(scripts, st.lists(st.integers(1, 60 * 24 * 89), max_size=12))
def test_an_outage_of_any_length_ends_in_the_same_state(script: Script, minutes: list[int]) -> None:
    without = live(script, None)
    after = live(script, [OPENED + timedelta(minutes=number) for number in minutes])
    assert without.state == after.state
    assert without.told == after.told


@WITHOUT_DEADLINE
@given(scripts)
def test_no_order_of_events_loses_or_doubles_a_step(script: Script) -> None:
    life = live(script, None)
    taken = Counter((clock.name, clock.unit, step) for clock in life.case.clocks for step in clock.steps_done)
    told = {step for step, _, _ in life.told}
    assert life.escalated == Counter({key: count for key, count in taken.items() if key[2] != "expire"})
    assert {f"{name}{'@' + unit if unit else ''}.{step}" for name, unit, step in life.escalated} == told
    for clock in life.case.clocks:
        ladder = [step.id for step in life.policy.ladder_of(clock)]
        assert list(clock.steps_done) == ladder[: len(clock.steps_done)]  # in order, none left out
        if clock.open and clock.name != "reporter_reply" and clock.due_at + timedelta(days=14) < END:
            assert clock.state == "paused" or list(clock.steps_done) == ladder


@WITHOUT_DEADLINE
@given(scripts)
def test_the_steps_of_one_clock_stand_in_their_order_within_a_letter(script: Script) -> None:
    life = live(script, [OPENED + timedelta(days=day) for day in range(1, 90, 7)])
    for letter in life.letters:
        for clock in {step.partition(".")[0] for step in letter.steps}:
            order = [step.id for step in life.policy.promises[clock.partition("@")[0]].ladder]
            steps = [step.partition(".")[2] for step in letter.steps if step.startswith(f"{clock}.")]
            assert steps == sorted(steps, key=order.index)


HEAD, DEPUTY = "kepala-pu@kantor.example", "wakil@kantor.example"
AWAY = [{"address": HEAD, "deputy": DEPUTY, "from": "2026-11-24", "until": "2026-11-27"}]


@pytest.mark.parametrize(
    ("swept", "told"),
    [
        (datetime(2026, 11, 24, 4, 0, tzinfo=UTC), DEPUTY),
        # Noticed late, when the head is back: who answers that day is told.
        (datetime(2026, 11, 30, 4, 0, tzinfo=UTC), HEAD),
    ],
)
def test_what_falls_due_while_a_head_is_away_is_for_who_stands_in_that_day(swept: datetime, told: str) -> None:
    life = Life(policy(absences=AWAY), unit="pu")
    life.sweep(swept)
    assert [one.address for one in life.letters if "first_response.breach" in one.steps] == [told]


BOTH = [
    {"id": "breach", "fraction": 1.0, "audience": "unit_head"},
    {"id": "copy", "fraction": 1.0, "audience": "leadership"},
]


def test_one_instant_that_leads_to_one_address_by_two_roles_is_told_once() -> None:
    same = policy(ladder=BOTH, leadership=["kepala-pu@kantor.example"])
    life = Life(same, unit="pu")
    life.sweep(OPENED + timedelta(days=2))
    assert life.told == Counter({("first_response.copy", "kepala-pu@kantor.example", Purpose.ESCALATION): 1})
    assert set(life.escalated) == {("first_response", "", "breach"), ("first_response", "", "copy")}

    apart = Life(policy(ladder=BOTH), unit="pu")
    apart.sweep(OPENED + timedelta(days=2))
    assert {address for _, address, _ in apart.told} == {"kepala-pu@kantor.example", "kades@kantor.example"}


def test_a_letter_of_the_ladder_wakes_nobody_by_itself_and_waits_for_the_office_unless_it_may_go_at_once() -> None:
    life = Life(policy(), unit="pu")
    night = OPENED + timedelta(hours=12)
    life.sweep(night)
    (reminder,) = life.letters
    assert (reminder.asleep, reminder.due_at) == (True, life.policy.calendar.next_open(night))
    late = Life(policy(), unit="pu")
    late.case = replace(late.case, clocks=(replace(late.case.clocks[0], due_at=night),), due_at=night)
    late.sweep(night)
    breach = next(one for one in late.letters if "first_response.breach" in one.steps)
    assert (breach.asleep, breach.due_at) == (True, night)


def test_the_last_step_is_a_letter_of_its_own() -> None:
    life = Life(policy(), unit="pu")
    life.sweep(OPENED + timedelta(days=14))
    assert {one.purpose: one.address for one in life.letters if "first_response.inspectorate" in one.steps} == {
        Purpose.HANDOVER: "inspektorat@kabupaten.example"
    }
