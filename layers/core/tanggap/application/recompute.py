"""A new policy reaches the cases that are open: in batches, as long as the minute lasts, resumed by the next one.

What is due comes first, in each minute; and a run that still goes on holds up no sweep, for each minute has its own.

Nobody has to order it. Each minute the policy in force is held against the version under which all open cases are known
to be; so a crash between saving a policy and its first batch loses nothing, whoever saved it, and by which way.

Each version is applied in three rounds over the open cases of each unit. The first only looks for what can't wait: a
case that the new policy makes due before anybody else would look at it (a shorter term). It writes few, so it is
through a hundred thousand in two or three minutes. The second writes all. The third starts when no process can still
hold the older policy (`CACHES_EXPIRED`), and finds what the others could not see: a case that was opened or decided on
under the older policy meanwhile, and one that an index showed at two places or at none while it moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.case import Case
from ..domain.draft import Draft
from ..domain.policy import Policy
from ..domain.recompute import recompute
from ..domain.words import ENDED, Status
from .ports import Recomputing, Unreadable
from .races import decided_anew
from .scheduled import Scheduled

#: A policy is cached for a minute; the longest run that may begin with it is far below the rest.
CACHES_EXPIRED = timedelta(minutes=6)
#: Cases between two writes of the cursor, which a crash makes the next run look at again: of those that are written,
#: and of those that are only looked at, which are as many as one query of the desk answers.
BATCH, PAGE = 25, 250
#: What falls due so soon does not wait for its turn among all: about as long as it takes to write 100,000 cases.
SOON = timedelta(hours=2)
#: A batch begins only while so much of the run is left, and a case while so much is.
ENOUGH, LAST = timedelta(seconds=15), timedelta(seconds=5)
#: The rounds, and more of them while some case could not be written. Beyond, it is recomputed when something happens to
#: it.
URGENT, ROUNDS, MOST_ROUNDS = 1, 3, 6
OPEN = tuple(status for status in Status if status not in ENDED)
#: The cursor's word for cases without a unit; sorts before every unit's id.
NOBODYS = "-"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Counts of one run. `finished`: every open case is under version `target`."""

    target: int = 0
    cases: int = 0
    moved: int = 0
    failed: int = 0
    finished: bool = True


