"""Cases and the one transaction of every change, which reaches into the vault's table."""

from __future__ import annotations

import base64
import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from ...application.ports import (
    ALIKE_LIMIT,
    AlreadyRead,
    AlreadySeen,
    AlreadyTold,
    CaseFile,
    Files,
    NumberTaken,
    Page,
    bundles,
)
from ...domain.case import Alike, Case, Change, Delivery, Message, answers, shared_files
from ...domain.errors import Conflict, NotFound, Retry
from ...domain.times import stamp
from ...domain.words import ENDED, DeliveryState, Outcome
from . import keys, rows
from .digests import DigestRows
from .ledger import LedgerRows
from .outbox import OutboxRows
from .reading import reading, save
from .table import Row

#: Characters of very long texts that one case file fetches: what an answer of the API has room for.
_FETCHED = 2_000_000
_CHECK, _CONFLICT = "ConditionalCheckFailed", "TransactionConflict"


#: Of one transaction. A case with many files whose offices have many addresses could ask for more.
ITEMS = 100
#: An item, its condition, and what a broken condition means.
Put = tuple[Row, Condition | None, Callable[[], Exception]]


class Moved(Conflict):
    """The case has another version than the one decided on."""


class DynamoCases(OutboxRows, LedgerRows, DigestRows):
    """The whole adapter of the cases table; its outbox, its ledger and its digests are told in their own modules."""

    def __init__(self, cases: type[Row], vault: type[Row] | None, bodies: Files | None = None) -> None:
        """`bodies`: where texts go that are too long for a row; functions that see no message need none. Nor has each
        function a `vault`: a change that writes there is then refused by name."""
        self.row, self._vault, self._bodies = cases, vault, bodies

    @property
    def vault(self) -> type[Row]:
        if self._vault is None:
            raise TypeError("this function's changes may not reach the vault: no reporter, no salt")
        return self._vault

    # -- the transaction

    def commit(self, change: Change) -> None:
        change = self._set_apart(change)
        puts = list(self._puts(change))
        if len(puts) > ITEMS:
            puts = self._without_files(puts)
        connection = self.row._get_connection().connection
        try:
            with TransactWrite(connection=connection) as transaction:
                for row, condition, _ in puts:
                    transaction.save(row, condition=condition)
        except TransactWriteError as error:
            self._explain(error, [reason for _, _, reason in puts])

    def _without_files(self, puts: list[Put]) -> list[Put]:
        """Which case holds a file is written before the transaction: a row too many finds a case that does not hold it,
        which whoever asks sees; a row too few would leave a file behind."""
        for row, _, _ in puts:
            if row.pk.startswith(keys.file_pk("")):
                save(row)
        return [put for put in puts if not put[0].pk.startswith(keys.file_pk(""))]

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

    def _puts(self, change: Change) -> Iterator[Put]:
        """Each item with its condition and what a broken condition means. The arrival's guard stands first: having read
        this very object before explains every other refusal."""
        row = self.row
        fresh = row.pk.does_not_exist()
        if received := change.received:
            condition = row.state == Outcome.PARKED.value if received.replayed else fresh
            yield rows.received_row(row, received), condition, lambda: AlreadyRead("read before")
            for guard in received.guards:
                seen = row(pk=f"SEEN#{guard}", sk="SEEN", data=received.case or None)
                yield seen, fresh, partial(self._seen, guard)
        for mark in change.told:
            yield row(pk=keys.told_pk(mark), sk="TOLD"), fresh, _told
        if change.sealed:
            sealed = change.sealed
            for lookup in sealed.lookups:
                yield self.vault(pk=f"LOOKUP#{lookup}", sk="REPORTER", data=sealed.reporter), fresh, _moved
            body = rows.dumps({"box": base64.b64encode(sealed.box).decode(), "lookups": sealed.lookups})
            yield self.vault(pk=f"REPORTER#{sealed.reporter}", sk="IDENTITY", data=body), fresh, _moved
        if change.case:
            new = change.expected == 0
            condition = fresh if new else row.version == change.expected
            yield rows.case_row(row, change.case), condition, _taken if new else _moved
            for unit in (*change.case.others, *change.left):
                yield rows.desk_row(row, change.case, unit), None, _moved
            for earlier in change.case.also:
                yield rows.also_row(row, change.case, earlier), None, _moved
            if change.history:
                yield rows.history_row(row, change.case.number, change.history), fresh, _moved
            if change.salts:
                sk = f"{min(change.salts):08d}"
                yield (
                    self.vault(pk=f"SALT#{change.case.number}", sk=sk, data=rows.dumps(dict(change.salts))),
                    None,
                    _moved,
                )
        if change.case and change.sketch:
            for one in rows.sketch_rows(row, change.case, change.sketch):
                yield one, fresh, _moved
        if change.case:
            for desk, at in change.announced:
                yield row(pk=keys.announced_pk(desk), sk=f"{stamp(at)}#{change.case.number}"), None, _moved
        for message in change.messages:
            yield rows.message_row(row, message), fresh, _moved
        for message in change.changed_messages:
            yield rows.message_row(row, message), row.pk.exists(), _moved
        for number, digest in shared_files((*change.messages, *change.changed_messages)):
            yield row(pk=keys.file_pk(digest), sk=keys.case_pk(number)), None, _moved
        for delivery in change.deliveries:
            yield rows.delivery_row(row, delivery), fresh, _moved
        for told in answers(change.deliveries):
            sk = f"{stamp(told.created_at)}#{told.id}"
            yield row(pk=keys.answered_pk(told.reporter), sk=sk), None, _moved
        for delivery in change.changed_deliveries:
            # Never under a sender's hands: what is queued or claimed is deliver's.
            # A failure is final: reports that cross each other do not take it back.
            moving = [DeliveryState.QUEUED.value, DeliveryState.CLAIMED.value]
            if delivery.state is not DeliveryState.FAILED:
                moving.append(DeliveryState.FAILED.value)
            yield rows.delivery_row(row, delivery), row.pk.exists() & ~row.state.is_in(*moving), _moved

        for delivery in change.settled_deliveries:
            held = (row.state == DeliveryState.CLAIMED.value) & (row.attempts == delivery.attempts)
            yield rows.delivery_row(row, delivery), held, _moved
        for delivery in change.released_deliveries:
            asleep = (row.state == DeliveryState.QUEUED.value) & row.wake.does_not_exist() & (row.attempts == 0)
            yield rows.delivery_row(row, delivery), asleep, _moved

    def _seen(self, guard: str) -> Exception:
        try:
            found = self.row.get(f"SEEN#{guard}", "SEEN", consistent_read=True)
        except self.row.DoesNotExist:
            return Conflict("a guard that was there has gone")
        return AlreadySeen(found.data or "")

    @staticmethod
    def _explain(error: TransactWriteError, meanings: list[Callable[[], Exception]]) -> None:
        reasons = error.cancellation_reasons
        for meaning, reason in zip(meanings, reasons, strict=False):
            if reason is not None and reason.code == _CHECK:
                raise meaning() from error
        if any(reason is not None and reason.code == _CONFLICT for reason in reasons):
            raise Conflict("another transaction touches these items") from error
        if error.cause_response_code == "TransactionInProgressException":
            raise Conflict("the same transaction is under way") from error
        if error.cause_response_code == "ValidationException":
            raise error  # what is too large, or wrongly shaped, will be so the next time
        raise Retry("the transaction was not taken") from error

    # -- reading

    def case(self, number: str) -> Case | None:
        with reading():
            try:
                return rows.case_of(self.row.get(keys.case_pk(number), "CASE", consistent_read=True))
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
        deliveries = tuple(rows.delivery_of(row) for row in kinds["OUT"])
        return CaseFile(
            rows.case_of(kinds["CASE"][0]),
            self._fetched([rows.message_of(row) for row in kinds["MSG"]], texts),
            deliveries,
            tuple(entry for row in kinds["HIST"] for entry in rows.history_of(row)),
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
                return rows.delivery_of(self.row.get(keys.case_pk(number), f"OUT#{key}", consistent_read=True))
            except self.row.DoesNotExist:
                return None

    def waiting(self, number: str) -> tuple[Delivery, ...]:
        row = self.row
        with reading():
            found = row.query(
                keys.case_pk(number),
                row.sk.startswith("OUT#"),
                filter_condition=row.state == DeliveryState.QUEUED.value,
                consistent_read=True,
            )
            return tuple(rows.delivery_of(one) for one in found)

    def delivery_of(self, external_id: str) -> tuple[str, str] | None:
        for row in self._ref(keys.outbound_ref(external_id), 1):
            return row.pk.removeprefix("CASE#"), row.sk.removeprefix("OUT#")
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
        with reading():
            return tuple(
                rows.alike_of(row)
                for key in sought
                for row in index.query(
                    keys.alike_ref(key),
                    self.row.ref_order > stamp(since),
                    limit=ALIKE_LIMIT,
                    page_size=ALIKE_LIMIT,
                    scan_index_forward=False,
                )
            )

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
        streams = (self._desk(unit, statuses, overdue_at, after, limit + 1) for unit in units)
        with reading():
            merged = heapq.merge(*streams, key=lambda row: row.desk_order or "")
            found = list(islice(_each_case(merged), limit + 1))
        more = found[limit - 1].desk_order if len(found) > limit else None
        return Page(tuple(rows.case_of(row) for row in found[:limit]), more)

    def _desk(
        self, unit: str | None, statuses: Sequence[str], overdue_at: datetime | None, after: str | None, limit: int
    ) -> Iterable[Row]:
        row: Any = self.row
        # What ended lies behind what is open: a status names its half of the partition.
        ended = {status in ENDED for status in statuses}
        first = "1" if ended == {True} else "0"
        last = "1" if ended == {False} else "2"
        low, high = max(after or "", first), f"0#{stamp(overdue_at)}" if overdue_at else last
        if low >= high:
            return []
        # The cursor itself was shown already; the smallest string after it starts the next page.
        found: Iterable[Row] = row.desk_index.query(
            keys.desk_key(unit),
            row.desk_order.between(low + ("\x00" if after else ""), high),
            filter_condition=row.state.is_in(*statuses) if statuses else None,
            page_size=limit,
            limit=limit,
        )
        return found


def _each_case(found: Iterable[Row]) -> Iterator[Row]:
    """A case lies on the desk of each of its units; a listing of several shows it once."""
    shown: set[str] = set()
    for row in found:
        if row.pk not in shown:
            shown.add(row.pk)
            yield row


def _moved() -> Exception:
    return Moved("somebody else was faster")


def _told() -> Exception:
    return AlreadyTold("this digest went to this office before")


def _taken() -> Exception:
    return NumberTaken("this case number exists")
