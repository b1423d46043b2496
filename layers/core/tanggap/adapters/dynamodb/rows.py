"""How a case lies in rows, with its messages, its history and what likely duplicates are found by."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ...domain.canary import is_canary
from ...domain.case import Alike, Case, ExtensionRequest, Link, Message, Sketch
from ...domain.classification_rules import Why
from ...domain.clock_rows import clock_from_dict, clock_to_dict
from ...domain.history import Entry, entry_from_dict, entry_to_dict
from ...domain.inbound import Media, Sort
from ...domain.times import parse_instant, stamp
from ...domain.words import CHAT, FORMS, Channel, Confidentiality, Kind, Status
from .keys import alike_ref, case_pk, desk_key, desk_order, message_ref, shard
from .packing import packed, unpacked
from .table import Row
from .values import dumps, file_of, instant, place_of

#: A row ends at 400 kB, and each index repeats it: longer texts live in S3, of which the row keeps the start.
TEXT_BYTES, EXCERPT = 64 * 1024, 4_000
#: Characters of a case that the desk of each further unit repeats; a longer one is read from its own row.
REPEATED = 16_000
#: Characters of the entries that share a row, before they are packed: a fourth of that is left, their hashes mostly.
ENTRIES = 600_000
#: The beginnings of some sort keys.
ALSO, HIST = "ALSO#", "HIST#"
#: Channels on whose messages something can be shared, done or kept outside.
OF_PLATFORMS = CHAT | FORMS


_CASE_TEXT = (
    "number",
    "reporter",
    "subject",
    "category",
    "unit",
    "officer",
    "priority",
    "policy_version",
    "deadline_basis",
    "seq",
    "head",
)


def case_row(model: type[Row], case: Case) -> Row:
    body = {
        **{name: getattr(case, name) for name in _CASE_TEXT},
        "channel": case.channel,
        "kind": case.kind,
        "received_at": case.received_at,
        "last_at": case.last_at,
        "opened_at": case.opened_at,
        "confidentiality": case.confidentiality,
        "clocks": [clock_to_dict(clock) for clock in case.clocks],
        "unpromised": [clock_to_dict(clock) for clock in case.unpromised],
        "links": case.links,
        "whys": case.whys,
        "proposals": case.proposals,
        "also": case.also,
        "others": case.others,
        "asked_while": case.asked_while,
        "extensions": case.extensions,
        "heard": case.heard,
        "heard_others": case.heard_others,
        "marks": case.marks,
        "ended_at": case.ended_at,
        "keep_until": case.keep_until.isoformat() if case.keep_until else None,
        "happened_at": case.happened_at,
        "place": case.place,
        "receipt": case.receipt,
    }
    return model(
        pk=case_pk(case.number),
        sk="CASE",
        data=dumps(body),
        version=case.version,
        state=case.status.value,
        due_shard=shard("C", case.number) if case.due_at else None,
        due_at=stamp(case.due_at) if case.due_at else None,
        # A canary's case is on nobody's desk, and in no figure that is counted there.
        desk=None if is_canary(case) else desk_key(case.unit),
        desk_order=None if is_canary(case) else desk_order(case),
        ref=f"REPORTER#{case.reporter}" if case.reporter else None,
        ref_order=stamp(case.received_at) if case.reporter else None,
    )


def _extension(raw: Mapping[str, Any]) -> ExtensionRequest:
    times = {name: instant(raw[name]) for name in ("at", "clock_started_at", "decided_at")}
    return ExtensionRequest(**{**raw, **times})


def desk_row(model: type[Row], case: Case, unit: str) -> Row:
    """The case on the desk of a unit beside its lead, as the lead's own row shows it; on no desk once the unit left.
    `data` is absent where it is long: twelve times the row of a case would be more than a transaction takes."""
    if unit not in case.others or is_canary(case):
        return model(pk=case_pk(case.number), sk=f"DESK#{unit}")
    lead = case_row(model, case)
    return model(
        pk=lead.pk,
        sk=f"DESK#{unit}",
        data=lead.data if len(lead.data or "") <= REPEATED else None,
        version=lead.version,
        state=lead.state,
        desk=desk_key(unit),
        desk_order=lead.desk_order,
    )


def also_row(model: type[Row], case: Case, reporter: str) -> Row:
    """So that a case is found by its reporter's earlier address too."""
    return model(
        pk=case_pk(case.number), sk=f"{ALSO}{reporter}", ref=f"REPORTER#{reporter}", ref_order=stamp(case.received_at)
    )


