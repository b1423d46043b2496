"""Each digest once, whatever breaks off, is repeated, refused or comes late, and nothing left untold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tanggap.application.digest import Digest
from tanggap.application.ports import AlreadyTold
from tanggap.application.record import Heard
from tanggap.application.scheduled import TimeAhead
from tanggap.domain.case import Change
from tanggap.domain.errors import Retry
from tanggap.domain.words import Channel, Purpose
from tests.support.digests import ADM, KOOR, PU, assigned, digests, local, offices_rows, quiet, with_policy
from tests.support.world import COORDINATOR, POLICY, World


class Interrupted(Exception):
    pass


class BreaksAt:
    """The cases, until so many changes were committed; `after`: the last one is written, and its answer lost."""

    def __init__(self, world: World, commits: int, after: bool) -> None:
        self._world, self._left, self._after = world, commits, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.cases, name)

    def commit(self, change: Change) -> None:
        self._left -= 1
        if self._left < 0:
            raise Interrupted
        if self._left == 0 and self._after:
            self._world.cases.commit(change)
            raise Interrupted
        self._world.cases.commit(change)


@pytest.mark.parametrize("after", [False, True], ids=["before it is written", "after it is written"])
@pytest.mark.parametrize("commits", range(4))
def test_cut_off_anywhere_each_digest_is_sent_once_by_the_next_run(world: World, commits: int, after: bool) -> None:
    quiet(world)
    assigned(world, "pu")
    assigned(world, "adm")
    world.new_case()
    world.now = local(24)
    cut: Any = BreaksAt(world, commits, after)
    Digest(world.work(cut), world.cases)(world.now)
    world.now = local(24, "07:45")
    assert not world.digest().unfinished
    assert world.digest().letters == 0
    rows = offices_rows(world)
    assert sorted(row.address for row in rows) == sorted({KOOR, PU, ADM})
    assert all("07.30 WIB" in row.text for row in rows), "whoever goes on says the same"


def test_out_of_time_it_stops_and_the_next_run_goes_on(world: World) -> None:
    assigned(world, "pu")
    assigned(world, "adm")
    world.now = local(24)
    left = iter([timedelta(minutes=5)] * 5)
    run = world.digest(remaining=lambda: next(left, timedelta(0)))
    assert run.unfinished
    while world.digest().unfinished:
        pass
    assert {PU, ADM} <= {row.address for row in offices_rows(world)}
    assert len({row.address for row in offices_rows(world)}) == len(offices_rows(world))


def test_two_runs_at_once_write_one_letter(world: World) -> None:
    assigned(world)
    world.now = local(24)
    other: list[Any] = []

    class Slower(BreaksAt):
        def commit(self, change: Change) -> None:
            if change.told and not other:
                other.append(world.digest())
            world.cases.commit(change)

    slow: Any = Slower(world, 0, False)
    run = Digest(world.work(slow), world.cases)(world.now)
    assert other[0].letters >= 1
    assert (run.letters, run.failed) == (0, 0)
    assert len({row.address for row in offices_rows(world)}) == len(offices_rows(world))


def test_one_office_that_fails_stops_none_of_the_others_and_is_tried_again(world: World) -> None:
    assigned(world, "pu")
    assigned(world, "adm")
    world.now = local(24)

    class Refuses(BreaksAt):
        def commit(self, change: Change) -> None:
            if any(one.address == ADM for one in change.deliveries):
                raise Retry("throttled")
            world.cases.commit(change)

    failed: list[str] = []
    poor: Any = Refuses(world, 0, False)
    run = Digest(world.work(poor), world.cases)(world.now, lambda kind, error: failed.append(kind))
    assert (run.failed, run.unfinished, failed) == (1, True, ["daily"])
    assert {PU} <= {row.address for row in offices_rows(world)}
    world.digest()
    assert {PU, ADM} <= {row.address for row in offices_rows(world)}


def test_the_guard_refuses_a_second_letter(world: World) -> None:
    world.cases.commit(Change(told=("OFFICE-1#daily#2026-11-24",)))
    assert world.cases.told("OFFICE-1#daily#2026-11-24")
    assert not world.cases.told("OFFICE-1#daily#2026-11-25")
    with pytest.raises(AlreadyTold):
        world.cases.commit(Change(told=("OFFICE-1#daily#2026-11-24",)))


def test_an_event_ahead_of_the_clock_is_refused(world: World) -> None:
    run = Digest(world.work(simulated=False), world.cases)
    with pytest.raises(TimeAhead):
        run(world.now + timedelta(minutes=10))


def test_after_a_week_of_silence_the_next_round_speaks_of_that_week(world: World) -> None:
    quiet(world)
    world.now = local(24, "12:00")
    assigned(world)
    world.now = local(27)  # nobody ran on Wednesday and Thursday
    world.digest()
    world.pump()
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in digests(world, PU)[0].text


def test_a_round_that_was_never_finished_hands_its_span_to_the_next(world: World) -> None:
    quiet(world)
    world.now = local(23, "15:00")
    assigned(world)
    world.now = local(24)
    assert world.digest(remaining=lambda: timedelta(0)).unfinished
    world.now = local(25)
    world.digest()
    world.pump()
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in digests(world, PU)[0].text


class RefusesOne(BreaksAt):
    """One office's letters are never taken."""

    def __init__(self, world: World, address: str) -> None:
        super().__init__(world, 0, False)
        self._refused = address

    def commit(self, change: Change) -> None:
        if any(one.address == self._refused for one in change.deliveries):
            raise Retry("throttled")
        self._world.cases.commit(change)


