"""From a queue record to messages: what each kind of notice means, and where its raw bytes are."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from ..adapters.mail import notice, reader
from ..application.receive import Raw
from ..domain.errors import NotFound, Park, Retry
from ..domain.inbound import Inbound, Party
from ..domain.words import Channel, Reason
from . import settings
from .composition import Services, services

#: An object that its notice names and that is not there: S3 answers consistently, so a few tries only bridge a fault.
MISSING_AFTER = 3


def work(body: str, attributes: dict[str, Any], parts: Services | None = None) -> dict[str, str]:
    """Read one notice to its end. Returns facts for the log: no word of these is a person's."""
    parts = parts or services(settings.Intake)
    sent = datetime.fromtimestamp(int(attributes.get("SentTimestamp", "0")) / 1000, UTC)
    tries = int(attributes.get("ApproximateReceiveCount", "1"))
    raw = _raw(body, sent, tries, parts)
    result = parts.receive(raw)
    return {
        "arrival": raw.arrival,
        "channel": raw.channel,
        "outcome": result.outcome,
        "reason": result.reason,
        "case": result.case,
    }


def _raw(body: str, sent: datetime, tries: int, parts: Services) -> Raw:
    try:
        told = notice.parse(body)
    except Park:
        key = f"events/unreadable/{hashlib.sha256(body.encode('utf-8', 'replace')).hexdigest()}"
        parts.arrivals.put(key, body.encode("utf-8", "replace"))
        return Raw(key, Channel.EMAIL, sent, len(body), None, Reason.UNREADABLE)
    if isinstance(told, notice.SetUp):
        return Raw(told.key or "mail/AMAZON_SES_SETUP_NOTIFICATION", Channel.EMAIL, sent, 0, None, Reason.SETUP)
    if isinstance(told, notice.DeliveryReport):
        return _report(told, body, sent, parts)
    return _mail(told, sent, tries, parts)


def _report(told: notice.DeliveryReport, body: str, sent: datetime, parts: Services) -> Raw:
    """An event of the mail service has no object of its own: it gets one before it is worked on (store, then think)."""
    key = f"events/{told.id}.json"
    parts.arrivals.put(key, body.encode())
    inbound = Inbound(
        channel=Channel.EMAIL,
        external_id=told.id,
        at=told.at or sent,
        sender=Party(""),
        recipients=(),
        subject="",
        text="",
        full_text="",
        digest=told.id,
        failures=told.failures,
    )
    return Raw(key, Channel.EMAIL, told.at or sent, len(body), inbound, event=True)


def _mail(told: notice.Received | notice.Replay, sent: datetime, tries: int, parts: Services) -> Raw:
    replay = isinstance(told, notice.Replay) and told.by_officer
    try:
        raw = parts.arrivals.get(told.key)
    except NotFound:
        if tries < MISSING_AFTER:
            raise Retry("a notice without its object") from None
        return Raw(told.key, Channel.EMAIL, sent, 0, None, Reason.NOT_FOUND)
    if told.key.endswith(notice.SETUP_NAME):
        return Raw(told.key, Channel.EMAIL, sent, len(raw), None, Reason.SETUP)
    if told.key.startswith("events/"):
        return _again(told.key, raw, sent, parts)
    receipt = told.receipt if isinstance(told, notice.Received) else reader.receipt_of(raw, told.key, sent)
    try:
        return Raw(told.key, Channel.EMAIL, receipt.at, len(raw), reader.read(raw, receipt), replay=replay)
    except Park as park:
        return Raw(told.key, Channel.EMAIL, receipt.at, len(raw), None, Reason(park.reason), replay=replay)


def _again(key: str, raw: bytes, sent: datetime, parts: Services) -> Raw:
    """A stored event is read once more."""
    try:
        told = notice.parse(raw.decode("utf-8", "replace"))
    except Park:
        told = None
    if isinstance(told, notice.DeliveryReport):
        return _report(told, raw.decode(), sent, parts)
    return Raw(key, Channel.EMAIL, sent, len(raw), None, Reason.UNREADABLE, replay=True)
