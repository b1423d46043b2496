"""Mail out of nothing: header sets, MIME trees, texts, markup, and our sample mails with damage done to them."""

from __future__ import annotations

import base64
import json
import quopri
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
SAMPLES = tuple(
    path.read_bytes() for folder in ("tests/mails", "events") for path in sorted((ROOT / folder).glob("*.eml"))
)
CHARSETS = (
    "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "utf-16", "utf-16le", "utf-7", "iso-2022-jp", "iso-2022-kr",
    "gb2312", "gb18030", "hz-gb-2312", "big5", "shift_jis", "euc-kr", "koi8-r", "tis-620", "x-unknown", "idna", "zip",
    '"utf-8', "", "utf-8\0",
)  # fmt: skip
#: What hurts: controls, invisible ones, those that turn the direction, halves, what a grammar reads.
SHARP = (
    "\0", "\x01", "\t", "\x0b", "\x1b", "\x7f", "\x85", "\x9b", "\u00a0", "\u00ad", "\u034f", "\u061c", "\u200b",
    "\u200d", "\u200e", "\u2028", "\u2029", "\u202e", "\u2066", "\u2069", "\ufeff", "\ufffd", "\uffff",
    "\U0001f6a7", "\U000e0041", "İ", "ß", "ﬁ", "\r\n", "\n", "\r", '"', "\\", "(", ")", "<", ">", "@", ",", ";", ":",
    "=",
    "=?", "?=", "%", "/", "..", "'", "&", "&#", "|", "*", "-- ", "> ", "+", "[", "]", "{",
)  # fmt: skip
WORDS = (
    "jalan rusak", "Siti", "terima kasih", "RT 3 RW 5", "TGP-4K7M-9QXW",
    "Pada 3 Mar 2026 10.15 Siti <a@b.example> menulis:",
    "Dari: Siti <a@b.example>", "Dikirim: 3 Maret 2026 10.15", "Kepada: lapor@desa-contoh.example",
    "Perihal: Re: jalan",
    "-- Mohon balas di atas baris ini --", "---------- Forwarded message ---------", "Dikirim dari iPhone saya",
    "umur 78 tahun", "kebakaran", "begin 644 a.txt", "#0V%T", "end", "=ybegin name=a", "=yend",
    "-----BEGIN PGP SIGNED MESSAGE-----", "550 5.1.1 user unknown", "The following address failed: a@b.example",
    "Final-Recipient: rfc822; a@b.example", "Action: failed", "Saya sedang cuti.", "Hormat saya,",
)  # fmt: skip
MARKUP = (
    "<p>", "</p>", "<br>", "<div>", "</div>", "<div style='display:none'>", '<div class="gmail_quote">', "<blockquote>",
    "</blockquote>", "<pre>", "</pre>", "<ul>", "<li>", "<ol>", "<table>", "<tr>", "<td>", "</td>", "<!--", "-->",
    "<![CDATA[",
    "<script>", "</script>", "<style>", "</style>", "<svg onload=x>", "<math>", "<img src=x onerror=y>",
    "<img src='cid:1'>",
    '<img alt="a">', "<a href='javascript:x'>", '<a href="http://a.example/?b=c&d">', "</a>", "<iframe src=x>",
    "<form action=x>",
    "<input>", "<meta http-equiv=refresh content=0>", "<base href=x>", "<link rel=stylesheet href=x>", "<template>",
    "<noscript>", "<textarea>", "<title>", "<plaintext>", "<xmp>", "&amp;", "&#0;", "&#xD800;", "&lt;script&gt;",
    "&NewLine;", "<p style='background:url(x)'>", "<x onclick=y>", "</", "<", ">", "<?xml", "\0", "=", '"', "'",
)  # fmt: skip
ADDRESSES = (
    "siti@warga.example", "SITI@Warga.Example", "lapor@desa-contoh.example", "lapor+abc234@desa-contoh.example", "a@b",
    '"a b"@c.example', "a@[127.0.0.1]", "@a.example:b@c.example", "siti@wargа.example", "a@xn--80ak6aa92e.example",
    "siti @ warga.example", "mailto:a@b.example", "a@b@c", "<>", "undisclosed-recipients:;", "a@ｂ.example",
    "a@b.example.",
)  # fmt: skip
TYPES = (
    "text/plain", "text/html", "text/enriched", "text/calendar; method=REPLY", "text/x-amp-html", "text",
    "application/pdf",
    "image/jpeg", "image/svg+xml", "application/ms-tnef", "message/rfc822", "message/delivery-status",
    "text/rfc822-headers",
    "message/feedback-report", "message/partial", "message/external-body", "application/pkcs7-mime",
    "application/octet-stream",
    "multipart/mixed", "nonsense", "",
)  # fmt: skip
CONTAINERS = (
    "mixed",
    "alternative",
    "related",
    "report; report-type=delivery-status",
    "digest",
    "signed",
    "encrypted",
    "x",
)
BOUNDARIES = ("b", "bb", "=_b", "--b", "b ", "a b", '"b"', "\u00e9", "")
NAMES = (
    "Subject", "From", "To", "Cc", "Reply-To", "Sender", "Message-ID", "In-Reply-To", "References", "Date",
    "Return-Path",
    "Received", "Auto-Submitted", "Precedence", "List-Id", "X-Auto-Response-Suppress", "X-Failed-Recipients",
    "X-SES-Spam-Verdict", "X-SES-RECEIPT", "Authentication-Results", "Received-SPF", "Content-Type", "Content-Language",
    "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version", "subject ", "FROM", "X-\x7f", "", " ",
)  # fmt: skip

text = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(SHARP), st.text(max_size=8)), max_size=8).map("".join)
lines = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(("", "> ", "-- ", ">> a", "* b", "| c | d")), text), max_size=30
).map("\n".join)
markup = st.lists(st.one_of(st.sampled_from(MARKUP), text), max_size=25).map("".join)


def _bytes_of(said: str, charset: str) -> bytes:
    try:
        return said.encode(charset.strip('"'), "replace")
    except (LookupError, UnicodeError, ValueError, TypeError, AssertionError):
        return said.encode("utf-8", "surrogatepass")


def _word(said: str, charset: str, encoding: str) -> str:
    data = _bytes_of(said, charset)
    if encoding in "bB":
        return f"=?{charset}?{encoding}?{base64.b64encode(data).decode()}?="
    return f"=?{charset}?{encoding}?{quopri.encodestring(data, header=True).decode('latin-1')}?="


words = st.builds(_word, text, st.sampled_from(CHARSETS), st.sampled_from("bBqQ"))
identifiers = st.one_of(
    st.sampled_from(("<1@warga.example>", "<a.b@desa-contoh.example>", "1@a", "<<>>", "<a b@c>", "<>")),
    st.builds("<{}@x>".format, st.one_of(text, words)),
)
addresses = st.builds(
    "{}{}<{}>{}".format, st.one_of(text, words, st.just("")), st.sampled_from(("", " ", "(a)", ",")),
    st.sampled_from(ADDRESSES), st.sampled_from(("", ",", " <b@c.example>", " (b)")),
)  # fmt: skip
values = st.one_of(
    text, words, identifiers, addresses,
    st.lists(st.one_of(words, identifiers, addresses, text), max_size=5).map(" ".join),
    st.sampled_from(("auto-replied", "bulk", "<>", "Tue, 3 Mar 2026 19:42:10 +0700", "base64",
        "amazonses.com; dmarc=pass")),
)  # fmt: skip
parameters = st.builds(
    '; {}="{}"'.format, st.sampled_from(("name", "filename", "name*", "name*0*", "name*1", "charset", "format", "x")),
    st.one_of(text, words, st.sampled_from(("utf-8''%41%0D%0A", "%E2%80",
        "iso-2022-jp''%1B$B", "flowed", "gambar\u202egpj.exe"))),
)  # fmt: skip
encodings = st.sampled_from(
    ("", "7bit", "8bit", "base64", "quoted-printable", "BASE64 ", "x-uuencode", "binary", "nonsense")
)


def _header(name: str, value: str, charset: str) -> bytes:
    return name.encode("utf-8", "replace") + b": " + _bytes_of(value, charset)


headers = st.builds(_header, st.sampled_from(NAMES), values, st.sampled_from(CHARSETS))


def _leaf(
    kind: str, given: list[str], said: str, charset: str, encoding: str, more: list[bytes], disposition: str
) -> bytes:
    data = _bytes_of(said, charset)
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data)
    first = f'Content-Type: {kind}; charset="{charset}"' if charset else f"Content-Type: {kind}"
    rows = [_bytes_of(first + "".join(given), "utf-8"), *more]
    if encoding:
        rows.append(b"Content-Transfer-Encoding: " + encoding.encode())
    if disposition:
        rows.append(b"Content-Disposition: " + disposition.encode("utf-8"))
    return b"\n".join(rows) + b"\n\n" + data


dispositions = st.sampled_from(
    ("", "", "inline", "attachment", 'attachment; filename="../../a\u202egpj.exe"', "inline; filename=a")
)
leaves = st.builds(
    _leaf, st.sampled_from(TYPES), st.lists(parameters, max_size=2), st.one_of(lines, markup, text),
    st.sampled_from(CHARSETS),
    encodings, st.lists(headers, max_size=2), dispositions,
)  # fmt: skip


def _container(kind: str, boundary: str, children: list[bytes], ends: str, before: bytes) -> bytes:
    mark = b"--" + boundary.encode("utf-8")
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'.encode()
    return head + before + b"".join(b"\n" + mark + b"\n" + child for child in children) + b"\n" + mark + ends.encode()


