"""Where is it? The path of a case or of an arrival, on one time line.

    python -m infra.ops.path (--stack NAME | --local) [--hours N] [--no-logs] NUMBER | ARRIVAL

Of a case: how it stands, its clocks, what its messages still wait for; then by time what arrived and became of it, its
history, its letters with their states, reasons and attempts, and what the functions logged about it in the last hours
(24). Of an arrival: whether it is there, each of its messages, and the log. No text, no name, no address. Ends with 1
where there is no such thing, or where something of it waits for a hand (parked; failed or held, and not repeated)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.application.ports import CaseFile, Ledger, Unreadable
from tanggap.domain.case import Case, Delivery, Message, Received
from tanggap.domain.clocks import Clock
from tanggap.domain.history import Entry
from tanggap.domain.numbers import normalise
from tanggap.domain.times import stamp
from tanggap.domain.words import DeliveryState, Outcome

from .command import add_stack, complain, ended, say, stack_of
from .logs import Line, lines
from .stack import Stack, WrongQuestion

#: How an arrival's key begins.
_ARRIVALS = ("mail/", "webhooks/", "events/", "parts/")
#: Letters that go nowhere by themselves any more.
STUCK = frozenset({DeliveryState.FAILED, DeliveryState.HELD})


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happened, in a line."""

    at: datetime
    what: str
    text: str

    def __str__(self) -> str:
        return f"{stamp(self.at)} {self.what:<8} {self.text}"


def head_of(file: CaseFile, now: datetime) -> Iterator[str]:
    """How a case stands."""
    case = file.case
    yield f"{case.number} {case.status}: {_of(case)}"
    for clock in case.clocks:
        yield f"clock {_clock(clock, now)}"
    for message in file.messages:
        if message.media:
            yield f"media {len(message.media)} waiting on message {message.id}"
    if left := stuck(file.letters):
        yield f"letters {len(left)} that did not arrive: {', '.join(one.id for one in left)}"


