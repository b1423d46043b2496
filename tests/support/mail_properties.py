"""What must hold for whatever a stranger writes. Each check raises AssertionError; each strategy feeds one of them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

from hypothesis import strategies as st

from tanggap.adapters.mail import (
    bounds,
    failures,
    headers,
    html_kept,
    html_text,
    mime,
    notice,
    quotes,
    reader,
    verdicts,
)
from tanggap.adapters.mail.writer import Letter, compose
from tanggap.domain import authenticity, classification, likeness, thanks
from tanggap.domain.errors import Invalid, Park
from tanggap.domain.inbound import Authenticity, File, Inbound, Party
from tanggap.domain.policy import read_policy
from tanggap.domain.triage import QUESTIONS, Desk, classify, tokens_in
from tanggap.domain.words import Outcome, Priority, Reason
from tests.support import mail_strategies as made
from tests.support.world import DOMAIN, GENUINE, INTAKE, POLICY, START, World

RECEIPT = reader.Receipt("mail/1", START, (INTAKE,), "siti@warga.example", GENUINE)
DESK = Desk(DOMAIN, INTAKE)
READ_POLICY = read_policy(POLICY, 1)
#: What nobody sees and what turns the reading direction has no place in a line that tells who and what.
_UNSEEN = frozenset(map(chr, (0x61C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFF9, 0xFFFA, 0xFFFB)))


def is_one_line(text: str) -> bool:
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _UNSEEN for c in text)


def is_storable(text: str) -> bool:
    """UTF-8 without a NUL, as tables, JSON and mail take it."""
    return "\0" not in text and text.encode("utf-8").decode("utf-8") == text


def mail(raw: bytes) -> None:
    found = _read(raw)
    again = _read(raw)
    assert again == found, "read twice, understood otherwise"
    reader.receipt_of(raw, "mail/1", START)
    with suppress(Park):
        reader.stored(raw, "mail/1", START, INTAKE)
    if found is None:
        return
    within_bounds(found)
    storable(found)
    if _HEADER.match(raw):
        carried = _read(_ON_TOP + raw)
        assert carried is not None
        assert carried.digest == found.digest, "headers on top made another message of it"
    verdict = classify(found, DESK)
    assert verdict.question in {question.name for question in QUESTIONS}
    shown = html_kept.shown(raw)
    if shown is not None:
        harmless(shown)


#: A header that is ours to begin with: a mailbox file's separator or rubbish would be no header under others.
_HEADER = re.compile(rb"[A-Za-z][A-Za-z-]{0,60}:[^\r\n]*\r?\n")
_ON_TOP = (
    b"Return-Path: <siti@warga.example>\r\nReceived: from mx by inbound-smtp with SMTP id 1 for "
    b"lapor@desa-contoh.example; Tue, 3 Mar 2026 12:42:10 +0000\r\nX-SES-Spam-Verdict: PASS\r\n"
)


def _read(raw: bytes) -> Inbound | None:
    try:
        return reader.read(raw, RECEIPT)
    except Park as parked:
        if parked.reason != Reason.UNREADABLE or raw.strip(b"\0\r\n\t "):
            raise AssertionError("parked though there is something") from parked
        return None


def within_bounds(found: Inbound) -> None:
    assert len(found.full_text) <= bounds.TEXT
    assert len(found.text) <= len(found.full_text) + 1  # a blank line over what somebody forwards
    assert len(found.subject) <= bounds.SUBJECT
    assert len(found.sender.name) <= bounds.NAME
    for addresses in (found.recipients, found.addressed):
        assert len(addresses) <= bounds.ADDRESSES
        assert len(set(addresses)) == len(addresses)
    for address in (found.sender.address, *found.recipients, *found.addressed):
        assert len(address) <= bounds.ADDRESS
        assert address == headers.normalised(address)
    assert len(found.references) <= bounds.REFERENCES
    assert all(0 < len(one) <= bounds.IDENTIFIER for one in (*found.references, found.external_id))
    assert len(found.files) <= bounds.FILES
    assert len(found.left_out) <= bounds.NAMES_LEFT_OUT
    assert all(0 < len(name) <= bounds.FILE_NAME for name in (*(file.name for file in found.files), *found.left_out))
    assert set(found.doubts) <= {str(doubt) for doubt in bounds.Doubt}
    assert bool(found.text.strip()) == bool(found.full_text.strip())
    failed(found.failures)


def failed(told: tuple[Any, ...]) -> None:
    assert len(told) <= bounds.FAILURES
    for one in told:
        assert not one.delivery_id, "a stranger named our row"
        assert not one.case_number
        assert len(one.recipient) <= bounds.ADDRESS
        assert one.kind in ("bounce", "delay", "complaint", "delivery", "reject")
        assert len(one.references) + len(one.reply_to) < 200
        assert is_one_line(one.recipient + one.status + "".join((one.original_id, *one.references, *one.reply_to)))


def storable(found: Inbound) -> None:
    lines = (
        found.sender.name, found.sender.address, found.subject, found.external_id, found.automatic, *found.references,
        *found.recipients, *found.addressed, *found.left_out, *found.extra.values(),
        *(said for file in found.files for said in (file.name, file.type)),
    )  # fmt: skip
    for line in lines:
        assert is_one_line(line), f"a line that is none: {line!a}"
        assert is_storable(line)
    for said in (found.text, found.full_text):
        assert is_storable(said)
    for file in found.files:
        assert not set(file.name) & set('/\\<>:"|?*')
        assert file.name.strip(". ") == file.name or len(file.name) == bounds.FILE_NAME
        assert file.size == len(file.content)


_BY_TWO_WAYS = ("text/", "message/")


def line_ends(raw: bytes) -> None:
    """One mail by two ways: line ends and trailing blanks are not the sender's words."""
    plain = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    doubts: set[str] = set()
    tree = mime.parse(plain, doubts)
    encoded = ("base64", "quoted-printable", "")
    for leaf in tree.leaves():
        given = leaf.headers.get("content-transfer-encoding").lower().partition(";")[0].strip()
        if (
            given not in encoded
            or not (leaf.type.startswith(_BY_TWO_WAYS) or given == "base64")
            or b"\0" in leaf.encoded
        ):
            return  # the bytes of a file are its own
    if doubts:
        return
    one, other = _read(plain), _read(plain.replace(b"\n", b"\r\n"))
    if one and other:
        assert one.digest == other.digest
        assert one.subject == other.subject
        assert one.sender == other.sender


