"""An officer's mail that misses the reply address of its letter: never the reporter's word, never a stranger's, and
never swallowed. And news of a stranger's message, which no reply may bring to the reporter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.application.receive import Result
from tanggap.application.threads import OF_NO_CASE
from tanggap.domain.case import Delivery, Message
from tanggap.domain.history import faults_in
from tanggap.domain.inbound import Authenticity
from tanggap.domain.letter_frame import OFFICE_REPLY
from tanggap.domain.officer_limits import STRANGERS
from tanggap.domain.permissions import Officer
from tanggap.domain.words import Outcome, Purpose, Reason, Role, Status
from tests.support.world import COORDINATOR, DOMAIN, FORGED, GENUINE, INTAKE, LIAISON, POLICY, World

PU, HEAD, ADM, KOOR = (
    "pu@kantor.example",
    "kepala-pu@kantor.example",
    "adm@kantor.example",
    "koordinator@kantor.example",
)
KADES, INSPECTORATE, SITI = "kades@kantor.example", "inspektorat@kabupaten.example", "siti@warga.example"
ANSWER = "Petugas kami menambal jalan di RT 3 hari Selasa."
UNSIGNED = Authenticity(spf="GRAY", dkim="GRAY", dmarc="GRAY", spam="PASS", virus="PASS")
NO_DMARC = Authenticity(spf="PASS", dkim="GRAY", dmarc="GRAY", spam="PASS", virus="PASS", same_domain=True)


def assigned(world: World) -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.pump()
    return number


def write(world: World, text: str = ANSWER, sender: str = PU, **more: Any) -> Result:
    result = world.arrive(world.mail(text, sender=sender, name="Budi", **{"subject": "Re: surat", **more}))
    world.pump()
    return result


def by_token(world: World, number: str) -> dict[str, Any]:
    return {"recipients": (world.reply_address(number),)}


def by_our_id(world: World, number: str) -> dict[str, Any]:
    """As a program does that completes our address by itself."""
    (letter,) = (d for d in world.cases.file(number).deliveries if d.address == PU)
    return {"references": (letter.external_id,)}


def by_number(world: World, number: str) -> dict[str, Any]:
    return {"subject": f"Re: [{number}] Disposisi"}


WAYS = [by_token, by_our_id, by_number]


def notes(world: World, number: str) -> list[Message]:
    return [one for one in world.cases.file(number).messages if one.direction == "note"]


def passed_on(world: World, number: str) -> list[str]:
    return [d.text for d in world.cases.file(number).deliveries if d.reporter and d.purpose in ("reply", "answer")]


def letters(world: World, since: int) -> list[tuple[str, str]]:
    """(purpose, to) of what was sent since then."""
    rows = {row.id: row for row in world.deliveries()}
    return [(str(rows[one.delivery].purpose), one.to_address) for one in world.post.sent[since:]]


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_that_missed_its_way_is_a_note_and_its_writer_is_told_how_to_do_it(world: World, way: Any) -> None:
    number = assigned(world)
    before, sent = world.cases.case(number), len(world.post.sent)
    result = write(world, **way(world, number))
    assert (result.outcome, result.reason, result.case) == (Outcome.FILED, Reason.OFFICE_NOTE, number)
    (note,) = notes(world, number)
    assert (note.actor, note.marks[-1], note.sender) == ("office:pu", "office_astray", "")
    assert [one.actor for one in world.cases.file(number).messages if one.direction == "in"] == ["reporter"]
    after = world.cases.case(number)
    assert (after.status, after.clocks, after.heard_others) == (before.status, before.clocks, before.heard_others)
    assert letters(world, sent) == [("office_noted", PU)]
    told = world.outbox(PU)[-1]
    assert "TIDAK diteruskan" in told.subject and "balas surel ini" in told.text

    token = world.tokens.of_office(number, PU, told.answer_until)
    again = write(world, recipients=(INTAKE.replace("@", f"+{token}@"),))
    assert again.reason is Reason.OFFICE_REPLY, "as that letter says"
    assert ANSWER in passed_on(world, number)[0]
    assert faults_in(number, world.cases.file(number).history) == ()
    assert "kantor.example" not in str([(e.data, e.actor) for e in world.cases.file(number).history])


def test_where_the_writer_is_the_only_desk_they_are_told_themselves(world: World) -> None:
    number = world.new_case()
    for facts, purpose in ((GENUINE, "office_noted"), (NO_DMARC, "office_noted"), (UNSIGNED, "office_unproved")):
        sent = len(world.post.sent)
        write(world, f"{ANSWER} {purpose} {facts.spf}", sender=KOOR, authenticity=facts, **by_token(world, number))
        assert letters(world, sent) == [(purpose, KOOR)]
    assert passed_on(world, number) == []


@pytest.mark.parametrize(("sender", "actor"), [(INSPECTORATE, "inspectorate"), (KADES, "leadership"), (ADM, "adm")])
def test_whom_the_case_is_not_is_told_and_their_words_are_shown_to_who_works_on_it(
    world: World, sender: str, actor: str
) -> None:
    number = assigned(world)
    sent = len(world.post.sent)
    write(world, "Mohon penjelasan tertulis sebelum Jumat.", sender=sender, **by_token(world, number))
    (note,) = notes(world, number)
    assert (note.actor, note.marks[-1]) == (f"office:{actor}", "office_not_theirs")
    assert letters(world, sent) == [("office_noted", sender), ("notice", PU), ("notice", KOOR)]
    assert sender in world.outbox(KOOR)[-1].text and "penjelasan tertulis" not in world.outbox(KOOR)[-1].text
    assert not any(one.answer_until for one in world.post.sent[sent:]), "no reply to these goes to the reporter"


@pytest.mark.parametrize("facts", [FORGED, UNSIGNED])
def test_who_only_shows_an_officers_address_is_not_answered_and_the_desk_is_told(
    world: World, facts: Authenticity
) -> None:
    number = assigned(world)
    sent = len(world.post.sent)
    for count in range(STRANGERS.hour + 3):
        write(world, f"{ANSWER} {count}", authenticity=facts, **by_token(world, number))
    assert letters(world, sent) == [("office_unproved", KOOR)] * STRANGERS.hour
    assert {one.actor for one in notes(world, number)} == {"other"}
    write(world, authenticity=facts, **by_number(world, number))
    assert len(notes(world, number)) == STRANGERS.hour + 3, "a number alone proves nothing"


def test_a_robot_of_an_office_is_filed_without_a_word(world: World) -> None:
    number = assigned(world)
    sent = len(world.post.sent)
    for way in WAYS:
        assert write(world, automatic="auto-submitted", **way(world, number)).reason is Reason.AUTOMATIC
    assert [one.marks[-1] for one in notes(world, number)] == ["office_automatic"] * 3
    assert len(world.post.sent) == sent


def test_an_officer_who_is_the_reporter_is_the_reporter(world: World) -> None:
    number = world.new_case(sender=PU, name="Budi")
    assert write(world, "Tambahan: lampunya juga mati.", **by_token(world, number)).reason is Reason.REPLY
    assert [one.actor for one in world.cases.file(number).messages] == ["reporter"] * 2
    fresh = write(world, "Pohon tumbang di depan balai desa.", subject="Pohon tumbang")
    assert fresh.reason is Reason.NEW_CASE


def test_the_same_mail_by_another_way_is_told_of_once(world: World) -> None:
    number = assigned(world)
    sent = len(world.post.sent)
    mail = world.mail(ANSWER, sender=PU, recipients=(world.reply_address(number),))
    world.arrive(replace(mail, authenticity=FORGED), key="mail/a")
    for key in ("mail/b", "mail/b", "mail/c"):
        assert world.arrive(mail, key=key).outcome is Outcome.DUPLICATE
    world.pump()
    (note,) = notes(world, number)
    assert note.marks[-1] == "office_unproved"
    assert letters(world, sent) == [("office_unproved", KOOR)]


def test_an_ended_case_is_not_brought_back_by_an_officer_and_says_so(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "reject", "Bukan kewenangan kami.")
    world.pump()
    write(world, sender=KOOR, **by_token(world, number))
    assert world.cases.case(number).status is Status.REJECTED
    assert notes(world, number)[-1].marks[-1] == "office_ended"
    assert "sudah berakhir" in world.outbox(KOOR)[-1].text


# -- a letter about several cases


def digest_of(world: World, purpose: Purpose, count: int = 2) -> tuple[Delivery, list[str]]:
    """Cases that fall due together, and the letter that says so."""
    cases = [assigned(world) for _ in range(count)]
    end = world.now + timedelta(days=45)
    while world.now < end:
        world.run_until(world.now + timedelta(hours=6), timedelta(hours=2))
        found = [row for row in world.deliveries() if row.purpose is purpose and row.sent_at]
        if found:
            return found[0], cases
    raise AssertionError("no such letter")


@pytest.mark.parametrize("purpose", [Purpose.ESCALATION_DIGEST, Purpose.HANDOVER_DIGEST])
def test_a_letter_about_several_cases_holds_the_token_of_none(purpose: Purpose) -> None:
    world = World()
    row, _ = digest_of(world, purpose)
    (letter,) = (one for one in world.post.sent if one.delivery == row.id)
    assert letter.of_several and letter.answer_until is None
    assert "pelapor pertama" not in letter.text and "tercatat pada laporan pertama" not in letter.text
    others = [one for one in world.post.sent if one.of_several]
    digests = {d.id for d in world.deliveries() if d.purpose in (Purpose.ESCALATION_DIGEST, Purpose.HANDOVER_DIGEST)}
    assert {one.delivery for one in others} == digests


TO_NONE = INTAKE.replace("@", f"+{OF_NO_CASE}@")


def answers_to(row: Delivery) -> list[dict[str, Any]]:
    """To its reply address, and as programs do that complete ours by themselves: by SES's id, or by our own."""
    return [
        {"recipients": (TO_NONE,)},
        {"references": (row.external_id,)},
        {"references": (f"{row.id}.{OF_NO_CASE}@{DOMAIN}",)},
    ]


