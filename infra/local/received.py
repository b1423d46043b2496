"""What SES puts before a mail that it received, and the notification that it sends about it. Shapes as on AWS."""

from __future__ import annotations

import email
import email.policy
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.utils import format_datetime, getaddresses
from typing import Any

from infra.local.places import REGION
from infra.local.verdicts import Verdicts, domain_of, header_sender

HEADERS_LIMIT = 10 * 1024  # bytes of headers in a notification by SNS; above it `headersTruncated` is true
_ALPHABET = "0123456789abcdefghijklmnopqrstuv"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One mail as it came in by SMTP."""

    message_id: str
    at: datetime
    peer: str  # the client's address
    helo: str
    sender: str  # MAIL FROM; "" for a bounce
    recipients: tuple[str, ...]  # every RCPT TO that was accepted
    raw: bytes


def new_message_id() -> str:
    """SES's ids of received mails: 40 characters of lower-case base32."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(40))


def prepended(
    mail: Transaction, matched: Sequence[str], verdicts: Verdicts, added: Iterable[tuple[str, str]] = ()
) -> bytes:
    """The headers that SES writes above the sender's, CRLF at the end of each line."""
    mailbox = mail.sender or "<>"
    author = domain_of(header_sender(mail.raw)) or domain_of(mail.sender)
    spf, dkim, dmarc = (v.lower().replace("gray", "none") for v in (verdicts.spf, verdicts.dkim, verdicts.dmarc))
    checked = (
        f"(spfCheck: domain of {domain_of(mail.sender) or mail.helo} {_SPF_WORDS[spf]} {mail.peer} as permitted sender)"
    )
    envelope = f"client-ip={mail.peer}; envelope-from={mailbox}; helo={mail.helo};"
    lines = [
        f"Return-Path: <{mail.sender}>",
        f"Received: from {mail.helo} ({mail.helo} [{mail.peer}])\r\n by inbound-smtp.{REGION}.amazonaws.com"
        f" with SMTP id {mail.message_id}\r\n for {matched[0]};\r\n {format_datetime(mail.at)} (UTC)",
        f"X-SES-Spam-Verdict: {verdicts.spam}",
        f"X-SES-Virus-Verdict: {verdicts.virus}",
        f"Received-SPF: {spf} {checked} {envelope}",
        f"Authentication-Results: amazonses.com;\r\n spf={spf} {checked} {envelope}\r\n"
        f" dkim={dkim} header.i=@{author};\r\n dmarc={dmarc} header.from={author};",
        f"X-SES-RECEIPT: {secrets.token_urlsafe(96)}",
        f"X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; b={secrets.token_urlsafe(64)}; c=relaxed/simple;"
        f" s=local; d=amazonses.com; t={int(mail.at.timestamp())}; v=1;",
        *(f"{name}: {value}" for name, value in added),
    ]
    return "".join(line + "\r\n" for line in lines).encode("utf-8", "surrogateescape")


_SPF_WORDS = {"pass": "designates", "fail": "does not designate", "none": "does not say about"}


def notification(
    mail: Transaction, stored: bytes, matched: Sequence[str], verdicts: Verdicts, action: dict[str, str], took: float
) -> dict[str, Any]:
    """`notificationType: Received`; `stored` is the mail with what SES prepended, `took` seconds."""
    headers, truncated = _headers(stored)
    receipt: dict[str, Any] = {
        "timestamp": _stamp(mail.at),
        "processingTimeMillis": int(took * 1000),
        "recipients": list(matched),
        "spamVerdict": {"status": verdicts.spam},
        "virusVerdict": {"status": verdicts.virus},
        "spfVerdict": {"status": verdicts.spf},
        "dkimVerdict": {"status": verdicts.dkim},
        "dmarcVerdict": {"status": verdicts.dmarc},
        "action": action,
    }
    if policy := verdicts.dmarc_policy():
        receipt["dmarcPolicy"] = policy
    return {
        "notificationType": "Received",
        "mail": {
            "timestamp": _stamp(mail.at),
            "source": mail.sender,
            "messageId": mail.message_id,
            "destination": list(mail.recipients),
            "headersTruncated": truncated,
            "headers": headers,
            "commonHeaders": _common(headers, mail.sender),
        },
        "receipt": receipt,
    }


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _headers(stored: bytes) -> tuple[list[dict[str, str]], bool]:
    head = stored.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    parsed = email.message_from_bytes(head[: 4 * HEADERS_LIMIT] + b"\n\n", policy=email.policy.compat32)
    kept: list[dict[str, str]] = []
    size = 0
    for name, value in parsed.raw_items():
        text = " ".join(str(value).split()).encode("utf-8", "replace").decode()
        size += len(name) + len(text.encode()) + 4
        if size > HEADERS_LIMIT:
            return kept, True
        kept.append({"name": name, "value": text})
    return kept, len(head) > 4 * HEADERS_LIMIT


_LISTS = {"From": "from", "To": "to", "Cc": "cc", "Bcc": "bcc", "Reply-To": "replyTo"}
_SINGLES = {"Date": "date", "Message-ID": "messageId", "Subject": "subject", "Sender": "sender"}


def _common(headers: list[dict[str, str]], sender: str) -> dict[str, Any]:
    found = {header["name"].lower(): header["value"] for header in reversed(headers)}
    common: dict[str, Any] = {"returnPath": sender} if sender else {}
    for name, key in _LISTS.items():
        if name.lower() in found:
            common[key] = _addresses(found[name.lower()])
    for name, key in _SINGLES.items():
        if name.lower() in found:
            common[key] = _decoded(found[name.lower()])
    return common


def _addresses(value: str) -> list[str]:
    try:
        pairs = getaddresses([value[:2_000]])
    except (RecursionError, ValueError, IndexError):
        return [value[:2_000]]
    return [f"{_decoded(name)} <{address}>" if name else address for name, address in pairs if address]


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value[:2_000])))
    except (ValueError, LookupError, RecursionError):
        return value
