"""From an outbox row to a chat: which way a letter goes, with what on it, and what is seen of that beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tanggap.adapters.dynamodb.delivery_rows import delivery_row
from tanggap.adapters.dynamodb.table import Row
from tanggap.adapters.dynamodb.transaction import size
from tanggap.application.failures import Undeliverable
from tanggap.application.ports import ChatEnvelope, Identity
from tanggap.application.record import Heard
from tanggap.application.routes import Routes
from tanggap.domain import ways
from tanggap.domain.case import Change, FileRef
from tanggap.domain.letter_frame import END_MARK, MARKER
from tanggap.domain.talks import commented
from tanggap.domain.ways import How
from tanggap.domain.words import CHAT, Channel, DeliveryState
from tests.support.chats import TEMPLATES, acknowledged, answer, last, letters, open_by, said
from tests.support.world import COORDINATOR, DOMAIN, POLICY, World

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
