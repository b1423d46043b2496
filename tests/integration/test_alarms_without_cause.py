"""What rings nobody: an officer who was told how to answer, and a mail that lay parked until an officer let it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tanggap.domain import gauges
from tanggap.domain.case import Received
from tanggap.domain.inbound import Authenticity
from tanggap.domain.promptness import is_first_word, seconds, waits_since
from tanggap.domain.words import Channel, Outcome, Reason
from tests.support.world import World

SPAM = Authenticity(spf="PASS", dkim="PASS", dmarc="PASS", spam="FAIL", virus="PASS")


def test_an_officer_who_was_told_how_to_answer_is_no_trouble() -> None:
    row = Received(
        arrival="mail/1", channel=Channel.EMAIL, at=World().now, size=1, outcome=Outcome.PARKED, reason=Reason.NO_CASE
    )
    assert not gauges.is_trouble(row)


def test_how_long_a_mail_lay_parked_until_an_officer_let_it_in_is_no_waiting_of_the_desks() -> None:
    world = World()
    mail = world.mail("Jalan di depan pasar rusak.", authenticity=SPAM)
    assert world.arrive(mail, "mail/x").reason is Reason.SPAM
    world.later(minutes=2 * 24 * 60)
    number = world.arrive(mail, "mail/x", replay=True).case
    world.pump()
    (row,) = [one for one in world.deliveries() if one.case == number and one.purpose == "acknowledgement"]
    assert row.sent_at is not None
    assert row.sent_at - mail.at > timedelta(days=1)
    assert not is_first_word(row)


def test_a_mail_that_nobody_let_in_is_timed() -> None:
    world = World()
    number = world.arrive(world.mail()).case
    world.pump()
    (row,) = [one for one in world.deliveries() if one.case == number and one.purpose == "acknowledgement"]
    assert is_first_word(row)


def test_a_chats_wait_begins_when_it_was_read_and_a_mails_when_it_came() -> None:
    """A platform may bring a message days late; the promise is the desk's."""
    world = World()
    for channel, waited in ((Channel.WHATSAPP, 7.0), (Channel.EMAIL, 3 * 86_400.0 + 7)):
        number = world.arrive(world.mail()).case
        world.pump()
        case = world.cases.case(number)
        (row,) = [one for one in world.deliveries() if one.case == number and one.purpose == "acknowledgement"]
        late = replace(case, channel=channel, received_at=row.created_at - timedelta(days=3))
        since = waits_since(late, row.created_at)
        assert since is not None
        assert seconds(replace(row, sent_at=row.created_at + timedelta(seconds=7)), since, world.now) == waited
