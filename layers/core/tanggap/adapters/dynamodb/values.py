"""How values lie in a row's `data`.

What an index or a condition needs stands in an attribute of its own; the rest is one JSON text, which costs a fraction
of the CPU that nested DynamoDB maps do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any

from ...domain.case import ExtensionRequest, FileRef, Link
from ...domain.classification_rules import Why
from ...domain.inbound import Media, Place
from ...domain.times import parse_instant, stamp


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, FileRef | Link | Why | Media | Place):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, ExtensionRequest):  # to the microsecond, like the clock that it names
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in named.items()}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def dumps(value: Any) -> str:
    return json.dumps(value, default=_plain, separators=(",", ":"), ensure_ascii=False)


def instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


def file_of(raw: Mapping[str, Any]) -> FileRef:
    return FileRef(raw["name"], raw["type"], raw["size"], raw["digest"], raw["key"], raw.get("scan", "unscanned"))


def place_of(raw: Mapping[str, Any] | None) -> Place | None:
    return Place(**raw) if raw else None
