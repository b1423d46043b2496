"""A change with more letters than a transaction takes, on the table: each letter is a row once, whatever ends whoever
writes them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tanggap.adapters.dynamodb import keys, parcels
from tanggap.adapters.dynamodb.cases import DynamoCases
from tanggap.adapters.dynamodb.parcels import PARCEL
from tanggap.adapters.dynamodb.table import Row
from tanggap.application.ports import Due
from tanggap.application.sweep import Sweep
from tanggap.domain.case import Delivery
from tanggap.domain.errors import Retry
from tanggap.domain.history import faults_in
from tanggap.domain.words import DeliveryState, Purpose
from tests.support.world import COORDINATOR, POLICY, World, fake_aws

Failures = list[tuple[str, str]]


class LeavesShut(DynamoCases):
    """Its process ends right after each transaction."""

    def open_at_once(self, shut: Any) -> None:
        pass


def policy(units: int, liaisons: int, heads: int = 1) -> dict[str, Any]:
    rows = [
        {
            "id": f"u{unit}",
            "name": f"Unit {unit}",
            "head": [f"head{unit}-{one}@kantor.example" for one in range(heads)],
            "liaisons": [f"desk{unit}-{one}@kantor.example" for one in range(liaisons)],
        }
        for unit in range(units)
    ]
    return {**copy.deepcopy(POLICY), "units": rows, "categories": []}


@pytest.fixture
def many() -> Iterator[World]:
    """Five units of twenty liaisons each."""
    with fake_aws():
        yield World("dynamodb", policy(5, 20))


def on_all_desks(world: World, units: int = 5) -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "u0", None, "")
    for unit in range(1, units):
        world.desk.join(COORDINATOR, number, f"u{unit}", "")
    return number


def told(world: World, number: str, purpose: Purpose) -> list[str]:
    return sorted(one.address for one in world.cases.file(number).deliveries if one.purpose is purpose)


def shut(world: World, number: str) -> list[Row]:
    found = world.cases.row.query(keys.case_pk(number), world.cases.row.sk.startswith(PARCEL))
    return [row for row in found if row.data]


def swept(world: World) -> tuple[Any, Failures]:
    failures: Failures = []
    run = Sweep(world.work(), world.cases)
    return run(world.now, lambda due, error: failures.append((due.case, type(error).__name__))), failures


def write_on(world: World, number: str) -> None:
    world.later(hours=3)
    world.arrive(world.mail("Masih bau, tolong segera.", recipients=(world.reply_address(number),)))


def everybody(units: int = 5, liaisons: int = 20) -> list[str]:
    return sorted(f"desk{unit}-{one}@kantor.example" for unit in range(units) for one in range(liaisons))


def test_a_message_that_a_hundred_people_are_told_of_is_on_the_case_and_each_is_told(many: World) -> None:
    number = on_all_desks(many)
    write_on(many, number)
    assert len(many.cases.file(number).messages) == 2
    assert told(many, number, Purpose.NEW_MESSAGE) == everybody()
    assert shut(many, number) == []
    many.pump()
    assert len([one for one in many.outbox() if one.to_address == "desk4-19@kantor.example"]) >= 2


def test_an_outage_that_many_units_share_is_recorded_and_climbed(many: World) -> None:
    """Finding of a review: nobody could write on such a case again, and its breach passed unrecorded."""
    number = on_all_desks(many)
    many.now += timedelta(days=8)
    run, failures = swept(many)
    assert failures == []
    missed = [clock for clock in many.cases.case(number).clocks if clock.name == "follow_up" and clock.missed_at]
    assert len(missed) == 5
    assert run.steps == 15


def test_twelve_units_with_eight_addresses_each_go_on_after_a_very_long_outage() -> None:
    twelve_units_go_on_after(40)


def twelve_units_go_on_after(*outage: int) -> None:
    with fake_aws():
        world = World("dynamodb", policy(12, 6, 2))
        number = on_all_desks(world, 12)
        for days in outage:
            world.now += timedelta(days=days)
            assert swept(world)[1] == []
        world.desk.note(COORDINATOR, number, "catatan")
        file = world.cases.file(number)
        assert faults_in(number, file.history, file.case.head) == ()
        queued = [entry.data["delivery"] for entry in file.history if entry.event == "queued"]
        written = {one.id for one in file.deliveries if not one.parts}
        assert sorted(queued) == sorted(written), "what the history says was queued is there, each once"


# -- crashes


def test_letters_that_a_crash_left_in_their_parcel_are_written_by_the_next_sweep(many: World) -> None:
    number = on_all_desks(many)
    whole = many.cases
    many.receive.filing.cases = LeavesShut(whole.row, whole.vault)
    write_on(many, number)
    assert told(many, number, Purpose.NEW_MESSAGE) == []
    assert len(shut(many, number)) == 1
    assert many.cases.oldest_unsent() <= many.now, "what nobody opens is unsent"
    many.later(minutes=1)
    assert swept(many)[1] == []
    assert told(many, number, Purpose.NEW_MESSAGE) == everybody()
    assert shut(many, number) == []
    swept(many)
    assert told(many, number, Purpose.NEW_MESSAGE) == everybody(), "once"


def parcel_of(world: World, number: str) -> Due:
    (row,) = shut(world, number)
    return Due(number, world.now, row.sk)


def test_opening_that_ends_after_a_portion_is_gone_on_with(many: World) -> None:
    number = on_all_desks(many)
    many.receive.filing.cases = LeavesShut(many.cases.row, many.cases.vault)
    write_on(many, number)
    due = parcel_of(many, number)
    parcel = many.cases.row.get(keys.case_pk(number), due.delivery)
    letters: list[Delivery] = parcels._letters(many.cases.row, parcel.data)
    first = parcels.portion_of(letters)
    assert 0 < len(first) < len(letters), "more than one portion"
    parcels.commit(many.cases.row, parcels.opening(many.cases.row, parcel, first, 0, len(letters)))
    assert len(told(many, number, Purpose.NEW_MESSAGE)) == len(first)
    many.cases.wake(due, many.now)
    assert told(many, number, Purpose.NEW_MESSAGE) == everybody()


def test_two_who_open_one_parcel_write_each_letter_once(many: World) -> None:
    number = on_all_desks(many)
    many.receive.filing.cases = LeavesShut(many.cases.row, many.cases.vault)
    write_on(many, number)
    due = parcel_of(many, number)
    late = many.cases.row.get(keys.case_pk(number), due.delivery)
    many.cases.wake(due, many.now)
    (sent, *_) = [row for row in many.deliveries() if row.wake and row.purpose is Purpose.NEW_MESSAGE]
    assert many.deliver(sent)
    with pytest.raises(Retry):
        many.cases._open(late)  # as the slower of two who read it shut
    many.cases.wake(due, many.now)
    assert told(many, number, Purpose.NEW_MESSAGE) == everybody()
    assert many.cases.delivery(number, sent.id).state is DeliveryState.SENT, "and is not taken back"


def test_a_parcel_that_cannot_be_read_is_told_of_each_minute_and_stops_nobody(many: World) -> None:
    number = on_all_desks(many)
    many.receive.filing.cases = LeavesShut(many.cases.row, many.cases.vault)
    write_on(many, number)
    (row,) = shut(many, number)
    row.data = '{"letters": 1}'
    row.save()
    other = many.new_case(sender="budi@warga.example", text="Lampu mati di gang 5")
    many.later(hours=30)
    for _ in range(2):
        run, failures = swept(many)
        assert (number, "KeyError") in failures or (number, "TypeError") in failures
    assert many.cases.case(other).missed
    assert run.failed == 1


def test_a_long_case_is_listed_on_every_desk_from_its_own_row(many: World) -> None:
    number = on_all_desks(many)
    row = many.cases.row
    for desk in row.query(keys.case_pk(number), row.sk.startswith("DESK#")):
        desk.data = None  # as rows.desk_row writes it for a long one
        desk.save()
    for unit in range(1, 5):
        assert many.cases.listing((f"u{unit}",), (), None, None, 10).cases == (many.cases.case(number),)
