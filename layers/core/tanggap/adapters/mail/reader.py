"""Raw mail to `Inbound`. Whatever the sender wrote: an Inbound with doubts, or `Park` where there is nothing at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from ...domain.errors import Park
from ...domain.inbound import Authenticity, Inbound, Party
from ...domain.words import Channel, Reason
from . import body as bodies
from . import bounds, failures, headers, list_footers, mime, quotes, robots, standing, verdicts
from .bounds import Doubt
from .headers import Headers
from .time_limit import OutOfTime, within


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the receiving service said. `source` is the envelope's sender, empty for the null return path."""

    arrival_key: str
    at: datetime
    recipients: tuple[str, ...]
    source: str
    authenticity: Authenticity


def read(raw: bytes, receipt: Receipt, whole: bool = True, seconds: float = bounds.SECONDS) -> Inbound:
    """One mail as a message; its beginning alone where it is not to be read `whole`, or takes too long. Raises
    `Park(unreadable)` only for an object without content."""
    if whole:
        try:
            with within(seconds):
                in_part = _digest_in_part(raw, receipt) if len(raw) > bounds.SHORT else ""
                return replace(_read(raw, receipt), digest_in_part=in_part)
        except OutOfTime:
            pass
    return _beginning(raw, receipt)


def _beginning(raw: bytes, receipt: Receipt) -> Inbound:
    """Who wrote and the first words. No file: the last one is cut, and the trouble may lie in any."""
    beginning = raw[: bounds.SHORT]
    found = _read(beginning, receipt)
    digest = _digest_in_part(raw, receipt) if len(raw) > bounds.SHORT else found.digest  # as read whole
    names = tuple(file.name or "?" for file in found.files)
    return replace(
        found,
        digest=digest,
        external_id=digest if found.external_id == found.digest else found.external_id,
        files=(),
        left_out=(*found.left_out, *names)[: bounds.NAMES_LEFT_OUT],
        left_out_count=found.left_out_count + len(names),
        doubts=tuple(sorted({*found.doubts, str(Doubt.IN_PART)})),
    )


def _read(raw: bytes, receipt: Receipt) -> Inbound:
    if not raw.strip(b"\0\r\n\t "):
        raise Park(Reason.UNREADABLE, "an arrival without content")
    doubts: set[str] = set()
    tree = mime.parse(raw, doubts)
    found = tree.headers
    digest = _digest(raw, tree, receipt, doubts)
    sender = _sender(found, receipt, doubts)
    subject = _subject(found, doubts)
    body = bodies.gather(tree, doubts)
    full_text = _bounded(body.text, doubts)
    files = bodies.attachments(body, doubts)
    if not full_text.strip() and not files:
        doubts.add(Doubt.NO_TEXT)
    references = _references(found)
    text = _own(list_footers.cut(full_text), body, _head(found, sender, subject, references, receipt), doubts)
    sign = robots.sign(found, receipt.source, sender.address, subject, text, tree, receipt.recipients)
    failed = failures.reported(tree, doubts, receipt.source, full_text, receipt.recipients, bool(sign))
    return Inbound(
        channel=Channel.EMAIL,
        external_id=_external_id(found, digest, doubts),
        at=receipt.at,
        sender=sender,
        recipients=_recipients(found, receipt),
        addressed=_addressed(found),
        subject=subject,
        text=text,
        full_text=full_text,
        digest=digest,
        references=references,
        automatic=sign or ("failure" if failed else ""),
        failures=failed,
        files=files,
        left_out=body.left_out,
        left_out_count=body.left_out_count,
        authenticity=_authenticity(receipt, sender, doubts),
        extra=_extra(found, doubts),
        doubts=tuple(sorted(str(doubt) for doubt in doubts)),
    )


def stored(raw: bytes, arrival_key: str, at: datetime, intake_address: str, whole: bool = True) -> Inbound:
    """A mail out of the bucket, whose notice is gone. Where nobody says any more whom it was received for, it was us:
    our rule alone stores mail here. Raises `Park`."""
    receipt = receipt_of(raw, arrival_key, at)
    inbound = read(raw, receipt, whole)
    if not receipt.recipients:
        inbound = replace(inbound, recipients=(*inbound.recipients, intake_address))
    return inbound


