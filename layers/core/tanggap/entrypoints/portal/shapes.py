"""Domain objects as CONTRACT.md's JSON."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from itertools import groupby
from typing import Any

from ...application.desk import Writers, overdue
from ...application.ledger import PREFIXES
from ...application.ports import CaseFile, Identity
from ...application.reread import Reading
from ...domain.case import Case, Delivery, ExtensionRequest, FileRef, Link, Message, Received
from ...domain.classification_rules import Why
from ...domain.clocks import Clock
from ...domain.corrections import NOT_DUPLICATE_OF
from ...domain.deadlines import explain
from ...domain.derivation_dict import as_dict
from ...domain.derivation_of import derived_of
from ...domain.derivation_words import in_words_en, in_words_id
from ...domain.extensions import can_move, clock_of
from ...domain.history import Entry
from ...domain.inbound import Place
from ...domain.life import following
from ...domain.policy import Policy
from ...domain.ways import NO_ADDRESS, How, Way, spent
from ...domain.words import Channel, Confidentiality, Reason

Urls = Callable[[FileRef], str]
Versions = Callable[[int], Policy | None]
#: A function answers 6 MB at most. Texts of one case beyond this are left to the messages' own addresses, newest first
#: in: a thread that somebody floods stays readable.
TEXT_BUDGET = 2_000_000
#: Rows of a kind in one answer, under a megabyte each without their texts.
SHOWN = 1_000


def instant(at: datetime | None, zone: timezone) -> str | None:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None


def summary(case: Case, zone: timezone, now: datetime) -> dict[str, Any]:
    return {
        "number": case.number,
        "kind": case.kind,
        "category": case.category,
        "unit": case.unit,
        "units": list(case.units),
        "officer": case.officer,
        "status": case.status,
        "priority": case.priority,
        "channel": case.channel,
        "subject": case.subject,
        "received_at": instant(case.received_at, zone),
        "due_at": instant(case.deadline, zone),
        "overdue": overdue(case, now),
        "confidentiality": case.confidentiality,
        "marks": list(case.marks),
    }


def clock(one: Clock, policy: Policy, history: Iterable[Entry] = (), now: datetime | None = None) -> dict[str, Any]:
    """`history`: the case's, for what moved this deadline since its clock started. `now`: when a clock that stands
    still is taken to go on."""
    zone = policy.calendar.zone
    derived = derived_of(one, policy, history, now)
    return {
        "name": one.name,
        "state": one.state,
        "due_at": instant(derived.due_at, zone),
        "started_at": instant(one.started_at, zone),
        "met_at": instant(one.met_at, zone),
        "missed_at": instant(one.missed_at, zone),
        "stopped_at": instant(one.stopped_at, zone),
        "stopped_why": one.stopped_why,
        "rule": one.rule,
        "policy_version": one.policy_version,
        "steps_done": list(one.steps_done),
        "unit": one.unit or None,
        "label": policy.label(one.name),
        "source": one.source,
        "term": {"amount": one.term.amount, "unit": one.term.unit},
        "extensions": [{"amount": more.amount, "at": instant(more.at, zone), "by": more.by} for more in one.extensions],
        "pauses": [
            {"since": instant(gap.since, zone), "until": instant(gap.until, zone), "reason": gap.reason}
            for gap in one.pauses
        ],
        "explanation": [
            {"date": day.date.isoformat(), "counted": day.counted, "why": day.why}
            | ({"assumed": True} if day.assumed else {})
            for day in explain(one, policy.calendar, derived.assumed_from)
        ],
        "derivation": {
            **as_dict(derived),
            "words": {"id": list(in_words_id(derived)), "en": list(in_words_en(derived))},
        },
    }


def _file(one: FileRef, url: Urls) -> dict[str, Any]:
    return {"name": one.name, "type": one.type, "size": one.size, "url": url(one), "scan": one.scan}


def _told_id(external_id: str, channel: Channel, openly: bool) -> str:
    """WhatsApp's id of a message spells its person's telephone number: of who is not to be named, a digest."""
    if openly or channel is not Channel.WHATSAPP or not external_id:
        return external_id
    return "sha256:" + hashlib.sha256(external_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _inbound(one: Message, zone: timezone, url: Urls, openly: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "direction": "in",
        "channel": one.channel,
        "external_id": _told_id(one.external_id, one.channel, openly),
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
        "attachments": [_file(file, url) for file in one.files],
        "attachments_left_out": list(one.left_out),
        "attachments_waiting": len(one.media),
        # Of a platform: what was done, and the external id of what a reaction, an edit or a deletion is about.
        "sort": one.sort,
        "about": _told_id(one.about, one.channel, openly) or None,
        "place": _place(one.place),
        "delivery": None,
    }


def _outbound(one: Delivery, zone: timezone, url: Urls, openly: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "direction": "out",
        "channel": one.channel,
        "external_id": _told_id(one.external_id, one.channel, openly),
        "at": instant(one.created_at, zone),
        "subject": one.subject,
        "text": one.text,
        "text_cut": False,
        "full_text_available": False,
        "automatic": one.automatic,
        "authenticity": "",
        "by": "system" if one.automatic else one.actor,
        "purpose": one.purpose,
        "attachments": [_file(file, url) for file in one.files],
        "delivery": {"state": one.state, "attempts": one.attempts, "reason": one.reason},
    }


def _delivery(one: Delivery, zone: timezone) -> dict[str, Any]:
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


def reporter(writers: Writers) -> dict[str, Any]:
    return {
        **_identity(writers.reporter),
        "earlier": [_identity(one) for one in writers.earlier],
        "others": [{"messages": list(messages), **_identity(one)} for messages, one in writers.others],
    }


def _identity(identity: Identity | None) -> dict[str, Any]:
    if identity is None:
        return {"name": None, "addresses": []}
    known = (("email", identity.address), ("phone", identity.phone))
    return {
        "name": identity.name,
        "addresses": [{"channel": channel, "address": address} for channel, address in known if address],
    }


def _messages(file: CaseFile, zone: timezone, url: Urls) -> list[dict[str, Any]]:
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


def whole(
    file: CaseFile, likely: tuple[Link, ...], policy: Policy, versions: Versions, url: Urls, now: datetime
) -> dict[str, Any]:
    """A case with everything about it; each clock explained by the policy that set it. `likely`: duplicates that are
    proposed."""
    zone, case = policy.calendar.zone, file.case
    file, left_out = _newest(file)
    return {
        **summary(case, zone, now),
        "version": case.seq,
        "next_statuses": list(following(case)),
        "extensions": [_extension(one, case, zone, now) for one in case.extensions],
        "deadline_basis": case.deadline_basis,
        "policy_version": case.policy_version,
        "happened_at": instant(case.happened_at, zone),
        "place": _place(case.place),
        "ended_at": instant(case.ended_at, zone),
        "keep_until": case.keep_until.isoformat() if case.keep_until else None,
        "clocks": [clock(one, versions(one.policy_version) or policy, file.history, now) for one in case.clocks],
        "messages": _messages(file, zone, url),
        "notes": [
            {
                "id": one.id,
                "at": instant(one.at, zone),
                "by": one.actor,
                "text": one.text,
                "subject": one.subject,
                "marks": list(one.marks),
                "authenticity": one.authenticity,
                "attachments": [_file(file, url) for file in one.files],
                "attachments_left_out": list(one.left_out),
            }
            for one in file.messages
            if one.direction == "note"
        ],
        "history": [
            {
                "seq": one.seq,
                # To the millisecond, as it is hashed: whoever has the list can check the chain.
                "at": one.at.astimezone(zone).isoformat(timespec="milliseconds"),
                "actor": one.actor,
                "event": one.event,
                "data": dict(one.data),
                "commitment": one.commitment,
                "prev": one.prev,
                "hash": one.hash,
            }
            for one in file.history
        ],
        "deliveries": [_delivery(one, zone) for one in file.letters],
        "links": [_link(one) for one in (*case.links, *likely) if one.kind != NOT_DUPLICATE_OF],
        "classification": {
            "kind": _classified(case, "kind", case.kind),
            "category": _classified(case, "category", case.category),
            "unit": _classified(case, "unit", case.unit),
            "priority": _classified(case, "priority", case.priority),
        },
        "proposed": {why.what: _proposed(why) for why in case.proposals},
        "left_out": left_out,
    }


def _place(one: Place | None) -> dict[str, Any] | None:
    return {"latitude": one.latitude, "longitude": one.longitude, "text": one.text} if one else None


def _extension(one: ExtensionRequest, case: Case, zone: timezone, now: datetime) -> dict[str, Any]:
    """`lapsed`: nobody decided while the clock's date could still move."""
    state: str = one.state
    if state == "pending" and not ((found := clock_of(case, one)) and can_move(found, now)):
        state = "lapsed"
    return {
        "id": one.id,
        "clock": one.clock,
        "unit": one.unit or None,
        "amount": one.amount,
        "state": state,
        "by": one.by,
        "at": instant(one.at, zone),
        "note": one.note,
        "decided_by": one.decided_by or None,
        "decided_at": instant(one.decided_at, zone),
    }


