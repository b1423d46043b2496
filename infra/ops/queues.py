"""The queues: how much waits, for how long, what was given up and why; and back again.

    python -m infra.ops.queues (--stack NAME | --local)
    python -m infra.ops.queues look NAME …
    python -m infra.ops.queues redrive NAME [--only ARRIVAL|MESSAGE] [--dry-run] …

Without a word: depth and age of each. `look` shows what lies in a queue that nobody reads (dead letters, failures):
keys and reasons, no bodies; everything stays. `redrive` puts dead letters back where they came from, one by one: sent
first, deleted only then. Of the failures queue what can be done again is done: the rows of a stream batch are woken; a
run of a schedule needs nothing, since the next one did its work. Ends with 1 where something was given up, or could not
be put back."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from .command import add_dry_run, add_stack, age, complain, ended, say, stack_of
from .dead_letters import MOST, GivenUp, Lot
from .notices import About, Waiting
from .stack import Stack, WrongQuestion

_SUFFIX = "QueueUrl"
#: A look has an end; what lies behind it is seen once what was shown is gone.
MORE = "; there may be more"


def names(stack: Stack) -> dict[str, str]:
    """Each queue of the stack by a short name: ArrivalsDeadLetterQueueUrl is arrivals-dead-letter."""
    return {
        _spelled(output.removesuffix(_SUFFIX)): url
        for output, url in sorted(stack.outputs.items())
        if output.endswith(_SUFFIX) and url
    }


def _spelled(name: str) -> str:
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in name).lstrip("-")


def given_up(name: str) -> bool:
    """Nobody reads it but an operator."""
    return name.endswith("dead-letter") or name == "failures"


def depths(stack: Stack, now: datetime) -> int:
    worst = 0
    for name, url in names(stack).items():
        lot = Lot(stack, url)
        found = lot.counts()
        since = lot.oldest(now)
        oldest = f"oldest {age(since)}" if since is not None else "oldest not known" if found.waiting else "nothing old"
        say(f"{name} {found.waiting} waiting, {found.taken} in work, {found.delayed} put off, {oldest}")
        worst = max(worst, int(given_up(name) and found.waiting + found.taken > 0))
    return worst


def look(stack: Stack, name: str) -> int:
    lot = Lot(stack, _url(stack, name))
    if not given_up(name):
        # A look counts as a try; the fifth parks the message.
        raise WrongQuestion(f"{name} is being read by a function: look at its dead letters, or at `path ARRIVAL`")
    shown = 0
    with lot.taken() as waiting:
        for one in waiting:
            say(f"{one}{_outcome(stack, one)}")
            shown += 1
    say(f"{shown} in {name}{MORE if shown >= MOST else ''}")
    return 1 if shown else 0


def _outcome(stack: Stack, one: Waiting) -> str:
    """What the ledger says of its arrival."""
    if one.about not in (About.ARRIVAL, About.MEDIA) or not one.key:
        return ""
    rows = stack.parts.cases.of(one.key)
    if not rows:
        return ": not read"
    return ": " + ", ".join(dict.fromkeys(f"{row.outcome}/{row.reason}" for row in rows))


def redrive(stack: Stack, name: str, only: str, dry_run: bool) -> int:
    if not given_up(name):
        raise WrongQuestion(f"{name} is no queue of dead letters")
    lot = Lot(stack, _url(stack, name))
    work = GivenUp(stack, lot, names(stack))
    done = kept = seen = passed = 0
    with lot.taken() as waiting:
        for one in waiting:
            passed += 1
            if only and not one.named(only):
                continue
            seen += 1
            plan, who = work.plan(one), f"{one.id} {one.key or one.what or 'nothing that is known'}"
            if dry_run or not plan.possible:
                say(f"{who}: {'would be ' if plan.possible else ''}{plan.told}")
                kept += not plan.possible
                continue
            told = work.carry_out(plan)
            done += told.done
            kept += not told.done
            say(f"{who}: {told.line}")
    more = MORE if passed >= MOST else ""
    if only and not seen:
        complain(f"nothing of that name is {f'among the first {passed} of' if more else 'in'} {name}{more}")
        return 1
    said = f"{seen} looked at, {done} done" + (f", {kept} left" if kept else "") + (" (a dry run)" if dry_run else "")
    say(said + more)
    return 1 if kept else 0


def _url(stack: Stack, name: str) -> str:
    known = names(stack)
    if name not in known:
        raise WrongQuestion(f"no queue {name[:60]!a}; there are {', '.join(known)}")
    return known[name]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="queues", description="what waits, and what was given up")
    add_stack(parser)
    commands = parser.add_subparsers(dest="command")
    for command in ("look", "redrive"):
        sub = commands.add_parser(command)
        add_stack(sub)
        sub.add_argument("name", metavar="NAME", help="as the list without a word names it")
        if command == "redrive":
            sub.add_argument("--only", default="", metavar="ARRIVAL", help="one arrival's key, or one message's id")
            add_dry_run(sub)
    given = parser.parse_args(arguments)
    return ended(lambda: _done(stack_of(given), given))


def _done(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import utc_now

    if not names(stack):
        raise WrongQuestion("give the stack: --stack NAME or --local")
    if given.command == "look":
        return look(stack, given.name)
    if given.command == "redrive":
        return redrive(stack, given.name, given.only, given.dry_run)
    return depths(stack, utc_now())


if __name__ == "__main__":
    sys.exit(main())
