"""Attacks on what is read and on what is written: each is one that somebody tries."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from tanggap.adapters.mail import headers, html_kept, notice, reader, verdicts
from tanggap.adapters.mail.writer import Letter, compose
from tanggap.domain import authenticity
from tanggap.domain.errors import Invalid, Park
from tanggap.domain.inbound import Authenticity, File
from tests.support.mail_properties import harmless, is_one_line, only_our_headers
from tests.support.world import GENUINE, INTAKE, START

RECEIPT = reader.Receipt("mail/1", START, (INTAKE,), "siti@warga.example", GENUINE)
BODY = b"\r\nJalan rusak.\r\n"


def read(*rows: bytes, body: bytes = BODY) -> reader.Inbound:
    return reader.read(b"\r\n".join(rows) + b"\r\n" + body, RECEIPT)


# -- verdicts: what SES wrote, and what looks like it

SES = [
    b"Return-Path: <budi@warga.example>",
    b"Received: from mx.warga.example (mx.warga.example [192.0.2.1])\r\n by inbound-smtp.ap-southeast-1.amazonaws.com"
    b" with SMTP id abc\r\n for lapor@lapor.desa-contoh.example; Tue, 03 Mar 2026 12:42:10 +0000 (UTC)",
    b"X-SES-Spam-Verdict: PASS",
    b"X-SES-Virus-Verdict: PASS",
    b"Received-SPF: fail (spfCheck: domain of warga.example does not designate 192.0.2.1) client-ip=192.0.2.1;",
    b"Authentication-Results: amazonses.com;\r\n spf=fail (spfCheck: domain of warga.example) client-ip=192.0.2.1;"
    b" envelope-from=budi@warga.example; helo=mx.warga.example;\r\n dkim=fail header.i=@warga.example;\r\n"
    b" dmarc=fail header.from=warga.example;",
    b"X-SES-RECEIPT: AEFBQUFBQUFBQUE=",
    b"X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; d=amazonses.com",
]
SENDER = [b"From: Budi <budi@warga.example>", b"Subject: Jalan", b"Message-ID: <1@warga.example>"]
ALL_WELL = b"amazonses.com; spf=pass; dkim=pass; dmarc=pass header.from=warga.example"


def judged(*rows: bytes) -> Authenticity:
    raw = b"\r\n".join(rows) + b"\r\n" + BODY
    return reader.receipt_of(raw, "mail/1", START).authenticity


def without(*names: bytes) -> list[bytes]:
    return [row for row in SES if not row.startswith(names)]


def test_what_the_service_wrote_is_read_out_of_its_block() -> None:
    facts = judged(*SES, *SENDER)
    assert (facts.spf, facts.dkim, facts.dmarc, facts.spam, facts.virus) == ("FAIL", "FAIL", "FAIL", "PASS", "PASS")
    assert facts.forged
    well = judged(*without(b"Auth"), b"Authentication-Results: " + ALL_WELL, b"X-SES-RECEIPT: A", *SENDER)
    assert well.spf == "FAIL"  # below the receipt nothing is the service's
    good = [row.replace(b"=fail", b"=pass").replace(b"SPF: fail", b"SPF: pass") for row in SES]
    assert judged(*good, *SENDER) == Authenticity("PASS", "PASS", "PASS", "", "PASS", "PASS")


@pytest.mark.parametrize(
    "rows",
    [
        [b"Authentication-Results: " + ALL_WELL],
        [b"authentication-results: " + ALL_WELL],
        [b"AUTHENTICATION-RESULTS:" + ALL_WELL],
        [b"Authentication-Results:\r\n " + ALL_WELL.replace(b";", b";\r\n\t")],
        [b"X-SES-Spam-Verdict: PASS", b"Authentication-Results: " + ALL_WELL],
        [b"X-SES-RECEIPT: B", b"Authentication-Results: " + ALL_WELL],
        [b"Received: from a by b for lapor@lapor.desa-contoh.example; Tue, 03 Mar 2026 12:42:10 +0000", *SES],
    ],
)  # fmt: skip
@pytest.mark.parametrize("missing", [(), (b"Auth",), (b"Received-SPF", b"Auth"), (b"X-SES-Virus",)])
def test_verdicts_that_the_sender_writes_below_the_receipt_are_claims(
    rows: list[bytes], missing: tuple[bytes, ...]
) -> None:
    """Also where the service left one of its own out, so that the claim would be the first of its name."""
    facts = judged(*without(*missing), *rows, *SENDER)
    assert "PASS" not in (facts.dmarc, facts.dkim, facts.spf)
    assert not replace(facts, same_domain=True).aligned
    if missing == (b"X-SES-Virus",):
        assert facts.virus == ""


def test_a_block_without_its_receipt_says_only_what_speaks_against_the_mail() -> None:
    """Nobody can tell where it ends: the last of it may be the sender's."""
    cut = without(b"X-SES-RECEIPT", b"X-SES-DKIM", b"Auth")
    facts = judged(*cut, b"Authentication-Results: " + ALL_WELL, *SENDER)
    assert (facts.spf, facts.dmarc, facts.spam, facts.virus) == ("", "", "", "")
    assert judged(*without(b"X-SES-RECEIPT", b"X-SES-DKIM"), *SENDER).forged


