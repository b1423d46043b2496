"""From a queue record to messages: what each kind of notice means, and where its raw bytes are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ..adapters.channels import media_notices
from ..adapters.mail import notice, reader
from ..application.receive import Raw
from ..application.watch import LAST_TRY as LAST_TRY
from ..application.watch import Watch
from ..domain.arrival_keys import is_webhook
from ..domain.errors import NotFound, Park, Retry
from ..domain.inbound import Inbound, Party
from ..domain.words import Channel, Reason
from . import doors, media, settings
from .composition import Services, services
from .observe import about, trace_of

#: An object that its notice names and that is not there: S3 answers consistently, so a few tries only bridge a fault.
MISSING_AFTER = 3
#: A notice lies on the queue since it was written, by two machines' clocks: one that was put back, since later.
AS_SENT = timedelta(minutes=1)


def work(
    body: str,
    attributes: dict[str, Any],
    parts: Services | None = None,
    remaining: Callable[[], timedelta] = lambda: timedelta.max,
) -> Iterator[dict[str, str]]:
    """Read one notice to its end, or as far as the `remaining` time goes. Facts for the log, a line a message: no word
    of these is a person's. Raises what sends the notice back to the queue, after what was done."""
    told = _told(body)
    about(arrival=told.key if isinstance(told, media_notices.Notice) else _key(told, body))
    parts = parts or services(settings.Intake)
    sent = datetime.fromtimestamp(int(attributes.get("SentTimestamp", "0")) / 1000, UTC)
    tries = int(attributes.get("ApproximateReceiveCount", "1"))
    if isinstance(told, notice.Replay) and told.anew:
        yield _anew(told, tries, parts)
    elif isinstance(told, media_notices.Notice):
        yield media.forward(told, parts)
    elif isinstance(told, notice.Replay) and is_webhook(told.key):
        missing = tries >= MISSING_AFTER
        # A dead letter that was put back comes as if it were new: what its tries failed at is not known any more.
        more = told.more is not None and sent - told.more < AS_SENT
        asked = doors.Told(told.key, sent, '"arrived"' in body, told.by_officer, tries, missing, more, remaining)
        yield from doors.work(asked, parts)
    else:
        yield _by_mail(told, body, sent, tries, parts)


def _by_mail(told: notice.Notice | None, body: str, sent: datetime, tries: int, parts: Services) -> dict[str, str]:
    raw: Raw | None = None
    trouble: dict[str, str] = {}
    try:
        raw = _raw(told, body, sent, tries, parts)
        result = parts.receive(raw)
    except Retry:
        raise
    except Exception as error:
        if tries < LAST_TRY:
            raise
        trouble = trace_of(error)
        raw = raw or Raw(_key(told, body), Channel.EMAIL, sent, 0, None)
        result = parts.receive(replace(raw, inbound=None, parked=Reason.FAILING))
    return {
        "arrival": raw.arrival,
        "channel": raw.channel,
        "outcome": result.outcome,
        "reason": result.reason,
        "case": result.case,
        **trouble,
    }


def _anew(told: notice.Replay, tries: int, parts: Services) -> dict[str, str]:
    """What is filed is to stand on its case as it is read today. Its outcome stays what it is."""
    watch = Watch(parts.receive.ledger, tries)
    try:
        readings = parts.reread.apply(told.key, told.actor, watch.may(told.key))
        watch.ended(told.key)
    except NotFound:
        return {"arrival": told.key, "reread": "gone"}
    except Exception as error:  # it is filed: nothing is lost by leaving it as it stands
        if tries < LAST_TRY:
            raise
        return {"arrival": told.key, "reread": "failed", **trace_of(error)}
    fields = dict.fromkeys(field.name for reading in readings for field in reading.fields)
    return {"arrival": told.key, "case": readings[0].row.case, "reread": ",".join(fields) or "nothing new"}


def _told(body: str) -> notice.Notice | media_notices.Notice | None:
    try:
        return notice.parse(body)
    except Park:
        return None


def _key(told: notice.Notice | None, body: str) -> str:
    """Under which key the ledger knows what a notice is about. What is none of ours, or has no object, gets one."""
    if told is None:
        return f"events/unreadable/{hashlib.sha256(body.encode('utf-8', 'replace')).hexdigest()}"
    if isinstance(told, notice.DeliveryReport):
        return f"events/{told.id}.json"
    return told.key or f"mail/{notice.SETUP_NAME}"


def _raw(told: notice.Notice | None, body: str, sent: datetime, tries: int, parts: Services) -> Raw:
    key = _key(told, body)
    if told is None:
        parts.arrivals.put(key, body.encode("utf-8", "replace"))
        return Raw(key, Channel.EMAIL, sent, len(body), None, Reason.UNREADABLE)
    if isinstance(told, notice.SetUp):
        return Raw(key, Channel.EMAIL, sent, 0, None, Reason.SETUP)
    if isinstance(told, notice.DeliveryReport):
        return _report(told, body, sent, parts)
    return _mail(told, sent, tries, parts)


def _report(told: notice.DeliveryReport, body: str, sent: datetime, parts: Services, replay: bool = False) -> Raw:
    """An event of the mail service has no object of its own: it gets one before it is worked on (store, then think)."""
    key = _key(told, body)
    parts.arrivals.put(key, body.encode("utf-8", "replace"))
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
    return Raw(key, Channel.EMAIL, told.at or sent, len(body), inbound, replay=replay, event=True)


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
        return _again(told.key, raw, sent, parts, replay)
    # A mail that ended the function twice is read by its beginning only.
    watch = Watch(parts.receive.ledger, tries)
    whole = watch.may(told.key)
    try:
        if isinstance(told, notice.Received):
            inbound = reader.read(raw, told.receipt, whole)
        else:
            inbound = reader.stored(raw, told.key, sent, parts.receive.desk.intake_address, whole)
        watch.ended(told.key)
    except Park as park:
        at = told.receipt.at if isinstance(told, notice.Received) else sent
        return Raw(told.key, Channel.EMAIL, at, len(raw), None, Reason(park.reason), replay=replay)
    return Raw(told.key, Channel.EMAIL, inbound.at, len(raw), inbound, replay=replay)


def _again(key: str, raw: bytes, sent: datetime, parts: Services, replay: bool) -> Raw:
    """A stored event is read once more."""
    body = raw.decode("utf-8", "replace")
    told = _told(body)
    if isinstance(told, notice.DeliveryReport):
        return _report(told, body, sent, parts, replay)
    return Raw(key, Channel.EMAIL, sent, len(raw), None, Reason.UNREADABLE, replay=True)