def _link(link: Link) -> dict[str, str]:
    return {"kind": link.kind, "number": link.number, **({"why": link.why} if link.why else {})}


def _reason(why: Why) -> dict[str, str]:
    return {"rule": why.rule, "found": why.found}


def _classified(case: Case, what: str, value: str | None) -> dict[str, Any]:
    return {"value": value, "why": [_reason(why) for why in case.whys if why.what == what]}


def _proposed(why: Why) -> dict[str, Any]:
    return {"value": why.value, "why": [_reason(why)]}


def _newest(file: CaseFile) -> tuple[CaseFile, dict[str, int]]:
    """Lambda answers at most 6 MB: of a flooded case the newest rows of each kind, and how many are left out."""
    kinds = ("messages", "history", "deliveries")
    left_out = {kind: max(0, len(getattr(file, kind)) - SHOWN) for kind in kinds}
    return replace(file, **{kind: getattr(file, kind)[-SHOWN:] for kind in kinds}), left_out


def arrival_id(key: str) -> str:
    """An arrival's key holds slashes, which no path segment can."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def arrival_key(identifier: str) -> str:
    """Empty for what is none of ours: a key is visible, not longer than S3 takes, and in a known folder."""
    try:
        key = base64.urlsafe_b64decode(identifier + "=" * (-len(identifier) % 4)).decode()
    except ValueError:
        return ""
    known = key.startswith(PREFIXES) and key.isprintable() and len(key.encode()) <= 1024
    return key if known and arrival_id(key) == identifier else ""


def reading(one: Reading) -> dict[str, Any]:
    row = one.row
    return {
        "case": row.case or None,
        "message": one.message.id if one.message else None,
        "was": {"outcome": row.outcome, "reason": row.reason},
        "now": {"outcome": one.outcome, "reason": one.reason},
        "differs": one.differs,
        "differences": [
            {"field": field.name, "was": _bounded(field.was), "now": _bounded(field.now)}
            for field in (*one.fields, *((one.case,) if one.case else ()))
        ],
    }


def _bounded(value: Any) -> Any:
    """Four texts of a character that takes four bytes stay under an answer's size; an ellipsis says where one ends."""
    cut = TEXT_BUDGET // 8
    return value[:cut] + "…" if isinstance(value, str) and len(value) > cut else value


#: Why nothing is known of what a message says.
_NOT_READ = frozenset({Reason.UNREAD, Reason.NOT_FOUND, Reason.UNREADABLE})


def _channel_of(key: str, messages: Sequence[Received]) -> Channel | None:
    """Of Meta's door, which three channels share, it is known by what was read of it; None before."""
    if not key.startswith("webhooks/meta/"):
        return messages[0].channel
    return next((one.channel for one in messages if one.reason not in _NOT_READ), None)


def arrivals(rows: Iterable[Received], zone: timezone, open_cases: Container[str]) -> list[dict[str, Any]]:
    """`open_cases`: of the rows' cases those that are open."""
    shapes = []
    for key, group in groupby(rows, key=lambda row: row.arrival):
        messages = list(group)
        shapes.append(
            {
                "id": arrival_id(key),
                "channel": _channel_of(key, messages),
                "at": instant(messages[0].at, zone),
                "size": messages[0].size,
                "messages": [
                    {
                        "outcome": one.outcome,
                        "reason": one.reason,
                        "external_id": _told_id(one.external_id, one.channel, one.case in open_cases),
                        "case": one.case or None,
                    }
                    for one in messages
                ],
            }
        )
    return shapes
