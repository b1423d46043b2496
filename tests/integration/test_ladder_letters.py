"""What the ladder's letters say: what they name and in which order, their proof, and the template a policy names."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

from tanggap.application.failures import Wait
from tanggap.domain.words import Purpose
from tests.support.ladders import BREACH, COORDINATION, DESK, HEAD, INSPECTORATE, file_many, letters_of, sweep_at
from tests.support.world import COORDINATOR, POLICY, START, World


def test_the_inspectorate_gets_the_case_with_its_proof(world: World) -> None:
    number = world.new_case()
    world.post.failures = [Wait("throttled")]
    world.run_until(START + timedelta(days=7, hours=1), timedelta(hours=8))
    mail = world.outbox(INSPECTORATE)[0]
    file = world.cases.file(number)
    assert mail.subject == f"[{number}] Penyerahan laporan kepada inspektorat"
    text = mail.text
    for line in (
        "tanggapan pertama: 24 jam sejak Senin, 23 November 2026 pukul 10.00 WIB",
        "aturan first_response.complaint, kebijakan versi 1, dasar: janji layanan kami sendiri",
        "| tanda terima | pelapor | terkirim 2026-11-23 10.00 WIB",
        f"warn, tanggapan pertama: breach | petugas unit, kepala unit <{COORDINATION}> | terkirim",
        "| tanggapan pertama: leadership | pimpinan <kades@kantor.example> | terkirim",
        f"| tanggapan pertama: inspectorate | inspektorat <{INSPECTORATE}> | menunggu dikirim",
        "is handed to the inspectorate",
    ):
        assert line in text, line
    assert "siti" not in text.lower()
    assert re.search(r"kepala rantai \(SHA-256\) [0-9a-f]{64}", text)
    head = re.search(r"(\d+) entri, kepala rantai \(SHA-256\) (\w+)", text)
    assert head is not None
    assert file.history[int(head[1]) - 1].hash == head[2]
    assert text.index("Laporan") < text.index("is handed to")


def test_cases_that_an_outage_hands_over_together_are_one_mail_with_a_proof_each(world: World) -> None:
    numbers = file_many(world, 3)
    sweep_at(world, START + timedelta(days=9))
    world.pump()
    (mail,) = world.outbox(INSPECTORATE)
    assert mail.text.count("kepala rantai (SHA-256)") == len(numbers)
    assert mail.subject == "[Pemerintah Desa Contoh] Penyerahan 3 laporan kepada inspektorat"
    assert Counter(mail.to_address for mail in world.outbox()) == dict.fromkeys(
        (HEAD, DESK, "kades@kantor.example", INSPECTORATE), 1
    )


def test_a_digest_names_the_gravest_first_and_of_those_the_oldest(world: World) -> None:
    (reminded,) = file_many(world, 1, unit=None)
    world.desk.reply(COORDINATOR, reminded, "Kami periksa.", (), final=False)  # its first response is met
    (older,) = file_many(world, 1, unit=None)
    world.later(minutes=5)
    (younger,) = file_many(world, 1, unit=None)
    sweep_at(world, START + timedelta(days=1, hours=23, minutes=30))  # Wednesday, 9.30: each is reminded of verifying
    world.pump()
    (mail,) = world.outbox(COORDINATION)
    assert re.findall(r"TGP-\w{9}", mail.text) == [older, younger, reminded]


GENTLE = {"id": {"subject": "[$number] Mohon perhatian", "text": "Mohon ditindaklanjuti:\n$text"}, "en": None}
BY_LETTER = [
    {"id": "remind", "fraction": 0.5, "audience": "desk", "template": "escalation-halus"},
    {"id": "warn", "fraction": 0.8, "audience": "desk"},
    {"id": "breach", "fraction": 1, "audience": "unit_head"},
    {"id": "proof", "working_days_after": 1, "audience": "leadership", "template": "handover"},
]


def with_letters(world: World) -> None:
    parts = {"letters": {"escalation-halus": GENTLE}, "clocks": {"first_response": {"ladder": BY_LETTER}}}
    world.policies.store({**POLICY, **parts}, 2)


def subjects(world: World, number: str) -> list[str]:
    """Of the letters that each say one thing."""
    return [row.subject.removeprefix(f"[{number}] ") for row in letters_of(world, number) if not row.parts]


def test_each_step_tells_by_the_letter_that_the_policy_names(world: World) -> None:
    with_letters(world)
    (number,) = file_many(world, 1)
    sweep_at(world, START + timedelta(hours=12))
    (gentle,) = letters_of(world, number)
    assert (gentle.purpose, gentle.subject) == (Purpose.ESCALATION, f"[{number}] Mohon perhatian")
    assert gentle.text.startswith("Mohon ditindaklanjuti:\n- pengingat") and "---" not in gentle.text
    sweep_at(world, START + timedelta(hours=20))
    sweep_at(world, BREACH)
    bundle = next(row for row in letters_of(world, number) if row.parts)
    assert bundle.subject == f"[{number}] peringatan: tenggat sudah dekat", "what waited for the morning, as one letter"
    assert subjects(world, number)[1:] == ["peringatan: tenggat sudah dekat", "TENGGAT TERLEWAT"]
    sweep_at(world, BREACH + timedelta(days=1, hours=7))
    by_steps = {row.steps: row.purpose for row in letters_of(world, number)}
    assert by_steps["first_response.proof",] is Purpose.HANDOVER
    assert by_steps["first_response.breach",] is Purpose.ESCALATION


def test_what_goes_as_one_letter_of_several_steps_goes_by_that_of_the_gravest(world: World) -> None:
    with_letters(world)
    (number,) = file_many(world, 1)
    sweep_at(world, START + timedelta(hours=21))  # both at once, after an outage
    (letter,) = letters_of(world, number)
    assert letter.steps == ("first_response.remind", "first_response.warn")
    assert subjects(world, number) == ["peringatan: tenggat sudah dekat"]
