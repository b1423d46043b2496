"""Attacks on the desk as a whole, by raw mail: on other people's cases, on our letters, on third parties."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from typing import Any

import pytest

from tanggap.adapters.mail import reader
from tanggap.adapters.ses import SesPost
from tanggap.application.receive import Raw, Result
from tanggap.domain.inbound import Authenticity
from tanggap.domain.triage import Desk
from tanggap.domain.words import Channel, DeliveryState, Outcome, Reason, Status
from tests.support.mail_properties import only_our_headers
from tests.support.world import COORDINATOR, DOMAIN, FORGED, GENUINE, INTAKE, World

UNSIGNED = Authenticity(spf="GRAY", dkim="GRAY", dmarc="GRAY", spam="PASS", virus="PASS")
ATTACKER = "Eko <eko@lain.example>"


@pytest.fixture
def world() -> World:
    """In memory: none of these is about how rows are kept."""
    return World()


class Wire:
    """SES's client, as far as it takes raw mail: what left, byte for byte."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []

    def send_email(self, **asked: Any) -> dict[str, str]:
        (to,) = asked["Destination"]["ToAddresses"]
        self.sent.append((to, asked["Content"]["Raw"]["Data"]))
        return {"MessageId": f"0100{len(self.sent):012x}-0000abcd-0000-0000-0000-000000000000-000000"}


def wired(world: World, intake: str = INTAKE) -> Wire:
    wire = Wire()
    tokens = world.tokens
    world.sends_by(SesPost(lambda: wire, lambda: "Desa Contoh", intake, "set", tokens.of, tokens.of_office))
    return wire


def post(
    world: World, raw: bytes, source: str = "eko@lain.example", facts: Authenticity = GENUINE, to: str = INTAKE
) -> Result:
    """Over the whole path, with what an answer makes of it."""
    world.made += 1
    key = f"mail/raw{world.made}"
    inbound = reader.read(raw, reader.Receipt(key, world.now, (to,), source, facts))
    result = world.receive(Raw(key, Channel.EMAIL, world.now, len(raw), inbound))
    world.pump()
    return result


def mail(text: str = "Jalan rusak parah di RT 3.", sender: str = ATTACKER, **more: str) -> bytes:
    rows = {
        "From": sender,
        "To": INTAKE,
        "Subject": "Laporan",
        "Message-ID": f"<{abs(hash((text, *more.items())))}@x>",
        **more,
    }
    head = "\r\n".join(f"{name.replace('_', '-')}: {value}" for name, value in rows.items())
    return f"{head}\r\n\r\n{text}\r\n".encode()


# -- somebody else's case


def quoting(world: World, number: str) -> dict[str, bytes]:
    address, token = world.reply_address(number), world.tokens.of(number)
    local = address.partition("@")[0]
    return {
        "text": mail(f"Balas ke {address} atau {token}"),
        "subject": mail(Subject=f"Re: {address} {token}"),
        "message id": mail(Message_ID=f"<d.{token}@{DOMAIN}>"),
        "display name": mail(To=f'"{address}" <{INTAKE}>'),
        "comment": mail(To=f"{INTAKE} ({address})"),
        "another domain": mail(Cc=f"{local}@lain.example, {address}.lain.example"),
        "another box": mail(Cc=f"info+{token}@{DOMAIN}"),
        "reply-to": mail(Reply_To=address),
        "sender's own box": mail(sender=f"{local}@lain.example"),
        "reference of another domain": mail(References=f"<d.{token}@lain.example> <d.{token}@{DOMAIN}.lain.example>"),
        "reference without its letter": mail(In_Reply_To=f"<{token}@{DOMAIN}>"),
        "encoded": mail(Subject=f"=?utf-8?q?{address.replace('@', '=40')}?="),
        "half a token": mail(Cc=f"{local[:-1]}@{DOMAIN}"),
        "a token with more": mail(Cc=f"{local}a@{DOMAIN}"),
        "another case's token": mail(Cc=f"lapor+{number[4:].lower()}{token[len(number) - 4 :][::-1]}@{DOMAIN}"),
    }


KINDS_OF_QUOTING = tuple(quoting(World(), "TGP-2222-2222"))


@pytest.mark.parametrize("kind", KINDS_OF_QUOTING)
def test_a_mail_that_only_quotes_a_token_opens_no_case_of_somebody_else(world: World, kind: str) -> None:
    number = world.new_case()
    result = post(world, quoting(world, number)[kind])
    assert result.outcome is Outcome.FILED
    assert result.case != number
    assert len(world.cases.file(number).messages) == 1


