"""The questions that are asked of the tables, on memory and on DynamoDB alike."""

from __future__ import annotations

from datetime import timedelta

from tests.support.world import COORDINATOR, World


def test_what_is_due_first_is_listed_first_and_what_ended_last(world: World) -> None:
    old = world.new_case()
    world.later(days=2)
    new = world.new_case(sender="b@warga.example")
    ended = world.new_case(sender="c@warga.example")
    world.desk.verify(COORDINATOR, ended, "reject", "Bukan kewenangan kami.")
    page = world.cases.listing((None, "pu"), (), None, None, 10)
    assert [case.number for case in page.cases] == [old, new, ended]


def test_pages_of_several_units_continue_where_they_ended(world: World) -> None:
    numbers = []
    for index in range(7):
        numbers.append(number := world.new_case(sender=f"w{index}@warga.example"))
        world.later(hours=1)
        if index % 2:
            world.desk.verify(COORDINATOR, number, "accept", "")
            world.desk.assign(COORDINATOR, number, "pu", None, "")
    seen: list[str] = []
    after = None
    while True:
        page = world.cases.listing((None, "pu", "adm"), (), None, after, 2)
        seen += [case.number for case in page.cases]
        after = page.after
        if after is None:
            break
    assert sorted(seen) == sorted(numbers)
    assert len(seen) == len(set(seen))


def test_statuses_and_overdue_narrow_the_list(world: World) -> None:
    late = world.new_case()
    world.later(days=2)
    world.sweep()
    fresh = world.new_case(sender="b@warga.example")
    world.desk.verify(COORDINATOR, fresh, "accept", "")
    assert [c.number for c in world.cases.listing((None,), ("verified",), None, None, 10).cases] == [fresh]
    assert [c.number for c in world.cases.listing((None,), (), world.now, None, 10).cases] == [late]


def test_only_what_is_due_is_read_and_a_case_that_waits_for_nothing_is_not_due(world: World) -> None:
    for index in range(5):
        world.new_case(sender=f"w{index}@warga.example")
        world.later(hours=2)
    due = list(world.cases.due(world.now + timedelta(hours=3), 100))
    assert len(due) == 1
    world.desk.verify(COORDINATOR, due[0].case, "reject", "Bukan kewenangan kami.")
    assert [d for d in world.cases.due(world.now + timedelta(hours=3), 100) if not d.delivery] == []
