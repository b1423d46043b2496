"""How a letter lies in its outbox row."""

from __future__ import annotations

import json
from typing import Any

from ...domain.canary import is_canary
from ...domain.case import Delivery
from ...domain.times import parse_instant, stamp
from ...domain.words import Channel, DeliveryState, Purpose
from .keys import case_pk, goes_at, outbound_ref, shard
from .table import Row
from .values import dumps, file_of, instant

#: The beginning of its sort key.
OUT = "OUT#"
#: A further id under which a platform speaks of it: `PART#<delivery>#<digest of the id>`.
PART = "PART#"

_DELIVERY_TEXT = ("id", "case", "subject", "text", "reporter", "address", "automatic", "in_reply_to", "actor")


def delivery_row(model: type[Row], delivery: Delivery) -> Row:
    body = {
        **{name: getattr(delivery, name) for name in _DELIVERY_TEXT},
        "purpose": delivery.purpose,
        "channel": delivery.channel,
        "created_at": delivery.created_at,
        "references": delivery.references,
        "files": delivery.files,
        "steps": delivery.steps,
        "parts": delivery.parts,
        "bundled_in": delivery.bundled_in,
    }
    if delivery.again_of:
        body["again_of"] = delivery.again_of
    if delivery.since:
        body["since"] = delivery.since
    if delivery.facts:
        body |= _facts_once(delivery)
    return model(
        pk=case_pk(delivery.case),
        sk=f"{OUT}{delivery.id}",
        data=dumps(body),
        state=delivery.state.value,
        due_shard=shard("E" if delivery.asleep else "O", delivery.case) if delivery.due_at else None,
        due_at=stamp(delivery.due_at) if delivery.due_at else None,
        wake=stamp(delivery.wake) if delivery.wake else None,
        lease=stamp(delivery.lease_until) if delivery.lease_until else None,
        attempts=delivery.attempts,
        repeats=delivery.repeats,
        faults=delivery.faults or None,
        reason=delivery.reason or None,
        external_id=delivery.external_id or None,
        sent_at=stamp(delivery.sent_at) if delivery.sent_at else None,
        ref=outbound_ref(delivery.external_id) if delivery.external_id else None,
        ref_order=_ref_order(delivery),
        way=_way(delivery),
        expires=goes_at(delivery.created_at) if is_canary(delivery) else None,
    )


def _ref_order(delivery: Delivery) -> str | None:
    """A part has its id before the whole is sent, and keeps it once the whole goes another way."""
    return stamp(delivery.sent_at or delivery.created_at) if delivery.external_id else None


def _way(delivery: Delivery) -> str | None:
    """None of what goes as it was written: most mail."""
    moved = {name: getattr(delivery, name) for name in ("how", "gone", "tried", "charged", "comment", "marks")}
    if not any(moved.values()):
        return None
    return dumps({name: value for name, value in moved.items() if value} | {"channel": delivery.channel})


#: Stands in a letter's text for what its facts say. Nobody can type it (application.texts.clean).
_SAID = "\x00"


def _facts_once(delivery: Delivery) -> dict[str, Any]:
    """What somebody wrote may be long, and stands in the text as in the facts: kept once."""
    said = dict(delivery.facts).get("text", "")
    text = delivery.text.replace(said, _SAID, 1) if said and _SAID not in delivery.text else delivery.text
    return {"facts": delivery.facts, "text": text}


def delivery_of(row: Row) -> Delivery:
    raw = row.content()
    facts = tuple((name, value) for name, value in raw.get("facts", ()))
    if said := dict(facts).get("text"):
        raw["text"] = raw["text"].replace(_SAID, said, 1)
    way = json.loads(row.way) if row.way else {}
    return Delivery(
        **{name: raw[name] for name in _DELIVERY_TEXT},
        purpose=Purpose(raw["purpose"]),
        channel=Channel(way.get("channel") or raw["channel"]),
        how=way.get("how", ""),
        gone=tuple(way.get("gone", ())),
        tried=tuple(way.get("tried", ())),
        charged=way.get("charged", ""),
        comment=way.get("comment", ""),
        marks=tuple(way.get("marks", ())),
        again_of=raw.get("again_of", ""),
        facts=facts,
        since=parse_instant(raw["since"]) if "since" in raw else None,
        created_at=parse_instant(raw["created_at"]),
        references=tuple(raw["references"]),
        files=tuple(file_of(file) for file in raw["files"]),
        steps=tuple(raw["steps"]),
        parts=tuple(raw.get("parts", ())),
        bundled_in=raw.get("bundled_in", ""),
        state=DeliveryState(row.state),
        due_at=instant(row.due_at),
        wake=instant(row.wake),
        lease_until=instant(row.lease),
        attempts=int(row.attempts or 0),
        repeats=int(row.repeats or 0),
        faults=int(row.faults or 0),
        reason=row.reason or "",
        external_id=row.external_id or "",
        sent_at=instant(row.sent_at),
    )
