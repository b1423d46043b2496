"""Every sign of a robot by its name, and people who look a little like one."""

from __future__ import annotations

import pytest

from tanggap.adapters.mail import headers, robots


def sign(
    block: bytes = b"", source: str = "a@warga.example", address: str = "a@warga.example", subject: str = ""
) -> str:
    found, _ = headers.split(block + b"\r\n\r\n", 0, len(block) + 4)
    return robots.sign(found, source, address, subject)


SIGNS = [
    ("auto-submitted", {"block": b"Auto-Submitted: auto-replied"}),
    ("auto-submitted", {"block": b"Auto-Submitted: Auto-Generated; type=x"}),
    ("return-path", {"source": ""}),
    ("return-path", {"source": "<>"}),
    ("return-path", {"block": b"Return-Path: < >"}),
    ("report", {"block": b"Content-Type: multipart/report; report-type=disposition-notification"}),
    ("precedence", {"block": b"Precedence: Bulk"}),
    ("precedence", {"block": b"Precedence: auto_reply"}),
    ("list", {"block": b"List-Id: <x.y>"}),
    ("list", {"block": b"List-Unsubscribe: <https://x.example>"}),
    ("x-auto-response-suppress", {"block": b"X-Auto-Response-Suppress: All"}),
    ("x-autoreply", {"block": b"X-Autoreply: yes"}),
    ("sender", {"address": "mailer-daemon@warga.example"}),
    ("sender", {"address": "postmaster@warga.example"}),
    ("sender", {"address": "no-reply@bank.example"}),
    ("sender", {"address": "noreply+abc@bank.example"}),
    ("sender", {"address": "do_not_reply@bank.example"}),
    ("sender", {"address": "info.noreply@bank.example"}),
    ("sender", {"address": "jangan-dibalas@instansi.example"}),
    ("sender", {"source": "MAILER-DAEMON@mx.warga.example"}),
    *[
        ("subject", {"subject": subject})
        for subject in (
            "Balasan otomatis: Laporan Anda",
            "Balasan Otomatis",
            "Jawaban otomatis - cuti",
            "[Balasan otomatis] Laporan",
            "Re: Pesan otomatis",
            "Out of Office: Laporan",
            "Out of the office",
            "Automatic reply: Laporan",
            "Auto-Reply: Laporan",
            "Autoreply",
            "Sedang cuti",
            "Cuti tahunan: kembali 9 Maret",
            "Di luar kantor",
            "Saya sedang berada di luar kantor (kembali Senin)",
            "Tidak di kantor: Siti",
            "Dinas luar",
            "Undeliverable: Laporan",
            "Mail delivery failed: returning message to sender",
            "Delivery Status Notification (Failure)",
        )
    ],
]
PEOPLE = [
    {"block": b"Auto-Submitted: no"},
    {"block": b"Precedence: normal"},
    {"block": b"X-Auto-Response-Suppress: None"},
    {"block": b"X-Autoreply: no"},
    {"address": "replyanto@warga.example"},
    {"address": "norepli@warga.example"},
    {"address": "rooty@warga.example"},
    *[
        {"subject": subject}
        for subject in (
            "Di luar kantor kelurahan sampah menumpuk",
            "Petugas sedang cuti terus",
            "Cuti bersama pelayanan tetap buka?",
            "Sedang cuti petugasnya, KTP tidak jadi",
            "Tidak di kantor petugasnya sejak pagi",
            "Mesin otomatis parkir rusak",
            "Office building out of order",
            "Re: Laporan lampu jalan",
            "",
        )
    ],
]


@pytest.mark.parametrize(("name", "given"), SIGNS)
def test_a_robot_is_given_away_by_its_sign(name: str, given: dict[str, str]) -> None:
    assert sign(**given) == name  # type: ignore[arg-type]


def test_every_sign_of_the_table_is_tested() -> None:
    assert {name for name, _ in SIGNS} == {name for name, _ in robots.SIGNS}


@pytest.mark.parametrize("given", PEOPLE)
def test_a_person_is_not_taken_for_a_robot(given: dict[str, str]) -> None:
    assert sign(**given) == ""  # type: ignore[arg-type]
