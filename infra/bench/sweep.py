"""What a minute's sweep reads and costs when ten cases are due among many open ones.

In the embedded AWS through escalate's handler; in the memory repository through the use case alone, where the table can
be larger than anybody's. Items read are DynamoDB's ScannedCount, over all queries of the sweep.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from infra.bench.calls import RECORDER, Call
from infra.bench.report import Sample
from infra.bench.stage import POLICY, Stage

if TYPE_CHECKING:
    from tanggap.domain.case import Case

DUE = 10
EMULATED = (1_000, 10_000, 100_000)
IN_MEMORY = (1_000, 100_000, 1_000_000)
#: Sweeps a size. The embedded AWS answers a query by scanning: a sweep of its largest table takes it ten seconds.
SWEEPS = {1_000: 5, 10_000: 5, 100_000: 3, 1_000_000: 5}
#: A Monday, eight in the morning in Jakarta: the first response is reminded of at eight in the evening, when no letter
#: to an office goes out any more, so that nothing but cases is due.
OPENED = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
REMINDED_AFTER = timedelta(hours=12)
LATER = timedelta(days=5)
_LOADERS = 4


@dataclass(frozen=True, slots=True)
class Swept:
    """`read` and `cpu` (seconds): one value a sweep. `calls`: DynamoDB calls of the last one."""

    repository: str
    open_cases: int
    read: tuple[int, ...]
    cpu: Sample
    calls: int


def emulated(stage: Stage, sizes: Iterable[int] = EMULATED) -> Iterator[Swept]:
    stage.prepare("escalate")
    before = os.environ["CASES_TABLE"]
    try:
        for size in sizes:
            yield _emulated(stage, size)
    finally:
        os.environ["CASES_TABLE"] = before
        stage.forget_services()


def many(stage: Stage, due: int, sweeps: int) -> Swept:
    """As many due at once as a flood leaves, for what one of them costs."""
    stage.prepare("escalate")
    before = os.environ["CASES_TABLE"]
    try:
        return _swept(stage, "sweep-many", due * sweeps, sweeps, due)
    finally:
        os.environ["CASES_TABLE"] = before
        stage.forget_services()


def _emulated(stage: Stage, size: int) -> Swept:
    return _swept(stage, f"sweep-{size}", size, SWEEPS[size], DUE)


def _swept(stage: Stage, table: str, size: int, sweeps: int, due: int) -> Swept:
    name = stage.table("CasesTable", table)
    stage.put_policy(name)
    _load(stage, name, size, sweeps, due)
    os.environ["CASES_TABLE"] = name
    stage.forget_services()
    stage.invoke("escalate", {"time": _stamp(OPENED)})  # warm: nothing is due yet
    read, cpu = [], []
    for number in range(sweeps):
        with RECORDER.recording() as calls:
            began = time.process_time()
            answer = stage.invoke("escalate", {"time": _stamp(_moment(number))})
            cpu.append(time.process_time() - began)
        if answer["cases"] != due or answer["failed"] or answer["woken"]:
            raise RuntimeError(f"the sweep was to advance {due} cases and nothing else: {answer}")
        read.append(_scanned(calls))
        if read[-1] < due:
            raise RuntimeError(f"{due} cases were advanced and {read[-1]} seen to be read: the recorder misses some")
    return Swept("embedded AWS", size, tuple(read), Sample(tuple(cpu)), len(calls))


def _scanned(calls: Iterable[Call]) -> int:
    """Of the index alone: the policy, read once a minute, is no open case."""
    return sum(call.answer.get("ScannedCount", 0) for call in calls if "IndexName" in call.params)


def _load(stage: Stage, name: str, size: int, sweeps: int, due: int) -> None:
    from tanggap.adapters.dynamodb import keys, rows
    from tanggap.adapters.dynamodb.table import table as rows_table

    model = rows_table(name)
    table = stage.aws("dynamodb")

    def items() -> Iterator[dict[str, Any]]:
        for case in _cases(sweeps, due):
            yield {"PutRequest": {"Item": rows.case_row(model, case).serialize()}}
        other = rows.case_row(model, opened(OPENED + LATER)).serialize()
        for at in range(size - sweeps * due):
            number = f"TGP-OPEN-{at}"
            place = {"pk": {"S": keys.case_pk(number)}, "due_shard": {"S": keys.shard("C", number)}}
            yield {"PutRequest": {"Item": {**other, **place}}}

    source = items()
    batches = iter(lambda: list(islice(source, 25)), [])
    with ThreadPoolExecutor(_LOADERS) as loaders:
        while some := list(islice(batches, 100)):  # a few at a time: the table, not the memory, is to be large
            list(loaders.map(lambda one: table.batch_write_item(RequestItems={name: one}), some))


def in_memory(sizes: Iterable[int] = IN_MEMORY) -> Iterator[Swept]:
    from tanggap.adapters.ids import RandomIds
    from tanggap.adapters.memory import MemoryCases
    from tanggap.adapters.memory_stores import MemoryPolicies, MemoryVault
    from tanggap.application.scheduled import Scheduled
    from tanggap.application.sweep import Sweep
    from tanggap.domain.case import Change

    for size in sizes:
        cases = MemoryCases(MemoryVault())
        sweeps = SWEEPS[size]
        gc.disable()  # a million objects that all stay: looking through them again and again doubles the time
        for case in _cases(sweeps, DUE):
            cases.commit(Change(case=case, expected=0))
        other = opened(OPENED + LATER)
        for at in range(size - sweeps * DUE):
            cases.commit(Change(case=replace(other, number=f"TGP-OPEN-{at:08d}"), expected=0))
        gc.enable()
        gc.freeze()
        sweep = Sweep(Scheduled(cases, MemoryPolicies(POLICY), RandomIds(), lambda: OPENED, True), cases)
        sweep(OPENED)
        read, cpu = [], []
        for number in range(sweeps):
            began = time.process_time()
            answer = sweep(_moment(number))
            cpu.append(time.process_time() - began)
            if answer.cases != DUE or answer.failed or answer.woken:
                raise RuntimeError(f"the sweep was to advance {DUE} cases and nothing else: {answer}")
            read.append(cases.read)
        gc.unfreeze()
        yield Swept("memory", size, tuple(read), Sample(tuple(cpu)), 0)


def _cases(sweeps: int, due: int) -> Iterator[Case]:
    """So many for each sweep, due in its minute."""
    for number in range(sweeps):
        for _ in range(due):
            yield opened(OPENED + timedelta(minutes=number))


def _moment(number: int) -> datetime:
    return OPENED + timedelta(minutes=number) + REMINDED_AFTER


def opened(at: datetime) -> Case:
    """A case as a mail at that moment makes it."""
    from tanggap.adapters.ids import RandomIds
    from tanggap.domain.case import Message
    from tanggap.domain.citizens import Opening, open_case
    from tanggap.domain.policy import read_policy
    from tanggap.domain.words import Channel

    ids = RandomIds()
    number = ids.number()
    message = Message(
        id=ids.new(at), case=number, direction="in", channel=Channel.EMAIL, at=at, text="Lampu jalan mati."
    )
    opening = Opening(number=number, message=message, reporter=ids.new(at), answer=True)
    case = open_case(opening, at, "reporter", read_policy(POLICY, 1), ids).change().case
    if case is None:
        raise RuntimeError("a report without a case")
    return case


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
