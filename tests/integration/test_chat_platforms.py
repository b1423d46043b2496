"""The whole way out: an officer's answer through deliver and the real senders, by HTTP, to the platforms' double that
fails on demand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from infra.local.providers.server import Double
from tanggap.adapters.channels.files_out import As, taken_as
from tanggap.adapters.channels.telegram_kinds import chat_digest
from tanggap.application.deliver import LEASE, Deliver
from tanggap.application.outgoing import Page
from tanggap.domain.case import Delivery, FileRef
from tanggap.domain.ways import How
from tanggap.domain.words import CHAT, Channel, DeliveryState
from tests.support.chats import answer, letters, open_by
from tests.support.world import DOMAIN, POLICY, World
from tests.unit.channels.senders import JPEG, PEOPLE, Platforms, doubled

TEMPLATES = {**POLICY, "channels": {"whatsapp": {"templates": {"*": {"name": "kabar_laporan"}}}}}
PHOTO = FileRef("foto.jpg", "image/jpeg", len(JPEG), "a" * 64, "files/foto")


@pytest.fixture(scope="module")
def double() -> Iterator[Double]:
    with doubled() as listening:
        yield listening


class Desk:
    """A world whose chats are the platforms' double, on its clock."""

    def __init__(self, double: Double, policy: dict[str, Any] | None = None) -> None:
        self.world, self.platforms = World(policy=policy), Platforms(double)
        world = self.world
        world.files.put("files/foto", JPEG, "image/jpeg")
        world.deliver = Deliver(
            world.cases,
            world.cases,
            world.vault,
            world.files,
            world.policies,
            world.post,
            world.ids,
            world.clock,
            self.platforms.ways.chat_of,
            Page(f"https://{DOMAIN}/lacak", world.tokens),
            lambda channel, content_type, size: isinstance(taken_as(channel, content_type, size), As),
        )

    def open(self, channel: Channel, **more: Any) -> str:
        number = open_by(self.world, channel, name=PEOPLE[channel], **more)
        self.world.pump()
        return number

    def last(self, number: str) -> Delivery:
        return letters(self.world, number)[-1]

    def answer(self, number: str, text: str = "Sudah diperbaiki.", files: tuple[FileRef, ...] = ()) -> Delivery:
        self.platforms.clock.now += 10  # nobody types within a second
        answer(self.world, number, text, files)
        self.world.pump()
        return self.last(number)

    def again(self, **later: float) -> None:
        self.world.later(**later)
        self.platforms.clock.now += timedelta(**later).total_seconds()
        self.world.sweep()
        self.world.pump()


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_an_officers_answer_with_a_photo_arrives_once_with_its_ids(double: Double, channel: Channel) -> None:
    desk = Desk(double)
    number = desk.open(channel)
    row = desk.answer(number, files=(PHOTO,))
    assert (row.state, row.channel, row.how) == (DeliveryState.SENT, channel, How.MESSAGE)
    arrived = desk.platforms.sent(channel)
    ids = [one["id"] for one in arrived]
    if channel is Channel.TELEGRAM:
        ids = [f"{chat_digest(one['to'])}:{one['id'].rpartition(':')[2]}" for one in arrived]
    assert list(row.gone) == ids[1:]
    assert len(set(ids)) == len(ids)
    assert number in arrived[0]["text"]
    assert any("Sudah diperbaiki." in one.get("text", "") for one in arrived[1:])
    assert sum(bool(one.get("files")) for one in arrived) == 1
    assert bool(row.charged) == (channel is Channel.WHATSAPP)


