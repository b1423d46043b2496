"""Somebody's words that a closed window kept from a person are sent once they write, and no more than once."""

from __future__ import annotations

import pytest

from tanggap.application.failures import Blocked
from tanggap.domain.case import Delivery
from tanggap.domain.ways import How
from tanggap.domain.words import Channel, DeliveryState, Purpose
from tests.integration.test_chat_delivery import TEMPLATES
from tests.integration.test_chat_races import at_once
from tests.support.chats import answer, letters, said
from tests.support.talking import chat, raw
from tests.support.world import POLICY, World, fake_aws

WA = Channel.WHATSAPP


def wrote(world: World, text: str = "Bagaimana kabar laporan saya?", channel: Channel = WA) -> str:
    return world.receive(raw(chat(channel, "628111", text, world.now))).case


def opened(world: World, channel: Channel = WA) -> str:
    """A case whose acknowledgement has gone freely, two days ago."""
    number = wrote(world, "Jalan di RT 3 rusak parah.", channel)
    world.pump()
    world.chats[channel].sent.clear()
    world.later(days=2)
    return number


def again(world: World, number: str) -> list[Delivery]:
    return [row for row in letters(world, number) if row.again_of]


@pytest.mark.parametrize("backend", ["memory", "dynamodb"])
def test_what_a_template_only_announced_is_said_when_they_write_back(backend: str) -> None:
    with fake_aws():
        world = World(backend, policy=TEMPLATES)
        number = opened(world)
        row = answer(world, number, "Jalan sudah diperbaiki.")
        world.pump()
        assert said(world, WA) == ["kabar_laporan:id"]
        wrote(world)
        world.pump()
        (second,) = again(world, number)
        assert (second.again_of, second.purpose, second.text, second.actor) == (
            row.id,
            row.purpose,
            row.text,
            row.actor,
        )
        assert (second.state, second.how) == (DeliveryState.SENT, How.MESSAGE)
        assert sum("Jalan sudah diperbaiki." in one for one in said(world, WA)) == 1
        entries = [one for one in world.cases.file(number).history if one.event == "sent_again"]
        assert [dict(one.data) for one in entries] == [{"delivery": second.id, "former": row.id}]
        world.later(minutes=5)
        wrote(world, "Terima kasih, sudah saya baca semua.")
        world.pump()
        assert len(again(world, number)) == 1


@pytest.mark.parametrize("channel", [WA, Channel.INSTAGRAM])
def test_what_was_held_for_a_closed_window_is_said_when_it_opens(world: World, channel: Channel) -> None:
    number = opened(world, channel)
    answer(world, number, "Jalan sudah diperbaiki.")
    world.pump()
    held = letters(world, number)[-1]
    assert (held.state, held.how, held.reason) == (DeliveryState.HELD, How.TRACKING, "window_closed")
    wrote(world, channel=channel)
    world.pump()
    (second,) = again(world, number)
    assert (second.state, second.how, second.again_of, second.tried) == (DeliveryState.SENT, How.MESSAGE, held.id, ())
    assert sum("Jalan sudah diperbaiki." in one for one in said(world, channel)) == 1


def test_of_two_messages_read_at_once_one_brings_it(world: World) -> None:
    number = opened(world)
    answer(world, number, "Jalan sudah diperbaiki.")
    world.pump()
    one, two = (chat(WA, "628111", text, world.now) for text in ("Halo Pak, bagaimana", "kabar laporan saya"))
    first, second = at_once(world, one, two)
    assert first.case == second.case == number
    world.pump()
    assert len(again(world, number)) == 1
    assert sum("Jalan sudah diperbaiki." in text for text in said(world, WA)) == 1


def test_five_at_once_and_the_others_with_their_next_message() -> None:
    world = World(policy=POLICY)
    number = opened(world)
    for day in range(7):
        answer(world, number, f"Kabar ke-{day}.")
        world.pump()
        world.later(minutes=1)
    wrote(world)
    assert [row.text.split()[1] for row in again(world, number)] == [f"ke-{day}." for day in range(2, 7)]
    wrote(world, "Ada lagi, Pak?")
    assert len(again(world, number)) == 7
    wrote(world, "Baik, saya tunggu di rumah.")
    assert len(again(world, number)) == 7


def test_a_month_later_it_stays_on_the_page() -> None:
    world = World(policy=POLICY)
    number = opened(world)
    answer(world, number)
    world.pump()
    world.later(days=31)
    wrote(world)
    assert again(world, number) == []


def test_a_message_that_is_read_when_the_window_has_closed_again_brings_nothing() -> None:
    world = World(policy=TEMPLATES)
    number = opened(world)
    answer(world, number)
    world.pump()
    late = chat(WA, "628111", "Bagaimana kabarnya?", world.now)
    world.later(days=2)
    assert world.receive(raw(late)).case == number
    assert again(world, number) == []


def test_a_machines_letter_is_not_repeated_but_the_number_and_code_reach_them() -> None:
    world = World(policy=TEMPLATES)
    late = chat(WA, "628111", "Jalan di RT 3 rusak parah.", world.now)
    world.later(days=2)
    number = world.receive(raw(late)).case
    world.pump()
    assert said(world, WA) == ["kabar_laporan:id"]
    wrote(world)
    world.pump()
    (second,) = again(world, number)
    assert second.purpose is Purpose.ACKNOWLEDGEMENT
    assert sum(f"Kode: {world.tokens.receipt(number)}" in one for one in said(world, WA)) == 1
    wrote(world, "Baik, saya tunggu di rumah.")
    assert len(again(world, number)) == 1


def test_who_had_blocked_us_gets_what_was_written_meanwhile() -> None:
    world = World(policy=POLICY)
    number = opened(world, Channel.TELEGRAM)
    answer(world, number, "Jalan sudah diperbaiki.")
    world.chats[Channel.TELEGRAM].failures = [Blocked("blocked")]
    world.pump()
    wrote(world, channel=Channel.TELEGRAM)
    world.pump()
    assert sum("Jalan sudah diperbaiki." in one for one in said(world, Channel.TELEGRAM)) == 1


def test_on_the_page_it_stands_once() -> None:
    from tanggap.domain.tracking import conversation

    world = World(policy=POLICY)
    number = opened(world)
    answer(world, number, "Jalan sudah diperbaiki.")
    world.pump()
    wrote(world)
    world.pump()
    file = world.cases.file(number)
    assert len(again(world, number)) == 1
    assert sum("Jalan sudah diperbaiki." in one.text for one in conversation(file.messages, file.letters)) == 1
