"""What a delivery failure report says: which of our recipients, for good or not, and about which of our messages."""

from __future__ import annotations

from ...domain.inbound import FailedDelivery
from . import bounds, headers
from .headers import Headers
from .mime import Part

#: RFC 3464 2.3.3 action -> (kind, is it over with).
_ACTIONS = {
    "failed": ("bounce", True),
    "delayed": ("delay", False),
    "delivered": ("delivery", False),
    "relayed": ("delivery", False),
    "expanded": ("delivery", False),
}
_RETURNED = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)


def reported(tree: Part, doubts: set[str]) -> tuple[FailedDelivery, ...]:
    """Of RFC 3464 reports, and of the header that Exim and Gmail write; else nothing."""
    leaves = [leaf for leaf in tree.leaves() if leaf is not tree]
    groups: list[Headers] = []
    for leaf in leaves:
        if leaf.type in ("message/delivery-status", "message/global-delivery-status"):
            groups += _groups(leaf.content(doubts)[: bounds.REPORT])
    named = tree.headers.raw("x-failed-recipients")
    if not groups and not named:
        return ()
    original = next((found for leaf in leaves if (found := _original(leaf, doubts))), "")
    failures = [failed for group in groups if (failed := _failed(group, original))]
    if not failures and named:
        failures = [FailedDelivery(one.address, original, True) for one in headers.addresses(named) if one.address]
    return tuple(failures[: bounds.FAILURES])


def _groups(content: bytes) -> list[Headers]:
    """Blocks of fields: the first speaks of the message, each further one of a recipient."""
    found: list[Headers] = []
    position = 0
    while position < len(content) and len(found) <= bounds.FAILURES:
        group, following = headers.split(content, position, len(content))
        if group.lines:
            found.append(group)
        if following <= position:  # a line that is no field: on to the next
            line = content.find(b"\n", position)
            following = len(content) if line < 0 else line + 1
        position = following
    return found


def _failed(group: Headers, original: str) -> FailedDelivery | None:
    recipient = _recipient(group.get("final-recipient")) or _recipient(group.get("original-recipient"))
    action = group.get("action").lower().partition("(")[0].strip()
    if not recipient or not (action or "status" in group):
        return None
    status = group.get("status").partition(" ")[0][:20]
    kind, over = _ACTIONS.get(action, ("bounce", True))
    return FailedDelivery(recipient, original, over and not status.startswith("4"), status, kind)


def _recipient(value: str) -> str:
    """`rfc822; someone@example` -> the address."""
    _, _, address = value.rpartition(";")
    found = headers.addresses(address.encode("utf-8", "replace"))
    return found[0].address if found else ""


def _original(leaf: Part, doubts: set[str]) -> str:
    if leaf.type not in _RETURNED:
        return ""
    content = leaf.content(doubts)
    found, _ = headers.split(content, len(content) - len(content.lstrip(b"\r\n")), len(content))
    return next(headers.identifiers(found.raw("message-id")), "")
