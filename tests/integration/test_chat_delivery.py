"""From an outbox row to a chat: which way it goes, what each refusal does, and that no part is sent twice unseen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.adapters.dynamodb.delivery_rows import delivery_row
from tanggap.adapters.dynamodb.table import Row
from tanggap.adapters.dynamodb.transaction import size
from tanggap.application.deliver import ATTEMPTS, LEASE, WORD_COMES, Deliver
from tanggap.application.failures import AnswerLost, Blocked, Broken, Undeliverable, Wait, WindowClosed
from tanggap.application.outgoing import Page
from tanggap.application.ports import ChatEnvelope, Due, Identity
from tanggap.application.record import Heard
from tanggap.application.reports import Reports
from tanggap.application.routes import Routes
from tanggap.domain import ways
from tanggap.domain.case import Change, Delivery, FileRef, Received
from tanggap.domain.errors import Retry
from tanggap.domain.inbound import FailedDelivery, Inbound, Party
from tanggap.domain.letter_frame import END_MARK, MARKER
from tanggap.domain.talks import commented
from tanggap.domain.ways import How
from tanggap.domain.words import CHAT, Channel, DeliveryState, Outcome, Purpose, Reason
from tests.integration.test_cuts import Cut, Killed, each_cut
from tests.support.chats import answer, letters, open_by, said
from tests.support.world import COORDINATOR, DOMAIN, POLICY, World, fake_aws

TEMPLATES = {**POLICY, "channels": {"whatsapp": {"templates": {"*": {"name": "kabar_laporan"}}}}}


def last(world: World, number: str) -> Delivery:
    return letters(world, number)[-1]


def acknowledged(world: World, channel: Channel, **more: object) -> str:
    """An open case whose acknowledgement has gone, and is forgotten."""
    number = open_by(world, channel, **more)  # type: ignore[arg-type]
    world.pump()
    world.chats[channel].sent.clear()
    return number


def wakened(world: World, number: str) -> Delivery:
    """An hour later the row is due again; deliver sees it as the stream would show it."""
    world.later(hours=1)
    world.cases.wake(Due(number, world.now, last(world, number).id), world.now)
    world.deliver(last(world, number))
    return last(world, number)


# -- the straight way


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_an_acknowledgement_goes_back_on_the_channel_with_number_link_and_code(world: World, channel: Channel) -> None:
    number = open_by(world, channel)
    world.pump()
    ((first, text, envelope),) = world.chats[channel].sent
    assert text.startswith(f"Pemerintah Desa Contoh | {number}\n\nTerima kasih. Laporan Anda kami terima")
    assert f"Pantau: https://{DOMAIN}/lacak?number={number}\nKode: {world.tokens.receipt(number)}" in text
    assert not any(word in text for word in (MARKER, END_MARK, "Yth.", "surel"))
    assert (envelope.how, envelope.account, envelope.case) == (How.MESSAGE, "ours", number)
    row = last(world, number)
    assert (row.state, row.channel, row.how, row.external_id) == (DeliveryState.SENT, channel, How.MESSAGE, first)
    assert row.gone == (first,)
    assert row.charged == ("whatsapp/service:1" if channel is Channel.WHATSAPP else "")
    assert world.outbox() == []


def test_a_receipt_code_lies_in_no_row(world: World) -> None:
    number = open_by(world, Channel.TELEGRAM)
    world.pump()
    code = world.tokens.receipt(number)
    assert code in said(world, Channel.TELEGRAM)[0]
    assert code not in repr(world.cases.file(number))


def test_every_part_of_a_long_answer_finds_its_delivery_and_is_counted(world: World) -> None:
    number = acknowledged(world, Channel.WHATSAPP)
    row = answer(world, number, "Sudah diperbaiki. " * 150)
    world.pump()
    ids = [one for one, _, _ in world.chats[Channel.WHATSAPP].sent]
    assert len(ids) == 3
    after = last(world, number)
    assert (after.state, after.gone, after.external_id) == (DeliveryState.SENT, tuple(ids), ids[0])
    assert after.charged == "whatsapp/service:3"
    for one in ids:
        assert world.cases.delivery_of(one) == (number, row.id)
    assert len(letters(world, number)) == 2, "what leads to a row is no row of its own"


def test_a_long_text_stands_once_in_its_row_and_comes_back_whole(world: World) -> None:
    number = acknowledged(world, Channel.TELEGRAM)
    text = "😀" * 49_999 + "."
    row = answer(world, number, text)
    assert row.text == text
    assert dict(row.facts)["text"] == text
    assert size(delivery_row(Row, row)) < 250_000, "once"


# -- cuts


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


# -- what a platform says


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


# -- comments


def test_a_comment_is_answered_once_in_private_and_the_comment_is_used_up(world: World) -> None:
    number = open_by(world, Channel.INSTAGRAM, talk={"comment": "c-1", "comment_at": world.now})
    world.pump()
    ((_, text, envelope),) = world.chats[Channel.INSTAGRAM].sent
    assert (envelope.how, envelope.answers) == (How.PRIVATE, "c-1")
    assert len(text.encode()) <= 1000
    row = last(world, number)
    talk = world.cases.talk(row.reporter, Channel.INSTAGRAM)
    assert (row.state, row.how, talk.comment, talk.version) == (DeliveryState.SENT, How.PRIVATE, "", 2)
    answer(world, number)
    world.pump()
    assert len(world.chats[Channel.INSTAGRAM].sent) == 1
    assert (last(world, number).how, last(world, number).state) == (How.TRACKING, DeliveryState.HELD)


def test_a_comment_that_comes_while_an_earlier_one_is_answered_keeps_its_own_reply(world: World) -> None:
    number = open_by(world, Channel.INSTAGRAM, talk={"comment": "c-1", "comment_at": world.now})
    chat = world.chats[Channel.INSTAGRAM]
    send = chat.send

    def slow(envelope: ChatEnvelope, left: Callable[[str], None]) -> tuple[str, ...]:
        talk = world.cases.talk(last(world, number).reporter, Channel.INSTAGRAM)
        if talk.comment == "c-1":
            world.later(minutes=1)
            world.cases.commit(Change(talk=commented(talk, world.now, "ours", "c-2")))
        return send(envelope, left)

    chat.send = slow  # type: ignore[method-assign]
    world.pump()
    row = last(world, number)
    assert (row.state, row.comment) == (DeliveryState.SENT, "c-1")
    assert world.cases.talk(row.reporter, Channel.INSTAGRAM).comment == "c-2"
    answer(world, number)
    world.pump()
    assert [envelope.answers for _, _, envelope in chat.sent] == ["c-1", "c-2"]
    assert world.cases.talk(row.reporter, Channel.INSTAGRAM).comment == ""


def test_what_one_private_reply_can_not_hold_is_told_of_and_stands_on_the_page() -> None:
    world = World()
    number = open_by(world, Channel.MESSENGER, talk={"comment": "c-1", "comment_at": world.now})
    for row in world.unsent():  # the acknowledgement never went
        world.cases.deliveries[row.case, row.id] = replace(row, state=DeliveryState.WITHDRAWN, wake=None)
    answer(world, number, "Rahasia. " * 200)
    world.pump()
    (text,) = said(world, Channel.MESSENGER)
    assert "Ada kabar tentang laporan Anda" in text
    assert f"lacak?number={number}" in text
    assert "Rahasia" not in text


# -- forms


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.OPEN311])
@pytest.mark.parametrize("known", [True, False], ids=["a phone alone", "nobody"])
def test_a_form_without_an_address_is_answered_on_its_page(world: World, channel: Channel, known: bool) -> None:
    number = open_by(world, channel, email="+628121234567" if known else "", known=known)
    world.pump()
    row = last(world, number)
    assert (row.state, row.how, row.reason, row.channel) == (DeliveryState.SENT, How.TRACKING, "no_address", channel)
    assert row.sent_at is not None
    assert row.text.startswith(f"Terima kasih. Laporan Anda kami terima dan catat dengan nomor {number}.")
    assert world.outbox() == []


def test_a_form_with_an_address_is_answered_by_the_mail_letter(world: World) -> None:
    number = open_by(world, Channel.WEB, email="siti@warga.example")
    world.pump()
    (mail,) = world.outbox("siti@warga.example")
    assert mail.subject == f"[{number}] Laporan Anda telah kami terima"
    assert "Langkah berikut : pemeriksaan kelengkapan, paling lambat" in mail.text
    assert "Yth. Bapak/Ibu Siti," in mail.text
    row = last(world, number)
    assert (row.state, row.channel, row.how) == (DeliveryState.SENT, Channel.EMAIL, How.MAIL)


def test_a_form_whose_address_refuses_mail_fails_before_the_officer(world: World) -> None:
    number = open_by(world, Channel.WEB, email="siti@warga.example")
    world.post.failures = [Undeliverable("rejected")]
    world.pump()
    assert (last(world, number).state, last(world, number).reason) == (DeliveryState.FAILED, "rejected")


# -- files


def test_a_file_goes_along_and_one_that_is_too_large_is_named_with_the_link(world: World) -> None:
    number = acknowledged(world, Channel.WHATSAPP)
    world.files.put("files/a", b"abc", "image/jpeg")
    small = FileRef("bukti.jpg", "image/jpeg", 3, "a" * 64, "files/a")
    large = FileRef("video.mp4", "video/mp4", 9_000_000, "b" * 64, "files/b")
    answer(world, number, files=(small, large))
    world.pump()
    text, name = said(world, Channel.WHATSAPP)
    assert name == "bukti.jpg"
    assert "Lampiran video.mp4: lihat di laman berikut." in text
    assert (last(world, number).state, len(last(world, number).gone)) == (DeliveryState.SENT, 2)


def test_a_file_that_is_not_there_fails_before_anything_has_left(world: World) -> None:
    number = acknowledged(world, Channel.WHATSAPP)
    answer(world, number, files=(FileRef("bukti.jpg", "image/jpeg", 3, "a" * 64, "files/gone"),))
    world.pump()
    assert (last(world, number).state, last(world, number).reason) == (DeliveryState.FAILED, "file_missing")
    assert world.chats[Channel.WHATSAPP].sent == []


# -- what platforms say later


def told(world: World, channel: Channel, external_id: str, kind: str, **more: Any) -> Received:
    """A platform's word, as its reader hands it on."""
    world.made += 1
    failure = FailedDelivery(recipient="", original_id=external_id, permanent=False, kind=kind)
    inbound = Inbound(
        channel=channel,
        external_id=f"{external_id}:{kind}",
        at=world.now,
        sender=Party(""),
        recipients=(),
        subject="",
        text="",
        full_text="",
        digest=f"status{world.made}",
        failures=(replace(failure, **more),),
    )
    received = Received(
        arrival=f"webhooks/meta/{world.made}.json",
        channel=channel,
        at=world.now,
        size=10,
        outcome=Outcome.STATUS,
        reason=Reason.EVENT,
    )
    reports = Reports(world.cases, world.policies, world.receive.threads, world.ids, world.clock)
    return reports(inbound, received, event=True)


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
    assert row.due_at == world.now + WORD_COMES
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


