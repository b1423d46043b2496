"""Officers by mail: what a reply to a letter does, row by row, and that nothing less than an officer's proved answer
ever reaches the reporter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.application.ports import Envelope
from tanggap.application.receive import Result
from tanggap.domain import officer_mail
from tanggap.domain.case import Message
from tanggap.domain.clocks import ClockName, ClockState
from tanggap.domain.history import faults_in
from tanggap.domain.inbound import Authenticity, File
from tanggap.domain.letter_frame import MARKER, OFFICE_REPLY
from tanggap.domain.office_tokens import REPLY_DAYS
from tanggap.domain.officer_limits import OFFICES, STRANGERS
from tanggap.domain.words import Confidentiality, Outcome, Purpose, Reason, Status
from tests.support.world import COORDINATOR, FORGED, GENUINE, INTAKE, POLICY, START, World

PU, HEAD, ADM, KOOR = (
    "pu@kantor.example",
    "kepala-pu@kantor.example",
    "adm@kantor.example",
    "koordinator@kantor.example",
)
SITI = "siti@warga.example"
ANSWER = "Petugas kami menambal jalan di RT 3 hari Selasa."
NO_DMARC = Authenticity(spf="PASS", dkim="GRAY", dmarc="GRAY", spam="PASS", virus="PASS", same_domain=True)
UNSIGNED = Authenticity(spf="GRAY", dkim="GRAY", dmarc="GRAY", spam="PASS", virus="PASS")
LOOSE = Authenticity(spf="FAIL", dkim="FAIL", dmarc="FAIL", policy="none", spam="PASS", virus="PASS")


def assigned(world: World, note: str = "") -> tuple[str, Envelope]:
    """(case number, the letter to the unit's liaison)."""
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, note)
    world.pump()
    return number, world.outbox(PU)[-1]


def reply_address(world: World, letter: Envelope) -> str:
    assert letter.answer_until, "this letter may not be answered"
    token = world.tokens.of_office(letter.case, letter.to_address, letter.answer_until)
    return INTAKE.replace("@", f"+{token}@")


def reply(world: World, letter: Envelope, text: str = ANSWER, **more: Any) -> Result:
    address = reply_address(world, letter)
    values = {"sender": PU, "name": "Budi PU", "recipients": (address,), "subject": f"Re: {letter.subject}", **more}
    result = world.arrive(world.mail(text, **values))
    world.pump()
    return result


def notes(world: World, number: str) -> list[Message]:
    return [one for one in world.cases.file(number).messages if one.direction == "note"]


def to_reporter(world: World, number: str) -> list[str]:
    """What an officer's words made us write to the reporter."""
    return [d.text for d in world.cases.file(number).deliveries if d.reporter and d.purpose in ("reply", "answer")]


def test_an_officers_reply_goes_to_the_reporter_and_what_was_understood_is_confirmed(world: World) -> None:
    number, letter = assigned(world)
    before = len(world.outbox(SITI))
    full = f"{ANSWER}\n\n--\nBudi, Dinas PU\n\n> Laporan {number}"
    photo = File("foto.jpg", "image/jpeg", 3, "d1", b"abc")
    script = File("jalan.html", "text/html", 3, "d2", b"<p>")
    result = reply(world, letter, full_text=full, files=(photo, script), left_out=("besar.mp4",), left_out_count=1)

    assert (result.outcome, result.reason, result.case) == (Outcome.FILED, Reason.OFFICE_REPLY, number)
    (mail,) = world.outbox(SITI)[before:]
    assert ANSWER in mail.text and "Budi" not in mail.text and "> Laporan" not in mail.text
    assert (mail.automatic, [file.name for file in mail.files]) == (False, ["foto.jpg"])
    assert mail.in_reply_to == world.cases.file(number).thread[-1]

    told = world.outbox(PU)[-1]
    assert number in told.subject and f"| {ANSWER}" in told.text and "foto.jpg" in told.text
    assert "jalan.html, besar.mp4" in told.text and "3 baris" in told.text and "Budi, Dinas PU" in told.text
    assert told.answer_until, "the officer can correct it by another reply"

    file = world.cases.file(number)
    assert file.case.status is Status.IN_PROGRESS
    met = {clock.name for clock in file.case.clocks if clock.state is ClockState.MET}
    assert {ClockName.FIRST_RESPONSE, ClockName.FOLLOW_UP} <= met
    assert ClockName.RESOLVE not in met, "an answer by mail is never the last one"
    (note,) = notes(world, number)
    assert (note.actor, note.marks, note.sender) == ("office:pu", ("office_mail", "office_answer"), "")
    assert note.full_text == full and len(note.files) == 2 and note.authenticity == "verified"
    assert faults_in(number, file.history) == ()
    assert "kantor.example" not in str([(e.data, e.actor) for e in file.history])
    assert [e.actor for e in file.history if e.event in ("replied", "office_mail")] == ["office:pu"] * 2


