"""What the world may read of a case: one table, and what is masked."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from tanggap.domain.case import Case
from tanggap.domain.errors import Invalid
from tanggap.domain.policy import read_policy
from tanggap.domain.policy_checks import faults_in
from tanggap.domain.publicity import HIDDEN, Shown, masked, shown, words_of
from tanggap.domain.words import Channel, Confidentiality, Kind, Status
from tests.support.world import DOMAIN, POLICY

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def case(
    channel: Channel, confidentiality: Confidentiality = Confidentiality.OPEN, marks: tuple[str, ...] = ()
) -> Case:
    return Case(
        number="TGP-XWRAAAAAY",
        channel=channel,
        kind=Kind.COMPLAINT,
        status=Status.NEW,
        received_at=AT,
        last_at=AT,
        policy_version=1,
        deadline_basis="x",
        confidentiality=confidentiality,
        marks=marks,
    )


@pytest.mark.parametrize(("channel", "level", "named"), list(product(Channel, Confidentiality, [False, True])))
def test_what_is_shown_of_each_channel_and_confidentiality(
    channel: Channel, level: Confidentiality, named: bool
) -> None:
    found = shown(case(channel, level), {channel} if named else set())
    if level is not Confidentiality.OPEN:
        assert found is Shown.NOTHING
    elif channel is Channel.OPEN311:
        assert found is Shown.WORDS
    else:
        assert found is (Shown.FACTS if named else Shown.NOTHING)


def test_a_hidden_case_is_not_there_whatever_the_policy_says() -> None:
    assert shown(case(Channel.OPEN311, marks=(HIDDEN,)), set(Channel)) is Shown.NOTHING


def test_a_policy_names_channels_and_a_wrong_one_is_a_fault_with_its_place() -> None:
    named = read_policy({**POLICY, "open311": {"publish": ["web", "whatsapp"]}}, 1).published
    assert named == {Channel.WEB, Channel.WHATSAPP}
    assert read_policy(POLICY, 1).published == frozenset()
    for wrong in ("web", ["internal"], ["fax"], [1], {"web": True}):
        with pytest.raises(Invalid) as caught:
            read_policy({**POLICY, "open311": {"publish": wrong}}, 1)
        assert caught.value.faults[0]["place"] == "open311.publish"
    unknown = faults_in({**POLICY, "open311": {"publsih": []}}, DOMAIN)
    assert [fault["place"] for fault in unknown] == ["open311.publsih"]


NUMBER, MAIL = "[nomor disamarkan]", "[e-mail disamarkan]"


@pytest.mark.parametrize(
    "secret",
    [
        "081234567890",
        "0812-3456-7890",
        "0812 3456 789",
        "+62 812-3456-7890",
        "+6281234567890",
        "62 812 3456 7890",
        "(+62) 812 3456 7890",
        "0 8 1 2 3 4 5 6 7 8 9 0",
        "0812\u200b3456\u200b7890",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "022-4231234",
        "(0274) 512 345",
        "+62 21 5551234",
        "+44 20 7946 0958",
        "3273012345678901",
        "3273 0123 4567 8901",
        "32.73.01.234567.8901",
        "1234567890",
        *("(0812) 3456 7890", "0812\u20133456\u20137890", "0812\u00a03456\u00a07890", "0812/3456/7890"),
        *(
            "0812_3456_7890",
            "0812 - 3456 - 7890",
            "812-3456-7890",
            "812 3456 789",
            "3201\u20130102\u20130380\u20130001",
        ),
        *("123 456 7890", "1234-56-789012-34-5", "+62 (812) 3456-7890"),
    ],
)
def test_numbers_that_name_a_person_are_masked(secret: str) -> None:
    said = masked(f"Hubungi saya di {secret}, terima kasih")
    assert NUMBER in said, said
    assert sum(char.isdigit() for char in said) <= 2, said
    assert said.startswith("Hubungi saya di ")
    assert said.endswith("terima kasih")


ACCOUNT = "[akun disamarkan]"


@pytest.mark.parametrize(
    "secret",
    [
        "@siti_aminah",
        "@siti.aminah99",
        "t.me/siti",
        "https://t.me/siti?x=1",
        "wa.me/6281234567890",
        "WA.me/message/ABC",
    ],
)
def test_accounts_on_platforms_are_masked(secret: str) -> None:
    assert masked(f"tulis ke {secret} ya") == f"tulis ke {ACCOUNT} ya"


@pytest.mark.parametrize(
    "secret",
    [
        *("siti@warga.example", "Siti.A+x@mail.warga.example", "siti [at] warga.example"),
        *("siti at gmail.com", "siti [at] gmail [dot] com", "siti(at)gmail (titik) com", "siti@gmail,com"),
        *("budi@gmail . com", "budi @ gmail.com", "budi  @  yahoo . co . id", "budi@gmail .com"),
    ],
)
def test_mail_addresses_are_masked(secret: str) -> None:
    assert masked(f"tulis ke {secret} ya") == f"tulis ke {MAIL} ya"


@pytest.mark.parametrize(
    "plain",
    [
        "Sejak 01-02-2026 08.30 sampai 17.00, RT 03/RW 05, Jl. Merdeka No. 123 Blok C2.",
        "Kerugian Rp 1.500.000.000, KM 45+200, 12 rumah, tahun 2024-2026.",
        "Buka 08.00-16.00; kode pos 40111; nomor TGP-XWRAAAAAY.",
        "Lat -6.914744, long 107.60981; lampu 3 x 24 jam mati @ gang 2.",
        "Rapat 23/11/2026 10.30 dan 2026-11-23 08:00, biaya 1.250.000.000 rupiah, Rp. 12.500.000.",
        "Mati @ gang. Tolong segera; 3 karcis @Rp5.000 dan 2 @7.500.",
    ],
)
def test_dates_sums_hours_and_house_numbers_stay(plain: str) -> None:
    assert masked(plain) == plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lampu mati.\n\nmedia_url: http://foto.example/1.jpg", "Lampu mati."),
        ("media_url: http://foto.example/1.jpg", ""),
        ("Apa itu media_url: saya tidak tahu", "Apa itu media_url: saya tidak tahu"),
        ("media_url: x\nLampu mati.", "media_url: x\nLampu mati."),
        ("Lampu mati.", "Lampu mati."),
    ],
)
def test_the_address_of_a_picture_elsewhere_is_for_the_officer_alone(text: str, said: str) -> None:
    assert words_of(text) == said


def test_masking_a_hostile_text_takes_no_time() -> None:
    import time

    begun = time.process_time()
    for text in (
        "0" * 50_000,
        "0 " * 25_000,
        "a" * 50_000 + "@",
        "@." * 25_000,
        "+6 2" * 12_000,
        "1-" * 25_000,
        "a @ b . " * 6_000,
        "@a" * 25_000,
        "t.me/" * 10_000,
        "at " * 16_000,
        "1 / " * 12_000,
        "1.000." * 8_000,
    ):
        masked(text)
    assert time.process_time() - begun < 3
