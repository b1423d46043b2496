"""The canary's last round: one row of the cases table, with numbers and times."""

from __future__ import annotations

from ...domain.canary import Round, Way, Written
from ...domain.times import parse_instant
from .keys import CANARY, goes_at
from .reading import reading, save
from .table import Row
from .values import dumps


class DynamoRounds:
    def __init__(self, cases: type[Row]) -> None:
        self.row = cases

    def last(self) -> Round | None:
        with reading():
            try:
                row = self.row.get(*CANARY, consistent_read=True)
            except self.row.DoesNotExist:
                return None
        raw = row.content()
        written = ((Way(one["way"]), parse_instant(one["at"]), one["number"]) for one in raw["written"])
        known = {"judged": raw.get("judged", False), "failing": raw.get("failing", 0)}
        return Round(parse_instant(raw["at"]), tuple(Written(*one) for one in written), **known)

    def keep(self, one: Round) -> None:
        written = [{"way": each.way, "at": each.at, "number": each.number} for each in one.written]
        body = {"at": one.at, "written": written, "judged": one.judged, "failing": one.failing}
        save(self.row(*CANARY, data=dumps(body), expires=goes_at(one.at)))
