"""Which parts are read, which are another form of what was read, and which are files: each leaf is one of these."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tanggap.adapters.mail import body, bounds, mime
from tanggap.adapters.mail.reader import Receipt, read
from tanggap.domain.inbound import Authenticity, Inbound

RECEIPT = Receipt("mail/1", datetime(2026, 3, 3, tzinfo=UTC), ("lapor@desa-contoh.example",), "a@b", Authenticity())
HEAD = b"From: a@warga.example\r\nDate: Tue, 3 Mar 2026 19:42:10 +0700\r\nMessage-ID: <1@warga.example>\r\n"


def mail(content: bytes) -> Inbound:
    return read(HEAD + content, RECEIPT)


def part(kind: str, content: bytes, *more: str) -> bytes:
    return "\r\n".join((f"Content-Type: {kind}", *more)).encode() + b"\r\n\r\n" + content


def many(kind: str, *parts: bytes, boundary: str = "b") -> bytes:
    mark = f"--{boundary}".encode()
    inside = b"".join(mark + b"\r\n" + one + b"\r\n" for one in parts)
    return part(f"multipart/{kind}; boundary={boundary}", inside + mark + b"--\r\n")


PLAIN = part("text/plain", b"Jalan rusak.")
HTML = part("text/html", b"<p>Jalan <b>rusak</b>.</p>")


# --- the form that is read


@pytest.mark.parametrize(
    "stub",
    [
        b"This message requires an HTML capable mail program.",
        b"Program surel Anda tidak mendukung HTML. Lihat versi web: https://surel.example/1",
        b"Lihat versi HTML",
        b"View this email in your browser",
        b"\r\n \r\n",
        b"Halo,",
    ],
)
def test_a_plain_form_that_only_stands_in_does_not_win(stub: bytes) -> None:
    long = b"<html><body>" + b"<p>Lampu di RT 04 mati sejak Senin dan belum diperbaiki.</p>" * 10 + b"</body></html>"
    found = mail(many("alternative", part("text/plain", stub), part("text/html", long)))
    assert found.text.startswith("Lampu di RT 04 mati")
    assert found.files == ()


@pytest.mark.parametrize("plain", [b"Terima kasih.", b"Formulir HTML di situs desa rusak, lihat di browser mana pun."])
def test_a_short_plain_form_with_all_the_words_wins_over_its_markup(plain: bytes) -> None:
    styled = b"<html><style>" + b"p{margin:0}" * 300 + b"</style><p>" + plain + b"</p></html>"
    assert mail(many("alternative", part("text/plain", plain), part("text/html", styled))).text == plain.decode()


def test_markup_under_the_name_of_plain_text_is_read_as_markup() -> None:
    assert mail(part("text/plain", b"<!DOCTYPE html><html><p>Jalan rusak.</p></html>")).text == "Jalan rusak."
    assert mail(part("text/plain", b"<p> adalah tanda paragraf")).text == "<p> adalah tanda paragraf"


def test_plain_text_under_the_name_of_markup_keeps_its_lines() -> None:
    assert (
        mail(part("text/html", b"Jalan rusak.\r\nLampu mati &amp; gelap.\r\n")).text
        == "Jalan rusak.\nLampu mati & gelap."
    )


def test_a_form_for_other_programs_is_no_file_and_an_invitation_is_one() -> None:
    amp = part("text/x-amp-html", b"<html amp4email>")
    calendar = part("text/calendar; method=REQUEST", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR")
    found = mail(many("alternative", PLAIN, amp, HTML, calendar))
    assert (found.text, [file.type for file in found.files]) == ("Jalan rusak.", ["text/calendar"])
    assert "invitation" in found.doubts


def test_two_forms_side_by_side_are_read_once() -> None:
    assert mail(many("mixed", PLAIN, part("text/html", b"<p>Jalan rusak.</p>"))).full_text == "Jalan rusak."


def test_where_only_the_markup_tells_the_end_of_a_quote_it_is_asked() -> None:
    plain = (
        "Sudah.\n\nPada Sel, 3 Mar 2026 pukul 10.15 Layanan <lapor@desa-contoh.example> menulis:\n\n"
        "Yth. Siti, sudahkah?\n\nTetapi lampu masih mati.\n"
    )
    markup = (
        "<div>Sudah.</div><div class='yahoo_quoted'><div>Pada Sel, 3 Mar 2026 pukul 10.15 Layanan "
        "&lt;lapor@desa-contoh.example&gt; menulis:</div><div>Yth. Siti, sudahkah?</div></div>"
        "<div>Tetapi lampu masih mati.</div>"
    )
    with_markup = many("alternative", part("text/plain", plain.encode()), part("text/html", markup.encode()))
    assert mail(with_markup).text.endswith("Tetapi lampu masih mati.")
    assert mail(with_markup).text.startswith("Sudah.")
    without = markup.replace("yahoo_quoted", "x")
    assert (
        mail(many("alternative", part("text/plain", plain.encode()), part("text/html", without.encode()))).text
        == "Sudah."
    )


# --- what cannot be looked into


@pytest.mark.parametrize(
    ("kind", "doubt"),
    [
        ("application/ms-tnef; name=winmail.dat", "not_opened"),
        ("application/octet-stream; name=WINMAIL.DAT", "not_opened"),
        ('message/partial; number=1; total=2; id="x"', "not_opened"),
        ("message/external-body; access-type=URL", "not_opened"),
        ("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "not_opened"),
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "encrypted"),
        ("application/pgp-encrypted", "encrypted"),
    ],
)
def test_what_is_not_looked_into_is_kept_and_marked(kind: str, doubt: str) -> None:
    found = mail(many("mixed", PLAIN, part(kind, b"isi")))
    assert (found.text, len(found.files), found.files[0].content) == ("Jalan rusak.", 1, b"isi")
    assert doubt in found.doubts


def test_a_signed_mail_is_read_and_its_signature_kept() -> None:
    signature = part("application/pkcs7-signature; name=smime.p7s", b"sig")
    found = mail(many("signed", PLAIN, signature))
    assert (found.text, found.files[0].name, found.doubts) == ("Jalan rusak.", "smime.p7s", ())


def test_a_text_that_pgp_sealed_is_marked() -> None:
    found = mail(b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n")
    assert "encrypted" in found.doubts


# --- files that stand inside a text


def test_uuencoded_files_in_a_text_become_attachments() -> None:
    picture = b"\xff\xd8\xff" + bytes(range(200))
    lines = b"".join(binascii.b2a_uu(picture[at : at + 45]) for at in range(0, len(picture), 45))
    found = mail(
        b"\r\nLihat foto.\r\n\r\nbegin 644 foto jalan.jpg\r\n"
        + lines.replace(b"\n", b"\r\n")
        + b"`\r\nend\r\n\r\nSiti\r\n"
    )
    assert found.text == "Lihat foto.\n\n[foto jalan.jpg]\n\nSiti"
    assert [(file.name, file.type, file.content) for file in found.files] == [("foto jalan.jpg", "image/jpeg", picture)]


def test_yencoded_files_in_a_text_become_attachments() -> None:
    content = bytes(range(256))
    coded = b"".join(
        b"=" + bytes([(byte + 106) % 256]) if (byte + 42) % 256 in (0, 10, 13, 61) else bytes([(byte + 42) % 256])
        for byte in content
    )
    text = b"\r\nIni.\r\n=ybegin line=128 size=256 name=a.bin\r\n" + coded + b"\r\n=yend size=256\r\n"
    assert mail(text).files[0].content == content


@pytest.mark.parametrize("text", ["begin 644 dari sini tanpa akhir", "begin 644 satu\nbiasa saja, bukan berkas\nend"])
def test_a_text_that_only_looks_like_a_file_stays_text(text: str) -> None:
    found = mail(b"\r\n" + text.encode())
    assert (found.text, found.files) == (text, ())


# --- broken encodings


@pytest.mark.parametrize(
    ("coded", "text"),
    [
        (base64.b64encode(b"Jalan rusak berat."), "Jalan rusak berat."),
        (base64.b64encode(b"Jalan rusak!").rstrip(b"="), "Jalan rusak!"),
        (base64.b64encode(b"Jalan rusak.").replace(b"u", b"u!\r\n*"), "Jalan rusak."),
        (
            base64.b64encode(b"Jalan ")
            + b"\r\n"
            + base64.b64encode(b"rusak di")
            + b"\r\n"
            + base64.b64encode(b" RT 04."),
            "Jalan rusak di RT 04.",
        ),
        (
            base64.b64encode(b"Jalan rusak..") + b"\r\n\r\nThis mail was scanned by our server and is clean today.",
            "Jalan rusak..",
        ),
        (b"Jalan di RT 04 rusak berat sejak lama.", "Jalan di RT 04 rusak berat sejak lama."),
    ],
)
def test_base64_is_read_as_far_as_it_goes(coded: bytes, text: str) -> None:
    # So that the last padding stands far from the end, as in a mail of ordinary length.
    assert mail(part("text/plain", coded + b"\r\n" * 60, "Content-Transfer-Encoding: base64")).text == text


def test_an_unknown_encoding_is_marked_and_read_as_it_is() -> None:
    found = mail(part("text/plain", b"Jalan rusak.", "Content-Transfer-Encoding: rot13"))
    assert (found.text, found.doubts) == ("Jalan rusak.", ("broken_encoding",))


# --- broken structure


def test_a_container_inside_that_took_the_same_boundary_hides_nothing() -> None:
    inner = many("alternative", PLAIN, HTML)
    found = mail(
        many("mixed", inner, part("image/png; name=a.png", b"\x89PNG\r\n\x1a\n"), part("text/plain", b"Ekor."))
    )
    assert [file.name for file in found.files] == ["a.png"]
    assert "Jalan rusak." in found.text
    assert "Ekor." in found.text
    assert "broken_structure" in found.doubts


def test_a_text_before_the_first_part_is_read_where_nothing_else_is() -> None:
    assert mail(part("multipart/mixed; boundary=b", b"Jalan rusak.\r\n--b\r\n\r\n\r\n--b--\r\n")).text == "Jalan rusak."


def test_a_type_said_twice_is_the_first() -> None:
    found = mail(b"Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n<b>Jalan</b>")
    assert found.text == "<b>Jalan</b>"


def test_a_mail_in_a_mail_is_a_file_with_all_that_is_in_it() -> None:
    inner = b"Subject: dalam\r\n\r\nIsi dalam."
    found = mail(many("mixed", PLAIN, part("message/rfc822", inner)))
    assert (found.text, found.files[0].type, found.files[0].content) == ("Jalan rusak.", "message/rfc822", inner)


def test_only_a_picture_is_a_mail_with_a_file() -> None:
    found = mail(part("image/png", b"\x89PNG\r\n\x1a\n", "Content-Disposition: inline"))
    assert (found.text, [file.name for file in found.files], found.doubts) == ("", ["lampiran-1.png"], ())


def test_attachments_over_a_bound_are_named() -> None:
    files = [part(f"application/pdf; name=surat-{n}.pdf", b"%PDF-1.4") for n in range(bounds.FILES + 3)]
    found = mail(many("mixed", PLAIN, *files))
    assert len(found.files) == bounds.FILES
    assert found.left_out == ("surat-50.pdf", "surat-51.pdf", "surat-52.pdf")
    assert "too_many_files" in found.doubts
    endless = mail(many("mixed", PLAIN, *([part("text/plain", b"x")] * bounds.PARTS), *files))
    assert endless.left_out[:1] == ("surat-0.pdf",)
    assert len(endless.left_out) <= bounds.NAMES_LEFT_OUT
    assert "too_many_parts" in endless.doubts
    assert mail(PLAIN).left_out == ()


# --- nothing is dropped

LEAF_TYPES = st.sampled_from(
    [
        *("text/plain", "text/html", "text/calendar", "text/x-amp-html", "text/enriched", "text/vcard", "text/csv"),
        *("image/png", "application/pdf", "message/rfc822", "message/partial", "application/pkcs7-mime", "audio/ogg"),
        *("application/applefile", "application/ms-tnef", "x/y", "text"),
    ]
)
DISPOSITIONS = st.sampled_from(["", "inline", "attachment", "inline; filename=a.txt", "attachment; filename=b.html"])
CONTENT = st.sampled_from(
    [b"", b"Isi.", b"<p>Isi lain yang lebih panjang.</p>", b"begin 644 a\r\n#0V%T\r\n`\r\nend\r\n", b"\0\xff"]
)
CONTAINERS = st.sampled_from(["mixed", "alternative", "related", "signed", "report", "appledouble", "digest", "x"])
LEAVES = st.builds(
    lambda kind, said, content: part(kind, content, *([f"Content-Disposition: {said}"] if said else [])),
    LEAF_TYPES,
    DISPOSITIONS,
    CONTENT,
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda kind, parts, number: many(kind, *parts, boundary=f"b{number}"),
        CONTAINERS,
        st.lists(inner, max_size=4),
        st.integers(0, 10**6),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(TREES)
@example(many("alternative", PLAIN, part("text/x-amp-html", b"<html amp4email>"), HTML))
@example(many("mixed", many("alternative", HTML, many("related", HTML, part("image/png", b""), boundary="c"))))
def test_every_leaf_is_text_that_was_read_or_another_form_of_it_or_a_file(raw: bytes) -> None:
    doubts: set[str] = set()
    tree = mime.parse(HEAD + raw, doubts)
    found = body.gather(tree, doubts)
    counted = sorted(id(leaf) for leaf in (*found.read, *found.forms, *found.attached) if leaf.raw is tree.raw)
    empty = {id(leaf) for leaf in tree.leaves() if leaf.type.startswith("multipart/")}
    assert counted == sorted(id(leaf) for leaf in tree.leaves() if id(leaf) not in empty)
    assert len(body.attachments(found, doubts)) == len(found.attached)
    assert bool(found.forms) <= bool(found.read or found.attached or not any(_says(leaf) for leaf in found.forms))


def _says(leaf: mime.Part) -> bool:
    return leaf.type in ("text/plain", "text/html") and bool(leaf.content(set()).strip())
