"""On the table (moto) what `make test` tries in memory alone, or once: it takes a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.integration.test_cuts import (
    better_copies_cut_anywhere,
    counts_cut_anywhere,
    rereadings_cut_anywhere,
    sweeps_cut_anywhere,
)
from tests.integration.test_hostile import machines_that_answer_each_other
from tests.integration.test_media_cuts import media_cut_anywhere
from tests.integration.test_parcels import twelve_units_go_on_after
from tests.integration.test_recompute_cuts import runs_cut_anywhere
from tests.support.world import World, fake_aws


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    with fake_aws():
        yield


def test_a_sweep_cut_anywhere_climbs_each_rung_once_in_the_end() -> None:
    sweeps_cut_anywhere(lambda: World("dynamodb"))


def test_a_recomputation_cut_anywhere_and_resumed_moves_each_case_once() -> None:
    runs_cut_anywhere(lambda: World("dynamodb"))


def test_two_machines_that_answer_each_other_come_to_an_end() -> None:
    machines_that_answer_each_other(World("dynamodb"))


def test_twelve_units_with_eight_addresses_each_go_on_after_outages_now_and_then() -> None:
    twelve_units_go_on_after(8, 1, 5)


@pytest.mark.parametrize("cut", [better_copies_cut_anywhere, counts_cut_anywhere, rereadings_cut_anywhere])
def test_whatever_is_cut_anywhere_and_repeated_stands_once(cut: Callable[[Callable[[], World]], None]) -> None:
    cut(lambda: World("dynamodb"))


def test_media_cut_anywhere_give_one_file() -> None:
    media_cut_anywhere(World("dynamodb"))
