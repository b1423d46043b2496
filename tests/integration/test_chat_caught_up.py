"""Somebody's words that a closed window kept from a person are sent once they write, and no more than once."""

from __future__ import annotations

import pytest

from tanggap.adapters.dynamodb.keys import case_pk
from tanggap.application.failures import Blocked
from tanggap.domain.case import Delivery, FileRef
from tanggap.domain.inbound import Sort
from tanggap.domain.ways import PARTLY, How
from tanggap.domain.words import Channel, DeliveryState, Priority, Purpose, Status
from tests.integration.test_chat_races import at_once
from tests.support.chats import TEMPLATES, answer, letters, said
from tests.support.talking import chat, raw
from tests.support.world import COORDINATOR, POLICY, World, fake_aws

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


# -- on another case than the one that they write on


def kept(world: World, number: str, channel: Channel = WA) -> tuple[str, ...]:
    return world.cases.talk(world.cases.case(number).reporter, channel).kept


def times(world: World, words: str, channel: Channel = WA) -> int:
    return sum(words in one for one in said(world, channel))


@pytest.mark.parametrize("backend", ["memory", "dynamodb"])
@pytest.mark.parametrize("policy", [TEMPLATES, POLICY], ids=["announced", "held"])
def test_what_was_kept_from_them_on_another_case_is_said_once(backend: str, policy: dict[str, object]) -> None:
    with fake_aws():
        world = World(backend, policy=policy)
        first = opened(world)
        second = wrote(world, "lapor baru: lampu jalan di RT 5 mati")
        world.pump()
        world.later(days=2)
        row = answer(world, first, "Jalan sudah diperbaiki.")
        world.pump()
        assert kept(world, first) == (first,)
        assert wrote(world) == second
        assert kept(world, first) == ()
        world.pump()
        assert [one.again_of for one in again(world, first)] == [row.id]
        assert times(world, "Jalan sudah diperbaiki.") == 1
        entries = [one for one in world.cases.file(first).history if one.event == "sent_again"]
        assert [one.actor for one in entries] == ["system"]
        world.later(minutes=5)
        assert wrote(world, "Lampunya masih mati.") == second
        world.pump()
        assert len(again(world, first)) == 1


@pytest.mark.parametrize("word", ["status", "lapor baru", "lapor baru: lampu jalan di RT 5 mati", "bantuan"])
def test_a_word_of_the_menu_and_a_new_report_bring_it_too(word: str) -> None:
    world = World(policy=TEMPLATES)
    number = opened(world)
    world.desk.verify(COORDINATOR, number, "reject", "Bukan jalan desa, milik provinsi.")
    world.pump()
    wrote(world, word)
    world.pump()
    assert times(world, "milik provinsi") == 1
    world.later(minutes=5)
    wrote(world, "status")
    world.pump()
    assert (times(world, "milik provinsi"), kept(world, number)) == (1, ())


def test_of_two_messages_on_another_case_that_are_read_at_once_one_brings_it(world: World) -> None:
    first = opened(world)
    second = wrote(world, "lapor baru: lampu jalan di RT 5 mati")
    world.pump()
    world.later(days=2)
    answer(world, first, "Jalan sudah diperbaiki.")
    world.pump()
    both = at_once(world, *(chat(WA, "628111", text, world.now) for text in ("lampunya masih mati", "sudah seminggu")))
    assert {one.case for one in both} == {second}
    world.pump()
    assert (len(again(world, first)), times(world, "Jalan sudah diperbaiki.")) == (1, 1)


def test_what_is_too_much_at_once_comes_with_the_next_message_wherever_it_goes() -> None:
    world = World(policy=POLICY)
    first = opened(world)
    second = wrote(world, "lapor baru: lampu jalan di RT 5 mati")
    world.pump()
    world.later(days=2)
    for day in range(7):
        answer(world, first, f"Kabar ke-{day}.")
        world.pump()
    for expected in (5, 7):
        assert wrote(world, f"Lampunya masih mati, {expected} hari.") == second
        assert len(again(world, first)) == expected


def test_a_message_that_is_read_late_leaves_it_for_the_next() -> None:
    world = World(policy=TEMPLATES)
    first = opened(world)
    wrote(world, "lapor baru: lampu jalan di RT 5 mati")
    world.pump()
    world.later(days=2)
    answer(world, first)
    world.pump()
    late = chat(WA, "628111", "Lampunya masih mati.", world.now)
    world.later(days=2)
    world.receive(raw(late))
    assert (again(world, first), kept(world, first)) == ([], (first,))
    wrote(world, "Masih mati juga.")
    assert len(again(world, first)) == 1