@pytest.mark.parametrize(
    "said",
    [
        b"dmarc=pass@warga.example", b"dmarc=pass", b"p=none@warga.example",
        b'"; dmarc=pass; spf=pass; "@warga.example',
        b'"', b"(", b'";dmarc=pass (p=none', b"x;dmarc=fail (p=none)", b"x (p=none)",
        b";dkim=pass;spf=pass;dmarc=pass;",
    ],
)  # fmt: skip
def test_an_envelope_sender_or_a_greeting_that_spells_a_verdict_is_none(said: bytes) -> None:
    """Both stand inside the service's own header."""
    rows = [row.replace(b"budi@warga.example", said).replace(b"helo=mx.warga.example", b"helo=" + said) for row in SES]
    facts = judged(*rows, *SENDER)
    assert (facts.spf, facts.dmarc, facts.forged) == ("FAIL", "FAIL", True)


def test_a_server_that_is_not_the_service_gives_no_verdict() -> None:
    for server in (b"mx.warga.example", b"notamazonses.com", b"amazonses.com.warga.example", b""):
        rows = [row.replace(b"amazonses.com;", server + b";", 1).replace(b"=fail", b"=pass") for row in SES]
        assert judged(*rows, *SENDER).dmarc == ""


def test_whom_it_was_received_for_is_what_the_service_says_last() -> None:
    rows = [row.replace(b"from mx.warga.example", b"from for lapor@lain.example", 1) for row in SES]
    receipt = reader.receipt_of(b"\r\n".join([*rows, *SENDER]) + b"\r\n" + BODY, "mail/1", START)
    assert receipt.recipients == ("lapor@lapor.desa-contoh.example",)


def test_headers_of_the_mail_change_nothing_where_the_notification_tells() -> None:
    told = replace(RECEIPT, authenticity=Authenticity("FAIL", "FAIL", "FAIL", "reject", "PASS", "PASS"))
    claims = [b"X-SES-Spam-Verdict: PASS", b"Authentication-Results: " + ALL_WELL, b"X-SES-RECEIPT: A"]
    inbound = reader.read(b"\r\n".join([*claims, *SENDER]) + b"\r\n" + BODY, told)
    assert inbound.authenticity.forged
    assert inbound.authenticity.dmarc == "FAIL"


def test_half_a_character_in_a_notification_is_stored_as_none() -> None:
    """JSON can spell it; a row cannot hold it."""
    half = "a\\ud800"
    told = notice.parse(
        '{"notificationType":"Received","receipt":{"timestamp":"2026-03-03T12:42:10Z",'
        '"recipients":["' + half + '@b.example"],"action":{"bucketName":"b","objectKey":"mail/a"}},'
        '"mail":{"source":"' + half + '@warga.example"}}'
    )
    assert isinstance(told, notice.Received)
    "".join((told.receipt.source, *told.receipt.recipients)).encode()
    inbound = reader.read(b"\r\nJalan rusak.\r\n", told.receipt)
    (inbound.sender.address + inbound.digest).encode()