def test_a_closed_window_is_told_by_whatsapp_and_a_template_goes_at_once(double: Double) -> None:
    desk = Desk(double, TEMPLATES)
    number = desk.open(Channel.WHATSAPP)
    desk.platforms.fail("window_closed", "whatsapp.messages", count=1)
    row = desk.answer(number, "Rahasia.")
    assert (row.state, row.how, row.charged) == (DeliveryState.SENT, How.TEMPLATE, "whatsapp/template:1")
    (_, arrived) = desk.platforms.sent(Channel.WHATSAPP)
    assert (arrived["template"], arrived["language"]) == ("kabar_laporan", "id")
    assert list(arrived["parameters"]) == [number, f"https://{DOMAIN}/lacak?number={number}"]
    assert "Rahasia" not in str(arrived)


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.TELEGRAM])
def test_a_connection_cut_after_the_platform_took_it_is_repeated_once_and_counted(
    double: Double, channel: Channel
) -> None:
    desk = Desk(double)
    number = desk.open(channel)
    desk.platforms.fail("reset_after_accept", f"{channel}.*", count=1)
    row = desk.answer(number)
    assert (row.state, row.repeats) == (DeliveryState.QUEUED, 1)
    desk.again(hours=1)
    assert (desk.last(number).state, desk.last(number).repeats) == (DeliveryState.SENT, 1)
    assert len(desk.platforms.sent(channel)) == 3


def test_a_platform_that_is_down_for_a_minute_gets_each_answer_once(double: Double) -> None:
    desk = Desk(double)
    number = desk.open(Channel.MESSENGER)
    desk.platforms.fail("http_500", "messenger.*", count=2)
    desk.answer(number)
    for _ in range(3):
        desk.again(minutes=10)
    row = desk.last(number)
    assert (row.state, row.attempts, row.repeats) == (DeliveryState.SENT, 3, 0)
    assert len(desk.platforms.sent(Channel.MESSENGER)) == 2


def test_a_throttled_answer_waits_as_long_as_telegram_asks(double: Double) -> None:
    desk = Desk(double)
    number = desk.open(Channel.TELEGRAM)
    desk.platforms.fail("throttled", "telegram.*", count=1, delay=90)
    row = desk.answer(number)
    assert (row.state, row.reason) == (DeliveryState.QUEUED, "throttled")
    assert row.due_at == desk.world.now + timedelta(seconds=90)
    desk.again(seconds=91)
    assert desk.last(number).state is DeliveryState.SENT


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_who_blocked_us_is_held_with_its_reason_and_told_to_the_desk(double: Double, channel: Channel) -> None:
    desk = Desk(double)
    number = desk.open(channel)
    desk.platforms.fail("blocked", f"{channel}.*")
    row = desk.answer(number)
    assert (row.state, row.how, row.reason) == (DeliveryState.HELD, How.TRACKING, "blocked")
    assert "undelivered" in [one.purpose for one in desk.world.cases.file(number).deliveries]


@pytest.mark.parametrize("channel", [Channel.INSTAGRAM, Channel.MESSENGER])
def test_a_comment_gets_one_private_reply_and_a_public_word_that_says_nothing_of_the_case(
    double: Double, channel: Channel
) -> None:
    desk = Desk(double)
    number = desk.open(channel, talk={"comment": "17890001", "comment_at": desk.world.now})
    row = desk.last(number)
    assert (row.state, row.how) == (DeliveryState.SENT, How.PRIVATE)
    private, public = desk.platforms.sent(channel)
    assert number in private["text"]
    assert number not in public["text"]
    assert "Silakan lihat pesan pribadi Anda" in public["text"]
    assert desk.world.cases.talk(row.reporter, channel).comment == ""


def test_a_long_answer_that_whatsapp_cut_short_goes_on_where_it_stopped(double: Double) -> None:
    desk = Desk(double)
    number = desk.open(Channel.WHATSAPP)
    sent_before = len(desk.platforms.sent(Channel.WHATSAPP))

    class Once(BaseException):
        pass

    left = desk.world.cases.left

    def cut(delivery: Delivery) -> bool:
        held = left(delivery)
        if len(delivery.gone) == 2:
            desk.world.cases.left = left
            raise Once
        return bool(held)

    desk.world.cases.left = cut
    with pytest.raises(Once):
        desk.answer(number, "Sudah diperbaiki. " * 600)
    desk.again(seconds=LEASE.total_seconds() + 1)
    row = desk.last(number)
    texts = [one["text"] for one in desk.platforms.sent(Channel.WHATSAPP)][sent_before:]
    assert (row.state, row.repeats, len(row.gone)) == (DeliveryState.SENT, 1, 3)
    assert [text[:5] for text in texts] == ["(1/3)", "(2/3)", "(3/3)"]
