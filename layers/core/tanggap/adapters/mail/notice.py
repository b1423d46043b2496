"""What a queue record's body means: a mail that SES received, what became of one of ours, a set-up note, a replay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...domain.errors import Park
from ...domain.inbound import Authenticity, FailedDelivery
from ...domain.times import parse_instant
from ...domain.words import Reason
from ..channels import media_notices
from ..channels.media_notices import Notice as MediaNotice
from ..channels.media_notices import is_key
from . import bounds, headers
from .reader import Receipt

#: Words of our own notices.
WISHES = ("arrived", "again", "replay", "anew")
SETUP_NAME = "AMAZON_SES_SETUP_NOTIFICATION"
#: SES says this to a topic when it is first told to publish there.
_SETUP_SENTENCE = "Successfully validated SNS topic for Amazon SES"


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that lies in `bucket` under `key`."""

    bucket: str
    key: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What SES says about one mail of ours. `id` is the same however often SES says it."""

    id: str
    event: str
    at: datetime | None
    failures: tuple[FailedDelivery, ...]


@dataclass(frozen=True, slots=True)
class SetUp:
    """SES's own note that it may write here; no message of anybody. `bucket` and `key` are empty for a sentence."""

    key: str = ""
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """Our own wish to read a stored arrival; its receipt facts are in the raw mail. `by_officer`: it was parked, and
    somebody decided to let it in; otherwise it has just come in, or its first notice never led to an outcome. `anew`:
    it was filed, and what today's reading makes of it is to stand on its case; `actor` wants it so. `more`: when a run
    said that it had done some of its pieces, and the time was over."""

    key: str
    by_officer: bool = True
    anew: bool = False
    actor: str = "system"
    more: datetime | None = None


Notice = Received | DeliveryReport | SetUp | Replay
Fields = dict[str, Any]


def parse(body: str) -> Notice | MediaNotice:
    """Raises `Park(unreadable)` for anything that is none of these. Works with and without the SNS envelope."""
    content = _object(body)
    if content.get("Type") == "Notification" and isinstance(content.get("Message"), str):
        message = content["Message"]
        if message.startswith(_SETUP_SENTENCE):
            return SetUp()
        content = _object(message)
    if (wish := content.get("tanggap")) in WISHES:
        key = content.get("key")
        if isinstance(key, str) and is_key(key):
            actor = _text(content, "actor")[:100] or "system"
            return Replay(key, wish == "replay", wish == "anew", actor, _instant(content, "more"))
        raise _unreadable()
    if media_notices.is_ours(content):
        return media_notices.read(content)
    event = _text(content, "eventType") or _text(content, "notificationType")
    if event == "Received":
        return _received(content)
    if event in _EVENTS:
        return _report(event, content)
    if event == SETUP_NAME:
        return SetUp()
    raise _unreadable()


def _received(content: Fields) -> Received | SetUp:
    receipt, mail = _fields(content, "receipt"), _fields(content, "mail")
    action = _fields(receipt, "action")
    bucket, key = _text(action, "bucketName"), _text(action, "objectKey")
    if key.endswith(SETUP_NAME) or _text(mail, "messageId") == SETUP_NAME:
        return SetUp(key, bucket)
    at = _moment(receipt, "timestamp") or _moment(mail, "timestamp")
    if not bucket or not is_key(key) or at is None:
        raise _unreadable()
    source = _text(mail, "source") if "source" in mail else "?"  # not told is not the null path
    facts = Receipt(
        arrival_key=key,
        at=at,
        recipients=tuple(_strings(receipt.get("recipients")) or _strings(mail.get("destination"))),
        source=source.strip().strip("<>").lower(),
        authenticity=Authenticity(
            spf=_verdict(receipt, "spfVerdict"),
            dkim=_verdict(receipt, "dkimVerdict"),
            dmarc=_verdict(receipt, "dmarcVerdict"),
            policy=_text(receipt, "dmarcPolicy").lower(),
            spam=_verdict(receipt, "spamVerdict"),
            virus=_verdict(receipt, "virusVerdict"),
        ),
    )
    return Received(bucket, key, facts)


