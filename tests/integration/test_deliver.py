"""From an outbox row to one mail: what each class of failure does, and that a row is never sent twice unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tanggap.application.deliver import ATTEMPTS, BACKOFF, LEASE
from tanggap.application.failures import AnswerLost, Broken, Undeliverable, Wait
from tanggap.application.ports import Due
from tanggap.application.record import Heard
from tanggap.domain.case import Delivery
from tanggap.domain.words import Channel, DeliveryState
from tests.support.world import COORDINATOR, World


def only(world: World, number: str) -> Delivery:
    (row,) = [row for row in world.cases.file(number).deliveries if row.purpose == "acknowledgement"]
    return row


def again(world: World, number: str) -> None:
    """An hour later the row is due again; deliver sees it as the stream would show it."""
    world.later(hours=1)
    world.cases.wake(Due(number, world.now, only(world, number).id), world.now)
    world.deliver(only(world, number))


def test_throttling_waits_with_growing_pauses_and_never_fails(world: World) -> None:
    world.post.failures = [Wait("throttled")] * (ATTEMPTS + 5)
    number = world.arrive(world.mail()).case
    world.pump()
    for _ in range(ATTEMPTS + 5):
        row = only(world, number)
        assert (row.state, row.reason) == (DeliveryState.QUEUED, "throttled")
        assert row.due_at == world.now + BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
        again(world, number)
    assert only(world, number).state is DeliveryState.SENT
    assert len(world.outbox()) == 1


def test_a_broken_service_is_tried_again_with_an_end_that_the_officer_sees(world: World) -> None:
    world.post.failures = [Broken("unavailable")] * ATTEMPTS
    number = world.arrive(world.mail()).case
    world.pump()
    for _ in range(ATTEMPTS - 1):
        assert only(world, number).state is DeliveryState.QUEUED
        again(world, number)
    row = only(world, number)
    assert (row.state, row.reason, row.attempts, row.due_at) == (DeliveryState.FAILED, "unavailable", ATTEMPTS, None)
    assert [sent.purpose for sent in world.pump()] == ["undelivered"]
    assert [mail.to_address for mail in world.outbox()] == ["koordinator@kantor.example"]
    assert "delivery_failed" in [entry.event for entry in world.cases.file(number).history]


def test_a_final_answer_that_can_not_be_sent_is_told_to_the_unit_and_stays_in_the_history(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.pump()
    world.desk.reply(COORDINATOR, number, "Sudah selesai.", (), final=True)
    world.post.failures = [Undeliverable("rejected")]
    world.pump()
    world.pump()
    file = world.cases.file(number)
    answer = next(row for row in file.deliveries if row.purpose == "answer")
    assert (answer.state, answer.reason) == (DeliveryState.FAILED, "rejected")
    assert [entry.data["delivery"] for entry in file.history if entry.event == "delivery_failed"] == [answer.id]
    assert "answer, rejected" in world.outbox("pu@kantor.example")[-1].text


def test_what_is_said_to_nobody_is_held_and_stays_readable(world: World) -> None:
    heard = Heard(channel=Channel.COUNTER, received_at=world.now, text="Atap pasar bocor.")
    number = world.desk.record(COORDINATOR, heard).case.number
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.reply(COORDINATOR, number, "Sudah diperbaiki.", (), final=True)
    (answer,) = world.cases.file(number).deliveries
    assert (answer.state, answer.reason, answer.due_at) == (DeliveryState.HELD, "no_address", None)
    assert "Sudah diperbaiki." in answer.text
    assert world.pump() == []


def test_a_refused_letter_fails_at_once_with_its_reason(world: World) -> None:
    world.post.failures = [Undeliverable("rejected")]
    number = world.arrive(world.mail()).case
    world.pump()
    assert (only(world, number).state, only(world, number).reason) == (DeliveryState.FAILED, "rejected")


def test_a_letter_whose_answer_was_lost_is_repeated_once_counted_and_then_held(world: World) -> None:
    world.post.failures = [AnswerLost("answer_lost"), AnswerLost("answer_lost")]
    number = world.arrive(world.mail()).case
    world.pump()
    assert (only(world, number).state, only(world, number).repeats) == (DeliveryState.QUEUED, 1)
    world.later(hours=1)
    world.sweep()
    world.pump()
    assert (only(world, number).state, only(world, number).reason) == (DeliveryState.HELD, "answer_lost")


def test_a_claim_is_respected_until_its_lease_is_over_whatever_time_a_sweep_believes(world: World) -> None:
    number = world.arrive(world.mail()).case
    row = only(world, number)
    claimed = world.cases.claim(row, world.now, world.now + LEASE)
    assert claimed is not None
    world.sweep(world.now + timedelta(days=30))
    assert only(world, number).wake is not None
    assert world.deliver(only(world, number)) is None
    world.later(seconds=LEASE.total_seconds() + 1)
    world.sweep()
    world.pump()
    assert (only(world, number).state, only(world, number).repeats) == (DeliveryState.SENT, 1)


def test_the_oldest_unsent_letter_is_told_by_when_it_was_written_not_by_when_it_is_tried_next(world: World) -> None:
    assert world.cases.oldest_unsent() is None
    world.post.failures = [Wait("throttled")] * 3
    number = world.arrive(world.mail()).case
    written = only(world, number).created_at
    world.pump()
    again(world, number)
    assert world.cases.oldest_unsent() == written
    again(world, number)
    again(world, number)
    assert only(world, number).state is DeliveryState.SENT
    assert world.cases.oldest_unsent() is None


def test_of_two_who_claim_one_wins(world: World) -> None:
    number = world.arrive(world.mail()).case
    row = only(world, number)
    assert world.cases.claim(row, world.now, world.now + LEASE) is not None
    assert world.cases.claim(row, world.now, world.now + LEASE) is None


def test_a_sender_that_lost_its_claim_cannot_overwrite_the_one_who_took_over(world: World) -> None:
    number = world.arrive(world.mail()).case
    first = world.cases.claim(only(world, number), world.now, world.now + LEASE)
    world.later(hours=1)
    world.sweep()
    second = world.cases.claim(only(world, number), world.now, world.now + LEASE)
    assert first is not None and second is not None
    assert not world.cases.finish(first)
    assert only(world, number).state is DeliveryState.CLAIMED


def test_a_row_that_the_stream_never_brought_is_sent_by_the_sweep(world: World) -> None:
    number = world.arrive(world.mail()).case
    world.later(minutes=2)
    assert world.sweep().woken == 1
    world.pump()
    assert only(world, number).state is DeliveryState.SENT


def test_a_stream_record_that_comes_again_after_a_failed_try_does_not_send_early(world: World) -> None:
    world.post.failures = [Wait("throttled")]
    number = world.arrive(world.mail()).case
    row = only(world, number)
    world.deliver(row)
    assert world.deliver(row) is None
    assert world.outbox() == []


def test_the_reply_of_an_officer_carries_no_robot_mark_and_answers_the_citizens_last_mail(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.reply(COORDINATOR, number, "Kami cek.", (), final=False)
    world.pump()
    mail = world.outbox("siti@warga.example")[-1]
    assert not mail.automatic
    assert mail.in_reply_to == world.cases.file(number).messages[-1].external_id
    assert mail.text.startswith("-- Mohon balas di atas baris ini")
    assert mail.text.rstrip().endswith("-- Akhir surat kami / End of our letter --")


@pytest.mark.parametrize("name", ["", "Siti"])
def test_an_anonymous_reporter_is_greeted_without_a_name(world: World, name: str) -> None:
    world.new_case(name=name)
    assert ("Yth. Bapak/Ibu Siti," if name else "Yth. Pelapor,") in world.outbox()[0].text
