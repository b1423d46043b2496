"""A draft gathers what changed; whoever looks, and whoever gets the change, sees the case as it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tanggap.domain.case import Case
from tanggap.domain.clock_changes import happen
from tanggap.domain.draft import Draft
from tanggap.domain.history import GENESIS, digest_of, faults_in
from tanggap.domain.policy import read_policy
from tanggap.domain.promises import RECEIVED
from tanggap.domain.words import Channel, DeliveryState, Kind, Purpose, Status
from tests.support.world import POLICY, CountedIds

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
POLICY_1 = read_policy(POLICY, 1)


def opened(reporter: str | None = "r1") -> Case:
    return Case(
        number="LAP-1",
        channel=Channel.EMAIL,
        kind=Kind.COMPLAINT,
        status=Status.NEW,
        received_at=AT,
        last_at=AT,
        policy_version=1,
        deadline_basis=POLICY_1.deadline_basis,
        reporter=reporter,
    )


def draft(case: Case, at: datetime = AT) -> Draft:
    return Draft(case, at, "system", POLICY_1, CountedIds())


def test_a_case_that_nothing_happened_to_is_the_same_one() -> None:
    case = opened()
    assert draft(case).case is case


def test_what_was_set_shows_at_once_and_the_case_of_before_stays_as_it_was() -> None:
    case = opened()
    changing = draft(case)
    changing.set(subject="air", category="air")
    changing.set(subject="jalan")
    seen = changing.case
    assert (seen.subject, seen.category, case.subject) == ("jalan", "air", "")
    assert changing.case is seen, "looking twice makes no second one"
    changing.set(subject="got")
    assert seen.subject == "jalan"


def test_what_no_case_has_is_refused() -> None:
    changing = draft(opened())
    changing.set(subjekt="air")
    with pytest.raises(TypeError, match="subjekt"):
        changing.change()


def test_the_change_holds_the_chain_to_its_end() -> None:
    changing = draft(opened(), AT + timedelta(minutes=1))
    happen(changing, RECEIVED)
    changing.record("status", was="new", now="verified", unit=None, secret="because")
    changing.record("queued", actor="officer:ani", to="reporter")
    change = changing.change()
    case = change.case
    assert case is not None
    assert (case.seq, case.head, case.last_at) == (2, change.history[-1].hash, AT + timedelta(minutes=1))
    assert faults_in("LAP-1", change.history, case.head) == ()
    assert [entry.hash for entry in change.history] == [digest_of(entry, "LAP-1") for entry in change.history]
    assert change.history[0].data == {"was": "new", "now": "verified"}
    assert [clock.name for clock in case.clocks] == ["first_response", "verify", "resolve"]
    assert case.due_at is not None and case.version == 1


def test_a_second_draft_goes_on_where_the_first_one_ended() -> None:
    first = draft(opened())
    first.record("one")
    one = first.change()
    assert one.case is not None
    second = draft(one.case, AT - timedelta(days=1))
    second.record("two")
    two = second.change()
    assert two.case is not None
    assert faults_in("LAP-1", (*one.history, *two.history), two.case.head) == ()
    assert two.case.last_at == AT, "time never runs backwards"


def test_a_draft_without_an_entry_moves_no_end_of_the_chain() -> None:
    changing = draft(opened(), AT + timedelta(days=1))
    case = changing.change().case
    assert changing.empty
    assert case is not None
    assert (case.seq, case.head, case.last_at) == (0, GENESIS, AT)


def test_a_case_is_ended_when_it_first_ended() -> None:
    changing = draft(opened(), AT + timedelta(hours=1))
    changing.set(status=Status.REJECTED)
    ended = changing.change().case
    assert ended is not None and ended.ended_at == AT + timedelta(hours=1)
    again = draft(ended, AT + timedelta(hours=2))
    again.record("noted")
    later = again.change().case
    assert later is not None and later.ended_at == ended.ended_at


@pytest.mark.parametrize(("reporter", "state"), [("r1", DeliveryState.QUEUED), (None, DeliveryState.HELD)])
def test_a_letter_to_nobody_is_held(reporter: str | None, state: DeliveryState) -> None:
    changing = draft(opened(reporter))
    changing.tell_reporter(Purpose.ACKNOWLEDGEMENT, {})
    (letter,) = changing.change().deliveries
    assert letter.state is state
    assert (letter.wake is None) == (reporter is None)
