"""A machine without a header that says so, on a case that was closed: filed there, and nothing moves."""

from __future__ import annotations

import pytest

from tanggap.adapters.mail import reader
from tanggap.adapters.mail.reader import Receipt
from tanggap.application.receive import Raw, Result
from tanggap.domain.words import Channel, Reason, Status
from tests.integration.test_which_case import settled
from tests.support.world import GENUINE, INTAKE, World

ROBOTS = [
    "Mohon maaf saya sedang sakit dan tidak dapat membalas email sampai tanggal 3 Desember 2026. Untuk keperluan "
    "mendesak silakan hubungi Sdr. Joko di 0812345678.",
    "Saya sudah pensiun sejak 1 Oktober 2026. Alamat email ini tidak aktif lagi. Silakan menghubungi Dewi di "
    "dewi@kantor.example.",
    "Kantor kami tutup dalam rangka libur Idul Fitri sampai 25 Maret. Email Anda akan kami balas setelah kantor buka "
    "kembali.",
    "I am on parental leave until January 2027 and will not be reading this mailbox. Please contact hr@corp.example "
    "instead.",
]
PEOPLE = [
    "Saya sedang sakit karena air got di depan rumah, dan petugas yang dijanjikan tidak datang.",
    "Kantor kelurahan tutup terus, padahal hari kerja. Laporan saya tidak ada yang membalas.",
    "Sampai tanggal 3 Desember air masih tidak mengalir. Silakan hubungi saya di 0812345678.",
]


def by_token(world: World, number: str, text: str) -> Result:
    raw = (
        f"From: Siti Aminah <siti@warga.example>\r\nTo: {world.reply_address(number)}\r\nSubject: Re: Laporan\r\n"
        f"Message-ID: <r1@warga.example>\r\nDate: Mon, 30 Nov 2026 10:00:00 +0700\r\n\r\n{text}\r\n"
    ).encode()
    receipt = Receipt("mail/r1", world.now, (world.reply_address(number), INTAKE), "siti@warga.example", GENUINE)
    return world.receive(Raw("mail/r1", Channel.EMAIL, world.now, len(raw), reader.read(raw, receipt)))


@pytest.mark.parametrize("text", ROBOTS)
def test_a_robot_on_a_closed_case_is_filed_there_and_moves_nothing(world: World, text: str) -> None:
    number = settled(world)
    before = world.cases.case(number)
    result = by_token(world, number, text)
    assert (result.case, result.reason) == (number, Reason.AUTOMATIC)
    after = world.cases.case(number)
    assert (after.status, after.clocks) == (Status.CLOSED, before.clocks)


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_who_says_much_the_same_reopens_it(world: World, text: str) -> None:
    number = settled(world)
    assert by_token(world, number, text).reason is Reason.REPLY
    assert world.cases.case(number).status is Status.IN_PROGRESS
