"""Complaints that mailbox providers pass on (RFC 5965), and those older than the format."""

from __future__ import annotations

from ....domain.inbound import FailedDelivery
from .. import bounds, headers
from ..mime import Part
from . import fields, returned
from .returned import Returned

_TYPE = "message/feedback-report"
_RECIPIENTS = ("original-rcpt-to", "removal-recipient", "redacted-address")
#: Before the format: one provider names the recipient in the returned mail's own headers.
_OLDER = ("x-hmxmroriginalrecipient",)
#: A report on forgeries of a domain (RFC 6591) whose mail was delivered says nothing against the delivery.
_NO_COMPLAINT = frozenset({"not-spam"})


def told(tree: Part, leaves: list[Part], came_back: Returned, doubts: set[str]) -> list[FailedDelivery]:
    reports = [leaf for leaf in leaves if leaf.type == _TYPE]
    if reports:
        found = fields.groups(reports[0].content(doubts))
        group = {name: values for one in reversed(found) for name, values in one.items()}
        kind = fields.first(group, "feedback-type").strip().lower()
        said = [one for name in _RECIPIENTS for value in group.get(name, ()) if (one := fields.address(value))]
        return _complaints(
            said or _whom(leaves, came_back, doubts) or [""],
            came_back,
            "delivery" if kind in _NO_COMPLAINT else "complaint",
        )
    if tree.headers.get("x-apple-unsubscribe").lower() == "true":  # a mail program did so for its user
        author = [one.address for one in headers.addresses(tree.headers.raw("from")) if one.address]
        return _complaints(author[:1], came_back, "complaint")
    older = _whom(leaves, Returned(), doubts) if any(leaf.type in returned.TYPES for leaf in leaves) else []
    return _complaints(older, came_back, "complaint")


def _whom(leaves: list[Part], came_back: Returned, doubts: set[str]) -> list[str]:
    for leaf in leaves:
        if leaf.type in returned.TYPES:
            content = leaf.content(doubts)[: bounds.HEADER_BLOCK]
            found, _ = headers.split(content, 0, len(content))
            for name in _OLDER:
                if said := [one.address for one in headers.addresses(found.raw(name)) if one.address]:
                    return said
    return list(came_back.to)


def _complaints(whom: list[str], came_back: Returned, kind: str) -> list[FailedDelivery]:
    rest = tuple(one for one in came_back.ids if one != came_back.own)
    return [
        FailedDelivery(one, came_back.own, False, "", kind, references=rest, reply_to=came_back.reply_to)
        for one in dict.fromkeys(whom)
    ][: bounds.FAILURES]
