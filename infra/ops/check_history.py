"""Is what we say about a case what happened to it? Checks each history's chain, its end on the case, and that texts are
still the ones that were committed to.

    python -m infra.ops.check_history (--stack NAME | --local | --table CASES_TABLE --vault VAULT_TABLE)
                                      [NUMBER ...] [--all-of-unit UNIT] [--anchors BUCKET]

With a bucket of anchors (the stack's own, where it has one) each history must also hold what was anchored of it.
Credentials, region and endpoint are the SDK's own (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, …). One line a case,
without personal data; ends with 1 when any case has a fault, with 2 when the question is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from tanggap.application.anchors import Held
from tanggap.application.ports import CaseFile, Cases, Unreadable
from tanggap.domain.history import Entry, commit_to, faults_in
from tanggap.domain.numbers import normalise
from tanggap.domain.words import Status

from .anchor import held_by
from .command import add_stack, ended, say, stack_of
from .stack import Stack

PAGE = 100


class Salts(Protocol):
    def salts(self, number: str) -> Mapping[int, str]: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """`texts`: commitments that were checked. `erased`: texts that went together with their salts, as an erasure
    does. `elsewhere`: long texts in the attachments bucket, which was not given."""

    number: str
    entries: int
    texts: int
    erased: int
    faults: tuple[str, ...]
    elsewhere: int = 0

    def __str__(self) -> str:
        counts = f"{self.entries} entries, {self.texts} texts" + (f", {self.erased} erased" if self.erased else "")
        counts += f", {self.elsewhere} not looked at (give --attachments)" if self.elsewhere else ""
        return f"{self.number} FAULT: {'; '.join(self.faults)}" if self.faults else f"{self.number} ok: {counts}"


def check(file: CaseFile, salts: Mapping[int, str], elsewhere: frozenset[str] = frozenset()) -> Finding:
    """Pure: everything about one case against its own history. `elsewhere`: ids of messages whose text is not at
    hand."""
    case, history = file.case, file.history
    texts, erased, doubts = _texts(file, salts, elsewhere)
    faults = [*faults_in(case.number, history, case.head), *_state(file), *_strays(file), *doubts]
    return Finding(case.number, len(history), texts, erased, tuple(faults), len(elsewhere))


def _state(file: CaseFile) -> Iterator[str]:
    """What the case says of itself against what its history says."""
    told = [entry.data.get("now", "") for entry in file.history if entry.event == "status"]
    status = told[-1] if told else Status.NEW.value
    if file.case.status.value != status:
        yield f"its status is {file.case.status}, its history says {status}"
    if file.case.seq != len(file.history):
        yield f"it counts {file.case.seq} entries, its history has {len(file.history)}"


def _strays(file: CaseFile) -> Iterator[str]:
    """Rows that no entry speaks of were put there from outside. A letter that several rows went along in is spoken of
    by them: it is kept with the first of them."""
    named = {value for entry in file.history for value in (entry.data.get("message"), entry.data.get("delivery"))}
    named |= {one.bundled_in.rpartition("/")[2] for one in file.deliveries if one.bundled_in and one.id in named}
    for kind, rows in (("message", file.messages), ("letter", file.deliveries)):
        for row in rows:
            if row.id not in named:
                yield f"{kind} {row.id} is not in the history"


def _texts(file: CaseFile, salts: Mapping[int, str], elsewhere: frozenset[str]) -> tuple[int, int, list[str]]:
    """Checked, erased, faults."""
    written = _written(file)
    checked, erased, faults = 0, 0, []
    latest = {_subject_of(entry): entry for entry in file.history if entry.commitment}
    for entry in file.history:
        subject = _subject_of(entry)
        if not entry.commitment or not subject or entry.data.get("message") in elsewhere:
            continue
        if entry is not latest[subject]:
            continue  # it was read anew since: what it committed to stands in the raw arrival
        text, salt = written.get(subject), salts.get(entry.seq)
        if text is None and salt is None:
            erased += 1
        elif text is None:
            faults.append(f"{subject}, which entry {entry.seq} speaks of, is missing")
        elif salt is None:
            faults.append(f"the salt of entry {entry.seq} is missing, its text is not")
        elif commit_to(salt, text) != entry.commitment:
            faults.append(f"{subject} is not the text that entry {entry.seq} committed to")
        else:
            checked += 1
    return checked, erased, faults


def _subject_of(entry: Entry) -> str:
    """The row whose text an entry commits to; empty for a reason or another text that is kept nowhere else."""
    for kind in ("message", "delivery"):
        if key := entry.data.get(kind):
            return f"{kind} {key}"
    return ""


def _written(file: CaseFile) -> dict[str, str]:
    """Texts as they were committed to: a note as it is, everything else under its subject."""
    found = {
        f"message {one.id}": one.text if one.direction == "note" else f"{one.subject}\n{one.text}"
        for one in file.messages
    }
    return found | {f"delivery {one.id}": f"{one.subject}\n{one.text}" for one in file.deliveries}


def numbers_of_unit(cases: Cases, unit: str) -> Iterator[str]:
    """`-` stands for cases without a unit."""
    after: str | None = None
    while True:
        page = cases.listing((None if unit == "-" else unit,), (), None, after, PAGE)
        yield from (*(case.number for case in page.cases), *page.unreadable)
        after = page.after
        if after is None:
            return


def check_number(cases: Cases, vault: Salts, text: str, attachments: bool = False, held: Held | None = None) -> Finding:
    """`held`: what was anchored."""
    number = normalise(text)
    try:
        file = cases.file(number) if number else None
        if file is None:
            return Finding(number or ascii(text[:40]), 0, 0, 0, ("no such case",))
        file = replace(file, messages=tuple(cases.whole(one) for one in file.messages))
        elsewhere = () if attachments else (one.id for one in file.messages if one.body)
        finding = check(file, vault.salts(file.case.number), frozenset(elsewhere))
        anchored = held.against(file.case.number, file.history) if held else ()
        return replace(finding, faults=(*finding.faults, *anchored))
    except (Unreadable, ValueError, KeyError, TypeError, AttributeError) as error:
        why = type(error.__cause__ or error).__name__
        return Finding(number or "", 0, 0, 0, (f"a row of it cannot be read ({why})",))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="check_history", description="checks the histories of cases")
    add_stack(parser, "table", "vault", "attachments", "anchors")
    parser.add_argument("--all-of-unit", metavar="UNIT", help="every case of a unit; - for those without one")
    parser.add_argument("numbers", nargs="*", metavar="NUMBER")
    given = parser.parse_args(arguments)
    if not given.numbers and not given.all_of_unit:
        parser.error("name at least one case, or a unit")
    return ended(lambda: _checked(stack_of(given), given))


def _checked(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.vault import KmsVault, Lookups

    stack.need("VaultTable")
    cases, attachments = stack.parts.cases, bool(stack.get("AttachmentsBucket"))
    # Salts lie in the clear beside the identities.
    vault = KmsVault(cases.vault, lambda: None, "", Lookups(dict))
    held = held_by(stack) if stack.get("AnchorsBucket") else None
    sound = not (held and held.faults)
    for number in (*given.numbers, *(numbers_of_unit(cases, given.all_of_unit) if given.all_of_unit else ())):
        finding = check_number(cases, vault, number, attachments, held)
        sound = sound and not finding.faults
        say(str(finding))
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
