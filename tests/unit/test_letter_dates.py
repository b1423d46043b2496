"""What letters say of deadlines: until when, how that was counted, what silence does; and what they say where there is
no date."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.domain import extensions, letters, officers
from tanggap.domain.advance import advance
from tanggap.domain.case import Case, Delivery, Message
from tanggap.domain.citizens import Addition, Opening, add_message, open_case
from tanggap.domain.clocks import ClockName
from tanggap.domain.draft import Draft
from tanggap.domain.letter_dates import until
from tanggap.domain.letter_facts import facts_for_reporter
from tanggap.domain.letter_form import LANGUAGES, Wording
from tanggap.domain.letters import LETTERS
from tanggap.domain.officers import Correction
from tanggap.domain.policy import Policy, read_policy
from tanggap.domain.promises import PUBLIC_INFORMATION
from tanggap.domain.words import Channel, Kind, Purpose, Status
from tests.support.world import COORDINATOR, LIAISON, POLICY
from tests.unit.test_officers import AT, IDS, POLICY_1, assign, done, opened, verify

#: Nothing is promised to anybody.
NO_TERMS = {name: {"*": None} for name in ClockName}
DATED = [purpose for purpose, letter in LETTERS.items() if "$next_step" in letter.id + letter.en]


def policy_with(**clocks: Any) -> Policy:
    return read_policy({**POLICY, "clocks": clocks}, 1)


def letter(draft: Draft, purpose: Purpose) -> Delivery:
    return next(one for one in draft.change().deliveries if one.purpose is purpose)


def report(policy: Policy = POLICY_1) -> Draft:
    message = Message(id="m", case="TGP-1", direction="in", channel=Channel.EMAIL, at=AT, text="Rusak.")
    return open_case(Opening(number="TGP-1", message=message, reporter="r", answer=True), AT, "reporter", policy, IDS)


def asked(policy: Policy = POLICY_1) -> Draft:
    return officers.verify(opened(), COORDINATOR, "incomplete", "Di RT berapa?", (), AT, policy, IDS)


def silent() -> Draft:
    """Ten working days after a question that nobody answered."""
    return advance(done(asked()), AT + timedelta(days=20), POLICY_1, IDS)


# -- how a date was counted --------------------------------------------------------------------------------------------


def test_an_acknowledgement_says_how_its_date_was_counted() -> None:
    text = letter(report(), Purpose.ACKNOWLEDGEMENT).text
    assert (
        "paling lambat Kamis, 26 November 2026 pukul 16.00 WIB (dihitung 3 hari kerja, tanpa Sabtu, Minggu dan hari "
        "libur)\n" in text
    )
    assert "by 26 November 2026, 16:00 (UTC+7) (3 working days, without Saturday, Sunday and public holidays)." in text


@pytest.mark.parametrize(
    ("term", "weekdays", "said"),
    [
        (
            {"amount": 3, "unit": "working_days"},
            [1, 2, 3, 4, 5, 6],
            "dihitung 3 hari kerja, tanpa Minggu dan hari libur",
        ),
        ({"amount": 3, "unit": "working_days"}, [1, 2, 3, 4, 5, 6, 7], "dihitung 3 hari kerja, tanpa hari libur"),
        ({"amount": 3, "unit": "calendar_days"}, [1], "dihitung 3 hari kalender"),
        ({"amount": 24, "unit": "hours"}, [1], "dihitung 24 jam, siang dan malam, juga pada hari libur"),
        (
            {"amount": 8, "unit": "office_hours"},
            [1, 2, 3, 4, 5],
            "dihitung 8 jam kerja, tanpa Sabtu, Minggu dan hari libur",
        ),
    ],
)
def test_it_is_counted_as_this_agency_counts(term: dict[str, Any], weekdays: list[int], said: str) -> None:
    policy = read_policy({**POLICY, "clocks": {"verify": {"*": term}}, "office_hours": {"weekdays": weekdays}}, 1)
    assert f"WIB ({said})\n" in letter(report(policy), Purpose.ACKNOWLEDGEMENT).text


def test_a_date_that_moves_while_the_clock_stands_still_is_no_promise() -> None:
    case = done(asked())
    resolve = next(clock for clock in case.clocks if clock.name == "resolve")
    told = until(resolve, POLICY_1, (), AT + timedelta(days=7))
    assert told["next_step"].startswith("Kamis, 17 Desember 2026")  # 11 December, and four days that have stood still
    assert told["counted"].endswith("seandainya hitungan yang sekarang berhenti langsung berlanjut)")
    assert told["counted_en"].endswith("if the clock, which stands still, goes on at once)")


# -- a new date --------------------------------------------------------------------------------------------------------


def information() -> Case:
    """A formal request by the law on public information, with the unit."""
    case = done(assign(done(verify(opened(Kind.INFORMATION)))))
    return done(
        officers.correct(case, COORDINATOR, Correction(deadline_basis=PUBLIC_INFORMATION), (), (), AT, POLICY_1, IDS)
    )


def test_a_letter_about_more_time_carries_the_whole_derivation() -> None:
    later = AT + timedelta(days=1)
    draft = extensions.ask(information(), COORDINATOR, "resolve", "", "Data belum lengkap.", (), later, POLICY_1, IDS)
    indonesian = letter(draft, Purpose.NEW_DATE).text.partition("\n---\n")[0]
    assert indonesian[indonesian.index("Tenggat yang baru") : indonesian.index("\n\nMenambah")].splitlines() == [
        "Tenggat yang baru: Rabu, 16 Desember 2026 pukul 16.00 WIB",
        "",
        "Hitungannya:",
        "Dasar: UU 14/2008: 10 hari kerja, dapat ditambah 7 hari kerja satu kali (aturan untuk permintaan informasi, "
        "uu-14-2008, kebijakan versi 1).",
        "Jangka waktu: 10 hari kerja, diperpanjang 7 hari kerja, menjadi 17 hari kerja.",
        "Yang dihitung: hari kerja sesudah hari mulai. Sabtu, Minggu, hari libur dan cuti bersama tidak dihitung.",
        "Mulai: Senin, 23 November 2026 pukul 10.00 WIB.",
        "Diperpanjang: 7 hari kerja, pada Selasa, 24 November 2026 pukul 10.00 WIB, oleh koordinator.",
        "Senin, 23 November 2026: hari mulai, tidak dihitung.",
        "Hari kerja ke-1 sampai ke-4: Selasa 24 – Jumat 27 November 2026.",
        "Sabtu 28 – Minggu 29 November 2026: akhir pekan, tidak dihitung.",
        "Hari kerja ke-5 sampai ke-9: Senin 30 November – Jumat 4 Desember 2026.",
        "Sabtu 5 – Minggu 6 Desember 2026: akhir pekan, tidak dihitung.",
        "Hari kerja ke-10 sampai ke-14: Senin 7 – Jumat 11 Desember 2026.",
        "Sabtu 12 – Minggu 13 Desember 2026: akhir pekan, tidak dihitung.",
        "Hari kerja ke-15 sampai ke-17: Senin 14 – Rabu 16 Desember 2026.",
        "Jumlah: 17 dari 17 hari kerja, genap. Tenggat: Rabu, 16 Desember 2026 pukul 16.00 WIB, saat kantor tutup.",
    ]


def test_a_letter_about_another_kind_says_from_when_to_when_the_date_moved() -> None:
    case = done(assign(done(verify(opened()))))
    draft = officers.correct(case, COORDINATOR, Correction(kind=Kind.INFORMATION), (), (), AT, POLICY_1, IDS)
    text = letter(draft, Purpose.NEW_DATE).text
    assert "aturan untuk permintaan informasi, dihitung dari saat mulai yang sama: dari Jumat, 11 Desember 2026" in text
    assert re.search(r"It is now .* \(5 working days, without Saturday, Sunday and public holidays\)\.", text)


def test_a_letter_about_a_year_of_days_stays_short() -> None:
    policy = policy_with(resolve={"*": {"amount": 250, "unit": "working_days"}})
    resolve = next(clock for clock in done(report(policy)).clocks if clock.name == "resolve")
    told = until(resolve, policy, (), AT, whole=True)["derivation"]
    assert len(told.splitlines()) < 200 and len(told) < 20_000


# -- what silence does -------------------------------------------------------------------------------------------------


def test_a_question_says_until_when_and_that_silence_closes_the_case() -> None:
    text = letter(asked(), Purpose.QUESTION).text
    assert (
        "Mohon balas surel ini paling lambat Senin, 7 Desember 2026 pukul 16.00 WIB. Bila sampai saat itu belum ada"
        in text
    )
    assert "laporan ini kami tutup; balasan\nsesudahnya membukanya kembali" in text
    assert "Without a\nreply by then the report is closed; a later reply opens it again." in text


def test_a_case_that_silence_closed_over_a_question_is_not_called_settled() -> None:
    draft = silent()
    (closing,) = (one for one in draft.change().deliveries if one.reporter)
    assert (closing.purpose, draft.case.status) == (Purpose.UNANSWERED, Status.CLOSED)
    assert "kami tutup karena yang kami minta belum lengkap kami terima sampai\nSenin, 7 Desember" in closing.text
    assert "selesai" not in f"{closing.subject}{closing.text}".lower()
    told = facts_for_reporter(draft.case, POLICY_1)
    assert told["status"] == "Ditutup karena kelengkapan belum kami terima"
    assert told["status_en"] == "closed, as the details asked for have not come"


def test_its_answer_after_all_opens_it_again_as_the_letters_said() -> None:
    case = done(silent())
    late = AT + timedelta(days=25)
    message = Message(
        id="m2", case=case.number, direction="in", channel=Channel.EMAIL, at=late, text="RT 3.", actor="reporter"
    )
    again = done(add_message(case, Addition(message=message, proof="token"), late, POLICY_1, IDS))
    assert again.status is Status.NEW
    assert facts_for_reporter(again, POLICY_1)["status"] == "Diterima"


def test_silence_after_an_answer_still_settles_the_case() -> None:
    answered = done(officers.reply(done(verify(opened())), LIAISON, "Sudah.", (), True, (), AT, POLICY_1, IDS))
    draft = advance(answered, AT + timedelta(days=20), POLICY_1, IDS)
    (closing,) = (one for one in draft.change().deliveries if one.reporter)
    assert closing.purpose is Purpose.CLOSING and "kami nyatakan selesai" in closing.text
    assert facts_for_reporter(draft.case, POLICY_1)["status"] == "Selesai"


# -- no date -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", DATED)
@pytest.mark.parametrize("facts", [{}, {"next_step": "", "next_step_en": "", "counted": "", "counted_en": ""}])
def test_where_there_is_no_date_a_letter_has_other_words(purpose: Purpose, facts: dict[str, str]) -> None:
    subject, text = letters.render(purpose, None, facts)
    for dated in ("next_step", "counted", "derivation", letters.NO_DATE["id"], letters.NO_DATE["en"]):
        assert dated not in f"{subject}\n{text}"
    assert not re.search(r"(lambat|sampai|by|until|tenggat:|Tenggat .*:)( -)?[ .]*$", text, re.MULTILINE)


@pytest.mark.parametrize("purpose", DATED)
def test_what_stands_instead_of_a_date_replaces_words_that_are_there(purpose: Purpose) -> None:
    found = LETTERS[purpose]
    assert found.undated
    assert all(dated in found.id or dated in found.en for dated, _ in found.undated)
    assert all("$next_step" not in found.without_date(language) for language in LANGUAGES)


def test_an_agency_s_own_wording_says_that_the_date_is_not_set() -> None:
    own = Wording(id="$text Paling lambat $next_step. $assurance", en="By $next_step.")
    text = letters.render(Purpose.QUESTION, own, {"next_step": "", "next_step_en": ""})[1]
    assert "Paling lambat tanggal yang belum ditetapkan." in text and "By a date that is not set yet." in text


def test_where_nothing_is_promised_letters_tell_no_date() -> None:
    policy = policy_with(**NO_TERMS)
    question = letter(asked(policy_with(reporter_reply={"*": None})), Purpose.QUESTION).text
    assert "Mohon balas surel ini. Tenggat penanganan" in question and "tutup" not in question
    received = letter(report(policy), Purpose.ACKNOWLEDGEMENT).text
    assert "Langkah berikut : pemeriksaan kelengkapan\n" in received and "Next step: we check it." in received
    for told in (question, received):
        assert " -" not in told.replace("---", "").replace("\n-- ", "")


def test_a_deadline_that_holds_no_more_is_not_told() -> None:
    case = done(assign(done(verify(opened()))))
    praised = done(officers.correct(case, COORDINATOR, Correction(kind=Kind.PRAISE), (), (), AT, POLICY_1, IDS))
    resolve = next(clock for clock in praised.clocks if clock.name == "resolve")
    assert until(resolve, POLICY_1, (), AT) == {}
    assert until(replace(resolve), POLICY_1, (), AT, whole=True) == {}
