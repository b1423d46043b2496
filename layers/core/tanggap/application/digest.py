"""The digests leave: to each office what is its own, each once, nothing where there is nothing to say.

With them the hour's new cases (`new_cases_round`); how a round is begun and ended is `rounds`'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from ..domain import digest_rounds
from ..domain.case import Case
from ..domain.digest import Figures, Span, Worklist, figures, worklist
from ..domain.digest_letters import Contents, digest_letter
from ..domain.letter_facts import unit_name
from ..domain.policy import Policy
from ..domain.policy_digests import SHOWN_CASES, SHOWN_UNIT, Rhythm
from ..domain.times import stamp
from ..domain.words import ENDED, Purpose, Status
from .new_cases_round import NewCases
from .ports import Digests, Unreadable
from .rounds import DAILY, WEEKLY, Desk, Digested, OnFailure, OutOfTime, Rounds, desks, mark
from .scheduled import Scheduled

#: Cases read at once of a desk: about a megabyte, which is what one query answers.
PAGE = 400
OPEN = tuple(status for status in Status if status not in ENDED)
ENDS = tuple(ENDED)

T = TypeVar("T")


#: A desk, the statuses that are asked for, and after which place of it.
_Listing = tuple[Desk, tuple[Status, ...], str | None]


@dataclass(slots=True)
class _Wanted:
    """What one address is to be shown of one kind of digest."""

    desks: set[Desk] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    table: bool = False


@dataclass(slots=True)
class _Read:
    """What this run has read, by what it was read for; and the numbers of cases that can't be told of."""

    on_failure: OnFailure
    worklists: dict[tuple[frozenset[Desk], Span], Worklist] = field(default_factory=dict)
    figures: dict[tuple[Desk, Span], Figures] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def leave_out(self, number: str, error: Exception) -> None:
        """Told once, however many letters it belongs to."""
        if number not in self.unread:
            self.unread.add(number)
            self.on_failure(number, error)


