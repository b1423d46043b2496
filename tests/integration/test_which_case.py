"""Which case a mail belongs to, as mail programs, relatives, forwarders and liars send it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.adapters.mail import reader
from tanggap.domain.errors import Invalid
from tanggap.domain.inbound import Authenticity, FailedDelivery, File
from tanggap.domain.officers import Correction
from tanggap.domain.permissions import Officer
from tanggap.domain.publicity import Shown, shown
from tanggap.domain.words import DeliveryState, Outcome, Priority, Reason, Role, Status
from tests.support.world import COORDINATOR, CUSTODIAN, DOMAIN, GENUINE, INTAKE, LIAISON, POLICY, World

STRANGER = {"sender": "budi@lain.example", "name": "Budi"}
SPF_ONLY = Authenticity(spf="PASS", dkim="GRAY", dmarc="GRAY", spam="PASS", virus="PASS")


def settled(world: World) -> str:
    """A case that was answered and closed by the coordinator."""
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.desk.reply(COORDINATOR, number, "Sudah kami perbaiki.", (), True)
    world.desk.set_status(COORDINATOR, number, Status.CLOSED, "Selesai.")
    world.pump()
    return number


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


# -- too often


def test_a_case_that_rings_all_the_time_is_filed_on_without_ringing(world: World) -> None:
    world.policies.store({**POLICY, "intake": {"notices_per_hour": 2}}, 2)
    number = world.new_case()
    to = (world.reply_address(number),)
    results = [world.arrive(world.mail(f"Halo {n}.", recipients=to)) for n in range(4)]
    assert [one.reason for one in results] == [Reason.REPLY] * 2 + [Reason.THROTTLED] * 2
    file = world.cases.file(number)
    assert len(file.messages) == 5
    assert len([row for row in file.deliveries if row.purpose == "new_message"]) == 2
    assert file.messages[-1].marks == ("throttled",)
    world.later(minutes=61)
    assert world.arrive(world.mail("Lagi.", recipients=to)).reason is Reason.REPLY


def test_one_address_is_answered_so_often_a_day_and_its_mails_are_all_filed(world: World) -> None:
    world.policies.store({**POLICY, "intake": {"answers_per_hour": 2, "answers_per_day": 3}}, 2)
    reasons = []
    for _ in range(3):
        reasons += [world.arrive(world.mail()).reason for _ in range(2)]
        world.later(hours=2)
    world.pump()
    assert [reason is Reason.THROTTLED for reason in reasons] == [False, False, False, True, True, True]
    assert len(world.outbox("siti@warga.example")) == 3
    assert len({*world.cases.cases_of(world.vault.find("siti@warga.example"))}) == 6


def test_two_machines_that_do_not_say_so_stop_answering_each_other() -> None:
    """Whatever we send comes straight back as a fresh mail of its own."""
    world = World()  # the counters behind it have their own tests on the table
    for _ in range(60):
        world.arrive(world.mail("Pesan Anda kami terima.", subject="Re: pesan Anda"))
        world.pump()
    assert len(world.outbox("siti@warga.example")) == 20


FORGED = Authenticity(spf="FAIL", dmarc="FAIL", policy="reject", spam="PASS", virus="PASS")


@pytest.mark.parametrize("more", [{"authenticity": FORGED}, {"automatic": "list"}], ids=["forged", "automatic"])
def test_nobody_silences_a_citizen_by_writing_in_their_name(world: World, more: dict[str, Any]) -> None:
    for _ in range(25):
        world.arrive(world.mail(**more))
    assert world.arrive(world.mail()).reason is Reason.NEW_CASE
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 1


@pytest.mark.parametrize("more", [{"authenticity": FORGED}, {"sender": "", "name": ""}], ids=["forged", "nobody"])
def test_who_is_not_answered_rings_no_oftener_than_others(world: World, more: dict[str, Any]) -> None:
    number = world.new_case()
    for n in range(12):
        world.arrive(world.mail(f"Halo {n}.", recipients=(world.reply_address(number),), **more))
    file = world.cases.file(number)
    assert len([row for row in file.deliveries if row.purpose == "others_message"]) == 10


def test_no_flood_in_somebodys_name_wears_the_throttle_out() -> None:
    world = World()
    for _ in range(3):
        for _ in range(25):
            world.arrive(world.mail())
        for _ in range(60):
            world.arrive(world.mail(automatic="list"))
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 20


def test_letters_about_what_was_left_out_stand_under_the_same_throttle() -> None:
    world = World()
    number = world.new_case()
    for _ in range(60):
        world.arrive(world.mail("Foto.", recipients=(world.reply_address(number),), doubts=("not_opened",)))
        world.later(minutes=7)
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 50


# -- the same mail by a worse and a better way

WORSE = pytest.mark.parametrize(
    "worse", [{"authenticity": FORGED}, {"automatic": "list"}], ids=["broken by a forwarder", "by a list"]
)


@WORSE
def test_a_report_that_came_by_a_worse_way_first_is_acknowledged_when_the_better_copy_comes(
    world: World, worse: dict[str, Any]
) -> None:
    mail = world.mail("Ada kebakaran di RT 3.")
    number = world.arrive(replace(mail, **worse), "mail/1").case
    world.pump()
    assert world.outbox("siti@warga.example") == []
    again = world.arrive(mail, "mail/2")
    world.pump()
    assert (again.outcome, again.case) == (Outcome.DUPLICATE, number)
    (letter,) = world.outbox("siti@warga.example")
    assert number in letter.subject
    file = world.cases.file(number)
    (message,) = file.messages
    assert (message.automatic, message.authenticity, message.actor) == (False, "verified", "reporter")
    assert (file.case.priority, file.case.marks) == ("urgent", ())
    assert "better_copy" in [entry.event for entry in file.history]
    assert world.arrive(mail, "mail/3").outcome is Outcome.DUPLICATE
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 1


@WORSE
def test_a_reply_that_came_by_a_worse_way_first_moves_its_case_when_the_better_copy_comes(
    world: World, worse: dict[str, Any]
) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "incomplete", "Di mana?")
    world.pump()
    mail = world.mail("Di RT 3.", recipients=(world.reply_address(number),))
    world.arrive(replace(mail, **worse), "mail/1")
    assert world.cases.case(number).status is Status.NEEDS_INFO
    assert world.arrive(mail, "mail/2").case == number
    file = world.cases.file(number)
    assert (file.case.status, file.messages[-1].actor, len(file.messages)) == (Status.NEW, "reporter", 2)


@pytest.mark.parametrize("worse", [{"authenticity": FORGED}, {"automatic": "list"}], ids=["forged", "automatic"])
@pytest.mark.parametrize("priority", ["low", "high"])
def test_a_better_copy_leaves_the_priority_that_an_officer_gave(
    world: World, worse: dict[str, Any], priority: str
) -> None:
    mail = world.mail("Ada kebakaran di RT 3.")
    number = world.arrive(replace(mail, **worse), "mail/1").case
    world.desk.correct(COORDINATOR, number, Correction(priority=Priority(priority)))
    assert world.arrive(mail, "mail/2").outcome is Outcome.DUPLICATE
    expected = "urgent" if (priority, "automatic" in worse) == ("low", True) else priority
    assert world.cases.case(number).priority == expected


@WORSE
def test_a_better_copy_leaves_what_an_officer_hid_from_the_public_hidden(world: World, worse: dict[str, Any]) -> None:
    world.policies.store({**POLICY, "open311": {"publish": ["email"]}}, 2)
    named = world.policies.current(fresh=True).published
    mail = world.mail("Suami tetangga memukul anaknya.")
    number = world.arrive(replace(mail, **worse), "mail/1").case
    world.desk.withhold(COORDINATOR, number, False, "korban dikenali dari tempatnya")
    assert world.arrive(mail, "mail/2").outcome is Outcome.DUPLICATE
    file = world.cases.file(number)
    assert "better_copy" in [entry.event for entry in file.history]
    assert shown(file.case, named) is Shown.NOTHING


def test_a_better_copy_of_a_case_that_was_decided_meanwhile_is_not_acknowledged(world: World) -> None:
    mail = world.mail()
    number = world.arrive(replace(mail, automatic="list"), "mail/1").case
    world.desk.verify(COORDINATOR, number, "reject", "Bukan kewenangan.")
    world.arrive(mail, "mail/2")
    world.pump()
    assert [one.subject.partition("] ")[2] for one in world.outbox("siti@warga.example")] == [
        "Laporan Anda tidak dapat kami proses"
    ]


def test_a_list_that_puts_its_name_before_the_subject_brings_a_copy_all_the_same(world: World) -> None:
    mail = world.mail("Jalan longsor di RT 7.", subject="Jalan longsor")
    number = world.arrive(replace(mail, automatic="list", subject="[warga] Jalan longsor"), "mail/1").case
    world.arrive(mail, "mail/2")
    world.pump()
    assert len(world.outbox("siti@warga.example")) == 1
    file = world.cases.file(number)
    assert (file.messages[0].subject, file.case.subject) == ("Jalan longsor", "Jalan longsor")


def test_a_copy_takes_the_place_of_its_own_message_alone(world: World) -> None:
    """The sender chooses the id."""
    number = world.new_case()
    to = {"recipients": (world.reply_address(number),), "external_id": "same@x.example"}
    world.arrive(world.mail("Satu.", authenticity=FORGED, **to), "mail/1")
    genuine = world.mail("Dua.", **to)
    world.arrive(genuine, "mail/2")
    world.arrive(genuine, "mail/3")
    assert [one.text for one in world.cases.file(number).messages[1:]] == ["Satu.", "Dua."]


def test_a_worse_copy_changes_nothing(world: World) -> None:
    mail = world.mail()
    number = world.arrive(mail, "mail/1").case
    before = world.cases.file(number)
    assert world.arrive(replace(mail, authenticity=FORGED), "mail/2").outcome is Outcome.DUPLICATE
    assert world.cases.file(number) == before


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


# -- failures found by other traces


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
