"""A scheduled function, run once by hand: what its schedule would do next, now.

    python -m infra.ops.run (--stack NAME | --local) [--dry-run] sweep|digest|ledger|canary

Prints its answer, which is counts and keys; the sweep is given the present time. None of them does anything twice.
Ends with 1 where the run failed or refused."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from tanggap.domain.times import stamp

from .command import add_dry_run, add_stack, complain, ended, say, stack_of
from .stack import Stack

#: By the word that is typed: the output that names the function, and what the next lines of its log mean.
RUNS = {
    "sweep": ("EscalateFunction", "what is due now: reminders, breaches, steps of the ladder, letters put off"),
    "digest": ("DigestFunction", "the round of digests, if one is due and was not told"),
    "ledger": ("LedgerFunction", "the count; it announces what is overdue"),
    "canary": (
        "CanaryFunction",
        "judges its last round if nobody has, and writes the next; its schedule judges that one",
    ),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="run", description="a scheduled function, once")
    add_stack(parser)
    add_dry_run(parser)
    parser.add_argument("which", choices=sorted(RUNS), metavar="|".join(RUNS))
    given = parser.parse_args(arguments)
    return ended(lambda: run(stack_of(given), given.which, given.dry_run))


def run(stack: Stack, which: str, dry_run: bool = False) -> int:
    output, does = RUNS[which]
    function = stack.need(output)
    if dry_run:
        say(f"would run {function}: {does}")
        return 0
    answer, failed = invoked(stack, function)
    if failed:
        complain(f"{function} failed ({failed}): see `errors`")
        return 1
    say(json.dumps(answer, sort_keys=True, default=str))
    return 1 if isinstance(answer, dict) and "refused" in answer else 0


def invoked(stack: Stack, function: str) -> tuple[Any, str]:
    """(its answer, the class of its error). A count may take a quarter of an hour; none is started twice."""
    from tanggap.adapters.ids import utc_now

    event = {"source": "operator", "time": stamp(utc_now())}
    answer = stack.patient("lambda", 910).invoke(FunctionName=function, Payload=json.dumps(event).encode())
    said = json.loads(answer["Payload"].read() or b"null")
    if answer.get("FunctionError"):
        return None, str(said.get("errorType", "?"))[:60] if isinstance(said, dict) else "?"
    return said, ""


if __name__ == "__main__":
    sys.exit(main())
