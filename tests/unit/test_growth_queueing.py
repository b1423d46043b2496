"""A simulated day loses nothing, keeps quotas, and waits longer where there is less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.growth.loads import flood
from infra.growth.measured import load
from infra.growth.model import Bound, Model
from infra.growth.queueing import Queued, Scene, _Day, at_once, simulate

SCENE = Scene("ten minutes of 5 a second", lambda at: 5.0, 10, 14, 50_000, 50, 16, step=1.0, until=600)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(load())


def run(scene: Scene, model: Model) -> tuple[Queued, _Day]:
    day = _Day(scene, model)
    return day.run(), day


def test_each_report_is_acknowledged_once_however_often_ses_refuses(model: Model) -> None:
    told, day = run(replace(SCENE, a_second=2), model)
    assert told.reports == 3_000
    assert sum(day.waits.values()) == pytest.approx(3_000)
    assert told.refused > 3_000


def test_where_everything_suffices_nobody_waits(model: Model) -> None:
    told = simulate(replace(SCENE, runs=1_000, a_second=100), model)
    assert told.refused == 0
    assert told.oldest < 3  # the first, while functions start
    assert told.median < 1


def test_a_days_quota_is_kept_and_the_rest_goes_the_next_day(model: Model) -> None:
    told, day = run(replace(SCENE, a_day=2_000, step=5.0), model)
    assert sum(n for wait, n in day.waits.items() if wait < 3_600) == pytest.approx(2_000, abs=20)
    assert told.last > 80_000


def test_fewer_runs_make_the_queue_older(model: Model) -> None:
    twenty = replace(SCENE, reports=lambda at: 20.0, until=60)
    ages = [simulate(replace(twenty, runs=runs), model).oldest for runs in (8, 5)]
    assert 0 < ages[0] < ages[1]


def test_a_burst_into_cold_functions_waits_for_their_start(model: Model) -> None:
    burst = Scene("burst", at_once(5, 0.1), 1_000, 100, 1_000, 50, 16, step=0.1, until=0.1)
    told = simulate(burst, model)
    assert model.meter.cold_seconds("intake") < told.median < 10
    assert told.cold > 5


def test_a_bound_holds_to_where_the_flood_takes_all_of_it() -> None:
    bound = Bound("any", "x", 100, arriving=2, working=5, daily=0.001, standing=10)
    assert bound.share(flood(bound.holds_to(), 0)) == pytest.approx(1)
    assert Bound("free", "x", 100, standing=10).holds_to() == float("inf")
