"""Header lines as senders really write them."""

from __future__ import annotations

import pytest

from tanggap.adapters.mail import bounds, charsets, headers
from tanggap.domain.inbound import Party


def split(block: bytes) -> headers.Headers:
    return headers.split(block, 0, len(block))[0]


@pytest.mark.parametrize(
    ("value", "parties"),
    [
        (b"siti@warga.example", [Party("siti@warga.example")]),
        (b"Siti <Siti@Warga.Example>", [Party("siti@warga.example", "Siti")]),
        (b'"Rahmah, Siti" <siti@warga.example>', [Party("siti@warga.example", "Rahmah, Siti")]),
        (b"siti@warga.example (Bu Siti)", [Party("siti@warga.example", "Bu Siti")]),
        (b"=?utf-8?q?Bu_Sit=C3=AD?= <siti@warga.example>", [Party("siti@warga.example", "Bu Sit\u00ed")]),
        (b'"=?utf-8?b?QnUgU2l0aQ==?=" <siti@warga.example>', [Party("siti@warga.example", "Bu Siti")]),
        (
            b"a@x.example, B <b@y.example>; c@z.example",
            [Party("a@x.example"), Party("b@y.example", "B"), Party("c@z.example")],
        ),
        (b"warga: a@x.example, b@y.example;", [Party("a@x.example"), Party("b@y.example")]),
        (b"<siti@warga\r\n .example>", [Party("siti@warga.example")]),
        (b"<si\r\n ti@warga.example>", [Party("")]),
        (b"Siti siti@warga.example", [Party("siti@warga.example", "Siti")]),
        (b"a@x.example b@y.example", [Party("", "a@x.example b@y.example")]),
        (b"<siti@warga.example\r\nBcc: x@y.example>", [Party("")]),
        (b"<@jalan.example:siti@warga.example>", [Party("siti@warga.example")]),
        (b"<mailto:siti@warga.example>", [Party("siti@warga.example")]),
        (b'"siti rahmah"@warga.example', [Party("", '"siti rahmah"@warga.example')]),
        (b"Siti\0 <si\0ti@warga.example>", [Party("siti@warga.example", "Siti")]),
        ("Bu Sit\u00ed <siti@warga.example>".encode(), [Party("siti@warga.example", "Bu Sit\u00ed")]),
        (b"Siti Rahmah", [Party("", "Siti Rahmah")]),
        (b"<>", [Party("")]),
        (b"", []),
        (b"x@y.example <siti@warga.example>", [Party("siti@warga.example", "x@y.example")]),
        (b"a" * 300 + b"@x.example", [Party("", "a" * 200)]),
    ],
)
def test_an_address_header_names_its_parties(value: bytes, parties: list[Party]) -> None:
    found = [Party(one.address, one.name) for one in headers.addresses(value)]
    if parties and not parties[0].address:
        assert not found or not found[0].address
    else:
        assert found == parties


def test_ten_recipients_are_ten_and_a_thousand_are_bounded() -> None:
    assert len(headers.addresses(b", ".join(b"a%d@x.example" % n for n in range(10)))) == 10
    assert len(headers.addresses(b",".join(b"a%d@x.example" % n for n in range(1000)))) <= bounds.ADDRESSES


def test_a_nested_comment_of_two_kilobytes_is_only_a_comment() -> None:
    value = b"(" * 1000 + b")" * 1000 + b" siti@warga.example"
    assert [one.address for one in headers.addresses(value)] == ["siti@warga.example"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"=?utf-8?q?Got_mampet?=", "Got mampet"),
        (b"=?utf-8?b?4oA=?= =?utf-8?b?kw==?=", "\u2013"),
        (b"=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c"),
        (b"=?utf-8?q?a?= b =?iso-8859-1?q?=E9?=", "a b \u00e9"),
        (b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "\u65e5\u672c"),
        (b"=?gb2312?b?xOO6ww==?=", "\u4f60\u597d"),
        (b"=?utf-8*id?q?baik?=", "baik"),
        (b"=?tidak-ada?q?baik?=", "baik"),
        (b"=?utf-8?b?rusak!!!?=", "\ufffd\ufffd"),
        (b"=?utf-8?q?tak selesai", "=?utf-8?q?tak selesai"),
        (b"a\0b\r\n c\td", "ab c d"),
        ("J\u00e9mbatan".encode(), "J\u00e9mbatan"),
        ("J\u00e9mbatan".encode("latin-1"), "J\u00e9mbatan"),
    ],
)
def test_encoded_words_are_read_as_far_as_they_can_be(value: bytes, text: str) -> None:
    found, _ = headers.decoded(value)
    assert found == text or (b"rusak" in value and found)


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (b"text/plain; charset=UTF-8", "charset", "UTF-8"),
        (b'text/plain; charset="utf-8"; format=flowed', "format", "flowed"),
        (b'text/plain; name="a;b\\"c.txt"', "name", 'a;b"c.txt'),
        (b"text/plain; name*=utf-8'id'a%20%E2%80%93.txt", "name", "a \u2013.txt"),
        (b"text/plain; name*0*=utf-8''a%20; name*1=b; name*2*=%2Etxt", "name", "a b.txt"),
        (b"text/plain; name*1=b; name*0=a", "name", "ab"),
        (b"text/plain; name==?utf-8?b?Zm90by5qcGc=?=", "name", "foto.jpg"),
        (b"text/plain; name=foto jalan.jpg; x=y", "name", "foto jalan.jpg"),
        (b'text/plain; name="tak selesai', "name", "tak selesai"),
        (b"text/plain; a=1; a=2", "a", "1"),
    ],
)
def test_parameters_are_read_with_their_continuations(value: bytes, name: str, expected: str) -> None:
    kind, found = headers.parameters(value)
    assert kind == "text/plain"
    assert found[name] == expected