def test_an_answer_to_it_reaches_no_case_and_its_writer_and_the_coordinator_are_told() -> None:
    world = World()
    row, cases = digest_of(world, Purpose.ESCALATION_DIGEST)
    files = [world.cases.file(number) for number in cases]
    for count, way in enumerate(answers_to(row)):
        sent = len(world.post.sent)
        result = write(world, f"Semua sudah kami kerjakan, nomor {count}.", sender=row.address, **way)
        assert (result.outcome, result.reason, result.case) == (Outcome.PARKED, Reason.NO_CASE, "")
        assert letters(world, sent) == [("office_noted", row.address), ("notice", KOOR)]
        assert "TIDAK" in world.post.sent[sent].subject and "beberapa laporan" in world.post.sent[sent].text
        assert f"mail/{world.made}-" in world.post.sent[-1].text, "which arrival it is"
    assert [world.cases.file(number).messages for number in cases] == [file.messages for file in files]


def test_one_number_in_it_names_its_case(world: World) -> None:
    number, other = assigned(world), assigned(world)
    text = f"Laporan {number} sudah selesai kemarin."
    assert write(world, text, recipients=(TO_NONE,)).case == number
    assert notes(world, number)[-1].marks[-1] == "office_astray"
    assert write(world, f"{number} dan {other} sudah selesai.", recipients=(TO_NONE,)).reason is Reason.NO_CASE
    assert write(world, "Sudah.", subject=f"Re: {other}", recipients=(TO_NONE,)).case == other