def test_a_letter_that_may_be_answered_says_so_below_its_marker_and_others_do_not() -> None:
    world = World()
    number, letter = assigned(world)
    assert letter.text.startswith(f"{MARKER}\n\n{OFFICE_REPLY}\n")
    assert letter.answer_until == world.policies.current().calendar.local(world.now).date() + timedelta(days=REPLY_DAYS)
    assert reply_address(world, letter) != world.reply_address(number)
    world.arrive(world.mail("Belum ada yang datang.", recipients=(world.reply_address(number),)))
    world.pump()
    assert world.outbox(PU)[-1].answer_until, "news of the reporter's message"
    world.run_until(world.now + timedelta(days=45), timedelta(hours=6))
    letters = [one for one in world.post.sent if one.to_address.endswith(("kantor.example", "kabupaten.example"))]
    may = {one.to_address for one in letters if one.answer_until}
    assert may <= {PU, HEAD, KOOR} and {PU, HEAD} <= may, may
    others = [one for one in letters if one.to_address in ("kades@kantor.example", "inspektorat@kabupaten.example")]
    assert others and not any(one.answer_until or OFFICE_REPLY in one.text for one in others)
    assert not any(one.answer_until for one in world.outbox(SITI))


def test_no_word_of_a_mail_is_a_command(world: World) -> None:
    number, letter = assigned(world)
    assert reply(world, letter, f"SELESAI\n{ANSWER}").reason is Reason.OFFICE_REPLY
    assert world.cases.case(number).status is Status.IN_PROGRESS
    assert f"SELESAI\n{ANSWER}" in to_reporter(world, number)[0]


@pytest.mark.parametrize(
    ("who", "actor"), [(HEAD, "office:pu"), (KOOR, "office:coordinator"), ("wakil-pu@kantor.example", "office:pu")]
)
def test_head_deputy_and_coordinator_may_answer_too(who: str, actor: str) -> None:
    unit = {**POLICY["units"][0], "deputies": ["wakil-pu@kantor.example"]}
    world = World(policy={**POLICY, "units": [unit, POLICY["units"][1]]})
    number, letter = assigned(world)
    assert reply(world, replace(letter, to_address=who), sender=who).reason is Reason.OFFICE_REPLY
    assert notes(world, number)[0].actor == actor
    follow_up = next(one for one in world.cases.case(number).clocks if one.name == ClockName.FOLLOW_UP)
    assert follow_up.state is (ClockState.MET if actor == "office:pu" else ClockState.RUNNING), "no unit's own word"


def assigned_to(world: World, address: str) -> tuple[str, Envelope]:
    """The same, where the unit's letter goes to somebody else."""
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.pump()
    letters = world.outbox(address) or [replace(world.outbox(PU)[-1], to_address=address)]
    return number, letters[-1]


def test_who_stands_in_for_somebody_away_may_answer_on_those_days_only() -> None:
    away = {"address": PU, "deputy": "piket@kantor.example", "from": "2026-11-23", "until": "2026-11-27"}
    world = World(policy={**POLICY, "absences": [away]})
    number, letter = assigned_to(world, "piket@kantor.example")
    assert reply(world, letter, sender="piket@kantor.example").reason is Reason.OFFICE_REPLY
    world.later(days=7)
    assert reply(world, letter, "Aspal sudah kering dan jalan dibuka.", sender="piket@kantor.example").reason is (
        Reason.OFFICE_NOTE
    )
    assert notes(world, number)[-1].marks[-1] == "office_off_case"


# -- anything less is a note, and said