def case_of(row: Row) -> Case:
    raw = row.content()
    return Case(
        **{name: raw[name] for name in _CASE_TEXT},
        channel=Channel(raw["channel"]),
        kind=Kind(raw["kind"]),
        status=Status(row.state),
        received_at=parse_instant(raw["received_at"]),
        last_at=parse_instant(raw["last_at"]),
        opened_at=instant(raw.get("opened_at")),
        confidentiality=Confidentiality(raw["confidentiality"]),
        clocks=tuple(clock_from_dict(clock) for clock in raw["clocks"]),
        unpromised=tuple(clock_from_dict(clock) for clock in raw.get("unpromised", ())),
        links=tuple(Link(**link) for link in raw["links"]),
        whys=tuple(Why(**why) for why in raw.get("whys", ())),
        proposals=tuple(Why(**why) for why in raw.get("proposals", ())),
        also=tuple(raw.get("also", ())),
        others=tuple(raw.get("others", ())),
        asked_while=Status(raw["asked_while"]) if raw.get("asked_while") else None,
        extensions=tuple(_extension(one) for one in raw.get("extensions", ())),
        heard=tuple(parse_instant(one) for one in raw.get("heard", ())),
        heard_others=tuple(parse_instant(one) for one in raw.get("heard_others", ())),
        marks=tuple(raw["marks"]),
        due_at=instant(row.due_at),
        ended_at=instant(raw["ended_at"]),
        keep_until=date.fromisoformat(raw["keep_until"]) if raw.get("keep_until") else None,
        happened_at=instant(raw.get("happened_at")),
        place=place_of(raw.get("place")),
        receipt=raw.get("receipt", ""),
        version=int(row.version or 0),
    )


_MESSAGE_TEXT = (
    "id",
    "case",
    "direction",
    "text",
    "subject",
    "full_text",
    "external_id",
    "automatic",
    "authenticity",
    "actor",
    "sender",
    "arrival",
    "body",
)


def apart(message: Message) -> Message:
    """A message whose text is too long for a row, with the name of the object that is to hold it; else as it is.

    Under the arrival's name, like its files; after the content, so that reading the arrival again writes the same."""
    if not message.arrival or len(message.text) + len(message.full_text) <= TEXT_BYTES // 4:
        return message  # an officer's text is bounded where it is taken
    content = body_bytes(message)
    if len(content) <= TEXT_BYTES:
        return message
    return replace(message, body=f"{message.arrival}/{hashlib.sha256(content).hexdigest()}.json")


def body_bytes(message: Message) -> bytes:
    return dumps({"text": message.text, "full_text": message.full_text}).encode("utf-8", "surrogatepass")


def with_body(message: Message, content: bytes) -> Message:
    raw = json.loads(content)
    return replace(message, text=raw["text"], full_text=raw["full_text"], body="")


def message_sk(message: Message) -> str:
    return f"MSG#{stamp(message.at)}#{message.id}"


def message_row(model: type[Row], message: Message) -> Row:
    body = {
        **{name: getattr(message, name) for name in _MESSAGE_TEXT},
        "channel": message.channel,
        "at": message.at,
        "verdicts": message.verdicts,
        "reasons": message.reasons,
        "files": message.files,
        "left_out": message.left_out,
        "marks": message.marks,
    }
    if message.channel in OF_PLATFORMS:
        body |= {"sort": message.sort, "about": message.about, "place": message.place, "media": message.media}
    if message.body:
        body |= {"text": message.text[:EXCERPT], "full_text": ""}
    linked = bool(message.external_id) and message.direction == "in"
    return model(
        pk=case_pk(message.case),
        sk=message_sk(message),
        data=dumps(body),
        ref=message_ref(message.external_id) if linked else None,
        ref_order=stamp(message.at) if linked else None,
    )


def message_of(row: Row) -> Message:
    raw = row.content()
    return Message(
        **{name: raw.get(name, "") for name in _MESSAGE_TEXT},
        channel=Channel(raw["channel"]),
        at=parse_instant(raw["at"]),
        verdicts=raw["verdicts"],
        reasons=tuple(raw.get("reasons", ())),
        files=tuple(file_of(file) for file in raw["files"]),
        left_out=tuple(raw.get("left_out", ())),
        marks=tuple(raw["marks"]),
        sort=Sort(raw.get("sort", "message")),
        about=raw.get("about", ""),
        place=place_of(raw.get("place")),
        media=tuple(Media(**one) for one in raw.get("media", ())),
    )


def history_rows(model: type[Row], number: str, entries: tuple[Entry, ...]) -> Iterator[Row]:
    """The entries of one change share a row, since they stand or fall together anyway; very many share a few."""
    texts: list[str] = []
    first, size = 0, 0
    for place, entry in enumerate(entries):
        texts.append(dumps(entry_to_dict(entry)))
        size += len(texts[-1])
        if size > ENTRIES or place == len(entries) - 1:
            data = packed(f"[{','.join(texts)}]")
            yield model(pk=case_pk(number), sk=f"{HIST}{entries[first].seq:08d}", data=data)
            texts, first, size = [], place + 1, 0


def history_of(row: Row) -> tuple[Entry, ...]:
    row.check()
    return tuple(entry_from_dict(raw) for raw in json.loads(unpacked(row.data or "[]")))


def sketch_rows(model: type[Row], case: Case, sketch: Sketch) -> list[Row]:
    """One a key, each with the whole sketch: what a key finds needs no second read to be compared."""
    words = base64.b85encode(struct.pack(f">{len(sketch.words)}I", *sketch.words)).decode()
    return [
        model(
            pk=case_pk(case.number),
            sk=f"LIKE#{number}",
            data=words,
            ref=alike_ref(key),
            ref_order=stamp(case.received_at),
        )
        for number, key in enumerate(sketch.keys)
    ]


def alike_of(row: Row) -> Alike:
    row.check()
    packed = base64.b85decode(row.data or "")
    return Alike(
        row.pk.removeprefix("CASE#"),
        (row.ref or "").removeprefix("ALIKE#"),
        struct.unpack(f">{len(packed) // 4}I", packed),
    )