def test_the_coordinators_own_answer_is_told_to_them_alone_and_a_robots_to_nobody(world: World) -> None:
    world.new_case()
    sent = len(world.post.sent)
    write(world, sender=KOOR, recipients=(TO_NONE,))
    assert letters(world, sent) == [("office_noted", KOOR)]
    machine = write(world, automatic="auto-submitted", recipients=(TO_NONE,))
    assert (machine.outcome, machine.reason) == (Outcome.STATUS, Reason.AUTOMATIC)
    write(world, authenticity=FORGED, recipients=(TO_NONE,))
    write(world, sender=KOOR, authenticity=FORGED, recipients=(TO_NONE,))
    assert letters(world, sent + 1) == [("notice", KOOR)] * 2, "who only shows an address is not answered"


def test_a_machine_that_answers_our_word_of_it_stops_and_everything_is_kept(world: World) -> None:
    sent = len(world.post.sent)
    results = [write(world, f"Tiket nomor {count} dibuat.", recipients=(TO_NONE,)) for count in range(12)]
    assert {one.outcome for one in results} == {Outcome.PARKED}
    assert letters(world, sent).count(("office_noted", PU)) == STRANGERS.hour
    twice = world.mail("Satu lagi.", sender=HEAD, recipients=(TO_NONE,))
    for key in ("mail/x", "mail/y"):
        assert world.arrive(twice, key=key).outcome is Outcome.PARKED
    world.pump()
    assert letters(world, sent).count(("office_noted", HEAD)) == 1


