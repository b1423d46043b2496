"""What a second look at filing found: closed matters stay closed, an officer's word stands, nobody is silenced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tanggap.adapters.mail import reader
from tanggap.adapters.mail.reader import Receipt
from tanggap.application.ledger_desk import LedgerDesk
from tanggap.application.receive import Raw
from tanggap.domain.case import Case
from tanggap.domain.errors import Forbidden
from tanggap.domain.inbound import Authenticity, File
from tanggap.domain.officers import Correction
from tanggap.domain.words import Channel, Confidentiality, Outcome, Priority, Purpose, Reason, Status
from tests.support.world import COORDINATOR, GENUINE, INTAKE, POLICY, World

FORGED = Authenticity(dmarc="FAIL", policy="reject")
HIDDEN = [Confidentiality.SECRET, Confidentiality.ANONYMOUS]


def closed_and_hidden(world: World, level: Confidentiality) -> str:
    number = world.new_case()
    case: Case = world.cases.case(number)
    hidden = replace(
        case, confidentiality=level, status=Status.CLOSED, ended_at=world.now, version=case.version + 1, due_at=None
    )
    from tanggap.domain.case import Change

    world.cases.commit(Change(case=hidden, expected=case.version))
    return number


@pytest.mark.parametrize("level", HIDDEN)
def test_a_hidden_matter_that_goes_on_as_a_new_case_is_as_hidden(world: World, level: Confidentiality) -> None:
    old = closed_and_hidden(world, level)
    world.later(days=90)
    result = world.arrive(world.mail("Jalan itu rusak lagi, dan lebih parah.", recipients=(world.reply_address(old),)))
    assert result.case != old
    assert world.cases.case(result.case).confidentiality is level
    with pytest.raises(Forbidden):
        world.desk.identity(COORDINATOR, result.case)


@pytest.mark.parametrize("level", HIDDEN)
def test_a_reporter_who_names_their_hidden_case_without_proof_opens_a_hidden_one(
    world: World, level: Confidentiality
) -> None:
    old = closed_and_hidden(world, level)
    weak = replace(GENUINE, dmarc="GRAY", spf="GRAY")
    result = world.arrive(world.mail("Belum selesai.", subject=f"Re: [{old}]", authenticity=weak))
    assert world.cases.case(result.case).confidentiality is level


def test_a_stranger_who_names_a_hidden_case_learns_nothing_by_the_level_of_theirs(world: World) -> None:
    old = closed_and_hidden(world, Confidentiality.SECRET)
    result = world.arrive(world.mail("Saya juga.", subject=f"Soal {old}", sender="lain@warga.example"))
    assert world.cases.case(result.case).confidentiality is Confidentiality.OPEN


def test_a_strangers_late_word_by_token_is_marked_as_a_strangers(world: World) -> None:
    old = world.new_case()
    world.desk.verify(COORDINATOR, old, "reject", "Bukan kewenangan kami.")
    world.later(days=90)
    mail = world.mail("Saya tetangganya.", sender="lain@warga.example", recipients=(world.reply_address(old),))
    result = world.arrive(mail)
    assert "other_sender" in world.cases.file(result.case).messages[0].marks


COMES_BACK = (
    "Return-Path: <>\r\nFrom: Siti Aminah <siti@warga.example>\r\n"
    f"To: {INTAKE}\r\nMessage-ID: <f1@form.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0700\r\n"
    "Subject: Surat ke dinas selalu ditolak\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "Saya sudah tiga kali mengirim laporan jalan rusak, selalu kembali:\r\n\r\n"
    "<pu@kantor.example>: 550 5.1.1 user unknown\r\n\r\nMohon jalan di RT 3 diperbaiki, sudah ada korban.\r\n"
).encode()


def test_words_about_a_letter_that_came_back_are_parked_and_an_officer_lets_them_in(world: World) -> None:
    inbound = reader.read(COMES_BACK, Receipt("mail/x", world.now, (INTAKE,), "", GENUINE))
    assert inbound.failures  # as machines write; or a form that sends from the null path
    result = world.arrive(inbound, "mail/x")
    assert (result.outcome, result.reason) == (Outcome.PARKED, Reason.UNMATCHED)
    world.arrivals.put("mail/x", COMES_BACK)
    LedgerDesk(world.cases, world.arrivals, world.reread, world.clock).replay(COORDINATOR, "mail/x")
    again = world.arrive(inbound, "mail/x", replay=True)
    assert again.outcome is Outcome.FILED
    assert "RT 3" in world.cases.file(again.case).messages[0].text


def test_a_copy_that_came_straight_overwrites_nothing_that_an_officer_decided(world: World) -> None:
    mail = world.mail("Ada pohon tumbang menimpa rumah, ada korban luka, tolong segera, darurat!")
    number = world.arrive(replace(mail, automatic="list"), "mail/a").case
    for priority in (Priority.NORMAL, Priority.LOW):
        world.desk.correct(COORDINATOR, number, Correction(priority=priority))
    world.arrive(mail, "mail/b")
    case = world.cases.case(number)
    assert case.priority == Priority.LOW
    assert [why.rule for why in case.whys if why.what == "priority"] == ["officer"]


def test_a_case_that_was_verified_before_its_straight_copy_came_is_no_forgery_after_all(world: World) -> None:
    mail = world.mail()
    number = world.arrive(replace(mail, authenticity=FORGED), "mail/a").case
    assert "forged" in world.cases.case(number).marks
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.arrive(mail, "mail/b")
    assert "forged" not in world.cases.case(number).marks


def test_the_straight_copy_of_a_strangers_word_has_its_writer_behind_it(world: World) -> None:
    number = world.new_case()
    mail = world.mail("Saya tetangganya.", sender="lain@warga.example", recipients=(world.reply_address(number),))
    world.arrive(replace(mail, automatic="list"), "mail/a")
    world.arrive(mail, "mail/b")
    assert world.cases.file(number).messages[-1].sender


def test_strangers_with_the_token_do_not_silence_the_reporter(world: World) -> None:
    number = world.new_case()
    for index in range(15):
        sender = f"x{index}@lain.example"
        world.arrive(world.mail(f"iklan {index}", sender=sender, recipients=(world.reply_address(number),)))
    rung = sum(row.purpose is Purpose.NEW_MESSAGE for row in world.deliveries())
    assert rung < 15
    result = world.arrive(world.mail("Rumah saya roboh sekarang!", recipients=(world.reply_address(number),)))
    assert result.reason is Reason.REPLY
    assert sum(row.purpose is Purpose.NEW_MESSAGE for row in world.deliveries()) == rung + 1


def test_an_address_that_is_a_reporters_again_finds_each_case_once(world: World) -> None:
    number = world.new_case()
    mail = world.mail("Ini alamat baru saya.", sender="baru@warga.example", recipients=(world.reply_address(number),))
    world.arrive(mail)
    old = world.cases.case(number).reporter
    world.desk.adopt(COORDINATOR, number, world.cases.file(number).messages[-1].id, "lewat telepon")
    world.desk.adopt(COORDINATOR, number, world.cases.file(number).messages[0].id, "kembali ke alamat lama")
    assert world.cases.case(number).reporter == old
    assert world.cases.cases_of(old) == (number,)


def test_a_mail_with_many_files_for_offices_with_many_addresses_is_written_all_the_same() -> None:
    crowd = {
        name: [f"{name}{index}@kantor.example" for index in range(20)]
        for name in ("coordinator", "leadership", "inspectorate")
    }
    from tests.support.world import fake_aws

    with fake_aws():
        world = World("dynamodb", {**POLICY, **crowd})
        number = world.new_case()
        world.later(days=30)
        files = tuple(File(f"f{index}.jpg", "image/jpeg", 1, f"{index:064d}", b"x") for index in range(50))
        world.arrive(world.mail("foto", recipients=(world.reply_address(number),), files=files))
        assert len(world.cases.file(number).messages[-1].files) == 50
        assert world.cases.holding(f"{49:064d}") == (number,)


# -- one mail, read whole and in part


@pytest.mark.parametrize("first_in_part", [True, False])
def test_a_mail_read_in_part_by_one_way_and_whole_by_another_is_one_message(world: World, first_in_part: bool) -> None:
    body = (
        "From: Ratna <ratna@warga.example>\r\nTo: lapor@desa-contoh.example\r\nMessage-ID: <besar@warga.example>\r\n"
        "Date: Mon, 23 Nov 2026 10:00:00 +0700\r\nSubject: Jalan rusak\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nJalan di RT 3 rusak parah.\r\n'
        '--b\r\nContent-Disposition: attachment; filename="foto.jpg"\r\n\r\n' + 200_000 * "x" + "\r\n--b--\r\n"
    ).encode()
    results = []
    for place, whole in enumerate((not first_in_part, first_in_part)):
        raw = f"Received: from way{place}.example by us; Mon, 23 Nov 2026 10:00:0{place} +0700\r\n".encode() + body
        receipt = Receipt(f"mail/way{place}", world.now, (INTAKE,), "ratna@warga.example", GENUINE)
        inbound = reader.read(raw, receipt, whole=whole)
        results.append(world.receive(Raw(receipt.arrival_key, Channel.EMAIL, world.now, len(raw), inbound)))
    assert (results[0].reason, results[1].outcome) == (Reason.NEW_CASE, Outcome.DUPLICATE)
    assert results[1].case == results[0].case
    world.pump()
    assert len(world.outbox("ratna@warga.example")) == 1


def test_a_mail_of_too_many_parts_is_one_message_though_both_its_digests_are_the_same(world: World) -> None:
    parts = "".join(
        f"--b\r\nContent-Type: text/plain; name=n{n}.txt\r\n\r\nBagian {n} {'x' * 60}\r\n" for n in range(2_000)
    )
    raw = (
        "From: Ratna <ratna@warga.example>\r\nTo: lapor@desa-contoh.example\r\nMessage-ID: <banyak@warga.example>\r\n"
        "Subject: Jalan rusak\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="b"\r\n\r\n{parts}--b--\r\n'
    ).encode()
    outcomes = []
    for key in ("mail/b1", "mail/b2"):
        inbound = reader.read(raw, Receipt(key, world.now, (INTAKE,), "ratna@warga.example", GENUINE))
        assert inbound.digest == inbound.digest_in_part
        outcomes.append(world.receive(Raw(key, Channel.EMAIL, world.now, len(raw), inbound)).outcome)
    assert outcomes == [Outcome.FILED, Outcome.DUPLICATE]


@pytest.mark.parametrize("first_in_part", [True, False])
def test_a_short_mail_read_in_part_is_the_same_as_read_whole(world: World, first_in_part: bool) -> None:
    """Its function was ended by something else: of so short a mail the beginning is all."""
    raw = (
        b"From: Siti <siti@warga.example>\r\nMessage-ID: <m1@warga.example>\r\nSubject: Jalan\r\n"
        b"Date: Mon, 23 Nov 2026 10:00:00 +0700\r\n\r\nJalan di RT 3 rusak parah.\r\n"
    )
    ways = [reader.stored(raw, f"mail/{whole}", world.now, INTAKE, whole) for whole in (True, False)]
    first, second = (world.arrive(ways[n], f"mail/{n}") for n in ((1, 0) if first_in_part else (0, 1)))
    assert (first.outcome, second.outcome, second.case) == (Outcome.FILED, Outcome.DUPLICATE, first.case)