def stuck(letters: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
    """Of a case's letters those that failed or are held and were not repeated since."""
    repeated = {one.again_of for one in letters if one.again_of}
    return tuple(one for one in letters if one.state in STUCK and one.id not in repeated)


def _of(case: Case) -> str:
    facts = [f"{case.kind} by {case.channel}", f"unit {case.unit or '-'}", f"category {case.category or '-'}"]
    facts += [f"priority {case.priority}"]
    facts += [f"others {' '.join(case.others)}"] if case.others else []
    facts += [str(case.confidentiality), f"policy {case.policy_version}", f"version {case.version}"]
    facts += [f"received {stamp(case.received_at)}", f"next due {stamp(case.due_at) if case.due_at else '-'}"]
    facts += [f"marks {' '.join(case.marks)}"] if case.marks else []
    return ", ".join(facts)


def _clock(clock: Clock, now: datetime) -> str:
    owner = f" of {clock.unit}" if clock.unit else ""
    late = " LATE" if clock.open and clock.due_at < now and clock.owes == "agency" else ""
    steps = f", steps {' '.join(clock.steps_done)}" if clock.steps_done else ""
    return f"{clock.name}{owner} {clock.state}{late}, due {stamp(clock.due_at)}, since {stamp(clock.started_at)}{steps}"


def events_of(file: CaseFile, ledger: Ledger) -> Iterator[Event]:
    for key in dict.fromkeys(one.arrival for one in file.messages if one.arrival):
        yield from (arrived(row) for row in ledger.of(key) if row.case == file.case.number)
    yield from (_message(one) for one in file.messages)
    for letter in file.letters:
        yield from _letter(letter)
    yield from (_entry(one) for one in file.history)


def arrived(row: Received) -> Event:
    several = f", message {row.index + 1} of {row.of}" if row.of > 1 else ""
    case = f", case {row.case}" if row.case else ""
    return Event(row.at, "arrival", f"{row.arrival} {row.outcome}/{row.reason}{several}{case}")


def _message(one: Message) -> Event:
    facts = [f"{one.direction} by {one.channel}", str(one.sort), one.authenticity]
    facts += ["automatic"] if one.automatic else []
    facts += [f"{len(one.files)} files"] if one.files else []
    facts += [f"{len(one.left_out)} left out"] if one.left_out else []
    facts += [f"marks {' '.join(one.marks)}"] if one.marks else []
    return Event(one.at, "message", f"{one.id} {', '.join(fact for fact in facts if fact)}")


def _letter(one: Delivery) -> Iterator[Event]:
    to = "office" if one.address else "reporter"
    facts = [f"{one.purpose} to {to} by {one.channel}{f' ({one.how})' if one.how else ''}", f"{one.state}"]
    facts[-1] += f": {one.reason}" if one.reason else ""
    facts += [f"{one.attempts} attempts" + (f", {one.repeats} of them unanswered" if one.repeats else "")]
    facts += [f"next {stamp(one.due_at)}"] if one.due_at else []
    facts += [f"went along in {one.bundled_in}"] if one.bundled_in else []
    facts += [f"says again {one.again_of}"] if one.again_of else []
    yield Event(one.created_at, "letter", f"{one.id} {', '.join(facts)}")
    if one.sent_at and one.state in (DeliveryState.SENT, DeliveryState.DELIVERED):
        yield Event(one.sent_at, "letter", f"{one.id} left")


def _entry(one: Entry) -> Event:
    facts = " ".join(f"{name}={value}" for name, value in one.data.items())
    return Event(one.at, "history", f"#{one.seq} {one.event} by {one.actor}{f': {facts}' if facts else ''}")


def _logged(line: Line) -> Event:
    return Event(line.at, "log", f"{line.function}: {line.text}")


def of_case(stack: Stack, number: str, since: datetime | None, now: datetime) -> int:
    try:
        file = stack.parts.cases.file(number, texts=False)
    except Unreadable:
        complain(f"{number}: a row of it cannot be read: another release wrote it, or it is damaged (check_history)")
        return 1
    if file is None:
        complain(f"no such case: {number}")
        return 1
    for line in head_of(file, now):
        say(line)
    _tell([*events_of(file, stack.parts.cases)], stack, number, since)
    return 1 if stuck(file.letters) else 0


def of_arrival(stack: Stack, key: str, since: datetime | None) -> int:
    rows = stack.parts.cases.of(key)
    stored = stack.parts.arrivals.head(key) if stack.get("ArrivalsBucket") else None
    if not rows and stored is None:
        complain(f"no such arrival: {key[:200]!a}")
        return 1
    if stored:
        say(f"{key}: {stored.size} bytes, stored {stamp(stored.at)}")
    else:
        say(f"{key}: its raw object is not there any more")
    missing = (rows[0].of if rows else 1) - len(rows)
    if missing:
        say(f"{missing} of its messages are not read yet")
    _tell([arrived(row) for row in rows], stack, key, since)
    for number in dict.fromkeys(row.case for row in rows if row.case):
        say(f"its case: {number}")
    return 1 if missing or any(row.outcome is Outcome.PARKED for row in rows) else 0


def _tell(found: list[Event], stack: Stack, holding: str, since: datetime | None) -> None:
    if since is not None and stack.name:
        found += [_logged(line) for line in lines(stack, holding, since)]
    for event in sorted(found, key=lambda one: one.at):  # within an instant as they were found
        say(str(event))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="path", description="where a case or an arrival is, and how it came there")
    add_stack(parser, "table", "arrivals")
    parser.add_argument("--hours", type=float, default=24.0, help="how far back the log is read (24)")
    parser.add_argument("--no-logs", action="store_true", help="leave the log out")
    parser.add_argument("what", metavar="NUMBER|ARRIVAL")
    given = parser.parse_args(arguments)
    return ended(lambda: _path(stack_of(given), given))


def _path(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import utc_now

    now = utc_now()
    since = None if given.no_logs else now - timedelta(hours=given.hours)
    if number := normalise(given.what):
        return of_case(stack, number, since, now)
    if given.what.startswith(_ARRIVALS):
        return of_arrival(stack, given.what, since)
    raise WrongQuestion("a case number (TGP-…) or an arrival's key (mail/…, webhooks/…, events/…)")


if __name__ == "__main__":
    sys.exit(main())
