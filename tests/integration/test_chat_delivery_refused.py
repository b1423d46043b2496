"""What a platform answers to a letter: each refusal has its way on, and whoever must know of it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tanggap.application.deliver import ATTEMPTS
from tanggap.application.failures import Blocked, Broken, Undeliverable, Wait, WindowClosed
from tanggap.domain.letter_frame import MARKER
from tanggap.domain.ways import How
from tanggap.domain.words import Channel, DeliveryState, Purpose
from tests.support.chats import TEMPLATES, acknowledged, answer, last, open_by, said, wakened
from tests.support.world import COORDINATOR, DOMAIN, World, fake_aws


def test_a_platform_that_says_how_long_is_left_alone_so_long(world: World) -> None:
    number = acknowledged(world, Channel.TELEGRAM)
    answer(world, number)
    world.chats[Channel.TELEGRAM].failures = [Wait("throttled", 37)]
    world.pump()
    row = last(world, number)
    assert (row.state, row.reason, row.due_at) == (DeliveryState.QUEUED, "throttled", world.now + timedelta(seconds=37))
    world.later(seconds=60)
    world.sweep()
    world.pump()
    assert last(world, number).state is DeliveryState.SENT
    assert len(said(world, Channel.TELEGRAM)) == 1


@pytest.mark.parametrize("backend", ["memory", "dynamodb"])
def test_of_a_letter_that_waits_for_a_day_the_desk_hears_once_and_it_waits_on(backend: str) -> None:
    with fake_aws():
        world = World(backend)
        number = acknowledged(world, Channel.TELEGRAM)
        answer(world, number)
        world.chats[Channel.TELEGRAM].failures = [Wait("account_locked", 3600)] * 30
        world.pump()
        heard = []
        for _ in range(29):
            row = wakened(world, number)
            file = world.cases.file(number)
            told = [one for one in file.deliveries if one.purpose is Purpose.UNDELIVERED]
            heard.append((len(told), sum(entry.event == "delivery_waits" for entry in file.history)))
            assert (row.state, row.reason, row.due_at) == (
                DeliveryState.QUEUED,
                "account_locked",
                world.now + timedelta(seconds=3600),
            )
        assert heard == [(0, 0)] * 23 + [(1, 1)] * 6
        assert (told[0].address, "account_locked" in told[0].text) == ("koordinator@kantor.example", True)
        assert wakened(world, number).state is DeliveryState.SENT
        assert len(said(world, Channel.TELEGRAM)) == 1


@pytest.mark.parametrize("post", [None, Undeliverable("rejected"), Wait("throttled", 60), Broken("mail_refused")])
def test_what_waits_for_a_day_goes_by_mail_where_that_is_known_and_waits_on_where_mail_fails(
    post: Exception | None,
) -> None:
    world = World()
    number = acknowledged(world, Channel.TELEGRAM, also="siti@rumah.example")
    answer(world, number)
    world.post.sent.clear()
    world.chats[Channel.TELEGRAM].failures = [Wait("account_locked", 3600)] * 30
    world.pump()
    for _ in range(23):
        assert wakened(world, number).state is DeliveryState.QUEUED
    assert [one.to_address for one in world.post.sent] == []
    world.post.failures = [post] if post else []
    row = wakened(world, number)
    if post is None:
        assert (row.state, row.how, row.channel) == (DeliveryState.SENT, How.MAIL, Channel.EMAIL)
        assert [one.to_address for one in world.post.sent] == ["siti@rumah.example"]
        return
    assert (row.state, row.reason, row.how, row.channel) == (
        DeliveryState.QUEUED,
        "account_locked",
        How.MESSAGE,
        Channel.TELEGRAM,
    )
    world.chats[Channel.TELEGRAM].failures = []
    assert (wakened(world, number).state, last(world, number).how) == (DeliveryState.SENT, How.MESSAGE)


def test_a_broken_channel_is_tried_on_and_ends_before_the_officer() -> None:
    world = World()
    number = acknowledged(world, Channel.TELEGRAM)
    answer(world, number)
    world.chats[Channel.TELEGRAM].failures = [Broken("unavailable")] * ATTEMPTS
    world.pump()
    for _ in range(ATTEMPTS - 1):
        assert last(world, number).state is DeliveryState.QUEUED
        wakened(world, number)
    assert (last(world, number).state, last(world, number).reason) == (DeliveryState.FAILED, "unavailable")
    world.pump()
    assert "unavailable" in world.outbox("koordinator@kantor.example")[-1].text


def test_a_window_that_closed_meanwhile_lets_a_template_go_at_once_without_a_word_of_the_case() -> None:
    world = World(policy=TEMPLATES)
    number = acknowledged(world, Channel.WHATSAPP)
    answer(world, number, "Rahasia: pelapor tinggal di RT 3.")
    world.chats[Channel.WHATSAPP].failures = [WindowClosed("window_closed")]
    (row,) = world.pump()
    assert (row.state, row.how, row.charged) == (DeliveryState.SENT, How.TEMPLATE, "whatsapp/template:1")
    assert row.tried == ("whatsapp/message window_closed",)
    ((_, _, envelope),) = world.chats[Channel.WHATSAPP].sent
    assert (envelope.template, envelope.text, envelope.files) == ("kabar_laporan:id", "", ())
    assert envelope.parameters == (number, f"https://{DOMAIN}/lacak?number={number}")


def test_a_window_that_closes_between_two_parts_lets_the_whole_template_go() -> None:
    world = World(policy=TEMPLATES)
    number = acknowledged(world, Channel.WHATSAPP)
    answer(world, number, "Sudah diperbaiki. " * 150)
    world.chats[Channel.WHATSAPP].failures = [None, WindowClosed("window_closed")]
    (row,) = world.pump()
    assert said(world, Channel.WHATSAPP)[1:] == ["kabar_laporan:id"]
    assert (row.state, row.gone) == (DeliveryState.SENT, (row.external_id,))
    assert row.charged == "whatsapp/service:1 whatsapp/template:1"
    for one, _, _ in world.chats[Channel.WHATSAPP].sent:
        assert world.cases.delivery_of(one) == (number, row.id)


def test_a_window_that_closes_between_two_parts_brings_the_whole_by_mail(world: World) -> None:
    number = acknowledged(world, Channel.WHATSAPP, also="siti@warga.example")
    answer(world, number, "Sudah diperbaiki. " * 150)
    world.chats[Channel.WHATSAPP].failures = [None, WindowClosed("window_closed")]
    (row,) = world.pump()
    ((first, _, _),) = world.chats[Channel.WHATSAPP].sent
    assert (row.state, row.channel, row.how) == (DeliveryState.SENT, Channel.EMAIL, How.MAIL)
    assert last(world, number).tried == row.tried == ("whatsapp/message window_closed",)
    (mail,) = world.outbox("siti@warga.example")
    assert mail.subject == f"[{number}] Perkembangan laporan Anda"
    assert mail.text.startswith(MARKER)
    assert "Sudah diperbaiki. " * 149 in mail.text
    assert "balas surel ini" in mail.text
    assert mail.in_reply_to == "", "the id of a platform is none of a mail"
    for one in (first, row.external_id):
        assert world.cases.delivery_of(one) == (number, row.id)


def test_who_blocked_us_is_read_on_the_page_and_the_desk_is_told(world: World) -> None:
    number = acknowledged(world, Channel.TELEGRAM)
    answer(world, number)
    world.chats[Channel.TELEGRAM].failures = [Blocked("blocked")]
    world.pump()
    row = last(world, number)
    assert (row.state, row.how, row.reason, row.due_at) == (DeliveryState.HELD, How.TRACKING, "blocked", None)
    world.pump()
    (told,) = [mail for mail in world.outbox("koordinator@kantor.example") if "reply, blocked" in mail.text]
    assert "laman pelacakan" in told.text
    assert "delivery_failed" in [entry.event for entry in world.cases.file(number).history]


def test_a_refused_answer_fails_before_the_officer_with_the_platforms_reason(world: World) -> None:
    number = acknowledged(world, Channel.MESSENGER)
    answer(world, number)
    world.chats[Channel.MESSENGER].failures = [Undeliverable("refused")]
    world.pump()
    row = last(world, number)
    assert (row.state, row.reason, row.tried) == (DeliveryState.FAILED, "refused", ("messenger/message refused",))


def test_a_template_that_is_not_approved_goes_by_mail_where_an_address_is_known() -> None:
    world = World(policy=TEMPLATES)
    number = acknowledged(world, Channel.WHATSAPP, also="siti@warga.example")
    world.later(days=2)
    answer(world, number)
    world.chats[Channel.WHATSAPP].failures = [Undeliverable("template_missing")]
    (row,) = world.pump()
    assert (row.state, row.channel) == (DeliveryState.SENT, Channel.EMAIL)


def test_a_machines_letter_after_the_window_stands_on_the_page_and_calls_nobody(world: World) -> None:
    number = acknowledged(world, Channel.WHATSAPP)
    world.later(days=2)
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.pump()
    row = last(world, number)
    assert (row.purpose, row.state, row.how, row.reason) == (
        "disposition",
        DeliveryState.HELD,
        How.TRACKING,
        "window_closed",
    )
    assert [one.purpose for one in world.cases.file(number).deliveries if one.purpose == "undelivered"] == []
    (entry,) = [one for one in world.cases.file(number).history if one.event == "on_tracking_page"]
    assert (entry.data["delivery"], entry.data["why"]) == (row.id, "window_closed")


def test_who_asked_for_quiet_gets_an_officers_answer_and_no_letter_of_a_machine(world: World) -> None:
    number = open_by(world, Channel.TELEGRAM, talk={"last_in": world.now, "stopped_at": world.now})
    world.pump()
    assert last(world, number).state is DeliveryState.SENT, "the number of their own report is no letter too many"
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.pump()
    told = next(one for one in world.deliveries() if one.purpose is Purpose.DISPOSITION)
    assert (told.state, told.reason) == (DeliveryState.HELD, "stopped")
    answer(world, number)
    world.pump()
    assert len(said(world, Channel.TELEGRAM)) == 2
