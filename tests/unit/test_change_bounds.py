"""Whatever the policy, the units of a case and the outage: each change is one transaction that DynamoDB takes."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanggap.adapters.dynamodb.cases import DynamoCases
from tanggap.adapters.dynamodb.delivery_rows import delivery_row
from tanggap.adapters.dynamodb.parcels import _letters, opening, portion_of
from tanggap.adapters.dynamodb.rows import desk_row, history_of
from tanggap.adapters.dynamodb.table import Row, table
from tanggap.adapters.dynamodb.transaction import size
from tanggap.adapters.memory import MemoryCases
from tanggap.domain.case import Case, Change, Delivery
from tanggap.domain.errors import Invalid
from tanggap.domain.policy import read_policy
from tanggap.domain.policy_checks import faults_in
from tanggap.domain.units import MOST
from tests.support.world import COORDINATOR, POLICY, World

#: What DynamoDB takes: items of a transaction, bytes of it, bytes of an item.
ITEMS, TRANSACTION, ITEM = 100, 4 * 1024 * 1024, 400 * 1024
ROLES = ("desk", "unit_head", "deputy", "coordinator", "leadership", "inspectorate", "board", "x@kantor.example")
TABLE, VAULT = table("cases"), table("vault")


def assert_taken(rows: list[Row]) -> None:
    assert len(rows) <= ITEMS
    sizes = [size(row) for row in rows]
    assert sum(sizes) <= TRANSACTION
    assert max(sizes) <= ITEM
    assert len({(row.Meta.table_name, row.pk, row.sk) for row in rows}) == len(rows), "no item twice"


class Measured(MemoryCases):
    """Writes each change in memory, and holds what the table's adapter would write against the bounds."""

    parcels = 0

    def commit(self, change: Change) -> None:
        plan = DynamoCases(TABLE, VAULT).plan(change)
        written = [row for row, _, _ in plan.puts]
        assert_taken(written)
        letters: list[Delivery] = []
        for parcel in plan.parcels:
            held = _letters(TABLE, parcel.data or "")
            letters += held
            opened = 0
            while opened < len(held):
                portion = portion_of(held[opened:])
                assert_taken([row for row, _, _ in opening(TABLE, parcel, portion, opened, len(held))])
                opened += len(portion)
        outside = {row.sk for row in written if row.sk.startswith("OUT#")}
        assert [delivery_row(TABLE, one).attribute_values for one in letters] == [
            row.attribute_values
            for row in (delivery_row(TABLE, one) for one in change.deliveries)
            if row.sk not in outside
        ], "every letter is in the transaction or in a parcel, as it was"
        history = [entry for row in written if row.sk.startswith("HIST#") for entry in history_of(row)]
        assert [one.hash for one in history] == [one.hash for one in change.history]
        self.parcels += len(plan.parcels)
        super().commit(change)


class MeasuredWorld(World):
    memory = Measured


def people(name: str, count: int) -> list[str]:
    return [f"{name}-{number}@kantor.example" for number in range(count)]


def policy_of(units: int, each: int, clocks: dict[str, Any], ladder: list[dict[str, Any]]) -> dict[str, Any]:
    wanted = {
        **copy.deepcopy(POLICY),
        "categories": [],
        "units": [
            {
                "id": f"u{number}",
                "name": f"Unit {number}",
                "head": people(f"head{number}", each),
                "liaisons": people(f"desk{number}", each),
                "deputies": people(f"deputy{number}", each),
            }
            for number in range(units)
        ],
        "roles": [{"id": "board", "name": "Dewan", "addresses": people("board", each)}],
        "leadership": people("leadership", each),
        "clocks": clocks,
        "ladder": ladder,
    }
    read_policy(wanted, 1)
    return wanted


def own_clock(days: int) -> dict[str, Any]:
    terms = {"*": {"amount": days, "unit": "working_days"}}
    return {**terms, "starts": ["assigned"], "meets": ["unit_wrote"], "by_unit": True}


def rungs(count: int, audience: Any) -> list[dict[str, Any]]:
    """`count` steps before and after the due date, one of them the breach."""
    before = [
        {"id": f"b{n}", "fraction": (n + 1) / (count + 1), "audience": audience(n)} for n in range((count - 1) // 2)
    ]
    after = [{"id": f"a{n}", "working_days_after": n + 1, "audience": audience(n)} for n in range(count // 2)]
    return [*before, {"id": "breach", "fraction": 1, "audience": audience(count)}, *after]


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    clocks = {f"own{n}": own_clock(draw(st.integers(1, 20))) for n in range(draw(st.integers(0, 4)))}
    chosen = draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=8))
    ladder = rungs(draw(st.integers(1, 12)), lambda n: chosen[n % len(chosen)])
    return policy_of(draw(st.integers(1, MOST + 2)), draw(st.integers(1, 20)), clocks, ladder)


def assigned(world: World, units: int, note: str = "") -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "u0", None, "")
    for unit in range(1, min(units, MOST)):
        world.desk.join(COORDINATOR, number, f"u{unit}", note)
    return number