def test_a_replay_lets_it_in_as_a_report_and_a_citizens_answer_is_one_at_once(world: World) -> None:
    mail = world.mail("Semua sudah kami kerjakan.", sender=PU, recipients=(TO_NONE,))
    assert world.arrive(mail, key="mail/a").reason is Reason.NO_CASE
    assert world.arrive(mail, key="mail/a", replay=True).reason is Reason.NEW_CASE
    assert write(world, "Lampu mati.", sender=SITI, recipients=(TO_NONE,)).reason is Reason.NEW_CASE


# -- news of somebody who is not the reporter


def test_news_of_a_strangers_message_says_so_and_no_reply_to_it_goes_to_the_reporter(world: World) -> None:
    number = assigned(world)
    write(world, "Saya tetangganya, jalan itu memang rusak.", sender="eko@lain.example", **by_token(world, number))
    letter = world.outbox(PU)[-1]
    assert "pihak lain" in letter.subject and "bukan dari pelapor" in letter.text
    assert letter.answer_until is None and OFFICE_REPLY not in letter.text
    write(world, "Terima kasih, Pak Eko, sudah kami catat untuk besok.", **by_token(world, number))
    assert passed_on(world, number) == []
    assert "TIDAK" in world.outbox(PU)[-1].subject

    write(world, "Ada tambahan: lubangnya dua.", sender=SITI, **by_token(world, number))
    letter = world.outbox(PU)[-1]
    assert "dari pelapor" in letter.subject and "dari pelapor" in letter.text and OFFICE_REPLY in letter.text


# -- more time


def test_who_asked_for_more_time_reads_that_it_was_granted(world: World) -> None:
    terms = {"resolve": {"complaint": {"amount": 14, "unit": "working_days", "extension": 7, "source": "Uji"}}}
    world.policies.store({**POLICY, "clocks": terms}, 2)
    world.later(minutes=2)
    world.policies.current(fresh=True)
    number = assigned(world)
    world.desk.ask_extension(LIAISON, number, "resolve", "", "Menunggu alat berat.")
    (asked,) = world.cases.case(number).extensions
    world.pump()
    sent = len(world.post.sent)
    world.desk.decide_extension(Officer("koor2", Role.COORDINATOR), number, asked.id, "grant", "Alat datang Senin.")
    world.pump()
    assert sorted(letters(world, sent)) == [("new_date", SITI), ("notice", PU)]
    told = world.outbox(PU)[-1]
    assert "disetujui" in told.subject and "Alat datang Senin." in told.text and "tenggat baru" in told.text
