"""A report is classified when its case opens, says why, and an officer's correction is recorded, counted and timed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tanggap.application.ports import ALIKE_LIMIT, CaseFile
from tanggap.application.record import Heard
from tanggap.domain import citizens
from tanggap.domain.case import Case, Link, Message, Sketch
from tanggap.domain.citizens import Opening
from tanggap.domain.classification import Why, classify
from tanggap.domain.clocks import ClockName
from tanggap.domain.errors import Forbidden, Invalid, NotAllowed, NotFound
from tanggap.domain.history import faults_in
from tanggap.domain.likeness import WINDOW, sketch
from tanggap.domain.officers import Correction
from tanggap.domain.words import Channel, Confidentiality, Kind, Priority, Status
from tests.support.portal import Portal
from tests.support.world import AUDITOR, COORDINATOR, LIAISON, OTHER_LIAISON, POLICY, World, fake_aws

WORDS: dict[str, Any] = {
    **copy.deepcopy(POLICY),
    "categories": [
        {"id": "jalan", "name": "Jalan rusak", "unit": "pu", "words": ["jalan rusak", "lubang"]},
        {"id": "ktp", "name": "KTP", "unit": "adm", "words": ["ktp"]},
        {"id": "lain", "name": "Lain-lain"},
    ],
}
TEXT = "Jalan rusak di Jl. Kenanga RT 3, nenek saya jatuh."


@pytest.fixture(params=["memory", "dynamodb"])
def desk(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield World("memory", WORDS)
        return
    with fake_aws():
        yield World("dynamodb", WORDS)


@pytest.fixture
def memory() -> World:
    return World("memory", WORDS)


def opened(world: World, text: str = TEXT, reporter: str | None = "r1", **more: Any) -> Case:
    """A citizen's report, as the pipeline opens it."""
    policy = world.policies.current()
    number = world.ids.number()
    message = Message(
        id=world.ids.new(world.now), case=number, direction="in", channel=Channel.EMAIL, at=world.now, text=text
    )
    report = sketch("", text, reporter)
    opening = Opening(
        number=number,
        message=message,
        reporter=reporter,
        answer=False,
        classified=classify("", text, (), policy),
        sketch=report,
        **more,
    )
    world.cases.commit(citizens.open_case(opening, world.now, "reporter", policy, world.ids).change())
    case = world.cases.case(number)
    assert case
    return case


def heard(world: World, text: str = TEXT, officer: Any = COORDINATOR, **more: Any) -> CaseFile:
    return world.desk.record(officer, Heard(channel=Channel.PHONE, received_at=world.now, text=text, **more))


def correct(world: World, number: str, officer: Any = COORDINATOR, **said: Any) -> CaseFile:
    return world.desk.correct(officer, number, Correction(**said))


def corrections(file: CaseFile) -> list[tuple[str, str, str]]:
    return [(one.data["field"], one.data["was"], one.data["now"]) for one in file.history if one.event == "corrected"]


def resolve_of(case: Case) -> Any:
    return next((clock for clock in case.clocks if clock.name == ClockName.RESOLVE), None)


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


# -- likely duplicates


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


# -- how they are found


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


# -- the API


def test_the_api_shows_what_was_said_and_why_and_takes_a_correction(portal: Portal) -> None:
    body = portal.post(
        COORDINATOR,
        "/v1/cases",
        channel="phone",
        received_at=portal.world.now.isoformat(),
        text="Nenek umur 80 tahun jatuh, ada pungli juga",
        reporter={"name": "Siti", "phone": "0812 0000 1111"},
    ).body
    assert body["priority"] == "high"
    assert body["classification"]["priority"]["value"] == "high"
    assert {"rule": "elderly", "found": "nenek"} in body["classification"]["priority"]["why"]
    assert body["classification"]["kind"] == {"value": "complaint", "why": [{"rule": "default", "found": ""}]}
    assert body["classification"]["unit"] == {"value": None, "why": []}
    assert body["proposed"] == {"kind": {"value": "supervisory", "why": [{"rule": "word", "found": "pungli"}]}}

    path = f"/v1/cases/{body['number']}/classification"
    done = portal.post(COORDINATOR, path, kind="supervisory_complaint", priority="urgent", category="jalan")
    assert done.status == 200
    assert (done.body["kind"], done.body["priority"], done.body["category"]) == ("supervisory", "urgent", "jalan")
    assert done.body["proposed"] == {"unit": {"value": "pu", "why": [{"rule": "category_unit", "found": "jalan"}]}}
    assert done.body["classification"]["priority"]["why"] == [{"rule": "officer", "found": ""}]


def test_the_api_shows_a_proposed_duplicate_and_takes_its_dismissal(portal: Portal) -> None:
    first, second = opened(portal.world, reporter="s1"), opened(portal.world, reporter="s2")
    shown = portal.get(COORDINATOR, f"/v1/cases/{second.number}").body
    assert {"kind": "likely_duplicate_of", "number": first.number, "why": "same_place_and_words"} in shown["links"]
    path = f"/v1/cases/{second.number}/classification"
    assert portal.post(COORDINATOR, path, not_duplicate_of=first.number).body["links"] == []
    assert portal.post(COORDINATOR, path, not_duplicate_of=first.number).status == 422


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": "crime"},
        {"priority": "very"},
        {"category": "nope"},
        {"category": 5},
        {"unit": "pu"},
        {"reason": 5, "priority": "high"},
    ],
)
def test_the_api_refuses_what_is_no_correction(portal: Portal, given: dict[str, Any]) -> None:
    number = opened(portal.world).number
    assert portal.post(COORDINATOR, f"/v1/cases/{number}/classification", **given).status == 422


def test_each_corrected_field_is_counted(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    number = opened(portal.world, "Nenek jatuh", reporter="s9").number
    portal.post(COORDINATOR, f"/v1/cases/{number}/classification", kind="information", priority="normal")
    portal.post(COORDINATOR, f"/v1/cases/{number}/classification", priority="normal")
    portal.get(COORDINATOR, f"/v1/cases/{number}")
    lines = [vars(one) for one in caplog.records if vars(one).get("code") == "classification_corrected"]
    assert [(one["case"], one["times"]) for one in lines] == [(number, 2)]
