"""Failure reports that are known by other traces than a row's id, and people whose words look like one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tanggap.adapters.mail import reader
from tanggap.domain.inbound import FailedDelivery
from tanggap.domain.words import DeliveryState, Outcome, Reason
from tests.support.settled import settled
from tests.support.world import COORDINATOR, DOMAIN, GENUINE, INTAKE, POLICY, World


def failed(**more: Any) -> FailedDelivery:
    return FailedDelivery(**{"recipient": "siti@warga.example", "original_id": "", "permanent": True, **more})


def bounce(world: World, failure: FailedDelivery) -> Any:
    return world.arrive(
        world.mail(sender="mailer-daemon@mx.example", name="", failures=(failure,), automatic="return-path")
    )


def test_a_bounce_that_shows_our_own_id_in_its_references_is_of_that_letter(world: World) -> None:
    number = world.new_case()
    (sent,) = world.cases.file(number).deliveries
    ours = f"{sent.id}.{world.tokens.of(number)}@{DOMAIN}"
    assert bounce(world, failed(original_id="x@mx.example", references=(ours,))).reason is Reason.BOUNCE
    assert world.cases.delivery(number, sent.id).state is DeliveryState.FAILED


def test_a_bounce_that_only_shows_our_reply_address_is_of_the_last_letter_to_the_reporter(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "incomplete", "Di mana?")
    world.pump()
    world.later(minutes=5)
    assert bounce(world, failed(reply_to=(world.reply_address(number),))).case == number
    states = {row.purpose: row.state for row in world.cases.file(number).deliveries if row.reporter}
    assert states == {"acknowledgement": DeliveryState.SENT, "question": DeliveryState.FAILED}


def test_a_bounce_of_an_offices_address_is_of_the_letter_to_that_office(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.pump()
    told = failed(recipient="pu@kantor.example", reply_to=(world.reply_address(number),))
    assert bounce(world, told).case == number
    (office,) = [row for row in world.cases.file(number).deliveries if row.address == "pu@kantor.example"]
    assert office.state is DeliveryState.FAILED


def test_the_office_is_told_why_a_letter_did_not_arrive_where_the_report_says_it(world: World) -> None:
    number = world.new_case()
    bounce(world, failed(reply_to=(world.reply_address(number),), status="5.2.2", cause="full"))
    world.pump()
    (letter,) = world.outbox("koordinator@kantor.example")
    assert "bounce 5.2.2 (kotak surat penuh)" in letter.text
    entry = next(one for one in world.cases.file(number).history if one.event == "delivery_failed")
    assert (entry.data["status"], entry.data["cause"]) == ("5.2.2", "full")


@pytest.mark.parametrize("how", ["attached", "below"])
def test_a_person_who_forwards_a_failure_report_to_ask_about_it_is_read_and_answered(world: World, how: str) -> None:
    number = world.new_case()
    (sent,) = world.cases.file(number).deliveries
    ours = f"{sent.id}.{world.tokens.of(number)}@{DOMAIN}"
    returned = (
        "From: Mail Delivery Subsystem <mailer-daemon@mx.example>\r\nAuto-Submitted: auto-replied\r\n"
        'Subject: Undelivered Mail\r\nContent-Type: multipart/report; boundary="r"\r\n\r\n--r\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; siti@warga.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r\r\n"
        f"Content-Type: message/rfc822\r\n\r\nReferences: <{ours}>\r\nSubject: x\r\n\r\nx\r\n--r--\r\n"
    )
    head = "From: Budi <budi@lain.example>\r\nSubject: Fwd: Undelivered Mail\r\nMessage-ID: <f@lain.example>\r\n"
    if how == "attached":
        mixed = 'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n\r\nKenapa surat ini kembali?\r\n--m\r\n'
        raw = f"{head}{mixed}Content-Type: message/rfc822\r\n\r\n{returned}--m--\r\n"
    else:
        raw = f"{head}\r\nKenapa surat ini kembali?\r\n\r\n---------- Forwarded message ---------\r\n{returned}"
    receipt = reader.Receipt("mail/f", world.now, (INTAKE,), "budi@lain.example", GENUINE)
    result = world.arrive(reader.read(raw.encode(), receipt), "mail/f")
    world.pump()
    assert (result.outcome, world.cases.delivery(number, sent.id).state) == (Outcome.FILED, DeliveryState.SENT)
    assert len(world.outbox("budi@lain.example")) == 1


@pytest.mark.parametrize(
    "subject",
    ["Email dikembalikan, KTP saya belum jadi", "Pengiriman email gagal terus ke dinas", "Undelivered letters"],
)
def test_a_citizen_who_complains_of_a_letter_that_came_back_is_a_citizen(world: World, subject: str) -> None:
    raw = (
        f"From: Ani <ani@warga.example>\r\nSubject: {subject}\r\nMessage-ID: <k@warga.example>\r\n\r\n"
        "Surat saya ke ktp@dinas.example tidak terkirim: 550 5.1.1 user unknown. Mohon dibantu.\r\n"
    )
    receipt = reader.Receipt("mail/k", world.now, (INTAKE,), "ani@warga.example", GENUINE)
    result = world.arrive(reader.read(raw.encode(), receipt), "mail/k")
    world.pump()
    assert result.outcome is Outcome.FILED
    assert len(world.outbox("ani@warga.example")) == 1


def test_fifty_recipients_of_one_report_are_looked_for_once(world: World) -> None:
    asked: list[str] = []
    cases = world.cases

    class Counting:
        def __getattr__(self, name: str) -> Any:
            return getattr(cases, name)

        def delivery_of(self, external_id: str) -> Any:
            asked.append(external_id)
            return cases.delivery_of(external_id)

    world.receive.reports.cases = Counting()
    ids = tuple(f"{n}@x.example" for n in range(30))
    many = tuple(failed(recipient=f"a{n}@b.example", original_id="o@x.example", references=ids) for n in range(50))
    world.arrive(world.mail(sender="mailer-daemon@mx.example", name="", failures=many, automatic="return-path"))
    assert len(asked) == 10


def test_a_late_bounce_is_noted_without_waking_the_case(world: World) -> None:
    number = settled(world)
    world.later(days=2)
    before = world.cases.case(number).status
    bounce(world, failed(reply_to=(world.reply_address(number),)))
    assert world.cases.case(number).status is before


def test_times_of_messages_on_a_case_stay_bounded(world: World) -> None:
    number = world.new_case()
    for _ in range(15):
        world.arrive(world.mail("Halo.", recipients=(world.reply_address(number),)))
        world.now += timedelta(hours=2)
    assert len(world.cases.case(number).heard) == POLICY.get("intake", {}).get("notices_per_hour", 10)
