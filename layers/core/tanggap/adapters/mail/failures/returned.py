"""The mail that came back, or what is left of it: which of ours it was, and whom it was for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .. import bounds, headers
from ..headers import Headers
from ..mime import Part
from . import phrases

TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "text/rfc822-header",
    "message/global",
    "message/global-headers",
    "text/rfc822",
)
#: A line among the headers of a mail that went through a mail system; a summary of From, To, Subject has none.
_ANCHORS = frozenset(
    {"received", "return-path", "message-id", "dkim-signature", "mime-version", "x-mailer", "delivered-to"}
)
_COMMON = _ANCHORS | {
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "content-type",
    "reply-to",
    "sender",
    "user-agent",
    "references",
}
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,50})[ \t]?:")
_QUOTE = re.compile(r"[ \t]*(?:[>|][ \t]?)*")
#: SES's own id: in the Message-ID that it sets, in the envelope's sender, and here and there in the text.
_SES = re.compile(r"\b[0-9a-f]{16}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d{6}(?:@[\w.-]{1,100})?")
_ID = re.compile(r"message[- _]?id\W{1,6}([^\s<>\"'\[\]]{1,120}@[^\s<>\"'\[\],;]{1,130})", re.IGNORECASE)
_FOR = re.compile(r"\bfor <([^<>\s]{1,250}@[^<>\s]{1,250})>")
_IDS, _FIELDS, _RECEIVED = 20, 300, 10


@dataclass(frozen=True, slots=True)
class Returned:
    """`ids` in the order of what they prove: the mail's own, then those it answered, then those only mentioned.
    `own` is the mail's own once more, empty if it is not known. `reply_to` holds the addresses of Reply-To, From,
    Sender and the envelope; `to` whom it was for, `through` whom the mail systems on its way say it was for."""

    own: str = ""
    ids: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    through: tuple[str, ...] = ()

    def __or__(self, other: Returned) -> Returned:
        """What is not known here is taken from there."""
        return Returned(
            self.own or other.own,
            tuple(dict.fromkeys(self.ids + other.ids))[:_IDS],
            tuple(dict.fromkeys(self.reply_to + other.reply_to))[: bounds.ADDRESSES],
            self.to or other.to,
            self.through or other.through,
        )


def of_headers(found: Headers) -> Returned:
    own = next(headers.identifiers(found.raw("message-id")), "")
    chain = list(headers.identifiers(found.raw("references")))[::-1] + list(
        headers.identifiers(found.raw("in-reply-to"))
    )
    mentioned = [
        one for name in ("x-message-id", "x-original-message-id") for one in headers.identifiers(found.raw(name))
    ]
    envelope = _SES.search(found.get("return-path")[:500])
    if envelope:
        mentioned.append(envelope[0])
    return Returned(
        own,
        tuple(dict.fromkeys(one for one in (own, *chain, *mentioned) if one))[:_IDS],
        _addresses(found, "reply-to", "from", "sender", "return-path"),
        _addresses(found, "to", "cc"),
        _received_for(found),
    )


def _received_for(found: Headers) -> tuple[str, ...]:
    lines = [value[:1_000] for name, value in found.lines if name == "received"][:_RECEIVED]
    said = (headers.normalised(one) for line in lines for one in _FOR.findall(headers.plain(line)))
    return tuple(dict.fromkeys(one for one in said if one))


def _addresses(found: Headers, *names: str) -> tuple[str, ...]:
    said = (one.address for name in names for one in headers.addresses(found.raw(name)))
    return tuple(dict.fromkeys(one for one in said if one))[: bounds.ADDRESSES]


def of_parts(leaves: Iterable[Part], doubts: set[str]) -> Returned:
    """From the parts that hold it, or its headers, by their type or by how they begin."""
    found = Returned()
    for leaf in leaves:
        if leaf.type in TYPES or ((leaf.disposition == "attachment" or leaf.name) and _begins_as_mail(leaf)):
            content = leaf.content(doubts)[: bounds.HEADER_BLOCK].lstrip(b"\r\n")
            found = found | of_headers(headers.split(content, 0, len(content))[0])
    return found


def _begins_as_mail(leaf: Part) -> bool:
    if not leaf.type.startswith(("text/", "message/", "application/octet-stream")):
        return False
    start = leaf.raw[leaf.start : min(leaf.end, leaf.start + 400)].lstrip()
    found = _FIELD.match(start[:60].decode("latin-1"))
    return found is not None and found[1].lower() in _COMMON


def of_lines(lines: list[str]) -> Returned:
    """From header lines that stand in a text, quoted or indented or not."""
    starts_at = (
        len(line) - len(inner) for line in lines[:_FIELDS] if _FIELD.match(inner := _QUOTE.sub("", line[:200], 1))
    )
    indent = next(starts_at, 0)
    shifted = (line[indent:] if not line[:indent].strip(" \t>|") else line for line in lines[:_FIELDS])
    block = "\n".join(shifted).encode("utf-8", "replace")[: bounds.REPORT]
    found, position = Returned(), 0
    for _ in range(_FIELDS):  # a line that is no field ends one block; the next begins behind it
        if position >= len(block) or found.own:
            break
        group, following = headers.split(block, position, len(block))
        if group.lines:
            found = found | of_headers(group)
        if following <= position:
            line = block.find(b"\n", position)
            following = len(block) if line < 0 else line + 1
        position = following
    return found


def answered(found: Headers) -> Returned:
    """Some reports answer the mail that they are about."""
    ids = (*headers.identifiers(found.raw("in-reply-to")), *headers.identifiers(found.raw("references")))
    return Returned(ids=tuple(dict.fromkeys(ids))[:_IDS])


def mentioned(text: str) -> Returned:
    """Ids that a text names."""
    ids = [found[1][: bounds.IDENTIFIER] for found in _ID.finditer(text)][:_IDS] + [
        found[0] for found in _SES.finditer(text)
    ][:_IDS]
    return Returned(ids=tuple(dict.fromkeys(ids)))


def starts(lines: list[str]) -> int:
    """The number of the line at which the returned mail begins: a line that says so, or its headers."""
    for number, line in enumerate(lines):
        if len(line) < 160 and phrases.RETURNED.search(line) and not _FIELD.match(line.strip()):
            if number or len(line) < 100:
                return number
        elif ":" in line[:60] and _is_header_block(lines, number):
            return number
    return len(lines)


def _is_header_block(lines: list[str], number: int) -> bool:
    """Three well-known fields in a row, one of them of a kind that only a mail system writes."""
    names: set[str] = set()
    quote = _QUOTE.match(lines[number])
    indent = quote.end() if quote else 0
    for line in lines[number : number + 12]:
        inner = line[indent:]
        field = _FIELD.match(inner)
        if field:
            names.add(field[1].lower())
        elif not (names and inner[:1] in (" ", "\t")):
            break
        if len(names & _COMMON) >= 3 and names & _ANCHORS:
            return True
    return len(names & _COMMON) >= 2 and bool(names & {"received", "return-path", "message-id"})