# -- other ways in, other addresses


def test_what_was_heard_of_a_person_who_writes_by_chat_is_answered_there(world: World) -> None:
    world.cases.commit(Change(sealed=world.vault.seal("r1", Identity("Siti", "telegram:77", "+628121234567"))))
    heard = Heard(channel=Channel.PHONE, received_at=world.now, text="Pipa bocor.", phone="+628121234567")
    number = world.desk.record(COORDINATOR, heard).case.number
    world.pump()
    ((_, text, envelope),) = world.chats[Channel.TELEGRAM].sent
    assert envelope.to == "77"
    assert "Laporan Anda kami terima dan catat" in text
    assert "surel" not in text
    assert "balas surel ini" in letters(world, number)[-1].text, "the row keeps the form of its own channel"


def test_a_policy_that_prefers_mail_spares_the_chat() -> None:
    first = {**POLICY, "channels": {"whatsapp": {"mail_first": ["acknowledgement"]}}}
    world = World(policy=first)
    number = open_by(world, Channel.WHATSAPP, also="siti@warga.example")
    world.pump()
    assert (last(world, number).how, len(world.outbox("siti@warga.example"))) == (How.MAIL, 1)
    answer(world, number)
    world.pump()
    assert last(world, number).how == How.MESSAGE


def test_an_erased_reporter_is_reached_by_no_way(world: World) -> None:
    number = open_by(world, Channel.WEB, email="")  # known to the case, unknown to the vault
    world.pump()
    assert (last(world, number).state, last(world, number).reason) == (DeliveryState.FAILED, "no_address")


