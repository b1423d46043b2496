"""The ledger: one row a message that arrived, which is also the guard against reading it twice."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from pynamodb.exceptions import PutError

from ...application.ports import ReceivedPage, Tally, Unreadable
from ...domain.case import Received
from ...domain.errors import Retry
from ...domain.times import parse_instant, stamp
from ...domain.words import Channel, Outcome, Reason
from . import keys
from .reading import REFUSED, OnTable, read_as, reading, save
from .table import Row
from .values import dumps

#: Keys that DynamoDB looks up in one request.
_AT_ONCE = 100


def message_of_arrival(index: int) -> str:
    return f"MSG#{index:04d}"


def received_row(model: type[Row], received: Received) -> Row:
    body = {
        "arrival": received.arrival,
        "channel": received.channel,
        "at": received.at,
        "size": received.size,
        "index": received.index,
        "external_id": received.external_id[:1000],
        "case": received.case,
        "reason": received.reason,
    }
    day = stamp(received.at)
    return model(
        pk=keys.arrival_pk(received.arrival),
        sk=message_of_arrival(received.index),
        data=dumps(body),
        state=received.outcome.value,
        of=received.of if received.of > 1 else None,
        ref=f"DAY#{day[:10]}#{received.outcome}",
        ref_order=f"{day}#{received.arrival}#{received.index:04d}",
    )


def received_of(row: Row) -> Received:
    raw = row.content()
    return Received(
        arrival=raw["arrival"],
        channel=Channel(raw["channel"]),
        at=parse_instant(raw["at"]),
        size=raw["size"],
        outcome=Outcome(row.state),
        reason=Reason(raw["reason"]),
        index=raw["index"],
        of=int(row.of or 1),
        external_id=raw["external_id"],
        case=raw["case"],
    )


def _known_of(row: Row) -> Received:
    """Also of a row that this release can't read: the message was read, and one row stops no count."""
    try:
        return read_as(received_of, row)
    except Unreadable:
        from ...application.batches import channel_of

        known = row.state in set(Outcome)
        return Received(
            arrival=row.pk.removeprefix("ARRIVAL#"),
            channel=channel_of(row.pk.removeprefix("ARRIVAL#")),
            at=_at(row),
            size=0,
            index=_index(row),
            outcome=Outcome(row.state) if known else Outcome.PARKED,
            reason=Reason.UNKNOWN,
            of=int(row.of or 1),
        )


def _at(row: Row) -> datetime:
    """When it came, as the index has it."""
    with suppress(ValueError):
        return parse_instant((row.ref_order or "").partition("#")[0])
    return datetime.min.replace(tzinfo=UTC)


def _index(row: Row) -> int:
    named = row.sk.removeprefix("MSG#")
    return int(named) if named.isdecimal() else 0