Letters = tuple[str, list[str]]  # their purpose, and to whom
SENDER: Letters = ("office_noted", [PU])
DESK: Letters = ("office_unproved", [PU, KOOR])
NOBODY: Letters = ("", [])
ROWS: list[tuple[str, dict[str, Any], Letters]] = [
    ("automatic", {"automatic": "auto-submitted"}, NOBODY),
    ("automatic", {"automatic": "text", "authenticity": FORGED}, NOBODY),
    ("automatic", {"automatic": "text", "sender": "eko@lain.example"}, NOBODY),
    ("another_sender", {"sender": "eko@lain.example"}, DESK),
    ("another_sender", {"sender": ADM}, DESK),
    ("another_sender", {"sender": "pu@kantor.example.lain.example"}, DESK),
    ("another_sender", {"sender": "pu+x@kantor.example"}, DESK),
    ("another_sender", {"sender": ""}, DESK),
    ("another_sender", {"sender": KOOR}, ("office_unproved", [PU])),
    ("no_dmarc", {"authenticity": NO_DMARC}, SENDER),
    ("unproved", {"authenticity": FORGED}, ("office_unproved", [KOOR])),
    ("unproved", {"authenticity": LOOSE}, ("office_unproved", [KOOR])),
    ("unproved", {"authenticity": UNSIGNED}, ("office_unproved", [KOOR])),
    (
        "unproved",
        {"authenticity": replace(GENUINE, dmarc="PROCESSING_FAILED", spf="GRAY")},
        ("office_unproved", [KOOR]),
    ),
    ("unclear", {"doubts": ("read_in_part",)}, SENDER),
    ("unclear", {"doubts": ("encrypted",)}, SENDER),
    ("empty", {"text": "  \n"}, SENDER),
    ("empty", {"text": "", "files": (File("foto.jpg", "image/jpeg", 3, "d1", b"abc"),)}, SENDER),
    ("quoted", {"text": f"{ANSWER}\n\n> Yth. PU"}, SENDER),
    ("quoted", {"text": f"{ANSWER}\n\nJangan sebut nama pemborong kepada pelapor."}, SENDER),
    ("says_little", {"text": "Siap pak, terima kasih."}, SENDER),
    ("says_little", {"text": "SELESAI"}, SENDER),
    ("command", {"text": "#close\nstatus: closed\nprioritas = tinggi"}, SENDER),
    ("says_little", {"text": "Surel Anda telah dibaca pada 24 November 2026 pukul 08.12."}, SENDER),
    ("to_a_colleague", {"text": "Pak Budi, tolong ditindaklanjuti, pelapornya cerewet ini."}, SENDER),
    ("too_long", {"text": "Jalan sudah kami tambal. " * 2_001}, SENDER),
]


@pytest.mark.parametrize(("row", "more", "told"), ROWS, ids=[f"{index}-{row[0]}" for index, row in enumerate(ROWS)])
def test_anything_less_is_filed_as_a_note_and_said(world: World, row: str, more: dict[str, Any], told: Letters) -> None:
    number, letter = assigned(world, "Jangan sebut nama pemborong kepada pelapor.")
    case, sent = world.cases.case(number), len(world.post.sent)
    more = {**more}
    result = reply(world, letter, more.pop("text", ANSWER), **more)
    assert (result.outcome, result.case) == (Outcome.FILED, number)
    assert result.reason is (Reason.AUTOMATIC if row == "automatic" else Reason.OFFICE_NOTE)
    assert to_reporter(world, number) == []
    (note,) = notes(world, number)
    assert note.marks[-2:] == ("office_mail", f"office_{row}")
    assert [file.name for file in note.files] == [file.name for file in more.get("files", ())]
    after = world.cases.case(number)
    assert (after.status, after.clocks, after.heard, after.heard_others) == (
        case.status,
        case.clocks,
        case.heard,
        case.heard_others,
    )
    purpose, whom = told
    letters = world.post.sent[sent:]
    assert sorted(one.to_address for one in letters) == sorted(whom)
    assert {row.purpose for row in world.deliveries() if row.id in {one.delivery for one in letters}} == (
        {purpose} if purpose else set()
    )
    assert not any(ANSWER in one.text for one in letters)
    assert faults_in(number, world.cases.file(number).history) == ()