def told_notice(body: str) -> None:
    with suppress(Park):
        told = notice.parse(body)
        json.dumps(str(told)).encode()
        for said in _strings(told):
            assert is_storable(said) or "\0" in said
        if isinstance(told, notice.Received | notice.Replay):
            assert told.key
            assert len(told.key.encode()) <= bounds.KEY
            assert told.key.isprintable()
        if isinstance(told, notice.DeliveryReport):
            assert 0 < len(told.failures) <= bounds.FAILURES
            assert all(len(one.delivery_id) + len(one.case_number) <= 2 * bounds.IDENTIFIER for one in told.failures)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _strings(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _strings(getattr(value, name))


def cut(text: str, writer: str, subject: str) -> None:
    own = quotes.cut(text, writer, subject)
    assert bool(own.strip()) == bool(text.strip())
    have = {line.rstrip() for line in text.split("\n")} | {""}
    assert {line.rstrip() for line in own.split("\n")} <= have
    assert len(own) <= len(text) + 1


def readable(html: str) -> None:
    text = html_text.readable(html)
    assert html_text.readable(html) == text
    assert len(text) <= 10 * len(html) + 200


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


_ATTRIBUTES = {"a": {"href", "rel"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_ACTIVE = {
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "meta", "base", "link", "svg", "math",
    "img",
    "video", "audio", "source", "template", "textarea", "title", "plaintext", "xmp", "noscript", "frame", "applet",
    "body", "html",
}  # fmt: skip


def harmless(page: str) -> None:
    """By another parser than the sanitiser's: no tag that acts or loads, no attribute but a link's, and no other link
    than to a page, an address or a telephone."""
    tags = _Tags()
    tags.feed(page)
    tags.close()
    for tag, attributes in tags.seen:
        assert tag not in _ACTIVE, tag
        assert set(attributes) <= _ATTRIBUTES.get(tag, set()) | {"lang", "title"}, attributes
        link = attributes.get("href")
        assert link is None or re.match(r"(https?|mailto|tel):", link, re.IGNORECASE), link


def kept(html: str) -> None:
    page = html_kept.kept(html)
    harmless(page)
    assert html_kept.kept(page) == page, "cleaning it again changes it"
    assert is_storable(page)


def reported(raw: bytes) -> None:
    doubts: set[str] = set()
    tree = mime.parse(raw, doubts)
    for source in ("", "?", "siti@warga.example"):
        text = "\n".join(raw.decode("utf-8", "replace").split("\n")[:200])
        failed(failures.reported(tree, doubts, source, text, (INTAKE,)))


def understood(subject: str, text: str, name: str) -> None:
    """Thanks, kind, category, priority, likeness: each takes any words."""
    assert thanks.only_thanks(text, (name,)) in (True, False)
    if thanks.only_thanks(text, (name,)):
        assert len(text) <= thanks.LONGEST
    found = classification.classify(subject, text, (INTAKE, "jalan@desa-contoh.example"), READ_POLICY)
    assert found.priority in set(Priority)
    assert len(found.whys) < 20
    sketch = likeness.sketch(subject, text, "r1")
    assert sketch == likeness.sketch(subject, text, "r1")
    assert len(sketch.words) <= likeness.WORDS
    assert all(0 <= one < 2**32 for one in sketch.words)
    assert not sketch.words or likeness.likeness(sketch.words, sketch.words) == 1


def labelled(facts: Authenticity, name: str, address: str) -> None:
    label = authenticity.label(facts, Party(address, name), known=True)
    assert label.word in ("verified", "unverified", "lookalike", "forged")
    assert all(is_one_line(reason) for reason in label.reasons)
    if facts.forged:
        assert label.word == "forged"
    if label.word == "verified":
        assert facts.aligned


_VERDICT = st.sampled_from(("", "PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED"))
_FACTS = st.builds(
    Authenticity, spf=_VERDICT, dkim=_VERDICT, dmarc=_VERDICT,
    policy=st.sampled_from(("", "none", "quarantine", "reject")),
    spam=_VERDICT, virus=_VERDICT, same_domain=st.booleans(),
)  # fmt: skip

_SES = (
    b"Return-Path: <%s>\r\nReceived: from %s (%s [192.0.2.1])\r\n by inbound-smtp.ap-southeast-1.amazonaws.com with"
    b" SMTP id x\r\n for lapor@desa-contoh.example; Tue, 03 Mar 2026 12:42:10 +0000 (UTC)\r\n"
    b"X-SES-Spam-Verdict: FAIL\r\nX-SES-Virus-Verdict: FAIL\r\n"
    b"Received-SPF: fail (spfCheck: domain of %s does not designate) client-ip=192.0.2.1;\r\n envelope-from=%s;"
    b" helo=%s;\r\nAuthentication-Results: amazonses.com;\r\n spf=fail (spfCheck: domain of %s) client-ip=192.0.2.1;"
    b"\r\n envelope-from=%s; helo=%s;\r\n dkim=fail header.i=@warga.example;\r\n dmarc=fail header.from=warga.example;"
    b"\r\nX-SES-RECEIPT: AEFB\r\nX-SES-DKIM-SIGNATURE: a=rsa-sha256; d=amazonses.com\r\n"
)
#: What a server lets through as an envelope's sender or a greeting.
_ATOMS = st.text("abcdp=.;-_+'/?{}|~^$%&!#* \"(\\", max_size=20).map(
    lambda one: one.replace("a", "dmarc=pass").replace("b", "spf=pass").replace("c", "p=none")
)


def believed(sender: str, greeting: str, below: bytes) -> None:
    """SES said FAIL to everything; nothing that the sender wrote, beside it or under it, raises that."""
    said = (sender + "@warga.example").encode()
    hello = greeting.encode()
    raw = _SES % (said, hello, hello, said, said, hello, said, said, hello) + below + b"\r\n\r\nx"
    facts = verdicts.authenticity(verdicts.trusted(headers.split(raw, 0, len(raw))[0]))
    assert facts.dmarc == facts.spf == facts.virus == facts.spam == "FAIL", facts
    assert facts.forged
    assert not replace(facts, same_domain=True).aligned


_FORGED_HEADERS = st.lists(
    st.builds(
        lambda name, value: name + b": " + value,
        st.sampled_from((
            b"X-SES-Spam-Verdict", b"X-SES-Virus-Verdict", b"Received-SPF", b"Authentication-Results", b"X-SES-RECEIPT",
            b"authentication-results", b"X-SES-Other", b"Received", b"Return-Path", b"Authentication-Results ",
        )),
        st.sampled_from((b"PASS", b"pass", b"amazonses.com; spf=pass; dkim=pass; dmarc=pass",
            b"amazonses.com;\r\n dmarc=pass")),
    ),
    max_size=6,
).map(b"\r\n".join)  # fmt: skip

HEADERS = {
    "From", "To", "Subject", "Reply-To", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "X-Tanggap-Case", "MIME-Version", "Content-Type",
}  # fmt: skip


def composed(said: str, name: str, address: str, references: list[str], file: str) -> None:
    """Our letter has our headers, each once, whatever is put into it."""
    letter = Letter(
        sender_name=name,
        sender_address=INTAKE,
        to_address=address,
        to_name=name,
        subject=said,
        text=said,
        reply_to=INTAKE,
        auto_submitted="auto-replied",
        in_reply_to=references[0] if references else "",
        references=tuple(references),
        message_id="d.t@" + DOMAIN,
        extra_headers={"X-Tanggap-Case": said},
        files=(File(file, "application/pdf", 1, "d", b"x"),),
    )
    try:
        raw = compose(letter)
    except Invalid:
        assert "=?" in address or headers.normalised(address) != address or not _SENDABLE.fullmatch(address)
        return
    only_our_headers(raw)


_SENDABLE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")


def only_our_headers(raw: bytes) -> None:
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    names = [row.partition(b":")[0].decode("ascii") for row in head.split(b"\r\n") if row[:1] not in b" \t"]
    assert set(names) <= HEADERS, names
    assert len(names) == len(set(names)), names
    assert all(len(row) <= 998 for row in raw.split(b"\r\n"))
    head.decode("ascii")


def filed(raw: bytes) -> None:
    """All the way: an outcome with a reason, at most one letter to whoever wrote, and none to anybody else outside."""
    from tanggap.application.receive import Raw
    from tanggap.domain.words import Channel

    found = _read(raw)
    world = World()
    result = world.receive(Raw("mail/1", Channel.EMAIL, START, len(raw), found, None if found else Reason.UNREADABLE))
    world.pump()
    assert result.reason in set(Reason)
    assert (result.outcome is Outcome.FILED) == bool(result.case) or result.outcome is Outcome.STATUS
    letters = [one for one in world.outbox() if not one.to_address.endswith("@kantor.example")]
    assert len(letters) <= 1
    if found is not None:
        assert all(one.to_address == found.sender.address for one in letters)
        assert not (letters and (found.automatic or found.failures))


@dataclass(frozen=True, slots=True)
class Property:
    """`share`: how many examples in a hundred of all it gets in the long run."""

    check: Callable[..., None]
    given: tuple[st.SearchStrategy[Any], ...]
    share: int


def _address_of(raw: bytes) -> tuple[str, ...]:
    return tokens_in(tuple(raw.decode("utf-8", "replace").split()), DESK)


PROPERTIES: dict[str, Property] = {
    "any built mail is a message within bounds": Property(mail, (made.built,), 20),
    "any damaged sample is a message within bounds": Property(mail, (made.damaged,), 15),
    "any bytes are a message within bounds": Property(mail, (st.binary(max_size=400),), 5),
    "a mail is the same message with either line end": Property(line_ends, (made.built,), 5),
    "any mail is filed or has a reason": Property(filed, (made.mails,), 10),
    "any notice is understood or parked": Property(told_notice, (made.notices,), 5),
    "any text is cut to lines of its own": Property(cut, (made.lines, made.text, made.text), 8),
    "any markup becomes text": Property(readable, (made.markup,), 5),
    "any markup is kept harmless": Property(kept, (made.markup,), 7),
    "any report names no row of ours": Property(reported, (made.mails,), 5),
    "any words are understood": Property(understood, (made.text, made.lines, made.text), 5),
    "any name has its label": Property(labelled,
        (_FACTS, made.text, st.one_of(made.text, st.sampled_from(made.ADDRESSES))), 3),
    "no verdict but the service's is believed": Property(believed, (_ATOMS, _ATOMS, _FORGED_HEADERS), 3),
    "no letter has a header that is not ours": Property(
        composed,
        (made.text, made.text, st.one_of(made.text, st.sampled_from(made.ADDRESSES)), st.lists(made.text, max_size=3),
            made.text), 4
    ),
}  # fmt: skip
