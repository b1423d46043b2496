"""A table that fails at one read, or tells a part: what it keeps in is that part's letters alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tanggap.adapters.dynamodb.keys import SHARDS, shard_of
from tanggap.application.ports import Due
from tanggap.application.release import Release
from tanggap.application.scheduled import as_told
from tanggap.application.sweep import FOR_LETTERS, Sweep, Swept
from tanggap.domain.case import Change
from tanggap.domain.errors import Conflict, Retry
from tests.support.ladders import BREACH, DESK, HEAD, Over, file_many, steps_told, sweep_at
from tests.support.world import START, World, fake_aws


def refused(*_: Any) -> Any:
    raise Retry("not now")


def let_out(world: World, table: Any) -> Swept:
    sweep = Sweep(world.work(), world.cases)
    sweep.release = Release(world.work(table), table)
    return sweep(world.now)


def test_one_read_that_is_throttled_keeps_in_its_own_letters_alone() -> None:
    world, calls = World("memory"), count()
    file_many(world, 60)
    world.now = BREACH
    at_its_turn = Over(world.cases, asleep=lambda *asked: refused() if next(calls) == 1 else world.cases.asleep(*asked))
    swept = let_out(world, at_its_turn)
    assert (swept.letters, swept.failed, swept.unfinished) == (2, 1, True)
    world.later(minutes=1)
    assert let_out(world, world.cases).letters == 2
    world.pump()
    assert steps_told(world).total() == len(steps_told(world)) == 3 * 60


def test_an_index_that_tells_a_part_has_that_part_let_out() -> None:
    def told_in_part(at: datetime, limit: int) -> Any:
        yield from list(world.cases.ladder_due(at, limit))[:40]
        refused()

    world = World("memory")
    file_many(world, 30)
    world.now = BREACH
    world.sweep(world.now - timedelta(minutes=1))  # what is written in the same sweep would be seen without the index
    with pytest.raises(Retry):
        let_out(world, Over(world.cases, ladder_due=told_in_part))
    assert world.pump()


def test_an_index_that_does_not_tell_all_cases_lets_out_what_was_queued_before() -> None:
    def cut_short(at: datetime, limit: int, share: Any = None) -> Any:
        yield from world.cases.due(at, limit, share)
        refused()

    world = World("memory")
    file_many(world, 3)
    world.now = BREACH
    silent = Over(world.cases, due=cut_short)
    for minutes in range(12):  # as long as it may, so that an outage's letters go as one mail
        world.now = BREACH + timedelta(minutes=minutes)
        with pytest.raises(Retry):
            Sweep(world.work(silent), silent)(world.now)  # type: ignore[arg-type]
    assert {mail.to_address for mail in world.pump() and world.outbox()} == {HEAD, DESK}


def test_at_night_what_can_not_wait_goes_also_where_what_waits_beside_it_can_not_be_read() -> None:
    world = World("memory")
    numbers = file_many(world, 12)
    sweep_at(world, START + timedelta(hours=12))
    world.now = START + timedelta(days=1, hours=9)
    unreadable = Over(
        world.cases, waiting=lambda number: refused() if number == numbers[3] else world.cases.waiting(number)
    )
    swept = let_out(world, unreadable)
    assert (swept.letters, swept.failed) == (1, 1)
    world.pump()
    assert {case for case, _, step in steps_told(world) if step.endswith("breach")} == {*numbers}
    sweep_at(world, START + timedelta(days=1, hours=22))  # what waited beside it goes in the morning
    world.pump()
    assert steps_told(world).total() == len(steps_told(world)) == 3 * 12


def test_a_full_shard_of_the_index_hides_no_other() -> None:
    with fake_aws():
        _full_shard(World("dynamodb"))


def _full_shard(world: World) -> None:
    file_many(world, 12)
    world.now = BREACH
    numbers: dict[int, list[str]] = {}
    for one in world.cases.due(world.now, 100):
        numbers.setdefault(shard_of(one.case), []).append(one.case)
    assert len(numbers) > 1
    for limit in (4, 6, 11, 12, 100):
        found = [one.case for one in world.cases.due(world.now, limit)]
        assert len(found) == len(set(found)) == min(limit, 12), "as many as it may, each once"
        assert {shard_of(one) for one in found} == {*numbers} or limit < len(numbers)
    sweep_at(world, BREACH)
    world.arrive(world.mail(sender="budi@warga.example"))  # whose acknowledgement nobody has sent
    world.now = BREACH + timedelta(days=8)
    assert any(one.delivery for one in world.cases.due(world.now, 8)), "nor do cases hide what is unsent"


@contextmanager
def queries(world: World, asked: Callable[[str], None]) -> Iterator[None]:
    """Before each query of the table `asked` is told its body."""
    events = world.cases.row._get_connection().connection.client.meta.events

    def told(params: Any, **more: Any) -> None:
        asked(params["body"].decode())

    events.register("before-call.dynamodb.Query", told)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb.Query", told)


@pytest.mark.parametrize("dumb", [{1}, {0, 2, 3}])
def test_silent_shards_of_the_index_hide_no_other(dumb: set[int]) -> None:
    def silent(body: str) -> None:
        if any(f'"C#{shard}"' in body for shard in dumb):
            raise ReadTimeoutError(endpoint_url="dynamodb")

    with fake_aws():
        world = World("dynamodb")
        numbers = file_many(world, 12)
        world.now = BREACH
        heard = {number for number in numbers if shard_of(number) not in dumb}
        assert heard
        assert heard != {*numbers}
        with queries(world, silent):
            told, unread = as_told(world.cases.due(world.now, 100))
            full, _ = as_told(world.cases.due(world.now, len(heard)))
            with pytest.raises(Retry):
                world.sweep()
        assert {one.case for one in told} == {one.case for one in full} == heard, "also what lies beyond its part"
        assert isinstance(unread, Retry)
        letters = {one.case for one in world.deliveries() if one.steps}
        assert letters == heard


def test_a_transaction_that_is_under_way_still_is_no_race_that_somebody_else_won() -> None:
    with fake_aws():
        world = World("dynamodb")
        (number,) = file_many(world, 1)
        case = world.cases.case(number)
        events = world.cases.row._get_connection().connection.client.meta.events
        told = {"Error": {"Code": "TransactionInProgressException", "Message": ""}, "ResponseMetadata": {}}

        def under_way(**_: Any) -> Any:
            return SimpleNamespace(status_code=400), told

        events.register("before-call.dynamodb.TransactWriteItems", under_way)
        try:
            with pytest.raises(Retry) as refusal:
                world.cases.commit(Change(case=case))
        finally:
            events.unregister("before-call.dynamodb.TransactWriteItems", under_way)
        assert not isinstance(refusal.value, Conflict)


def test_however_many_shards_are_silent_they_take_the_time_of_one() -> None:
    with fake_aws():
        world = World("dynamodb")
        all_of_them = threading.Barrier(SHARDS)
        with queries(world, lambda body: [all_of_them.wait(5)].clear()):
            assert list(world.cases.ladder_due(world.now, 100)) == []


def test_an_index_that_does_not_answer_takes_its_time_from_the_cases_and_not_from_the_letters() -> None:
    world = World("memory")
    file_many(world, 3)
    world.now = BREACH
    left = 55.0

    def silent(*_: Any) -> Any:
        nonlocal left
        left -= 15.5
        yield refused()

    def batch(numbers: Any) -> Any:
        nonlocal left
        left = min(left, FOR_LETTERS.total_seconds() + 0.2)  # so long did the cases take
        return world.cases.as_they_are(numbers)

    table = Over(world.cases, ladder_due=silent, as_they_are=batch)
    work = world.work(table, remaining=lambda: timedelta(seconds=left))
    with pytest.raises(Retry):
        Sweep(work, table)(world.now)  # type: ignore[arg-type]
    world.pump()
    assert steps_told(world).total() == 3 * 3


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("which", [1, 2, 3])
def test_of_a_letter_of_three_transactions_one_of_which_is_not_answered_each_step_is_told_once(
    which: int, written: bool
) -> None:
    world, calls = World("memory"), count(1)
    file_many(world, 250)
    world.now = BREACH
    real = world.cases

    def commit(change: Any) -> None:
        lost = bool(change.released_deliveries) and next(calls) == which
        if written or not lost:
            real.commit(change)
        if lost:
            refused()

    assert let_out(world, Over(real, commit=commit)).failed == 1
    for minutes in range(1, 4):
        world.pump()
        world.now = BREACH + timedelta(minutes=minutes)
        let_out(world, real)
    world.pump()
    assert steps_told(world).total() == len(steps_told(world)) == 3 * 250


def test_what_comes_due_now_is_looked_at_first_whatever_waits_in_its_shard_or_another() -> None:
    world = World("memory")
    new = "TGP-NEW"
    looked: list[str] = []
    dues = [Due(f"TGP-{place}", BREACH - timedelta(hours=9), str(place)) for place in range(400)]
    dues.insert(150, Due(new, BREACH, "x"))
    left = iter([30.0] * 5)

    def asleep(asked: Any, _: Any) -> tuple[()]:
        looked.extend(one.case for one in asked)
        return ()

    table = Over(world.cases, ladder_due=lambda *asked: dues, asleep=asleep)
    work = world.work(table, remaining=lambda: timedelta(seconds=next(left, 4.0)))
    release = Release(work, table)  # type: ignore[arg-type]
    release(BREACH, release.due(BREACH)[0], False, lambda due, error: None)
    assert new in looked and len(looked) < len(dues)