# -- who wrote


@pytest.mark.parametrize(
    "rows",
    [
        [b"From: lurah@desa.example", b"From: penipu@lain.example"],
        [b"From: lurah@desa.example, penipu@lain.example"],
        [b"From: lurah@desa.example <lurah@desa.example> <penipu@lain.example>"],
        [b"From: <lurah@desa.example> <penipu@lain.example>"],
        [b"from: lurah@desa.example", b"FROM:penipu@lain.example"],
    ],
)
def test_of_two_authors_the_pass_of_one_proves_nothing_about_the_other(rows: list[bytes]) -> None:
    inbound = read(*rows)
    assert "several_senders" in inbound.doubts
    assert not inbound.authenticity.aligned
    assert authenticity.label(inbound.authenticity, inbound.sender, known=True).word == "unverified"


def test_one_author_who_is_named_twice_is_one() -> None:
    inbound = read(b"From: Siti <siti@warga.example> <SITI@warga.example>")
    assert inbound.doubts == ("no_date", "no_message_id")
    assert inbound.authenticity.aligned


@pytest.mark.parametrize(
    "value",
    [
        b'"lurah@desa.example" <penipu@lain.example>',
        b"lurah@desa.example <penipu@lain.example>",
        b"=?utf-8?q?lurah=40desa.example?= <penipu@lain.example>",
        b"=?utf-8?b?bHVyYWhAZGVzYS5leGFtcGxl?= <penipu@lain.example>",
        "Lurah\u202e\u200b <lurah@desa.ex\u0430mple>".encode(),
        "lurah@d\u0435sa.example".encode(),
        b"Lurah <lurah@xn--dsa-qdd.example>",
    ],
)
def test_who_is_made_to_look_like_somebody_else_is_a_lookalike(value: bytes) -> None:
    inbound = read(b"From: " + value)
    assert authenticity.label(GENUINE, inbound.sender, known=True).word == "lookalike"


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("lapor@LAPOR.desa-contoh.example.", "lapor@lapor.desa-contoh.example"),
        ("lapor@\uff4c\uff41\uff50\uff4f\uff52.desa-contoh.example", "lapor@lapor.desa-contoh.example"),
        ("lapor@lapor\u3002desa-contoh\uff0eexample", "lapor@lapor.desa-contoh.example"),
        ("lapor@lapor.desa\u00ad-contoh\u200b.example", "lapor@lapor.desa-contoh.example"),
        ("lapor@lapor.desa-contoh.example\u202e", "lapor@lapor.desa-contoh.example"),
    ],
)
def test_another_spelling_of_our_own_address_is_our_own_address(value: str, address: str) -> None:
    """Else the desk would write to itself."""
    assert read(b"From: " + value.encode()).sender.address == address


# -- lines that show something else than they say

TURNED = "gambar\u202egpj.exe\u2066\u200b\r\nBcc: korban@lain.example\0\x1b[31m\x85\u2028"


def word(said: str, encoding: str = "b") -> bytes:
    data = said.encode()
    text = base64.b64encode(data) if encoding == "b" else b"".join(b"=%02X" % byte for byte in data)
    return b"=?utf-8?" + encoding.encode() + b"?" + text + b"?="


@pytest.mark.parametrize("encoding", ["b", "q"])
def test_controls_and_turned_text_reach_no_line_that_tells_who_and_what(encoding: str) -> None:
    said = word(TURNED, encoding)
    inbound = read(
        b"From: " + said + b" <siti@warga.example>", b"Subject: " + said, b"Message-ID: <" + said + b"@x>",
        b"References: <" + said + b"@y> <" + TURNED.encode().replace(b"\r\n", b"") + b"@z>",
        b'Content-Type: application/pdf; name="' + said + b'"', body=b"\r\n%PDF-\r\n",
    )  # fmt: skip
    lines = (inbound.sender.name, inbound.subject, inbound.external_id, inbound.files[0].name, *inbound.references)
    assert all(is_one_line(line) for line in lines)
    assert inbound.files[0].name.startswith("gambargpj.exe")
    assert inbound.subject.startswith("gambargpj.exe")


