"""What an arrival's key tells of it: `mail/…`, `events/…`, `webhooks/<door>/…`, and the parts of a webhook's body under
`parts/<door>/…`."""

from __future__ import annotations

WEBHOOKS, PARTS = "webhooks/", "parts/"


def is_webhook(key: str) -> bool:
    return key.startswith((WEBHOOKS, PARTS))


def door_of(key: str) -> str:
    """Empty where none is named: mail."""
    return key.split("/", 2)[1] if is_webhook(key) and key.count("/") >= 2 else ""


def group_of(key: str) -> dict[str, str]:
    """What a notice says of its door besides. By it SQS knows whose flood it is, and hands out what came by other doors
    first (fair queues: of a queue without order). One without a group, as those of mail are, counts for itself
    alone."""
    door = door_of(key)
    return {"MessageGroupId": door} if door else {}