def test_every_row_of_the_table_that_tells_somebody_says_why_in_both_languages() -> None:
    for question in officer_mail.QUESTIONS[:-1]:
        assert bool(all(question.why)) == (question.told is not officer_mail.Told.NOBODY), question.name
        assert question.reason is not Reason.OFFICE_REPLY
    assert {f"office_{row}" for row, _, _ in ROWS} < officer_mail.MARKS


def test_a_letter_is_good_to_the_end_of_its_last_day_in_the_agencys_time_and_no_longer(world: World) -> None:
    number, letter = assigned(world)
    world.later(days=REPLY_DAYS)
    world.now = world.now.replace(hour=16, minute=59)  # 23:59 in Jakarta
    assert reply(world, letter).reason is Reason.OFFICE_REPLY
    world.later(minutes=1)
    assert reply(world, letter, "Marka jalan menyusul hari Kamis.").reason is Reason.OFFICE_NOTE
    assert notes(world, number)[-1].marks[-1] == "office_expired"
    told = world.outbox(PU)[-1]
    assert "30 hari" in told.text
    assert reply(world, told, "Marka jalan menyusul hari Kamis.").reason is Reason.OFFICE_REPLY, "as that letter says"


def test_a_mail_that_lay_in_a_queue_is_judged_by_the_day_it_came(world: World) -> None:
    _, letter = assigned(world)
    mail = world.mail(ANSWER, sender=PU, recipients=(reply_address(world, letter),))
    world.later(days=REPLY_DAYS + 5)
    assert world.arrive(mail).reason is Reason.OFFICE_REPLY


def test_a_unit_that_lost_the_case_and_a_person_who_left_speak_no_more(world: World) -> None:
    number, letter = assigned(world)
    world.desk.assign(COORDINATOR, number, "adm", None, "")
    world.pump()
    assert reply(world, letter).reason is Reason.OFFICE_NOTE
    assert notes(world, number)[-1].marks[-1] == "office_off_case"
    told = world.outbox(PU)[-1]
    assert "TIDAK diteruskan" in told.subject and told.answer_until is None

    adm = world.outbox(ADM)[-1]
    unit = {**POLICY["units"][1], "liaisons": ["baru@kantor.example"]}
    world.policies.store({**POLICY, "units": [POLICY["units"][0], unit]}, 2)
    world.later(minutes=5)
    world.policies.current(fresh=True)
    assert reply(world, adm, sender=ADM).reason is Reason.OFFICE_NOTE
    assert reply(world, adm, sender="eko@lain.example").reason is Reason.OFFICE_NOTE, "known by our letters on the case"
    assert [note.marks[-1] for note in notes(world, number)[-2:]] == ["office_off_case", "office_another_sender"]
    assert to_reporter(world, number) == []


def test_a_case_that_ended_is_not_answered_and_not_reopened() -> None:
    world = World()
    number, letter = assigned(world)
    world.desk.reply(COORDINATOR, number, "Sudah selesai ditambal.", (), True)
    world.run_until(world.now + timedelta(days=25), timedelta(hours=12))
    assert world.cases.case(number).status is Status.CLOSED
    assert reply(world, letter).reason is Reason.OFFICE_NOTE
    assert (world.cases.case(number).status, notes(world, number)[-1].marks[-1]) == (Status.CLOSED, "office_ended")
    assert world.outbox(PU)[-1].answer_until is None


# -- once, and no loops


def test_the_same_mail_twice_by_whatever_way_is_one_answer_and_one_confirmation(world: World) -> None:
    number, letter = assigned(world)
    sent = len(world.outbox(PU))
    mail = world.mail(ANSWER, sender=PU, recipients=(reply_address(world, letter),))
    first = world.arrive(mail, key="mail/a")
    assert world.arrive(mail, key="mail/a") == first, "the same arrival"
    again = world.arrive(replace(mail, recipients=(INTAKE,), addressed=mail.recipients), key="mail/b")
    assert (again.outcome, again.case) == (Outcome.DUPLICATE, number)
    world.pump()
    assert (len(to_reporter(world, number)), len(world.outbox(PU)) - sent, len(notes(world, number))) == (1, 1, 1)


