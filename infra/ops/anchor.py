"""The heads of histories, kept where nobody can rewrite them.

    python -m infra.ops.anchor write  (--stack NAME | --local) [--anchors BUCKET] [--whole] [--dry-run]
    python -m infra.ops.anchor verify (--stack NAME | --local) [--anchors BUCKET] [NUMBER …]

`write` does what the daily run does: one object for what changed since the last one. `--whole`: for every case, also
on a day that has its own; only so an officer's act is anchored on a case that ended more than 120 days before it.
`verify` holds each history that was ever anchored against its anchors, and the anchors against each other; one line a
case that has a fault, one for each restore that the table has behind it, and the sum. Of an anchor that somebody put
another version over, or hid, the first version is read, and that is a fault. Ends with 1 for any fault."""

from __future__ import annotations

import argparse
import sys

from tanggap.application.anchors import Anchor, Anchors, Held
from tanggap.application.ports import Cases, Unreadable
from tanggap.domain.history import faults_in
from tanggap.domain.numbers import normalise
from tanggap.domain.times import stamp

from .command import add_dry_run, add_stack, complain, ended, say, stack_of
from .stack import Stack, WrongQuestion

_NOTHING = "this day has its anchor: nothing to do"


def anchors_of(stack: Stack) -> Anchors:
    from tanggap.adapters.s3 import S3Locked

    return Anchors(S3Locked(lambda: stack.client("s3"), stack.need("AnchorsBucket")))


def held_by(stack: Stack) -> Held:
    """Tells what is wrong with the anchors themselves, and which restores they know of."""
    held = anchors_of(stack).held(stack.need("CasesTable"))
    for one in held.restores:
        say(f"{one.table} was restored of {one.of} as of {stamp(one.at)}: what came there after it counts no more")
    for fault in held.faults:
        say(f"anchors FAULT: {fault}")
    return held


def write(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import utc_now

    parts = stack.parts
    store = anchors_of(stack).store
    anchor = Anchor(parts.cases, parts.cases, parts.policies, store, utc_now, stack.need("CasesTable"))
    done = anchor.pending(given.whole) if given.dry_run else anchor(given.whole)
    told = f"the heads of {done.cases} cases"
    say((f"{told} would be anchored" if given.dry_run else f"{done.key}: {told}") if done.key else _NOTHING)
    if done.unreadable:
        complain(f"{done.unreadable} cases cannot be read by this release, and are not in it")
    return 1 if done.unreadable else 0


def verify(stack: Stack, given: argparse.Namespace) -> int:
    held = held_by(stack)
    heads = held.heads
    wanted = [number for text in given.numbers if (number := normalise(text))]
    if len(wanted) < len(given.numbers):
        raise WrongQuestion("one of these is no case number")
    cases, bad = stack.parts.cases, 0
    for number in wanted or sorted(heads):
        if faults := _faults(cases, held, number):
            bad += 1
            say(f"{number} FAULT: {'; '.join(faults)}")
        elif wanted:
            say(f"{number} ok: anchored {len(heads.get(number, {}))} times")
    say(f"{len(wanted or heads)} cases held against their anchors, {bad} with faults")
    return 1 if bad or held.faults else 0


def _faults(cases: Cases, held: Held, number: str) -> tuple[str, ...]:
    try:
        file = cases.file(number, texts=False)
    except Unreadable:  # the next one must still be held against its own
        return ("a row of it cannot be read",)
    if file is None:
        return ("the case is gone",)
    return (*faults_in(number, file.history, file.case.head), *held.against(number, file.history))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="anchor", description="heads of histories under a lock")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("write", "verify"):
        command = commands.add_parser(name)
        add_stack(command, "table", "anchors")
        if name == "write":
            command.add_argument("--whole", action="store_true", help="every case, however long ago it changed")
            add_dry_run(command)
        else:
            command.add_argument("numbers", nargs="*", metavar="NUMBER")
    given = parser.parse_args(arguments)
    does = {"write": write, "verify": verify}[given.command]
    return ended(lambda: does(stack_of(given), given))


if __name__ == "__main__":
    sys.exit(main())
