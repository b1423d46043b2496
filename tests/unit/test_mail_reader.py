"""The reader's promises that need more than one recorded mail: digest, bounds, replay, files, reports."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tanggap.adapters.mail import bounds, files
from tanggap.adapters.mail.html_text import readable
from tanggap.adapters.mail.reader import Receipt, read, receipt_of
from tanggap.domain.errors import Park
from tanggap.domain.inbound import Authenticity, Inbound
from tanggap.domain.words import Reason

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EVENTS = Path(__file__).parents[2] / "events"
AT = datetime(2026, 3, 3, 12, 42, tzinfo=UTC)
RECEIPT = Receipt("mail/1", AT, ("lapor@desa-contoh.example",), "ratna@warga.example", Authenticity(spf="PASS"))
HEAD = b"From: a@warga.example\r\nDate: Tue, 3 Mar 2026 19:42:10 +0700\r\nMessage-ID: <1@warga.example>\r\n"
SES = (
    b"Return-Path: <Ratna@warga.example>\r\n"
    b"Received: from mx.warga.example (mx.warga.example [203.0.113.9])\r\n"
    b" by inbound-smtp.ap-southeast-1.amazonaws.com with SMTP id abc\r\n"
    b" for lapor+abc@desa-contoh.example;\r\n Tue, 03 Mar 2026 12:42:11 +0000 (UTC)\r\n"
    b"X-SES-Spam-Verdict: PASS\r\n"
    b"X-SES-Virus-Verdict: FAIL\r\n"
    b"Received-SPF: fail (spfCheck: domain of warga.example does not designate) client-ip=203.0.113.9;\r\n"
    b"Authentication-Results: amazonses.com;\r\n spf=fail (spfCheck) client-ip=203.0.113.9;\r\n"
    b" dkim=none;\r\n dmarc=fail (p=reject) header.from=warga.example;\r\n"
    b"X-SES-RECEIPT: AEFB\r\n"
)


def mail(body: bytes = b"\r\nIsi.\r\n", head: bytes = HEAD) -> Inbound:
    return read(head + body, RECEIPT)


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\0\0\0", b" \n"])
def test_an_object_without_content_is_parked(raw: bytes) -> None:
    with pytest.raises(Park) as parked:
        read(raw, RECEIPT)
    assert parked.value.reason == Reason.UNREADABLE


def test_the_time_is_the_receipts_and_the_senders_own_date_is_kept_beside_it() -> None:
    found = mail()
    assert found.at == AT
    assert found.extra["date"] == "2026-03-03T19:42:10+07:00"


def test_what_a_receiving_service_puts_on_top_does_not_change_the_digest() -> None:
    raw = HEAD + b"\r\nIsi.\r\n"
    assert read(raw, RECEIPT).digest == read(SES + raw, RECEIPT).digest
    assert read(raw, RECEIPT).digest == read(b"Received: from x\r\n" + raw, replace(RECEIPT, arrival_key="k2")).digest


TWO_WAYS = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n"
STRAIGHT = TWO_WAYS + "\r\nJalan \u2013 rusak.\r\n\r\nSiti\r\n".encode()


@pytest.mark.parametrize(
    "other",
    [
        STRAIGHT.replace(b"\r\n", b"\n"),
        STRAIGHT.replace(b"rusak.", b"rusak.  ") + b"\r\n\r\n",
        STRAIGHT.replace(b"From: a@", b"From:\r\n\ta@"),
        TWO_WAYS + b"Content-Transfer-Encoding: quoted-printable\r\n\r\nJalan =E2=80=93 ru=\r\nsak.\r\n\r\nSiti\r\n",
        TWO_WAYS + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(STRAIGHT.partition(b"\r\n\r\n")[2]),
        b"Received: from milis\r\nX-Forwarded-For: a b\r\n" + STRAIGHT,
    ],
    ids=["line ends", "blanks", "folded", "quoted-printable", "base64", "forwarded"],
)
def test_one_mail_by_two_ways_has_one_digest(other: bytes) -> None:
    assert read(other, RECEIPT).digest == read(STRAIGHT, RECEIPT).digest


def test_of_a_mail_without_id_and_date_the_day_tells_that_it_is_said_again() -> None:
    raw = b"From: a@warga.example\r\n\r\nBanjir lagi.\r\n"
    later = {hours: read(raw, replace(RECEIPT, at=AT + timedelta(hours=hours))).digest for hours in (0, 1, 24)}
    assert later[0] == later[1] != later[24]


@pytest.mark.parametrize(
    ("old", "new"), [(b"Isi", b"Isu"), (b"<1@", b"<2@"), (b"a@warga", b"b@warga"), (b"19:42", b"19:43")]
)
def test_another_mail_under_the_same_message_id_has_another_digest(old: bytes, new: bytes) -> None:
    raw = HEAD + b"\r\nIsi.\r\n"
    assert read(raw, RECEIPT).digest != read(raw.replace(old, new), RECEIPT).digest


def test_a_mail_without_an_id_is_known_by_its_digest() -> None:
    found = mail(head=b"From: a@warga.example\r\n")
    assert found.external_id == found.digest
    assert "no_message_id" in found.doubts


def test_ids_that_it_answers_come_the_most_direct_first() -> None:
    found = mail(head=HEAD + b"References: <r1@x> <r2@x>\r\n <r3@x>\r\nIn-Reply-To: <r3@x>\r\n")
    assert found.references == ("r3@x", "r2@x", "r1@x")


def test_two_senders_are_one_with_a_doubt() -> None:
    found = mail(head=b"From: a@warga.example, b@warga.example\r\n")
    assert found.sender.address == "a@warga.example"
    assert "several_senders" in found.doubts


def test_a_replay_reads_the_services_own_verdicts() -> None:
    receipt = receipt_of(SES + HEAD + b"\r\nIsi.", "mail/1", AT + timedelta(days=3))
    assert receipt.source == "ratna@warga.example"
    assert receipt.at == datetime(2026, 3, 3, 12, 42, 11, tzinfo=UTC)
    assert receipt.recipients == ("lapor+abc@desa-contoh.example",)
    assert receipt.authenticity == Authenticity("FAIL", "GRAY", "FAIL", "reject", "PASS", "FAIL")


def test_a_replay_of_a_failed_dmarc_without_its_policy_is_never_answered() -> None:
    untold = SES.replace(b" (p=reject)", b"")
    assert receipt_of(untold + HEAD + b"\r\n", "k", AT).authenticity.forged
    lenient = SES.replace(b"p=reject", b"p=none")
    assert not receipt_of(lenient + HEAD + b"\r\n", "k", AT).authenticity.forged


def test_a_replay_is_never_later_than_when_it_was_stored() -> None:
    assert receipt_of(SES.replace(b"2026", b"2099") + HEAD + b"\r\n", "k", AT).at == AT
    assert receipt_of(HEAD + b"\r\n", "k", AT).at == AT


def test_a_verdict_that_the_sender_wrote_is_only_a_claim() -> None:
    claims = (
        b"X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\n"
        b"Authentication-Results: amazonses.com; spf=pass; dkim=pass; dmarc=pass\r\n"
    )
    assert receipt_of(SES + claims + HEAD + b"\r\n", "k", AT).authenticity.virus == "FAIL"
    assert receipt_of(SES + claims + HEAD + b"\r\n", "k", AT).authenticity.dmarc == "FAIL"
    assert receipt_of(HEAD + claims + b"\r\n", "k", AT).authenticity == Authenticity()
    # Even where the service wrote less than usual, what follows a name said twice is the sender's.
    less = b"Received: from a by b for <lapor@desa-contoh.example>; date\r\nReceived: from c\r\n"
    assert receipt_of(less + claims + HEAD + b"\r\n", "k", AT).authenticity == Authenticity()


def test_results_of_another_server_do_not_count() -> None:
    head = b"Received: from x\r\nAuthentication-Results: mx.warga.example; dmarc=pass; spf=pass\r\n"
    assert receipt_of(head + HEAD + b"\r\n", "k", AT).authenticity == Authenticity()


def test_a_replay_of_a_null_path_is_still_automatic_and_an_unknown_path_is_not() -> None:
    null = b"Return-Path: <>\r\n" + HEAD + b"\r\nIsi.\r\n"
    assert read(null, receipt_of(null, "k", AT)).automatic == "return-path"
    unknown = HEAD + b"\r\nIsi.\r\n"
    assert not read(unknown, receipt_of(unknown, "k", AT)).automatic


def test_recipients_come_from_the_headers_where_no_envelope_is_known() -> None:
    raw = HEAD + b"To: L <lapor@desa-contoh.example>\r\nCc: b@warga.example\r\n\r\nIsi."
    assert read(raw, replace(RECEIPT, recipients=())).recipients == ("lapor@desa-contoh.example", "b@warga.example")


def multipart(parts: list[bytes], boundary: bytes = b"b") -> bytes:
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n" + body + b"--" + boundary + b"--\r\n"


TEXT = b"Content-Type: text/plain\r\n\r\nIsi laporan."
FILE = b"Content-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\n%PDF-1.4"


def test_two_thousand_parts_are_filed_as_far_as_they_fit() -> None:
    found = mail(multipart([TEXT, *([FILE] * 2000)]))
    assert found.text == "Isi laporan."
    assert len(found.files) == bounds.FILES
    assert {"too_many_parts", "too_many_files"} <= set(found.doubts)
    assert "broken_structure" not in found.doubts


def test_containers_in_containers_end_at_a_bound_and_the_rest_is_kept() -> None:
    body = TEXT
    for level in range(200):
        body = multipart([b"Content-Type: text/plain\r\n\r\nLapis %d." % level, body], b"b%d" % level)
    found = mail(body)
    assert "too_deep" in found.doubts
    assert "Lapis 199." in found.text
    assert found.files[0].type == "application/octet-stream"
    assert b"Isi laporan." in found.files[0].content


def test_a_mail_of_forty_megabytes_is_read() -> None:
    photo = base64.encodebytes(b"\xff\xd8\xff" + bytes(20_000_000))
    part = b"Content-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n" + photo
    found = mail(multipart([TEXT, part]))
    assert (found.text, found.files[0].type, found.files[0].size) == ("Isi laporan.", "image/jpeg", 20_000_003)


def test_a_text_over_its_bound_is_cut_with_a_doubt() -> None:
    found = mail(b"\r\n" + b"Jalan rusak.\r\n" * 200_000)
    assert len(found.full_text) <= bounds.TEXT
    assert "text_cut" in found.doubts


def test_an_archive_is_kept_and_never_opened() -> None:
    bomb = b"PK\x03\x04" + bytes(40) + b"isi/bom.txt" + bytes(1000)
    part = b"Content-Type: application/zip; name=bom.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    found = mail(multipart([TEXT, part + base64.encodebytes(bomb)]))
    assert found.files[0].content == bomb
    assert found.files[0].type == "application/zip"


def test_null_bytes_are_no_obstacle() -> None:
    found = read(b"From: a\0@warga.example\r\nSubject: Ja\0lan\r\n\r\nRu\0sak\r\n", RECEIPT)
    assert (found.sender.address, found.text) == ("a@warga.example", "Rusak")
    assert "\0" not in found.subject


def test_a_boundary_that_begins_like_another_is_not_mistaken_for_it() -> None:
    inner = multipart([TEXT], b"bb")
    found = mail(multipart([inner, FILE], b"b"))
    assert found.text == "Isi laporan."
    assert len(found.files) == 1
    assert not found.doubts


def test_a_container_without_its_boundary_is_read_as_text() -> None:
    found = mail(b"Content-Type: multipart/mixed\r\n\r\nIsi saja.\r\n")
    assert found.text == "Isi saja."
    assert "broken_structure" in found.doubts


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "application/pdf", "image/jpeg"),
        (b"PK\x03\x04" + bytes(30) + b"[Content_Types].xml word/document.xml", "application/octet-stream", DOCX),
        (b"PK\x03\x04rest", "application/vnd.ms-excel", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "application/msword"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "image/png", "application/x-ole-storage"),
        (b"\0\0\0\x18ftypmp42", "video/mp4", "video/mp4"),
        (b"\0\0\0\x18ftypheic", "image/jpeg", "image/heic"),
        (b"MZ\x90", "image/png", "application/x-msdownload"),
        (b"  <!DOCTYPE html><script>", "text/plain", "text/html"),
        (b"<?xml version='1.0'?><svg>", "image/png", "application/x-svg"),
        (b"a,b\n1,2\n", "text/csv", "text/csv"),
        (b"apa saja", "image/png", "application/octet-stream"),
        (b"apa saja", "text/plain\r\nX: y", "application/octet-stream"),
        (b"", "image/png", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, declared: str, kind: str) -> None:
    assert files.content_type(content, declared) == kind


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("foto jalan.jpg", "foto jalan.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\b.doc", "b.doc"),
        ("a\r\nb\0.txt", "ab.txt"),
        ("foto\u202egnp.exe", "fotognp.exe"),
        ("<script>.html", "script.html"),
        (".htaccess", "htaccess"),
        ("   ", ""),
        ("..", ""),
        ("x" * 500 + ".jpeg", "x" * 115 + ".jpeg"),
        ("e\u0301.txt", "\u00e9.txt"),
    ],
)
def test_a_file_name_is_safe_to_store_and_to_show(name: str, safe: str) -> None:
    assert files.safe_name(name) == safe


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("x<script>alert('</p>')</script>y<style>p{}</style>z<!-- <p>no</p> -->", "xyz"),
        ("a &lt;b&gt; &amp;nbsp; &#8211; &#x2013; &tidak;", "a <b> &nbsp; – – &tidak;"),
        ("<blockquote>q<blockquote>r</blockquote></blockquote>p", "> q\n>\n> > r\n>\np"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ('<a href="https://x.example/?a=1&amp;b=2">klik</a>', "klik <https://x.example/?a=1&b=2>"),
        ('<a href="https://x.example">https://x.example</a>', "https://x.example"),
        ('<a href="javascript:alert(1)">klik</a>', "klik"),
        ('<img alt="a > b" src="http://pelacak.example">teks', "teks"),
        ("1 < 2 dan 3 > 2", "1 < 2 dan 3 > 2"),
        ("<script>tak pernah ditutup", "tak pernah ditutup"),
        ("<p>a<!-- tak ditutup", "a"),
        ("a &#" + "9" * 5000 + ";", "a &#" + "9" * 5000 + ";"),
    ],
)
def test_html_becomes_the_text_that_a_person_would_see(html: str, text: str) -> None:
    found = readable(html)
    assert found == text or "&#9" in html


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.eml")), ids=lambda path: path.stem)
def test_the_sample_mails_of_the_demo_are_read_without_a_doubt(path: Path) -> None:
    found = read(path.read_bytes(), RECEIPT)
    assert found.doubts == ()
    assert bool(found.automatic) == (path.stem == "out-of-office")
    assert found.text
    assert "menulis:" not in found.text


def test_the_photo_of_the_sample_mail_arrives_as_a_picture() -> None:
    found = read((EVENTS / "complaint-html-photo.eml").read_bytes(), RECEIPT)
    assert [(file.name, file.type) for file in found.files] == [("foto jalan pasar.png", "image/png")]
    assert "<" not in found.text


def test_the_same_words_of_two_people_who_name_themselves_only_to_the_post_are_two_messages() -> None:
    raw = b"Subject: Lapor\r\n\r\nJalan rusak.\r\n"
    ani, budi = (read(raw, replace(RECEIPT, source=f"{name}@warga.example")) for name in ("ani", "budi"))
    assert ani.digest != budi.digest
    assert ani.digest == read(raw, replace(RECEIPT, source="ani@warga.example", arrival_key="mail/2")).digest
    assert mail().digest == read(HEAD + b"\r\nIsi.\r\n", replace(RECEIPT, source="other@relay.example")).digest


def test_a_file_whose_encoding_is_broken_is_the_same_with_either_line_end() -> None:
    raw = (
        b"From: Siti <siti@warga.example>\nMessage-ID: <1@warga.example>\nDate: Tue, 3 Mar 2026 19:42:10 +0700\n"
        b"Content-Type: application/pdf\nContent-Transfer-Encoding: BASE64\n\nRT 3 RW 5\njalan rusak"
    )
    receipt = Receipt("mail/1", datetime(2026, 3, 3, 13, tzinfo=UTC), ("lapor@desa.example",), "x", Authenticity())
    assert read(raw, receipt).digest == read(raw.replace(b"\n", b"\r\n"), receipt).digest