def test_the_straight_copy_of_a_mail_whose_proof_broke_on_the_way_is_passed_on_once(world: World) -> None:
    number, letter = assigned(world)
    mail = world.mail(ANSWER, sender=PU, recipients=(reply_address(world, letter),))
    assert world.arrive(replace(mail, authenticity=FORGED), key="mail/a").reason is Reason.OFFICE_NOTE
    for key in ("mail/b", "mail/c"):
        again = world.arrive(mail, key=key)
        assert (again.outcome, again.case) == (Outcome.DUPLICATE, number)
    world.pump()
    assert len(to_reporter(world, number)) == 1
    (note,) = notes(world, number)
    assert (note.marks[-1], note.authenticity, note.actor) == ("office_answer", "verified", "office:pu")


def test_a_captured_mail_under_a_new_envelope_reaches_nobody(world: World) -> None:
    number, letter = assigned(world)
    mail = world.mail(ANSWER, sender=PU, recipients=(reply_address(world, letter),))
    world.arrive(mail)
    other, second = assigned(world)
    world.pump()
    for key, changed in (
        ("mail/x", replace(mail, authenticity=LOOSE)),
        ("mail/y", replace(mail, recipients=(reply_address(world, second),), addressed=mail.recipients)),
        ("mail/z", replace(mail, recipients=(reply_address(world, second),), digest="new")),
    ):
        world.arrive(changed, key=key)
    world.pump()
    assert len(to_reporter(world, number)) == 1
    # The last one is the officer's own mail for all that anybody can tell, but to an address that they were given too.
    assert len(to_reporter(world, other)) == 1


def test_a_mailbox_that_answers_by_itself_without_saying_so_stops() -> None:
    world = World()
    number, letter = assigned(world)
    for count in range(20):
        reply(world, letter, f"Kotak surat ini dijaga bergantian oleh petugas nomor {count}.")
        letter = next(one for one in reversed(world.outbox(PU)) if one.answer_until)
        world.later(seconds=5)
    assert len(to_reporter(world, number)) == OFFICES.hour
    assert len(notes(world, number)) == 20, "each is kept"
    told = [d for d in world.deliveries() if d.purpose in ("office_sent", "office_noted", "notice")]
    assert [d.address for d in told] == [PU] * (OFFICES.hour + 1) + [KOOR], "and both heard once that it stops"
    assert all("diteruskan lagi mulai Senin, 23 November 2026 pukul 11.01 WIB" in d.text for d in told[-2:])
    world.now = START + timedelta(hours=1, minutes=1)
    assert reply(world, letter, "Aspal sudah kering dan jalan dibuka.").reason is Reason.OFFICE_REPLY


def test_the_same_words_again_are_not_said_to_the_reporter_twice(world: World) -> None:
    number, letter = assigned(world)
    reply(world, letter, "Kami sedang bertugas di lapangan dan segera kembali.")
    assert reply(world, letter, "Kami sedang bertugas di lapangan  dan segera\nkembali.").reason is Reason.OFFICE_NOTE
    assert (len(to_reporter(world, number)), notes(world, number)[-1].marks[-1]) == (1, "office_repeated")


def test_a_stranger_who_writes_all_day_neither_rings_for_ever_nor_silences_the_officer() -> None:
    world = World()
    number, letter = assigned(world)
    for count in range(15):
        reply(world, letter, f"Beli obat murah nomor {count} di sini.", sender="eko@lain.example")
    rung = [d for d in world.deliveries() if d.purpose == "office_unproved" and d.address == KOOR]
    assert len(rung) == STRANGERS.hour
    assert len(notes(world, number)) == 15
    assert reply(world, letter).reason is Reason.OFFICE_REPLY


# -- whom it must never serve


def test_a_citizen_to_whom_the_letter_was_passed_on_answers_as_the_citizen(world: World) -> None:
    number, letter = assigned(world)
    result = reply(world, letter, "Sampai hari ini belum ada yang datang.", sender=SITI)
    assert (result.case, result.reason) == (number, Reason.REPLY)
    message = world.cases.file(number).messages[-1]
    assert (message.direction, message.actor, message.marks) == ("in", "reporter", ())
    assert to_reporter(world, number) == []
    forged = reply(world, letter, "Cabut laporan saya sekarang juga.", sender=SITI, authenticity=FORGED)
    assert forged.case == number
    assert world.cases.file(number).messages[-1].actor == "other"
    assert world.outbox("eko@lain.example") == []