def state(case: Case) -> list[tuple[Any, ...]]:
    return sorted(
        (str(one.name), one.unit, one.state.value, one.due_at, tuple(sorted(one.steps_done))) for one in case.clocks
    )


def told(world: World, number: str) -> Counter[tuple[str, str]]:
    file = world.cases.file(number)
    return Counter((one.address, rung) for one in file.deliveries if not one.parts for rung in one.steps)


def same_in_the_end(policy: dict[str, Any], outage: int, note: str) -> None:
    late, daily = MeasuredWorld("memory", policy), MeasuredWorld("memory", policy)
    units = len(policy["units"])
    numbers = [assigned(world, units, note) for world in (late, daily)]
    for world in (late, daily):
        world.arrive(world.mail("Masih bau.", recipients=(world.reply_address(numbers[0]),)))
    end = late.now + timedelta(days=outage)
    while daily.now < end:
        daily.later(days=1)
        assert daily.sweep().failed == 0
    late.now = end
    assert late.sweep().failed == 0
    assert state(late.cases.case(numbers[0])) == state(daily.cases.case(numbers[1]))
    assert told(late, numbers[0]) == told(daily, numbers[1])
    assert set(told(late, numbers[0]).values()) <= {1}


def a_year_at_once(own_clocks: int) -> tuple[MeasuredWorld, str]:
    """As many addresses, steps and units as a policy may have (policy_checks.LIMITS)."""
    clocks = {f"own{n}": own_clock(n + 1) for n in range(own_clocks)}
    world = MeasuredWorld("memory", policy_of(MOST, 20, clocks, rungs(20, lambda n: ROLES[n % len(ROLES)])))
    number = assigned(world, MOST)
    world.later(days=365)
    world.desk.note(COORDINATOR, number, "Catatan.")
    return world, number


NOTES = st.sampled_from(["", "Segera.", "🚧é" * 8_000])


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(policy=policies(), outage=st.integers(1, 60), note=NOTES)
def test_after_any_outage_a_case_stands_as_if_it_had_been_swept_each_day_and_each_step_is_queued_once(
    policy: dict[str, Any], outage: int, note: str
) -> None:
    same_in_the_end(policy, outage, note)


def test_the_largest_case_that_nobody_looked_at_for_a_year_is_one_transaction_too() -> None:
    world, number = a_year_at_once(own_clocks=8)
    case = world.cases.case(number)
    assert len(case.clocks) > 100 and case.missed
    assert len(told(world, number)) > 5_000
    assert world.cases.parcels >= 1
    assert size(desk_row(TABLE, case, "u1")) < 1_000, "a desk beside the lead does not repeat so long a case"
    longest = max((one.text for one in world.deliveries()), key=len)
    assert "langkah terdahulu" in longest and longest.count("\n") < 300, "nor does a letter tell each step"


def test_long_letters_to_many_after_an_outage_are_written_in_portions_that_a_transaction_takes() -> None:
    letters = {"escalation": {"subject": "$number: $headline", "text": "🚧" * 18_000 + "\n$text"}}
    policy = policy_of(MOST, 20, {}, rungs(4, lambda n: ROLES[n % 3]))
    world = MeasuredWorld("memory", {**policy, "letters": letters})
    number = assigned(world, MOST)
    world.later(days=40)
    world.desk.note(COORDINATOR, number, "Catatan.")
    assert world.cases.parcels >= 1
    assert len({one.address for one in world.deliveries()}) > 240


@pytest.mark.parametrize("liaisons", range(16, 21))
def test_just_under_and_just_over_a_hundred_items(liaisons: int) -> None:
    world = MeasuredWorld("memory", policy_of(5, liaisons, {}, rungs(2, lambda n: "desk")))
    number = assigned(world, 5)
    world.arrive(world.mail("Masih bau.", recipients=(world.reply_address(number),)))
    assert len(world.cases.file(number).messages) == 2


def test_an_act_after_an_outage_holds_the_breach_and_itself() -> None:
    world = MeasuredWorld("memory", policy_of(MOST, 20, {}, rungs(12, lambda n: ROLES[n % 3])))
    number = assigned(world, MOST)
    world.later(days=60)
    world.desk.reply(COORDINATOR, number, "Kami periksa.", (), final=False)
    file = world.cases.file(number)
    assert file.case.missed
    assert [one.event for one in file.history if one.event == "missed"]


def test_a_unit_too_many_is_refused_with_the_bound_in_words() -> None:
    world = World("memory", policy_of(MOST + 1, 1, {}, rungs(2, lambda n: "desk")))
    number = assigned(world, MOST)
    with pytest.raises(Invalid, match=f"{MOST} units at most"):
        world.desk.join(COORDINATOR, number, f"u{MOST}", "")
    assert len(world.cases.case(number).units) == MOST


def test_a_policy_of_more_clocks_than_a_case_can_hold_is_refused_when_saved_and_still_read() -> None:
    clocks = {f"own{n}": own_clock(1) for n in range(31)}
    raw = policy_of(1, 1, clocks, rungs(2, lambda n: "desk"))  # reads it
    assert {"place": "clocks", "message": "holds more than 30"} in faults_in(raw, "lapor.desa.example")
