"""The tree of a mail as places in its bytes: nothing is copied before it is wanted, each level is read once."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass

from . import bounds, headers
from .bounds import Doubt
from .headers import Headers

_DEFAULT = "text/plain"


@dataclass(slots=True)
class Part:
    """raw[start:end] is this part's body, still encoded."""

    raw: bytes
    headers: Headers
    start: int
    end: int
    type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    children: list[Part]

    @property
    def encoded(self) -> bytes:
        return self.raw[self.start : self.end]

    def content(self, doubts: set[str]) -> bytes:
        """The decoded body. What is broken is decoded as far as it goes, with a doubt."""
        encoding = self.headers.get("content-transfer-encoding").lower().partition(";")[0].strip()
        body = self.encoded
        if encoding == "base64":
            content, intact = headers.unbase64(body)
            if not intact:
                doubts.add(Doubt.ENCODING)
            return content
        if encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            return _unuuencoded(body, doubts)
        if encoding not in ("", "7bit", "8bit", "binary", "7-bit", "8-bit"):
            doubts.add(Doubt.ENCODING)
        return body

    def leaves(self) -> Iterator[Part]:
        pending = [self]
        while pending:
            part = pending.pop()
            if part.children:
                pending.extend(reversed(part.children))
            else:
                yield part


@dataclass(slots=True)
class _Budget:
    parts: int
    doubts: set[str]


def parse(raw: bytes, doubts: set[str]) -> Part:
    """The tree of a mail; never raises. Doubts are added to the given set."""
    start = len(raw) - len(raw.lstrip(b"\r\n")) if raw[:1] in (b"\r", b"\n") else 0
    return _part(raw, start, len(raw), 0, _DEFAULT, _Budget(bounds.PARTS, doubts))


def _part(raw: bytes, start: int, end: int, depth: int, default: str, budget: _Budget) -> Part:
    found, body = headers.split(raw, start, end)
    if found.cut:
        budget.doubts.add(Doubt.HEADERS)
    declared = found.raw("content-type")
    kind, given = headers.parameters(declared) if declared else (default, {})
    if kind.count("/") != 1 or not all(kind.split("/")):
        kind = default
    disposition, said = headers.parameters(found.raw("content-disposition"))
    part = Part(raw, found, body, end, kind, given, disposition, said.get("filename") or given.get("name", ""), [])
    if kind.startswith("multipart/"):
        _divide(part, depth, budget)
    return part


def _divide(part: Part, depth: int, budget: _Budget) -> None:
    boundary = part.parameters.get("boundary", "").strip().encode("utf-8", "replace")[:200]
    if depth >= bounds.DEPTH:
        budget.doubts.add(Doubt.DEPTH)
        part.type, part.name = "application/octet-stream", part.name or "bagian-terlalu-dalam.eml"
        return
    default = "message/rfc822" if part.type == "multipart/digest" else _DEFAULT
    places, closed = _places(part.raw, part.start, part.end, boundary) if boundary else ([], False)
    if not places or not closed:
        budget.doubts.add(Doubt.STRUCTURE)
    if not places:
        part.type = _DEFAULT  # a container that holds nothing we can find: what stands there is read as text
        return
    for start, end in places:
        if budget.parts <= 0:
            budget.doubts.add(Doubt.PARTS)
            return
        budget.parts -= 1
        part.children.append(_part(part.raw, start, end, depth + 1, default, budget))


def _places(raw: bytes, start: int, end: int, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """Where the parts between the boundary lines lie, and whether the last line closed them."""
    mark = b"--" + boundary
    places: list[tuple[int, int]] = []
    opened, position, alarms = -1, start, bounds.FALSE_ALARMS
    while len(places) <= bounds.PARTS and alarms:
        found = raw.find(mark, position, end)
        if found < 0:
            break
        position = found + len(mark)
        alarms -= 1
        if found > start and raw[found - 1] not in b"\r\n":
            continue
        closing = raw[position : position + 2] == b"--"
        stop = raw.find(b"\n", position, end)
        tail = raw[position + 2 * closing : min(stop if stop >= 0 else end, position + 100)]
        if tail.strip():
            continue  # a longer boundary that starts like this one
        if opened >= 0:
            places.append((opened, max(opened, _before_break(raw, found))))
        if closing:
            return places, True
        opened = position = end if stop < 0 else stop + 1
    if len(places) > bounds.PARTS:
        return places, True
    if opened >= 0:
        places.append((opened, end))
    return places, False


def _before_break(raw: bytes, position: int) -> int:
    """The line break before a boundary belongs to the boundary (RFC 2046 5.1.1)."""
    if raw[position - 2 : position] == b"\r\n":
        return position - 2
    return position - 1


def _unuuencoded(body: bytes, doubts: set[str]) -> bytes:
    out: list[bytes] = []
    alarms = bounds.FALSE_ALARMS
    for line in body.splitlines():
        if line.startswith(b"begin ") or not line:
            continue
        if line.strip() == b"end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            doubts.add(Doubt.ENCODING)
            alarms -= 1
            if not alarms:
                break
    return b"".join(out)
