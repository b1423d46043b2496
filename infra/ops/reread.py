"""Stored arrivals through today's reading: after an upgrade, what would be understood otherwise?

    python -m infra.ops.reread (--stack NAME | --local | --table CASES_TABLE --arrivals ARRIVALS_BUCKET
                               --attachments BUCKET --intake-address lapor@… [--queue QUEUE_URL])
                               [--from 2026-11-01] [--to 2026-11-30] [--all] [--apply] [KEY ...]

Changes nothing: one line for each arrival that differs (`--all`: for every one), naming fields and lengths, no word of
anybody's. With `--apply` the ones that differ are announced on the arrivals queue, where intake puts today's reading on
their cases, with an entry in each history; what is parked and would be filed today is let in. Credentials, region and
endpoint are the SDK's own. Ends with 0 where nothing differs or all was announced, 1 where something differs or can't
be read, 2 when the question is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sized
from datetime import datetime, timedelta
from typing import Any

from tanggap.application.ports import Arrivals, Ledger, Unreadable
from tanggap.application.reread import Field, Reading, Reread
from tanggap.domain.errors import NotFound
from tanggap.domain.words import Outcome, Reason

from .command import add_stack, end, ended, instant, say, stack_of
from .stack import Stack

PAGE = 500
#: The ledger lists days one by one: a longer span is asked for in pieces.
SPAN = timedelta(days=90)
#: Parked for a reason that today's reading may have done away with. Spam and virus are an officer's to let in.
OURS_TO_LET_IN = frozenset({Reason.UNREADABLE, Reason.FAILING, Reason.UNKNOWN, Reason.TOO_LARGE})


def keys_of(ledger: Ledger, since: datetime, until: datetime) -> Iterator[str]:
    """Each arrival of a period once, newest first."""
    last = ""
    while since <= until:
        start, after = max(since, until - SPAN), None
        while True:
            page = ledger.received(None, start, until, after, PAGE)
            for row in page.rows:
                if row.arrival != last:
                    last = row.arrival
                    yield row.arrival
            after = page.after
            if after is None:
                break
        until = start - timedelta(microseconds=1)


def told(reading: Reading) -> str:
    """One line, without personal data."""
    row = reading.row
    was, now = f"{row.outcome}/{row.reason}", f"{reading.outcome}/{reading.reason or '-'}"
    decided = f" {was} -> {now}" if reading.decided_otherwise else f" {was}"
    fields = ", ".join(_field(field) for field in reading.fields)
    return f"{row.arrival} {row.case or '-'}{decided}{': ' + fields if fields else ''}"


def _field(field: Field) -> str:
    return f"{field.name} {_size(field.was)} -> {_size(field.now)}"


def _size(value: Any) -> str:
    return str(value) if isinstance(value, bool) else str(len(value)) if isinstance(value, Sized) else "?"


def wish_for(reading: Reading) -> str:
    """What to announce for a message that differs; empty where only an officer can decide."""
    if reading.fields:
        return "anew"
    parked = reading.row.outcome is Outcome.PARKED and reading.row.reason in OURS_TO_LET_IN
    return "replay" if parked and reading.outcome is Outcome.FILED else ""


def run(reread: Reread, arrivals: Arrivals, keys: Iterable[str], everything: bool, apply: bool) -> tuple[int, int, int]:
    """(arrivals that differ, arrivals announced, arrivals that can't be compared, for a row that can't be read)."""
    differ = announced = unreadable = 0
    for key in keys:
        try:
            readings = reread.compare(key)
        except NotFound as missing:
            say(f"{key} -: {missing}")
            continue
        except Unreadable:  # the next one must still be compared
            say(f"{key} -: a row of its case cannot be read by this release")
            unreadable += 1
            continue
        wishes = {wish_for(reading) for reading in readings if reading.differs} - {""}
        for reading in readings:
            if reading.differs or everything:
                say(told(reading))
        differ += any(reading.differs for reading in readings)
        for wish in wishes if apply else ():
            arrivals.notify(key, wish, "operator")
            announced += 1
    return differ, announced, unreadable


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="reread", description="today's reading of stored arrivals")
    add_stack(parser, "table", "arrivals", "intake-address", "attachments", "queue")
    parser.add_argument("--from", dest="since", type=instant, help="first day or instant; UTC where no zone is given")
    parser.add_argument("--to", dest="until", type=end)
    parser.add_argument("--all", action="store_true", help="a line for every arrival")
    parser.add_argument("--apply", action="store_true", help="announce what differs on the queue")
    parser.add_argument("keys", nargs="*", metavar="KEY")
    given = parser.parse_args(arguments)
    if not given.keys and not given.since:
        parser.error("name at least one arrival, or a period")
    return ended(lambda: _compared(stack_of(given), given))


def _compared(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import utc_now

    for output in ("CasesTable", "ArrivalsBucket", "AttachmentsBucket", "IntakeAddress"):
        stack.need(output)
    if given.apply:
        stack.need("ArrivalsQueueUrl")
    parts = stack.parts
    keys = given.keys or keys_of(parts.cases, given.since, given.until or utc_now())
    differ, announced, unreadable = run(_reader(stack), parts.arrivals, keys, given.all, given.apply)
    say(f"{differ} differ, {announced} announced")
    return 1 if unreadable or (differ and not given.apply) else 0


def _reader(stack: Stack) -> Reread:
    """By tables and buckets alone, where nobody said which vault: then it isn't told which case today's reading would
    find."""
    from tanggap.adapters.ids import RandomIds, utc_now
    from tanggap.adapters.mail.reader import stored
    from tanggap.domain.triage import Desk

    parts = stack.parts
    if stack.get("VaultTable") and stack.resource("LookupSecret"):
        return parts.reread
    address = stack.need("IntakeAddress").lower()
    return Reread(
        parts.cases,
        parts.cases,
        parts.arrivals,
        parts.files,
        parts.policies,
        lambda raw, key, at, whole: stored(raw, key, at, address, whole),
        Desk(address.rpartition("@")[2], address),
        RandomIds(),
        utc_now,
    )


if __name__ == "__main__":
    sys.exit(main())
