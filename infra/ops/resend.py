"""A letter that failed or is held, once more.

    python -m infra.ops.resend (--stack NAME | --local) [--dry-run] (CASE/DELIVERY … | --case NUMBER)

Its words go again as a row of their own, to the address that the vault knows now and by the first way that is open now;
the history says who wanted it (`resent`) and which row repeats which (`sent_again`). `path NUMBER` shows the ids. What
was sent, waits, or was repeated before and has not failed, is left alone. Ends with 1 where a letter can't go again."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tanggap.application.ports import CaseFile, Cases, Policies
from tanggap.application.races import decided_anew
from tanggap.domain.case import Delivery
from tanggap.domain.draft import Draft, Ids
from tanggap.domain.errors import NotAllowed, NotFound
from tanggap.domain.numbers import normalise
from tanggap.domain.times import stamp

from .command import add_dry_run, add_stack, complain, ended, say, stack_of
from .path import STUCK
from .stack import OPERATOR, Stack, WrongQuestion


@dataclass(frozen=True, slots=True)
class Resend:
    """Queues a letter's words again, with an entry in the history. Raises NotFound, NotAllowed, Retry."""

    cases: Cases
    policies: Policies
    ids: Ids
    clock: Callable[[], datetime]

    def __call__(self, number: str, key: str, actor: str) -> str:
        """The id of the new row."""

        def once() -> str:
            file = self.cases.file(number, texts=False)
            if file is None:
                raise NotFound("no such case")
            former = self.may(file, key)
            draft = Draft(file.case, self.clock(), actor, self.policies.current(), self.ids)
            draft.record("resent", former=former.id)  # by whom; what follows says as which row
            draft.tell_again(former, former.reporter)
            change = draft.change()
            self.cases.commit(change)
            return change.deliveries[0].id

        return decided_anew(once)

    def may(self, file: CaseFile, key: str) -> Delivery:
        row = next((one for one in file.deliveries if one.id == key), None)
        if row is None:
            raise NotFound("no such letter")
        if row.bundled_in:
            raise NotAllowed(f"it went along in {row.bundled_in}: that one is the letter")
        if row.state not in STUCK:
            raise NotAllowed(f"it is {row.state}: only what failed or is held goes again")
        again = next((one for one in reversed(file.deliveries) if one.again_of == key and one.state not in STUCK), None)
        if again:
            raise NotAllowed(f"it was repeated as {again.id}, which is {again.state}")
        if not row.reporter and not row.address:
            raise NotAllowed("nobody knows where to: the case has no reporter that could be written to")
        return row


def stuck(file: CaseFile) -> tuple[str, ...]:
    """Letters of a case that failed or are held and were not repeated since."""
    repeated = {one.again_of for one in file.deliveries if one.again_of}
    return tuple(one.id for one in file.deliveries if one.state in STUCK and one.id not in repeated)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="resend", description="letters that did not arrive, once more")
    add_stack(parser)
    parser.add_argument("--case", metavar="NUMBER", help="all letters of a case that failed or are held")
    add_dry_run(parser)
    parser.add_argument("letters", nargs="*", metavar="CASE/DELIVERY")
    given = parser.parse_args(arguments)
    if bool(given.letters) == bool(given.case):
        parser.error("name letters (TGP-…/ID), or a case by --case")
    return ended(lambda: _resent(stack_of(given), given))


def _resent(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import RandomIds, utc_now

    stack.need("CasesTable")
    stack.need("VaultTable")
    cases = stack.parts.cases
    resend = Resend(cases, stack.parts.policies, RandomIds(), utc_now)
    failed = 0
    wanted = list(dict.fromkeys(_asked(cases, given)))
    for number, key in wanted:
        try:
            file = cases.file(number, texts=False)
            if file is None:
                raise NotFound("no such case")
            row = resend.may(file, key)
            to = "office" if row.address else "reporter"
            said = f"{number}/{key} {row.purpose} to {to}, of {stamp(row.created_at)}"
            warned = "; it may have arrived: its answer was lost" if row.reason == "answer_lost" else ""
            said += f", {row.state}: {row.reason or '-'}{warned}"
            if given.dry_run:
                say(f"{said}: would go again")
            else:
                say(f"{said}: goes again as {resend(number, key, OPERATOR.actor)}")
        except (NotFound, NotAllowed) as error:
            say(f"{number}/{key}: {error}")
            failed += 1
    if not wanted:
        complain("no letter of that case failed or is held")
    return 1 if failed else 0


def _asked(cases: Cases, given: argparse.Namespace) -> list[tuple[str, str]]:
    if given.case:
        number = _number(given.case)
        file = cases.file(number, texts=False)
        if file is None:
            raise NotFound("no such case")
        return [(number, key) for key in stuck(file)]
    found = []
    for text in given.letters:
        number, slash, key = text.partition("/")
        if not slash or not key:
            raise WrongQuestion("a letter is CASE/DELIVERY, as `path` and the desk's case show them")
        found.append((_number(number), key))
    return found


def _number(text: str) -> str:
    number = normalise(text)
    if number is None:
        raise WrongQuestion(f"{text[:40]!a} is no case number")
    return number


if __name__ == "__main__":
    sys.exit(main())