def test_a_strangers_name_goes_to_the_vault_and_nobody_writes_back(world: World) -> None:
    number, letter = assigned(world)
    reply(world, letter, sender="eko@lain.example", name="Eko")
    (note,) = notes(world, number)
    assert note.actor == "other" and world.vault.open(note.sender).address == "eko@lain.example"
    assert world.outbox("eko@lain.example") == []
    history = str([(e.data, e.actor) for e in world.cases.file(number).history])
    assert "eko" not in history.lower()


def test_who_answers_all_and_so_the_citizens_address_too_answers_once(world: World) -> None:
    number, letter = assigned(world)
    both = (reply_address(world, letter), world.reply_address(number))
    mail = world.mail(ANSWER, sender=PU, recipients=both[:1], addressed=both)
    assert world.arrive(replace(mail, recipients=both[1:]), key="mail/a").reason is Reason.OFFICE_REPLY
    assert world.arrive(mail, key="mail/b").outcome is Outcome.DUPLICATE
    world.pump()
    assert len(to_reporter(world, number)) == 1
    assert [one.actor for one in world.cases.file(number).messages if one.direction == "in"] == ["reporter"]


def test_reply_addresses_of_two_cases_in_one_mail_reach_neither_reporter(world: World) -> None:
    number, letter = assigned(world)
    other, second = assigned(world)
    for both in (
        (reply_address(world, letter), reply_address(world, second)),
        (reply_address(world, letter), world.reply_address(other)),
    ):
        result = reply(world, letter, recipients=both)
        assert (result.reason, notes(world, result.case)[-1].marks[-1]) == (Reason.OFFICE_NOTE, "office_several_cases")
    assert to_reporter(world, number) == to_reporter(world, other) == []
    assert reply(world, letter, recipients=(reply_address(world, letter),) * 2).reason is Reason.OFFICE_REPLY


def test_a_forged_token_is_none(world: World) -> None:
    number, letter = assigned(world)
    address = reply_address(world, letter)
    token = address.partition("+")[2].partition("@")[0]
    forged = address.replace(token, token[:-1] + ("a" if token[-1] != "a" else "b"))
    result = world.arrive(world.mail(ANSWER, sender=PU, recipients=(forged,), subject="Re: Disposisi"))
    assert (result.reason, result.case != number) == (Reason.NEW_CASE, True)
    assert notes(world, number) == []


@pytest.mark.parametrize("level", [Confidentiality.ANONYMOUS, Confidentiality.SECRET])
def test_of_a_protected_case_no_content_goes_by_mail(level: Confidentiality) -> None:
    world = World()
    number, letter = assigned(world)
    world.cases.cases[number] = replace(world.cases.case(number), confidentiality=level)
    photo = File("rumah-pelapor.jpg", "image/jpeg", 3, "d1", b"abc")
    result = reply(world, letter, full_text=f"{ANSWER}\n\n--\nBudi Rahasia", files=(photo,))
    assert result.reason is Reason.OFFICE_REPLY
    assert ANSWER in to_reporter(world, number)[0]
    told = world.outbox(PU)[-1].text
    assert number in told and "9 kata" in told and "1 berkas" in told
    assert not any(word in told for word in (ANSWER, "RT 3", "rumah-pelapor", "Budi Rahasia"))


def test_line_breaks_and_header_lines_in_a_text_stay_text(world: World) -> None:
    number, letter = assigned(world)
    text = f"{ANSWER}\r\nBcc: korban@lain.example\r\n\r\nSubject: lain\u2028X-A: b\x00\x1b[31m $number ${{agency}}"
    reply(world, letter, text, subject="Re: x\r\nBcc: korban@lain.example", name="Budi\r\nBcc: a@b.example")
    (said,) = to_reporter(world, number)
    assert "Bcc: korban@lain.example" in said and "\r" not in said and "\x00" not in said and "\x1b" not in said
    assert "$number ${agency}" in said, "an officer's words are no template"
    assert {one.to_address for one in world.post.sent} <= {SITI, PU, HEAD, KOOR}


def test_the_purposes_of_these_letters_wake_at_once(world: World) -> None:
    world.later(hours=15)  # one o'clock at night
    number, letter = assigned(world)
    reply(world, letter)
    assert [d.purpose for d in world.cases.file(number).deliveries if d.purpose == Purpose.OFFICE_SENT and d.sent_at]