# -- what they write after an end that was only announced


@pytest.mark.parametrize("text", ["Ada kabar apa ya Pak?", "Ada kebakaran di pasar, tolong segera, ada korban!"])
@pytest.mark.parametrize("end", ["rejected", "transferred"])
def test_what_they_write_then_is_a_case_with_clocks_and_brings_what_was_kept(text: str, end: str) -> None:
    """An ended case has none, and may not be brought back by its reporter's word."""
    world = World(policy=TEMPLATES)
    number = opened(world)
    if end == "rejected":
        world.desk.verify(COORDINATOR, number, "reject", "Bukan jalan desa, milik provinsi.")
    else:
        world.desk.verify(COORDINATOR, number, "accept", "")
        world.desk.set_status(COORDINATOR, number, Status.TRANSFERRED, "Bukan jalan desa, milik provinsi.")
    world.pump()
    world.later(minutes=5)
    case = world.cases.case(wrote(world, text))
    world.pump()
    assert (case.number != number, case.due_at is not None) == (True, True)
    assert (case.priority == Priority.URGENT) == ("kebakaran" in text)
    assert times(world, "milik provinsi") == 1


def test_of_many_cases_no_more_is_said_at_once_than_of_one() -> None:
    world = World()
    numbers = []
    for lane in range(4):
        numbers.append(wrote(world, f"lapor baru: Jalan di RT {lane} rusak parah dan berlubang."))
        world.pump()
        world.later(minutes=70)
    world.later(days=2)
    for number in numbers:
        for word in ("satu", "dua", "tiga"):
            answer(world, number, f"Kabar {word}.")
            world.pump()
            world.later(minutes=1)
    world.chats[WA].sent.clear()
    counts = []
    for _ in range(4):
        before = len(world.chats[WA].sent)
        world.later(minutes=1)
        wrote(world, "menu")
        world.pump()
        counts.append(sum("Kabar " in one[1] for one in world.chats[WA].sent[before:]))
    assert counts == [5, 5, 2, 0]


def test_a_case_that_this_release_cannot_read_stops_no_report() -> None:
    with fake_aws():
        world = World("dynamodb", policy=TEMPLATES)
        old = opened(world)
        wrote(world, "lapor baru: Lampu jalan mati di RW 9.")
        world.pump()
        world.later(days=2)
        answer(world, old, "Kabar.")
        world.pump()
        for row in list(world.cases.row.query(case_pk(old))):
            if row.sk.startswith("OUT#"):
                row.data = row.data.replace('"purpose":"acknowledgement"', '"purpose":"of_a_newer_release"')
                row.save()
        assert wrote(world, "lapor baru: Ada kebakaran di pasar!") != old


# -- a private reply that held only the notice


@pytest.mark.parametrize("backend", ["memory", "dynamodb"])
@pytest.mark.parametrize(
    ("text", "files", "again_"),
    [("Jalan akan ditambal. " * 80, (), 1), ("Foto terlampir.", ("foto.jpg",), 1), ("Besok.", (), 0)],
)
def test_an_answer_of_which_a_private_reply_gave_notice_is_said_when_they_write(
    backend: str, text: str, files: tuple[str, ...], again_: int
) -> None:
    with fake_aws():
        world = World(backend, policy=POLICY)
        ig = Channel.INSTAGRAM
        for said_there in ("Jalan di RT 3 rusak parah", "Jalan masih rusak, bagaimana ini?"):
            comment = chat(ig, "555", said_there, world.now, sort=Sort.COMMENT, account="ours")
            number = world.receive(raw(comment)).case
            world.pump()
            world.later(minutes=30)
        refs = tuple(FileRef(name, "image/jpeg", 5, "a" * 64, f"files/{name}") for name in files)
        for ref in refs:
            world.files.put(ref.key, b"bytes", ref.type)
        row = answer(world, number, text, refs)
        world.pump()
        sent = letters(world, number)[-1]
        assert (sent.how, sent.state, sent.marks) == (How.PRIVATE, DeliveryState.SENT, (PARTLY,) * again_)
        assert kept(world, number, ig) == (number,) * again_
        assert world.receive(raw(chat(ig, "555", "Kabarnya apa Pak?", world.now, account="ours"))).case == number
        world.pump()
        assert [one.again_of for one in again(world, number)] == [row.id] * again_
        assert all((one.how, one.marks) == (How.MESSAGE, ()) for one in again(world, number))
        assert kept(world, number, ig) == ()
