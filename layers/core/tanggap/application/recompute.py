"""A new policy reaches the cases that are open: in batches, after all that is due, resumed by the next minute.

Nobody has to order it. Each minute the policy in force is held against the version under which all open cases are known
to be; so a crash between saving a policy and its first batch loses nothing, whoever saved it, and by which way.

Each version is applied in two rounds over the open cases of each unit. The second one starts when no process can still
hold the older policy (`SETTLING`), and finds what the first could not see: a case that was opened or decided on under
the older policy meanwhile, and one that an index showed at two places or at none while it moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.case import Case
from ..domain.draft import Draft, Ids
from ..domain.errors import Invalid
from ..domain.policy import Policy
from ..domain.recompute import recompute
from ..domain.words import ENDED, Status
from .ports import Cases, Policies, Recomputing
from .races import settled

#: A policy is cached for a minute; the longest run that may begin with it is far below the rest.
SETTLING = timedelta(minutes=6)
#: Cases between two writes of the cursor: what a crash makes the next run look at again.
BATCH = 25
#: One run's work. With what is due before it, it fits into the minute; the next minute goes on.
LIMIT = 1_000
#: A batch begins only while so much of the run is left, and a case while so much is.
ENOUGH, LAST = timedelta(seconds=15), timedelta(seconds=5)
#: Two, and more while some case could not be written. Beyond, it is recomputed when something happens to it.
ROUNDS, MOST_ROUNDS = 2, 5
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
    def __init__(
        self,
        cases: Cases,
        policies: Policies,
        ids: Ids,
        remaining: Callable[[], timedelta] = lambda: timedelta.max,
        limit: int = LIMIT,
        batch: int = BATCH,
    ) -> None:
        self.cases, self.policies, self.ids = cases, policies, ids
        self.remaining, self.limit, self.batch = remaining, limit, batch

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
        if job.not_before and at < job.not_before:
            return run
        while run.cases < self.limit and self.remaining() > ENOUGH:
            batch = self._batch(job, policy, at, on_failure)
            if batch is None:
                return run  # the time is over within the batch: it is looked at again
            run = replace(
                run, cases=run.cases + batch.cases, moved=run.moved + batch.moved, failed=run.failed + batch.failed
            )
            kept = self.policies.keep_recomputing(self._next(job, batch, policy, at))
            if kept is None:
                return run  # another run goes on from here, or a newer version began
            job = kept
            if job.target == job.done:
                return replace(run, finished=True)
            if job.not_before and at < job.not_before:
                return run
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
        try:
            older = self.policies.version(number)
        except Invalid:  # saved under other rules than today's
            return False
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
        return replace(job, round=job.round + 1, unit=NOBODYS, after="", not_before=at + SETTLING, failed=0)

    # -- a batch

    def _batch(
        self, job: Recomputing, policy: Policy, at: datetime, on_failure: Callable[[str, Exception], None]
    ) -> _Batch | None:
        unit = None if job.unit == NOBODYS else job.unit
        page = self.cases.listing((unit,), OPEN, None, job.after or None, self.batch)
        older = [case for case in page.cases if case.policy_version < job.target]
        moved = failed = 0
        for case in older:
            if self.remaining() < LAST:
                return None
            try:
                moved += self._recompute(case.number, job.target, policy, at)
            except Exception as error:  # the next case must still be seen; the caller logs and counts this one
                failed += 1
                on_failure(case.number, error)
        return _Batch(len(older), moved, failed, page.after)

    def _recompute(self, number: str, target: int, policy: Policy, at: datetime) -> int:
        """1 for a case of which a deadline moved. What is due by then is the next sweep's."""

        def once() -> int:
            case = self.cases.case(number)
            if case is None or _left_alone(case, target):
                return 0
            draft = Draft(case, at, "system", policy, self.ids)
            recompute(draft)
            change = draft.change()
            self.cases.commit(change)
            return int(bool(change.history))

        return settled(once)


@dataclass(frozen=True, slots=True)
class _Batch:
    """`after`: where the unit's next page begins, None at its end."""

    cases: int
    moved: int
    failed: int
    after: str | None


def times_of(policy: Policy) -> tuple[object, ...]:
    """All of a policy that says when something is due."""
    return policy.calendar, dict(policy.promises)


def _left_alone(case: Case, target: int) -> bool:
    return case.ended or case.policy_version >= target


def _units(policy: Policy) -> Iterable[str]:
    return sorted({NOBODYS, *policy.units, *policy.former_units})
