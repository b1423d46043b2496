"""How often the mails of one writer may cause a letter, and from when on again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.domain.officer_limits import Limit

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
FEW = Limit(3, 5)


def ago(*minutes: int) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(minutes=one) for one in minutes)


@pytest.mark.parametrize(
    ("minutes", "full", "first"),
    [
        ((), False, False),
        ((1, 2), False, False),
        ((1, 2, 3), True, True),
        ((1, 2, 3, 4), True, False),
        ((60, 60, 60), False, False),
        ((1, 2, 59), True, True),
        ((100, 200, 300, 400, 500), True, True),
        ((100, 200, 300, 400, 500, 600), True, False),
        ((1, 2, 3, 400, 500), True, True),
        ((1, 2, 3, 4, 500), True, False),
        ((1500, 1500, 1500, 1500, 1500), False, False),
    ],
)
def test_an_hour_and_a_day_hold_so_many_and_the_first_beyond_is_known(
    minutes: tuple[int, ...], full: bool, first: bool
) -> None:
    assert (FEW.full(ago(*minutes), NOW), FEW.just_full(ago(*minutes), NOW)) == (full, first)


@given(st.lists(st.integers(0, 1_440), max_size=12))
def test_it_goes_through_again_when_said_and_not_before(minutes: list[int]) -> None:
    """Counting the one that was told."""
    times = ago(*minutes)
    again = FEW.again(times, NOW)
    if FEW.full((*times, NOW), NOW):
        assert not FEW.full((*times, NOW), again)
        assert FEW.full((*times, NOW), again - timedelta(seconds=1))
    else:
        assert again == NOW
