"""What users of other desks ask for or complain of, where no other test of ours shows it: tests/PEER_DEFECTS.md."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tanggap.adapters.mail import bounds, reader
from tanggap.application.receive import Raw, Result
from tanggap.application.record import Heard
from tanggap.domain.words import Channel, DeliveryState, Outcome, Reason, Status
from tests.support.world import COORDINATOR, GENUINE, INTAKE, World


@pytest.fixture
def world() -> World:
    """In memory: none of these is about how rows are kept."""
    return World()


def post(world: World, raw: bytes, to: tuple[str, ...] = (INTAKE,), source: str = "siti@warga.example") -> Result:
    world.made += 1
    key = f"mail/raw{world.made}"
    inbound = reader.read(raw, reader.Receipt(key, world.now, to, source, GENUINE))
    result = world.receive(Raw(key, Channel.EMAIL, world.now, len(raw), inbound))
    world.pump()
    return result


def mail(text: str, sender: str = "Siti <siti@warga.example>", **more: str) -> bytes:
    rows = {"From": sender, "To": INTAKE, "Subject": "Jalan", "Date": "Tue, 3 Mar 2026 19:42:10 +0700", **more}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in rows.items())
    return f"{head}\r\n{text}\r\n".encode()


def test_a_colleague_in_cc_who_answers_all_is_not_shown_as_the_citizen(world: World) -> None:
    """Chatwoot #15092."""
    number = post(
        world, mail("Jalan rusak.", Cc="Budi <budi@kantor-lain.example>", Message_ID="<1@warga.example>")
    ).case
    told = {
        "In_Reply_To": "<1@warga.example>",
        "Cc": world.reply_address(number),
        "Message_ID": "<2@kantor-lain.example>",
    }
    answer = mail("Menurut saya biasa saja.", sender="Budi <budi@kantor-lain.example>", **told)
    assert post(world, answer, (world.reply_address(number),), "budi@kantor-lain.example").case == number
    first, second = world.cases.file(number).messages
    assert (first.actor, second.actor) == ("reporter", "other")
    assert second.sender not in (first.sender, "")
    assert "other_sender" in second.marks
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.reply(COORDINATOR, number, "Kami periksa.", (), False)
    world.pump()
    assert world.outbox("budi@kantor-lain.example") == []


def test_one_mail_by_two_ways_is_one_message(world: World) -> None:
    """Zammad #1662, osTicket #866: through two mailboxes, with other line ends and other headers on top."""
    raw = mail("Jalan rusak.", Message_ID="<1@warga.example>")
    first = post(world, raw)
    again = b"Received: from forwarder.example by mx; Tue, 3 Mar 2026 12:43:00 +0000\n" + raw.replace(b"\r\n", b"\n")
    second = post(world, again, (f"info@{INTAKE.partition('@')[2]}",))
    assert (second.outcome, second.case) == (Outcome.DUPLICATE, first.case)
    assert len(world.outbox("siti@warga.example")) == 1


def test_attachments_over_the_bound_are_named_to_citizen_and_officer(world: World) -> None:
    """Chatwoot #14590, Zammad #2092: dropped without a word."""
    part = '--b\r\nContent-Type: application/pdf; name="bukti-{}.pdf"\r\n\r\n%PDF-{}\r\n'
    many = "".join(part.format(n, n) for n in range(bounds.FILES + 3))
    raw = mail(f"--b\r\n\r\nJalan rusak.\r\n{many}--b--", Content_Type="multipart/mixed; boundary=b")
    (message,) = world.cases.file(post(world, raw).case).messages
    assert len(message.files) == bounds.FILES
    left = tuple(f"bukti-{bounds.FILES + n}.pdf" for n in range(3))
    assert message.left_out == left
    assert "too_many_files" in message.marks
    (letter,) = world.outbox("siti@warga.example")
    assert all(name in letter.text for name in left)


def test_an_answer_by_mail_restarts_the_clock_of_a_report_that_came_by_telephone(world: World) -> None:
    """Zammad #1322: the answer by another channel left it paused."""
    heard = Heard(channel=Channel.PHONE, received_at=world.now, text="Pipa bocor.", address="siti@warga.example")
    number = world.desk.record(COORDINATOR, heard).case.number
    world.desk.verify(COORDINATOR, number, "incomplete", "Di mana?")
    world.pump()
    paused = {clock.name for clock in world.cases.case(number).clocks if clock.state == "paused"}
    world.later(hours=5)
    result = post(world, mail("Di Jl. Kenanga.", Subject=f"Re: [{number}] Pipa"))
    case = world.cases.case(number)
    assert (result.case, case.status) == (number, Status.NEW)
    assert paused
    assert not [clock for clock in case.clocks if clock.state == "paused"]


