"""The items of one change, each with its condition, and the transaction that writes them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from ...application.ports import AlreadyRead, AlreadySeen, AlreadyTold, NumberTaken
from ...domain.canary import is_canary
from ...domain.case import Change, answers, shared_files
from ...domain.errors import Conflict, Retry
from ...domain.times import stamp
from ...domain.words import DeliveryState, Outcome
from . import delivery_rows, keys, rows
from .ledger import received_row
from .public import public_row
from .reading import not_newer
from .table import Row
from .talks import talk_row
from .values import dumps

#: What DynamoDB takes in one transaction: items, and bytes. What is left of 4 MB is for conditions and keys.
ITEMS, BYTES = 100, 3_500_000
_CHECK, _CONFLICT = "ConditionalCheckFailed", "TransactionConflict"

#: An item, its condition, and what a broken condition means.
Put = tuple[Row, Condition | None, Callable[[], Exception]]


class Moved(Conflict):
    """The case has another version than the one decided on."""


def fits(puts: Sequence[Put]) -> bool:
    return len(puts) <= ITEMS and sum(size(row) for row, _, _ in puts) <= BYTES


def size(row: Row) -> int:
    """As DynamoDB counts it: names and values in UTF-8, and what a number takes at most."""
    values = row.attribute_values.items()
    return sum(
        len(name) + (len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 21)
        for name, value in values
    )


def commit(model: type[Row], puts: Sequence[Put]) -> None:
    """All of them or none. Raises what the first broken condition means, Conflict or Retry."""
    connection = model._get_connection().connection
    try:
        with TransactWrite(connection=connection) as transaction:
            for row, condition, _ in puts:
                transaction.save(row, condition=condition)
    except TransactWriteError as error:
        _explain(error, [reason for _, _, reason in puts])


def items(model: type[Row], vault: Callable[[], type[Row]], change: Change) -> Iterator[Put]:
    """The arrival's guard stands first: having read this very object before explains every other refusal."""
    yield from _guards(model, change)
    yield from _reporter(vault, change)
    rest = (_case(model, vault, change), _messages(model, change), _letters(model, change), _talk(model, change))
    for put in chain.from_iterable(rest):
        if change.case and is_canary(change.case):
            put[0].expires = keys.goes_at(change.case.received_at)
        yield put


def aside(row: Row) -> bool:
    """What only says where something is, and may stand there before the transaction: a row too many leads to a case
    that does not hold it, which whoever asks sees; a row too few would leave a file behind, or hide a case."""
    return row.pk.startswith(keys.file_pk("")) or row.sk.startswith(rows.ALSO)


def fresh(model: type[Row]) -> Condition:
    return model.pk.does_not_exist()


def _guards(model: type[Row], change: Change) -> Iterator[Put]:
    if received := change.received:
        parked = (model.state == Outcome.PARKED.value) & not_newer(model, "ARRIVAL")
        condition = parked if received.replayed else fresh(model)
        yield received_row(model, received), condition, lambda: AlreadyRead("read before")
        for guard in received.guards:
            seen = model(pk=f"SEEN#{guard}", sk="SEEN", data=received.case or None)
            yield seen, fresh(model), partial(_seen, model, guard)
    for mark in change.told:
        yield model(pk=keys.told_pk(mark), sk="TOLD"), fresh(model), _told


def _reporter(vault: Callable[[], type[Row]], change: Change) -> Iterator[Put]:
    if sealed := change.sealed:
        model = vault()
        for lookup in sealed.lookups:
            yield model(pk=f"LOOKUP#{lookup}", sk="REPORTER", data=sealed.reporter), fresh(model), moved
        for lookup in sealed.beside:  # as many people as typed it
            sk = f"REPORTER#{sealed.reporter}"
            yield model(pk=f"LOOKUP#{lookup}", sk=sk, data=sealed.reporter), fresh(model), moved
        box = base64.b64encode(sealed.box).decode()
        body: dict[str, Any] = {"box": box, "lookups": sealed.lookups}
        body |= {"beside": sealed.beside} if sealed.beside else {}
        condition = fresh(model)
        if sealed.onto:
            before = json.loads(sealed.onto)
            body = {**before, "lookups": [*before["lookups"], *sealed.lookups], "more": [*before.get("more", ()), box]}
            condition = model.data == sealed.onto
        yield model(pk=f"REPORTER#{sealed.reporter}", sk="IDENTITY", data=dumps(body)), condition, moved


