"""Officers by mail, byte for byte: our letter as it leaves, and replies as programs write them."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tanggap.adapters.mail import reader
from tanggap.adapters.ses import SesPost
from tanggap.application.receive import Raw, Result
from tanggap.domain.inbound import Authenticity
from tanggap.domain.office_tokens import REPLY_DAYS
from tanggap.domain.words import Channel, Reason
from tests.support.world import COORDINATOR, DOMAIN, GENUINE, INTAKE, World

PU, SITI = "pu@kantor.example", "siti@warga.example"
ANSWER = "Petugas kami menambal jalan di RT 3 hari Selasa."
NOTE = "Jangan sebut nama pemborong kepada pelapor."


class Wire:
    """SES's client, as far as it takes raw mail."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, EmailMessage]] = []

    def send_email(self, **asked: Any) -> dict[str, str]:
        (to,) = asked["Destination"]["ToAddresses"]
        self.sent.append((to, email.message_from_bytes(asked["Content"]["Raw"]["Data"], policy=email.policy.default)))
        return {"MessageId": f"0100{len(self.sent):012x}-0000abcd-0000-0000-0000-000000000000-000000"}

    def last(self, to: str) -> EmailMessage:
        return [mail for address, mail in self.sent if address == to][-1]


def desk() -> tuple[World, Wire, str, EmailMessage]:
    """A case that is assigned, and the letter that its liaison got."""
    world, wire = World(), Wire()
    tokens = world.tokens
    world.sends_by(SesPost(lambda: wire, lambda: "Desa Contoh", INTAKE, "set", tokens.of, tokens.of_office))
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, NOTE)
    world.pump()
    return world, wire, number, wire.last(PU)


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def answer(letter: EmailMessage, text: str, more: str = "", kind: str = "text/plain", sender: str = PU) -> bytes:
    """What the liaison's program sends back."""
    return (
        f"From: Budi <{sender}>\nTo: {letter['Reply-To']}\nSubject: Re: {letter['Subject']}\n"
        f"Message-ID: <{abs(hash(text + more))}@kantor.example>\nIn-Reply-To: {letter['Message-ID']}\n"
        f"References: {letter['Message-ID']}\nDate: Tue, 24 Nov 2026 09:00:00 +0700\n{more}"
        f"MIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\n\n{text}\n"
    ).encode()


def post(world: World, raw: bytes, letter: EmailMessage, facts: Authenticity = GENUINE, source: str = PU) -> Result:
    world.made += 1
    key = f"mail/raw{world.made}"
    to = str(letter["Reply-To"])
    inbound = reader.read(raw, reader.Receipt(key, world.now, (to,), source, facts))
    result = world.receive(Raw(key, Channel.EMAIL, world.now, len(raw), inbound))
    world.pump()
    return result


def said(world: World, number: str) -> list[str]:
    return [d.text for d in world.cases.file(number).deliveries if d.reporter and d.purpose == "reply"]


def test_the_letter_that_leaves_shows_the_offices_own_reply_address() -> None:
    world, _, number, letter = desk()
    local, _, domain = str(letter["Reply-To"]).partition("@")
    token = local.removeprefix("lapor+")
    assert (domain, token[0], len(token)) == (DOMAIN, "o", 26)
    found = world.tokens.office(token, [PU])
    assert found and (found.number, found.address) == (number, PU)
    assert world.tokens.case_of(token) is None
    assert world.tokens.case_of(str(letter["Message-ID"]).partition(".")[2].partition("@")[0]) == number
    assert body(letter).startswith("-- Mohon balas di atas baris ini")
    assert "Balas surel ini untuk menjawab pelapor." in body(letter)


EXPIRY = [
    (0, 3, Reason.OFFICE_REPLY),
    (REPLY_DAYS, 16, Reason.OFFICE_REPLY),
    (REPLY_DAYS, 17, Reason.OFFICE_NOTE),
    (REPLY_DAYS + 300, 3, Reason.OFFICE_NOTE),
]


