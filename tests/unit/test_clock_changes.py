"""What happens to a case, as its clocks hear it: nothing that was owed is forgotten, whatever the kind, the policy and
the units become, and nobody owes what is not theirs or done already."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tanggap.application.policy_desk import PolicyDesk
from tanggap.domain.case import Case
from tanggap.domain.clock_rows import clock_from_dict, clock_to_dict
from tanggap.domain.clocks import Clock, ClockState, Why
from tanggap.domain.derivation_of import derived_of
from tanggap.domain.derivation_words import in_words_en
from tanggap.domain.digest import Span, Standing, figures, worklist
from tanggap.domain.errors import Invalid, NotAllowed
from tanggap.domain.officers import Correction
from tanggap.domain.policy import read_policy
from tanggap.domain.promises import DEFAULT_BASIS, PUBLIC_INFORMATION
from tanggap.domain.words import Kind, Purpose, Status
from tests.support.world import COORDINATOR, DOMAIN, LIAISON, OTHER_LIAISON, POLICY, World

VISIT: dict[str, Any] = {
    "*": {"amount": 5, "unit": "working_days", "source": "SOP kunjungan"},
    "starts": ["verified"],
    "meets": ["in_progress"],
    "label": {"id": "kunjungan", "en": "visit"},
    "ladder": [{"id": "late", "fraction": 1, "audience": "coordinator"}],
}
RATING: dict[str, Any] = {
    "*": {"amount": 2, "unit": "working_days"},
    "starts": ["verified"],
    "meets": ["reporter_wrote"],
    "owes": "reporter",
    "ladder": [{"id": "over", "fraction": 1, "audience": "system"}],
}
OWN = {"visit": VISIT, "rating": RATING}
NO_TERM: dict[str, Any] = {"resolve": {"complaint": None}}


class Life:
    """One case, and what is done to it."""

    def __init__(self, **policy: Any) -> None:
        self.world = World(policy={**copy.deepcopy(POLICY), **policy})
        self.number = self.world.new_case()

    @property
    def case(self) -> Case:
        found = self.world.cases.case(self.number)
        assert found
        return found

    def clock(self, name: str, unit: str = "") -> Clock:
        return next(one for one in reversed(self.case.clocks) if (one.name, one.unit) == (name, unit))

    def verify(self, kind: Kind | None = None) -> Life:
        self.world.desk.verify(COORDINATOR, self.number, "accept", "", kind)
        return self

    def assign(self, unit: str = "pu") -> Life:
        self.world.desk.assign(COORDINATOR, self.number, unit, None, "")
        return self

    def kind(self, kind: Kind | None = None, basis: str | None = None) -> Life:
        self.world.desk.correct(COORDINATOR, self.number, Correction(kind=kind, deadline_basis=basis))
        return self

    def status(self, to: Status, officer: Any = COORDINATOR) -> Life:
        self.world.desk.set_status(officer, self.number, to, "alasan")
        return self

    def reply(self, officer: Any, final: bool = False) -> Life:
        self.world.desk.reply(officer, self.number, "Sedang kami cek.", (), final)
        return self

    def writes(self, text: str = "Di jalan Melati nomor 3, depan masjid.") -> Life:
        self.world.arrive(self.world.mail(text, recipients=(self.world.reply_address(self.number),)))
        return self

    def policy(self, **changes: Any) -> Life:
        """A new policy reaches the case, as a note on it does."""
        self.world.later(seconds=1)
        PolicyDesk(self.world.policies, DOMAIN).save(COORDINATOR, {**copy.deepcopy(POLICY), **changes}, self.world.now)
        self.world.desk.note(COORDINATOR, self.number, "baru")
        return self

    def days(self, days: float, hours: int = 3) -> Life:
        self.world.run_until(self.world.now + timedelta(days=days), timedelta(hours=hours))
        return self

    def until_due(self, name: str, unit: str = "") -> Life:
        """The very instant at which it is due, swept until shortly before."""
        due_at = self.clock(name, unit).due_at
        self.world.run_until(due_at - timedelta(minutes=1), timedelta(hours=3))
        self.world.now = due_at
        return self

    def told(self, name: str) -> list[tuple[str, str]]:
        """(step, audience) of each rung that was climbed."""
        told = (one.data for one in self.world.cases.histories[self.number] if one.event == "escalated")
        return [(one["step"], one["audience"]) for one in told if one["clock"] == name]

    def events(self, name: str) -> list[str]:
        return [one.event for one in self.world.cases.histories[self.number] if one.data.get("clock") == name]


def standing(of: Clock) -> tuple[Any, ...]:
    return of.state, of.started_at, of.due_at, of.pauses, of.extensions, of.steps_done, of.rule, of.term


# -- another kind and back


def test_another_kind_and_back_leaves_a_clock_as_it_was() -> None:
    life = Life().verify().assign().days(3).status(Status.NEEDS_INFO).days(9).writes().days(8)
    before = standing(life.clock("resolve"))
    assert before[3], "it stood still"
    assert before[5] == ("remind",)
    life.kind(Kind.PRAISE)
    stopped = life.clock("resolve")
    assert (stopped.state, stopped.open, stopped.stopped_why) == (ClockState.STOPPED, False, Why.RULE)
    assert life.kind(Kind.COMPLAINT).clock("resolve") == replace(
        stopped, state=ClockState.RUNNING, stopped_at=None, stopped_why=None
    )
    assert standing(life.clock("resolve")) == before
    life.days(1)
    assert life.told("resolve") == [("remind", "desk")], "once"
    assert life.events("resolve") == ["clock_paused", "clock_resumed", "escalated", "clock_stopped", "clock_continued"]


def test_while_nobody_owes_it_no_step_is_taken_and_the_case_is_not_late() -> None:
    life = Life().verify().reply(COORDINATOR).kind(Kind.PRAISE).days(40)
    assert life.told("resolve") == []
    assert not life.case.missed
    assert life.case.deadline is None
    assert life.case.due_at is None


def test_what_the_agency_owed_all_along_is_missed_when_it_is_owed_again_too_late() -> None:
    life = Life().verify().kind(Kind.PRAISE).days(40).kind(Kind.COMPLAINT)
    life.world.later(minutes=1)
    life.world.sweep()
    assert life.clock("resolve").state is ClockState.MISSED
    assert "missed" in life.events("resolve")


def test_a_pause_goes_on_and_ends_while_nobody_owes_the_clock() -> None:
    straight = Life().verify().days(2).status(Status.NEEDS_INFO).days(6).writes()
    life = Life().verify().days(2).status(Status.NEEDS_INFO).days(1).kind(Kind.PRAISE).days(5).writes()
    assert life.clock("resolve").state is ClockState.STOPPED
    assert standing(life.kind(Kind.COMPLAINT).clock("resolve")) == standing(straight.clock("resolve"))


def test_a_pause_that_begins_while_nobody_owes_the_clock_counts_and_goes_on() -> None:
    life = Life().verify().kind(Kind.PRAISE).days(2).status(Status.NEEDS_INFO).days(1).kind(Kind.COMPLAINT)
    assert life.clock("resolve").state is ClockState.PAUSED
    straight = Life().verify().days(2).status(Status.NEEDS_INFO).days(1)
    assert standing(life.clock("resolve")) == standing(straight.clock("resolve"))


def test_a_pause_after_the_due_date_comes_too_late_though_nobody_owed_the_clock_then() -> None:
    life = Life().verify().kind(Kind.PRAISE).days(40).status(Status.NEEDS_INFO).days(1).kind(Kind.COMPLAINT)
    assert (life.clock("resolve").state, life.clock("resolve").pauses) == (ClockState.RUNNING, ())
    life.world.later(minutes=1)
    life.world.sweep()
    assert life.clock("resolve").state is ClockState.MISSED


def test_what_was_done_while_nobody_owed_it_is_not_owed_afterwards() -> None:
    life = Life().verify().kind(Kind.PRAISE).reply(COORDINATOR, final=True).kind(Kind.COMPLAINT)
    assert [one.state for one in life.case.clocks if one.name == "resolve"] == [ClockState.STOPPED]
    assert "clock_met" not in life.events("resolve"), "nobody kept a promise"
    life.writes("Belum selesai.")
    assert [one.state for one in life.case.clocks if one.name == "resolve"] == [ClockState.STOPPED, ClockState.RUNNING]


def test_what_began_without_a_term_and_was_done_is_not_begun_by_another_kind() -> None:
    """Verified long ago, as praise that is verified without a term."""
    life = Life(clocks={"verify": {"praise": None}})
    life.kind(Kind.PRAISE).verify().assign().days(10).kind(Kind.COMPLAINT)
    assert not life.clock("verify").open
    assert ("inspectorate", "inspectorate") not in life.days(5).told("verify")
    assert "missed" not in life.events("verify")


def test_praise_that_is_a_complaint_after_all_is_its_units_to_follow_up_from_then_on() -> None:
    life = Life().verify(Kind.PRAISE).assign().days(4)
    assert not [one for one in life.case.clocks if one.name == "follow_up"]
    life.kind(Kind.COMPLAINT)
    follow_up = life.clock("follow_up", "pu")
    assert (follow_up.state, follow_up.started_at) == (ClockState.RUNNING, life.world.now)
    assert life.events("follow_up") == ["clock_started"]


def test_a_unit_that_has_written_already_owes_no_follow_up_when_the_kind_changes() -> None:
    life = Life().verify(Kind.PRAISE).assign().reply(LIAISON).kind(Kind.COMPLAINT)
    assert not [one for one in life.case.clocks if one.name == "follow_up"]


def test_a_units_clock_that_another_kind_begins_while_the_reporter_is_asked_stands_still() -> None:
    life = Life().verify(Kind.PRAISE).assign().status(Status.NEEDS_INFO).kind(Kind.COMPLAINT)
    assert life.clock("follow_up", "pu").state is ClockState.PAUSED
    assert life.writes().clock("follow_up", "pu").state is ClockState.RUNNING


# -- more time


def formal() -> Life:
    life = Life().verify(Kind.INFORMATION).assign().kind(basis=PUBLIC_INFORMATION)
    life.world.desk.ask_extension(COORDINATOR, life.number, "resolve", "", "menunggu arsip")
    return life


def test_what_one_law_granted_does_not_count_under_another_and_does_again_under_the_first() -> None:
    life = formal()
    granted = standing(life.clock("resolve"))
    assert life.clock("resolve").amount == 17
    life.kind(basis=DEFAULT_BASIS)
    assert (life.clock("resolve").amount, life.clock("resolve").extensions) == (5, ())
    with pytest.raises(NotAllowed):
        life.world.desk.ask_extension(COORDINATOR, life.number, "resolve", "", "lagi")
    life.kind(basis=PUBLIC_INFORMATION)
    assert standing(life.clock("resolve")) == granted
    with pytest.raises(NotAllowed, match="extended already"):
        life.world.desk.ask_extension(COORDINATOR, life.number, "resolve", "", "lagi")


def test_what_was_granted_in_days_does_not_count_as_hours() -> None:
    hours = {"amount": 100, "unit": "hours", "extension": 50}
    life = Life(clocks={"resolve": {f"information@{PUBLIC_INFORMATION}": hours, "complaint": TEN}})
    life.verify()
    life.world.desk.ask_extension(COORDINATOR, life.number, "resolve", "", "menunggu arsip")
    assert life.clock("resolve").amount == 13
    life.kind(Kind.INFORMATION, PUBLIC_INFORMATION)
    assert life.clock("resolve").amount == 100
    assert life.kind(Kind.COMPLAINT, DEFAULT_BASIS).clock("resolve").amount == 13


TEN = {"amount": 10, "unit": "working_days", "extension": 3}


def test_a_clock_that_keeps_its_term_says_whose_rule_it_is() -> None:
    life = formal()
    other = {"resolve": {f"information@{PUBLIC_INFORMATION}": {"amount": 20, "unit": "calendar_days"}}}
    kept = life.policy(clocks=other).clock("resolve")
    assert (kept.term.amount, kept.amount, kept.policy_version, kept.promised_by) == (10, 17, 2, 1)
    told = in_words_en(derived_of(kept, life.world.policies.current()))
    assert "policy version 1)" in told[1], "not the second, which has another term"
    assert told[2] == "That term still holds; its days are counted by policy version 2."
    again = life.policy(clocks=other, office_hours={"closes": "15:00"}).clock("resolve")
    assert (again.amount, again.policy_version, again.promised_by) == (17, 3, 1)
    restored = life.policy().clock("resolve")
    assert (restored.amount, restored.policy_version, restored.promised_by) == (17, 4, 4)


# -- another policy and back


def test_a_policy_that_forgets_a_term_and_the_way_back_change_no_deadline() -> None:
    life = Life().verify().assign().days(9)
    before = standing(life.clock("resolve"))
    life.policy(clocks=NO_TERM)
    assert life.clock("resolve").stopped_why is Why.POLICY
    life.policy()
    assert standing(life.clock("resolve")) == before
    assert life.events("resolve")[-2:] == ["clock_stopped", "clock_continued"]
    assert life.days(60, hours=12).clock("resolve").state is ClockState.MISSED


def test_what_comes_back_while_the_policy_has_no_term_is_owed_once_it_has_one() -> None:
    life = Life().verify().reply(COORDINATOR, final=True)
    life.policy(clocks=NO_TERM).writes("Belum selesai.")
    came_back = life.case.last_at
    assert [one.state for one in life.case.clocks if one.name == "resolve"] == [ClockState.MET]
    life.days(1).policy()
    assert (life.clock("resolve").state, life.clock("resolve").started_at) == (ClockState.RUNNING, came_back)


def test_a_term_that_a_policy_adds_for_a_kind_counts_for_new_cases_alone() -> None:
    life = Life().verify(Kind.PRAISE)
    case = life.case
    # As if it had come in as praise: it never had the clock.
    life.world.cases.cases[life.number] = replace(
        case,
        clocks=tuple(one for one in case.clocks if one.name != "resolve"),
        unpromised=tuple(one for one in case.clocks if one.name == "resolve"),
    )
    life.policy(clocks={"resolve": {"praise": {"amount": 2, "unit": "working_days"}}})
    assert not [one for one in life.case.clocks if one.name == "resolve"]


def test_what_is_missed_as_a_policy_takes_the_term_away_stays_missed() -> None:
    """No sweep has seen it yet."""
    life = Life().verify()
    life.world.now = life.clock("resolve").due_at + timedelta(minutes=1)
    life.policy(clocks=NO_TERM)
    assert life.clock("resolve").state is ClockState.MISSED
    assert life.case.missed
    life.days(8)
    assert ("inspectorate", "inspectorate") in life.told("resolve")
    assert Counter(life.events("resolve"))["missed"] == 1


# -- promises that are given up


def test_a_promise_that_is_given_up_is_met_by_what_it_listened_to() -> None:
    life = Life(clocks=OWN).verify().assign().policy()
    assert life.reply(LIAISON).clock("visit").state is ClockState.MET


def test_a_promise_that_is_given_up_climbs_by_its_own_ladder_and_keeps_its_name_and_its_rule() -> None:
    life = Life(clocks=OWN).verify().assign().policy().days(14)
    assert life.told("visit") == [("late", "coordinator")]
    assert life.told("rating") == []
    visit = life.clock("visit")
    assert (visit.state, visit.policy_version, visit.promised_by) == (ClockState.MISSED, 2, 1)
    assert life.world.policies.current().label("visit") == "kunjungan"
    assert [one.address for one in life.world.deliveries() if "visit.late" in one.steps] == [
        "koordinator@kantor.example"
    ]


def test_a_promise_that_is_given_up_starts_nothing_and_is_met_when_the_case_ends() -> None:
    life = Life(clocks=OWN).verify().policy().policy(letters={})
    assert set(life.world.policies.current().former_promises) == {"visit", "rating"}
    other = life.world.new_case(sender="lain@warga.example")
    life.world.desk.verify(COORDINATOR, other, "accept", "")
    assert {one.name for one in life.world.cases.case(other).clocks}.isdisjoint(OWN)
    life.status(Status.REJECTED)
    assert life.clock("visit").state is ClockState.MET


def test_a_promise_that_comes_back_is_under_its_new_term() -> None:
    life = Life(clocks=OWN).verify().policy()
    longer = {**VISIT, "*": {"amount": 7, "unit": "working_days"}}
    life.policy(clocks={"visit": longer})
    visit = life.clock("visit")
    assert (visit.state, visit.term.amount, visit.promised_by) == (ClockState.RUNNING, 7, 3)
    assert set(life.world.policies.current().former_promises) == {"rating"}


def unknown(life: Life) -> Life:
    """Its clock is of a promise that no policy tells of any more, as in a row of before they were kept."""
    case = life.case
    visit = replace(life.clock("verify"), name="visit", rule="visit.complaint")
    life.world.cases.cases[life.number] = replace(case, clocks=(*case.clocks, visit))
    return life


def test_a_promise_that_no_policy_knows_is_stopped_and_the_history_says_so() -> None:
    life = unknown(Life()).policy()
    assert (life.clock("visit").state, life.clock("visit").stopped_why) == (ClockState.STOPPED, Why.GIVEN_UP)
    assert life.events("visit") == ["clock_stopped"]


def test_a_promise_that_no_policy_knows_is_met_when_the_case_ends() -> None:
    assert unknown(Life()).status(Status.REJECTED).clock("visit").state is ClockState.MET


@pytest.mark.parametrize(
    "broken",
    [
        [],
        {"visit": []},
        {"visit": {}},
        {"visit": {"meets": [], "pauses": [], "resets": [], "owes": "x", "by_unit": False, "label": {}, "ladder": []}},
    ],
)
def test_a_given_up_promise_that_is_not_as_the_desk_keeps_it_is_a_fault_with_its_place(broken: Any) -> None:
    with pytest.raises(Invalid) as found:
        read_policy({**POLICY, "former_promises": broken}, 2)
    assert [fault["place"].startswith("former_promises") for fault in found.value.faults] == [True]


def test_a_given_up_promise_is_kept_as_it_was() -> None:
    steps = [
        {"id": "soon", "before": {"amount": 2, "unit": "working_days"}, "audience": "camat", "hours": "any"},
        {"id": "late", "fraction": 1, "audience": "desk", "template": "escalation-visit"},
        {"id": "after", "after": {"amount": 3, "unit": "hours"}, "audience": "x@kantor.example"},
        {"id": "long", "working_days_after": 3, "audience": "leadership"},
    ]
    with_all = {
        "roles": [{"id": "camat", "name": "Camat", "addresses": ["camat@kantor.example"]}],
        "letters": {"escalation-visit": {"subject": "$number", "text": "$text"}},
        "clocks": {
            "visit": {**VISIT, "ladder": steps, "by_unit": True, "starts": ["assigned"], "pauses": ["needs_info"]}
        },
    }
    life = Life(**with_all)
    was = life.world.policies.current().promises["visit"]
    life.policy()
    now = life.world.policies.current().former_promises["visit"]
    assert now == replace(was, allowed={}, starts=frozenset())
    assert life.world.policies.current().audience("camat", None) == ("koordinator@kantor.example",)


# -- units that come and go


def test_a_unit_that_comes_again_has_what_was_left_of_its_time() -> None:
    straight = Life().verify().assign().clock("follow_up", "pu").due_at
    life = Life().verify().assign().days(1).assign("adm").days(7)
    assert life.clock("follow_up", "pu").stopped_why is Why.WITHDRAWN
    again = life.assign("pu").clock("follow_up", "pu")
    assert again.state is ClockState.RUNNING
    assert again.due_at == straight + timedelta(days=7), "five working days and two free ones"
    assert [gap.reason for gap in again.pauses] == ["withdrawn"]


def test_a_unit_that_hands_back_what_it_missed_ends_no_escalation() -> None:
    life = Life().verify().assign().days(8).status(Status.VERIFIED, LIAISON)
    missed = life.clock("follow_up", "pu")
    assert (missed.state, missed.open) == (ClockState.MISSED, True)
    assert life.case.missed
    assert life.case.owner(missed) is None, "it is the coordinator's to see to"
    life.days(5)
    assert [step for step, _ in life.told("follow_up")] == ["remind", "warn", "breach", "leadership", "inspectorate"]


def test_what_a_unit_left_late_is_late_on_the_coordinators_desk() -> None:
    life = Life().verify().assign().days(8).status(Status.VERIFIED, LIAISON)
    now, policy = life.world.now, life.world.policies.current()
    (line,) = worklist([life.case], [None], Span(now - timedelta(days=1), now), policy).lines
    assert (line.standing, line.clock) == (Standing.LATE, "follow_up")


def test_what_was_answered_while_nobody_owed_it_is_no_promise_kept_in_the_figures() -> None:
    life = Life().verify().kind(Kind.PRAISE).reply(COORDINATOR, final=True)
    now = life.world.later(minutes=10)
    found = figures(None, [life.case], Span(now - timedelta(days=1), now), life.world.policies.current())
    assert (found.answered, found.judged, found.in_time) == (1, 0, 0)


def test_the_steps_of_a_unit_that_has_left_go_to_the_coordinator() -> None:
    ladder = [
        {"id": "breach", "fraction": 1, "audience": "desk"},
        {"id": "again", "working_days_after": 2, "audience": "desk"},
    ]
    life = (
        Life(clocks={"follow_up": {"ladder": ladder}})
        .verify()
        .assign()
        .days(8)
        .status(Status.VERIFIED, LIAISON)
        .days(3)
    )
    told = [one.address for one in life.world.deliveries() if "follow_up@pu.again" in one.steps]
    assert told == ["koordinator@kantor.example"]


def test_what_a_unit_missed_is_not_owed_anew_when_it_comes_again_and_its_word_meets_it() -> None:
    life = Life().verify().assign().days(8).status(Status.VERIFIED, LIAISON).assign("pu")
    assert [one.state for one in life.case.clocks if one.unit == "pu"] == [ClockState.MISSED]
    life.reply(LIAISON)
    assert not life.clock("follow_up", "pu").open
    assert not life.case.missed


def test_the_word_of_the_unit_that_follows_meets_what_the_one_before_missed() -> None:
    life = Life().verify().assign().days(8).assign("adm")
    assert life.clock("follow_up", "pu").open
    life.reply(COORDINATOR)
    assert life.clock("follow_up", "pu").open, "a word of the coordinator's is no unit's"
    life.reply(OTHER_LIAISON)
    assert not life.clock("follow_up", "pu").open
    assert life.clock("follow_up", "adm").state is ClockState.MET


def test_a_case_that_is_not_verified_is_no_units_yet() -> None:
    life = Life().verify().assign().reply(LIAISON).status(Status.REJECTED, LIAISON)
    life.writes("Saya keberatan, itu jalan kabupaten.").days(12)
    assert life.case.status is Status.NEW
    assert life.told("follow_up") == []
    assert not [one for one in life.case.clocks if one.name == "follow_up" and one.open]


@pytest.mark.parametrize(("officer", "final", "met"), [(COORDINATOR, False, []), (COORDINATOR, True, ["adm", "pu"])])
def test_the_coordinators_word_is_no_units_unless_it_is_the_answer(officer: Any, final: bool, met: list[str]) -> None:
    life = Life(clocks={"follow_up": {"meets": ["unit_wrote"]}}).verify().assign()
    life.world.desk.join(COORDINATOR, life.number, "adm", "")
    life.reply(officer, final)
    follow_ups = [one for one in life.case.clocks if one.name == "follow_up"]
    assert sorted(one.unit for one in follow_ups if one.state is ClockState.MET) == met


def test_a_question_of_the_coordinators_lets_the_units_clock_stand_still() -> None:
    life = Life().verify().assign().status(Status.NEEDS_INFO, COORDINATOR)
    assert life.clock("follow_up", "pu").state is ClockState.PAUSED


def test_a_case_that_comes_back_to_be_verified_lets_go_who_helped_and_tells_them() -> None:
    life = Life().verify().assign()
    life.world.desk.join(COORDINATOR, life.number, "adm", "")
    life.status(Status.REJECTED).status(Status.NEW)
    assert life.case.units == ("pu",)
    told = [one.address for one in life.world.deliveries() if one.purpose is Purpose.NOTICE]
    assert told == ["adm@kantor.example"]
    life.verify().assign().world.desk.join(COORDINATOR, life.number, "adm", "")
    assert {one.unit for one in life.case.clocks if one.name == "follow_up" and one.open} == {"pu", "adm"}


def test_what_the_reporter_owes_is_no_deadline_of_an_officers() -> None:
    life = Life(clocks=OWN).verify().reply(COORDINATOR)
    owed = [one.due_at for one in life.case.clocks if one.open and one.owes == "agency"]
    assert life.clock("rating").open
    assert life.case.deadline == min(owed)
    assert life.clock("rating").due_at < min(owed)


# -- what ended, and what is due at this very instant


def test_nothing_starts_on_a_case_that_has_ended() -> None:
    one = {"amount": 1, "unit": "working_days"}
    own = {
        "each_message": {"*": one, "starts": ["reporter_wrote"], "meets": ["officer_wrote"]},
        "after_care": {"*": one, "starts": ["rejected", "duplicate"], "meets": ["officer_wrote"]},
    }
    life = Life(clocks=own)
    other = life.world.new_case(sender="lain@warga.example")
    life.world.desk.verify(COORDINATOR, life.number, "duplicate", "sama", duplicate_of=other)
    life.writes("Mohon kabar untuk laporan kami.")
    assert not [clock for clock in life.case.clocks if clock.open]
    assert life.case.due_at is None


def test_a_case_that_comes_back_after_its_reporters_silence_is_not_overdue() -> None:
    life = Life().verify().assign().reply(LIAISON, final=True).days(20)
    assert life.case.status is Status.CLOSED
    life.writes("Jalan itu rusak lagi, tolong.")
    assert life.clock("reporter_reply").state is ClockState.MISSED
    assert not life.case.missed


def test_a_pause_at_the_very_due_instant_comes_too_late_and_the_breach_is_recorded() -> None:
    life = Life().verify().assign().until_due("follow_up", "pu").status(Status.NEEDS_INFO)
    assert life.clock("follow_up", "pu").state is ClockState.MISSED
    life.world.later(minutes=1)
    life.world.sweep()
    assert life.events("follow_up")[-2:] == ["missed", "escalated"]
    assert "clock_paused" not in life.events("follow_up")
    assert life.told("follow_up")[-1] == ("breach", "unit_head")


def test_an_answer_at_the_very_due_instant_is_in_time() -> None:
    life = Life().verify().assign().until_due("resolve").reply(LIAISON, final=True)
    assert life.clock("resolve").state is ClockState.MET


# -- as they are kept


def stopped_clock() -> Clock:
    life = formal().days(2).kind(basis=DEFAULT_BASIS).status(Status.NEEDS_INFO).kind(Kind.PRAISE).writes()
    return life.clock("resolve")


def test_a_stopped_clock_reads_as_it_was_written() -> None:
    clock = stopped_clock()
    assert clock.stopped
    assert clock.set_aside
    assert clock.pauses
    for one in (clock, replace(clock, met_at=clock.stopped_at, rule_version=7, owes="reporter")):
        assert clock_from_dict(clock_to_dict(one)) == one


def test_to_the_release_before_a_stopped_clock_is_one_that_was_met() -> None:
    written = clock_to_dict(stopped_clock())
    assert (written["state"], written["met_at"]) == ("met", written["met_at"])
    assert datetime.fromisoformat(written["met_at"]) == stopped_clock().stopped_at


def test_a_clock_of_the_release_before_says_who_owes_it_by_its_name() -> None:
    life = Life().verify().reply(COORDINATOR, final=True)
    for name, owes in (("reporter_reply", "reporter"), ("resolve", "agency")):
        written = clock_to_dict(life.clock(name))
        written.pop("owes", None)
        assert clock_from_dict(written) == life.clock(name)
        assert clock_from_dict(written).owes == owes


def test_a_case_of_the_release_before_that_is_praise_no_more_owes_what_a_complaint_does() -> None:
    life = Life().verify(Kind.PRAISE).assign()
    case = life.case
    kept = tuple(one for one in case.clocks if one.name != "resolve")
    life.world.cases.cases[life.number] = replace(case, clocks=kept, unpromised=())
    life.kind(Kind.COMPLAINT)
    assert (life.clock("resolve").state, life.clock("resolve").started_at) == (ClockState.RUNNING, case.received_at)
    assert life.clock("follow_up", "pu").started_at == life.case.last_at
    assert Purpose.NEW_DATE in {one.purpose for one in life.world.deliveries()}
