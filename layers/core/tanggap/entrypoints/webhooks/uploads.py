"""Places for a citizen's files: each a form that the bucket itself checks for type and size."""

from __future__ import annotations

import base64
import re

from ...domain.errors import Invalid
from ...domain.form_rules import FILE_BYTES, FILE_NAME_BYTES, FILE_NAME_LIMIT, FILE_TYPES, UPLOADS
from .fields import Reading
from .forms import limited
from .parts import Parts
from .request import Answer, Request, as_json

BODY_LIMIT = 10_000
_PLACE = "0123456789abcdefghjkmnpqrstvwxyz"


def upload(request: Request, parts: Parts) -> Answer:
    """POST /v1/reports/uploads {name, type, size} -> {id, url, fields}. Raises Invalid, TooMany."""
    given = request.json(BODY_LIMIT)
    limited(parts.uploads, request)
    faults: list[dict[str, str]] = []
    read = Reading(given, faults)
    read.only(("name", "type", "size"))
    name, kind, size = read.text("name", FILE_NAME_LIMIT), read.line("type", 100).lower(), given.get("size", 0)
    if kind not in FILE_TYPES:
        read.fault("type", f"is one of {', '.join(FILE_TYPES)}")
    if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= FILE_BYTES:
        read.fault("size", f"is 1 to {FILE_BYTES} bytes")
    if faults:
        raise Invalid("this file cannot be taken", faults=tuple(faults))
    place = "".join(_PLACE[parts.random(5)] for _ in range(26))
    label = base64.urlsafe_b64encode(_named(name, kind).encode()).decode().rstrip("=")
    return as_json({"id": f"{place}.{label}", **parts.store.form(f"{UPLOADS}{place}", kind, size)}, 201)


def _named(name: str, kind: str) -> str:
    """No path, nothing invisible, bounded, with an ending that its type has."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(". ") or "lampiran"
    endings = FILE_TYPES[kind]
    stem, dot, ending = clean.rpartition(".")
    if not stem or (dot + ending).lower() not in endings:
        stem, ending = clean, endings[0][1:]
    cut = stem.encode("utf-8", "ignore")[: FILE_NAME_BYTES - len(ending) - 1].decode("utf-8", "ignore").rstrip(". ")
    return f"{cut or 'lampiran'}.{ending}"
