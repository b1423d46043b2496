"""A chat's letter of several parts, cut anywhere: no part is sent twice unseen, and none is left behind."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from tanggap.application.deliver import LEASE, Deliver
from tanggap.application.failures import AnswerLost
from tanggap.application.outgoing import Page
from tanggap.application.ports import ChatEnvelope
from tanggap.domain.case import Delivery
from tanggap.domain.errors import Retry
from tanggap.domain.words import Channel, DeliveryState
from tests.support.chats import acknowledged, answer, last, said, wakened
from tests.support.cuts import Cut, Killed, each_cut
from tests.support.world import DOMAIN, World


def test_a_chat_cut_between_any_two_calls_sends_only_what_is_left() -> None:
    def run(cut: Cut) -> None:
        world = World()
        number = acknowledged(world, Channel.INSTAGRAM)
        answer(world, number, "Sudah diperbaiki. " * 100)
        chat = world.chats[Channel.INSTAGRAM]
        outbox = cut.wrap(world.cases)
        deliver = Deliver(
            outbox,
            outbox,
            cut.wrap(world.vault),
            world.files,
            world.policies,
            world.post,
            world.ids,
            world.clock,
            lambda channel: cut.wrap(chat),
            Page(f"https://{DOMAIN}/lacak", world.tokens),
        )
        (row,) = world.unsent()
        with contextlib.suppress(Killed):
            deliver(row)
        cut_after = len(chat.sent)
        for _ in range(2):
            world.later(seconds=(LEASE * 2).total_seconds())
            world.sweep()
            world.pump()

        after = last(world, number)
        assert after.state is DeliveryState.SENT
        parts = said(world, Channel.INSTAGRAM)
        twice = len(parts) - len(set(parts))
        assert len(set(parts)) == 2
        assert twice <= 1, "only the part whose note was cut off"
        assert after.repeats == (1 if cut.hit and after.attempts == 2 else 0)
        assert twice <= after.repeats, "what may have gone twice is counted"
        if not twice:
            assert after.gone == tuple(one for one, _, _ in chat.sent)
        assert cut_after <= 2

    assert each_cut(run) >= 6


def test_a_part_that_was_noted_is_not_sent_again_by_whoever_takes_the_row_over(world: World) -> None:
    number = acknowledged(world, Channel.INSTAGRAM)
    answer(world, number, "Sudah diperbaiki. " * 100)
    chat = world.chats[Channel.INSTAGRAM]
    chat.failures = [None, Killed()]
    with contextlib.suppress(Killed):
        world.pump()
    assert (last(world, number).state, len(last(world, number).gone)) == (DeliveryState.CLAIMED, 1)
    world.later(seconds=LEASE.total_seconds() + 1)
    world.sweep()
    world.pump()
    row = last(world, number)
    assert (row.state, row.repeats, row.gone) == (DeliveryState.SENT, 1, tuple(one for one, _, _ in chat.sent))
    assert len(chat.sent) == 2


def test_who_lost_the_claim_sends_nothing_more(world: World) -> None:
    number = acknowledged(world, Channel.INSTAGRAM)
    row = answer(world, number, "Sudah diperbaiki. " * 100)
    chat = world.chats[Channel.INSTAGRAM]
    send = chat.send

    def slow(envelope: ChatEnvelope, left: Callable[[str], None]) -> tuple[str, ...]:
        world.later(seconds=LEASE.total_seconds() + 1)
        assert world.cases.claim(world.cases.delivery(number, row.id), world.now, world.now + LEASE)
        return send(envelope, left)

    chat.send = slow  # type: ignore[method-assign]
    world.deliver(row)
    assert len(chat.sent) == 1
    after = last(world, number)
    assert (after.state, after.repeats, after.attempts) == (DeliveryState.CLAIMED, 1, 2), "the other's, as it was"


def test_a_part_whose_note_the_table_did_not_take_is_known_in_the_end(world: World) -> None:
    number = acknowledged(world, Channel.INSTAGRAM)
    row = answer(world, number, "Sudah diperbaiki. " * 100)
    deaf = Deaf(world.cases)
    world.deliver.dispatch.outbox = deaf
    world.pump()
    ids = tuple(one for one, _, _ in world.chats[Channel.INSTAGRAM].sent)
    assert deaf.asked == 2
    after = last(world, number)
    assert (after.state, after.gone, after.repeats) == (DeliveryState.SENT, ids, 0)
    assert [world.cases.delivery_of(one) for one in ids] == [(number, row.id)] * 2


class Deaf:
    """A table that takes no note of what has left."""

    def __init__(self, cases: Any) -> None:
        self.cases, self.asked = cases, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cases, name)

    def left(self, delivery: Delivery) -> bool:
        self.asked += 1
        raise Retry("throttled")

    def also_known(self, delivery: Delivery, external_id: str) -> None:
        if self.asked == 1:
            self.asked += 1
            raise Retry("throttled")
        self.cases.also_known(delivery, external_id)


def test_an_answer_that_was_lost_after_two_parts_repeats_the_third_alone_and_then_is_held(world: World) -> None:
    number = acknowledged(world, Channel.MESSENGER)
    answer(world, number, "Sudah diperbaiki. " * 150)
    world.chats[Channel.MESSENGER].failures = [None, None, AnswerLost("answer_lost"), AnswerLost("answer_lost")]
    world.pump()
    row = last(world, number)
    assert (row.state, row.repeats, len(row.gone)) == (DeliveryState.QUEUED, 1, 2)
    row = wakened(world, number)
    assert (row.state, row.reason, len(row.gone)) == (DeliveryState.HELD, "answer_lost", 2)
    assert len(world.chats[Channel.MESSENGER].sent) == 2
