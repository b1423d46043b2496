"""What goes out, read back by the standard library: another reader than ours."""

from __future__ import annotations

import email
import email.policy
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.adapters.mail.writer import Letter, compose
from tanggap.domain.errors import Invalid
from tanggap.domain.inbound import File

LETTER = Letter(
    sender_name="Layanan Pengaduan Desa Contoh",
    sender_address="lapor@desa-contoh.example",
    to_address="ratna@warga.example",
    to_name="Ratna Wulandari",
    subject="[TGP-4K7M-9QXW] Laporan Anda kami terima – terima kasih",
    text="Yth. Ratna,\n\nlaporan <Anda> & foto diterima.\nBerikutnya: 6 Maret 2026.\n",
    reply_to="lapor+abc234@desa-contoh.example",
    auto_submitted="auto-replied",
    in_reply_to="CAF-1@mail.warga.example",
    references=("older@mail.warga.example", "CAF-1@mail.warga.example"),
    message_id="case-1@desa-contoh.example",
)


def read_back(letter: Letter) -> EmailMessage:
    message = email.message_from_bytes(compose(letter), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert not part.defects
    return message


def test_a_letter_is_read_back_as_it_was_written() -> None:
    message = read_back(LETTER)
    assert message["Subject"] == LETTER.subject
    assert message["From"].addresses[0].display_name == LETTER.sender_name
    assert message["To"].addresses[0].addr_spec == LETTER.to_address
    assert message["Reply-To"].addresses[0].addr_spec == LETTER.reply_to
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert "laporan &lt;Anda&gt; &amp; foto diterima.<br>" in html.get_content()
    assert html.get_content().count("<p>") == 2


def test_it_threads_by_the_citizens_id_and_carries_ours_where_answers_keep_it() -> None:
    message = read_back(LETTER)
    assert message["In-Reply-To"] == "<CAF-1@mail.warga.example>"
    assert message["References"].split() == [
        "<older@mail.warga.example>",
        "<CAF-1@mail.warga.example>",
        "<case-1@desa-contoh.example>",
    ]
    assert message["Message-ID"] == "<case-1@desa-contoh.example>"


def test_an_automatic_letter_says_so_and_an_officers_does_not() -> None:
    automatic, written = read_back(LETTER), read_back(replace(LETTER, auto_submitted=""))
    assert automatic["Auto-Submitted"] == "auto-replied"
    assert automatic["X-Auto-Response-Suppress"] == "All"
    assert written["Auto-Submitted"] is None
    assert written["X-Auto-Response-Suppress"] is None
    assert automatic["Precedence"] is None


def test_every_line_ends_in_crlf_and_none_is_longer_than_mail_allows() -> None:
    raw = compose(replace(LETTER, text="x" * 5000 + "\n.\nFrom here\n" + "é" * 3000))
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.count(b"\r") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()


def shown(letter: Letter, header: str) -> str:
    """By the older decoder: the newer one puts blanks between the encoded words of a name in some releases."""
    value = email.message_from_bytes(compose(letter), policy=email.policy.compat32)[header]
    name, _ = parseaddr(value) if header == "To" else (value, "")
    return str(make_header(decode_header(name)))


HOSTILE = "Budi\r\nBcc: korban@warga.example\r\n\r\n<script>"


@pytest.mark.parametrize("field", ["sender_name", "to_name", "subject", "auto_submitted", "in_reply_to", "message_id"])
def test_a_line_break_adds_no_header(field: str) -> None:
    message = read_back(replace(LETTER, **{field: HOSTILE}))
    assert message["Bcc"] is None
    assert set(message.keys()) <= set(read_back(LETTER).keys())
    assert len(list(message.walk())) == 3


def test_references_that_are_no_ids_are_left_out() -> None:
    message = read_back(replace(LETTER, references=("a b", "x>\r\nBcc: y", "gut@id", "é@id", "")))
    assert message["References"].split() == ["<gut@id>", "<CAF-1@mail.warga.example>", "<case-1@desa-contoh.example>"]


def test_a_long_chain_keeps_its_first_and_its_newest_ids() -> None:
    chain = read_back(replace(LETTER, references=tuple(f"{n}@x" for n in range(500))))["References"].split()
    assert len(chain) == 20
    assert (chain[0], chain[-1]) == ("<0@x>", "<case-1@desa-contoh.example>")


@pytest.mark.parametrize(
    "address",
    ["", "ratna", "@warga.example", "a@", "a b@c", "a@b\r\nBcc: c@d", "a@b>,<c@d", "é@warga.example", "a" * 65 + "@b"],
)
def test_an_address_that_cannot_be_sent_to_is_invalid_and_not_repeated(address: str) -> None:
    with pytest.raises(Invalid) as refused:
        compose(replace(LETTER, to_address=address))
    assert refused.value.code == "bad_address"
    assert not address or address not in str(refused.value)


def test_a_domain_in_other_letters_goes_out_in_ascii() -> None:
    assert (
        read_back(replace(LETTER, to_address="a@müller.example"))["To"].addresses[0].domain == "xn--mller-kva.example"
    )


@pytest.mark.parametrize("name", ["Ratna, S.Pd.", 'Bu "Rat"', "=?utf-8?b?SGFsbw==?=", "Ni Luh é", "a\\b", "😀" * 30])
def test_any_name_is_read_back_as_it_is(name: str) -> None:
    assert shown(replace(LETTER, to_name=name), "To") == name


def test_a_very_long_name_and_subject_are_cut_not_refused() -> None:
    long = replace(LETTER, to_name="Ra" * 5000, subject="😀" * 5000)
    assert shown(long, "To") == "Ra" * 39 + "R…"
    assert shown(long, "Subject") == "😀" * 199 + "…"


def test_extra_headers_go_along_and_a_bad_name_is_refused() -> None:
    assert read_back(replace(LETTER, extra_headers={"X-Tanggap": "a\nb"}))["X-Tanggap"] == "a b"
    with pytest.raises(Invalid):
        compose(replace(LETTER, extra_headers={"X: y\r\nBcc": "z"}))


def test_a_date_is_written_with_its_zone_in_english() -> None:
    at = datetime(2026, 3, 3, 9, 5, tzinfo=timezone(timedelta(hours=7)))
    message = read_back(replace(LETTER, date=at))
    assert message["Date"].datetime == at
    assert "Mar" in message["Date"]


def test_attachments_arrive_whole_with_their_names() -> None:
    files = tuple(
        File(name, kind, len(content), hashlib.sha256(content).hexdigest(), content)
        for name, kind, content in [
            ("surat jawaban.pdf", "application/pdf", b"%PDF-1.4" + bytes(range(256)) * 50),
            ("foto – jalan é.jpg", "image/jpeg", b""),
            ('a"b\\c\r\nX: y.txt', "text/plain\r\nX: y", b"abc"),
        ]
    )
    message = read_back(replace(LETTER, files=files))
    attached = list(message.iter_attachments())
    assert [part.get_filename() for part in attached] == ["surat jawaban.pdf", "foto – jalan é.jpg", "a_b_c X: y.txt"]
    assert [part.get_payload(decode=True) for part in attached] == [file.content for file in files]
    assert [part.get_content_type() for part in attached][2] == "application/octet-stream"
    assert all(part.get_content_disposition() == "attachment" for part in attached)
    assert message.get_body(("plain",)) is not None


@settings(max_examples=150, deadline=None)
@given(st.text(), st.text(), st.text())
def test_no_text_at_all_breaks_a_letter(name: str, subject: str, text: str) -> None:
    raw = compose(replace(LETTER, to_name=name, subject=subject, text=text))
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    expected = email.message_from_bytes(compose(LETTER), policy=email.policy.compat32)
    assert message.keys() == expected.keys()
    assert [part.get_content_type() for part in message.walk()] == [part.get_content_type() for part in expected.walk()]