def test_a_name_in_pieces_is_as_safe_as_one_in_one() -> None:
    inbound = read(
        b"From: siti@warga.example",
        b"Content-Disposition: attachment; filename*0*=utf-8''..%2F..%2Fetc%2Fa%00%E2%80%AE; filename*1*=%0D%0Agpj.exe",
        b"Content-Type: image/jpeg",
        body=b"\r\nMZ\x90\x00program",
    )
    (file,) = inbound.files
    assert file.name == "a gpj.exe"
    assert file.type == "application/x-msdownload"
    assert "file_type_disguised" in inbound.doubts


# -- our letters

INJECTIONS = [
    "\r\nBcc: korban@lain.example", "\nBcc: korban@lain.example", "\rBcc: korban@lain.example", "\r\n\r\n<b>isi</b>",
    "a\u2028Bcc: korban@lain.example", "a\u2029b", "a\u0085Bcc: x@y.example", "a\x0bb\x0cc", "a\0b",
    "=?utf-8?q?a=0D=0ABcc:_x?=",
    "=?utf-8?b?DQpCY2M6IHhAeS5leGFtcGxl?=", "x" * 5_000, "\u202e", '"; boundary="x', "\ud800", "<script>",
    ">\r\nTo: x@y.example",
]  # fmt: skip


@pytest.mark.parametrize("said", INJECTIONS)
def test_nothing_that_is_put_into_a_letter_adds_a_header(said: str) -> None:
    letter = Letter(
        said, INTAKE, "siti@warga.example", said, said, said, INTAKE, said, said, (said, "a@b"), said,
        {"X-Tanggap-Case": said}, (File(said, said, 1, "d", b"x"),),
    )  # fmt: skip
    raw = compose(letter)
    only_our_headers(raw)
    assert b"\r\nBcc" not in raw.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("said", INJECTIONS)
def test_no_address_carries_a_line_into_a_letter(said: str) -> None:
    for address in (said, f"a{said}@b.example", f"a@b.example{said}", f"a@b.example>{said}"):
        letter = Letter("x", INTAKE, address, "", "x", "x")
        with pytest.raises(Invalid) as refused:
            compose(letter)
        assert refused.value.code == "bad_address"
        assert "korban" not in str(refused.value)


@pytest.mark.parametrize("said", [one for one in INJECTIONS if one != "\ud800"])
def test_what_comes_in_with_a_line_break_goes_out_without_one(said: str) -> None:
    """From a citizen's header through our reading into our answer's header."""
    value = word(said)
    inbound = read(
        b"From: " + value + b" <siti@warga.example>", b"Subject: " + value, b"Message-ID: <" + value + b"@x>",
        b"References: <" + value + b"@x>",
    )  # fmt: skip
    letter = Letter(
        "Desa", INTAKE, inbound.sender.address, inbound.sender.name, f"Re: {inbound.subject}", inbound.text,
        in_reply_to=inbound.external_id, references=inbound.references, files=inbound.files,
    )  # fmt: skip
    only_our_headers(compose(letter))


# -- markup