#: recipient as SES wrote it, status, for good
_Told = tuple[str, str, bool]


def _bounced(content: Fields) -> Iterator[_Told]:
    bounce = _fields(content, "bounce")
    permanent = _text(bounce, "bounceType") == "Permanent"
    for one in _list(bounce.get("bouncedRecipients")):
        yield _text(one, "emailAddress"), _text(one, "status"), permanent


def _complained(content: Fields) -> Iterator[_Told]:
    for one in _list(_fields(content, "complaint").get("complainedRecipients")):
        yield _text(one, "emailAddress"), "", True


def _delivered(content: Fields) -> Iterator[_Told]:
    for one in _strings(_fields(content, "delivery").get("recipients")):
        yield one, "", False


def _rejected(content: Fields) -> Iterator[_Told]:
    for one in _strings(_fields(content, "mail").get("destination")):
        yield one, "", True


def _delayed(content: Fields) -> Iterator[_Told]:
    for one in _list(_fields(content, "deliveryDelay").get("delayedRecipients")):
        yield _text(one, "emailAddress"), _text(one, "status"), False


#: SES's event -> (our kind, the field that holds its time, its recipients).
_EVENTS: dict[str, tuple[str, str, Callable[[Fields], Iterator[_Told]]]] = {
    "Bounce": ("bounce", "bounce", _bounced),
    "Complaint": ("complaint", "complaint", _complained),
    "Delivery": ("delivery", "delivery", _delivered),
    "Reject": ("reject", "reject", _rejected),
    "DeliveryDelay": ("delay", "deliveryDelay", _delayed),
}


def _report(event: str, content: Fields) -> DeliveryReport:
    kind, field, recipients = _EVENTS[event]
    mail = _fields(content, "mail")
    original = _text(mail, "messageId")[: bounds.IDENTIFIER]
    tags = _fields(mail, "tags")
    told = list(recipients(content)) or [(one, "", False) for one in _strings(mail.get("destination"))]
    if not original or not told:
        raise _unreadable()
    failures = tuple(
        FailedDelivery(
            recipient=_address(recipient),
            original_id=original,
            permanent=permanent,
            status=status[:20],
            kind=kind,
            delivery_id=_tag(tags, "delivery"),
            case_number=_tag(tags, "case"),
        )
        for recipient, status, permanent in told[: bounds.FAILURES]
    )
    at = _moment(_fields(content, field), "timestamp") or _moment(mail, "timestamp")
    stamp = _text(_fields(content, field), "timestamp")
    named = "\n".join((event, original, stamp, *(failed.recipient for failed in failures)))
    return DeliveryReport(hashlib.sha256(named.encode("utf-8", "replace")).hexdigest(), event, at, failures)


def _address(text: str) -> str:
    found = headers.addresses(text.encode("utf-8", "replace"))
    return found[0].address if found else ""


def _tag(tags: Fields, name: str) -> str:
    values = _strings(tags.get(name))
    return values[0][: bounds.IDENTIFIER] if values else ""


def _verdict(receipt: Fields, name: str) -> str:
    return _text(_fields(receipt, name), "status").upper()


def _moment(fields: Fields, name: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(_text(fields, name))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return _storable(value) if isinstance(value, str) else ""


def _instant(fields: Fields, name: str) -> datetime | None:
    try:
        return parse_instant(_text(fields, name))
    except ValueError:
        return None


def _storable(text: str) -> str:
    """JSON can spell half a character, which nothing can store."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _fields(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Fields]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    return [_storable(one) for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _object(text: str) -> Fields:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(content, dict):
        raise _unreadable()
    return content


def _unreadable() -> Park:
    return Park(Reason.UNREADABLE, "a notice that is none of ours")
