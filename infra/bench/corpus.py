"""The mails that are measured: real-shaped files of this repository, each time from another sender with another id."""

from __future__ import annotations

import json
import random
import re
from base64 import encodebytes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from infra.local.places import ROOT
from infra.local.received import Transaction, new_message_id, notification, prepended
from infra.local.verdicts import Verdicts

#: kind: files. `photo` beside them is made here: the size of a photo that a telephone sends reduced.
FILES: dict[str, tuple[str, ...]] = {
    "plain": ("events/complaint.eml", "tests/mails/complaint-flowed-text.eml"),
    "html": ("tests/mails/complaint-html-only.eml", "tests/mails/complaint-inline-picture-beside-html.eml"),
    "attachment": ("events/complaint-html-photo.eml", "tests/mails/complaint-photo-only.eml"),
}
PHOTO_BYTES = 300_000
_PASS = Verdicts(spam="PASS", virus="PASS", spf="PASS", dkim="PASS", dmarc="PASS")


@dataclass(frozen=True, slots=True)
class Mail:
    """`name` says which file it was made of, `raw` what a sender would hand to SMTP."""

    name: str
    kind: str
    sender: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as SES leaves it: the object under `key`, and the body of the queue's record."""

    mail: Mail
    key: str
    stored: bytes
    notice: str

    def event(self) -> dict[str, object]:
        """As Lambda gets it from the queue."""
        sent = str(int(datetime.now(UTC).timestamp() * 1000))
        attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": sent}
        return {"Records": [{"messageId": self.key, "body": self.notice, "attributes": attributes}]}


class Corpus:
    def __init__(self, intake: str) -> None:
        self.intake = intake
        self._made = 0
        self._sources = {
            name.rsplit("/", 1)[-1].removesuffix(".eml"): (kind, (ROOT / name).read_bytes())
            for kind, names in FILES.items()
            for name in names
        }
        self._sources["photo"] = ("attachment", _photo())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._sources)

    def kind(self, name: str) -> str:
        return self._sources[name][0]

    def mail(self, name: str) -> Mail:
        """The file with a sender and an id of its own: the desk knows neither."""
        self._made += 1
        kind, raw = self._sources[name]
        sender = f"warga{self._made}.{random.randrange(16**8):08x}@warga.example"  # noqa: S311 - only to differ
        return Mail(name, kind, sender, renamed(raw, sender, f"bench.{sender}"))

    def each(self) -> Iterator[Mail]:
        for name in self.names:
            yield self.mail(name)

    def arrived(self, mail: Mail, bucket: str, recipient: str = "") -> Arrived:
        to = recipient or self.intake
        now = datetime.now(UTC)
        given = Transaction(new_message_id(), now, "192.0.2.1", "mail.warga.example", mail.sender, (to,), mail.raw)
        key = f"mail/{given.message_id}"
        stored = prepended(given, [to], _PASS) + mail.raw
        action = {"type": "S3", "topicArn": "arn:aws:sns:x", "bucketName": bucket, "objectKey": key}
        told = json.dumps(notification(given, stored, [to], _PASS, action, 0.1))
        return Arrived(mail, key, stored, json.dumps({"Type": "Notification", "MessageId": key, "Message": told}))


def renamed(raw: bytes, sender: str, identifier: str) -> bytes:
    head, gap, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    head = re.sub(rb"(?mi)^(from:.*?)<[^<>\s]*>", rb"\1<" + sender.encode() + b">", head, count=1)
    head = re.sub(rb"(?mi)^from:[ \t]*[^<>\s]+$", b"From: " + sender.encode(), head, count=1)
    head = re.sub(rb"(?mi)^message-id:.*(?:\n[ \t].*)*\n", b"", head + b"\n", count=1)
    return (head + b"Message-ID: <" + identifier.encode() + b">" + gap + body).replace(b"\n", b"\r\n")


def _photo() -> bytes:
    noise = random.Random(20261122).randbytes(PHOTO_BYTES)  # noqa: S311 - incompressible, the same each time
    photo = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + noise
    lines = [
        "From: Ratna Wulandari <ratna@warga.example>",
        "To: lapor@desa-contoh.example",
        "Subject: Jembatan di Gang Melati",
        "Date: Tue, 3 Mar 2026 19:42:10 +0700",
        "Message-ID: <photo@mail.warga.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b1"',
        "",
        "--b1",
        'Content-Type: text/plain; charset="utf-8"',
        "",
        "Papan jembatan lepas, lihat foto. Mohon segera diperbaiki.",
        "",
        "--b1",
        'Content-Type: image/jpeg; name="IMG_20260303.jpg"',
        'Content-Disposition: attachment; filename="IMG_20260303.jpg"',
        "Content-Transfer-Encoding: base64",
        "",
        encodebytes(photo).decode().rstrip(),
        "--b1--",
        "",
    ]
    return "\n".join(lines).encode()