class Digest:
    def __init__(self, work: Scheduled, digests: Digests) -> None:
        self.work = work
        self.rounds = Rounds(work, digests)
        self.new_cases = NewCases(self.rounds)

    def __call__(self, at: datetime, on_failure: OnFailure = lambda what, error: None) -> Digested:
        """All that is due at `at`. Raises TimeAhead. One office that fails stops none of the others, and one case that
        can't be read none of the letters: `on_failure` takes the kind of round, or the number of the case."""
        self.work.check(at)
        policy = self.work.policies.current()
        return self.new_cases(policy, at, on_failure) + self._digests(policy, at, on_failure)

    def _digests(self, policy: Policy, at: datetime, on_failure: OnFailure) -> Digested:
        keys = {DAILY: digest_rounds.daily(policy, at), WEEKLY: digest_rounds.weekly(policy, at)}
        rounds = {kind: one for kind, key in keys.items() if (one := self.rounds.begin(kind, key, at))}
        if not rounds:
            return Digested()
        rhythms = {DAILY: policy.digests.daily, WEEKLY: policy.digests.weekly}
        wanted = {kind: _wanted(rhythms[kind], policy, at) for kind in rounds}
        read = _Read(on_failure)

        def tell(address: str) -> bool:
            mine = {kind: one for kind, by_address in wanted.items() if (one := by_address.get(address))}
            left = {kind: one for kind, one in mine.items() if not self.rounds.told(address, kind, rounds[kind])}
            spans = {kind: Span(self.rounds.since(address, kind, rounds[kind]), rounds[kind].until) for kind in left}
            contents = self._contents(left, spans, policy, read) if left else None
            if contents is None:
                return False
            said = digest_letter(contents, policy, max(span.until for span in spans.values()))
            marks = [mark(address, kind, rounds[kind].key) for kind in left]
            return self.rounds.send(Purpose.DIGEST, address, said, at, marks)

        addresses = sorted({address for by_address in wanted.values() for address in by_address})
        done = self.rounds.each(addresses, tell, DAILY if DAILY in rounds else WEEKLY, on_failure)
        if not done.unfinished:
            for kind, one in rounds.items():
                self.rounds.finish(kind, one)
        return done + Digested(unread=len(read.unread))

    def _contents(
        self, wanted: Mapping[str, _Wanted], spans: Mapping[str, Span], policy: Policy, read: _Read
    ) -> Contents | None:
        """None where there is nothing to say."""
        work: Worklist | None = None
        units: dict[str, Figures] = {}
        table: dict[str, Figures] = {}
        for kind, mine in wanted.items():
            span = spans[kind]
            if mine.desks and not work:
                work = self._work(frozenset(mine.desks), span, policy, read)
            for unit in sorted(mine.units):
                found = self._figures(unit, span, policy, read)
                if found.says_something if kind == WEEKLY else found.presses:
                    units[unit_name(unit, policy)] = found
            if mine.table:
                every = {desk: self._figures(desk, span, policy, read) for desk in desks(policy)}
                total = sum(every.values(), Figures())
                # Between two weeks only what the leadership was told of already, and is late still.
                if total.says_something if kind == WEEKLY else total.beyond:
                    shown = {_name(desk, policy): one for desk, one in every.items() if _in_table(desk, one, policy)}
                    table = table or shown
        says = (work and work.says_something) or units or table
        if not says:
            return None
        return Contents(tuple(wanted), work, () if table else tuple(units.items()), tuple(table.items()))

    def _work(self, of: frozenset[Desk], span: Span, policy: Policy, read: _Read) -> Worklist:
        key = of, span
        if key not in read.worklists:
            asked = tuple((desk, OPEN, None) for desk in sorted(of, key=str))
            read.worklists[key] = self._told(asked, lambda cases: worklist(cases, of, span, policy), read)
        return read.worklists[key]

    def _figures(self, desk: Desk, span: Span, policy: Policy, read: _Read) -> Figures:
        key = desk, span
        if key not in read.figures:
            ended = f"1#{stamp(span.begin)}"  # where what ended since then begins on the desk (keys.desk_order)
            asked = ((desk, OPEN, None), (desk, ENDS, ended))
            read.figures[key] = self._told(asked, lambda cases: figures(desk, cases, span, policy), read)
        return read.figures[key]

    def _told(self, asked: tuple[_Listing, ...], tell: Callable[[Iterable[Case]], T], read: _Read) -> T:
        """What `tell` makes of the cases. Where it can't, it is tried on each by itself, and told without those which
        it fails at."""
        try:
            return tell(self._all(asked, read))
        except OutOfTime:
            raise
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return tell(case for case in self._all(asked, read) if _can(tell, case, read))

    def _all(self, asked: tuple[_Listing, ...], read: _Read) -> Iterator[Case]:
        """Page by page: a desk may be larger than memory."""
        for desk, statuses, after in asked:
            while True:
                self.rounds.check_time()
                page = self.work.cases.listing((desk,), statuses, None, after, PAGE)
                for number in page.unreadable:
                    read.leave_out(number, Unreadable("a row that this release cannot read"))
                yield from page.cases
                if page.after is None:
                    break
                after = page.after


def _can(tell: Callable[[Iterable[Case]], object], case: Case, read: _Read) -> bool:
    try:
        tell((case,))
    except Exception as error:
        read.leave_out(case.number, error)
        return False
    return True


def _wanted(rhythm: Rhythm, policy: Policy, at: datetime) -> dict[str, _Wanted]:
    """By address, with whoever stands in for somebody that day."""
    found: dict[str, _Wanted] = {}

    def of(role: str, unit: Desk) -> Iterator[_Wanted]:
        for address in policy.audience(role, unit, at):
            yield found.setdefault(address, _Wanted())

    for role in rhythm.to:
        if role in SHOWN_CASES:
            for desk in desks(policy):
                for one in of(role, desk):
                    one.desks.add(desk)
        elif role in SHOWN_UNIT:
            for unit in policy.units:
                for one in of(role, unit):
                    one.units.add(unit)
        else:
            for one in of(role, None):
                one.table = True
    return found


def _name(desk: Desk, policy: Policy) -> str:
    if desk is None:
        return "(belum didisposisikan)"
    return policy.units[desk].name if desk in policy.units else desk


def _in_table(desk: Desk, one: Figures, policy: Policy) -> bool:
    return desk in policy.units or one.says_something
