"""Two officers at once: one wins, the other is told what changed.

A case's version, for whoever decides on it, is the number of its history's last entry: what is in no history changed
nothing, and what was done since is the entries behind it."""

from __future__ import annotations

from datetime import timezone

from ..domain.errors import Changed, Invalid
from ..domain.history import Entry
from .ports import CaseFile

#: Changes that one answer tells; whoever has missed more reads the case.
TOLD = 50
#: A look at who reported changes nothing that is decided on.
_LOOKS = frozenset({"identity_read", "identity_matched"})


def check_seen(file: CaseFile, seen: int | None, zone: timezone) -> None:
    """Raises Changed where anybody has acted on the case since the officer saw it, under the same login too, which may
    be a whole desk's; Invalid for a version that it never had. What time alone brought (a reminder, a breach, a letter
    that did not arrive) is nobody's act: only a status that silence changed counts."""
    if seen is None:
        return
    if not 0 < seen <= file.case.seq:
        raise Invalid("version is not one that this case has had")
    since = [entry for entry in file.history if entry.seq > seen and _acted(entry)]
    if since:
        raise Changed(
            "this case was acted on since you read it: look again, then decide",
            tuple(_told(entry, zone) for entry in since[-TOLD:]),
        )


def _acted(entry: Entry) -> bool:
    if entry.event in _LOOKS:
        return False
    return entry.actor != "system" or entry.event == "status"


def _told(entry: Entry, zone: timezone) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "at": entry.at.astimezone(zone).isoformat(timespec="seconds"),
        "event": entry.event,
        "by": entry.actor.partition(":")[0],
        "actor": entry.actor,
        "data": dict(entry.data),
    }