class LedgerRows(OnTable):
    def note(self, received: Received) -> bool:
        try:
            received_row(self.row, received).save(condition=self.row.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == REFUSED:
                return False
            raise Retry("the ledger's row could not be written") from error
        return True

    def amend(self, received: Received) -> None:
        """Also for a message that never had a row: a replay may come before the notice was ever read."""
        try:
            received_row(self.row, received).save(
                condition=self.row.pk.does_not_exist() | (self.row.state == Outcome.PARKED.value)
            )
        except PutError as error:
            if error.cause_response_code != REFUSED:
                raise Retry("the ledger's row could not be written") from error

    def of(self, arrival: str) -> tuple[Received, ...]:
        with reading():
            return tuple(_known_of(row) for row in self.row.query(keys.arrival_pk(arrival), consistent_read=True))

    def trial(self, arrival: str, ended: bool = False) -> int:
        key = (keys.trial_pk(arrival), "TRIAL")
        with reading():
            try:
                begun = int(self.row.get(*key, consistent_read=True).attempts or 0)
            except self.row.DoesNotExist:
                begun = 0
        save(self.row(*key, attempts=0 if ended else begun + 1))
        return begun

    def outcomes(self, arrivals: Sequence[str]) -> dict[str, tuple[Outcome, ...]]:
        firsts = self._firsts(arrivals)
        found = {key: [row.outcome, *[Outcome.WAITING] * (row.of - 1)] for key, row in firsts.items()}
        for key, index, row in self._others(firsts):
            found[key][index] = row.outcome
        return {key: tuple(outcomes) for key, outcomes in found.items()}

    def tallies(self, arrivals: Sequence[str]) -> Iterator[tuple[str, Tally | None]]:
        firsts = self._firsts(arrivals)
        lot: list[str] = []
        for key in arrivals:
            if lot and sum(firsts[one].of - 1 for one in (*lot, key) if one in firsts) > _AT_ONCE:
                yield from self._sums(lot, firsts)
                lot = []
            lot.append(key)
        yield from self._sums(lot, firsts)

    def _sums(self, lot: Sequence[str], firsts: Mapping[str, Received]) -> Iterator[tuple[str, Tally | None]]:
        sums = {key: Tally() for key in lot if key in firsts}
        for key, tally in sums.items():
            tally.add(firsts[key])
        for key, _, row in self._others({key: firsts[key] for key in sums}):
            sums[key].add(row)
        for key in lot:
            yield key, sums[key].done(firsts[key].of) if key in sums else None

    def _firsts(self, arrivals: Sequence[str]) -> dict[str, Received]:
        """The row of each one's first message, which says how many it holds."""
        wanted = {(keys.arrival_pk(key), message_of_arrival(0)): key for key in arrivals}
        return {wanted[place]: row for place, row in self._found(list(wanted)).items()}

    def _others(self, firsts: Mapping[str, Received]) -> Iterator[tuple[str, int, Received]]:
        """What there is of the rows behind those, never more than one request's at once."""
        wanted = ((key, index) for key, first in firsts.items() for index in range(1, first.of))
        while some := {
            (keys.arrival_pk(key), message_of_arrival(index)): (key, index) for key, index in islice(wanted, _AT_ONCE)
        }:
            for place, row in self._found(list(some)).items():
                yield *some[place], row

    def _found(self, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], Received]:
        with reading():
            found = self.row.batch_get(wanted, attributes_to_get=["pk", "sk", "state", "of", "data", "schema"])
            return {(row.pk, row.sk): _known_of(row) for row in found}

    def received(
        self, outcome: str | None, since: datetime, until: datetime, after: str | None, limit: int
    ) -> ReceivedPage:
        """Day by day backwards, all outcomes of a day merged. `after`: the ref_order of the last row shown."""
        outcomes = [outcome] if outcome else [one.value for one in Outcome if one is not Outcome.WAITING]
        low, high = stamp(since), after or stamp(until) + "~"
        found: list[Row] = []
        day = datetime.fromisoformat(high[:10] + "T00:00:00+00:00")
        while day + timedelta(days=1) > since and len(found) <= limit:
            row: Any = self.row
            with reading():
                streams = [
                    row.ref_index.query(
                        f"DAY#{stamp(day)[:10]}#{one}",
                        row.ref_order.between(low, high),
                        limit=limit + 2,
                        scan_index_forward=False,
                    )
                    for one in outcomes
                ]
                merged = heapq.merge(*streams, key=lambda one: one.ref_order, reverse=True)
                found.extend(islice((one for one in merged if one.ref_order != after), limit + 1 - len(found)))
            day -= timedelta(days=1)
        more = found[limit - 1].ref_order if len(found) > limit else None
        return ReceivedPage(tuple(_known_of(row) for row in found[:limit]), more)

    def report(self) -> dict[str, Any] | None:
        with reading():
            try:
                found: dict[str, Any] = self.row.get("LEDGER", "REPORT").content()
                return found
            except self.row.DoesNotExist:
                return None

    def keep_report(self, report: dict[str, Any]) -> None:
        self.row(pk="LEDGER", sk="REPORT", data=dumps(report)).save()
