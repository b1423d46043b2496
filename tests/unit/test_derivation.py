"""How a deadline is told, to a machine and to a citizen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, get_args

import pytest

from tanggap.domain import clocks
from tanggap.domain.calendar import DayHours, DayOff, HoursIn, OfficeHours
from tanggap.domain.calendar_id import DAYS_OFF
from tanggap.domain.clocks import ClockState, Why
from tanggap.domain.derivation import Reason, derivation
from tanggap.domain.derivation_course import MOVED_BY
from tanggap.domain.derivation_dict import as_dict
from tanggap.domain.derivation_texts import ENGLISH, INDONESIAN
from tanggap.domain.derivation_words import in_words_en, in_words_id
from tanggap.domain.errors import Invalid
from tanggap.domain.policy import read_policy
from tanggap.domain.promises import EVENTS
from tanggap.domain.terms import Unit
from tanggap.domain.words import Kind
from tanggap.entrypoints.portal import shapes_cases as shapes
from tests.support.derivations import CALENDAR, EXTENDED, LAW, at, clock, derived, entry, paused, with_day_off
from tests.support.world import POLICY

FRIDAY_PRAYER = ((time(11, 30), time(12, 30)),)


# -- in words ----------------------------------------------------------------------------------------------------------


def test_a_citizen_reads_where_a_deadline_comes_from() -> None:
    assert in_words_id(derived(EXTENDED)) == (
        "Tenggat penyelesaian: Selasa, 29 Desember 2026 pukul 16.00 WIB.",
        f"Dasar: {LAW} (aturan untuk permintaan informasi, uu-14-2008, kebijakan versi 3).",
        "Jangka waktu: 3 hari kerja, diperpanjang 1 hari kerja, menjadi 4 hari kerja.",
        "Yang dihitung: hari kerja sesudah hari mulai. Sabtu, Minggu, hari libur dan cuti bersama tidak dihitung.",
        "Hari kerja yang hitungannya sedang berhenti saat kantor tutup tidak dihitung.",
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
        "Jumat, 25 Desember 2026: libur Hari Raya Natal, tidak dihitung.",
        "Sabtu 26 – Minggu 27 Desember 2026: akhir pekan, tidak dihitung.",
        "Hari kerja ke-3: Senin, 28 Desember 2026.",
        "Hari kerja ke-4: Selasa, 29 Desember 2026.",
        "Jumlah: 4 dari 4 hari kerja, genap. Tenggat: Selasa, 29 Desember 2026 pukul 16.00 WIB, saat kantor tutup.",
    )


def test_the_same_is_told_in_english() -> None:
    english = in_words_en(derived(EXTENDED))
    assert english[0] == "Deadline of resolution: 29 December 2026, 16:00 (UTC+7)."
    assert english[1].startswith("Basis: UU 14/2008: 10 working days, once 7 more (rule for request for information,")
    assert english[2] == "Term: 3 working days, extended by 1 working day to 4 working days."
    assert english[7] == "Extended: 1 working day, on 23 December 2026, 11:00 (UTC+7), by the head of the unit."
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
            "Rabu, 10 Maret 2027: libur Hari Raya Idul Fitri (tanggalnya masih perkiraan), tidak dihitung.",
        ),
        ("2026-03-20 09:00", 1, "Minggu, 22 Maret 2026: libur Hari kedua Idul Fitri, tidak dihitung."),
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
    assert "Rabu, 25 November 2026: libur Pemungutan suara (Keppres 10/2026), tidak dihitung." in in_words_id(
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
    assert INDONESIAN.pauses.keys() >= {*EVENTS, *Why}
    assert INDONESIAN.shifts.keys() == set(MOVED_BY.values())


# -- what stands still -------------------------------------------------------------------------------------------------


def test_a_clock_that_stands_still_says_that_its_date_will_move() -> None:
    of = derived(paused(clock("2026-11-23 09:00", 3), "2026-11-25 10:00"))
    assert (of.provisional, of.left) == (True, 2)
    lines = in_words_id(of)
    assert lines[0].startswith("Tenggat penyelesaian: Kamis, 26 November 2026 pukul 16.00 WIB, seandainya hitungan")
    assert lines[-5:] == (
        "Sampai Rabu, 25 November 2026 pukul 10.00 WIB sudah dihitung: 1 dari 3 hari kerja.",
        "Seandainya hitungan berlanjut pada Rabu, 25 November 2026 pukul 10.00 WIB, inilah hari-hari berikutnya.",
        "Hari kerja ke-2: Rabu, 25 November 2026.",
        "Hari kerja ke-3: Kamis, 26 November 2026.",
        "Jumlah: 3 dari 3 hari kerja, genap. Tenggat: Kamis, 26 November 2026 pukul 16.00 WIB, saat kantor tutup.",
    )


def test_what_stands_still_for_days_says_only_those_that_have_come_and_then_what_would_be() -> None:
    of = derivation(paused(clock("2026-11-23 09:00", 3), "2026-11-25 10:00"), CALENDAR, now=at("2026-12-01 09:00"))
    assert (of.due_at, of.left) == (at("2026-12-02 16:00"), 2)
    days = as_dict(of)["days"]
    assert [day["date"] for day in days if day["reason"] == "paused"] == [
        *("2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30")
    ]
    assert [(day["date"], day["number"]) for day in days if day.get("assumed")] == [
        ("2026-12-01", 2),
        ("2026-12-02", 3),
    ]
    assert as_dict(of)["assumed_from"] == "2026-12-01T09:00:00+07:00"
    lines = in_words_id(of)
    assumption = next(index for index, line in enumerate(lines) if line.startswith("Seandainya"))
    assert not any("hitungan berhenti" in line for line in lines[assumption:])
    assert lines[-1].startswith("Jumlah: 3 dari 3 hari kerja, genap. Tenggat: Rabu, 2 Desember 2026")


def test_the_day_on_which_hours_would_go_on_is_told_in_two_parts() -> None:
    of = derivation(
        paused(clock("2026-11-23 09:00", 30, "hours"), "2026-11-23 12:00"), CALENDAR, now=at("2026-11-23 14:00")
    )
    assert [(day.date.day, day.time, day.assumed) for day in of.days] == [
        (23, timedelta(hours=3), False),
        (23, timedelta(hours=10), True),
        (24, timedelta(hours=17), True),
    ]
    assert (of.counted_time, of.left_time) == (timedelta(hours=3), timedelta(hours=27))
    assert "Selasa, 24 November 2026: 17 jam, jumlah sampai di sini 30 jam." in in_words_id(of)


def test_what_was_met_while_it_stood_still_was_in_time() -> None:
    met = clocks.meet(paused(clock("2026-11-23 09:00", 3), "2026-11-25 10:00"), at("2027-01-20 10:00"))
    of = derived(met)
    assert (of.state, of.agrees, of.left) == (ClockState.MET, True, 2)
    lines = in_words_id(of)
    assert "dipenuhi selagi hitungan berhenti" in lines[0]
    assert "Seandainya hitungan tidak berhenti, inilah hari-hari berikutnya." in lines
    assert lines[-1].startswith("Jumlah: 3 dari 3 hari kerja, genap. Tenggat: Kamis, 26 November 2026")


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


# -- for machines ------------------------------------------------------------------------------------------------------


def test_a_machine_reads_the_same() -> None:
    data: dict[str, Any] = as_dict(derived(EXTENDED))
    assert {key: data[key] for key in data if key not in ("days", "label")} == {
        "clock": "resolve",
        "unit": None,
        "state": "running",
        "rule": "resolve.information@uu-14-2008",
        "source": LAW,
        "source_en": "UU 14/2008: 10 working days, once 7 more",
        "policy_version": 3,
        "rule_version": 3,
        "term": {"amount": 3, "unit": "working_days"},
        "amount": 4,
        "started_at": "2026-12-18T13:00:00+07:00",
        "due_at": "2026-12-29T16:00:00+07:00",
        "provisional": False,
        "assumed_from": None,
        "left": 0,
        "moved_from": None,
        "unknown_from": None,
        "agrees": True,
        "hours_in": [],
        "pauses": [{"from": "2026-12-22T10:00:00+07:00", "to": "2026-12-23T09:00:00+07:00", "reason": "needs_info"}],
        "extensions": [{"amount": 1, "at": "2026-12-23T11:00:00+07:00", "by": "unit_head"}],
        "shifts": [],
        "course": [
            {"at": "2026-12-22T10:00:00+07:00", "what": "paused", "was": None, "now": None},
            {"at": "2026-12-23T11:00:00+07:00", "what": "extended", "was": None, "now": None},
        ],
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


RAMADAN = HoursIn(
    "Ramadan 1447 H",
    date(2026, 2, 19),
    date(2026, 3, 20),
    OfficeHours(
        time(8), time(15), breaks=((time(12), time(12, 30)),), days={4: DayHours(time(8), time(15, 30), FRIDAY_PRAYER)}
    ),
    "SE Bupati 3/2026; Perpres 21/2023",
)


FASTING = replace(CALENDAR, hours_in=(RAMADAN,))


def test_a_deadline_by_the_hours_of_ramadan_names_them_and_their_source() -> None:
    found = derived(clock("2026-02-18 10:00", 2, calendar=FASTING), FASTING)
    assert in_words_id(found)[5] == (
        "Jam kantor selama Ramadan 1447 H, Kamis 19 Februari – Jumat 20 Maret 2026: 08.00–15.00, istirahat "
        "12.00–12.30; Jumat 08.00–15.30, istirahat 11.30–12.30 (SE Bupati 3/2026; Perpres 21/2023)."
    )
    assert in_words_en(found)[5] == (
        "Office hours during Ramadan 1447 H, Thursday 19 February – Friday 20 March 2026: 08:00–15:00, break "
        "12:00–12:30; Friday 08:00–15:30, break 11:30–12:30 (SE Bupati 3/2026; Perpres 21/2023)."
    )
    assert in_words_id(found)[-1].endswith("Jumat, 20 Februari 2026 pukul 15.30 WIB, saat kantor tutup.")
    monday, friday = [["08:00", "12:00"], ["12:30", "15:00"]], [["08:00", "11:30"], ["12:30", "15:30"]]
    assert as_dict(found)["hours_in"] == [
        {
            "name": "Ramadan 1447 H",
            "from": "2026-02-19",
            "until": "2026-03-20",
            "source": "SE Bupati 3/2026; Perpres 21/2023",
            "hours": {"1": monday, "2": monday, "3": monday, "4": monday, "5": friday},
        }
    ]


@pytest.mark.parametrize(
    ("started", "amount", "unit", "named"),
    [
        ("2026-02-16 10:00", 1, "working_days", False),  # due on the 18th
        ("2026-02-18 10:00", 1, "working_days", True),
        ("2026-03-16 10:00", 2, "working_days", False),  # through it, and due when it is over
        ("2026-03-16 10:00", 12, "office_hours", True),
        ("2026-03-18 10:00", 2, "office_hours", False),  # its last working day is over
        ("2026-02-18 10:00", 24, "hours", False),
        ("2026-02-18 10:00", 3, "calendar_days", False),
    ],
)
def test_other_hours_are_named_where_they_had_a_part_in_the_deadline(
    started: str, amount: int, unit: Unit, named: bool
) -> None:
    found = derived(clock(started, amount, unit, FASTING), FASTING)
    assert found.hours_in == ((RAMADAN,) if named else ())
    assert any("Ramadan" in line for line in in_words_id(found)) is named


def test_a_pause_that_began_in_ramadan_names_its_hours() -> None:
    of = clock("2026-03-16 10:00", 2, calendar=FASTING)
    of = clocks.resume(clocks.pause(of, at("2026-03-17 15:30"), "needs_info"), at("2026-03-25 09:00"), FASTING)
    assert derived(of, FASTING).hours_in == (RAMADAN,)


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


def test_the_portal_shows_of_a_clock_that_stands_still_one_date_and_the_days_that_lead_to_it() -> None:
    policy = read_policy(POLICY, 3)
    of = paused(clock("2026-11-23 09:00", 3), "2026-11-25 10:00")
    shown = shapes.clock(of, policy, [], at("2026-12-01 09:00"))
    assert shown["due_at"] == shown["derivation"]["due_at"] == "2026-12-02T16:00:00+07:00"
    for rows in (shown["explanation"], shown["derivation"]["days"]):
        assert [day["date"] for day in rows if day.get("assumed")] == ["2026-12-01", "2026-12-02"]
        assert sum(day["counted"] for day in rows) == 3


@pytest.mark.parametrize(
    ("source", "indonesian", "english"),
    [
        ({"id": "Perbup 7/2026", "en": "Regent's Regulation 7/2026"}, "Perbup 7/2026", "Regent's Regulation 7/2026"),
        ("Perbup 7/2026", "Perbup 7/2026", "Perbup 7/2026"),
        ("the agency's own promise", "janji layanan kami sendiri", "the agency's own promise"),  # ours, of before
    ],
)
def test_the_law_is_told_in_the_language_of_the_derivation(source: object, indonesian: str, english: str) -> None:
    term = {"amount": 3, "unit": "working_days", "source": source}
    policy = read_policy({**POLICY, "clocks": {"resolve": {"*": term}}}, 1)
    rule, allowed = policy.allowance("resolve", Kind.COMPLAINT)
    assert allowed
    of = clocks.start("resolve", rule, allowed.term, at("2026-11-23 09:00"), policy.calendar, 1, source=allowed.source)
    words = shapes.clock(of, policy)["derivation"]["words"]
    assert words["id"][1] == f"Dasar: {indonesian} (aturan untuk pengaduan, kebijakan versi 1)."
    assert words["en"][1] == f"Basis: {english} (rule for complaint, policy version 1)."


def test_a_law_that_the_rule_no_longer_has_is_not_given_the_english_of_the_one_it_has() -> None:
    """A clock that was retimed by a version that is kept no more, explained by the one in force."""
    term = {"amount": 3, "unit": "working_days", "source": {"id": "Perbup 9/2027", "en": "Regent's Regulation 9/2027"}}
    policy = read_policy({**POLICY, "clocks": {"resolve": {"*": term}}}, 2)
    of = replace(clock("2026-11-23 09:00", 3), rule="resolve.complaint", source="Perbup 7/2026")
    assert shapes.clock(of, policy)["derivation"]["source_en"] == "Perbup 7/2026"


@pytest.mark.parametrize("source", [{"id": "x"}, {"id": "x", "en": ""}, {"id": "x", "en": "y", "jv": "z"}, {}, 5])
def test_a_law_in_two_languages_has_both(source: object) -> None:
    term = {"amount": 3, "unit": "working_days", "source": source}
    with pytest.raises(Invalid) as refused:
        read_policy({**POLICY, "clocks": {"resolve": {"*": term}}}, 1)
    assert all(fault["place"].startswith("clocks.resolve.*.source") for fault in refused.value.faults)