def _case(model: type[Row], vault: Callable[[], type[Row]], change: Change) -> Iterator[Put]:
    case = change.case
    if case is None:
        return
    new = change.expected == 0
    condition = fresh(model) if new else model.version == change.expected
    yield rows.case_row(model, case), condition, _taken if new else moved
    for unit in (*case.others, *change.left):
        yield rows.desk_row(model, case, unit), None, moved
    for earlier in case.also:
        yield rows.also_row(model, case, earlier), None, moved
    for row in rows.history_rows(model, case.number, change.history):
        yield row, fresh(model), moved
    if change.salts:
        kept, sk = vault(), f"{min(change.salts):08d}"
        yield kept(pk=f"SALT#{case.number}", sk=sk, data=dumps(dict(change.salts))), None, moved
    for row in rows.sketch_rows(model, case, change.sketch) if change.sketch else ():
        yield row, fresh(model), moved
    if change.public is not None:
        yield public_row(model, case, change), None, moved
    for desk, at in change.announced:
        yield model(pk=keys.announced_pk(desk), sk=f"{stamp(at)}#{case.number}"), None, moved


def _messages(model: type[Row], change: Change) -> Iterator[Put]:
    for message in change.messages:
        yield rows.message_row(model, message), fresh(model), moved
    for message in change.changed_messages:
        yield rows.message_row(model, message), model.pk.exists() & not_newer(model, "MSG"), moved
    for number, digest in shared_files((*change.messages, *change.changed_messages)):
        yield model(pk=keys.file_pk(digest), sk=keys.case_pk(number)), None, moved


def _letters(model: type[Row], change: Change) -> Iterator[Put]:
    for delivery in change.deliveries:
        yield delivery_rows.delivery_row(model, delivery), fresh(model), moved
    for told in answers(change.deliveries):
        counted = keys.answered_pk(change.counted or told.reporter)
        yield model(pk=counted, sk=f"{stamp(told.created_at)}#{told.id}"), None, moved
    ours = not_newer(model, "OUT")
    for delivery in change.changed_deliveries:
        # Never under a sender's hands: what is queued or claimed is deliver's.
        # A failure is final: reports that cross each other do not take it back.
        moving = [DeliveryState.QUEUED.value, DeliveryState.CLAIMED.value]
        if delivery.state is not DeliveryState.FAILED:
            moving.append(DeliveryState.FAILED.value)
        still = model.pk.exists() & ~model.state.is_in(*moving)
        yield delivery_rows.delivery_row(model, delivery), still & ours, moved
    for delivery in change.finished_deliveries:
        held = (model.state == DeliveryState.CLAIMED.value) & (model.attempts == delivery.attempts)
        yield delivery_rows.delivery_row(model, delivery), held & ours, moved
    for delivery in change.released_deliveries:
        waits = (model.state == DeliveryState.QUEUED.value) & model.wake.does_not_exist()
        waits &= (model.attempts == delivery.attempts) & ours
        yield delivery_rows.delivery_row(model, delivery), waits, moved


def _talk(model: type[Row], change: Change) -> Iterator[Put]:
    """Of two messages that were read at once, the second finds another version than it decided on."""
    if talk := change.talk:
        condition = fresh(model) if talk.version == 1 else model.version == talk.version - 1
        yield talk_row(model, talk), condition, moved


def _seen(model: type[Row], guard: str) -> Exception:
    try:
        found = model.get(f"SEEN#{guard}", "SEEN", consistent_read=True)
    except model.DoesNotExist:
        return Conflict("a guard that was there has gone")
    return AlreadySeen(found.data or "")


def moved() -> Exception:
    return Moved("somebody else was faster")


def _told() -> Exception:
    return AlreadyTold("this digest went to this office before")


def _taken() -> Exception:
    return NumberTaken("this case number exists")


def _explain(error: TransactWriteError, meanings: Sequence[Callable[[], Exception]]) -> None:
    reasons = error.cancellation_reasons
    for meaning, reason in zip(meanings, reasons, strict=False):
        if reason is not None and reason.code == _CHECK:
            raise meaning() from error
    if any(reason is not None and reason.code == _CONFLICT for reason in reasons):
        raise Conflict("another transaction touches these items") from error
    if error.cause_response_code == "TransactionInProgressException":
        # This very one, whose first try had no answer: it may be written yet.
        raise Retry("the same transaction is under way") from error
    if error.cause_response_code == "ValidationException":
        raise error  # what is too large, or wrongly shaped, will be so the next time
    raise Retry("the transaction was not taken") from error
