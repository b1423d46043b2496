"""Which family a report belongs to, and what it says: the surest is asked first."""

from __future__ import annotations

from dataclasses import dataclass, field

from ....domain.inbound import FailedDelivery
from .. import bounds, headers, mime
from ..mime import Part
from . import abuse, causes, envelope, fields, free_text, notices, returned
from .causes import Judgement
from .envelope import Envelope
from .fields import Fields
from .free_text import Named, Spoken
from .returned import Returned

_STATUS = ("message/delivery-status", "message/global-delivery-status")
_READABLE = ("text/", "message/", "application/octet-stream")
#: Lines before it comes to the point: a machine's mail, and one that only its subject shows as such.
_EARLY, _AT_ONCE = 12, 4
_WRAPPED = 3  # mails inside that are looked into for a report


def told(
    tree: Part, outside: Envelope, doubts: set[str], text: str, recipients: tuple[str, ...], depth: int = 1
) -> list[FailedDelivery]:
    """What the report says; nothing where it is none after all. `depth`: how often a mail inside is looked into."""
    if outside.notice:
        return list(notices.told(text))
    leaves = list(tree.leaves())
    lines = text[: bounds.REPORT].split("\n")
    begins = returned.starts(lines)
    came_back = (
        returned.of_parts(leaves, doubts)
        | returned.of_lines(lines[begins:])
        | returned.mentioned("\n".join(lines[:begins]))
        | returned.answered(tree.headers)
    )
    if complained := abuse.told(tree, leaves, came_back, doubts):
        return complained
    if not outside.machine and not outside.formal:
        return []
    subject = tree.headers.text("subject")[0]
    ours = {*recipients, *_addresses(tree, "to")}
    report = _Report(came_back, free_text.heard(lines[:begins], subject, ours, _addresses(tree, "from")))
    if groups := _groups(leaves, doubts):
        return [report.of_group(group) for group in groups]
    if listed := [one.address for one in headers.addresses(tree.headers.raw("x-failed-recipients")) if one.address]:
        return [report.of_name(report.about(one)) for one in dict.fromkeys(listed)]
    if not _gives_back(outside, report.spoken, leaves, begins < len(lines)):
        return []
    if report.spoken.named:
        return [report.of_name(_whole(one, tree)) for one in report.spoken.named]
    if depth and (inside := _wrapped(leaves, doubts, recipients)):
        return inside
    whom = _addressed(came_back, ours | _addresses(tree, "from"))
    if not (whom or came_back.ids or came_back.reply_to):
        return []
    return [report.of_name(report.about(whom))]


def _addresses(tree: Part, name: str) -> set[str]:
    return {one.address for one in headers.addresses(tree.headers.raw(name))}


def _gives_back(outside: Envelope, spoken: Spoken, leaves: list[Part], quoted: bool) -> bool:
    """Do envelope and words together say that a mail came back? The less a machine's the one, the more it takes of the
    other: a person may write the same words, and an absence is answered from the null return path too."""
    if outside.away or not (spoken.failed or (outside.daemon and outside.subject)):
        return False
    if outside.daemon or outside.report:
        return True
    shown = quoted or any(leaf.type in returned.TYPES for leaf in leaves)
    surely = bool(spoken.named) and spoken.named[0].tier >= free_text.FORM
    if outside.formal and not outside.robot:
        return spoken.early <= _AT_ONCE and not spoken.greeted and (spoken.reply or shown or surely)
    if outside.formal:
        return spoken.early <= _EARLY
    return spoken.early <= _EARLY and sum((spoken.reply, shown, outside.subject, surely)) >= 2 and (shown or surely)