# -- what the officer sees beforehand


def way(world: World, number: str) -> ways.Way | None:
    return Routes(world.cases, world.vault).answer_way(world.cases.file(number), world.policies.current(), world.now)


def test_the_way_that_is_shown_beforehand_is_the_way_that_is_taken() -> None:
    for policy in (POLICY, TEMPLATES):
        for channel in (*sorted(CHAT), Channel.WEB, Channel.EMAIL):
            for later in (0, 2):
                for also in ("", "siti@warga.example"):
                    world = World(policy=policy)
                    number = open_by(
                        world,
                        channel,
                        email="budi@warga.example" if channel in (Channel.EMAIL, Channel.WEB) else "",
                        also=also if channel in CHAT else "",
                    )
                    world.pump()
                    world.later(days=later)
                    shown = way(world, number)
                    answer(world, number)
                    world.pump()
                    row = last(world, number)
                    taken = row.how or How.MAIL
                    assert shown is not None
                    assert (shown.how, shown.channel) == (taken, row.channel), (channel, later, also)
                    assert bool(shown.costs) == bool(row.charged)


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.EMAIL])
def test_who_reported_is_not_looked_up_where_the_case_itself_tells_the_way(channel: Channel) -> None:
    world = World()
    number = open_by(world, channel, email="siti@warga.example")
    world.pump()
    assert Routes(world.cases, Shut()).answer_way(  # type: ignore[arg-type]
        world.cases.file(number), world.policies.current(), world.now
    )


class Shut:
    def open(self, reporter: str) -> Identity:
        raise AssertionError("who reported was looked up")


def test_nobody_is_reached_where_nobody_is_known_but_a_form_has_its_page() -> None:
    world = World()
    heard = Heard(channel=Channel.COUNTER, received_at=world.now, text="Atap pasar bocor.")
    assert way(world, world.desk.record(COORDINATOR, heard).case.number) is None
    shown = way(world, open_by(world, Channel.WEB, known=False))
    assert shown is not None
    assert (shown.how, shown.why) == (How.TRACKING, "no_address")