def _containers(children: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.builds(
        _container, st.sampled_from(CONTAINERS), st.sampled_from(BOUNDARIES), st.lists(children, max_size=4),
        st.sampled_from(("--\n", "--", "", "-", "--\nbehind")), st.sampled_from((b"", b"before\n", b"\xff")),
    )  # fmt: skip


trees = st.recursive(leaves, _containers, max_leaves=6)
_HEAD = (
    b"From: Siti <siti@warga.example>\nTo: lapor@desa-contoh.example\nMessage-ID: <1@warga.example>\n"
    b"Date: Tue, 3 Mar 2026 19:42:10 +0700\nSubject: Jalan rusak"
)
heads = st.one_of(st.lists(headers, max_size=8).map(b"\n".join), st.just(_HEAD))
line_ends = st.sampled_from((b"\n", b"\r\n", b"\r\n", b"\r"))
built = st.builds(lambda head, tree, end: (head + b"\n" + tree).replace(b"\n", end), heads, trees, line_ends)

_cuts = st.tuples(st.floats(0, 1), st.floats(0, 1))
_pieces = st.one_of(
    st.binary(max_size=6), headers, values.map(lambda one: one.encode("utf-8", "replace")),
    st.sampled_from(SAMPLES).map(lambda one: one[:400]),
    st.sampled_from((b"\0", b"\r\n\r\n", b"\n", b"--b", b"\xff\xfe", b"\x1b$B")),
)  # fmt: skip
_damages = st.lists(
    st.tuples(st.sampled_from(("flip", "insert", "delete", "double", "cut", "splice")), _cuts, _pieces),
    min_size=1,
    max_size=6,
)


def _damaged(sample: bytes, damages: list[tuple[str, tuple[float, float], bytes]], other: bytes) -> bytes:
    raw = bytearray(sample)
    for kind, (where, how_far), piece in damages:
        place = int(where * len(raw))
        end = min(len(raw), place + 1 + int(how_far**3 * len(raw)))
        if kind == "flip" and place < len(raw):
            raw[place] ^= 1 << int(how_far * 7)
        elif kind == "insert":
            raw[place:place] = piece
        elif kind == "delete":
            del raw[place:end]
        elif kind == "double":
            raw[place:place] = raw[place:end]
        elif kind == "cut":
            del raw[max(place, 40) :]
        elif kind == "splice":
            raw[place:] = other[int(how_far * len(other)) :]
    return bytes(raw)


damaged = st.builds(_damaged, st.sampled_from(SAMPLES), _damages, st.sampled_from(SAMPLES))
mails = st.one_of(built, damaged, st.binary(max_size=200))


# -- notices

_scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), text, st.sampled_from((
    "Received", "Bounce", "Complaint", "Delivery", "DeliveryDelay", "Reject", "Permanent", "2026-03-03T12:42:10.000Z",
    "PASS",
    "mail/abc", "replay", "again", "anew", "Notification", "AMAZON_SES_SETUP_NOTIFICATION", "\ud800",
    "siti@warga.example",
)))  # fmt: skip
_keys = st.sampled_from((
    "Type", "Message", "notificationType", "eventType", "receipt", "mail", "action", "bucketName", "objectKey",
    "messageId",
    "timestamp", "source", "destination", "recipients", "spfVerdict", "status", "dmarcPolicy", "bounce",
    "bouncedRecipients",
    "emailAddress", "bounceType", "complaint", "complainedRecipients", "delivery", "deliveryDelay", "tags", "case",
    "tanggap", "key",
    "actor",
))  # fmt: skip
_json = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_keys, inner, max_size=6)),
    max_leaves=20,
)
_RECEIVED = {
    "notificationType": "Received",
    "receipt": {
        "timestamp": "2026-03-03T12:42:10.000Z", "recipients": ["lapor@desa-contoh.example"],
        "spfVerdict": {"status": "PASS"},
        "action": {"type": "S3", "bucketName": "b", "objectKey": "mail/abc"},
    },
    "mail": {"timestamp": "2026-03-03T12:42:10.000Z", "source": "siti@warga.example", "messageId": "abc"},
}  # fmt: skip
_BOUNCE = {
    "eventType": "Bounce",
    "mail": {"messageId": "m", "tags": {"case": ["TGP-1"], "delivery": ["d"]}, "destination": ["a@b.example"]},
    "bounce": {"bounceType": "Permanent", "timestamp": "2026-03-03T12:42:10.000Z",
        "bouncedRecipients": [{"emailAddress": "a@b.example", "status": "5.1.1"}]},
}  # fmt: skip


def _spoilt(content: dict[str, object], path: list[str], value: object) -> dict[str, object]:
    content = json.loads(json.dumps(content))
    place: object = content
    for name in path[:-1]:
        place = place.get(name) if isinstance(place, dict) else None
    if isinstance(place, dict) and path:
        place[path[-1]] = value
    return content


_spoilt_notices = st.builds(
    _spoilt, st.sampled_from((_RECEIVED, _BOUNCE)), st.lists(_keys, min_size=1, max_size=3), _json
)
notices = st.one_of(
    st.one_of(_json, _spoilt_notices).map(json.dumps),
    _spoilt_notices.map(lambda one: json.dumps({"Type": "Notification", "Message": json.dumps(one)})),
    text, st.sampled_from(("[" * 5000, '{"a":' * 5000, "1" * 5000, "NaN", "")),
)  # fmt: skip
Check = Callable[..., None]