def _groups(leaves: list[Part], doubts: set[str]) -> list[Fields]:
    """Recipients of parts with the right name; else of whatever holds such fields and is no returned mail."""
    for typed in (True, False):
        found: list[Fields] = []
        for leaf in leaves:
            if (
                (leaf.type in _STATUS) is not typed
                or leaf.type in returned.TYPES
                or not leaf.type.startswith(_READABLE)
            ):
                continue
            content = leaf.content(doubts)[: bounds.REPORT]
            if b"recipient" in content.lower():
                found += fields.groups(content)
        if kept := [group for group in found if fields.says(group) and fields.recipient(group)]:
            return kept[: bounds.FAILURES]
    return []


@dataclass(slots=True)
class _Report:
    """`judged` keeps what the words of the whole report came to: it may be asked for each recipient."""

    came_back: Returned
    spoken: Spoken
    judged: dict[tuple[str, str, bool], Judgement] = field(default_factory=dict)

    def of_group(self, group: Fields) -> FailedDelivery:
        recipient, kind, status = fields.recipient(group), fields.kind(group), fields.status(group)
        said = " ".join(group.get("diagnostic-code", ()))
        found = self._judge(said, status, kind)
        if not found.cause and (words := self.about(recipient).said):
            found = self._judge(f"{said}\n{words}", status, kind)
        return self._failed(recipient, kind, found)

    def of_name(self, named: Named) -> FailedDelivery:
        kind = "delivery" if named.arrived else "delay" if self.spoken.waiting else "bounce"
        found = self._judge(named.said, "", kind)
        if not (found.cause or found.status or found.code):
            found = self._judge(self.spoken.whole, "", kind)
        return self._failed(named.address, kind, found)

    def about(self, address: str) -> Named:
        """What the words say about one address: its own lines, else all of them."""
        local = address.partition("@")[0]
        for one in self.spoken.named:
            if one.address == address or one.address.partition("@")[0] == local:
                return Named(address, one.tier, one.said)
        return Named(address, 1, self.spoken.named[0].said if len(self.spoken.named) == 1 else self.spoken.whole)

    def _judge(self, said: str, status: str, kind: str) -> Judgement:
        key = (said, status, kind == "bounce")
        if key not in self.judged:
            self.judged[key] = causes.judge(*key, self.spoken.whole)
        return self.judged[key]

    def _failed(self, recipient: str, kind: str, found: Judgement) -> FailedDelivery:
        own = self.came_back.own
        return FailedDelivery(
            recipient=recipient,
            original_id=own,
            permanent=found.permanent,
            status=found.status,
            kind=kind,
            cause=found.cause if kind in ("bounce", "delay") else "",
            references=tuple(one for one in self.came_back.ids if one != own),
            reply_to=self.came_back.reply_to,
        )


def _whole(named: Named, tree: Part) -> Named:
    """A bare local name belongs to the domain that reports it."""
    if not named.address.endswith("@"):
        return named
    author = next((one.address for one in headers.addresses(tree.headers.raw("from")) if one.address), "")
    address = headers.normalised(named.address + author.rpartition("@")[2])
    return Named(address, named.tier, named.said)


def _addressed(came_back: Returned, ours: set[str]) -> str:
    """Whom the returned mail was for, where it says one and it is nobody of ours; else it stays open who it was."""
    domains = {one.rpartition("@")[2] for one in ours}
    for said in (came_back.to, came_back.through):
        whom = [one for one in said if one.rpartition("@")[2] not in domains]
        if len(whom) == 1:
            return whom[0]
    return ""


def _wrapped(leaves: list[Part], doubts: set[str], recipients: tuple[str, ...]) -> list[FailedDelivery]:
    """A report that was itself wrapped into a mail: one level, for a report about a report is not ours."""
    from .. import body

    for leaf in [leaf for leaf in leaves if leaf.type in returned.TYPES][:_WRAPPED]:
        inner = mime.parse(leaf.content(doubts)[: 4 * bounds.REPORT], doubts)
        outside = envelope.look(inner, "?")
        if outside.machine and not outside.away:
            text = body.gather(inner, doubts).text
            if found := told(inner, outside, doubts, text, recipients, 0):
                return found
    return []