def test_headers_end_at_the_blank_line_or_at_what_is_no_header() -> None:
    block = b"A: 1\r\n 2\r\nB : 3\nbukan judul\nC: 4\n"
    found, body = headers.split(block, 0, len(block))
    assert found.lines == (("a", b"1 2"), ("b", b"3"))
    assert block[body:].startswith(b"bukan judul")


def test_a_separator_of_a_mailbox_file_is_passed_over() -> None:
    assert split(b"From siti Mon Mar  2 2026\nSubject: x\n\nisi").get("subject") == "x"


def test_a_header_over_its_bound_is_cut_and_says_so() -> None:
    found = split(b"Subject: " + b"x" * 100_000 + b"\r\nFrom: a@b.example\r\n\r\n")
    assert found.cut
    assert len(found.raw("subject")) <= bounds.HEADER_VALUE
    assert found.get("from") == "a@b.example"


def test_folded_lines_count_towards_the_same_bound() -> None:
    found = split(b"References:" + b"\r\n <x@y.example>" * 5000 + b"\r\nFrom: a@b.example\r\n\r\n")
    assert found.cut
    assert len(found.raw("references")) <= bounds.HEADER_VALUE + 20
    assert found.get("from") == "a@b.example"


def test_a_block_over_its_bound_still_finds_the_body() -> None:
    raw = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 900) for n in range(1000)) + b"\r\nIsi."
    found, body = headers.split(raw, 0, len(raw))
    assert found.cut
    assert raw[body:] == b"Isi."


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (b"<a@x> <b@y>", ["a@x", "b@y"]),
        (b"<a@x><b@y>", ["a@x", "b@y"]),
        (b"a@x", ["a@x"]),
        (b"Pesan dari Siti <a@x> tanggal 3", ["a@x"]),
        (b"=?utf-8?q?=3Ca=40x=3E?=", ["a@x"]),
        (b"tanpa", []),
        (b"", []),
    ],
)
def test_ids_are_found_however_they_are_dressed(value: bytes, ids: list[str]) -> None:
    assert list(headers.identifiers(value)) == ids


@pytest.mark.parametrize(
    "value", [b"", b"besok", b"Wed, 32 Mar 2026 25:00:00 +0700", b"Wed, 4 Mar 99999999 09:10:11 +0700", b"\xff" * 900]
)
def test_a_date_that_is_none_is_none(value: bytes) -> None:
    assert headers.moment(value) is None


@pytest.mark.parametrize(
    ("data", "declared", "text", "sure"),
    [
        (b"biasa", "", "biasa", True),
        (b"biasa", "tidak-ada", "biasa", True),
        ("é".encode(), "utf-8", "é", True),
        ("é".encode(), "", "é", False),
        ("é".encode(), "iso-8859-1", "é", False),
        ("é".encode("latin-1"), "iso-8859-1", "é", True),
        (b"\x93kutip\x94", "iso-8859-1", "\u201ckutip\u201d", True),
        ("é".encode("latin-1"), "utf-8", "é", False),
        ("é".encode("latin-1"), "us-ascii", "é", False),
        ("日本".encode("iso-2022-jp"), "", "日本", False),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本", True),
        ("你好，世界".encode("gb18030"), "", "你好，世界", False),
        ("你好".encode("gb18030"), "gb2312", "你好", True),
        ("hai é".encode("utf-16"), "utf-16", "hai é", True),
        (b"\xef\xbb\xbfhai", "utf-8", "hai", True),
        (b"hai", "zip", "hai", True),
        ("é".encode(), "idna", "é", False),
        ("é".encode(), "unicode_escape", "é", False),
        (b"\xff\xfe\xfd", "utf-8", "ÿþý", False),
    ],
)
def test_a_charset_is_believed_where_it_fits_and_else_guessed_with_a_doubt(
    data: bytes, declared: str, text: str, sure: bool
) -> None:
    assert charsets.decode(data, declared) == (text, sure)


def test_a_utf8_text_with_one_broken_byte_stays_readable() -> None:
    text, sure = charsets.decode("jalan – rusak – parah – sekali".encode() + b"\xff", "utf-8")
    assert text.startswith("jalan – rusak – parah – sekali")
    assert not sure
