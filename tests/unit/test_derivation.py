"""How a deadline is told, to a machine and to a citizen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any, get_args

import pytest

from tanggap.domain import clocks
from tanggap.domain.calendar import WIB, DayOff, OfficeHours, WorkCalendar
from tanggap.domain.calendar_id import DAYS_OFF, KNOWN_UNTIL
from tanggap.domain.clocks import Clock, ClockState
from tanggap.domain.derivation import MOVED_BY, Derivation, Reason, as_dict, derivation
from tanggap.domain.derivation_texts import ENGLISH, INDONESIAN
from tanggap.domain.derivation_words import in_words_en, in_words_id
from tanggap.domain.draft import Draft
from tanggap.domain.extensions import ask
from tanggap.domain.history import Entry
from tanggap.domain.policy import read_policy
from tanggap.domain.promises import EVENTS
from tanggap.domain.recompute import recompute
from tanggap.domain.terms import Extension, Term, Unit
from tanggap.domain.words import Role
from tanggap.entrypoints.portal import shapes
from tests.support.world import COORDINATOR, POLICY, World

CALENDAR = WorkCalendar(WIB, OfficeHours(), DAYS_OFF, KNOWN_UNTIL)
LABEL = {"id": "penyelesaian", "en": "resolution"}
EXTENSIBLE = {"amount": 10, "unit": "working_days", "extension": 7}
LAW = "UU 14/2008: 10 working days, once 7 more"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def clock(started: str, amount: int, unit: Unit = "working_days", calendar: WorkCalendar = CALENDAR) -> Clock:
    rule = "resolve.information@uu-14-2008"
    return clocks.start("resolve", rule, Term(amount, unit), at(started), calendar, 3, source=LAW)


def derived(of: Clock, calendar: WorkCalendar = CALENDAR, *history: Entry) -> Derivation:
    return derivation(of, calendar, LABEL, history)


def entry(event: str, when: str, **data: str) -> Entry:
    return Entry(9, at(when), "officer:siti", event, {"clock": "resolve", **data})


def with_day_off(day: date, off: DayOff) -> WorkCalendar:
    return replace(CALENDAR, days_off={**CALENDAR.days_off, day: off})


def paused(of: Clock, since: str, until: str = "") -> Clock:
    of = clocks.pause(of, at(since), "needs_info")
    return clocks.resume(of, at(until), CALENDAR) if until else of


EXTENDED = clocks.extend(
    paused(clock("2026-12-18 13:00", 3), "2026-12-22 10:00", "2026-12-23 09:00"),
    Extension(1, at("2026-12-23 11:00"), "officer:siti", Role.UNIT_HEAD),
    CALENDAR,
)


# -- in words ----------------------------------------------------------------------------------------------------------


def test_a_citizen_reads_where_a_deadline_comes_from() -> None:
    assert in_words_id(derived(EXTENDED)) == (
        "Tenggat penyelesaian: Selasa, 29 Desember 2026 pukul 16.00 WIB.",
        f"Dasar: {LAW} (aturan resolve.information@uu-14-2008, kebijakan versi 3).",
        "Jangka waktu: 3 hari kerja, diperpanjang 1 hari kerja, menjadi 4 hari kerja.",
        "Yang dihitung: hari kerja sesudah hari mulai, bila hitungan berjalan saat kantor tutup.",
        "Mulai: Jumat, 18 Desember 2026 pukul 13.00 WIB.",
        "Berhenti: Selasa, 22 Desember 2026 pukul 10.00 WIB sampai Rabu, 23 Desember 2026 pukul 09.00 WIB, menunggu "
        "kelengkapan dari pelapor.",
        "Diperpanjang: 1 hari kerja, pada Rabu, 23 Desember 2026 pukul 11.00 WIB, oleh kepala unit.",
        "Jumat, 18 Desember 2026: hari mulai, tidak dihitung.",
        "Sabtu 19 – Minggu 20 Desember 2026: akhir pekan, tidak dihitung.",
        "Hari kerja ke-1: Senin, 21 Desember 2026.",
        "Selasa, 22 Desember 2026: hitungan berhenti, tidak dihitung.",
        "Hari kerja ke-2: Rabu, 23 Desember 2026.",
        "Kamis, 24 Desember 2026: cuti bersama Hari Raya Natal, tidak dihitung.",
        "Jumat, 25 Desember 2026: hari libur Hari Raya Natal, tidak dihitung.",
        "Sabtu 26 – Minggu 27 Desember 2026: akhir pekan, tidak dihitung.",
        "Hari kerja ke-3: Senin, 28 Desember 2026.",
        "Hari kerja ke-4: Selasa, 29 Desember 2026.",
        "Jumlah: 4 dari 4 hari kerja, genap. Tenggat: Selasa, 29 Desember 2026 pukul 16.00 WIB, saat kantor tutup.",
    )


def test_the_same_is_told_in_english() -> None:
    english = in_words_en(derived(EXTENDED))
    assert english[0] == "Deadline of resolution: 29 December 2026, 16:00 (UTC+7)."
    assert english[2] == "Term: 3 working days, extended by 1 working day to 4 working days."
    assert english[6] == "Extended: 1 working day, on 23 December 2026, 11:00 (UTC+7), by the head of the unit."
    assert "Saturday 19 – Sunday 20 December 2026: weekend, not counted." in english
    assert "Working day 4: Tuesday, 29 December 2026." in english
    assert english[-1].startswith("Sum: 4 of 4 working days, complete.")


@pytest.mark.parametrize(
    ("started", "amount", "line"),
    [
        ("2026-01-30 09:00", 1, "Sabtu 31 Januari – Minggu 1 Februari 2026: akhir pekan, tidak dihitung."),
        ("2022-12-30 09:00", 1, "Sabtu 31 Desember 2022 – Minggu 1 Januari 2023: akhir pekan, tidak dihitung."),
        ("2026-03-20 09:00", 1, "Senin 23 – Selasa 24 Maret 2026: cuti bersama Hari Raya Idul Fitri, tidak dihitung."),
        (
            "2027-03-09 09:00",
            1,
            "Rabu, 10 Maret 2027: hari libur Hari Raya Idul Fitri (tanggalnya masih perkiraan), tidak dihitung.",
        ),
        ("2027-12-30 09:00", 2, "Hari kerja ke-2: Senin, 3 Januari 2028 (kalender libur resminya belum ditetapkan)."),
    ],
)
def test_runs_of_free_days_share_a_line(started: str, amount: int, line: str) -> None:
    assert line in in_words_id(derived(clock(started, amount)))


def test_a_calendar_that_nobody_decreed_yet_is_said_with_its_first_day() -> None:
    of = derived(clock("2027-12-30 09:00", 2))
    assert of.unknown_from == date(2028, 1, 1)
    assert any("mulai Sabtu, 1 Januari 2028 belum ditetapkan" in line for line in in_words_id(of))
    assert derived(clock("2027-12-31 20:00", 24, "hours")).unknown_from is None


def test_a_deadline_that_would_fall_on_a_free_day_says_from_where_it_moved() -> None:
    lines = in_words_id(derived(clock("2026-12-23 09:00", 3, "calendar_days")))
    assert lines[-4:] == (
        "Hari ke-3: Sabtu, 26 Desember 2026.",
        "Minggu, 27 Desember 2026: akhir pekan, tenggat bergeser.",
        "Senin, 28 Desember 2026: hari kerja pertama sesudahnya, di sini tenggat jatuh.",
        "Jumlah: 3 dari 3 hari kalender, genap pada Sabtu, 26 Desember 2026, yang bukan hari kerja. Tenggat: Senin, 28 "
        "Desember 2026 pukul 23.59 WIB, akhir hari itu.",
    )


def test_parts_of_days_are_summed_up_as_they_pass() -> None:
    lines = in_words_id(derived(clock("2026-11-20 15:30", 9, "office_hours")))
    assert lines[-5:] == (
        "Jumat, 20 November 2026: 30 menit, jumlah sampai di sini 30 menit.",
        "Sabtu 21 – Minggu 22 November 2026: akhir pekan, tidak dihitung.",
        "Senin, 23 November 2026: 8 jam, jumlah sampai di sini 8 jam 30 menit.",
        "Selasa, 24 November 2026: 30 menit, jumlah sampai di sini 9 jam.",
        "Jumlah: 9 jam dari 9 jam kerja, genap. Tenggat: Selasa, 24 November 2026 pukul 08.30 WIB.",
    )


def test_a_day_that_a_decree_freed_or_filled_names_the_decree() -> None:
    elections = with_day_off(date(2026, 11, 25), DayOff("Pemungutan suara", False, "Keppres 10/2026"))
    of = clocks.recompute(clock("2026-11-23 09:00", 3), elections, 4)
    assert "Rabu, 25 November 2026: hari libur Pemungutan suara (Keppres 10/2026), tidak dihitung." in in_words_id(
        derived(of, elections)
    )
    withdrawn = replace(
        CALENDAR,
        days_off={day: off for day, off in DAYS_OFF.items() if day != date(2026, 12, 24)},
        worked=frozenset({date(2026, 12, 24)}),
    )
    of = clock("2026-12-22 09:00", 2, calendar=withdrawn)
    assert "Hari kerja ke-2: Kamis, 24 Desember 2026 (ditetapkan sebagai hari kerja)." in in_words_id(
        derived(of, withdrawn)
    )


def test_both_languages_have_a_text_for_everything() -> None:
    for table in ("units", "counts", "number", "reasons", "pauses", "granted_by", "shifts", "texts"):
        assert getattr(INDONESIAN, table).keys() == getattr(ENGLISH, table).keys()
    assert INDONESIAN.reasons.keys() >= set(get_args(Reason))
    assert INDONESIAN.pauses.keys() >= EVENTS
    assert INDONESIAN.shifts.keys() == set(MOVED_BY.values())


# -- what stands still -------------------------------------------------------------------------------------------------


def test_a_clock_that_stands_still_says_that_its_date_will_move() -> None:
    of = derived(paused(clock("2026-11-23 09:00", 3), "2026-11-25 10:00"))
    assert (of.provisional, of.left) == (True, 2)
    lines = in_words_id(of)
    assert "seandainya hitungan yang sekarang berhenti langsung berlanjut" in lines[0]
    assert lines[-1] == "Jumlah: baru 1 dari 3 hari kerja."


def test_what_was_met_while_it_stood_still_was_in_time() -> None:
    met = clocks.meet(paused(clock("2026-11-23 09:00", 3), "2026-11-25 10:00"), at("2027-01-20 10:00"))
    of = derived(met)
    assert (of.state, of.agrees, of.left) == (ClockState.MET, True, 2)
    assert "dipenuhi selagi hitungan berhenti" in in_words_id(of)[0]


def test_what_was_resumed_and_met_in_one_instant_has_the_date_it_was_given() -> None:
    met = clocks.meet(
        paused(clock("2026-11-23 09:00", 3), "2026-11-25 10:00", "2026-12-01 10:00"), at("2026-12-01 10:00")
    )
    of = derived(met)
    assert (of.agrees, of.left) == (True, 0)


def test_a_deadline_whose_calendar_is_lost_is_not_said_to_follow_from_another() -> None:
    of = derived(replace(clock("2026-11-23 09:00", 3), due_at=at("2026-11-30 16:00")))
    assert not of.agrees
    lines = in_words_id(of)
    assert any("tidak tersimpan lagi" in line for line in lines)
    assert not any(line.startswith("Jumlah") for line in lines)


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
    assert any("sejak itu berlaku aturan resolve.supervisory" in line for line in lines)
    assert any("dimulai kembali dari awal" in line for line in lines)


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


# -- for machines ------------------------------------------------------------------------------------------------------


def test_a_machine_reads_the_same() -> None:
    data: dict[str, Any] = as_dict(derived(EXTENDED))
    assert {key: data[key] for key in data if key not in ("days", "label")} == {
        "clock": "resolve",
        "unit": None,
        "state": "running",
        "rule": "resolve.information@uu-14-2008",
        "source": LAW,
        "policy_version": 3,
        "term": {"amount": 3, "unit": "working_days"},
        "amount": 4,
        "started_at": "2026-12-18T13:00:00+07:00",
        "due_at": "2026-12-29T16:00:00+07:00",
        "provisional": False,
        "left": 0,
        "moved_from": None,
        "unknown_from": None,
        "agrees": True,
        "pauses": [{"from": "2026-12-22T10:00:00+07:00", "to": "2026-12-23T09:00:00+07:00", "reason": "needs_info"}],
        "extensions": [{"amount": 1, "at": "2026-12-23T11:00:00+07:00", "by": "unit_head"}],
        "shifts": [],
    }
    assert data["days"][:4] == [
        {"date": "2026-12-18", "counted": False, "reason": "day_of_receipt"},
        {"date": "2026-12-19", "counted": False, "reason": "weekend"},
        {"date": "2026-12-20", "counted": False, "reason": "weekend"},
        {"date": "2026-12-21", "counted": True, "reason": "working_day", "number": 1},
    ]
    assert data["days"][6] == {
        "date": "2026-12-24",
        "counted": False,
        "reason": "joint_leave",
        "name": "Cuti Bersama Hari Raya Natal",
    }


def test_seconds_are_told_where_parts_of_days_count() -> None:
    data = as_dict(derived(clock("2026-11-20 15:30", 9, "office_hours")))
    assert [day.get("seconds") for day in data["days"]] == [1800.0, 0.0, 0.0, 28_800.0, 1800.0]


def test_the_portal_shows_the_derivation_beside_the_explanation() -> None:
    policy = read_policy(POLICY, 3)
    moved = entry(
        "clock_moved", "2026-12-22 10:00", policy="3", was="2026-12-28T09:00:00.000Z", now="2026-12-29T09:00:00.000Z"
    )
    shown = shapes.clock(EXTENDED, policy, [moved])
    assert all(set(day) == {"date", "counted", "why"} for day in shown["explanation"])
    derivation_ = shown["derivation"]
    assert [day["date"] for day in derivation_["days"]] == [day["date"] for day in shown["explanation"]]
    assert derivation_["due_at"] == shown["due_at"]
    assert derivation_["label"] == {"id": "penyelesaian", "en": "resolution"}
    assert derivation_["shifts"][0]["policy_version"] == 3
    assert derivation_["words"]["id"][0] == "Tenggat penyelesaian: Selasa, 29 Desember 2026 pukul 16.00 WIB."
    assert json.dumps(shown)


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
