"""A machine without a header that says so, on a case that was closed: filed there, and nothing moves."""

from __future__ import annotations

import pytest

from tanggap.adapters.mail import reader
from tanggap.adapters.mail.reader import Receipt
from tanggap.application.receive import Raw, Result
from tanggap.domain.case import Delivery
from tanggap.domain.words import Channel, Purpose, Reason, Status
from tests.support.settled import settled
from tests.support.world import COORDINATOR, GENUINE, INTAKE, POLICY, World

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


def by_token(world: World, number: str, text: str, subject: str = "Re: Laporan", key: str = "r1") -> Result:
    raw = (
        f"From: Siti Aminah <siti@warga.example>\r\nTo: {world.reply_address(number)}\r\nSubject: {subject}\r\n"
        f"Message-ID: <{key}@warga.example>\r\nDate: Mon, 30 Nov 2026 10:00:00 +0700\r\n\r\n{text}\r\n"
    ).encode()
    receipt = Receipt(f"mail/{key}", world.now, (world.reply_address(number), INTAKE), "siti@warga.example", GENUINE)
    return world.receive(Raw(f"mail/{key}", Channel.EMAIL, world.now, len(raw), reader.read(raw, receipt)))


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


# -- machines whose words nobody foresaw

UNSEEN = "Lagi mudik, sinyal susah. Balesnya habis lebaran ketupat ya. Soal orderan japri Mas Yudi aja."


def letters(world: World, purpose: Purpose) -> list[Delivery]:
    return [one for one in world.deliveries() if one.purpose is purpose]


def asked(world: World) -> str:
    """A settled case whose reporter was just asked whether their mail was meant to bring it back."""
    number = settled(world)
    world.later(minutes=2)
    by_token(world, number, UNSEEN, "saya off")
    world.later(minutes=5)
    return number


def doubted(world: World, number: str) -> list[str]:
    return [one.text for one in world.cases.file(number).messages if "perhaps_automatic" in one.marks]


def test_what_nobody_may_have_typed_is_filed_and_told_and_its_sender_asked_once(world: World) -> None:
    number = settled(world)
    before = world.cases.case(number)
    world.later(minutes=2)
    assert by_token(world, number, UNSEEN, "saya off").case == number
    after = world.cases.case(number)
    assert (after.status, after.clocks) == (before.status, before.clocks)
    assert doubted(world, number) == [UNSEEN]
    world.pump()
    asked = [one for one in world.outbox("siti@warga.example") if "dibuka kembali" in one.subject]
    assert len(asked) == 1 and "belum selesai" in asked[0].text
    assert len(letters(world, Purpose.NEW_MESSAGE)) == 1

    world.later(minutes=1)
    by_token(world, number, UNSEEN.replace("Yudi", "Yadi"), f"saya off: [{number}]", key="r2")  # answers that, too
    world.pump()
    assert world.cases.case(number).status is Status.CLOSED
    assert len(letters(world, Purpose.STILL_SETTLED)) == len(letters(world, Purpose.NEW_MESSAGE)) == 1


@pytest.mark.parametrize("more", ["Lanjutkan", "Ini Siti, surat tadi saya yang tulis."])
def test_a_second_mail_that_says_something_else_brings_it_back(world: World, more: str) -> None:
    number = asked(world)
    by_token(world, number, more, f"Re: [{number}] Apakah laporan Anda perlu dibuka kembali?", key="r2")
    assert world.cases.case(number).status is Status.IN_PROGRESS


def test_who_takes_longer_than_machines_do_brings_it_back_at_once(world: World) -> None:
    number = settled(world)
    world.later(minutes=61)
    by_token(world, number, UNSEEN, "saya off")
    assert world.cases.case(number).status is Status.IN_PROGRESS
    assert doubted(world, number) == []


def test_an_answered_case_keeps_its_time_to_object_where_a_machine_answers(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.reply(COORDINATOR, number, "Sudah kami perbaiki.", (), True)
    world.pump()
    before = world.cases.case(number)
    world.later(minutes=2)
    by_token(world, number, UNSEEN, "saya off")
    after = world.cases.case(number)
    assert (after.status, after.clocks) == (Status.ANSWERED, before.clocks)


def test_a_machine_is_asked_no_oftener_than_the_throttle_allows() -> None:
    world = World(policy={**POLICY, "intake": {"answers_per_hour": 1}})
    number = settled(world)
    world.later(minutes=2)
    by_token(world, number, UNSEEN, "saya off")
    assert doubted(world, number) == [UNSEEN]
    assert letters(world, Purpose.STILL_SETTLED) == []


def test_an_officer_who_lets_it_in_knows_that_it_is_a_persons(world: World) -> None:
    number = settled(world)
    world.later(minutes=2)
    by_token(world, number, UNSEEN, "saya off")
    world.desk.set_status(COORDINATOR, number, Status.IN_PROGRESS, "pelapor menelepon")
    assert world.cases.case(number).status is Status.IN_PROGRESS


@pytest.mark.parametrize("yes", ["Ya, terima kasih", "Iya pak", "Betul, makasih"])
def test_a_yes_to_our_question_brings_it_back(world: World, yes: str) -> None:
    number = asked(world)
    by_token(world, number, yes, f"Re: [{number}] Apakah laporan Anda perlu dibuka kembali?", key="r2")
    assert world.cases.case(number).status is Status.IN_PROGRESS


@pytest.mark.parametrize("said", ["Baik", "Ok, terima kasih"])
def test_a_word_that_may_be_a_yes_to_our_question_is_shown_to_the_office(world: World, said: str) -> None:
    number = asked(world)
    by_token(world, number, said, f"Re: [{number}] Apakah laporan Anda perlu dibuka kembali?", key="r2")
    assert world.cases.case(number).status is Status.CLOSED
    assert len(letters(world, Purpose.NEW_MESSAGE)) == 2


def test_who_says_the_same_again_hours_later_is_a_person(world: World) -> None:
    number = settled(world)
    world.later(minutes=2)
    by_token(world, number, UNSEEN, "saya off")
    world.pump()
    world.later(hours=2)
    by_token(world, number, UNSEEN, "saya off", key="r2")
    assert world.cases.case(number).status is Status.IN_PROGRESS