def quoted_below(letter: EmailMessage) -> str:
    return f"{ANSWER}\n\nOn 24/11/2026 08:00, Desa Contoh wrote:\n{quoted(letter)}"


def quoted(letter: EmailMessage) -> str:
    return "\n".join(f"> {line}".rstrip() for line in body(letter).split("\n"))


REPLIES = {
    "gmail": lambda letter: (
        f"{ANSWER}\n\nPada Sel, 24 Nov 2026 pukul 08.00 Desa Contoh <{INTAKE}> menulis:\n\n{quoted(letter)}"
    ),
    "thunderbird": lambda letter: f"{ANSWER}\n\nOn 24/11/2026 08:00, Desa Contoh wrote:\n{quoted(letter)}",
    "outlook": lambda letter: (
        f"{ANSWER}\n\n________________________________\nDari: Desa Contoh <{INTAKE}>\nDikirim: 24 November 2026 8:00\n"
        f"Kepada: {PU}\nPerihal: {letter['Subject']}\n\n{body(letter)}"
    ),
    "pesan asli": lambda letter: f"{ANSWER}\n\n-----Pesan Asli-----\n{body(letter)}",
    "no mark at all": lambda letter: f"{ANSWER}\n\n{body(letter)}",
    "phone": lambda letter: f"{ANSWER}\n\nDikirim dari Yahoo Mail untuk Android\n\n{quoted(letter)}",
    "signature": lambda letter: f"{ANSWER}\n\n-- \nBudi Santoso\nDinas Pekerjaan Umum\n\n{quoted(letter)}",
    "nothing quoted": lambda letter: ANSWER,
}


@pytest.mark.parametrize("program", REPLIES)
def test_of_a_reply_only_the_officers_own_words_go_to_the_reporter(program: str) -> None:
    world, wire, number, letter = desk()
    assert post(world, answer(letter, REPLIES[program](letter)), letter).reason is Reason.OFFICE_REPLY
    (text,) = said(world, number)
    assert text.partition("\n")[0] == ANSWER
    out = body(wire.last(SITI))
    assert ANSWER in out and not any(word in out for word in (NOTE, "Disposisi", "Budi", "Pekerjaan Umum", PU))
    assert f"| {ANSWER}" in body(wire.last(PU))


def test_a_reply_in_html_alone_is_read_too() -> None:
    world, _, number, letter = desk()
    old = "".join(f"<p>{line}</p>" for line in body(letter).split("\n"))
    attribution = f"Pada Sel, 24 Nov 2026 pukul 08.00 Desa Contoh &lt;{INTAKE}&gt; menulis:"
    quote = f"<div class='gmail_quote'><div>{attribution}<br></div><blockquote>{old}</blockquote></div>"
    html = f"<div>{ANSWER}</div><br>{quote}"
    assert post(world, answer(letter, html, kind="text/html"), letter).reason is Reason.OFFICE_REPLY
    assert said(world, number)[0].partition("\n")[0] == ANSWER


HELD = {
    "nothing above the quote": lambda letter: quoted(letter),
    "our letter sent back": lambda letter: body(letter),
    "words between the lines": lambda letter: f"{quoted(letter)}\n{ANSWER}\n> Tenggat?\nMinggu depan.\n> lagi\nYa.",
    "a thread passed on": lambda letter: (
        f"{ANSWER}\n\n---------- Forwarded message ---------\nDari: Kadis <kadis@kantor.example>\n"
        f"Date: Sen, 23 Nov 2026\nSubject: rahasia\nTo: <{PU}>\n\n{NOTE}"
    ),
    "our letter without its frame": lambda letter: (
        f"{ANSWER}\n\n" + body(letter).split("pelapor.\n", 1)[-1].split("-- Akhir")[0]
    ),
}


@pytest.mark.parametrize("what", HELD)
def test_what_may_hold_internal_words_never_reaches_the_reporter(what: str) -> None:
    world, wire, number, letter = desk()
    raw = answer(letter, HELD[what](letter)).replace(
        b"Subject: Re:", b"Subject: Fwd:" if "thread" in what else b"Subject: Re:"
    )
    assert post(world, raw, letter).reason is Reason.OFFICE_NOTE
    assert said(world, number) == []
    assert NOTE not in body(wire.last(SITI))
    assert "TIDAK diteruskan" in str(wire.last(PU)["Subject"])