class Recompute:
    def __init__(self, work: Scheduled, batch: int = BATCH, page: int = PAGE) -> None:
        self.work, self.policies, self.batch, self.page = work, work.policies, batch, page

    def __call__(
        self, at: datetime, on_failure: Callable[[str, Exception], None] = lambda number, error: None
    ) -> Recomputed:
        """Go on with what is to be recomputed at `at`. One case that fails stops none of the others."""
        job, policy = self._job()
        if job is None:
            return Recomputed(policy.version, finished=False)
        if job.target == job.done:
            return Recomputed(policy.version)
        run = Recomputed(policy.version, finished=False)
        while self.work.remaining() > ENOUGH:
            if job.not_before and at < job.not_before:
                return run
            batch = self._batch(job, policy, at, on_failure)
            run = replace(
                run, cases=run.cases + batch.cases, moved=run.moved + batch.moved, failed=run.failed + batch.failed
            )
            if batch.cut:
                return run  # the time is over within the batch: it is looked at again
            kept = self.policies.keep_recomputing(self._next(job, batch, policy, at))
            if kept is None:
                return run  # another run goes on from here, or a newer version began
            job = kept
            if job.target == job.done:
                return replace(run, finished=True)
        return run

    # -- the job

    def _job(self) -> tuple[Recomputing | None, Policy]:
        """The job as it is to be worked on, and the policy to apply. None: somebody else has just written it."""
        job, policy = self.policies.recomputing(), self.policies.current()
        if policy.version < job.target:
            policy = self.policies.current(fresh=True)
        if policy.version <= max(job.done, job.target):
            return job, policy
        if self._same_times(max(job.done, job.target), policy):
            if job.target > job.done:
                return job, policy  # what is under way applies this one as well
            return self.policies.keep_recomputing(replace(job, done=policy.version, target=policy.version)), policy
        began = Recomputing(done=job.done, target=policy.version, round=1, unit=NOBODYS, revision=job.revision)
        return self.policies.keep_recomputing(began), policy

    def _same_times(self, number: int, policy: Policy) -> bool:
        """Does the newer policy leave every deadline and rung where version `number` has them?"""
        if number == 0:
            return policy.version == 1  # no case is older than the first version
        older = self.policies.version(number)
        return older is not None and times_of(older) == times_of(policy)

    def _next(self, job: Recomputing, batch: _Batch, policy: Policy, at: datetime) -> Recomputing:
        job = replace(job, moved=job.moved + batch.moved, failed=job.failed + batch.failed)
        if batch.after is not None:
            return replace(job, after=batch.after)
        following = next((unit for unit in _units(policy) if unit > job.unit), None)
        if following is not None:
            return replace(job, unit=following, after="")
        if job.round >= MOST_ROUNDS or (job.round >= ROUNDS and not job.failed):
            return Recomputing(done=job.target, target=job.target, moved=job.moved, revision=job.revision)
        not_before = None if job.round == URGENT else at + CACHES_EXPIRED
        return replace(job, round=job.round + 1, unit=NOBODYS, after="", not_before=not_before, failed=0)

    # -- a batch

    def _batch(
        self, job: Recomputing, policy: Policy, at: datetime, on_failure: Callable[[str, Exception], None]
    ) -> _Batch:
        unit, urgent = None if job.unit == NOBODYS else job.unit, job.round == URGENT
        size = self.page if urgent else self.batch
        page = self.work.cases.listing((unit,), OPEN, None, job.after or None, size)
        for number in page.unreadable:
            on_failure(number, Unreadable("a row that this release cannot read"))
        cases = moved = 0
        failed = len(page.unreadable)
        for case in page.cases:
            if case.policy_version >= job.target:
                continue
            if self.work.remaining() < LAST:
                return _Batch(cases, moved, failed, None, cut=True)
            try:
                if not urgent or self._cannot_wait(case, policy, at):
                    cases += 1
                    moved += self._recompute(case.number, job.target, policy, at)
            except Exception as error:  # the next case must still be seen; the caller logs and counts this one
                failed += 1
                on_failure(case.number, error)
        return _Batch(cases, moved, failed, page.after)

    def _cannot_wait(self, case: Case, policy: Policy, at: datetime) -> bool:
        """Does the new policy make it due soon, and before the index would bring it?"""
        draft = Draft(case, at, "system", policy, self.work.ids)
        recompute(draft)
        due_at = draft.next_at
        return due_at is not None and due_at <= at + SOON and (case.due_at is None or due_at < case.due_at)

    def _recompute(self, number: str, target: int, policy: Policy, at: datetime) -> int:
        """1 for a case of which a deadline moved. What is due by then is the next sweep's."""

        def once() -> int:
            case = self.work.cases.case(number)
            if case is None or _left_alone(case, target):
                return 0
            draft = Draft(case, at, "system", policy, self.work.ids)
            recompute(draft)
            change = draft.change()
            self.work.cases.commit(change)
            return int(bool(change.history))

        return decided_anew(once)


@dataclass(frozen=True, slots=True)
class _Batch:
    """`after`: where the unit's next page begins, None at its end. `cut`: the time was over before it was done."""

    cases: int
    moved: int
    failed: int
    after: str | None
    cut: bool = False


def times_of(policy: Policy) -> tuple[object, ...]:
    """All of a policy that says when something is due; what a promise is called moves nothing."""
    every = {**policy.former_promises, **policy.promises}
    return policy.calendar, {name: replace(one, label={}) for name, one in every.items()}, frozenset(policy.promises)


def _left_alone(case: Case, target: int) -> bool:
    return case.ended or case.policy_version >= target


def _units(policy: Policy) -> Iterable[str]:
    return sorted({NOBODYS, *policy.units, *policy.former_units})
