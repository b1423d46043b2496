"""Whatever order arrivals, repeats, failures and sweeps come in: one message, one case, one acknowledgement, and a
ledger that adds up."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.application.failures import AnswerLost, Broken, Wait
from tanggap.domain.history import faults_in
from tanggap.domain.words import DeliveryState, Outcome
from tests.support.world import World

#: A mail (0..3) under one of three arrivals; a failing send; a minute's sweep; hours that pass.
ACTIONS = st.one_of(
    st.tuples(st.just("arrive"), st.integers(0, 3), st.integers(0, 2)),
    st.tuples(st.just("fail"), st.sampled_from(["wait", "broken", "lost"]), st.just(0)),
    st.tuples(st.just("pump"), st.just(""), st.just(0)),
    st.tuples(st.just("later"), st.just(""), st.integers(1, 300)),
)
FAILURES = {"wait": Wait("throttled"), "broken": Broken("unavailable"), "lost": AnswerLost("answer_lost")}


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTIONS, max_size=40))
def test_any_mix_of_repeats_and_failures_ends_in_one_of_each(actions: list[tuple[str, object, int]]) -> None:
    world = World()
    mails = [world.mail(sender=f"warga{n % 2}@warga.example") for n in range(4)]
    arrived: set[str] = set()
    lost = 0
    for action, what, number in actions:
        if action == "arrive":
            key = f"mail/{what}-{number}"
            arrived.add(key)
            world.arrive(mails[int(str(what))], key)
        elif action == "fail":
            lost += what == "lost"
            world.post.failures.append(FAILURES[str(what)])
        elif action == "pump":
            world.pump()
        else:
            world.later(minutes=number)
            world.sweep()
    lost -= sum(isinstance(failure, AnswerLost) for failure in world.post.failures)
    world.post.failures.clear()
    for _ in range(4):
        world.later(hours=2)
        world.sweep()
        world.pump()

    rows = list(world.cases.rows.values())
    assert {row.arrival for row in rows} == arrived
    filed = [row for row in rows if row.outcome is Outcome.FILED]
    distinct = {key.split("-")[0] for key in arrived}
    assert len(filed) == len(distinct)
    assert all(row.outcome is Outcome.DUPLICATE for row in rows if row not in filed)
    assert sum(len(messages) for messages in world.cases.messages.values()) == len(distinct)
    for number_ in world.cases.cases:
        file = world.cases.file(number_)
        (acknowledgement,) = [row for row in file.deliveries if row.purpose == "acknowledgement"]
        assert acknowledgement.state in (DeliveryState.SENT, DeliveryState.HELD)
        assert acknowledgement.repeats <= 2
        sent = [one for one in world.post.sent if one.delivery == acknowledgement.id]
        assert len(sent) == (acknowledgement.state is DeliveryState.SENT)
        assert faults_in(number_, file.history, file.case.head) == ()
    assert sum(row.repeats for row in world.deliveries()) == lost


@given(st.integers(0, 60 * 24 * 40), st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_sweeping_more_often_never_climbs_a_rung_twice(minutes: int, times: int) -> None:
    world = World()
    number = world.new_case()
    world.later(minutes=minutes)
    for _ in range(times):
        world.sweep()
    once = World()
    other = once.new_case()
    once.now += timedelta(minutes=minutes)
    once.sweep()
    assert [clock.steps_done for clock in world.cases.case(number).clocks] == [
        clock.steps_done for clock in once.cases.case(other).clocks
    ]
