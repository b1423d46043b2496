"""What a platform says of a letter later, also of one whose answer was lost: its row ends, and nothing goes twice."""

from __future__ import annotations

from typing import Any

import pytest

from tanggap.application.deliver import LEASE, WORD_COMES
from tanggap.application.failures import AnswerLost, WindowClosed
from tanggap.application.ports import Due
from tanggap.domain.case import Delivery
from tanggap.domain.errors import Retry
from tanggap.domain.ways import How
from tanggap.domain.words import Channel, DeliveryState, Reason
from tests.support.chats import TEMPLATES, acknowledged, answer, last, said, told, wakened
from tests.support.world import World

# -- what platforms say later


def test_what_was_delivered_and_read_stands_on_the_row_in_any_order(world: World) -> None:
    number = acknowledged(world, Channel.WHATSAPP)
    answer(world, number, "Sudah diperbaiki. " * 100)
    world.pump()
    first, second = last(world, number).gone
    assert told(world, Channel.WHATSAPP, first, "sent").reason is Reason.SENT
    told(world, Channel.WHATSAPP, first, "read")
    assert last(world, number).state is DeliveryState.SENT, "the last part speaks for the whole"
    assert told(world, Channel.WHATSAPP, second, "read").reason is Reason.READ
    told(world, Channel.WHATSAPP, second, "delivery")
    assert (last(world, number).state, last(world, number).reason) == (DeliveryState.DELIVERED, "read")


def test_a_window_that_the_platform_finds_closed_later_sends_the_letter_by_its_next_way_once() -> None:
    world = World(policy=TEMPLATES)
    number = acknowledged(world, Channel.WHATSAPP)
    answer(world, number, "Sudah diperbaiki. " * 100)
    world.pump()
    first, second = last(world, number).gone
    told(world, Channel.WHATSAPP, first, "bounce", status="131047", cause="window_closed")
    row = last(world, number)
    assert (row.state, row.tried, row.charged) == (DeliveryState.QUEUED, ("whatsapp/message window_closed",), "")
    for kind in ("bounce", "read", "sent"):  # of the second part, or the first: the row is on its way again
        assert told(world, Channel.WHATSAPP, second, kind, cause="window_closed").case == number
        assert told(world, Channel.WHATSAPP, first, kind, cause="window_closed").case == number
    assert last(world, number) == row
    world.pump()
    row = last(world, number)
    assert (row.state, row.how, row.charged) == (DeliveryState.SENT, How.TEMPLATE, "whatsapp/template:1")
    told(world, Channel.WHATSAPP, second, "bounce", status="131047", cause="window_closed")
    assert last(world, number) == row, "of a way that the letter has left"
    told(world, Channel.WHATSAPP, row.external_id, "delivery")
    assert last(world, number).state is DeliveryState.DELIVERED


@pytest.mark.parametrize("word", ["bounce", "read", "delivery"])
def test_a_word_about_a_part_of_a_letter_that_stands_on_the_page_by_now_changes_nothing(
    world: World, word: str
) -> None:
    number = acknowledged(world, Channel.WHATSAPP)
    answer(world, number, "Sudah diperbaiki. " * 100)
    world.pump()
    first, second = last(world, number).gone
    world.later(days=2)
    told(world, Channel.WHATSAPP, second, "bounce", status="131047", cause="window_closed")
    world.pump()
    row, history = last(world, number), world.cases.file(number).history
    assert (row.state, row.how, row.reason) == (DeliveryState.HELD, How.TRACKING, "window_closed")
    desk = len(world.deliveries())
    assert told(world, Channel.WHATSAPP, first, word, cause="window_closed").case == number
    world.pump()
    assert last(world, number) == row
    assert (len(world.deliveries()), world.cases.file(number).history) == (desk, history), "told once"


@pytest.mark.parametrize("word", ["bounce", "read"])
def test_a_part_that_went_before_the_window_closed_says_nothing_about_the_page(world: World, word: str) -> None:
    number = acknowledged(world, Channel.WHATSAPP)
    answer(world, number, "Sudah diperbaiki. " * 100)
    world.chats[Channel.WHATSAPP].failures = [None, WindowClosed("window_closed")]
    world.pump()
    row = last(world, number)
    assert (row.state, row.how, len(row.gone)) == (DeliveryState.HELD, How.TRACKING, 1)
    told(world, Channel.WHATSAPP, row.gone[0], word, cause="window_closed")
    assert last(world, number) == row


# -- an answer that was lost, and a platform that tells all the same


def named(row: Delivery, part: int, of: int) -> dict[str, Any]:
    """What comes back of what went along."""
    return {"case_number": row.case, "delivery_id": row.id, "part": (part, of)}


def lost(world: World, text: str = "Sudah diperbaiki.", after: int = 0) -> tuple[str, Delivery]:
    """An answer of which `after` parts are known to have gone, and the next one's answer was lost."""
    number = acknowledged(world, Channel.WHATSAPP)
    answer(world, number, text)
    world.chats[Channel.WHATSAPP].failures = [*[None] * after, AnswerLost("answer_lost")]
    world.pump()
    row = last(world, number)
    assert (row.state, row.repeats, len(row.gone)) == (DeliveryState.QUEUED, 1, after)
    assert row.due_at == world.now + WORD_COMES[Channel.WHATSAPP]
    return number, row