def _head(found: Headers, sender: Party, subject: str, references: tuple[str, ...], receipt: Receipt) -> quotes.Head:
    """What is known of the text. Of one that has no head at all nothing is."""
    bare = not (found.raw("message-id").strip() or found.raw("date").strip())
    if bare and not found.raw("from").strip():
        return quotes.Head(subject=subject)
    told = standing.standing(subject, references, receipt.recipients)
    return quotes.Head(sender.name, sender.address, subject, told, receipt.recipients, bare)


def _own(full_text: str, body: bodies.Body, head: quotes.Head, doubts: set[str]) -> str:
    """What the person wrote. Where the plain form has a quote without an end, the HTML form may mark it."""
    found = quotes.part(full_text, head)
    if found.unseen:
        doubts.add(Doubt.QUOTE)
    if found.to_the_end and (marked := bodies.marked(body)):
        other = quotes.part(marked, head)
        if not other.to_the_end and other.own.startswith(found.own.partition("\n")[0].strip()) and ">" in marked:
            return other.own if len(found.own) < len(other.own) <= len(full_text) else found.own
    return found.own


def receipt_of(raw: bytes, arrival_key: str, at: datetime) -> Receipt:
    """The receipt for a replay, from what SES wrote over the raw mail: a deadline runs from the first receipt. `at`
    stands in where the mail does not tell, and nothing is later than it."""
    found, _ = headers.split(raw, 0, len(raw))
    ours = verdicts.trusted(found)
    source = ours["return-path"].strip().strip("<>").lower() if "return-path" in ours else _first(found, "from") or "?"
    recipient = verdicts.recipient(ours)
    told = verdicts.received_at(ours)
    at = min(told, at) if told else at
    return Receipt(arrival_key, at, (recipient,) if recipient else (), source, verdicts.authenticity(ours))


def _digest(raw: bytes, tree: mime.Part, receipt: Receipt, doubts: set[str]) -> str:
    """Over what the sender wrote: headers that a receiving service puts on top do not change it, nor do the encoding,
    line ends and trailing blanks that a mail takes on when it comes by two ways. Where a mail says not who wrote it,
    the envelope does: the same words of two people are two messages."""
    hashed = hashlib.sha256()
    if not tree.headers.raw("from").strip():
        hashed.update(receipt.source.encode("utf-8", "surrogatepass") + b"\n")
    for value in (tree.headers.raw("message-id"), tree.headers.raw("from"), tree.headers.raw("date")):
        value = b" ".join(value.split())  # folded otherwise on the way
        hashed.update(b"%d:" % len(value))
        hashed.update(value)
    if not tree.headers.raw("message-id").strip() and not tree.headers.raw("date").strip():
        # Nothing but its words tells it from the next one: said again on another day, it is said again.
        hashed.update(receipt.at.date().isoformat().encode())
        if not raw[tree.start :].strip():  # and where it has no words either, nothing does
            hashed.update(receipt.arrival_key.encode("utf-8", "surrogatepass"))
    if Doubt.PARTS in doubts or (Doubt.STRUCTURE in doubts and not tree.children):
        hashed.update(memoryview(raw)[tree.start :])  # there is more than the tree shows
        return hashed.hexdigest()
    named = bool(tree.headers.raw("message-id").strip())
    for place, leaf in enumerate(tree.leaves()):
        broken: set[str] = set()
        content = leaf.content(broken)
        if leaf.type.startswith(("text/", "message/")):
            if named and place and leaf.type == "text/plain" and list_footers.alone(content):
                continue
            # A list's footer: by the id and the author, the date and all that they wrote it is the same mail.
            content = list_footers.without(content, leaf.type == "text/html") if named else content
            content = _without_breaks(content)
        elif broken:  # taken as it came, line ends of the way included
            content = _without_breaks(content)
        hashed.update(b"%d:" % len(content))
        hashed.update(content)
    return hashed.hexdigest()


