"""What a reporter says when a matter is not settled, and what is only a question or thanks."""

from __future__ import annotations

import pytest

from tanggap.domain import citizens
from tanggap.domain.citizens import Addition
from tanggap.domain.unsettled import says_unsettled
from tanggap.domain.words import Purpose, Status
from tests.unit.test_life import said
from tests.unit.test_officers import AT, IDS, POLICY_1, WAYS, assign, done, opened, reply, verify


@pytest.mark.parametrize(
    "text",
    [
        "Belum selesai Pak, lubangnya masih ada.",
        "blm beres",
        "Sampai hari ini belum juga ada yang diperbaiki",
        "Jalannya masih rusak.",
        "Saya tidak puas dengan jawaban ini.",
        "Jawabannya tidak sesuai kenyataan",
        "Kecewa sekali.",
        "Tidak ada tindakan sama sekali!",
        "Lampunya mati lagi",
        "Cuma janji.",
        "Dereng rampung, Pak.",
        "durung didandani",
        "Teu acan beres",
        "This is still not fixed",
        "It isn't resolved.",
        "Terima kasih, tapi belum ditangani",
    ],
)
def test_what_says_that_it_is_not_settled(text: str) -> None:
    assert says_unsettled(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Terima kasih, sudah selesai.",
        "Sudah diperbaiki, matur nuwun.",
        "Kapan petugas datang?",
        "Ini nomor rumah saya: 12.",
        "Belum. Besok saya kirim fotonya setelah selesai kerja.",
        "Saya tidak kecewa.",
        "Apakah sudah dikerjakan?",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not says_unsettled(text)


def letters(text: str, status: Status, quiet: bool = False) -> list[tuple[str, str]]:
    case = (
        done(reply(done(assign(done(verify(opened())))), final=True)) if status is Status.ANSWERED else WAYS[status]()
    )
    draft = citizens.add_message(
        case, Addition(message=said(case, text), proof="token", quiet=quiet), AT, POLICY_1, IDS
    )
    return [(one.purpose, one.address) for one in draft.change().deliveries]


def test_the_lead_units_desk_and_head_are_told_that_the_answer_did_not_settle_it() -> None:
    told = letters("Belum selesai!", Status.ANSWERED)
    assert told == [(Purpose.DISSATISFIED, "pu@kantor.example"), (Purpose.DISSATISFIED, "kepala-pu@kantor.example")]
    assert letters("Belum selesai!", Status.ANSWERED, quiet=True) == told, (
        "an officer's answer lies between two of these"
    )


def test_a_plain_question_reopens_without_that() -> None:
    assert letters("Kapan dicat?", Status.ANSWERED) == [(Purpose.NEW_MESSAGE, "pu@kantor.example")]


def test_on_a_case_that_is_worked_on_these_words_are_a_message_like_any_other() -> None:
    assert letters("Belum selesai!", Status.FORWARDED) == [(Purpose.NEW_MESSAGE, "pu@kantor.example")]


def test_thanks_close_no_answered_case() -> None:
    case = WAYS[Status.ANSWERED]()
    addition = Addition(message=said(case, "Terima kasih banyak."), proof="token", thanks=True)
    after = done(citizens.add_message(case, addition, AT, POLICY_1, IDS))
    assert (after.status, after.clocks) == (case.status, case.clocks)


def test_a_wrapped_line_goes_on_and_a_short_one_ends() -> None:
    assert says_unsettled("Tadi malam tiga lampu menyala, yang di dekat jembatan masih\nmati. Tiangnya miring.")
    assert not says_unsettled("Keluhan saya masih\nmati lampu di jalan lain sudah terang.")
