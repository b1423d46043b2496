"""RFC 3464 and RFC 5965 fields: in a part of their own or in a text, well formed or not."""

from __future__ import annotations

from collections.abc import Iterator

from .. import bounds, headers

Fields = dict[str, list[str]]

#: One of these twice begins the next recipient even where the blank line between them is missing.
_ONCE = frozenset({"original-recipient", "final-recipient", "action", "x-actual-recipient"})
_NAMES = (
    "final-recipient",
    "original-recipient",
    "x-actual-recipient",
    "original-rcpt-to",
    "x-failed-recipient",
    "recipient",
)
#: RFC 3464 2.3.3 and what others write there -> kind.
_ACTIONS = {
    "failed": "bounce",
    "delayed": "delay",
    "delivered": "delivery",
    "relayed": "delivery",
    "expanded": "delivery",
    "delay": "delay",
    "deliverable": "delivery",
}


def groups(content: bytes) -> list[Fields]:
    """Fields that belong together: the mail's first, then a group for each recipient. Lines between are passed over."""
    found: list[Fields] = []
    position = 0
    content = content[: bounds.REPORT]
    while position < len(content) and len(found) <= bounds.FAILURES:
        block, following = headers.split(content, position, len(content))
        group: Fields = {}
        for name, value in block.lines:
            if name in _ONCE and name in group:
                found.append(group)
                group = {}
            group.setdefault(name, []).append(headers.plain(value))
        if group:
            found.append(group)
        if following <= position:  # a line that is no field: on to the next
            line = content.find(b"\n", position)
            following = len(content) if line < 0 else line + 1
        position = following
    return _joined(found)[: bounds.FAILURES + 1]


def _joined(found: list[Fields]) -> list[Fields]:
    """A recipient torn from its action by a blank line is put together again."""
    out: list[Fields] = []
    for group in found:
        before = out[-1] if out else {}
        if out and recipient(before) and not says(before) and says(group) and not recipient(group):
            out[-1] = {**group, **before}
        else:
            out.append(group)
    return out


def first(group: Fields, name: str) -> str:
    return next(iter(group.get(name, ())), "")


def says(group: Fields) -> bool:
    """Does it tell what became of a recipient? A read receipt (RFC 8098) names a recipient too, and does not."""
    return ("action" in group or "status" in group) and "disposition" not in group


def recipient(group: Fields) -> str:
    """The address as we wrote it, else as the reporting side knows it."""
    return next((one for one in recipients(group)), "")


def recipients(group: Fields) -> Iterator[str]:
    said = ("original-recipient", "final-recipient", "x-actual-recipient", "x-failed-recipient")
    for name in said:
        for value in group.get(name, ()):
            if one := address(value):
                yield one


def address(value: str) -> str:
    """`rfc822; someone@example` -> the address."""
    kind, semicolon, rest = value.partition(";")
    if semicolon and kind.strip().lower() not in (
        "rfc822",
        "smtp",
        "utf-8",
        "internet",
        "dns",
        "x-unix",
        "local",
        "system",
    ):
        rest = value.rpartition(";")[2]
    said = (rest if semicolon else value).strip().rstrip(">").rpartition("<")[2]
    found = headers.addresses(said.encode("utf-8", "replace"))
    return next((one.address for one in found if one.address), "")


def kind(group: Fields) -> str:
    """bounce, delay or delivery; without a known action the status's class decides between them."""
    action = first(group, "action").lower().partition("(")[0].partition(";")[0].strip()
    status = first(group, "status").strip()
    return _ACTIONS.get(action) or ("delivery" if status[:2] == "2." else "bounce")


def status(group: Fields) -> str:
    return first(group, "status").strip().partition(" ")[0].partition("(")[0][:20]
