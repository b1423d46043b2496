"""Digests in the cases table: how far each kind has come, what went to whom, and which cases wait to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pynamodb.exceptions import PutError

from ...application.ports import Round
from ...domain.errors import Retry
from ...domain.times import parse_instant, stamp
from . import keys
from .reading import REFUSED, OnTable, reading
from .values import dumps


class DigestRows(OnTable):
    def round(self, kind: str) -> Round | None:
        with reading():
            try:
                row = self.row.get("JOB", f"DIGEST#{kind}", consistent_read=True)
            except self.row.DoesNotExist:
                return None
        raw = row.content()
        since, until = parse_instant(raw["since"]), parse_instant(raw["until"])
        earlier = tuple((key, parse_instant(at)) for key, at in raw.get("earlier", ()))
        return Round(raw["key"], since, until, raw["done"], int(row.version or 0), earlier)

    def keep_round(self, kind: str, now: Round) -> Round | None:
        revision = now.revision + 1
        body = {name: getattr(now, name) for name in ("key", "since", "until", "done", "earlier")}
        row = self.row("JOB", f"DIGEST#{kind}", version=revision, data=dumps(body))
        unchanged = self.row.version == now.revision if now.revision else self.row.pk.does_not_exist()
        try:
            row.save(condition=unchanged)
        except PutError as error:
            if error.cause_response_code == REFUSED:
                return None
            raise Retry("the round could not be written") from error
        return replace(now, revision=revision)

    def told(self, mark: str) -> bool:
        with reading():
            try:
                self.row.get(keys.told_pk(mark), "TOLD", consistent_read=True)
            except self.row.DoesNotExist:
                return False
            return True

    def announced(self, desk: str, since: datetime, until: datetime, limit: int) -> tuple[tuple[datetime, str], ...]:
        # A stamp and nothing behind it sorts before every case of that instant, a tilde after it behind them.
        between = self.row.sk.between(f"{stamp(since)}~", f"{stamp(until)}~")
        with reading():
            found = self.row.query(keys.announced_pk(desk), between, limit=limit, consistent_read=True)
            parts = [one.sk.partition("#") for one in found]
        return tuple((_instant(at, until), number) for at, _, number in parts)


def _instant(text: str, otherwise: datetime) -> datetime:
    try:
        return parse_instant(text)
    except ValueError:
        return otherwise
