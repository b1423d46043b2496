"""How persons and the desk stand on chat channels: one row each."""

from __future__ import annotations

from typing import Any

from ...domain.talks import Talk
from ...domain.times import parse_instant
from ...domain.words import Channel
from . import keys
from .reading import OnTable, read_as, reading
from .table import Row
from .values import dumps

_TIMES = ("opened_at", "wished_at", "last_in", "comment_at", "stopped_at", "refused_at")
_TEXTS = ("account", "case", "former", "comment")
_LISTS = ("refused", "kept")


class TalkRows(OnTable):
    def talk(self, reporter: str, channel: Channel) -> Talk | None:
        with reading():
            try:
                row = self.row.get(keys.talk_pk(reporter, channel), "TALK", consistent_read=True)
            except self.row.DoesNotExist:
                return None
        return read_as(_talk_of, row)


def talk_row(model: type[Row], talk: Talk) -> Row:
    body = {name: getattr(talk, name) for name in ("reporter", "channel", *_TEXTS, *_TIMES)}
    body |= {name: value for name in _LISTS if (value := getattr(talk, name))}
    return model(pk=keys.talk_pk(talk.reporter, talk.channel), sk="TALK", data=dumps(body), version=talk.version)


def _talk_of(row: Row) -> Talk:
    raw = row.content()
    known: dict[str, Any] = {name: raw.get(name) or "" for name in _TEXTS}
    known |= {name: parse_instant(raw[name]) if raw.get(name) else None for name in _TIMES}
    known |= {name: tuple(raw.get(name) or ()) for name in _LISTS}
    return Talk(reporter=raw["reporter"], channel=Channel(raw["channel"]), **known, version=int(row.version or 0))
