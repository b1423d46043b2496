"""A mail whose answer from SES was lost, and SES's own word of it later: it left, is not sent again, and is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tanggap.application.deliver import LEASE, WORD_COMES
from tanggap.application.failures import AnswerLost, Undeliverable, Wait
from tanggap.application.ports import Due, Envelope
from tanggap.domain.case import Delivery
from tanggap.domain.errors import Retry
from tanggap.domain.promptness import is_first_word
from tanggap.domain.reported import found_mailed
from tanggap.domain.ways import How
from tanggap.domain.words import Channel, DeliveryState
from tests.integration.test_receive import event, report
from tests.support.world import World

SES_ID = "010e0194-lost"


class Through:
    """A way out that does something before the mail goes."""

    def __init__(self, send: Callable[[Envelope], str]) -> None:
        self.send = send


def of(world: World, number: str) -> Delivery:
    (row,) = [row for row in world.cases.file(number).deliveries if row.purpose == "acknowledgement"]
    return row


def wake(world: World, number: str, **later: float) -> None:
    world.later(**later)
    world.cases.wake(Due(number, world.now, of(world, number).id), world.now)


def claim(world: World, number: str) -> Delivery:
    """A sender takes it, and has not come to its end."""
    claimed = world.cases.claim(of(world, number), world.now, world.now + LEASE)
    assert claimed
    return claimed


def lost(world: World, answers: int = 1) -> tuple[str, Delivery]:
    """An acknowledgement of which SES's answer was lost so many times."""
    world.post.failures = [AnswerLost("answer_lost")] * answers
    number = world.arrive(world.mail()).case
    world.pump()
    for _ in range(answers - 1):
        wake(world, number, hours=1)
        world.pump()
    return number, of(world, number)


def told(world: World, row: Delivery, kind: str, original_id: str = SES_ID) -> None:
    world.made += 1
    failure = report(kind, row.id, row.case, original_id=original_id, permanent=False)
    world.receive(event(world, failure, f"events/{world.made}"))


def test_the_repeat_waits_until_word_of_the_first_one_can_be_there(world: World) -> None:
    _, row = lost(world)
    assert (row.state, row.repeats, row.due_at) == (DeliveryState.QUEUED, 1, world.now + WORD_COMES[Channel.EMAIL])


@pytest.mark.parametrize(("kind", "state", "reason"), [("delivery", "delivered", ""), ("delay", "sent", "delayed")])
def test_word_of_it_ends_its_row_and_nothing_goes_twice(world: World, kind: str, state: str, reason: str) -> None:
    number, row = lost(world)
    told(world, row, kind)
    after = of(world, number)
    assert (after.state, after.reason, after.repeats, after.external_id) == (state, reason, 0, SES_ID)
    assert (after.sent_at, after.due_at) == (world.now, None)
    world.later(hours=2)
    world.sweep()
    world.pump()
    assert world.outbox() == []


def test_a_reply_to_it_finds_its_case(world: World) -> None:
    number, row = lost(world)
    told(world, row, "delivery")
    assert world.arrive(world.mail("Masih rusak.", references=(SES_ID,))).case == number


def test_what_is_held_since_two_answers_were_lost_is_known_by_a_later_word(world: World) -> None:
    number, row = lost(world, answers=2)
    assert row.state is DeliveryState.HELD
    told(world, row, "delivery")
    after = of(world, number)
    assert (after.state, after.repeats) == (DeliveryState.DELIVERED, 1)
    told(world, row, "delivery", "010e0194-copy")
    assert of(world, number) == after, "it came twice, and is counted"


def test_the_delay_of_one_copy_says_nothing_of_a_letter_that_left_twice(world: World) -> None:
    number, row = lost(world, answers=2)
    told(world, row, "delay")
    assert of(world, number) == row


def test_it_left_when_the_service_says_so_however_late_its_word_is_read(world: World) -> None:
    number, row = lost(world)
    then = world.now
    raw = event(world, report("delivery", row.id, number, original_id=SES_ID))
    world.later(minutes=2)
    world.receive(raw)
    assert of(world, number).sent_at == then


def test_its_own_id_is_known_also_where_a_platform_had_taken_it_before() -> None:
    row = replace(lost(World("memory"))[1], external_id="wamid.early")
    word = report("delivery", row.id, row.case, original_id=SES_ID)
    after = found_mailed(row, word, row.created_at)
    assert after and after.external_id == SES_ID


def test_a_bounce_of_it_waits_for_the_repeat(world: World) -> None:
    number, row = lost(world)
    with pytest.raises(Retry):
        told(world, row, "bounce")
    assert of(world, number) == row