@pytest.mark.parametrize(
    ("word", "state", "reason"), [("sent", "sent", ""), ("delivery", "delivered", ""), ("read", "delivered", "read")]
)
def test_word_of_a_message_whose_answer_was_lost_ends_its_row_and_it_is_not_sent_again(
    world: World, word: str, state: str, reason: str
) -> None:
    number, row = lost(world)
    told(world, Channel.WHATSAPP, "wamid.lost", word, **named(row, 1, 1))
    after = last(world, number)
    assert (after.state, after.reason, after.gone, after.repeats) == (state, reason, ("wamid.lost",), 0)
    assert (after.charged, after.sent_at, after.due_at) == ("whatsapp/service:1", world.now, None)
    assert world.cases.delivery_of("wamid.lost") == (number, row.id)
    world.later(hours=2)
    world.sweep()
    world.pump()
    assert said(world, Channel.WHATSAPP) == []
    told(world, Channel.WHATSAPP, "wamid.lost", "read", **named(row, 1, 1))
    assert last(world, number).reason == "read"


def test_word_of_a_lost_part_lets_only_what_comes_behind_it_go(world: World) -> None:
    number, row = lost(world, "Sudah diperbaiki. " * 150, after=1)
    told(world, Channel.WHATSAPP, "wamid.lost", "sent", **named(row, 2, 3))
    world.pump()
    after = last(world, number)
    parts = [one for one, _, _ in world.chats[Channel.WHATSAPP].sent]
    assert (after.state, len(parts), after.charged) == (DeliveryState.SENT, 2, "whatsapp/service:3")
    assert after.gone == (parts[0], "wamid.lost", parts[1])
    told(world, Channel.WHATSAPP, "wamid.lost", "read", **named(row, 2, 3))
    assert last(world, number) == after, "the last part speaks for the whole"


def test_word_of_another_part_than_the_lost_one_takes_nothing_off_the_letter(world: World) -> None:
    number, row = lost(world, "Sudah diperbaiki. " * 150, after=1)
    for part in ((1, 3), (3, 3), (0, 0)):
        told(world, Channel.WHATSAPP, "wamid.copy", "delivery", **{**named(row, 1, 1), "part": part})
    told(world, Channel.WHATSAPP, row.gone[0], "read", **named(row, 1, 3))
    told(world, Channel.WHATSAPP, "wamid.lost", "bounce", cause="system", **named(row, 2, 3))
    assert last(world, number) == row


def test_what_is_held_since_two_answers_were_lost_is_known_by_a_later_word(world: World) -> None:
    number, row = lost(world)
    world.chats[Channel.WHATSAPP].failures = [AnswerLost("answer_lost")]
    assert wakened(world, number).state is DeliveryState.HELD
    told(world, Channel.WHATSAPP, "wamid.copy", "delivery", **named(row, 1, 1))
    after = last(world, number)
    assert (after.state, after.repeats, after.gone) == (DeliveryState.DELIVERED, 1, ("wamid.copy",))
    told(world, Channel.WHATSAPP, "wamid.lost", "read", **named(row, 1, 1))
    assert last(world, number) == after, "it may have come twice, and is counted"


def test_a_word_that_is_faster_than_our_own_note_comes_again(world: World) -> None:
    number = acknowledged(world, Channel.WHATSAPP)
    row = answer(world, number)
    world.cases.claim(row, world.now, world.now + LEASE)
    for word in ("sent", "delivery", "read", "bounce"):
        with pytest.raises(Retry):
            told(world, Channel.WHATSAPP, "wamid.early", word, **named(row, 1, 1))


def test_word_of_a_lost_message_does_not_cross_its_repeat(world: World) -> None:
    number, row = lost(world)
    world.later(hours=1)
    world.cases.wake(Due(number, world.now, row.id), world.now)
    told(world, Channel.WHATSAPP, "wamid.lost", "delivery", **named(row, 1, 1))
    woken = last(world, number)
    assert (woken.state, woken.gone) == (DeliveryState.QUEUED, ()), "the stream has shown it to its sender"
    world.deliver(woken)
    assert (last(world, number).state, last(world, number).repeats) == (DeliveryState.SENT, 1)


def test_a_person_who_is_not_there_any_more_is_told_to_the_desk_and_not_written_to_there_again() -> None:
    world = World(policy=TEMPLATES)
    number = acknowledged(world, Channel.WHATSAPP)
    answer(world, number)
    world.pump()
    told(world, Channel.WHATSAPP, last(world, number).external_id, "bounce", permanent=True, cause="unknown")
    world.pump()
    row = last(world, number)
    assert (row.state, row.how, row.reason) == (DeliveryState.HELD, How.TRACKING, "blocked")
    assert "undelivered" in [one.purpose for one in world.cases.file(number).deliveries]
    assert len(world.chats[Channel.WHATSAPP].sent) == 1
