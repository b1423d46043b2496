"""What was said on a case as CONTRACT.md's JSON: messages in and out, deliveries, and the way a reply would go."""

from __future__ import annotations

import hashlib
from datetime import timezone
from typing import Any

from ...application.ports import CaseFile
from ...domain.case import Delivery, FileRef, Message
from ...domain.ways import NO_ADDRESS, How, Way, spent
from ...domain.words import Channel, Confidentiality
from .shapes import Urls, instant, place

#: A function answers 6 MB at most. Texts of one case beyond this are left to the messages' own addresses, newest first
#: in: a thread that somebody floods stays readable.
TEXT_BUDGET = 2_000_000


def file_shape(one: FileRef, url: Urls) -> dict[str, Any]:
    return {"name": one.name, "type": one.type, "size": one.size, "url": url(one), "scan": one.scan}


def told_id(external_id: str, channel: Channel, openly: bool) -> str:
    """WhatsApp's id of a message spells its person's telephone number: of who is not to be named, a digest."""
    if openly or channel is not Channel.WHATSAPP or not external_id:
        return external_id
    return "sha256:" + hashlib.sha256(external_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _inbound(one: Message, zone: timezone, url: Urls, openly: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "direction": "in",
        "channel": one.channel,
        "external_id": told_id(one.external_id, one.channel, openly),
        "at": instant(one.at, zone),
        "subject": one.subject,
        "text": one.text,
        "text_cut": False,
        "full_text_available": bool(one.full_text),
        "automatic": one.automatic,
        "authenticity": one.authenticity,
        "authenticity_reasons": list(one.reasons),
        "verdicts": dict(one.verdicts),
        "marks": list(one.marks),
        "by": one.actor,
        "attachments": [file_shape(file, url) for file in one.files],
        "attachments_left_out": list(one.left_out),
        "attachments_waiting": sum(not medium.parked for medium in one.media),
        # Of a platform: what was done, and the external id of what a reaction, an edit or a deletion is about.
        "sort": one.sort,
        "about": told_id(one.about, one.channel, openly) or None,
        "place": place(one.place),
        "delivery": None,
    }


def _outbound(one: Delivery, zone: timezone, url: Urls, openly: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "direction": "out",
        "channel": one.channel,
        "external_id": told_id(one.external_id, one.channel, openly),
        "at": instant(one.created_at, zone),
        "subject": one.subject,
        "text": one.text,
        "text_cut": False,
        "full_text_available": False,
        "automatic": one.automatic,
        "authenticity": "",
        "by": "system" if one.automatic else one.actor,
        "purpose": one.purpose,
        "attachments": [file_shape(file, url) for file in one.files],
        "delivery": {"state": one.state, "attempts": one.attempts, "reason": one.reason},
    }


def delivery(one: Delivery, zone: timezone) -> dict[str, Any]:
    return {
        "id": one.id,
        "purpose": one.purpose,
        "channel": one.channel,
        "to": one.address or "reporter",
        "how": one.how or (How.MAIL if one.channel is Channel.EMAIL else None),
        "state": one.state,
        "attempts": one.attempts,
        "repeats": one.repeats,
        "reason": one.reason,
        "parts": len(one.gone) or None,
        "charged": spent(one.charged),
        "tried": list(one.tried),
        "steps": list(one.steps),
        "digest": one.bundled_in.partition("/")[2] or None,
        "again_of": one.again_of or None,
        "created_at": instant(one.created_at, zone),
        "sent_at": instant(one.sent_at, zone),
        "due_at": instant(one.due_at, zone),
    }


def answer_way(way: Way | None, zone: timezone) -> dict[str, Any]:
    """By which way a reply would go now; `how` is null where nobody can be reached."""
    return {
        "channel": way.channel if way else None,
        "how": way.how if way else None,
        "until": instant(way.until, zone) if way else None,
        "costs": (way.costs or None) if way else None,
        "why": way.why if way else NO_ADDRESS,
    }


def full(one: Message, zone: timezone, url: Urls, openly: bool) -> dict[str, Any]:
    """A message with its whole text: quotes, signature and all. `openly`: its case is open."""
    return {**_inbound(one, zone, url, openly), "full_text": one.full_text or one.text}


def messages(file: CaseFile, zone: timezone, url: Urls) -> list[dict[str, Any]]:
    """What was said between the reporter and us, oldest first."""
    openly = file.case.confidentiality is Confidentiality.OPEN
    said = [(one.at, _inbound(one, zone, url, openly)) for one in file.messages if one.direction == "in"]
    said += [(one.created_at, _outbound(one, zone, url, openly)) for one in file.deliveries if not one.address]
    shapes = [shape for _, shape in sorted(said, key=lambda pair: pair[0])]
    left = TEXT_BUDGET
    for shape in reversed(shapes):
        left -= len(shape["text"].encode())
        if left < 0:
            shape.update(text="", text_cut=True, full_text_available=shape["direction"] == "in")
    return shapes
