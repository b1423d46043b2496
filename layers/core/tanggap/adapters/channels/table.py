"""Which module reads what came through which door."""

from __future__ import annotations

from importlib import import_module

from .part import Read

#: The door's name in an arrival's key (`webhooks/<door>/…`) -> the module that reads it, imported when it is first
#: needed: a cold start pays for the channel that it serves alone.
DOORS = {"meta": ".meta", "telegram": ".telegram", "web": ".forms", "open311": ".forms"}


def reader_of(door: str) -> Read | None:
    """`read` of the module for a door; None for a door that there is not."""
    name = DOORS.get(door)
    if name is None:
        return None
    read: Read = import_module(name, __package__).read
    return read
