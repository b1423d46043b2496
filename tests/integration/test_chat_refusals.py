"""What a platform refuses is known to the talk: the officer sees it beforehand, and it is not tried again there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tanggap.application.failures import AnswerLost, Blocked, WindowClosed
from tanggap.application.ports import ChatEnvelope, Due
from tanggap.application.routes import Routes
from tanggap.domain.case import Change
from tanggap.domain.talks import Talk
from tanggap.domain.ways import How
from tanggap.domain.words import Channel, DeliveryState, Outcome
from tests.support.chats import acknowledged, answer, last, letters, open_by, told
from tests.support.talking import SITI, Street, chat, raw
from tests.support.world import World

WA, TG, IG = Channel.WHATSAPP, Channel.TELEGRAM, Channel.INSTAGRAM


def way(world: World, number: str) -> How:
    file = world.cases.file(number)
    found = Routes(world.cases, world.vault).answer_way(file, world.policies.current(), world.now)
    assert found is not None
    return found.how


def talk(world: World, number: str) -> Talk:
    case = world.cases.case(number)
    found = world.cases.talk(case.reporter, case.channel)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("channel", "refusal", "kept"),
    [
        (TG, Blocked("blocked"), "telegram blocked"),
        (WA, WindowClosed("window_closed"), "whatsapp/message window_closed"),
    ],
)
def test_a_refused_chat_is_offered_and_tried_no_more_until_they_write(
    world: World, channel: Channel, refusal: Exception, kept: str
) -> None:
    number = world.receive(raw(chat(channel, "628111", "Jalan di RT 3 rusak parah.", world.now))).case
    world.pump()
    assert way(world, number) is How.MESSAGE
    answer(world, number)
    world.chats[channel].failures = [refusal]
    world.later(minutes=1)
    world.pump()
    assert (talk(world, number).refused, talk(world, number).refused_at) == ((kept,), world.now)
    assert way(world, number) is How.TRACKING
    sent = len(world.chats[channel].sent)
    world.chats[channel].failures = [AssertionError("tried again")]
    answer(world, number, "Sekali lagi.")
    world.pump()
    assert len(world.chats[channel].sent) == sent
    row = last(world, number)
    assert (row.state, row.reason, row.tried) == (DeliveryState.HELD, kept.rpartition(" ")[2], ())

    world.later(minutes=1)
    world.chats[channel].failures = []
    world.receive(raw(chat(channel, "628111", "Ada kabar?", world.now)))
    assert talk(world, number).refused == ()
    assert way(world, number) is How.MESSAGE


def test_a_message_older_than_the_refusal_opens_nothing(world: World) -> None:
    number = world.receive(raw(chat(TG, "628111", "Jalan di RT 3 rusak parah.", world.now))).case
    old = chat(TG, "628111", "Ada kabar?", world.now)
    world.later(minutes=1)
    world.chats[TG].failures = [Blocked("blocked")]
    world.pump()
    world.receive(raw(old))
    assert way(world, number) is How.TRACKING


def test_who_wrote_while_we_were_refused_is_answered(world: World) -> None:
    number = world.receive(raw(chat(TG, "628111", "Jalan di RT 3 rusak parah.", world.now))).case
    world.pump()
    answer(world, number)

    class Slow:
        def send(self, envelope: ChatEnvelope, left: Any) -> tuple[str, ...]:
            world.later(seconds=5)
            world.receive(raw(chat(TG, "628111", "Saya kembali.", world.now)))
            raise Blocked("blocked")

    world.deliver.dispatch.chat_of = lambda channel: Slow()
    world.deliver(last(world, number))
    assert (talk(world, number).refused, way(world, number)) == ((), How.MESSAGE)


def test_a_later_status_shuts_it_too(world: World) -> None:
    number = acknowledged(world, WA)
    answer(world, number)
    world.pump()
    row = last(world, number)
    told(world, WA, row.external_id, "bounce", cause="window_closed")
    assert talk(world, number).refused == ("whatsapp/message window_closed",)
    assert way(world, number) is How.TRACKING


def test_a_later_status_about_what_went_before_they_wrote_shuts_nothing(world: World) -> None:
    number = acknowledged(world, WA)
    answer(world, number)
    world.pump()
    row = last(world, number)
    world.later(minutes=1)
    stands = talk(world, number)
    world.cases.commit(Change(talk=replace(stands, last_in=world.now, version=stands.version + 1)))
    told(world, WA, row.external_id, "bounce", cause="window_closed")
    assert way(world, number) is How.MESSAGE


def membership(street: Street, status: str) -> str:
    body = {
        "update_id": 7000 + int(street.world.now.timestamp()) % 900,
        "my_chat_member": {
            "from": {"id": SITI, "is_bot": False, "first_name": "Siti"},
            "chat": {"id": SITI, "type": "private"},
            "date": int(street.world.now.timestamp()),
            "new_chat_member": {"status": status},
        },
    }
    return street.store("telegram", body)


def test_telegrams_own_word_that_we_are_shut_out_and_let_in_again(world: World) -> None:
    street = Street(world)
    number = street.say("Jalan di RT 3 rusak parah.")["case"]
    world.pump()
    world.later(minutes=1)
    out = membership(street, "kicked")
    for _ in range(2):
        (line,) = street.bring(out)
        assert (line["outcome"], line["reason"]) == (Outcome.STATUS, "event")
    assert talk(world, number).refused == ("telegram blocked",)
    assert way(world, number) is How.TRACKING
    world.later(minutes=1)
    (line,) = street.bring(membership(street, "member"))
    assert way(world, number) is How.MESSAGE
    street.bring(out)
    assert way(world, number) is How.MESSAGE, "read before"
    assert street.bring(membership(street, "kicked"))[0]["outcome"] == Outcome.STATUS


def test_who_never_wrote_and_shuts_us_out_is_counted(world: World) -> None:
    street = Street(world)
    (line,) = street.bring(membership(street, "kicked"))
    assert (line["outcome"], line["case"]) == (Outcome.STATUS, "")


@pytest.mark.parametrize("said_used", [True, False])
def test_a_private_reply_whose_answer_was_lost_has_gone_once_the_comment_is_used(world: World, said_used: bool) -> None:
    number = open_by(world, IG, talk={"comment": "c-1", "comment_at": world.now})
    real, seen = world.chats[IG], []

    class Lossy:
        def send(self, envelope: ChatEnvelope, left: Any) -> tuple[str, ...]:
            seen.append(envelope.repeated)
            if len(seen) == 1:
                raise AnswerLost("answer_lost")
            return () if said_used else real.send(envelope, left)

    world.deliver.dispatch.chat_of = lambda channel: Lossy()
    world.pump()
    row = last(world, number)
    assert (row.state, row.repeats, row.comment) == (DeliveryState.QUEUED, 1, "c-1")
    world.later(hours=1)
    world.cases.wake(Due(number, world.now, row.id), world.now)
    world.deliver(last(world, number))
    assert seen == [False, True]
    row = last(world, number)
    assert (row.state, row.how, row.reason) == (DeliveryState.SENT, How.PRIVATE, "")
    assert talk(world, number).comment == ""
    assert way(world, number) is How.TRACKING
    assert [one.purpose for one in world.cases.file(number).deliveries if one.purpose == "undelivered"] == []


def test_a_private_reply_that_another_hand_used_up_is_offered_no_more_until_the_next_comment(world: World) -> None:
    number = open_by(world, IG, talk={"comment": "c-1", "comment_at": world.now})
    world.chats[IG].failures = [WindowClosed("private_reply_used")]
    world.pump()
    assert last(world, number).state is DeliveryState.HELD
    assert way(world, number) is How.TRACKING
    assert len(letters(world, number)) == 1
