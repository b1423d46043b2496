"""A row that this release can't read (another one wrote it, a hand damaged it) is told of by its case's number, and
holds up nobody: one in each index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.adapters.dynamodb import keys
from tanggap.adapters.dynamodb.kinds import ROWS
from tanggap.application.desk import Filter
from tanggap.application.digest import Digest
from tanggap.application.policy_desk import PolicyDesk
from tanggap.application.ports import Unreadable
from tanggap.application.recompute import Recompute
from tanggap.application.sweep import TAKEN_WITHIN, Sweep, Swept
from tanggap.domain.words import Purpose
from tanggap.entrypoints import deliver
from tests.support.rows import row_of, spoil
from tests.support.world import COORDINATOR, DOMAIN, POLICY, World, fake_aws

#: Working days at ten in the morning, office hours.
TUESDAY, NEXT_WEEK = datetime(2026, 11, 24, 4, tzinfo=UTC), datetime(2026, 12, 2, 4, tzinfo=UTC)
UNIT_HEAD = "kepala-pu@kantor.example"


@pytest.fixture
def world() -> Iterator[World]:
    with fake_aws():
        yield World("dynamodb")


def unknown_clock(raw: dict[str, Any]) -> dict[str, Any]:
    raw["clocks"][0]["state"] = "abolished"
    return raw


def unknown_purpose(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "purpose": "telegram-of-2031"}


def no_numbers(raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**entry, "seq": "first"} for entry in raw]


def two(world: World) -> tuple[str, str]:
    """A case that will be damaged and one that will not, on one desk."""
    numbers = world.new_case(), world.new_case(sender="budi@warga.example", text="Lampu mati di gang 5")
    for number in numbers:
        world.desk.verify(COORDINATOR, number, "accept", "")
        world.desk.assign(COORDINATOR, number, "pu", None, "")
    return numbers


def swept(world: World, at: datetime) -> tuple[Swept, list[tuple[str, str]]]:
    world.now = at
    failures: list[tuple[str, str]] = []
    run = Sweep(world.work(), world.cases)
    return run(at, lambda due, error: failures.append((due.case, type(error).__name__))), failures


def left_for(world: World, number: str, address: str) -> list[Any]:
    letters = world.cases.file(number).letters
    return [one for one in letters if one.address == address and not one.asleep and one.steps]


def test_letters_of_a_case_that_cannot_be_read_wait_and_all_others_leave(world: World) -> None:
    spoilt, sound = two(world)
    row = row_of(world, spoilt, "CASE")
    before = row.data
    swept(world, TUESDAY + timedelta(days=6, hours=10))  # in the evening: what both have climbed waits for the morning
    world.later(days=1)
    row = row_of(world, spoilt, "CASE")
    before = row.data
    spoil(row, unknown_clock)
    run, failures = swept(world, NEXT_WEEK)
    assert failures and {number for number, _ in failures} == {spoilt}
    assert run.failed == len(failures)
    assert left_for(world, sound, UNIT_HEAD)
    assert not [one for one in world.deliveries() if one.case == sound and one.asleep]
    assert [one for one in world.deliveries() if one.case == spoilt and one.asleep], "nothing of it is lost"

    row = row_of(world, spoilt, "CASE")
    row.data = before
    row.save()
    assert swept(world, NEXT_WEEK + timedelta(minutes=1))[1] == []
    assert left_for(world, spoilt, UNIT_HEAD), "once it can be read again, it is told"


def test_a_letter_that_cannot_be_read_holds_up_no_other_of_its_address(world: World) -> None:
    spoilt, sound = two(world)
    swept(world, datetime(2026, 12, 1, 14, tzinfo=UTC))
    asleep = [one for one in world.deliveries() if one.case == spoilt and one.asleep and one.address == UNIT_HEAD]
    assert asleep
    spoil(row_of(world, spoilt, f"OUT#{asleep[0].id}"), unknown_purpose)
    for minute in range(2):
        run, failures = swept(world, NEXT_WEEK + timedelta(minutes=minute))
        assert failures == [(spoilt, "Unreadable")], "by its number alone, each minute"
        assert run.failed == 1
    assert [row for row in world.cases.row.scan() if row.sk.startswith("OUT#") and row.pk == keys.case_pk(sound)]
    sent = [row for row in world.cases.row.query(keys.case_pk(sound)) if row.sk.startswith("OUT#")]
    assert [row for row in sent if row.state in ("bundled", "queued") and UNIT_HEAD in (row.data or "")]
    assert not [row for row in sent if row.due_shard and row.due_shard.startswith("E#")], "none of its letters sleeps"


def test_a_case_whose_history_cannot_be_read_is_handed_over_by_nobody_and_the_others_are(world: World) -> None:
    spoilt, *sound = (world.new_case(sender=f"a{n}@warga.example", text=f"Jalan {n * 7} rusak") for n in range(5))
    history = [row for row in world.cases.row.query(keys.case_pk(spoilt)) if row.sk.startswith("HIST#")]
    spoil(history[0], no_numbers)
    run, failures = swept(world, datetime(2026, 12, 14, 4, tzinfo=UTC))
    assert {number for number, _ in failures} == {spoilt}
    inspectorate = POLICY["inspectorate"][0]
    rows = [one for one in world.deliveries() if one.address == inspectorate]
    assert {one.case for one in rows if one.state.value == "bundled"} | {
        one.case for one in rows if one.wake and not one.parts
    } == set(sound)
    assert all(one.asleep for one in rows if one.case == spoilt and not one.parts)
    assert run.letters >= 1


def test_a_new_policy_reaches_every_case_but_the_one_that_cannot_be_read(world: World) -> None:
    spoilt, sound = two(world)
    spoil(row_of(world, spoilt, "CASE"), unknown_clock)
    longer = {"resolve": {"complaint": {"amount": 20, "unit": "working_days"}}}
    version = PolicyDesk(world.policies, DOMAIN).save(COORDINATOR, {**POLICY, "clocks": longer}, world.now).version
    told: list[str] = []
    run = Recompute(world.work())(world.now, lambda number, error: told.append(number))
    assert world.cases.case(sound).policy_version == version
    assert set(told) == {spoilt}
    assert run.failed == len(told)


def test_every_office_gets_its_digest_without_the_case_that_cannot_be_read(world: World) -> None:
    spoilt, sound = two(world)
    spoil(row_of(world, spoilt, "CASE"), unknown_clock)
    world.now = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    told: list[tuple[str, type[Exception]]] = []
    run = Digest(world.work(), world.cases)(world.now, lambda what, error: told.append((what, type(error))))
    assert told == [(spoilt, Unreadable)], "once, however many digests it belongs to"
    assert (run.failed, run.unfinished, run.unread) == (0, False, 1)
    digests = [one for one in world.deliveries() if one.purpose is Purpose.DIGEST]
    assert "pu@kantor.example" in {one.address for one in digests}
    assert all(spoilt not in one.text for one in digests)
    assert any(sound in one.text for one in digests)
    assert Digest(world.work(), world.cases)(world.now).letters == 0, "the round is over"


def test_a_listing_shows_all_others_and_names_the_one_that_cannot_be_read(world: World) -> None:
    spoilt, sound = two(world)
    world.desk.join(COORDINATOR, spoilt, "adm", "")
    beside = row_of(world, spoilt, "DESK#adm")
    spoil(row_of(world, spoilt, "CASE"), unknown_clock)
    spoil(beside, unknown_clock)
    page = world.cases.listing(("pu",), (), None, None, 10)
    assert ([case.number for case in page.cases], page.unreadable) == ([sound], (spoilt,))
    page = world.cases.listing(("adm",), (), None, None, 10)
    assert (page.cases, page.unreadable) == ((), (spoilt,))
    first = world.cases.listing(("pu",), (), None, None, 1)
    second = world.cases.listing(("pu",), (), None, first.after, 1)
    assert second.after is None
    numbers = [case.number for page in (first, second) for case in page.cases]
    assert (sorted(numbers), sorted(first.unreadable + second.unreadable)) == ([sound], [spoilt])


def test_a_page_that_only_names_a_case_is_shown_to_who_turns_the_pages(world: World) -> None:
    two(world)
    of_pu = Filter(unit="pu")
    first = world.desk.listing(COORDINATOR, of_pu, None, 1)
    (spoilt,) = (case.number for case in first.cases)
    spoil(row_of(world, spoilt, "CASE"), unknown_clock)
    page = world.desk.listing(COORDINATOR, of_pu, None, 1)
    assert (page.cases, page.unreadable) == ((), (spoilt,))
    page = world.desk.listing(COORDINATOR, of_pu, page.after, 1)
    assert (len(page.cases), page.unreadable) == (1, ())


def test_a_search_by_address_shows_all_others_and_does_not_say_whose_the_one_is_that_cannot_be_read(
    world: World,
) -> None:
    """Who looks for a person is recorded in each case's history before it is shown: in this one nothing can be."""
    numbers = [world.new_case(text=f"Lampu mati di gang {nth}") for nth in range(3)]
    spoil(row_of(world, numbers[0], "CASE"), unknown_clock)
    spoil(row_of(world, numbers[1], "HIST"), no_numbers)
    page = world.desk.search(COORDINATOR, "siti@warga.example", Filter())
    assert ([case.number for case in page.cases], page.unreadable) == ([numbers[2]], ())
    assert [entry.event for entry in world.cases.file(numbers[2]).history].count("identity_matched") == 1
    with pytest.raises(Unreadable):
        world.desk.search(COORDINATOR, numbers[0], Filter())


