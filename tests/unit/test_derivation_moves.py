"""How it is told what moved a deadline, who moved it, and what became of it in a case's life."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from tanggap.domain import clocks, officers
from tanggap.domain.calendar import DayOff
from tanggap.domain.clocks import Why
from tanggap.domain.derivation import derivation
from tanggap.domain.derivation_dict import as_dict
from tanggap.domain.derivation_words import in_words_en, in_words_id
from tanggap.domain.draft import Draft
from tanggap.domain.extensions import ask
from tanggap.domain.history import Entry
from tanggap.domain.officers import Correction
from tanggap.domain.policy import read_policy
from tanggap.domain.recompute import recompute
from tanggap.domain.terms import Extension
from tanggap.domain.words import Kind, Role
from tests.support.derivations import CALENDAR, EXTENDED, at, clock, derived, entry, paused, with_day_off
from tests.support.world import COORDINATOR, POLICY, World

EXTENSIBLE = {"amount": 10, "unit": "working_days", "extension": 7}


def dates(was: str, now: str) -> dict[str, str]:
    """At the close of these days."""
    return {"was": f"{was}T09:00:00.000Z", "now": f"{now}T09:00:00.000Z"}


# -- what moved it -----------------------------------------------------------------------------------------------------


def test_a_deadline_that_a_newer_policy_moved_says_from_when_to_when() -> None:
    moved = entry(
        "clock_moved",
        "2026-11-24 10:00",
        was="2026-11-26T09:00:00.000Z",
        now="2026-11-27T09:00:00.000Z",
        policy="4",
        rule="resolve.complaint",
    )
    elections = with_day_off(date(2026, 11, 25), DayOff("Pemilu"))
    of = derived(clocks.recompute(clock("2026-11-23 09:00", 3), elections, 4), elections, moved)
    assert (
        "Pada Selasa, 24 November 2026 pukul 10.00 WIB tenggat dihitung ulang menurut kebijakan versi 4: dari Kamis, "
        "26 November 2026 pukul 16.00 WIB menjadi Jumat, 27 November 2026 pukul 16.00 WIB." in in_words_id(of)
    )
    assert as_dict(of)["shifts"] == [
        {
            "at": "2026-11-24T10:00:00+07:00",
            "by": "policy",
            "rule": "resolve.complaint",
            "was": "2026-11-26T16:00:00+07:00",
            "now": "2026-11-27T16:00:00+07:00",
            "policy_version": 4,
            "why": None,
        }
    ]


def test_another_kind_and_a_new_start_are_told_too() -> None:
    of = derived(
        clock("2026-11-23 09:00", 3),
        CALENDAR,
        entry("clock_retimed", "2026-11-24 10:00", rule="resolve.supervisory"),
        entry("clock_restarted", "2026-11-23 09:00"),
    )
    assert [one.by for one in of.shifts] == ["rule", "restart"]
    lines = in_words_id(of)
    assert any("sejak itu berlaku aturan untuk pengaduan berkadar pengawasan" in line for line in lines)
    assert any("dimulai kembali dari awal" in line for line in lines)


def test_what_happened_is_told_in_order_and_each_date_goes_on_from_the_one_before() -> None:
    """A pause, more time, another kind, none at all (praise), and the first again."""
    of = paused(clock("2026-11-20 09:00", 5), "2026-11-23 10:00", "2026-11-24 09:00")
    of = clocks.extend(of, Extension(1, at("2026-11-24 11:00"), "officer:siti", Role.UNIT_HEAD), CALENDAR)
    told = in_words_id(
        derived(
            of,
            CALENDAR,
            entry("clock_retimed", "2026-11-25 10:00", rule="resolve.supervisory", **dates("2026-12-01", "2026-12-11")),
            entry("clock_stopped", "2026-11-26 10:00", rule="resolve.supervisory", why="rule"),
            entry("clock_continued", "2026-11-27 10:00", rule="resolve.complaint", **dates("2026-12-11", "2026-12-01")),
        )
    )
    assert told[6:11] == (
        "Berhenti: Senin, 23 November 2026 pukul 10.00 WIB sampai Selasa, 24 November 2026 pukul 09.00 WIB, menunggu "
        "kelengkapan dari pelapor.",
        "Diperpanjang: 1 hari kerja, pada Selasa, 24 November 2026 pukul 11.00 WIB, oleh kepala unit; tenggat menjadi "
        "Selasa, 1 Desember 2026 pukul 16.00 WIB.",
        "Pada Rabu, 25 November 2026 pukul 10.00 WIB jenis laporan atau dasar tenggatnya berubah; sejak itu berlaku "
        "aturan untuk pengaduan berkadar pengawasan, dihitung dari saat mulai yang sama: dari Selasa, 1 Desember 2026 "
        "pukul 16.00 WIB menjadi Jumat, 11 Desember 2026 pukul 16.00 WIB.",
        "Pada Kamis, 26 November 2026 pukul 10.00 WIB tenggat tidak berlaku lagi: laporan sejenis ini tidak mengenal "
        "tenggat tersebut.",
        "Pada Jumat, 27 November 2026 pukul 10.00 WIB tenggat berlaku kembali menurut aturan untuk pengaduan: dari "
        "Jumat, 11 Desember 2026 pukul 16.00 WIB menjadi Selasa, 1 Desember 2026 pukul 16.00 WIB.",
    )
    assert told[-1].startswith("Jumlah: 6 dari 6 hari kerja, genap. Tenggat: Selasa, 1 Desember 2026")


def test_a_pause_after_a_move_says_what_the_deadline_became() -> None:
    of = paused(clock("2026-11-23 09:00", 5), "2026-11-25 10:00", "2026-11-27 09:00")
    retimed = entry("clock_retimed", "2026-11-24 10:00", rule="resolve.complaint", **dates("2026-12-14", "2026-11-30"))
    course = as_dict(derived(of, CALENDAR, retimed))["course"]
    assert [(one["what"], (one["was"] or "")[:10], (one["now"] or "")[:10]) for one in course] == [
        ("rule", "2026-12-14", "2026-11-30"),
        ("paused", "2026-11-30", "2026-12-02"),
    ]
    assert course[-1]["now"] == as_dict(derived(of, CALENDAR, retimed))["due_at"]


def test_what_happened_within_a_pause_stands_between_its_begin_and_its_end() -> None:
    of = paused(clock("2026-11-23 09:00", 5), "2026-11-24 10:00", "2026-11-26 09:00")
    moved = entry("clock_moved", "2026-11-25 10:00", policy="4", **dates("2026-11-30", "2026-12-01"))
    lines = in_words_id(derived(of, CALENDAR, moved))
    begun = lines.index("Berhenti: sejak Selasa, 24 November 2026 pukul 10.00 WIB, menunggu kelengkapan dari pelapor.")
    assert "kebijakan versi 4" in lines[begun + 1]
    assert lines[begun + 2] == (
        "Dilanjutkan: Kamis, 26 November 2026 pukul 09.00 WIB; tenggat menjadi Rabu, 2 Desember 2026 pukul 16.00 WIB."
    )


def test_a_deadline_that_holds_no_more_says_so_and_counts_nothing() -> None:
    of = clocks.stop(clock("2026-11-23 09:00", 3), at("2026-11-24 10:00"), Why.RULE)
    lines = in_words_id(derived(of, CALENDAR, entry("clock_stopped", "2026-11-24 10:00", why="rule")))
    assert lines[0] == (
        "Tenggat penyelesaian: tidak berlaku lagi. Terakhir jatuh pada Kamis, 26 November 2026 pukul 16.00 WIB."
    )
    assert lines[-1].endswith("laporan sejenis ini tidak mengenal tenggat tersebut.")
    assert in_words_en(derived(of))[0].startswith("Deadline of resolution: it holds no more.")


def test_what_stood_still_while_a_unit_was_away_is_told_once() -> None:
    of = clocks.stop(replace(clock("2026-11-23 09:00", 3), unit="pu"), at("2026-11-24 10:00"), Why.WITHDRAWN)
    of = clocks.owe(of, at("2026-11-26 10:00"), CALENDAR)
    history = [
        entry("clock_stopped", "2026-11-24 10:00", unit="pu", why="withdrawn"),
        entry("clock_continued", "2026-11-26 10:00", unit="pu", **dates("2026-11-26", "2026-11-30")),
    ]
    found = derived(of, CALENDAR, *history)
    assert [one["what"] for one in as_dict(found)["course"]] == ["stopped", "continued"]
    assert found.agrees and found.due_at == at("2026-11-30 16:00")
    alone = in_words_id(derived(of))  # a case whose history is not at hand
    assert any(line.endswith("unit tersebut tidak lagi menangani laporan ini.") for line in alone)


@pytest.mark.parametrize(
    "other",
    [
        entry("clock_moved", "2026-11-20 10:00"),  # of the clock that ran before
        replace(entry("clock_moved", "2026-11-24 10:00"), data={"clock": "verify"}),
        replace(entry("clock_moved", "2026-11-24 10:00"), data={"clock": "resolve", "unit": "pu"}),
        entry("clock_met", "2026-11-24 10:00"),
    ],
)
def test_what_moved_another_clock_is_not_told(other: Entry) -> None:
    assert derived(clock("2026-11-23 09:00", 3), CALENDAR, other).shifts == ()


# -- who ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "role", "told"),
    [
        ("officer:siti", "coordinator", "oleh koordinator."),
        ("officer:siti", "", "oleh petugas yang berwenang."),
        ("officer:siti", "juru-bayar", "oleh petugas yang berwenang."),
        ("system", "", "oleh sistem."),
    ],
)
def test_who_granted_more_time_is_told_by_office(by: str, role: str, told: str) -> None:
    of = derived(clocks.extend(clock("2026-11-23 09:00", 3), Extension(2, at("2026-11-24 09:00"), by, role), CALENDAR))
    assert any(line.startswith("Diperpanjang") and line.endswith(told) for line in in_words_id(of))


@pytest.mark.parametrize("role", ["", Role.COORDINATOR])
def test_nobody_is_named(role: str) -> None:
    longer = Extension(2, at("2026-12-23 12:00"), "officer:siti", role)
    of = derived(
        clocks.extend(EXTENDED, longer, CALENDAR), CALENDAR, entry("clock_moved", "2026-12-22 10:00", policy="4")
    )
    told = json.dumps([as_dict(of), in_words_id(of), in_words_en(of)])
    assert "siti" not in told


@pytest.mark.parametrize("role", [*Role])
def test_every_role_has_a_name_in_both_languages(role: Role) -> None:
    of = derived(clocks.extend(clock("2026-11-23 09:00", 3), Extension(2, at("2026-11-24 09:00"), "x", role), CALENDAR))
    assert not any("petugas yang berwenang" in line for line in in_words_id(of))
    assert not any("an officer who may" in line for line in in_words_en(of))


# -- in a case's life --------------------------------------------------------------------------------------------------


def test_a_case_under_a_new_decree_explains_its_deadlines_by_it_and_says_what_moved() -> None:
    world = World()
    number = world.new_case()
    row = {"date": "2026-11-25", "name": "Pemungutan suara", "decree": "Keppres 10/2026"}
    policy = read_policy({**POLICY, "calendar": {"days_off": [row]}}, 2)
    draft = Draft(world.cases.case(number), world.later(days=1), "system", policy, world.ids)
    recompute(draft)
    history = draft.change().history
    told = {of.name: derivation(of, policy.calendar, history=history) for of in draft.case.clocks}
    assert all(of.agrees and of.policy_version == 2 for of in told.values())
    assert [(one.by, one.policy_version) for one in told["resolve"].shifts] == [("policy", 2)]
    assert told["resolve"].shifts[0].now == told["resolve"].due_at == at("2026-12-14 16:00")
    assert told["first_response"].shifts == ()
    assert any("Keppres 10/2026" in line for line in in_words_id(told["verify"]))


def test_a_kind_that_is_changed_again_and_again_is_told_in_order_and_adds_up() -> None:
    """A request for information, praise (which has no such deadline), a complaint, and information again; a pause in
    between."""
    world = World()
    policy = read_policy(POLICY, 1)
    case = world.cases.case(world.new_case())
    told: list[Entry] = []
    acts: list[Correction | str] = [
        Correction(kind=Kind.INFORMATION),
        Correction(kind=Kind.PRAISE),
        Correction(kind=Kind.COMPLAINT),
        "incomplete",
        "accept",
        Correction(kind=Kind.SUPERVISORY),
        Correction(kind=Kind.INFORMATION),
    ]
    for day, act in enumerate(acts):
        when = world.later(days=day)
        if isinstance(act, Correction):
            draft = officers.correct(case, COORDINATOR, act, (), (), when, policy, world.ids)
        else:
            draft = officers.verify(case, COORDINATOR, act, "RT berapa?", (), when, policy, world.ids)
        change = draft.change()
        assert change.case
        case = change.case
        told += change.history
        for clock_ in case.clocks:
            if not clock_.ticking or clock_.stands_still:
                continue
            found = derivation(clock_, policy.calendar, history=told)
            moves = [turn for turn in found.course if turn.now]
            assert found.agrees and not found.left
            assert all(later.was == earlier.now for earlier, later in pairwise(moves))
            assert not moves or moves[-1].now == found.due_at
            assert [turn.at for turn in found.course] == sorted(turn.at for turn in found.course)
    resolve = next(one for one in case.clocks if one.name == "resolve")
    found = derivation(resolve, policy.calendar, history=told)
    what = [one["what"] for one in as_dict(found)["course"]]
    assert what == ["rule", "stopped", "continued", "paused", "rule", "rule"]
    assert any("tenggat tidak berlaku lagi" in line for line in in_words_id(found))


def test_more_time_that_was_granted_adds_up_and_names_nobody() -> None:
    world = World()
    policy = read_policy({**POLICY, "clocks": {"resolve": {"complaint": EXTENSIBLE}}}, 2)
    case = world.cases.case(world.new_case())
    draft = ask(case, COORDINATOR, "resolve", "", "Data belum lengkap.", (), world.later(days=1), policy, world.ids)
    resolve = draft.clock("resolve")
    assert resolve
    found = derivation(resolve, policy.calendar, history=draft.change().history)
    assert (found.agrees, found.amount, found.left) == (True, 17, 0)
    assert "koor1" not in json.dumps([as_dict(found), in_words_id(found), in_words_en(found)])