def test_no_guess_of_a_tokens_check_opens_a_case(world: World) -> None:
    number = world.new_case()
    token = world.tokens.of(number)
    body = len(number.removeprefix("TGP-").replace("-", ""))
    for place in range(body, len(token)):
        for letter in "a2z":
            guess = token[:place] + letter + token[place + 1 :]
            if guess != token:
                assert world.tokens.case_of(guess) is None
    assert world.tokens.case_of(token[:body] + "a" * (len(token) - body)) is None
    assert world.tokens.case_of(token) == number


def test_a_token_opens_its_case_in_capitals_too_and_permits_adding_alone(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "incomplete", "Di mana?")
    world.pump()
    before = len(world.outbox("siti@warga.example"))
    result = post(world, mail("Tutup saja, saya sudah pindah."), to=world.reply_address(number).upper())
    case, message = world.cases.case(number), world.cases.file(number).messages[-1]
    assert result.case == number
    assert (case.status, message.actor) == (Status.NEEDS_INFO, "other")
    assert "other_sender" in message.marks
    assert world.outbox("eko@lain.example") == []
    assert len(world.outbox("siti@warga.example")) == before


# -- third parties


def test_answers_go_to_who_wrote_whatever_address_for_answers_they_give(world: World) -> None:
    victim = "korban@lain.example"
    for name in ("Reply-To", "Return-Path", "Errors-To", "Disposition-Notification-To", "Return-Receipt-To", "Sender"):
        post(world, mail(name, **{name: f"<{victim}>"}))
    assert world.outbox(victim) == []
    assert len(world.outbox("eko@lain.example")) == 6


def test_a_thousand_recipients_get_nothing(world: World) -> None:
    others = ", ".join(f"orang{n}@lain.example" for n in range(1_000))
    post(world, mail(To=f"{INTAKE}, {others}", Cc=others))
    assert [one.to_address for one in world.outbox()] == ["eko@lain.example"]


@pytest.mark.parametrize("times", [1, 5])
def test_a_forged_sender_is_never_written_to(world: World, times: int) -> None:
    for number in range(times):
        result = post(world, mail(f"Laporan {number}.", sender="Camat <camat@kecamatan.example>"), facts=FORGED)
        assert result.outcome is Outcome.FILED
    assert world.outbox() == []


def test_a_sender_that_shows_somebody_elses_address_is_answered_and_marked(world: World) -> None:
    result = post(world, mail(sender='"camat@kecamatan.example" <eko@lain.example>'))
    (message,) = world.cases.file(result.case).messages
    assert message.authenticity == "lookalike"
    assert "name_shows_another_address" in message.reasons
    assert world.outbox("camat@kecamatan.example") == []


# -- ourselves


@pytest.mark.parametrize(
    "more",
    [
        {"sender": f"Desa <{INTAKE}>"},
        {"sender": f"<lapor+abc@{DOMAIN.upper()}>"},
        {"sender": f"x@{DOMAIN}."},
        {"sender": f"x@{DOMAIN.replace('l', chr(0xFF4C), 1)}"},
        {"sender": f'"eko@lain.example" <x@{DOMAIN}>'},
        {"sender": "", "Sender": f"<{INTAKE}>"},
        {"sender": f"x@{DOMAIN}, eko@lain.example"},
    ],
)
def test_a_mail_that_says_it_is_ours_is_refused_and_answered_by_nobody(world: World, more: dict[str, str]) -> None:
    result = post(world, mail(**more), facts=FORGED)
    assert (result.outcome, result.reason) == (Outcome.REFUSED, Reason.OWN)
    assert world.outbox() == []


@pytest.mark.parametrize("name", ["Sender", "Return-Path", "Reply-To"])
def test_our_address_beside_anothers_from_brings_no_letter_to_us(world: World, name: str) -> None:
    post(world, mail(**{name: f"<{INTAKE}>"}), source=INTAKE)
    assert world.outbox(INTAKE) == []


# -- our letters


def injected(world: World, value: bytes) -> list[bytes]:
    word = b"=?utf-8?q?" + b"".join(b"=%02X" % byte for byte in value) + b"?="
    raw = (
        b"From: " + word + b" <eko@lain.example>\r\nTo: " + INTAKE.encode() + b"\r\nSubject: " + word
        + b"\r\nMessage-ID: <" + word + b"@x>\r\nReferences: <" + word + b"@x> <a@b>\r\nReply-To: " + word
        + b" <korban@lain.example>\r\nContent-Type: application/pdf; name=\"" + word + b"\"\r\n\r\n%PDF-\r\n"
    )  # fmt: skip
    wire = wired(world)
    result = post(world, raw)
    world.desk.verify(COORDINATOR, result.case, "accept", "")
    world.desk.reply(COORDINATOR, result.case, "Baik. " + value.decode("utf-8"), (), False)
    world.pump()
    return [data for _, data in wire.sent]


