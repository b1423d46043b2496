"""Cases and the one transaction of every change, which reaches into the vault's table."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ...application.ports import ALIKE_LIMIT, CaseFile, Files, Page, Unreadable, bundles
from ...domain.case import Alike, Case, Change, Delivery, Message
from ...domain.errors import NotFound
from ...domain.times import stamp
from ...domain.words import DeliveryState
from . import delivery_rows, keys, listing, rows
from .digests import DigestRows
from .ledger import LedgerRows
from .outbox import OutboxRows
from .parcels import parcels
from .public import PublicRows
from .reading import read_as, reading, save
from .standing import StandingRows
from .table import Row
from .talks import TalkRows
from .transaction import Put, aside, commit, fits, fresh, items, moved

#: Characters of very long texts that one case file fetches: what an answer of the API has room for.
_FETCHED = 2_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How a change is written: rows `before` the transaction, its items, and which of them are `parcels`."""

    puts: list[Put]
    before: Sequence[Row] = ()
    parcels: Sequence[Row] = ()


class DynamoCases(OutboxRows, LedgerRows, DigestRows, PublicRows, StandingRows, TalkRows):
    """The whole adapter of the cases table; its outbox, its ledger and its digests are told in their own modules."""

    def __init__(self, cases: type[Row], vault: type[Row] | None, bodies: Files | None = None) -> None:
        """`bodies`: where texts go that are too long for a row; functions that see no message need none. Nor has each
        function a `vault`: a change that writes there is then refused by name."""
        self.row, self._vault, self._bodies = cases, vault, bodies
        self.looked_at = listing.LOOKED_AT

    @property
    def vault(self) -> type[Row]:
        if self._vault is None:
            raise TypeError("this function's changes may not reach the vault: no reporter, no salt")
        return self._vault

    # -- the transaction

    def commit(self, change: Change) -> None:
        plan = self.plan(self._set_apart(change))
        for row in plan.before:
            save(row)
        commit(self.row, plan.puts)
        self.open_at_once(plan.parcels)

    def plan(self, change: Change) -> Plan:
        """Where a change is more than one transaction takes, what may stand in the table before it goes before it, and
        letters to offices go in parcels."""
        puts = list(items(self.row, lambda: self.vault, change))
        if fits(puts):
            return Plan(puts)
        before = [row for row, _, _ in puts if aside(row)]
        puts = [put for put in puts if not aside(put[0])]
        if fits(puts):
            return Plan(puts, before)
        offices = {one.id for one in change.deliveries if one.address}
        shut = parcels(self.row, [one for one in change.deliveries if one.address])
        puts = [put for put in puts if put[0].sk.removeprefix(delivery_rows.OUT) not in offices]
        return Plan([*puts, *((row, fresh(self.row), moved) for row in shut)], before, shut)

    def _set_apart(self, change: Change) -> Change:
        """Very long texts go to their own objects before the transaction names them."""
        if self._bodies is None:
            return change
        messages = tuple(rows.apart(message) for message in change.messages)
        changed = tuple(rows.apart(replace(message, body="")) for message in change.changed_messages)
        for message in (*messages, *changed):
            if message.body:
                self._bodies.put(message.body, rows.body_bytes(message), "application/json")
        return replace(change, messages=messages, changed_messages=changed)

    # -- reading

    def case(self, number: str) -> Case | None:
        with reading():
            try:
                return read_as(rows.case_of, self.row.get(keys.case_pk(number), "CASE", consistent_read=True))
            except self.row.DoesNotExist:
                return None

    def file(self, number: str, texts: bool = True) -> CaseFile | None:
        with reading():
            found = list(self.row.query(keys.case_pk(number), consistent_read=True))
        kinds: dict[str, list[Row]] = {"CASE": [], "MSG": [], "OUT": [], "HIST": []}
        for row in found:
            kinds.setdefault(row.sk.split("#", 1)[0], []).append(row)
        if not kinds["CASE"]:
            return None
        deliveries = tuple(read_as(delivery_rows.delivery_of, row) for row in kinds["OUT"])
        return CaseFile(
            read_as(rows.case_of, kinds["CASE"][0]),
            self._fetched([read_as(rows.message_of, row) for row in kinds["MSG"]], texts),
            deliveries,
            tuple(entry for row in kinds["HIST"] for entry in read_as(rows.history_of, row)),
            digests=tuple(one for place in bundles(deliveries) if (one := self.delivery(*place))),
        )

    def _fetched(self, messages: list[Message], texts: bool) -> tuple[Message, ...]:
        left = _FETCHED if texts else 0
        for place in reversed(range(len(messages))):
            if messages[place].body and left > 0:
                messages[place] = self.whole(messages[place])
                left -= len(messages[place].text)
        return tuple(messages)

    def whole(self, message: Message) -> Message:
        if message.body and self._bodies:
            with suppress(NotFound):  # erased: the start in the row goes with it
                return rows.with_body(message, self._bodies.get(message.body))
        return message

    def delivery(self, number: str, key: str) -> Delivery | None:
        with reading():
            try:
                row = self.row.get(keys.case_pk(number), f"{delivery_rows.OUT}{key}", consistent_read=True)
                return read_as(delivery_rows.delivery_of, row)
            except self.row.DoesNotExist:
                return None

    def waiting(self, number: str) -> tuple[Delivery, ...]:
        row = self.row
        with reading():
            found = row.query(
                keys.case_pk(number),
                row.sk.startswith(delivery_rows.OUT),
                filter_condition=row.state == DeliveryState.QUEUED.value,
                consistent_read=True,
            )
            return tuple(read_as(delivery_rows.delivery_of, one) for one in found)

    def delivery_of(self, external_id: str) -> tuple[str, str] | None:
        refs = dict.fromkeys((keys.outbound_ref(external_id), keys.outbound_ref_before(external_id)))
        for row in (row for ref in refs for row in self._ref(ref, 1)):
            named = row.sk.removeprefix(delivery_rows.PART).removeprefix(delivery_rows.OUT)
            return row.pk.removeprefix("CASE#"), named.partition("#")[0]
        return None

    def cases_with(self, external_id: str) -> tuple[str, ...]:
        rows_found = self._ref(keys.message_ref(external_id), 50)  # one case may hold several under one id
        return tuple(dict.fromkeys(row.pk.removeprefix("CASE#") for row in rows_found))[:10]

    def holding(self, digest: str) -> tuple[str, ...]:
        with reading():
            return tuple(row.sk.removeprefix("CASE#") for row in self.row.query(keys.file_pk(digest)))

    def cases_of(self, reporter: str) -> tuple[str, ...]:
        found = self._ref(f"REPORTER#{reporter}", 200, newest=True)  # by an address that is theirs again: twice
        return tuple(dict.fromkeys(row.pk.removeprefix("CASE#") for row in found))

    def answered_since(self, reporter: str, since: datetime, limit: int) -> int:
        with reading():
            found = self.row.query(keys.answered_pk(reporter), self.row.sk > stamp(since), limit=limit)
            return sum(1 for _ in found)

    def alike(self, sought: Sequence[str], since: datetime) -> tuple[Alike, ...]:
        index: Any = self.row.ref_index  # type: ignore[attr-defined]
        found: list[Alike] = []
        with reading():
            for key in sought:
                for row in index.query(
                    keys.alike_ref(key),
                    self.row.ref_order > stamp(since),
                    limit=ALIKE_LIMIT,
                    page_size=ALIKE_LIMIT,
                    scan_index_forward=False,
                ):
                    with suppress(Unreadable):  # a likeness is a proposal
                        found.append(rows.alike_of(row))
        return tuple(found)

    def _ref(self, ref: str, limit: int, newest: bool = False) -> list[Row]:
        with reading():
            return list(self.row.ref_index.query(ref, limit=limit, scan_index_forward=not newest))  # type: ignore[attr-defined]

    def listing(
        self,
        units: Sequence[str | None],
        statuses: Sequence[str],
        overdue_at: datetime | None,
        after: str | None,
        limit: int,
    ) -> Page:
        wanted = listing.Wanted(units, statuses, overdue_at, after, limit, self.looked_at)
        found, more = listing.page(self.row, wanted)
        cases, unreadable = list[Case](), list[str]()
        for row in found:
            try:
                cases += self._shown(row)
            except Unreadable:  # the next one must still be seen
                unreadable.append(row.pk.removeprefix("CASE#"))
        return Page(tuple(cases), more, tuple(unreadable))

    def _shown(self, row: Row) -> list[Case]:
        """Nothing where the case has gone since the index showed it."""
        if row.data:
            return [read_as(rows.case_of, row)]
        with reading():  # too long to be repeated (rows.REPEATED)
            try:
                return [read_as(rows.case_of, self.row.get(row.pk, "CASE", consistent_read=True))]
            except self.row.DoesNotExist:
                return []