ACTIVE = {
    "script": "<script>alert(1)</script>",
    "script in capitals, broken": "<ScRiPt\n>alert(1)</sCrIpT x>",
    "script in svg": "<svg><script>alert(1)</script></svg>",
    "svg that loads": "<svg/onload=alert(1)>",
    "math": '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "handler": '<p onclick="alert(1)" onmouseover=alert(2)>a</p>',
    "tracking picture": '<img src="https://lacak.example/a.gif?siapa=siti" width=1 height=1>',
    "picture of a part": '<img src="cid:1@warga.example">',
    "picture by data": '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    "picture set": (
        '<img srcset="https://lacak.example/1x 1x"><picture><source srcset="https://lacak.example/2"></picture>'
    ),
    "background": '<table background="https://lacak.example/a"><td style="background:url(https://lacak.example/b)">a',
    "style": "<style>@import url(https://lacak.example/a.css)</style><p style='width:expression(alert(1))'>a</p>",
    "stylesheet": (
        '<link rel=stylesheet href="https://lacak.example/a.css"><link rel=dns-prefetch href=//lacak.example>'
    ),
    "refresh": '<meta http-equiv=refresh content="0;url=https://lacak.example">',
    "base": '<base href="https://lacak.example/"><a href="a">b</a>',
    "form": (
        '<form action="https://lacak.example"><input name=a>'
        '<button formaction="javascript:alert(1)">kirim</button></form>'
    ),
    "frame": '<iframe src="https://lacak.example" srcdoc="<script>alert(1)</script>"></iframe>',
    "object": '<object data="https://lacak.example/a.swf"></object><embed src="https://lacak.example/b">',
    "sound": '<audio src="https://lacak.example/a" autoplay></audio><video poster="https://lacak.example/b"></video>',
    "link that runs": '<a href="javascript:alert(1)">a</a><a href="JaVa\tScRiPt:alert(1)">b</a>',
    "link by entities": '<a href="&#106;&#97;vascript&colon;alert(1)">a</a>',
    "link of data": '<a href="data:text/html,<script>alert(1)</script>">a</a><a href="vbscript:x">b</a>',
    "link to this very place": '<a href="//lacak.example">a</a><a href="/v1/cases">b</a>',
    "link that pings": '<a href="https://warga.example" ping="https://lacak.example" target=_blank>a</a>',
    "comment": "<!--[if mso]><script>alert(1)</script><![endif]--><!--><script>alert(1)</script>-->",
    "section": "<![CDATA[<script>alert(1)</script>]]>",
    "plain text": "<plaintext><script>alert(1)</script>",
    "text area": "<textarea></textarea><script>alert(1)</script>",
    "template": "<template><script>alert(1)</script></template>",
    "unclosed": '<img src="https://lacak.example/a',
    "null": "<scr\0ipt>alert(1)</script>",
    "names of ours": '<div id="location" name="cookie" class="x">a</div>',
}


@pytest.mark.parametrize("name", ACTIVE)
def test_markup_that_acts_or_loads_is_shown_without_what_it_does(name: str) -> None:
    page = html_kept.kept(f"<p>Jalan rusak.</p>{ACTIVE[name]}")
    harmless(page)
    assert "Jalan rusak." in page
    assert "lacak.example" not in page
    assert "javascript:" not in page.lower()
    assert html_kept.kept(page) == page


@pytest.mark.parametrize("name", ACTIVE)
def test_of_active_markup_only_words_reach_the_text(name: str) -> None:
    raw = b"Content-Type: text/html\r\n\r\n<p>Jalan rusak.</p>" + ACTIVE[name].encode()
    inbound = reader.read(b"From: siti@warga.example\r\n" + raw, RECEIPT)
    assert inbound.text.startswith("Jalan rusak.")
    assert not inbound.files


def test_a_header_block_that_never_ends_hides_no_second_one() -> None:
    """Below the blank line there is no header, however it looks."""
    inbound = read(
        b"From: siti@warga.example", body=b"\r\nFrom: lurah@desa.example\r\nAuto-Submitted: auto-replied\r\n"
    )
    assert inbound.sender.address == "siti@warga.example"
    assert inbound.automatic == ""


def test_an_object_of_nothing_is_parked_and_anything_else_is_a_message() -> None:
    for raw in (b"", b"\r\n", b"\0\0\0", b" \t"):
        with pytest.raises(Park):
            reader.read(raw, RECEIPT)
    assert reader.read(b"\xff", RECEIPT).full_text
    assert verdicts.trusted(headers.split(b"", 0, 0)[0]) == {}
