"""An arrival of a webhook's: each of its pieces is worked on for itself, and has an outcome of its own."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from ..application.batches import Batches, Opened, Stored, channel_of
from ..application.watch import LAST_TRY, Watch
from ..application.work import Raw, Result
from ..domain.case import Received
from ..domain.errors import NotFound, Retry
from ..domain.inbound import Inbound
from ..domain.words import FORMS, Outcome, Reason
from . import media
from .composition import Services
from .observe import trace_of

#: Left of the function's time when the next piece is begun: what one takes on a slow table, or after lost races. A body
#: has a thousand pieces at most (Meta's), some hundreds a run. After sixteen runs in a row, each called for by the one
#: before, Lambda takes them for a loop and ends it: on a table so slow the ledger's count brings the rest.
ENOUGH = timedelta(seconds=8)
#: Pieces fetched or stored at once: Meta sends a thousand messages in one body after it could not reach us.
AT_ONCE = 8

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Told:
    """`fresh`: it has just come in, so `sent` is when it was stored. `replay`: an officer wants what is parked read
    again. `more`: a run before this one did what it had the time for. `tries`: how often the queue has brought this
    notice; `missing`: how long it is looked for is over. `remaining`: of the function's time."""

    key: str
    sent: datetime
    fresh: bool
    replay: bool
    tries: int
    missing: bool
    more: bool = False
    remaining: Callable[[], timedelta] = lambda: timedelta.max


def work(told: Told, parts: Services) -> Iterator[dict[str, str]]:
    """Facts for the log, a line a message. One that fails for now does not undo the others: they are told first, then
    its error is raised. On the last try it alone is parked, and so is one that ends the function. Where there are more
    than the time suffices for, a notice of our own brings the rest; of a replay the queue itself."""
    watch = Watch(parts.receive.ledger, told.tries)
    # What was done at an earlier try is not done, or counted, again.
    looked = told.tries > 1 or told.replay or not told.fresh
    done = {row.index: row for row in parts.receive.ledger.of(told.key)} if looked else {}
    try:
        # Of what is done a run before this one announced the media, unless this notice failed at that.
        read = {index for index, row in done.items() if row.reason != Reason.FAILING}
        opened = _open(told, watch, parts, read, but=done if told.more and told.tries == 1 else ())
    except NotFound:
        if not told.missing:
            raise Retry("a notice without its object") from None
        raw = Raw(told.key, channel_of(told.key), told.sent, 0, None, Reason.NOT_FOUND)
        yield _line(raw, parts.receive(raw))
        return
    failed: Exception | None = None

    def raw_of(stored: Stored) -> Raw:
        return _raw(told, opened, stored, replay=told.replay and stored.index in done, last=watch.last)

    if opened.lossy:
        yield {"arrival": told.key, "whole": "several persons in one object"}
    pieces = sorted(opened.pieces, key=_order)
    told_of = {one.index: done[one.index] for one in pieces if one.index in done}
    if told.replay:
        told_of = {index: row for index, row in told_of.items() if row.outcome is not Outcome.PARKED}
    again = [one for one in pieces if one.index in told_of]
    for error in _hands(lambda one: _announced(raw_of(one), _became(told_of[one.index]), parts), again):
        failed = failed or error
    new = [one for one in pieces if one.index not in told_of]
    new = _turned(new, told.tries) if told.replay else new
    for place, stored in enumerate(new):
        if place and told.remaining() < ENOUGH:
            yield {"arrival": told.key, "left": str(len(new) - place)}
            if told.replay:  # as long as some stay parked a notice of our own would be followed by another for ever
                failed = failed or Retry("more is parked than one run reads")
            elif failed is None or watch.last:  # else the queue brings this notice again
                parts.arrivals.notify(told.key, "more")
            break
        raw = raw_of(stored)
        try:
            with watch.over(f"{told.key}#{stored.index}") as may:
                raw = _with_files(raw, parts) if may else _given_up(raw)
                result = parts.receive(raw)
        except Exception as error:
            if not watch.last:
                failed = failed or error
                continue
            try:  # where only the answer was lost, it is filed, and comes back as that
                result = parts.receive(_given_up(raw))
            except Retry as retry:
                failed = failed or retry
                continue
            yield {**_line(raw, result), **trace_of(error)}
            failed = _announced(raw, result, parts) or failed
            continue
        yield {**_line(raw, result), **({} if may else {"error": "FunctionEnded"})}
        failed = _announced(raw, result, parts) or failed
    if failed:
        raise failed