BROKEN = {
    "no structure": b"Content-Type: multipart/mixed\r\n\r\n--x\r\n",
    "lying charset": b"Content-Type: text/plain; charset=utf-16\r\n\r\n\xff\xfe\xff",
    "unknown encoding": b"Content-Transfer-Encoding: x\r\n\r\n\xff",
    "no header": b"\xff\xfe\0\r\n",
    "a date that is none": b"Date: kemarin\r\nFrom: a@b\r\n\r\nx",
    "a sender that is none": b"From: <<>>, (\r\n\r\nx",
    "an id that is none": b"Message-ID: <\0>\r\nFrom: siti@warga.example\r\n\r\nx",
}


def test_a_broken_mail_between_two_others_stops_neither(world: World) -> None:
    """Zammad #2754, osTicket #6690, FreeScout #4293: one mail blocks the queue, or vanishes."""
    for number, raw in enumerate(BROKEN.values()):
        before = post(world, mail(f"Sebelum {number}.", Message_ID=f"<a{number}@x>"))
        assert post(world, raw).outcome is Outcome.FILED
        after = post(world, mail(f"Sesudah {number}.", Message_ID=f"<b{number}@x>"))
        assert before.case != after.case
    assert len(world.cases.cases) == 3 * len(BROKEN)


def test_a_reply_to_our_bare_address_finds_its_case_and_no_box_of_ours_answers_nobody(world: World) -> None:
    """Alaveteli #6431, #9496: replies to the sender's address end in a pen, or bounce. Every address of the mail domain
    is read, so none of ours is a no-reply."""
    number = post(world, mail("Jalan rusak.", Message_ID="<1@warga.example>")).case
    (letter,) = world.outbox("siti@warga.example")
    ours = f"{letter.delivery}.{world.tokens.of(number)}@{INTAKE.partition('@')[2]}"
    for place, to in enumerate((INTAKE, f"no-reply@{INTAKE.partition('@')[2]}")):
        raw = mail(f"Kapan selesai? {place}", Message_ID=f"<r{place}@warga.example>", References=f"<{ours}>", To=to)
        assert post(world, raw, (to,)).case == number


def test_a_mailbox_that_bounces_once_gets_the_next_letter_all_the_same(world: World) -> None:
    """Zammad mutes whoever bounced with 5.1.1; the officer is told instead, and decides."""
    number = post(world, mail("Jalan rusak.", Message_ID="<1@warga.example>")).case
    (letter,) = world.cases.file(number).deliveries
    gone = f"Message-ID: <{letter.id}.{world.tokens.of(number)}@{INTAKE.partition('@')[2]}>"
    fields = "Final-Recipient: rfc822; siti@warga.example\r\nAction: failed\r\nStatus: 5.1.1"
    raw = mail(
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{fields}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers"
        f"\r\n\r\n{gone}\r\n\r\n--b--",
        sender="MAILER-DAEMON@warga.example",
        Content_Type="multipart/report; report-type=delivery-status; boundary=b",
    )
    assert post(world, raw, source="").reason is Reason.BOUNCE
    assert world.cases.delivery(number, letter.id).state is DeliveryState.FAILED
    world.desk.verify(COORDINATOR, number, "incomplete", "Di mana?")
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 2


def test_a_flood_of_one_sender_costs_nobody_else_an_answer(world: World) -> None:
    """Chatwoot #8364 asks to block senders. A public desk may shut nobody out: it files, and stops answering."""
    for number in range(60):
        world.later(seconds=20)
        assert post(world, mail(f"Hei {number}", sender="eko@lain.example"), source="eko@lain.example").case
    assert len(world.outbox("eko@lain.example")) < 60
    world.later(seconds=20)
    post(world, mail("Jalan rusak."))
    assert len(world.outbox("siti@warga.example")) == 1
    world.later(hours=25)
    answered = len(world.outbox("eko@lain.example"))
    post(world, mail("Maaf, sekarang laporan sungguhan.", sender="eko@lain.example"), source="eko@lain.example")
    assert len(world.outbox("eko@lain.example")) == answered + 1


def test_what_was_received_is_what_became_of_it(world: World) -> None:
    """Zammad says it is healthy while mail over its limit is not imported; Chatwoot answers 200 and shows nothing."""
    post(world, mail("Jalan rusak."))
    post(world, mail("Jalan rusak."))
    post(world, mail("x", sender=f"<{INTAKE}>"))
    rows = list(world.cases.rows.values())
    assert len(rows) == 3
    assert {row.outcome for row in rows} == {Outcome.FILED, Outcome.DUPLICATE, Outcome.REFUSED}
    assert all(row.reason in set(Reason) and row.at - world.now < timedelta(1) for row in rows)