def _digest_in_part(raw: bytes, receipt: Receipt) -> str:
    """Over the headers of its beginning and all bytes as they came: the same mail may be read whole another time."""
    return _digest(raw, mime.parse(raw[: bounds.SHORT], set()), receipt, {str(Doubt.PARTS)})


def _without_breaks(content: bytes) -> bytes:
    """Text as it is whichever way it came. Line by line only where that costs little: hostile text is all lines."""
    if len(content) > bounds.TEXT:
        return content.replace(b"\r\n", b"\n").strip()
    return b"\n".join(line.rstrip() for line in content.split(b"\n")).strip()


def _sender(found: Headers, receipt: Receipt, doubts: set[str]) -> Party:
    named = headers.addresses(found.raw("from"))
    usable = [one for one in named if one.address]
    if len({one.address for one in usable}) > 1 or sum(name == "from" for name, _ in found.lines) > 1:
        doubts.add(Doubt.SENDERS)
    if usable:
        return usable[0]
    doubts.add(Doubt.NO_SENDER)
    name = named[0].name if named else ""
    return Party(_first(found, "sender") or headers.normalised(receipt.source), name)


def _first(found: Headers, name: str) -> str:
    return next((one.address for one in headers.addresses(found.raw(name)) if one.address), "")


def _subject(found: Headers, doubts: set[str]) -> str:
    text, sure = found.text("subject")
    if not sure:
        doubts.add(Doubt.CHARSET)
    return " ".join(text.split())[: bounds.SUBJECT]


def _bounded(text: str, doubts: set[str]) -> str:
    if len(text) > bounds.TEXT:
        doubts.add(Doubt.TEXT)
    return text[: bounds.TEXT].strip("\n")


def _recipients(found: Headers, receipt: Receipt) -> tuple[str, ...]:
    """The envelope's; of a mail whose envelope is not known, those that its headers name."""
    said = [address for one in receipt.recipients if (address := headers.normalised(one))]
    if not said:
        said += _addressed(found)
    return tuple(dict.fromkeys(said))[: bounds.ADDRESSES]


def _addressed(found: Headers) -> tuple[str, ...]:
    said = (one.address for name in ("to", "cc") for one in headers.addresses(found.raw(name)))
    return tuple(dict.fromkeys(address for address in said if address))[: bounds.ADDRESSES]


def _authenticity(receipt: Receipt, sender: Party, doubts: set[str]) -> Authenticity:
    """Of two authors nobody says whose domain's wish was checked: a pass may be the other one's."""
    facts = replace(receipt.authenticity, same_domain=_same_domain(receipt.source, sender, doubts))
    return replace(facts, dmarc="GRAY") if facts.dmarc == "PASS" and Doubt.SENDERS in doubts else facts


def _same_domain(source: str, sender: Party, doubts: set[str]) -> bool:
    """Does SPF's word about the envelope's sender speak for the shown author too (RFC 7489 3.1.2, relaxed)? Two authors
    are none."""
    envelope, shown = (one.rpartition("@")[2].strip(".").lower() for one in (source, sender.address))
    if not envelope or not shown or Doubt.SENDERS in doubts or Doubt.NO_SENDER in doubts:
        return False
    return envelope == shown or envelope.endswith("." + shown) or shown.endswith("." + envelope)


def _external_id(found: Headers, digest: str, doubts: set[str]) -> str:
    identifier = next(headers.identifiers(found.raw("message-id")), "")
    if not identifier:
        doubts.add(Doubt.NO_ID)
    return identifier or digest


def _references(found: Headers) -> tuple[str, ...]:
    """The most direct first: In-Reply-To, then References from its end."""
    direct = list(headers.identifiers(found.raw("in-reply-to")))
    chain = list(headers.identifiers(found.raw("references")))
    return tuple(dict.fromkeys(direct + chain[::-1]))[: bounds.REFERENCES]


def _extra(found: Headers, doubts: set[str]) -> dict[str, str]:
    """What only the officer may want to see: the sender's own date, where answers were asked to go."""
    said = headers.moment(found.raw("date"))
    if said is None:
        doubts.add(Doubt.NO_DATE)
    extra = {"date": said.isoformat() if said else "", "reply_to": _first(found, "reply-to")}
    return {name: value for name, value in extra.items() if value}