def _became(row: Received) -> Result:
    return Result(row.outcome, row.reason, row.case)


def _announced(raw: Raw, result: Result, parts: Services) -> Exception | None:
    """What is filed is not given up for its media: on the last try too the notice fails, and a redrive of the dead
    letter announces them."""
    try:
        media.announce(raw, result, parts)
    except Exception as error:
        return error
    return None


def _open(told: Told, watch: Watch, parts: Services, done: Container[int], but: Container[int]) -> Opened:
    at = told.sent
    if not told.fresh and (head := parts.arrivals.head(told.key)):
        at = min(at, head.at)
    from ..adapters.channels.table import reader_of

    return Batches(parts.arrivals, reader_of, watch, _hands).open(told.key, at, but=but, done=done)


def _hands(do: Callable[[T], R], those: Iterable[T], /) -> Iterable[R]:
    """A piece is waited for, not worked on."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, those))


def _turned(pieces: list[Stored], tries: int) -> list[Stored]:
    """What stays parked takes its time at each try: each begins with other people. What is about a message (an edit, a
    withdrawal) is its writer's own, and stays behind it."""

    def who(one: Stored) -> str | int:
        return one.piece.person if one.piece and one.piece.person else one.index

    people = list(dict.fromkeys(map(who, pieces)))
    begin = len(people) * (tries - 1) // LAST_TRY
    turns = {one: (place - begin) % len(people) for place, one in enumerate(people)}
    return sorted(pieces, key=lambda one: turns[who(one)])


def _order(stored: Stored) -> tuple[bool, datetime, bool, int]:
    """As people wrote it, whatever order the platform chose: a message before what is said about it."""
    piece = stored.piece
    if piece is None:
        return True, _EPOCH, False, stored.index
    return False, piece.at, bool(piece.inbound and piece.inbound.about), stored.index


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _raw(told: Told, opened: Opened, stored: Stored, *, replay: bool, last: bool) -> Raw:
    piece = stored.piece
    raw = Raw(
        told.key,
        piece.channel if piece else channel_of(told.key),
        opened.at,
        stored.size,
        piece.inbound if piece else None,
        stored.parked,
        stored.index,
        opened.count,
        replay=replay,
        stored=stored.key,
        last=last,
    )
    if piece is None:
        return raw
    raw = replace(raw, event=piece.event, dropped=piece.dropped, external_id=piece.external_id, kind=piece.kind)
    return raw if piece.inbound else replace(raw, person=piece.person, told_at=piece.at)


def _with_files(raw: Raw, parts: Services) -> Raw:
    """What a form's reporter uploaded comes with it."""
    inbound = raw.inbound
    if inbound is None or raw.channel not in FORMS:
        return raw
    from ..adapters.channels.forms import with_files

    found: Inbound = with_files(inbound, parts.files)
    return replace(raw, inbound=found)


def _given_up(raw: Raw) -> Raw:
    """On the last try, or where it ended the function: parked, for an officer to read again. A platform's word that
    brings no bad news, about a message that nobody knows, is only counted."""
    kinds = {one.kind for one in raw.inbound.failures} if raw.inbound and raw.event else {"bounce"}
    why = {"parked": Reason.FAILING} if "bounce" in kinds else {"dropped": Reason.UNMATCHED}
    return replace(raw, inbound=None, event=False, **why)  # type: ignore[arg-type]


def _line(raw: Raw, result: Result) -> dict[str, str]:
    return {
        "arrival": raw.arrival,
        "index": str(raw.index),
        "channel": raw.channel,
        **({"kind": raw.kind} if raw.kind else {}),
        "outcome": result.outcome,
        "reason": result.reason,
        "case": result.case,
    }
