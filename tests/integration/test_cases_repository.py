"""The questions that are asked of the tables, on memory and on DynamoDB alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tanggap.application.desk_view import DeskView, Filter
from tanggap.application.ports import Page
from tanggap.domain.case import Change
from tanggap.domain.errors import Conflict
from tanggap.domain.extensions import clock_of
from tanggap.domain.officers import Correction
from tanggap.domain.promises import PUBLIC_INFORMATION
from tanggap.domain.words import Kind, Status
from tests.support.world import COORDINATOR, LIAISON, World, fake_aws


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


def test_an_ended_case_carries_its_last_day_in_its_row_and_one_that_came_back_has_none(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "reject", "Bukan kewenangan kami.")
    ended = world.cases.case(number)
    assert ended.ended_at
    assert ended.keep_until == world.policies.current().keep_until(ended.kind, ended.ended_at)
    assert ended.keep_until and ended.keep_until.year == world.now.year + 5
    world.desk.set_status(COORDINATOR, number, Status.NEW, "Ternyata kewenangan kami.")
    assert world.cases.case(number).keep_until is None


def test_only_what_is_due_is_read_and_a_case_that_waits_for_nothing_is_not_due(world: World) -> None:
    for index in range(5):
        world.new_case(sender=f"w{index}@warga.example")
        world.later(hours=2)
    due = list(world.cases.due(world.now + timedelta(hours=3), 100))
    assert len(due) == 1
    world.desk.verify(COORDINATOR, due[0].case, "reject", "Bukan kewenangan kami.")
    assert [d for d in world.cases.due(world.now + timedelta(hours=3), 100) if not d.delivery] == []


def test_a_change_on_an_old_sight_of_a_case_is_refused_also_where_its_history_would_not_tell(world: World) -> None:
    seen = world.cases.case(world.new_case())
    newer = replace(seen, version=seen.version + 1)
    world.cases.commit(Change(case=replace(newer, subject="Jembatan"), expected=seen.version))
    with pytest.raises(Conflict):
        world.cases.commit(Change(case=replace(newer, subject="Jalan"), expected=seen.version))
    assert world.cases.case(seen.number).subject == "Jembatan"


def test_a_case_lies_on_the_desk_of_each_of_its_units_and_moves_there_as_it_moves(world: World) -> None:
    number, other = world.new_case(), world.new_case(sender="b@warga.example")
    for one in (number, other):
        world.desk.verify(COORDINATOR, one, "accept", "")
        world.desk.assign(COORDINATOR, one, "pu", None, "")
    world.desk.join(COORDINATOR, number, "adm", "")

    def listed(*units: str | None, **more: tuple[str, ...]) -> list[str]:
        return [case.number for case in world.cases.listing(units, more.get("statuses", ()), None, None, 10).cases]

    assert listed("adm") == [number]
    assert sorted(listed("pu", "adm", None)) == sorted([number, other]), "each once"
    (beside,) = world.cases.listing(("adm",), (), None, None, 10).cases
    assert replace(beside, due_at=None) == replace(world.cases.case(number), due_at=None)  # the due index has one row
    world.desk.reply(COORDINATOR, number, "Sudah.", (), True)
    assert listed("adm", statuses=("answered",)) == [number]
    world.desk.set_status(COORDINATOR, number, Status.CLOSED, "selesai")
    assert listed("adm", statuses=("closed",)) == [number]
    world.desk.leave(COORDINATOR, number, "adm", "")
    assert listed("adm") == []
    assert sorted(listed("pu")) == sorted([number, other])
    assert [due.case for due in world.cases.due(world.now + timedelta(days=30), 100) if not due.delivery] == [other]


def test_a_request_for_more_time_and_a_question_are_kept_as_they_were(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "", Kind.INFORMATION)
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.desk.correct(COORDINATOR, number, Correction(deadline_basis=PUBLIC_INFORMATION))
    world.desk.ask_extension(LIAISON, number, "resolve", "", "arsip")
    world.desk.set_status(LIAISON, number, Status.NEEDS_INFO, "alamat?")
    case = world.cases.case(number)
    assert case.asked_while is Status.FORWARDED
    (asked,) = case.extensions
    assert (asked.state, asked.by, asked.clock) == ("pending", LIAISON.actor, "resolve")
    assert clock_of(case, asked) is not None
    world.desk.decide_extension(COORDINATOR, number, asked.id, "grant", "")
    assert world.cases.case(number).extensions[0].decided_at is not None


def test_a_status_that_few_cases_have_is_looked_for_page_by_page() -> None:
    """Of 100,000 open cases one may be in it: each request looks at a part, and its cursor goes on."""
    with fake_aws():
        world = World("dynamodb")
        numbers = [world.new_case(sender=f"warga{one}@warga.example", text=f"Lampu {one}") for one in range(14)]
        for number in (*numbers[::3], numbers[10]):
            world.desk.verify(COORDINATOR, number, "accept", "")
        for number in numbers[3::6]:
            world.desk.assign(COORDINATOR, number, "pu", None, "")
        whole = [c.number for c in world.cases.listing((None, "pu", "adm"), (), None, None, 100).cases]
        assert sorted(whole) == sorted(numbers)
        for limit, looked_at in ((2, 6), (1, 3), (50, 9)):
            for statuses in (("verified",), ("verified", "new")):
                world.cases.looked_at = looked_at
                seen: list[str] = []
                after, pages = None, 0
                while True:
                    page = world.cases.listing((None, "pu", "adm"), statuses, None, after, limit)
                    assert len(page.cases) <= limit
                    seen += [case.number for case in page.cases]
                    pages += 1
                    if page.after is None:
                        break
                    assert page.after > (after or ""), "each page comes further"
                    after = page.after
                wanted = [number for number in whole if world.cases.case(number).status in statuses]
                assert seen == wanted, "in the order of the whole list, each once"
                assert pages <= 3 * len(numbers)
        asked: list[int] = []
        world.cases.row._get_connection().connection.client.meta.events.register(
            "before-call.dynamodb.Query", lambda **more: asked.append(1)
        )
        world.cases.looked_at = 6
        world.cases.listing((None, "pu", "adm"), ("investigating",), None, None, 2)
        assert len(asked) <= 3 * 2


def test_an_officer_who_looks_at_a_first_page_alone_sees_the_rare_case(world: World) -> None:
    pages = iter([Page((), "0#1"), Page((), "0#2"), Page((world.cases.case(world.new_case()),), None)])

    class Rare:
        def listing(self, *asked: object) -> Page:
            return next(pages)

    view = DeskView(Rare(), world.files, world.vault, world.policies, world.ids, world.clock)  # type: ignore[arg-type]
    page = view.listing(COORDINATOR, Filter(Status.NEW), None)
    assert (len(page.cases), page.after) == (1, None)
    pages = iter([Page((), str(number)) for number in range(9)])
    assert view.listing(COORDINATOR, Filter(Status.NEW), None).after == "2", "and the request has an end"
