"""Which shapes of rows lie in the tables, and whether this release reads them all: before going back to it.

    python -m infra.ops.versions (--stack NAME | --local | --outputs FILE) [--table TABLE] [--vault TABLE]

One line a kind of row: how many there are by the number of their shape (adapters/dynamodb/kinds.py; `-`: from before
rows said it). Ends with 1 where this tree's release would leave rows alone, since a newer one wrote them, and names up
to twenty of their cases. It reads both tables whole, half a unit of reading for each 4 kB."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict

from tanggap.adapters.dynamodb.kinds import ROWS, SCHEMA, kind_of

from .command import add_stack, ended, say, stack_of
from .stack import Stack

_NAMED = 20


def versions(stack: Stack) -> int:
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    ahead: dict[str, None] = {}
    for output in ("CasesTable", "VaultTable"):
        pages = stack.client("dynamodb").get_paginator("scan")
        for page in pages.paginate(TableName=stack.need(output), ProjectionExpression="pk, sk, #s",
                                   ExpressionAttributeNames={"#s": "schema"}):  # fmt: skip
            for row in page["Items"]:
                pk, kind = row["pk"]["S"], kind_of(row["pk"]["S"], row["sk"]["S"])
                number = int(row["schema"]["N"]) if "schema" in row else 0
                found[kind][number] += 1
                # A policy's own fields decide whether a release takes it.
                if number > ROWS.get(kind, 0) and kind != "POLICY" and pk.startswith("CASE#"):
                    ahead[pk.removeprefix("CASE#")] = None
    beyond = 0
    for kind, counted in sorted(found.items()):
        newer = 0 if kind == "POLICY" else sum(many for number, many in counted.items() if number > ROWS.get(kind, 0))
        beyond += newer
        told = ", ".join(f"{many} of {number or '-'}" for number, many in sorted(counted.items()))
        known = f"this release: {ROWS[kind]}" if kind in ROWS else "this release knows no such kind"
        say(f"{'! ' if newer else '  '}{kind:<9} {told} ({known})")
    for case in list(ahead)[:_NAMED]:
        say(f"! {case} would be left alone")
    say(f"schema {SCHEMA}: {beyond} rows of a newer release" if beyond else f"schema {SCHEMA}: every row is read")
    return 1 if beyond else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="versions", description="shapes of rows, and which of them are ahead")
    add_stack(parser, "table", "vault")
    given = parser.parse_args(arguments)
    return ended(lambda: versions(stack_of(given)))


if __name__ == "__main__":
    sys.exit(main())
