"""The events of a configuration set, as AWS writes them to SNS (`eventType`, not the older `notificationType`)."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.utils import getaddresses, parseaddr
from typing import Any
from uuid import uuid4

from infra.local.outbox import SentMail
from infra.local.places import ACCESS_KEY, REGION
from infra.local.verdicts import domain_of

SIMULATOR = "simulator.amazonses.com"

_SUPPRESSED_BECAUSE = (
    "Amazon SES has suppressed sending to this address because it has a recent history of bouncing "
    "as an invalid address."
)

#: The simulator's mailboxes and what becomes of a mail to each; any other address takes delivery.
_OUTCOMES: dict[str, tuple[str, ...]] = {
    "success": ("Delivery",),
    "bounce": ("Bounce",),
    "ooto": ("Delivery",),
    "complaint": ("Delivery", "Complaint"),
    "suppressionlist": ("Suppressed",),
}


def outcomes(address: str) -> tuple[str, ...]:
    """Delivery, Bounce, Complaint, Suppressed; more than one in their order."""
    local, _, domain = address.lower().rpartition("@")
    return _OUTCOMES.get(local.partition("+")[0], ("Delivery",)) if domain == SIMULATOR else ("Delivery",)


def event(outcome: str, mail: SentMail, address: str, at: datetime) -> dict[str, Any]:
    kind, key, body = _DETAILS[outcome](address, _stamp(at), _stamp(datetime.fromtimestamp(mail.at, UTC)))
    return {"eventType": kind, key: body, "mail": _mail(mail)}


def _delivery(address: str, at: str, sent: str) -> tuple[str, str, dict[str, Any]]:
    began, ended = (datetime.fromisoformat(text) for text in (sent, at))
    return "Delivery", "delivery", {
        "timestamp": at,
        "processingTimeMillis": max(0, int((ended - began).total_seconds() * 1000)),
        "recipients": [address],
        "smtpResponse": "250 2.6.0 Message received",
        "remoteMtaIp": "127.0.2.0",
        "reportingMTA": f"a8-70.smtp-out.{REGION}.amazonses.com",
    }  # fmt: skip


def _bounce(address: str, at: str, sent: str) -> tuple[str, str, dict[str, Any]]:
    return "Bounce", "bounce", {
        "feedbackId": f"{uuid4()}-000000",
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{
            "emailAddress": address,
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        }],
        "timestamp": at,
        "remoteMtaIp": "127.0.2.0",
        "reportingMTA": f"dns; a8-70.smtp-out.{REGION}.amazonses.com",
    }  # fmt: skip


def _suppressed(address: str, at: str, sent: str) -> tuple[str, str, dict[str, Any]]:
    return "Bounce", "bounce", {
        "feedbackId": f"{uuid4()}-000000",
        "bounceType": "Permanent",
        "bounceSubType": "Suppressed",
        "bouncedRecipients": [{
            "emailAddress": address,
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": _SUPPRESSED_BECAUSE,
        }],
        "timestamp": at,
        "reportingMTA": "dns; amazonses.com",
    }  # fmt: skip


def _complaint(address: str, at: str, sent: str) -> tuple[str, str, dict[str, Any]]:
    return "Complaint", "complaint", {
        "feedbackId": f"{uuid4()}-000000",
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": address}],
        "timestamp": at,
        "userAgent": "Amazon SES Mailbox Simulator",
        "complaintFeedbackType": "abuse",
        "arrivalDate": sent,
    }  # fmt: skip


_DETAILS = {"Delivery": _delivery, "Bounce": _bounce, "Suppressed": _suppressed, "Complaint": _complaint}


def _mail(mail: SentMail) -> dict[str, Any]:
    head = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    parsed = email.message_from_bytes(head, policy=email.policy.compat32)
    headers = [{"name": name, "value": " ".join(str(value).split())} for name, value in parsed.items()]
    source = parseaddr(mail.source)[1] or mail.source
    common: dict[str, Any] = {"messageId": mail.id}
    for name, key in (("From", "from"), ("To", "to"), ("Cc", "cc"), ("Reply-To", "replyTo")):
        if parsed[name]:
            common[key] = [
                f"{shown} <{address}>" if shown else address for shown, address in getaddresses([str(parsed[name])])
            ]
    for name, key in (("Date", "date"), ("Subject", "subject")):
        if parsed[name]:
            common[key] = str(parsed[name])
    return {
        "timestamp": _stamp(datetime.fromtimestamp(mail.at, UTC)),
        "source": source,
        "sourceArn": f"arn:aws:ses:{REGION}:{ACCESS_KEY}:identity/{domain_of(source)}",
        "sendingAccountId": ACCESS_KEY,
        "messageId": mail.id,
        "destination": list(mail.destinations),
        "headersTruncated": False,
        "headers": headers,
        "commonHeaders": common,
        "tags": {
            "ses:operation": ["SendEmail"],
            "ses:configuration-set": [mail.configuration_set],
            "ses:source-ip": ["127.0.0.1"],
            "ses:from-domain": [domain_of(source)],
            "ses:caller-identity": ["local"],
            **{name: [value] for name, value in mail.tags.items()},
        },
    }


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
