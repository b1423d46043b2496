"""The tree of a mail as places in its bytes: nothing is copied before it is wanted, each level is read once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from . import bounds, headers, transfer
from .bounds import Doubt
from .headers import Headers

_DEFAULT = "text/plain"


@dataclass(slots=True)
class Part:
    """raw[start:end] is this part's body, still encoded. `left_out`, at the tree's root only: names of parts over the
    bound, as far as they have any."""

    raw: bytes
    headers: Headers
    start: int
    end: int
    type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    children: list[Part]
    left_out: tuple[str, ...] = ()
    _decoded: tuple[bytes, bool] | None = None

    @property
    def encoded(self) -> bytes:
        return self.raw[self.start : self.end]

    def content(self, doubts: set[str]) -> bytes:
        """The decoded body. What is broken is decoded as far as it goes, with a doubt."""
        if self._decoded is None:
            encoding = self.headers.get("content-transfer-encoding").lower().partition(";")[0].strip()
            self._decoded = transfer.decoded(self.encoded, encoding)
        content, intact = self._decoded
        if not intact:
            doubts.add(Doubt.ENCODING)
        return content

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
    left_out: list[str] = field(default_factory=list)


def parse(raw: bytes, doubts: set[str]) -> Part:
    """The tree of a mail; never raises. Doubts are added to the given set."""
    start = len(raw) - len(raw.lstrip(b"\r\n")) if raw[:1] in (b"\r", b"\n") else 0
    budget = _Budget(bounds.PARTS, doubts)
    tree = _part(raw, start, len(raw), 0, _DEFAULT, budget)
    tree.left_out = tuple(budget.left_out)
    return tree


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
    for index, (start, end) in enumerate(places):
        if budget.parts <= 0:
            budget.doubts.add(Doubt.PARTS)
            _name_left_out(part.raw, places[index:], budget)
            return
        budget.parts -= 1
        part.children.append(_part(part.raw, start, end, depth + 1, default, budget))


def _name_left_out(raw: bytes, places: list[tuple[int, int]], budget: _Budget) -> None:
    for start, end in places[: bounds.NAMES_LEFT_OUT - len(budget.left_out)]:
        found, _ = headers.split(raw, start, end)
        _, given = headers.parameters(found.raw("content-type"))
        disposition, said = headers.parameters(found.raw("content-disposition"))
        name = said.get("filename") or given.get("name", "")
        if name or disposition == "attachment":
            budget.left_out.append(name)


def _places(raw: bytes, start: int, end: int, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """Where the parts between the boundary lines lie, and whether the last line closed them. Where a container inside
    took the same boundary, its closing line does not close this one."""
    mark = b"--" + boundary
    places: list[tuple[int, int]] = []
    opened, position, alarms = -1, start, bounds.FALSE_ALARMS
    closings = 0
    while len(places) <= bounds.PARTS + bounds.NAMES_LEFT_OUT and alarms:
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
        position = end if stop < 0 else stop + 1
        opened = -1 if closing else position
        if closing:
            closings += 1
            if raw.find(mark, position, end) < 0 or closings > _taken_again(raw, places, boundary):
                return places, closings == 1
    if len(places) > bounds.PARTS:
        return places, True
    if opened >= 0:
        places.append((opened, end))
    return places, False


def _taken_again(raw: bytes, places: list[tuple[int, int]], boundary: bytes) -> int:
    """How many parts name the boundary of the container that they stand in."""
    heads = (raw[start : min(end, start + 2000)].replace(b"\r", b"").partition(b"\n\n")[0] for start, end in places)
    return sum(1 for head in heads if boundary in head and b"multipart/" in head.lower())


def _before_break(raw: bytes, position: int) -> int:
    """The line break before a boundary belongs to the boundary (RFC 2046 5.1.1)."""
    if raw[position - 2 : position] == b"\r\n":
        return position - 2
    return position - 1
