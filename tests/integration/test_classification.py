"""A report is classified when its case opens, says why, and an officer's correction is recorded and timed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tanggap.domain.case import Case
from tanggap.domain.classification import Why
from tanggap.domain.clocks import ClockName
from tanggap.domain.errors import Forbidden, Invalid, NotAllowed, NotFound
from tanggap.domain.history import faults_in
from tanggap.domain.words import Confidentiality, Kind, Priority
from tests.support.reports import WORDS, correct, corrections, heard, opened
from tests.support.world import AUDITOR, COORDINATOR, LIAISON, OTHER_LIAISON, World


def resolve_of(case: Case) -> Any:
    return next((clock for clock in case.clocks if clock.name == ClockName.RESOLVE), None)


@pytest.fixture
def desk(worlds: Callable[..., World]) -> World:
    return worlds(WORDS)


@pytest.fixture
def memory() -> World:
    return World("memory", WORDS)


# -- a case says what its words say, and why


def test_a_case_is_kept_with_its_category_priority_and_reasons(desk: World) -> None:
    case = opened(desk)
    assert (case.kind, case.category, case.unit, case.priority) == (Kind.COMPLAINT, "jalan", None, "high")
    assert Why("category", "jalan", "word", "jalan rusak") in case.whys
    assert [why.rule for why in case.whys if why.what == "priority"] == ["elderly"]
    assert case.proposals == (Why("unit", "pu", "category_unit", "jalan"),)


def test_its_history_names_what_was_set_and_none_of_the_words(desk: World) -> None:
    case = opened(desk, "Kebakaran di Jl. Kenanga, ada pungli juga. Jalan rusak")
    file = desk.cases.file(case.number)
    entry = next(one for one in file.history if one.event == "classified")
    assert entry.actor == "system"
    assert dict(entry.data) == {
        "kind": "complaint",
        "category": "jalan",
        "priority": "urgent",
        "proposed": "unit:pu kind:supervisory",
    }
    assert entry.commitment, "which rules it was tells of a person, and can be erased"
    assert "enanga" not in str([dict(one.data) for one in file.history])
    assert faults_in(case.number, file.history, case.head) == ()


def test_a_report_that_an_officer_writes_down_is_classified_by_its_words(desk: World) -> None:
    file = heard(desk)
    assert (file.case.category, file.case.priority) == ("jalan", "high")


def test_what_an_officer_says_while_writing_stands_over_the_words(memory: World) -> None:
    case = heard(memory, "Jalan rusak, ada pungli", kind=Kind.INFORMATION, category="ktp").case
    assert (case.kind, case.category) == (Kind.INFORMATION, "ktp")
    assert not case.proposals
    assert not [why for why in case.whys if why.what in ("kind", "category")]


def test_a_unit_is_proposed_even_where_its_category_has_the_same_id() -> None:
    rows = [{"id": "pu", "name": "Jalan", "unit": "pu", "words": ["rusak"]}]
    case = opened(World("memory", {**WORDS, "categories": rows}))
    assert (case.category, [why.value for why in case.proposals]) == ("pu", ["pu"])


def test_a_category_that_was_given_is_not_proposed_the_unit_of_another(memory: World) -> None:
    assert opened(memory, category="lain").proposals == ()


def test_an_officer_of_one_unit_is_proposed_no_other(memory: World) -> None:
    assert heard(memory, officer=OTHER_LIAISON).case.proposals == ()


def test_a_village_without_words_gets_cases_without_category() -> None:
    case = opened(World("memory"))
    assert (case.category, case.priority) == (None, "high")


# -- corrections


def test_a_correction_says_field_was_and_now(desk: World) -> None:
    number = opened(desk).number
    file = correct(desk, number, category="ktp", priority=Priority.NORMAL, reason="Salah baca.")
    assert (file.case.category, file.case.priority) == ("ktp", "normal")
    assert corrections(file) == [("category", "jalan", "ktp"), ("priority", "high", "normal")]
    assert Why("category", "ktp", "officer") in file.case.whys
    assert Why("unit", "adm", "category_unit", "ktp") in file.case.proposals
    assert [one.event for one in file.decided] == ["corrected", "corrected", "noted"]
    assert "Salah baca" not in str(file.history)
    assert [one.text for one in file.messages if one.direction == "note"] == ["Salah baca."]


def test_saying_what_holds_already_changes_nothing(desk: World) -> None:
    case = opened(desk)
    file = correct(desk, case.number, category="jalan", priority=Priority.HIGH, reason="cek")
    assert corrections(file) == []
    assert file.decided == ()
    assert file.case.version == case.version


def test_a_corrected_kind_takes_its_own_term_from_the_day_of_receipt(desk: World) -> None:
    case = opened(desk)
    before = resolve_of(case)
    desk.later(days=1)
    file = correct(desk, case.number, kind=Kind.SUPERVISORY)
    after = resolve_of(file.case)
    assert after.rule == "resolve.supervisory"
    assert after.started_at == before.started_at
    assert after.due_at > before.due_at
    assert corrections(file) == [("kind", "complaint", "supervisory")]
    assert resolve_of(correct(desk, case.number, kind=Kind.COMPLAINT).case).due_at == before.due_at


def test_a_kind_that_owes_nothing_ends_its_clock_and_gets_it_back(memory: World) -> None:
    number = opened(memory).number
    assert not resolve_of(correct(memory, number, kind=Kind.PRAISE).case).open
    assert resolve_of(correct(memory, number, kind=Kind.COMPLAINT).case).open


def test_a_category_can_be_taken_away(desk: World) -> None:
    file = correct(desk, opened(desk).number, category="-")
    assert file.case.category is None
    assert file.case.proposals == ()
    assert corrections(file) == [("category", "jalan", "-")]
    assert corrections(correct(desk, file.case.number, category="lain"))[-1] == ("category", "-", "lain")


@pytest.mark.parametrize(
    "said", [{}, {"reason": "hanya alasan"}, {"category": "nope"}, {"not_duplicate_of": "TGP-NOPE"}]
)
def test_a_correction_of_nothing_or_to_nothing_is_refused(memory: World, said: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        correct(memory, opened(memory).number, **said)


def test_a_case_that_ended_is_reopened_before_it_is_corrected(memory: World) -> None:
    number = opened(memory).number
    memory.desk.verify(COORDINATOR, number, "reject", "Bukan kewenangan.")
    with pytest.raises(NotAllowed):
        correct(memory, number, category="ktp")


def test_a_unit_corrects_its_own_cases_but_not_their_legal_term(memory: World) -> None:
    number = opened(memory).number
    with pytest.raises(NotFound):
        correct(memory, number, LIAISON, category="ktp")
    memory.desk.verify(COORDINATOR, number, "accept", "")
    memory.desk.assign(COORDINATOR, number, "pu", None, "")
    assert correct(memory, number, LIAISON, priority=Priority.URGENT).case.priority == "urgent"
    with pytest.raises(Forbidden):
        correct(memory, number, LIAISON, kind=Kind.PRAISE)
    with pytest.raises(NotFound):
        correct(memory, number, OTHER_LIAISON, category="ktp")
    with pytest.raises(Forbidden):
        correct(memory, number, AUDITOR, category="ktp")


def test_verifying_otherwise_than_was_said_is_a_correction(desk: World) -> None:
    number = opened(desk, "Ada pungli di loket. Jalan rusak").number
    file = desk.desk.verify(COORDINATOR, number, "accept", "", kind=Kind.COMPLAINT, category="ktp")
    assert corrections(file) == [("kind", "supervisory", "complaint"), ("category", "jalan", "ktp")]


def test_verifying_as_was_said_is_none(desk: World) -> None:
    number = opened(desk, "Ada pungli di loket. Jalan rusak").number
    file = desk.desk.verify(COORDINATOR, number, "accept", "", kind=Kind.SUPERVISORY, category="jalan")
    assert corrections(file) == []
    assert [one.actor for one in file.history if one.event == "classified"] == ["system", COORDINATOR.actor]
    assert resolve_of(file.case).rule == "resolve.supervisory"
    assert [why.what for why in file.case.proposals] == ["unit"]


def test_deciding_where_the_machine_said_nothing_is_none(memory: World) -> None:
    number = opened(memory, "Halo").number
    file = memory.desk.verify(COORDINATOR, number, "accept", "", kind=Kind.INFORMATION, category="ktp")
    assert corrections(file) == []
    assert [one.data.get("category") for one in file.history if one.event == "classified"] == [None, "ktp"]


def test_assigning_to_another_unit_than_proposed_is_a_correction_once(desk: World) -> None:
    number = opened(desk).number
    desk.desk.verify(COORDINATOR, number, "accept", "")
    file = desk.desk.assign(COORDINATOR, number, "adm", None, "")
    assert corrections(file) == [("unit", "pu", "adm")]
    assert file.case.proposals == ()
    assert corrections(desk.desk.assign(COORDINATOR, number, "pu", None, "")) == [("unit", "pu", "adm")]


def test_assigning_as_proposed_is_none(memory: World) -> None:
    number = opened(memory).number
    memory.desk.verify(COORDINATOR, number, "accept", "")
    assert corrections(memory.desk.assign(COORDINATOR, number, "pu", None, "")) == []


def test_who_may_not_read_a_secret_case_is_not_told_its_words(memory: World) -> None:
    number = opened(memory, confidentiality=Confidentiality.SECRET).number
    assert memory.desk.file(COORDINATOR, number).case.whys
    hidden = memory.desk.file(AUDITOR, number).case
    assert (hidden.whys, hidden.proposals) == ((), ())
