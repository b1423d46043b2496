"""Parked arrivals, announced again, as the desk's replay does it.

    python -m infra.ops.replay (--stack NAME | --local) --reason R [--from DAY] [--to DAY] [--dry-run]
    python -m infra.ops.replay (--stack NAME | --local) [--let-in] [--dry-run] KEY …

Intake reads each once more, with today's reader. Spam stays parked unless it is to be let in (`--let-in`): an officer
has looked at each and says that it is none; where it reads like a person's, it is answered. What the mail service found
a virus in is never let in. `--dry-run` alone shows all that is parked. Ends with 1 where something could not be
announced."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from tanggap.application.ports import Ledger
from tanggap.domain.case import Received
from tanggap.domain.errors import NotAllowed, NotFound
from tanggap.domain.words import Outcome, Reason

from .command import add_dry_run, add_stack, end, ended, instant, say, stack_of
from .stack import OPERATOR, Stack

#: How far back is looked where nobody says.
USUAL = timedelta(days=14)
_PAGE = 500


def parked(ledger: Ledger, since: datetime, until: datetime) -> Iterator[Received]:
    """Each parked message of a period, newest first; by the day, and not more than a year of them."""
    after: str | None = None
    while True:
        page = ledger.received(Outcome.PARKED, since, until, after, _PAGE)
        yield from page.rows
        after = page.after
        if after is None:
            return


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="replay", description="parked arrivals, read again")
    add_stack(parser)
    parser.add_argument("--reason", choices=[reason.value for reason in Reason], metavar="REASON", help="parked for")
    parser.add_argument("--from", dest="since", type=instant, help="first day or instant (two weeks ago)")
    parser.add_argument("--to", dest="until", type=end)
    parser.add_argument("--let-in", action="store_true", help="spam too, by key: somebody looked, and it is none")
    add_dry_run(parser)
    parser.add_argument("keys", nargs="*", metavar="KEY", help="arrivals; all that are parked where none is named")
    given = parser.parse_args(arguments)
    if given.keys and given.since:
        parser.error("name arrivals, or a period")
    if given.let_in and not given.keys:
        parser.error("--let-in needs the arrivals' keys: each that reads like a person's is answered")
    if not (given.keys or given.reason or given.dry_run):
        parser.error("name arrivals, or a --reason (--dry-run shows them all)")
    return ended(lambda: _replayed(stack_of(given), given))


def _replayed(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import utc_now

    for output in ("CasesTable", "ArrivalsBucket", "ArrivalsQueueUrl"):
        stack.need(output)
    desk, now = stack.parts.ledger_desk, utc_now()
    until = given.until or now
    since = given.since or until - USUAL
    rows = _of(desk.ledger, given.keys) if given.keys else parked(desk.ledger, since, until)
    done = failed = left = 0
    told: set[str] = set()
    for row in rows:
        if row.arrival in told or (given.reason and row.reason != given.reason):
            continue
        told.add(row.arrival)
        said = f"{row.arrival} {row.outcome}/{row.reason}"
        if row.outcome is not Outcome.PARKED:
            say(f"{said}: not parked (what is filed is read anew by `reread --apply`)")
            failed += 1
        elif row.reason is Reason.VIRUS:
            say(f"{said}: stays; it would be parked again")
            left += 1
        elif row.reason is Reason.SPAM and not given.let_in:
            say(f"{said}: stays; --let-in KEY says that it is none")
            left += 1
        elif given.dry_run:
            say(f"{said}: would be announced")
            done += 1
        else:
            try:
                desk.replay(OPERATOR, row.arrival)
                say(f"{said}: announced")
                done += 1
            except (NotAllowed, NotFound) as error:
                say(f"{said}: {error}")
                failed += 1
    missing = [key for key in given.keys if key not in told]
    for key in missing:
        say(f"{key[:200]!a}: {'parked for another reason, or ' if given.reason else ''}nothing is read of it")
    verb = "would be announced" if given.dry_run else "announced"
    say(f"{done} {verb}, {left} left, {failed + len(missing)} not possible")
    return 1 if failed or missing else 0


def _of(ledger: Ledger, keys: list[str]) -> Iterator[Received]:
    """Of each arrival the message that is parked, if one is."""
    for key in dict.fromkeys(keys):
        rows = ledger.of(key)
        yield from sorted(rows, key=lambda row: row.outcome is not Outcome.PARKED)[:1]


if __name__ == "__main__":
    sys.exit(main())