@pytest.mark.parametrize(("days", "hour", "reason"), EXPIRY)
def test_a_letter_is_answered_to_the_end_of_its_last_day_and_no_longer(days: int, hour: int, reason: Reason) -> None:
    """The whole way, from the letter's own Reply-To to the bytes of the answer, under a clock that was put forward."""
    world, wire, number, letter = desk()
    world.now = world.now.replace(hour=hour, minute=59) + timedelta(days=days)  # 16:59 in UTC is 23:59 in Jakarta
    assert post(world, answer(letter, quoted_below(letter)), letter).reason is reason
    if reason is Reason.OFFICE_REPLY:
        assert said(world, number)[0].partition("\n")[0] == ANSWER
        return
    assert said(world, number) == []
    told = wire.last(PU)
    assert "TIDAK diteruskan" in str(told["Subject"]) and f"{REPLY_DAYS} hari" in body(told)
    assert str(told["Reply-To"]) != str(letter["Reply-To"])
    assert post(world, answer(told, ANSWER), told).reason is Reason.OFFICE_REPLY, "that letter has its own thirty days"


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-replied\n",
        "X-Autoreply: yes\n",
        "Precedence: auto_reply\n",
        "X-Auto-Response-Suppress: All\n",
    ],
)
def test_an_out_of_office_goes_to_nobody_and_is_answered_by_nobody(more: str) -> None:
    world, wire, number, letter = desk()
    sent = len(wire.sent)
    text = "Saya sedang cuti sampai tanggal 30 November. Untuk hal mendesak hubungi Bu Rina."
    assert post(world, answer(letter, text, more), letter).reason is Reason.AUTOMATIC
    assert (said(world, number), len(wire.sent)) == ([], sent)


def test_two_authors_prove_neither() -> None:
    world, _, number, letter = desk()
    raw = answer(letter, ANSWER, more="From: Eko <eko@lain.example>\n")
    assert post(world, raw, letter).reason is Reason.OFFICE_NOTE
    assert said(world, number) == []


def test_a_citizen_who_answers_the_passed_on_letter_from_their_own_program_is_the_citizen() -> None:
    world, _, number, letter = desk()
    raw = answer(letter, f"Sampai hari ini belum ada yang datang.\n\n{quoted(letter)}", sender=SITI)
    result = post(world, raw, letter, source=SITI)
    assert (result.case, result.reason) == (number, Reason.REPLY)
    assert said(world, number) == []


def test_our_own_letter_coming_back_is_refused() -> None:
    world, _, number, letter = desk()
    assert post(world, answer(letter, ANSWER, sender=INTAKE), letter, source=INTAKE).reason is Reason.OWN
    assert said(world, number) == []


def test_a_letter_about_several_cases_shows_the_address_of_none() -> None:
    world, wire, number, _ = desk()
    for count in range(2):
        other = world.new_case(subject=f"Lampu {count}")
        world.desk.verify(COORDINATOR, other, "accept", "")
        world.desk.assign(COORDINATOR, other, "pu", None, "")
    world.run_until(world.now + timedelta(days=6), timedelta(hours=2))
    digest = next(mail for to, mail in wire.sent if to == PU and "laporan memerlukan" in str(mail["Subject"]))
    local = str(digest["Reply-To"]).partition("@")[0]
    assert local == "lapor+office"
    assert ".office@" in str(digest["Message-ID"])
    sent = len(wire.sent)
    result = post(world, answer(digest, f"Semua sudah beres hari ini.\n\n{quoted(digest)}"), digest)
    assert (result.reason, result.case) == (Reason.NO_CASE, "")
    assert ["TIDAK diteruskan" in str(mail["Subject"]) for to, mail in wire.sent[sent:] if to == PU] == [True]
    assert said(world, number) == []
