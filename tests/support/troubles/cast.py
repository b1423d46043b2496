"""What people and machines send, in its real shape."""

from __future__ import annotations

import json
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from tanggap.domain.times import stamp
from tests.support.webhook_bodies import METADATA, whatsapp
from tests.support.world import INTAKE

CITIZENS = ("siti", "budi", "rina")
PHONES = {"siti": "6281234500017", "budi": "6281234500018", "rina": "6281234500019"}
CHATS = {"siti": 501, "budi": 502, "rina": 503}
#: Machines of others: whatever they send, nothing goes back.
MACHINES = ("mailer-daemon@pos.example", "berita@kabar.example", "robot@lain.example")
_SPF = "client-ip=192.0.2.1; envelope-from={source}; helo=mx.warga.example;"


def address(who: str) -> str:
    return f"{who}@warga.example"


def mail(
    sender: str, at: datetime, number: str, text: str, to: str = INTAKE, subject: str = "Jalan rusak", **headers: str
) -> bytes:
    """As its writer's machine sends it. `number` makes its Message-ID; `headers`: further ones, `_` for `-`."""
    lines = [
        f"From: {sender.partition('@')[0].capitalize()} <{sender}>",
        f"To: {to}",
        f"Subject: {subject}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{number}@{sender.rpartition('@')[2]}>",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        'Content-Type: text/plain; charset="utf-8"',
        "",
        text,
        "",
    ]
    return "\r\n".join(lines).encode()


def returned(number: str, at: datetime, to: str, original: str) -> bytes:
    """A mail service says that a letter came back, by mail."""
    parts = "\r\n".join(
        (
            "--b",
            "Content-Type: text/plain",
            "",
            "This message was created automatically. Delivery has failed.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; pos.example",
            "",
            f"Final-Recipient: rfc822; {to}",
            "Action: failed",
            "Status: 5.1.1",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {original}",
            f"To: {to}",
            "--b--",
        )
    )
    head = (
        f"From: Mail Delivery System <{MACHINES[0]}>",
        f"To: {INTAKE}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{number}@pos.example>",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        parts,
    )
    return "\r\n".join(head).encode()


def stored(raw: bytes, source: str, at: datetime, name: str) -> bytes:
    """With what SES writes above it."""
    spf = _SPF.format(source=source or "<>")
    author = source.rpartition("@")[2] or "pos.example"
    lines = (
        f"Return-Path: <{source}>",
        "Received: from mx.warga.example (mx.warga.example [192.0.2.1])\r\n"
        f" by inbound-smtp.ap-southeast-1.amazonaws.com with SMTP id {name}\r\n"
        f" for {INTAKE};\r\n {format_datetime(at)} (UTC)",
        "X-SES-Spam-Verdict: PASS",
        "X-SES-Virus-Verdict: PASS",
        f"Received-SPF: pass (spfCheck: well) {spf}",
        f"Authentication-Results: amazonses.com;\r\n spf=pass (spfCheck: well) {spf}\r\n"
        f" dkim=pass header.i=@{author};\r\n dmarc=pass header.from={author};",
        "X-SES-RECEIPT: AEFBQUFBQUFBQUE=",
        "X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; d=amazonses.com",
        "",
    )
    return "\r\n".join(lines).encode() + raw


def received(key: str, source: str, at: datetime) -> str:
    """SES's notice, in SNS's envelope."""
    passed = {name: {"status": "PASS"} for name in _VERDICTS}
    told = {
        "notificationType": "Received",
        "mail": {
            "timestamp": stamp(at),
            "source": source,
            "messageId": key.rpartition("/")[2],
            "destination": [INTAKE],
        },
        "receipt": {
            "timestamp": stamp(at),
            "recipients": [INTAKE],
            **passed,
            "action": {"type": "S3", "bucketName": "arrivals", "objectKey": key},
        },
    }
    return in_topic(told)


_VERDICTS = ("spamVerdict", "virusVerdict", "spfVerdict", "dkimVerdict", "dmarcVerdict")


def in_topic(told: dict[str, Any]) -> str:
    return json.dumps({"Type": "Notification", "Message": json.dumps(told)})


def event(kind: str, external_id: str, to: str, delivery: str, case: str, at: datetime) -> str:
    """What SES says of one of our letters: Bounce, Complaint, Delivery."""
    about: dict[str, Any] = {
        "Bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": to, "status": "5.1.1"}]},
        "Complaint": {"complainedRecipients": [{"emailAddress": to}]},
        "Delivery": {"recipients": [to]},
    }[kind]
    sent = {
        "timestamp": stamp(at),
        "messageId": external_id,
        "destination": [to],
        "tags": {"delivery": [delivery], "case": [case]},
    }
    return in_topic({"eventType": kind, "mail": sent, kind.lower(): {"timestamp": stamp(at), **about}})


def by_whatsapp(*said: tuple[str, str, datetime, str], photo: bool = False) -> dict[str, Any]:
    """One body. Each: (who, the message's id, when, text)."""
    people = dict.fromkeys(who for who, *_ in said)
    return whatsapp(
        {
            "metadata": METADATA,
            "contacts": [{"profile": {"name": who.capitalize()}, "wa_id": PHONES[who]} for who in people],
            "messages": [_message(*one, photo=photo) for one in said],
        }
    )


def _message(who: str, id: str, at: datetime, text: str, photo: bool) -> dict[str, Any]:
    head = {"from": PHONES[who], "id": f"wamid.{id}", "timestamp": str(int(at.timestamp()))}
    if photo:
        return head | {"type": "image", "image": {"id": f"99{id}", "mime_type": "image/jpeg", "caption": text}}
    return head | {"type": "text", "text": {"body": text}}


def whatsapp_status(word: str, id: str, who: str, along: str, at: datetime) -> dict[str, Any]:
    status = {
        "id": id,
        "recipient_id": PHONES[who],
        "biz_opaque_callback_data": along,
        "status": word,
        "timestamp": str(int(at.timestamp())),
    }
    if word == "failed":
        status["errors"] = [{"code": 131026, "title": "Message undeliverable"}]  # type: ignore[assignment]
    return whatsapp({"metadata": METADATA, "statuses": [status]})


def by_telegram(who: str, number: int, at: datetime, text: str, photo: bool = False) -> dict[str, Any]:
    content: dict[str, Any] = {"text": text}
    if photo:
        sizes = [{"file_id": f"p{number}", "file_unique_id": f"u{number}", "width": 90, "height": 90, "file_size": 900}]
        content = {"photo": sizes, "caption": text}
    return {
        "update_id": 1000 + number,
        "message": {
            "message_id": number,
            "from": {"id": CHATS[who], "is_bot": False, "first_name": who.capitalize()},
            "chat": {"id": CHATS[who], "type": "private"},
            "date": int(at.timestamp()),
            **content,
        },
    }
