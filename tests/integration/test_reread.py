"""A stored arrival through today's reading: the difference is shown, and stands on its case only when asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from infra.ops.check_history import check
from tanggap.adapters.mail import reader
from tanggap.application.reread import Field
from tanggap.domain.errors import NotFound
from tanggap.domain.inbound import Inbound
from tanggap.domain.words import Outcome, Reason, Status
from tests.support.world import COORDINATOR, GENUINE, INTAKE, World, fake_aws

MAIL = (
    f"From: Siti Aminah <siti@warga.example>\r\nTo: {INTAKE}\r\nSubject: Jalan rusak\r\n"
    "Message-ID: <m1@warga.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0700\r\n\r\nJalan di RT 3 rusak.\r\n"
).encode()


def as_read_before(world: World, key: str = "mail/a", **understood: Any) -> str:
    """A mail that an earlier reader understood otherwise; returns its case."""
    world.arrivals.put(key, MAIL)
    inbound: Inbound = reader.stored(MAIL, key, world.now, INTAKE)
    return world.arrive(replace(inbound, **understood), key).case


def test_what_is_read_as_before_shows_no_difference(world: World) -> None:
    as_read_before(world)
    (found,) = world.reread.compare("mail/a")
    assert (found.differs, found.outcome, found.fields) == (False, Outcome.FILED, ())


def test_each_thing_that_is_understood_otherwise_is_named_with_what_it_was_and_is(world: World) -> None:
    number = as_read_before(world, text="Jalan", subject="Jl", doubts=("charset_guessed",))
    before = world.cases.file(number)
    (found,) = world.reread.compare("mail/a")
    assert {field.name: (field.was, field.now) for field in found.fields} == {
        "subject": ("Jl", "Jalan rusak"),
        "text": ("Jalan", "Jalan di RT 3 rusak."),
        "marks": (["charset_guessed"], []),
    }
    assert world.cases.file(number) == before


def test_when_asked_it_stands_on_the_case_with_an_entry_and_a_sound_history(world: World) -> None:
    number = as_read_before(world, text="Jalan", subject="Jl")
    world.reread.apply("mail/a", COORDINATOR.actor)
    file = world.cases.file(number)
    (message,) = file.messages
    assert (message.text, message.subject, file.case.subject) == ("Jalan di RT 3 rusak.", "Jalan rusak", "Jalan rusak")
    entry = file.history[-1]
    assert (entry.event, entry.actor, entry.data["fields"]) == ("reread", COORDINATOR.actor, "subject,text")
    assert check(file, world.vault.salts(number)).faults == ()
    assert not world.reread.compare("mail/a")[0].differs


def test_applying_it_twice_changes_nothing_more(world: World) -> None:
    number = as_read_before(world, text="Jalan")
    world.reread.apply("mail/a", "system")
    once = world.cases.file(number)
    world.reread.apply("mail/a", "system")
    assert world.cases.file(number) == once


def test_it_moves_no_case_and_writes_to_nobody(world: World) -> None:
    number = as_read_before(world, automatic="list")
    world.pump()
    before = world.cases.case(number)
    world.reread.apply("mail/a", "system")
    world.pump()
    after = world.cases.case(number)
    assert not world.cases.file(number).messages[0].automatic
    assert (after.status, after.clocks, world.outbox()) == (Status.NEW, before.clocks, [])


def test_where_a_message_was_filed_stays_marked(world: World) -> None:
    number = world.new_case()
    to = (world.reply_address(number),)
    as_read_before(world, recipients=to, sender=replace(world.mail().sender, address="lain@x.example"), text="x")
    world.reread.apply("mail/a", "system")
    assert world.cases.file(number).messages[-1].marks == ("other_sender",)


def test_a_file_that_is_seen_only_now_is_kept(world: World) -> None:
    raw = MAIL.replace(
        b"\r\n\r\n", b'\r\nContent-Type: text/csv; name="a.csv"\r\nContent-Disposition: attachment\r\n\r\n', 1
    )
    world.arrivals.put("mail/b", raw)
    inbound = reader.stored(raw, "mail/b", world.now, INTAKE)
    assert inbound.files
    number = world.arrive(replace(inbound, files=()), "mail/b").case
    world.reread.apply("mail/b", "system")
    (file,) = world.cases.file(number).messages[0].files
    assert world.files.get(file.key) == inbound.files[0].content
    assert world.cases.holding(file.digest) == (number,)


def test_a_very_long_text_is_read_anew_too(world: World) -> None:
    raw = MAIL + b"Jalan di depan rumah saya rusak.\r\n" * 5_000
    world.arrivals.put("mail/c", raw)
    inbound = reader.stored(raw, "mail/c", world.now, INTAKE)
    number = world.arrive(replace(inbound, text="Jalan"), "mail/c").case
    world.reread.apply("mail/c", "system")
    (message,) = world.cases.file(number).messages
    assert world.cases.whole(message).text == inbound.text


def test_what_would_be_decided_otherwise_today_says_so(world: World) -> None:
    world.arrivals.put("mail/d", b"X-SES-Virus-Verdict: FAIL\r\n" + MAIL)
    world.arrive(reader.stored(MAIL, "mail/d", world.now, INTAKE), "mail/d")
    (found,) = world.reread.compare("mail/d")
    assert (found.decided_otherwise, found.outcome, found.reason) == (True, Outcome.PARKED, Reason.VIRUS)


def test_spam_that_an_officer_let_in_and_a_report_by_mail_do_not_differ(world: World) -> None:
    spam = b"X-SES-Spam-Verdict: FAIL\r\n" + MAIL
    world.arrivals.put("mail/spam", spam)
    world.arrive(reader.stored(spam, "mail/spam", world.now, INTAKE), "mail/spam")
    world.arrive(reader.stored(spam, "mail/spam", world.now, INTAKE), "mail/spam", replay=True)
    assert world.cases.of("mail/spam")[0].outcome is Outcome.FILED
    assert not world.reread.compare("mail/spam")[0].differs
    bounce = (
        b"From: mailer-daemon@mx.example\r\nContent-Type: multipart/report; boundary=r\r\n\r\n--r\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r--\r\n"
    )
    world.arrivals.put("mail/bounce", bounce)
    assert world.arrive(reader.stored(bounce, "mail/bounce", world.now, INTAKE), "mail/bounce").reason == "unmatched"
    assert not world.reread.compare("mail/bounce")[0].differs


def test_of_a_long_text_that_is_not_at_hand_nothing_is_said() -> None:
    with fake_aws():
        world = World("dynamodb")
        world.arrivals.put("mail/long", MAIL + b"Jalan rusak.\r\n" * 10_000)
        raw = world.arrivals.get("mail/long")
        world.arrive(reader.stored(raw, "mail/long", world.now, INTAKE), "mail/long")
        world.cases._bodies = None
        assert not world.reread.compare("mail/long")[0].differs


def test_what_is_read_anew_is_the_better_copy(world: World) -> None:
    listed = b"List-Id: <warga.milis.example>\r\n" + MAIL
    for key, raw in (("mail/list", listed), ("mail/straight", MAIL)):
        world.arrivals.put(key, raw)
        inbound = reader.stored(raw, key, world.now, INTAKE)
        number = world.arrive(replace(inbound, authenticity=GENUINE), key).case
    for key in ("mail/list", "mail/straight"):
        world.reread.apply(key, "system")
    (message,) = world.cases.file(number).messages
    assert (message.automatic, message.arrival) == (False, "mail/straight")


def test_a_duplicate_stays_one(world: World) -> None:
    as_read_before(world)
    as_read_before(world, "mail/again")
    assert not world.reread.compare("mail/again")[0].differs


def test_the_mail_services_own_events_have_nothing_to_reread(world: World) -> None:
    mail = world.mail(sender="", name="")
    world.arrivals.put("events/x", b"{}")
    world.arrive(mail, "events/x")
    assert not world.reread.compare("events/x")[0].differs


@pytest.mark.parametrize("key", ["mail/never", "mail/a"])
def test_what_is_not_there_any_more_is_not_found(world: World, key: str) -> None:
    as_read_before(world)
    world.arrivals.objects.clear()
    with pytest.raises(NotFound):
        world.reread.compare(key)


def test_another_case_than_the_one_it_was_filed_on_is_shown_and_not_moved_to(world: World) -> None:
    first, second = world.new_case(), world.new_case()
    raw = MAIL.replace(b"Subject: Jalan rusak", f"Subject: Re: [{second}] Jalan rusak".encode())
    raw = raw.replace(f"To: {INTAKE}".encode(), f"To: {world.reply_address(second)}".encode())
    world.arrivals.put("mail/b", raw)
    inbound = reader.stored(raw, "mail/b", world.now, INTAKE)
    misread = replace(inbound, recipients=(world.reply_address(first),), addressed=(), references=())
    assert world.arrive(misread, "mail/b").case == first
    (found,) = world.reread.compare("mail/b")
    assert (found.differs, found.case) == (True, Field("case", first, second))
    world.reread.apply("mail/b", "system")
    assert world.cases.file(first).messages[-1].arrival == "mail/b"


def test_a_mail_that_opened_its_case_is_not_said_to_belong_to_it(world: World) -> None:
    number = as_read_before(world)
    world.arrivals.put("mail/c", MAIL.replace(b"<m1@", b"<m2@").replace(b"Jalan rusak", f"Re: [{number}]".encode()))
    again = reader.stored(world.arrivals.get("mail/c"), "mail/c", world.now, INTAKE)
    assert world.arrive(replace(again, authenticity=GENUINE), "mail/c").case == number
    assert [world.reread.compare(key)[0].case for key in ("mail/a",)] == [None]