@pytest.mark.parametrize(
    "value",
    [b"a\r\nBcc: korban@lain.example", b"a\nBcc: k@l.example\n\nisi", "a\u2028Bcc: k@l.example".encode(),
        b"a\r\n.\r\nQUIT", b"\r\n\r\n"],
)  # fmt: skip
def test_no_word_of_a_citizens_adds_a_header_to_a_letter_of_ours(world: World, value: bytes) -> None:
    letters = injected(world, value)
    assert letters
    for raw in letters:
        only_our_headers(raw)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert message["Bcc"] is None
        assert [one.addr_spec for one in message["To"].addresses] in (
            ["eko@lain.example"],
            ["koordinator@kantor.example"],
        )


# -- reports that somebody makes up


def report(
    original: str, recipient: str = "siti@warga.example", action: str = "failed", kind: str = "delivery-status"
) -> bytes:
    fields = f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
    part = "message/delivery-status"
    if kind == "feedback-report":
        part, fields = (
            "message/feedback-report",
            f"Feedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\nOriginal-Rcpt-To: {recipient}\r\n",
        )
    rows = (
        "From: MAILER-DAEMON@lain.example",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <r1@lain.example>",
        f"Content-Type: multipart/report; report-type={kind}; boundary=b",
        *("", "--b", "", "Gagal.", "--b", f"Content-Type: {part}", "", "Reporting-MTA: dns; lain.example", "", fields),
        *("--b", "Content-Type: text/rfc822-headers", "", original, "--b--", ""),
    )
    return "\r\n".join(rows).encode()


def states(world: World, number: str) -> dict[str, DeliveryState]:
    return {row.id: row.state for row in world.cases.file(number).deliveries if row.reporter}


@pytest.mark.parametrize("kind", ["delivery-status", "feedback-report"])
def test_who_has_a_letter_of_ours_can_at_most_make_it_count_as_failed(world: World, kind: str) -> None:
    """Its ids are known to whoever got it, so a report of it proves no more. It opens no case, moves no clock, mutes
    nobody; the desk is told once, and whoever is said to be unreachable gets the next letter all the same."""
    number = world.new_case()
    (letter,) = world.cases.file(number).deliveries
    ours = (
        f"Message-ID: <{letter.id}.{world.tokens.of(number)}@{DOMAIN}>\r\nTo: siti@warga.example\r\nFrom: {INTAKE}\r\n"
    )
    before = world.cases.case(number)
    for _ in range(3):
        assert post(world, report(ours, kind=kind), source="").outcome is not Outcome.FILED
    after = world.cases.case(number)
    assert states(world, number) == {letter.id: DeliveryState.FAILED}
    assert (after.status, after.clocks, after.reporter) == (before.status, before.clocks, before.reporter)
    assert len(world.outbox("koordinator@kantor.example")) == 1
    assert world.outbox("mailer-daemon@lain.example") == []
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.reply(COORDINATOR, number, "Kami kerjakan.", (), False)
    world.pump()
    assert "Kami kerjakan." in world.outbox("siti@warga.example")[-1].text


def test_a_token_of_ones_own_case_touches_no_letter_of_another(world: World) -> None:
    theirs, mine = world.new_case(), world.new_case(sender="eko@lain.example", name="Eko")
    (letter,) = world.cases.file(theirs).deliveries
    mixed = f"Message-ID: <{letter.id}.{world.tokens.of(mine)}@{DOMAIN}>\r\nX-Tanggap-Case: {theirs}\r\n"
    result = post(world, report(mixed), source="")
    assert result.case in ("", mine)
    assert states(world, theirs) == {letter.id: DeliveryState.SENT}


@pytest.mark.parametrize(
    "named", ["{letter}@" + DOMAIN, "{letter}.aaaa@" + DOMAIN, "{letter}.{token}@lain.example", "{letter}"]
)
def test_a_letters_id_without_its_token_fails_nothing(world: World, named: str) -> None:
    number = world.new_case()
    (letter,) = world.cases.file(number).deliveries
    said = named.format(letter=letter.id, token=world.tokens.of(number))
    original = (
        f"Message-ID: <{said}>\r\nSubject: [{number}] Laporan\r\nX-Tanggap-Case: {number}\r\nTo: siti@warga.example\r\n"
    )
    assert post(world, report(original), source="").reason is Reason.UNMATCHED
    assert states(world, number) == {letter.id: DeliveryState.SENT}
    assert world.outbox("koordinator@kantor.example") == []


