"""Another report of the same thing is proposed as a duplicate and merged by nobody; how those are found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tanggap.adapters.dynamodb import keys
from tanggap.application.ports import ALIKE_LIMIT
from tanggap.domain.case import Link, Sketch
from tanggap.domain.likeness import WINDOW, sketch
from tanggap.domain.words import Confidentiality, Status
from tests.support.reports import TEXT, WORDS, correct, corrections, heard, opened
from tests.support.rows import ahead
from tests.support.world import COORDINATOR, LIAISON, World, fake_aws


@pytest.fixture
def desk(worlds: Callable[..., World]) -> World:
    return worlds(WORDS)


@pytest.fixture
def memory() -> World:
    return World("memory", WORDS)


def proposed(world: World, number: str, officer: Any = COORDINATOR) -> list[tuple[str, str]]:
    file = world.desk.file(officer, number)
    return [(link.number, link.why) for link in world.desk.proposed(officer, file)]


def test_another_persons_report_of_the_same_thing_is_proposed_as_a_duplicate(desk: World) -> None:
    first = opened(desk)
    desk.later(hours=1)
    second = opened(desk, "Jl Kenanga rusak berlubang, kemarin ada nenek jatuh", reporter="r2")
    before = desk.cases.file(first.number), desk.cases.file(second.number)
    assert proposed(desk, second.number) == [(first.number, "same_place_and_words")]
    assert proposed(desk, first.number) == [(second.number, "same_place_and_words")]
    assert (desk.cases.file(first.number), desk.cases.file(second.number)) == before, "proposed, not merged"


def test_one_that_cannot_be_read_is_left_out_of_the_proposals_and_the_others_stay() -> None:
    with fake_aws():
        world = World("dynamodb", WORDS)
        spoilt, sound, case = (opened(world, reporter=f"r{nth}").number for nth in range(3))
        ahead(world, keys.case_pk(spoilt), "CASE")
        assert proposed(world, case) == [(sound, "same_place_and_words")]
        ahead(world, keys.case_pk(sound), "CASE")
        assert proposed(world, case) == [], "and the page of the case is shown all the same"


def test_another_matter_of_the_same_place_is_not(desk: World) -> None:
    opened(desk)
    assert proposed(desk, opened(desk, "Sampah menumpuk di Jl. Kenanga RT 3", reporter="r2").number) == []


def test_the_same_senders_report_again_is_proposed(desk: World) -> None:
    first = opened(desk, "KTP saya belum jadi")
    other = opened(desk, "Kapan KTP saya jadi?", reporter="r2")
    again = opened(desk, "Kapan KTP saya jadi?")
    assert proposed(desk, other.number) == []
    assert proposed(desk, again.number) == [(first.number, "same_sender")]


def test_a_case_that_is_linked_already_is_not_named_twice(desk: World) -> None:
    first = opened(desk)
    assert proposed(desk, opened(desk, links=(Link("claims", first.number),)).number) == []


def test_only_open_cases_are_proposed_and_only_to_open_ones(desk: World) -> None:
    first, second = opened(desk), opened(desk, reporter="r2")
    desk.desk.verify(COORDINATOR, first.number, "reject", "Bukan kewenangan.")
    assert proposed(desk, second.number) == []
    assert proposed(desk, first.number) == []


def test_what_an_officer_writes_down_is_compared_too(desk: World) -> None:
    first = opened(desk)
    assert proposed(desk, heard(desk).case.number) == [(first.number, "same_place_and_words")]


def test_what_comes_by_mail_is_compared_too(desk: World) -> None:
    first = desk.new_case(text=TEXT)
    second = desk.new_case(text=TEXT, sender="budi@lain.example", name="Budi")
    assert proposed(desk, second) == [(first, "same_place_and_words")]


def test_an_officer_of_a_unit_is_shown_cases_of_that_unit_alone(desk: World) -> None:
    first, second = opened(desk, unit="pu"), opened(desk, reporter="r2", unit="pu")
    third = opened(desk, reporter="r3")
    assert {number for number, _ in proposed(desk, second.number, LIAISON)} == {first.number}
    assert {number for number, _ in proposed(desk, second.number)} == {first.number, third.number}


def test_who_asked_not_to_be_named_is_not_named_by_a_likeness(memory: World) -> None:
    who = {"name": "Siti", "phone": "0812 0000 1111"}
    named = heard(memory, "KTP saya belum jadi", **who).case
    hidden = heard(memory, "KTP saya belum jadi juga", confidentiality=Confidentiality.ANONYMOUS, **who).case
    again = heard(memory, "Kapan KTP saya jadi?", **who).case
    assert proposed(memory, hidden.number) == []
    assert [number for number, _ in proposed(memory, again.number)] == [named.number]


@pytest.mark.parametrize(
    ("level", "shown"),
    [(Confidentiality.OPEN, True), (Confidentiality.ANONYMOUS, True), (Confidentiality.SECRET, False)],
)
def test_a_secret_case_is_nobodys_duplicate(memory: World, level: Confidentiality, shown: bool) -> None:
    heard(memory, confidentiality=level)
    assert bool(proposed(memory, heard(memory).case.number)) is shown


def test_a_proposed_duplicate_is_dismissed_for_good_and_that_is_recorded(desk: World) -> None:
    first, second = opened(desk), opened(desk, reporter="r2")
    file = correct(desk, second.number, not_duplicate_of=first.number.lower())
    assert proposed(desk, second.number) == []
    assert proposed(desk, first.number) == [], "nor the other way round"
    assert corrections(file) == [("likely_duplicate_of", first.number, "-")]


def test_a_proposed_duplicate_that_is_one_is_no_longer_proposed(desk: World) -> None:
    first, second = opened(desk), opened(desk, reporter="r2")
    file = desk.desk.verify(COORDINATOR, second.number, "duplicate", "sama", duplicate_of=first.number)
    assert file.case.links == (Link("duplicate_of", first.number),)
    assert file.case.status is Status.DUPLICATE
    assert corrections(file) == []


def test_cases_are_found_by_key_the_newest_first_and_with_what_they_were_sketched_as(desk: World) -> None:
    numbers = []
    for index in range(ALIKE_LIMIT + 2):
        numbers.append(opened(desk, reporter=f"r{index}").number)
        desk.later(hours=1)
    report = sketch("", TEXT, "r0")
    found = desk.cases.alike(report.places[:1], desk.now - WINDOW)
    assert [one.number for one in found] == numbers[::-1][:ALIKE_LIMIT]
    assert {(one.key, one.words) for one in found} == {(report.places[0], report.words)}
    assert [one.number for one in desk.cases.alike((report.sender,), desk.now - WINDOW)] == numbers[:1]
    since = desk.now - timedelta(hours=2, minutes=30)
    assert [one.number for one in desk.cases.alike(report.places[:1], since)] == numbers[::-1][:2]
    assert desk.cases.alike((), desk.now - WINDOW) == ()
    assert desk.cases.alike(("unknown",), desk.now - WINDOW) == ()


def test_a_case_without_words_or_keys_is_kept_as_well(desk: World) -> None:
    case = opened(desk, "", reporter=None)
    assert desk.cases.file(case.number) is not None
    assert desk.cases.alike(Sketch("", (), ()).keys, desk.now - WINDOW) == ()


def test_an_index_holds_no_text_of_a_report() -> None:
    with fake_aws():
        world = World("dynamodb", WORDS)
        opened(world, reporter="reporter-seven")
        rows = [row for row in world.cases.row.scan() if row.sk.startswith("LIKE#")]
        assert len(rows) == 3
        kept = json.dumps([[row.pk, row.sk, row.ref, row.data] for row in rows]).lower()
        assert not any(word in kept for word in ("kenanga", "jalan", "rusak", "nenek", "reporter-seven"))
