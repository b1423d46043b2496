"""Letters that failed or are held, once more.

    python -m infra.ops.resend (--stack NAME | --local) [--dry-run] (CASE/DELIVERY … | --case NUMBER)
    python -m infra.ops.resend (--stack NAME | --local) [--dry-run] --from DAY [--to DAY] [--reason WORD …]

Its words go again as a row of their own, to the address that the vault knows now and by the first way that is open now;
the history says who wanted it (`resent`) and which row repeats which (`sent_again`). `path NUMBER` shows the ids. What
was sent, waits, or was repeated before and has not failed, is left alone. Ends with 1 where a letter can't go again.

Of a period all that were written in it go again, the oldest cases first: those that ended for the reasons that are
named, or else for a fault that was not theirs (`OURS`). What bounced or was refused stays: a dead address written to
again is one more bounce on the account's record. Words to the desk that a letter had not gone are not repeated, nor is
what belongs to no case (a digest; the next one says it all)."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tanggap.application.ports import CaseFile, Cases, Policies, Unreadable
from tanggap.application.races import decided_anew
from tanggap.application.walk import EVER, every_case
from tanggap.domain.case import Delivery
from tanggap.domain.draft import Draft, Ids
from tanggap.domain.errors import NotAllowed, NotFound
from tanggap.domain.numbers import normalise
from tanggap.domain.times import stamp
from tanggap.domain.words import Purpose

from .command import add_dry_run, add_stack, complain, end, ended, instant, say, stack_of
from .path import STUCK, stuck
from .stack import OPERATOR, Stack, WrongQuestion

#: Reasons that tell of our own side or of the service, and of neither the letter nor its reader.
OURS = frozenset(
    {
        *("access_denied", "held_by_another_app", "not_configured", "not_registered", "redirected", "token_expired"),
        *("unavailable", "unreachable"),
    }
)


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


@dataclass(slots=True)
class Period:
    """Which letters of all cases are meant. `left`: how many were not, by reason; `unreadable`: cases that this release
    can't read."""

    since: datetime
    until: datetime
    reasons: frozenset[str]
    left: Counter[str]
    unreadable: list[str]

    def letters(self, cases: Cases, policies: Policies) -> Iterator[tuple[str, str]]:
        every = every_case(cases, policies.current(), EVER, self.unreadable.append)
        found = [one for one in every if one.last_at >= self.since]  # each letter has its entry in the history
        for case in sorted(found, key=lambda one: one.received_at):
            try:
                file = cases.file(case.number, texts=False)
            except Unreadable:  # another of its rows than the case's own
                self.unreadable.append(case.number)
                continue
            for row in stuck(file.deliveries) if file else ():
                if not self.since <= row.created_at < self.until or row.purpose is Purpose.UNDELIVERED:
                    continue
                word = row.reason.partition(" ")[0] or str(row.state)  # of `bounce 5.1.1` the first
                if word in self.reasons:
                    yield case.number, row.id
                else:
                    self.left[word] += 1


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="resend", description="letters that did not arrive, once more")
    add_stack(parser)
    parser.add_argument("--case", metavar="NUMBER", help="all letters of a case that failed or are held")
    parser.add_argument("--from", dest="since", type=instant, metavar="DAY", help="all that were written from then on")
    parser.add_argument("--to", dest="until", type=end, metavar="DAY", help="the last day, the whole of it (now)")
    parser.add_argument("--reason", action="append", default=[], metavar="WORD", help="of a period: that ended for it")
    add_dry_run(parser)
    parser.add_argument("letters", nargs="*", metavar="CASE/DELIVERY")
    given = parser.parse_args(arguments)
    if [bool(given.letters), bool(given.case), bool(given.since)].count(True) != 1:
        parser.error("name letters (TGP-…/ID), a case by --case, or a period by --from")
    if (given.until or given.reason) and not given.since:
        parser.error("--to and --reason go with --from")
    return ended(lambda: _resent(stack_of(given), given))


def _resent(stack: Stack, given: argparse.Namespace) -> int:
    from tanggap.adapters.ids import RandomIds, utc_now

    stack.need("CasesTable")
    stack.need("VaultTable")
    cases = stack.parts.cases
    resend = Resend(cases, stack.parts.policies, RandomIds(), utc_now)
    failed = done = 0
    period: Period | None = None
    if given.since:
        reasons = frozenset(given.reason) or OURS
        period = Period(given.since, given.until or utc_now(), reasons, Counter(), [])
    for number, key in period.letters(cases, resend.policies) if period else dict.fromkeys(_asked(cases, given)):
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
            done += 1
        except (NotFound, NotAllowed, Unreadable) as error:
            say(f"{number}/{key}: {error}")
            failed += 1
    if period:
        return _told(period, done, failed, given.dry_run)
    if not done + failed:
        complain("no letter of that case failed or is held")
    return 1 if failed else 0


def _told(period: Period, done: int, failed: int, dry_run: bool) -> int:
    for word, count in period.left.most_common():
        say(f"{count} stay: {word} (--reason {word})")
    say(f"{done} {'would go' if dry_run else 'go'} again, {period.left.total()} stay, {failed} cannot")
    for number in dict.fromkeys(period.unreadable):
        complain(f"{number} cannot be read by this release")
    return 1 if failed or period.unreadable else 0


def _asked(cases: Cases, given: argparse.Namespace) -> list[tuple[str, str]]:
    if given.case:
        number = _number(given.case)
        file = cases.file(number, texts=False)
        if file is None:
            raise NotFound("no such case")
        return [(number, row.id) for row in stuck(file.deliveries)]
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