def test_what_an_office_was_told_is_not_told_again_since_another_one_could_not_be(world: World) -> None:
    quiet(world)
    world.now = local(23, "15:00")
    assigned(world, "pu")
    assigned(world, "adm")
    poor: Any = RefusesOne(world, ADM)
    for day in (24, 25):
        if day == 25:
            world.now = local(24, "16:00")
            second = assigned(world, "pu")
        world.now = local(day)
        assert Digest(world.work(poor), world.cases)(world.now).unfinished
        world.pump()
    monday, tuesday = (one.text for one in digests(world, PU))
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in monday
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in tuesday
    assert second in tuesday
    world.now = local(26)
    assert not world.digest().unfinished
    world.pump()
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in digests(world, ADM)[0].text, "who was never told is told of it all"
    assert world.cases.round("daily").done and len(world.cases.round("daily").earlier) == 2
    world.now = local(27)
    world.digest()
    assert world.cases.round("daily").earlier == ()


def test_new_cases_of_an_hour_are_told_once_though_another_desk_could_not_be(world: World) -> None:
    units = [{**unit, "new_cases": "hourly"} for unit in POLICY["units"]]
    with_policy(world, units=units)
    assigned(world, "pu")
    assigned(world, "adm")
    poor: Any = RefusesOne(world, ADM)
    for hour in ("11:10", "12:10", "13:10"):
        world.now = local(23, hour)
        Digest(world.work(poor), world.cases)(world.now)
        world.pump()
    mine = [one for one in world.deliveries() if one.purpose is Purpose.NEW_CASES and one.address == PU]
    assert len(mine) == 1
    world.now = local(23, "14:10")
    world.digest()
    late = [one for one in world.deliveries() if one.purpose is Purpose.NEW_CASES and one.address == ADM]
    assert len(late) == 1


def test_a_run_whose_time_is_over_before_anybody_was_told_says_that_it_is_stuck(world: World) -> None:
    assigned(world, "pu")
    assigned(world, "adm")
    world.now = local(24)
    assert world.digest(remaining=lambda: timedelta(0)).stuck
    left = iter([timedelta(minutes=5)] * 9)
    run = world.digest(remaining=lambda: next(left, timedelta(0)))
    assert (run.unfinished, run.stuck, run.letters > 0) == (True, False, True)


def test_a_letter_that_lay_for_days_is_new_on_the_day_after_it_was_recorded(world: World) -> None:
    quiet(world)
    world.now = local(23, "15:00")
    heard = Heard(channel=Channel.LETTER, received_at=local(13, "10:00"), text="Pipa bocor.")
    number = world.desk.record(COORDINATOR, heard).case.number
    world.now = local(24)
    world.digest()
    world.pump()
    (letter,) = digests(world, KOOR)
    assert "1 baru" in letter.subject
    assert number in letter.text