def test_a_services_event_that_somebody_mails_names_no_letter(world: World) -> None:
    number = world.new_case()
    (letter,) = world.cases.file(number).deliveries
    event = (
        '{"eventType":"Bounce","mail":{"messageId":"unbekannt","destination":["siti@warga.example"],"tags":{"case":["'
        + number + '"],"delivery":["' + letter.id + '"]}},"bounce":{"bounceType":"Permanent","bouncedRecipients":'
        '[{"emailAddress":"siti@warga.example"}]}}'
    )  # fmt: skip
    post(world, mail(event, sender="AWS Notifications <no-reply@sns.amazonaws.com>"), source="x@amazonses.com")
    assert states(world, number) == {letter.id: DeliveryState.SENT}


# -- loops: two desks of this software


def _at(domain: str) -> tuple[World, Wire, str]:
    world, intake = World(), f"lapor@{domain}"
    desk = Desk(domain, intake)
    world.receive.desk = world.receive.threads.desk = world.receive.filing.desk = desk
    return world, wired(world, intake), intake


def _without(*names: str) -> Callable[[bytes], bytes]:
    def strip(raw: bytes) -> bytes:
        head, blank, body = raw.partition(b"\r\n\r\n")
        rows = re.split(rb"\r\n(?![ \t])", head)
        wanted = tuple(name.lower().encode() + b":" for name in names)
        return b"\r\n".join(row for row in rows if not row.lower().startswith(wanted)) + blank + body

    return strip


_SIGNS = ("Auto-Submitted", "X-Auto-Response-Suppress")
_THREAD = ("In-Reply-To", "References", "Message-ID", "Reply-To", "X-Tanggap-Case")


@pytest.mark.parametrize(
    ("on_the_way", "letters"),
    [
        (_without(), 1),  # the other desk sees a machine's mail
        (_without(*_SIGNS), 2),  # a gateway that says of nothing that it is automatic: the answer is on its thread
    ],
)
def test_two_desks_that_write_to_each_other_stop(on_the_way: Callable[[bytes], bytes], letters: int) -> None:
    assert _letters_between_two_desks(on_the_way) == letters


def test_two_desks_whose_mail_loses_every_sign_and_thread_stop_at_the_hours_limit() -> None:
    """Nothing tells such a mail from a citizen's: that is what the limit is for."""
    rules = World().policies.current().intake
    assert _letters_between_two_desks(_without(*_SIGNS, *_THREAD)) <= 2 * rules.answers_per_hour


def _letters_between_two_desks(on_the_way: Callable[[bytes], bytes]) -> int:
    """A forger begins: to one desk, in the other's name. Counts what the two write to each other."""
    desks = {domain: _at(domain) for domain in ("lapor.satu.example", "lapor.dua.example")}
    first, _, _ = desks["lapor.satu.example"]
    post(
        first,
        mail(sender="lapor@lapor.dua.example"),
        source="x@lapor.dua.example",
        facts=UNSIGNED,
        to="lapor@lapor.satu.example",
    )
    seen = dict.fromkeys(desks, 0)
    count = 0
    for _ in range(200):
        moved = False
        for domain, (_, wire, intake) in desks.items():
            for to, raw in wire.sent[seen[domain] :]:
                seen[domain] += 1
                other = desks.get(to.rpartition("@")[2])
                if other:
                    count += 1
                    moved = True
                    other[0].later(seconds=2)
                    post(other[0], on_the_way(raw), source=intake, facts=UNSIGNED, to=to)
        if not moved:
            return count
    return count


def test_robots_of_every_kind_get_no_second_letter(world: World) -> None:
    """The acknowledgement, answered the way machines answer."""
    post(world, mail())
    (first,) = world.outbox("eko@lain.example")
    for number, more in enumerate((
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"Subject": f"Out of Office: {first.subject}"}, {"Subject": f"Re: {first.subject}"},
        {"Subject": f"Balasan otomatis: {first.subject}"},
        {"In_Reply_To": f"<{first.delivery}.{world.tokens.of(first.case)}@{DOMAIN}>"},
    )):  # fmt: skip
        world.later(seconds=1)
        post(world, mail(f"Surel Anda kami terima ({number}).", **more))
    assert len(world.outbox("eko@lain.example")) == 1
