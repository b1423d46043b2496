"""A period as files: cases, messages, history, deliveries.

    python -m infra.ops.export (--stack NAME | --local) (--from DAY --to DAY | NUMBER …) --out DIR
                               [--format jsonl|csv|both] [--with-texts] [--dry-run]
                               [--identities --reason "…" [--anonymous-too]]

Cases that were received in the period, each with all that belongs to it. Without `--with-texts` no word that anybody
wrote is in it; the texts of a secret case never are. `--identities` writes who reported to a file of its own and a look
into each case's history, with the reason; who asked not to be named stays out unless `--anonymous-too`. CSV is
separated by commas, and has `'` before whatever a spreadsheet would run; JSON Lines has the words as they are. A folder
that holds something is not written to. `manifest.json` says what was asked for, how many of each, which cases could not
be read, and each file's digest."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tanggap.application.export import KINDS, Export, Identities
from tanggap.application.ports import Unreadable
from tanggap.domain.errors import Forbidden
from tanggap.domain.numbers import normalise
from tanggap.domain.permissions import Officer
from tanggap.domain.times import stamp
from tanggap.domain.words import Role

from .command import add_dry_run, add_stack, complain, end, ended, instant, say, stack_of
from .stack import OPERATOR, Stack, WrongQuestion

IDENTITIES = "identities"
#: A spreadsheet takes a cell that begins with such a sign for a formula, and runs it; blanks and quotes before it may
#: not count. Where the comma is the decimal's (Indonesia) it separates by `;`, and so begins a cell in the midst of a
#: text: our quotes hold together only what they stand at the beginning of. The last four are the wide forms.
_FORMULA = re.compile(r"((?:^|[;,|\t\r\n\v\f\x85\u2028\u2029])[\s\"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_LONGEST_REASON = 500


class Sink(Protocol):
    def write(self, row: Mapping[str, Any]) -> None: ...

    def close(self) -> None: ...


class JsonLines:
    suffix = "jsonl"

    def __init__(self, file: Path) -> None:
        self._file = _opened(file)

    def write(self, row: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")

    def close(self) -> None:
        self._file.close()


class Csv:
    """Separated by commas, in UTF-8 with a mark, which spreadsheets need to know it by. The columns are the first
    row's: all rows of a file have the same. What is no text or number is written as JSON."""

    suffix = "csv"

    def __init__(self, file: Path) -> None:
        self._file = _opened(file, "utf-8-sig")
        self._writer: csv.DictWriter[str] | None = None

    def write(self, row: Mapping[str, Any]) -> None:
        if self._writer is None:
            self._writer = csv.DictWriter(self._file, list(row))
            self._writer.writeheader()
        self._writer.writerow({name: cell(value) for name, value in row.items()})

    def close(self) -> None:
        self._file.close()


def cell(value: Any) -> Any:
    """What a spreadsheet shows and does not run, whichever sign it separates by."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _FORMULA.sub(r"\1'", text)


SINKS: dict[str, tuple[type[JsonLines] | type[Csv], ...]] = {
    "jsonl": (JsonLines,),
    "csv": (Csv,),
    "both": (JsonLines, Csv),
}


def _opened(file: Path, encoding: str = "utf-8") -> Any:
    """For nobody else to read. Half of a character, which a mail may hold, is written as JSON spells it."""
    file.touch(mode=0o600, exist_ok=False)
    return file.open("w", encoding=encoding, errors="backslashreplace", newline="")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="export", description="what the desk holds of a period, as files")
    add_stack(parser)
    parser.add_argument("--from", dest="since", type=instant, help="first day or instant; UTC where no zone is given")
    parser.add_argument("--to", dest="until", type=end, help="last day, the whole of it, or an instant")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="a folder that is empty, or not there")
    parser.add_argument("--format", choices=list(SINKS), default="both")
    parser.add_argument("--with-texts", action="store_true", help="what people and officers wrote")
    parser.add_argument("--identities", action="store_true", help="who reported; each case's history tells of the look")
    parser.add_argument("--reason", default="", help="why, for --identities")
    parser.add_argument("--anonymous-too", action="store_true", help="who asked not to be named: as the custodian")
    add_dry_run(parser)
    parser.add_argument("numbers", nargs="*", metavar="NUMBER")
    given = parser.parse_args(arguments)
    if bool(given.numbers) == bool(given.since and given.until):
        parser.error("name a period by --from and --to, or cases")
    if given.identities and not 10 <= len(given.reason.strip()) <= _LONGEST_REASON:
        parser.error(f"--identities needs --reason, 10 to {_LONGEST_REASON} characters")
    if given.anonymous_too and not given.identities:
        parser.error("--anonymous-too goes with --identities")
    return ended(lambda: _exported(stack_of(given), given))


def _exported(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import utc_now

    for output in ("CasesTable", "VaultTable"):
        stack.need(output)
    export, unreadable = Export(stack.parts.cases, stack.parts.policies), dict[str, None]()
    numbers = _named(given.numbers) or export.numbers(given.since, given.until, unreadable.setdefault)
    if given.dry_run:
        counts = _found(export, numbers, unreadable)
        looks = f", and {counts['cases']} histories would tell of a look at who reported" if given.identities else ""
        say(f"{counts['cases']} cases would be written to {given.out}{looks}")
        return _told(counts, unreadable)
    out = given.out
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WrongQuestion(f"{out} holds something already")
    look = _look(stack, utc_now) if given.identities else None
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    counts = _written(export, look, numbers, unreadable, given)
    _manifest(out, given, counts, unreadable, utc_now())
    for name in (*KINDS, *((IDENTITIES,) if given.identities else ())):
        say(f"{name} {counts[name]}")
    return _told(counts, unreadable)


def _look(stack: Stack, clock: Any) -> Identities:
    """Raises WrongQuestion or ClientError where it is not told which keys open the vault: before a file is made."""
    from tanggap.adapters.ids import RandomIds

    return Identities(stack.parts.cases, stack.parts.vault, stack.parts.policies, RandomIds(), clock)


def _told(counts: Counter[str], unreadable: Iterable[str]) -> int:
    """What is not in it; 1 where that is nobody's wish."""
    for said in ("texts withheld", "identities withheld", "no such case"):
        if counts[said]:
            complain(f"{said}: {counts[said]}")
    for number in unreadable:
        complain(f"{number} cannot be read by this release, and is not in it")
    return 1 if unreadable or counts["no such case"] else 0


