"""The order in memory is that of a sorted list, whatever comes and goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tanggap.adapters import memory_order
from tanggap.adapters.memory_order import Order, Place

START = datetime(2026, 11, 23, tzinfo=UTC)


def place(minute: int, case: int) -> Place:
    return START + timedelta(minutes=minute), f"TGP-{case}", ""


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 60), st.integers(0, 5)), max_size=80), st.integers(0, 60))
def test_it_holds_what_a_sorted_list_would_hold(acts: list[tuple[bool, int, int]], until: int) -> None:
    order, plain = Order(), list[Place]()
    for add, minute, case in acts:
        one = place(minute, case)
        if add:
            order.add(one)
            plain.append(one)
        elif one in plain:
            order.remove(one)
            plain.remove(one)
    assert list(order) == sorted(plain)
    at = START + timedelta(minutes=until)
    assert list(order.until(at)) == [one for one in sorted(plain) if one[0] <= at]


def test_many_places_split_into_chunks_and_come_out_in_order() -> None:
    order = Order()
    places = [place(number * 7 % 5_003, number) for number in range(5_000)]
    for one in places:
        order.add(one)
    assert list(order) == sorted(places)
    assert len(order._chunks) > 2 and max(map(len, order._chunks)) <= 2 * memory_order._CHUNK
    for one in places[::2]:
        order.remove(one)
    order.remove(place(9_999, 1))
    assert list(order) == sorted(places[1::2])
