"""The digests and the hour's new cases leave: to each office what is its own, each once, nothing where there is nothing
to say.

A round (a day's, a week's, an hour's) is begun once and keeps the span of which it speaks, so whoever goes on with it
after a crash says the same. A letter and the mark that it went are one transaction: two runs at once, or a run that was
cut off, send each digest once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from ..domain import digest_rounds
from ..domain.case import Case, Change
from ..domain.digest import Figures, Span, Worklist, figures, worklist
from ..domain.digest_letters import LISTED, Contents, digest_letter, new_cases_letter, office, to_office
from ..domain.draft import Ids
from ..domain.letter_facts import unit_name
from ..domain.new_cases import NOBODYS
from ..domain.policy import Policy
from ..domain.policy_digests import SHOWN_CASES, SHOWN_UNIT, Rhythm
from ..domain.policy_people import DESK
from ..domain.times import stamp
from ..domain.words import ENDED, Purpose, Status
from .ports import AlreadyTold, Cases, Digests, Policies, Round
from .sweep import AHEAD, TimeAhead

DAILY, WEEKLY, NEW = "daily", "weekly", "new"
#: Of a first round, which has none before it.
USUAL = {DAILY: timedelta(days=1), WEEKLY: timedelta(days=7), NEW: timedelta(days=1)}
#: How far back a round speaks at most: after a year's silence nobody wants the year.
LONGEST = timedelta(days=35)
#: Cases read at once of a desk: about a megabyte, which is what one query answers.
PAGE = 400
#: New cases of an hour and a desk that are counted; more are the flood that everybody knows of.
COUNTED = 10_000
#: Before the function ends: what is not done by then is done a quarter of an hour later.
ENDING = timedelta(seconds=10)
OPEN = tuple(status for status in Status if status not in ENDED)
ENDS = tuple(ENDED)

OnFailure = Callable[[str, Exception], None]
#: A desk: a unit, or None for cases that no unit has.
Desk = str | None


@dataclass(frozen=True, slots=True)
class Digested:
    """Counts of one run. `unfinished`: some round is to be gone on with."""

    letters: int = 0
    failed: int = 0
    unfinished: bool = False


class OutOfTime(Exception):
    """The function is about to end."""


@dataclass(slots=True)
class _Wanted:
    """What one address is to be shown of one kind of digest."""

    desks: set[Desk] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    table: bool = False


@dataclass(slots=True)
class _Read:
    """What this run has read, by what it was read for."""

    worklists: dict[tuple[frozenset[Desk], Span], Worklist] = field(default_factory=dict)
    figures: dict[tuple[Desk, Span], Figures] = field(default_factory=dict)


class Digest:
    def __init__(
        self,
        cases: Cases,
        digests: Digests,
        policies: Policies,
        ids: Ids,
        clock: Callable[[], datetime],
        simulated: bool,
        remaining: Callable[[], timedelta] = lambda: timedelta.max,
    ) -> None:
        self.cases, self.digests, self.policies, self.ids = cases, digests, policies, ids
        self.clock, self.simulated, self.remaining = clock, simulated, remaining

    def __call__(self, at: datetime, on_failure: OnFailure = lambda kind, error: None) -> Digested:
        """All that is due at `at`. Raises TimeAhead. One office that fails stops none of the others."""
        if not self.simulated and at > self.clock() + AHEAD:
            raise TimeAhead("the time of this event lies ahead of the clock")
        policy = self.policies.current()
        return _sum(self._new_cases(policy, at, on_failure), self._digests(policy, at, on_failure))

    # -- rounds

    def _begin(self, kind: str, key: str | None, until: datetime) -> Round | None:
        """The round to be worked on now. One that was never finished hands its span on to the next."""
        if key is None:
            return None
        before = self.digests.round(kind)
        if before and before.key >= key:
            return before if before.key == key and not before.done else None
        if before is None:
            fresh = Round(key, until - USUAL[kind], until)
        else:
            since = before.until if before.done else before.since
            fresh = Round(key, max(since, until - LONGEST), until, revision=before.revision)
        kept = self.digests.keep_round(kind, fresh)
        # Begun by somebody else at this very moment: then it is gone on with as they began it.
        return kept or self._begin(kind, key, until)

    def _finish(self, kind: str, done: Round) -> None:
        self.digests.keep_round(kind, replace(done, done=True))

    # -- digests

    def _digests(self, policy: Policy, at: datetime, on_failure: OnFailure) -> Digested:
        keys = {DAILY: digest_rounds.daily(policy, at), WEEKLY: digest_rounds.weekly(policy, at)}
        rounds = {kind: one for kind, key in keys.items() if (one := self._begin(kind, key, at))}
        if not rounds:
            return Digested()
        rhythms = {DAILY: policy.digests.daily, WEEKLY: policy.digests.weekly}
        wanted = {kind: _wanted(rhythms[kind], policy, at) for kind in rounds}
        read = _Read()

        def tell(address: str) -> bool:
            mine = {kind: one for kind, by_address in wanted.items() if (one := by_address.get(address))}
            marks = {kind: _mark(address, kind, rounds[kind]) for kind in mine}
            left = {kind: one for kind, one in mine.items() if not self.digests.told(marks[kind])}
            contents = self._contents(left, rounds, policy, read) if left else None
            if contents is None:
                return False
            said = digest_letter(contents, policy, max(rounds[kind].until for kind in left))
            return self._send(Purpose.DIGEST, address, said, at, [marks[kind] for kind in left])

        addresses = sorted({address for by_address in wanted.values() for address in by_address})
        done = self._each(addresses, tell, DAILY if DAILY in rounds else WEEKLY, on_failure)
        if not done.unfinished:
            for kind, one in rounds.items():
                self._finish(kind, one)
        return done

    def _contents(
        self, wanted: Mapping[str, _Wanted], rounds: Mapping[str, Round], policy: Policy, read: _Read
    ) -> Contents | None:
        """None where there is nothing to say."""
        work: Worklist | None = None
        units: dict[str, Figures] = {}
        table: dict[str, Figures] = {}
        for kind, mine in wanted.items():
            span = Span(rounds[kind].since, rounds[kind].until)
            if mine.desks and not work:
                work = self._work(frozenset(mine.desks), span, policy, read)
            for unit in sorted(mine.units):
                found = self._figures(unit, span, policy, read)
                if found.says_something if kind == WEEKLY else found.presses:
                    units[unit_name(unit, policy)] = found
            if mine.table:
                every = {desk: self._figures(desk, span, policy, read) for desk in _desks(policy)}
                total = sum(every.values(), Figures())
                # Between two weeks only what the leadership was told of already, and is late still.
                if total.says_something if kind == WEEKLY else total.beyond:
                    shown = {_name(desk, policy): one for desk, one in every.items() if _in_table(desk, one, policy)}
                    table = table or shown
        says = (work and work.says_something) or units or table
        if not says:
            return None
        return Contents(tuple(wanted), work, () if table else tuple(units.items()), tuple(table.items()))

    def _work(self, desks: frozenset[Desk], span: Span, policy: Policy, read: _Read) -> Worklist:
        key = desks, span
        if key not in read.worklists:
            cases = (case for desk in sorted(desks, key=str) for case in self._listed(desk, OPEN, None))
            read.worklists[key] = worklist(cases, desks, span, policy)
        return read.worklists[key]

    def _figures(self, desk: Desk, span: Span, policy: Policy, read: _Read) -> Figures:
        key = desk, span
        if key not in read.figures:
            ended = f"1#{stamp(span.begin)}"  # where what ended since then begins on the desk (keys.desk_order)
            listed: tuple[tuple[tuple[Status, ...], str | None], ...] = ((OPEN, None), (ENDS, ended))
            cases = (case for statuses, after in listed for case in self._listed(desk, statuses, after))
            read.figures[key] = figures(desk, cases, span, policy)
        return read.figures[key]

    def _listed(self, desk: Desk, statuses: tuple[Status, ...], after: str | None) -> Iterator[Case]:
        """Page by page: a desk may be larger than memory."""
        while True:
            self._check_time()
            page = self.cases.listing((desk,), statuses, None, after, PAGE)
            yield from page.cases
            if page.after is None:
                return
            after = page.after

    # -- new cases

    def _new_cases(self, policy: Policy, at: datetime, on_failure: OnFailure) -> Digested:
        due = digest_rounds.hourly(policy, at)
        current = self._begin(NEW, *due) if due else None
        if current is None:
            return Digested()
        by_address: dict[str, list[Desk]] = {}
        waiting: dict[Desk, tuple[tuple[datetime, str], ...]] = {}
        for desk in _desks(policy):
            waiting[desk] = self.digests.announced(desk or NOBODYS, current.since, current.until, COUNTED)
            for address in policy.audience(DESK, desk, at) if waiting[desk] else ():
                by_address.setdefault(address, []).append(desk)
        tell = partial(self._tell_new, current, by_address, waiting, policy, at)
        done = self._each(sorted(by_address), tell, NEW, on_failure)
        if not done.unfinished:
            self._finish(NEW, current)
        return done

    def _tell_new(
        self,
        current: Round,
        by_address: Mapping[str, list[Desk]],
        waiting: Mapping[Desk, tuple[tuple[datetime, str], ...]],
        policy: Policy,
        at: datetime,
        address: str,
    ) -> bool:
        mark = _mark(address, NEW, current)
        if self.digests.told(mark):
            return False
        desks = by_address[address]
        numbers = dict.fromkeys(number for _, number in sorted(one for desk in desks for one in waiting[desk]))
        listed, looked_at = self._still_new(list(numbers), desks)
        count = len(listed) + len(numbers) - looked_at
        if not count:
            return False
        said = new_cases_letter(listed, count, policy, at)
        return self._send(Purpose.NEW_CASES, address, said, at, (mark,))

    def _still_new(self, numbers: list[str], desks: Iterable[Desk]) -> tuple[list[Case], int]:
        """Cases that the desk has not taken up itself, as many as a letter lists, and how many were looked at."""
        found: list[Case] = []
        for place, number in enumerate(numbers):
            if len(found) == LISTED:
                return found, place
            self._check_time()
            case = self.cases.case(number)
            if case and not case.ended and any(_untouched(case, desk) for desk in desks):
                found.append(case)
        return found, len(numbers)

    # -- sending

    def _each(
        self, addresses: Iterable[str], tell: Callable[[str], bool], kind: str, on_failure: OnFailure
    ) -> Digested:
        letters = failed = 0
        for address in addresses:
            try:
                self._check_time()
                letters += tell(address)
            except OutOfTime:
                return Digested(letters, failed, unfinished=True)
            except Exception as error:  # the next office must still be told; the caller logs and counts this one
                failed += 1
                on_failure(kind, error)
        return Digested(letters, failed, unfinished=failed > 0)

    def _send(self, purpose: Purpose, address: str, said: tuple[str, str], at: datetime, marks: Sequence[str]) -> bool:
        letter = to_office(purpose, address, said, at, self.ids)
        try:
            self.cases.commit(Change(deliveries=(letter,), told=tuple(marks)))
        except AlreadyTold:
            return False  # by a run at the same time
        return True

    def _check_time(self) -> None:
        if self.remaining() < ENDING:
            raise OutOfTime


def _wanted(rhythm: Rhythm, policy: Policy, at: datetime) -> dict[str, _Wanted]:
    """By address, with whoever stands in for somebody that day."""
    found: dict[str, _Wanted] = {}

    def of(role: str, unit: Desk) -> Iterator[_Wanted]:
        for address in policy.audience(role, unit, at):
            yield found.setdefault(address, _Wanted())

    for role in rhythm.to:
        if role in SHOWN_CASES:
            for desk in _desks(policy):
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


def _desks(policy: Policy) -> tuple[Desk, ...]:
    """Those of former units are the coordinator's."""
    return (None, *policy.units, *policy.former_units)


def _name(desk: Desk, policy: Policy) -> str:
    if desk is None:
        return "(belum didisposisikan)"
    return policy.units[desk].name if desk in policy.units else desk


def _in_table(desk: Desk, one: Figures, policy: Policy) -> bool:
    return desk in policy.units or one.says_something


def _untouched(case: Case, desk: Desk) -> bool:
    """A unit's case is new to it as long as it is the unit's; the coordinator's as long as nobody has looked at it."""
    return desk in case.units if desk else case.unit is None and case.status is Status.NEW


def _mark(address: str, kind: str, current: Round) -> str:
    return f"{office(address)}#{kind}#{current.key}"


def _sum(*runs: Digested) -> Digested:
    return Digested(
        sum(run.letters for run in runs), sum(run.failed for run in runs), any(run.unfinished for run in runs)
    )