def _named(texts: Iterable[str]) -> list[str]:
    numbers = {text: normalise(text) for text in texts}
    if wrong := [text for text, number in numbers.items() if number is None]:
        raise WrongQuestion(f"{wrong[0][:40]!a} is no case number")
    return list(dict.fromkeys(number for number in numbers.values() if number))


def _found(export: Export, numbers: Iterable[str], unreadable: dict[str, None]) -> Counter[str]:
    """What a run would find: each case is read as it would read it."""
    counts = Counter[str]()
    for number in numbers:
        try:
            counts["cases" if export.case(number, texts=False) else "no such case"] += 1
        except Unreadable:
            unreadable[number] = None
    return counts


def _written(
    export: Export,
    look: Identities | None,
    numbers: Iterable[str],
    unreadable: dict[str, None],
    given: argparse.Namespace,
) -> Counter[str]:
    """How many rows of each kind. `unreadable` takes the numbers of cases that are not in it."""
    counts = Counter[str]()
    names = (*KINDS, *((IDENTITIES,) if given.identities else ()))
    with ExitStack() as closing:
        sinks: dict[str, list[Sink]] = {name: [] for name in names}
        for name in names:
            for kind in SINKS[given.format]:
                sink = kind(given.out / f"{name}.{kind.suffix}")
                closing.callback(sink.close)
                sinks[name].append(sink)

        def write(name: str, rows: Iterable[Mapping[str, Any]]) -> None:
            for row in rows:
                counts[name] += 1
                for sink in sinks[name]:
                    sink.write(row)

        who = Officer(OPERATOR.id, Role.CUSTODIAN) if given.anonymous_too else OPERATOR
        for number in numbers:
            try:
                if look:  # before the case is exported: its own entry is part of that
                    export.case(number, texts=False)  # of a case that can't be read nobody is named
                    try:
                        write(IDENTITIES, look(who, number, given.reason.strip()))
                    except Forbidden:
                        counts["identities withheld"] += 1
                found = export.case(number, given.with_texts)
            except Unreadable:  # the next one must still be exported
                unreadable[number] = None
                continue
            if found is None:
                counts["no such case"] += 1
                continue
            counts["texts withheld"] += found.withheld
            for name in KINDS:
                write(name, found.rows[name])
    return counts


def _manifest(
    out: Path, given: argparse.Namespace, counts: Counter[str], unreadable: Iterable[str], at: datetime
) -> None:
    files = sorted(file for file in out.iterdir() if file.is_file())
    said = {
        "v": 1,
        "at": stamp(at),
        "from": stamp(given.since) if given.since else None,
        "until": stamp(given.until) if given.until else None,
        "cases": _named(given.numbers) or None,
        "format": given.format,
        "with_texts": given.with_texts,
        "identities": given.identities,
        "anonymous_too": given.anonymous_too,
        "reason": given.reason.strip() if given.identities else None,
        "unreadable": list(unreadable),
        "counts": dict(counts),
        "sha256": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
    }
    with _opened(out / "manifest.json") as file:
        file.write(json.dumps(said, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())