def test_word_of_a_mail_whose_sender_died_ends_it_before_anybody_takes_it_over(world: World) -> None:
    number = world.arrive(world.mail()).case
    claim(world, number)
    told(world, of(world, number), "delivery")
    after = of(world, number)
    assert (after.state, after.attempts, after.lease_until, after.external_id) == ("delivered", 1, None, SES_ID)
    world.later(hours=1)
    world.sweep()
    world.pump()
    assert world.outbox() == []


def test_a_sender_who_comes_to_its_end_behind_the_word_changes_nothing(world: World) -> None:
    number = world.arrive(world.mail()).case
    claimed = claim(world, number)
    told(world, claimed, "delivery")
    after = of(world, number)
    assert not world.cases.finish(replace(claimed, state=DeliveryState.QUEUED, repeats=1, due_at=world.now))
    assert of(world, number) == after


@pytest.mark.parametrize("failure", [AnswerLost("answer_lost"), Undeliverable("rejected")], ids=["lost", "refused"])
def test_a_repeat_that_fails_behind_the_word_of_the_first_tells_nobody_that_it_did_not_arrive(
    world: World, failure: Exception
) -> None:
    number, _ = lost(world)
    wake(world, number, hours=1)
    send = world.post.send

    def word_comes_first(envelope: Envelope) -> str:
        told(world, of(world, number), "delivery")
        world.post.failures = [failure]
        return send(envelope)

    world.deliver.post = world.deliver.dispatch.post = Through(word_comes_first)
    row = world.deliver(of(world, number))
    assert row is not None and row.state is DeliveryState.DELIVERED, "what is logged is what stands there"
    assert (of(world, number).state, of(world, number).external_id) == ("delivered", SES_ID)
    assert "delivery_failed" not in [entry.event for entry in world.cases.file(number).history]


def test_a_repeat_that_leaves_behind_the_word_of_the_first_is_not_timed_as_what_the_citizen_waited_for(
    world: World,
) -> None:
    number, _ = lost(world)
    wake(world, number, hours=1)
    send = world.post.send

    def word_comes_first(envelope: Envelope) -> str:
        told(world, of(world, number), "delivery")
        return send(envelope)

    world.deliver.post = world.deliver.dispatch.post = Through(word_comes_first)
    row = world.deliver(of(world, number))
    assert row == of(world, number)
    assert row.state is DeliveryState.DELIVERED
    assert not is_first_word(row)


def test_the_delay_of_a_first_copy_leaves_the_second_to_its_sender(world: World) -> None:
    number, row = lost(world)
    wake(world, number, hours=1)
    claimed = claim(world, number)
    with pytest.raises(Retry):
        told(world, row, "delay")
    assert of(world, number) == claimed


def test_a_row_that_a_sweep_touched_meanwhile_is_not_shown_to_a_sender_again(world: World) -> None:
    number = world.arrive(world.mail()).case
    claim(world, number)
    wake(world, number, minutes=3)
    told(world, of(world, number), "delivery")
    assert of(world, number).wake is None


def test_a_letter_that_a_sender_brings_by_chat_is_none_of_the_mail_services() -> None:
    row = replace(lost(World("memory"))[1], channel=Channel.WHATSAPP, state=DeliveryState.CLAIMED)
    assert found_mailed(row, report("delivery", row.id, row.case), row.created_at) is None
    by_mail_now = replace(row, channel=Channel.EMAIL, how=How.MAIL)
    assert found_mailed(by_mail_now, report("delivery", row.id, row.case), row.created_at) is None, "a chat may be next"


def test_word_does_not_cross_a_repeat_that_is_under_way(world: World) -> None:
    number, row = lost(world)
    wake(world, number, minutes=5)
    with pytest.raises(Retry):
        told(world, row, "delivery")
    world.pump()
    assert of(world, number).state is DeliveryState.SENT


def test_word_of_a_letter_that_waits_for_another_cause_says_nothing_of_its_next_try(world: World) -> None:
    world.post.failures = [Wait("throttled")]
    number = world.arrive(world.mail()).case
    world.pump()
    row = of(world, number)
    with pytest.raises(Retry):
        told(world, row, "delivery")
    assert of(world, number) == row


def test_a_mail_that_claims_to_be_a_report_ends_no_letter(world: World) -> None:
    """Only the mail service's word does: anybody can write a mail that says so."""
    number, row = lost(world)
    claimed = report("delivery", row.id, number, original_id=SES_ID, permanent=False)
    with pytest.raises(Retry):
        world.arrive(world.mail(sender="", name="", failures=(claimed,)))
    assert of(world, number) == row
