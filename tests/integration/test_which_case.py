"""Which case a mail belongs to, as mail programs, relatives, forwarders and liars send it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tanggap.domain.errors import Invalid
from tanggap.domain.inbound import Authenticity, File
from tanggap.domain.permissions import Officer
from tanggap.domain.words import Outcome, Reason, Role, Status
from tests.support.settled import settled
from tests.support.world import COORDINATOR, CUSTODIAN, DOMAIN, FORGED, INTAKE, LIAISON, World

STRANGER = {"sender": "budi@lain.example", "name": "Budi"}
SPF_ONLY = Authenticity(spf="PASS", dkim="GRAY", dmarc="GRAY", spam="PASS", virus="PASS")


# -- proof


@pytest.mark.parametrize(
    "subject",
    [
        "Re: [{n}] Laporan Anda telah kami terima",
        "RE: Bls: Fwd: [{n}] Laporan Anda telah kami terima",
        "Bls: TWS: {n}",
        "Trs: laporan {l} kapan selesai?",
        "Re: [{n}] Laporan Anda",
    ],
)
def test_a_number_in_the_subject_survives_what_programs_put_around_it(world: World, subject: str) -> None:
    number = world.new_case()
    assert world.arrive(world.mail(subject=subject.format(n=number, l=number.lower()))).case == number


def test_a_program_that_drops_references_and_subject_still_answers_our_address(world: World) -> None:
    number = world.new_case()
    mail = world.mail(subject="(tanpa perihal)", references=(), recipients=(world.reply_address(number),))
    assert world.arrive(mail).case == number


def test_a_token_in_cc_counts_where_the_envelope_names_only_the_desk(world: World) -> None:
    number = world.new_case()
    mail = world.mail(recipients=(INTAKE,), addressed=("rt@lain.example", world.reply_address(number)))
    assert world.arrive(mail).case == number


def test_one_mail_to_several_of_our_addresses_is_one_message_on_one_case(world: World) -> None:
    number = world.new_case()
    to = (INTAKE, f"info@{DOMAIN}", world.reply_address(number))
    first = world.arrive(world.mail(recipients=to, digest="x"), "mail/1")
    again = world.arrive(world.mail(recipients=to[:1], addressed=to, digest="x"), "mail/2")
    assert (first.case, again.outcome, again.case) == (number, Outcome.DUPLICATE, number)
    assert len(world.cases.cases_of(world.cases.case(number).reporter)) == 1


def test_a_mail_with_proofs_of_two_cases_goes_to_the_first_and_says_so(world: World) -> None:
    one, two = world.new_case(), world.new_case(subject="Lampu mati")
    result = world.arrive(world.mail(recipients=(world.reply_address(two), world.reply_address(one))))
    assert result.case == two
    assert "several_cases" in world.cases.file(two).messages[-1].marks


def test_an_spf_pass_of_another_domain_proves_nothing_about_the_author(world: World) -> None:
    number = world.new_case()
    liar = world.mail(subject=f"Re: {number}", authenticity=SPF_ONLY)
    assert world.arrive(liar).reason is Reason.LINKED_CASE
    honest = world.mail(subject=f"Re: {number}", authenticity=replace(SPF_ONLY, same_domain=True))
    assert world.arrive(honest).case == number


def test_a_number_in_the_text_only_links_since_it_may_be_a_new_matter(world: World) -> None:
    number = world.new_case()
    result = world.arrive(world.mail(f"Seperti laporan saya {number}, sekarang jembatannya juga.", subject="Jembatan"))
    assert result.case != number
    assert [link.number for link in world.cases.case(result.case).links] == [number]


def test_a_strangers_mail_that_quotes_a_token_in_its_text_opens_nothing(world: World) -> None:
    number = world.new_case()
    result = world.arrive(world.mail(f"Hubungi {world.reply_address(number)}", subject="Halo", **STRANGER))
    assert result.case != number
    assert len(world.cases.file(number).messages) == 1


# -- people


def test_two_people_on_one_thread_are_told_apart_and_only_one_speaks_for_the_reporter(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "incomplete", "Di mana?")
    world.arrive(world.mail("Saya tetangganya.", recipients=(world.reply_address(number),), **STRANGER))
    assert world.cases.case(number).status is Status.NEEDS_INFO
    message = world.cases.file(number).messages[-1]
    assert (message.actor, message.marks) == ("other", ("other_sender",))
    assert world.outbox("budi@lain.example") == []


def test_an_officer_confirms_a_changed_address_and_answers_go_there(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.arrive(world.mail("Ini alamat baru saya.", recipients=(world.reply_address(number),), **STRANGER))
    message = world.cases.file(number).messages[-1]
    world.desk.adopt(COORDINATOR, number, message.id, "Sudah ditelepon.")
    world.desk.reply(COORDINATOR, number, "Baik.", (), False)
    world.pump()
    assert [one.text.strip().startswith("Yth.") for one in world.outbox("budi@lain.example")] != []
    writers = world.desk.identity(COORDINATOR, number)
    assert writers.reporter and writers.reporter.address == "budi@lain.example"
    assert [one.address for one in writers.earlier] == ["siti@warga.example"]
    entry = next(one for one in world.cases.file(number).history if one.event == "reporter_confirmed")
    assert (entry.data, bool(entry.commitment)) == ({"message": message.id}, True)


def test_both_addresses_of_a_reporter_speak_for_them_and_find_the_case(world: World) -> None:
    number = world.new_case()
    world.arrive(world.mail("Baru.", recipients=(world.reply_address(number),), **STRANGER))
    world.desk.adopt(COORDINATOR, number, world.cases.file(number).messages[-1].id, "Ditelepon.")
    for mail in (world.mail(subject=f"Re: {number}"), world.mail(subject=f"Re: {number}", **STRANGER)):
        assert world.arrive(mail).case == number
        assert world.cases.file(number).messages[-1].actor == "reporter"
    for address in ("siti@warga.example", "budi@lain.example"):
        reporter = world.vault.find(address)
        assert number in world.cases.cases_of(reporter)


@pytest.mark.parametrize("officer", [LIAISON, CUSTODIAN, Officer("a", Role.AUDITOR)], ids=lambda one: one.role)
def test_only_who_may_see_the_reporter_may_confirm_an_address(world: World, officer: Officer) -> None:
    number = world.new_case()
    world.arrive(world.mail("Baru.", recipients=(world.reply_address(number),), **STRANGER))
    key = world.cases.file(number).messages[-1].id
    if officer is CUSTODIAN:
        world.desk.adopt(officer, number, key, "Ditelepon.")
        return
    with pytest.raises(Exception, match=r"may not|no such case"):
        world.desk.adopt(officer, number, key, "Ditelepon.")


def test_a_forged_message_makes_nobody_the_reporter(world: World) -> None:
    number = world.new_case()
    world.arrive(world.mail("Baru.", recipients=(world.reply_address(number),), authenticity=FORGED, **STRANGER))
    with pytest.raises(Invalid):
        world.desk.adopt(COORDINATOR, number, world.cases.file(number).messages[-1].id, "Ditelepon.")


def test_who_else_wrote_is_told_to_who_may_see_the_reporter(world: World) -> None:
    number = world.new_case()
    world.arrive(world.mail("Saya juga.", recipients=(world.reply_address(number),), **STRANGER))
    ((messages, identity),) = world.desk.identity(COORDINATOR, number).others
    assert messages == (world.cases.file(number).messages[-1].id,)
    assert (identity.name, identity.address) == ("Budi", "budi@lain.example")


def test_a_forged_mail_by_token_is_filed_as_somebody_elses(world: World) -> None:
    number = world.new_case()
    world.arrive(world.mail("Tutup saja.", recipients=(world.reply_address(number),), authenticity=FORGED))
    message = world.cases.file(number).messages[-1]
    assert (message.actor, message.authenticity) == ("other", "forged")


# -- the label


def test_a_first_mail_is_a_first_and_the_next_one_is_of_a_known_sender(world: World) -> None:
    number = world.new_case()
    world.arrive(world.mail(recipients=(world.reply_address(number),)))
    first, second = world.cases.file(number).messages
    assert (first.authenticity, "first_time" in first.reasons) == ("verified", True)
    assert "known_sender" in second.reasons


# -- thanks


def test_thanks_alone_close_nothing_and_reopen_nothing(world: World) -> None:
    number = settled(world)
    before = world.cases.case(number)
    world.arrive(world.mail("Terima kasih banyak, Pak.", recipients=(world.reply_address(number),)))
    world.pump()
    after = world.cases.case(number)
    assert (after.status, after.clocks) == (Status.CLOSED, before.clocks)
    assert world.cases.file(number).messages[-1].text == "Terima kasih banyak, Pak."
    assert [row for row in world.deliveries() if row.purpose == "new_message"] == []


def test_late_thanks_open_nothing(world: World) -> None:
    number = settled(world)
    world.later(days=90)
    assert (
        world.arrive(world.mail("Terima kasih banyak pak.", recipients=(world.reply_address(number),))).case == number
    )
    assert world.cases.case(number).status is Status.CLOSED


def test_thanks_on_a_case_without_a_subject_still_need_an_old_one(world: World) -> None:
    number = world.new_case(subject="")
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.reply(COORDINATOR, number, "Sudah.", (), True)
    new = world.mail("Terima kasih.", subject="Lampu mati lagi di RT 5", recipients=(world.reply_address(number),))
    world.arrive(new)
    assert world.cases.case(number).status is Status.IN_PROGRESS


@pytest.mark.parametrize(
    "more",
    [
        {"text": "Terima kasih, tapi jalannya masih rusak."},
        {"text": "Terima kasih.", "subject": "Lampu jalan di RT 5 mati"},
        {"text": "Terima kasih.", "left_out": ("video.mp4",), "left_out_count": 1},
        {"text": "Terima kasih.", "files": (File("a.jpg", "image/jpeg", 1, "e" * 64, b"j"),)},
    ],
    ids=["a but", "a new subject", "a video over the bound", "a photo"],
)
def test_thanks_with_anything_more_reopen(world: World, more: dict[str, Any]) -> None:
    number = settled(world)
    world.arrive(world.mail(recipients=(world.reply_address(number),), **more))
    assert world.cases.case(number).status is Status.IN_PROGRESS


# -- age


@pytest.mark.parametrize(("days", "same"), [(60, True), (61, False)])
def test_a_settled_case_comes_back_within_the_policys_days_and_later_a_linked_one_is_opened(
    world: World, days: int, same: bool
) -> None:
    number = settled(world)
    world.later(days=days)
    sent = len(world.outbox("siti@warga.example"))
    result = world.arrive(world.mail("Rusak lagi.", recipients=(world.reply_address(number),)))
    world.pump()
    assert (result.case == number) is same
    if same:
        assert world.cases.case(number).status is Status.IN_PROGRESS
        return
    case = world.cases.case(result.case)
    assert (result.reason, [(link.kind, link.number) for link in case.links]) == (
        Reason.LINKED_CASE,
        [("follows", number)],
    )
    assert world.cases.case(number).status is Status.CLOSED
    assert len(world.outbox("siti@warga.example")) == sent + 1


def test_a_robot_on_a_case_of_long_ago_is_filed_there_and_opens_nothing(world: World) -> None:
    number = settled(world)
    world.later(days=400)
    away = world.mail("Saya cuti.", recipients=(world.reply_address(number),), automatic="auto-replied")
    assert world.arrive(away).case == number


# -- what was left out


def test_attachments_that_did_not_fit_are_told_to_the_citizen_on_a_reply_too(world: World) -> None:
    number = world.new_case()
    mail = world.mail("Foto-foto.", recipients=(world.reply_address(number),), doubts=("too_many_files",))
    world.arrive(mail)
    world.pump()
    (letter,) = [one for one in world.outbox("siti@warga.example") if "tidak dapat kami baca" in one.subject]
    assert "melebihi batas" in letter.text
    assert "too_many_files" in world.cases.file(number).messages[-1].marks


@pytest.mark.parametrize("doubt", ["encrypted", "not_opened"])
def test_who_sends_what_we_cannot_open_is_told_in_the_acknowledgement(world: World, doubt: str) -> None:
    world.new_case(doubts=(doubt,))
    assert "mohon kirim" in world.outbox("siti@warga.example")[0].text


@pytest.mark.parametrize(
    ("names", "count", "told"),
    [
        (("a.jpg",), 1, "Belum tersimpan : a.jpg\n"),
        (("a.jpg", "?"), 31, "Belum tersimpan : a.jpg, dan 30 lainnya\n"),
        (("?", "?"), 550, "Belum tersimpan : 550 lampiran\n"),
    ],
)
def test_what_was_left_out_is_named_as_far_as_it_has_names_and_counted_whole(
    world: World, names: tuple[str, ...], count: int, told: str
) -> None:
    number = world.new_case(left_out=names, left_out_count=count, doubts=("too_many_files",))
    assert told in world.outbox("siti@warga.example")[0].text
    shown = world.cases.file(number).messages[0].left_out
    assert shown[: len(names)] == names
    assert (f"+{count - len(names)}" in shown) == (count > len(names))


def test_a_stranger_on_the_thread_gets_no_such_letter(world: World) -> None:
    number = world.new_case()
    world.arrive(world.mail("Foto.", recipients=(world.reply_address(number),), doubts=("too_many_files",), **STRANGER))
    world.pump()
    assert world.outbox("budi@lain.example") == []
    assert [one for one in world.outbox("siti@warga.example") if "tidak dapat kami baca" in one.subject] == []


# -- files


def test_the_same_picture_of_two_people_lies_there_once_and_both_cases_hold_it(world: World) -> None:
    photo = File("a.jpg", "image/jpeg", 4, "f" * 64, b"jpeg")
    one = world.new_case(files=(photo,))
    two = world.new_case(files=(replace(photo, name="b.jpg"),), **STRANGER)
    keys = {file.key for number in (one, two) for file in world.cases.file(number).messages[0].files}
    assert len(keys) == 1
    assert set(world.cases.holding("f" * 64)) == {one, two}


# -- praise


def test_a_matter_that_answers_praise_is_a_case_of_its_own_with_clocks_and_thanks_are_not(world: World) -> None:
    praised = world.new_case(subject="Terima kasih", text="Pelayanan KTP sangat cepat dan ramah. Terima kasih!")
    assert (world.cases.case(praised).kind, world.cases.case(praised).clocks) == ("praise", ())
    world.later(days=6)
    to = (world.reply_address(praised),)
    matter = world.arrive(world.mail(recipients=to, subject=f"Re: [{praised}]", text="Jembatan di RT 5 ambruk."))
    case = world.cases.case(matter.case)
    assert (case.kind, matter.reason) == ("complaint", Reason.LINKED_CASE)
    assert [(link.kind, link.number) for link in case.links] == [("follows", praised)]
    assert case.clocks
    assert case.received_at == world.now
    thanks = world.arrive(world.mail(recipients=to, subject=f"Re: [{praised}]", text="Terima kasih."))
    assert thanks.case == praised
