"""The policy in the cases table: one row a version, the newest in force, cached for a minute. Beside them one row tells
how far open cases are recomputed under it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from pynamodb.exceptions import GetError, PutError, QueryError

from ..application.ports import PolicyMoved, Recomputing, StoredPolicy
from ..domain.errors import Invalid, Retry
from ..domain.policy import Policy, read_policy
from ..domain.times import stamp
from .dynamodb.table import Row
from .dynamodb.values import dumps

CACHE_SECONDS = 60
_JOB = ("JOB", "RECOMPUTE")


class StoredPolicies:
    def __init__(self, table: type[Row], monotonic: Callable[[], float] = time.monotonic) -> None:
        self.row, self._monotonic = table, monotonic
        self._policy: Policy | None = None
        self._until = 0.0
        self._older: dict[int, Policy | None] = {}

    def current(self, fresh: bool = False) -> Policy:
        if self._policy is None or fresh or self._monotonic() > self._until:
            try:
                newest = list(self.row.query("POLICY", scan_index_forward=False, limit=1, consistent_read=True))
            except QueryError as error:
                if self._policy and not fresh:
                    return self._policy
                raise Retry("the policy could not be read") from error
            if not newest:
                raise Retry("there is no policy yet")
            version = int(newest[0].version or 0)
            if self._policy is None or version != self._policy.version:
                try:
                    self._policy = read_policy(json.loads(newest[0].data or "{}"), version)
                except (Invalid, ValueError) as error:
                    # Stored by other code than this. It is no fault of the mail or letter that needs it.
                    if self._policy is None or fresh:
                        raise Retry("the stored policy has faults") from error
            self._until = self._monotonic() + CACHE_SECONDS
        return self._policy

    def version(self, number: int) -> Policy | None:
        if self._policy and self._policy.version == number:
            return self._policy
        if number not in self._older:
            try:
                row = self.row.get("POLICY", f"V#{number:08d}")
            except self.row.DoesNotExist:
                return None
            except GetError as error:
                raise Retry("the policy could not be read") from error
            try:
                self._older[number] = read_policy(json.loads(row.data or "{}"), number)
            except (Invalid, ValueError):  # saved under other rules than today's
                self._older[number] = None
        return self._older[number]

    def store(self, raw: dict[str, Any], version: int) -> None:
        row = self.row(pk="POLICY", sk=f"V#{version:08d}", version=version, data=dumps(raw))
        try:
            row.save(condition=self.row.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                raise PolicyMoved("a newer policy was stored meanwhile: read it and decide again") from error
            raise Retry("the policy could not be written") from error
        self._until = 0.0

    def stored(self, before: int | None, limit: int) -> tuple[StoredPolicy, ...]:
        older = self.row.sk < f"V#{before:08d}" if before is not None else None
        try:
            found = list(self.row.query("POLICY", older, scan_index_forward=False, limit=limit, consistent_read=True))
        except QueryError as error:
            raise Retry("the policies could not be read") from error
        return tuple(StoredPolicy(int(row.version or 0), json.loads(row.data or "{}")) for row in found)

    def recomputing(self) -> Recomputing:
        try:
            row = self.row.get(*_JOB, consistent_read=True)
        except self.row.DoesNotExist:
            return Recomputing()
        except GetError as error:
            raise Retry("the job could not be read") from error
        job = Recomputing(**row.content(), revision=int(row.version or 0))
        return replace(job, not_before=datetime.fromisoformat(job.not_before)) if job.not_before else job  # type: ignore[arg-type]

    def keep_recomputing(self, job: Recomputing) -> Recomputing | None:
        data = asdict(job)
        del data["revision"]
        data["not_before"] = stamp(job.not_before) if job.not_before else None
        row = self.row(*_JOB, version=job.revision + 1, data=dumps(data))
        unchanged = self.row.version == job.revision if job.revision else self.row.pk.does_not_exist()
        try:
            row.save(condition=unchanged)
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                return None
            raise Retry("the job could not be written") from error
        return replace(job, revision=job.revision + 1)

    def first(self, raw: dict[str, Any]) -> bool:
        """Store version 1 of a new stack. False when the table holds a policy already (an update, an adopted table)."""
        read_policy(raw, 1)
        try:
            self.store(raw, 1)
        except PolicyMoved:
            return False
        return True