def test_a_due_time_that_is_none_is_due_and_stops_nobody(world: World) -> None:
    spoilt, sound = two(world)
    row = row_of(world, spoilt, "CASE")
    row.due_at = "2026-11-2x"
    spoil(row, unknown_clock)
    assert row.due_shard
    _, failures = swept(world, NEXT_WEEK)
    assert (spoilt, "Unreadable") in failures
    assert world.cases.case(sound).missed


@pytest.mark.parametrize(("of_an_earlier_release", "waited"), [(False, 0.0), (True, None)])
def test_a_letter_that_left_is_told_of_though_its_case_cannot_be_read(
    world: World, of_an_earlier_release: bool, waited: float | None
) -> None:
    """Since when its citizen waited, the row of an earlier release does not say, nor then can the case."""
    number = world.arrive(world.mail()).case
    letter = next(one for one in world.unsent() if one.reporter)
    row = row_of(world, number, f"OUT#{letter.id}")
    if of_an_earlier_release:
        body = json.loads(row.data)
        del body["since"]
        row.data = json.dumps(body)
        row.save()
    image = row.serialize()
    post = world.deliver.dispatch.post.send

    def sent_while_the_case_is_damaged(envelope: Any) -> str:
        spoil(row_of(world, number, "CASE"), unknown_clock)
        return post(envelope)

    world.deliver.dispatch.post.send = sent_while_the_case_is_damaged  # type: ignore[method-assign]
    parts: Any = SimpleNamespace(deliver=world.deliver, cases=world.cases)
    facts = deliver.work({"dynamodb": {"NewImage": image}}, parts)
    assert (facts["case"], facts["state"]) == (number, "sent")
    assert deliver.waited(facts) == waited
    with pytest.raises(Unreadable):
        world.cases.case(number)


def test_a_due_letter_of_a_newer_release_is_told_by_the_sweep_and_not_blamed_on_the_stream(world: World) -> None:
    number = world.arrive(world.mail()).case
    unsent = len(world.unsent())
    letter = next(one for one in world.unsent() if one.reporter)
    row = row_of(world, number, f"OUT#{letter.id}")
    row.schema, before = ROWS["OUT"] + 1, row.wake
    row.save()
    run, failures = swept(world, letter.due_at + 2 * TAKEN_WITHIN)
    assert (number, "Unreadable") in failures
    assert (run.failed, run.untaken, run.woken) == (1, unsent - 1, unsent - 1)
    assert row_of(world, number, f"OUT#{letter.id}").wake == before, "it stays as it was"


def test_an_unsent_letter_that_cannot_be_read_counts_by_the_time_it_was_to_go(world: World) -> None:
    number = world.arrive(world.mail()).case
    letter = next(one for one in world.deliveries() if one.reporter)
    spoil(row_of(world, number, f"OUT#{letter.id}"), unknown_purpose)
    assert world.cases.oldest_unsent() == letter.due_at
