"""The deadlines that were worked out by hand (tests/deadlines): the due date, and each day of its derivation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tanggap.domain import clocks
from tanggap.domain.calendar import ZERO, WorkCalendar
from tanggap.domain.case import Case
from tanggap.domain.clock_changes import retime
from tanggap.domain.clocks import Clock, ClockState
from tanggap.domain.deadlines import explain
from tanggap.domain.derivation import DerivedDay, derivation
from tanggap.domain.derivation_words import in_words_en, in_words_id
from tanggap.domain.draft import Draft
from tanggap.domain.policy import read_policy
from tanggap.domain.policy_calendar import read_calendar
from tanggap.domain.policy_reader import Reader
from tanggap.domain.promises import Allowance, Promise
from tanggap.domain.recompute import recompute
from tanggap.domain.terms import Extension, Term
from tanggap.domain.times import spoken
from tanggap.domain.words import Channel, Kind, Status
from tests.support.world import POLICY, CountedIds

FOLDER = Path(__file__).parents[1] / "deadlines"
OFFSETS = {"WIB": "+07:00", "WITA": "+08:00", "WIT": "+09:00"}
EXAMPLES = [
    pytest.param(example, id=f"{path.stem}: {example['name']}")
    for path in sorted(FOLDER.glob("*.json"))
    for example in json.loads(path.read_text())
]
RULES = read_policy(POLICY, 1)
#: Perpres 21/2023: 37.5 hours a week, and 32.5 in Ramadan.
USUAL = {
    "opens": "07:30",
    "closes": "16:00",
    "breaks": [{"from": "12:00", "to": "13:00"}],
    "days": {"5": {"closes": "16:30", "breaks": [{"from": "11:30", "to": "13:00"}]}},
}
RAMADAN = {
    "opens": "08:00",
    "closes": "15:00",
    "breaks": [{"from": "12:00", "to": "12:30"}],
    "days": {"5": {"closes": "15:30", "breaks": [{"from": "11:30", "to": "12:30"}]}},
}
FIELDS = {
    *("name", "start", "zone", "office", "hours_in", "term", "pauses", "extensions", "decree", "changed", "met"),
    *("before", "due", "days", "left", "unknown_from"),
}
_MONTHS = {f"{date(2026, month, 1):%b}": month for month in range(1, 13)}
_ENTRY = re.compile(r"(\w{3}) (\d+) (\w{3})(?: - (\w{3}) (\d+) (\w{3}))?: (.+)")
_WORDS = {
    "day_of_receipt": "start",
    "weekend": "weekend",
    "holiday": "holiday",
    "joint_leave": "joint leave",
    "paused": "paused",
    "outside_hours": "outside hours",
    "next_working_day": "next working day",
}
_NOTES = {"calendar_unknown": ", not decreed", "decreed_working_day": ", made a working day"}


def calendar_of(example: dict[str, Any], *, decreed: bool) -> WorkCalendar:
    decree = example.get("decree", {}) if decreed else {}
    off = [{"date": day, "name": "Libur"} for day in decree.get("off", [])]
    leave = [{"date": day, "name": "Cuti", "joint_leave": True} for day in decree.get("leave", [])]
    periods = decree.get("hours_in", example.get("hours_in", []))
    hours_in = [{"name": f"Ramadan {a[:4]}", "from": a, "until": b, "source": "SE 1", **RAMADAN} for a, b in periods]
    raw = {"days_off": [*off, *leave], "working_days": decree.get("worked", []), "hours_in": hours_in}
    office = USUAL if example.get("office") == "37.5" else example.get("office", {})
    reader = Reader()
    calendar = read_calendar(reader, {"calendar": raw, "office_hours": office}, offset_of(example))
    assert not reader.faults
    return calendar


def offset_of(example: dict[str, Any]) -> str:
    return OFFSETS[example.get("zone", "WIB")]


def instant(text: str, calendar: WorkCalendar) -> datetime:
    at = datetime.fromisoformat(text.removesuffix("Z"))
    return at.replace(tzinfo=UTC if text.endswith("Z") else calendar.zone)


def term_of(text: str) -> Term:
    amount, unit = text.split()
    return Term(int(amount), unit)  # type: ignore[arg-type]


class Worked:
    """An example, lived through in the order of its events."""

    def __init__(self, example: dict[str, Any]) -> None:
        self.example = example
        self.old, self.new = (calendar_of(example, decreed=decreed) for decreed in (False, True))
        self.calendar, self.version = self.old, 1
        self.term, self.kind = term_of(example["term"]), Kind.COMPLAINT
        self.clock = clocks.start("resolve", "resolve.complaint", self.term, self.at(example["start"]), self.old, 1)
        self.before: datetime | None = None
        for _, act, data in sorted(self.events(), key=lambda event: event[0]):
            if act in ("extend", "decree", "change"):
                self.before = self.clock.due_at
            self.clock = getattr(self, act)(data)

    def at(self, text: str) -> datetime:
        return instant(text, self.old)

    def events(self) -> Iterator[tuple[datetime, str, Any]]:
        for gap in self.example.get("pauses", []):
            yield self.at(gap[0]), "pause", gap[0]
            if gap[1:]:
                yield self.at(gap[1]), "resume", gap[1]
        for more in self.example.get("extensions", []):
            yield self.at(more[1]), "extend", more
        if decree := self.example.get("decree"):
            yield self.at(decree["at"]), "decree", decree
        if changed := self.example.get("changed"):
            yield self.at(changed["at"]), "change", changed
        if met := self.example.get("met"):
            yield self.at(met), "meet", met

    def pause(self, at: str) -> Clock:
        return clocks.pause(self.clock, self.at(at), "needs_info")

    def resume(self, at: str) -> Clock:
        return clocks.resume(self.clock, self.at(at), self.calendar)

    def extend(self, more: list[Any]) -> Clock:
        longer = clocks.extend(self.clock, Extension(more[0], self.at(more[1]), "officer:x"), self.calendar)
        assert (longer == self.clock) == (more[2:] == ["refused"])
        return longer

    def decree(self, data: dict[str, Any]) -> Clock:
        """As a newer policy reaches a case."""
        self.calendar = self.new
        draft = self.draft(data["at"], 2, self.term, self.clock.term)
        recompute(draft)
        return self.decided(draft, "clock_moved")

    def change(self, data: dict[str, Any]) -> Clock:
        """As an officer says that the case is of another kind."""
        draft = self.draft(data["at"], self.clock.policy_version, self.term, term_of(data["term"]))
        other = {Kind.COMPLAINT: Kind.SUPERVISORY, Kind.SUPERVISORY: Kind.COMPLAINT}[self.kind]
        draft.set(kind=other)
        retime(draft)
        self.kind = other
        return self.decided(draft, "clock_retimed")

    def draft(self, at: str, version: int, complaint: Term, supervisory: Term) -> Draft:
        """On a case that has the clock, under a policy with the calendar as it is now and these terms."""
        allowed = {(Kind.COMPLAINT, ""): Allowance(complaint), (Kind.SUPERVISORY, ""): Allowance(supervisory)}
        resolve = Promise("resolve", allowed, frozenset({"received"}), frozenset({"answered"}))
        policy = replace(RULES, version=version, calendar=self.calendar, promises={"resolve": resolve})
        case = Case(
            number="TGP-AAAAAAAAA",
            channel=Channel.EMAIL,
            kind=self.kind,
            status=Status.NEEDS_INFO if self.clock.stands_still else Status.NEW,
            received_at=self.clock.started_at,
            last_at=self.clock.started_at,
            policy_version=self.clock.policy_version,
            deadline_basis="",
            clocks=(self.clock,),
        )
        return Draft(case, self.at(at), "system", policy, CountedIds())

    def decided(self, draft: Draft, event: str) -> Clock:
        """A clock whose deadline moved says so in the history of its case."""
        (now,) = draft.case.clocks
        entries = [entry for entry in draft.change().history if entry.event == event]
        assert len(entries) >= ((now.due_at, now.term) != (self.clock.due_at, self.clock.term))
        return now

    def meet(self, at: str) -> Clock:
        return clocks.meet(self.clock, self.at(at))

    @property
    def calendar_of_its_version(self) -> WorkCalendar:
        return self.new if self.clock.policy_version == 2 else self.old


def expanded(days: list[str], first: date) -> list[tuple[date, str]]:
    """One row a day. A range of numbers counts on; anything else is said of each of its days. The weekday that a row
    names must be its date's."""
    found: list[tuple[date, str]] = []
    year, month = first.year, first.month
    for entry in days:
        matched = _ENTRY.fullmatch(entry)
        assert matched, entry
        begin_name, begin, begin_month, end_name, end, end_month, said = matched.groups()
        ends = []
        for name, number, month_name in ((begin_name, begin, begin_month), (end_name, end, end_month)):
            if name is None:
                ends.append(ends[0])
                continue
            year += _MONTHS[month_name] < month
            month = _MONTHS[month_name]
            ends.append(date(year, month, int(number)))
            assert f"{ends[-1]:%a}" == name, entry
        run = [ends[0] + timedelta(days=n) for n in range((ends[1] - ends[0]).days + 1)]
        if numbers := re.fullmatch(r"(\d+)-(\d+)", said):
            counted = range(int(numbers[1]), int(numbers[2]) + 1)
            found += zip(run, map(str, counted), strict=True)
        else:
            found += [(day, said) for day in run]
    return found


def told(day: DerivedDay) -> str:
    """A derived day as the examples write it."""
    if day.number is not None:
        return f"{day.number}{_NOTES.get(day.reason, '')}{', assumed' if day.assumed else ''}"
    if day.time and day.counted:
        minutes = int(day.time.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    moved = "moved, " if day.moved and day.reason != "next_working_day" else ""
    return moved + _WORDS[day.reason]


def test_there_are_enough_examples_and_no_two_have_a_name() -> None:
    names = [example.id for example in EXAMPLES]
    assert len(set(names)) == len(names) >= 60


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_deadline_is_what_was_worked_out_by_hand(example: dict[str, Any]) -> None:
    assert example.keys() <= FIELDS
    worked = Worked(example)
    assert worked.clock.due_at.isoformat(" ") == instant(example["due"], worked.old).isoformat(" ")
    if "before" in example:
        assert worked.before == worked.at(example["before"])


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_day_is_derived_as_it_was_by_hand(example: dict[str, Any]) -> None:
    worked = Worked(example)
    calendar = worked.calendar_of_its_version
    found = derivation(worked.clock, calendar)
    by_hand = expanded(example["days"], found.days[0].date)
    assert [(day.date, told(day)) for day in found.days] == by_hand
    assert found.agrees
    assert found.left == example.get("left", 0)
    assert (found.unknown_from.isoformat() if found.unknown_from else None) == example.get("unknown_from")
    assert [(day.date, day.counted) for day in explain(worked.clock, calendar)] == [
        (day.date, day.counted) for day in found.days
    ]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_words_name_the_deadline_and_every_day(example: dict[str, Any]) -> None:
    worked = Worked(example)
    found = derivation(worked.clock, worked.calendar_of_its_version, {"id": "penyelesaian", "en": "resolution"})
    said, english = in_words_id(found), in_words_en(found)
    assert spoken(worked.clock.due_at, found.zone) in said[0]
    if worked.clock.state is ClockState.RUNNING:
        assert spoken(worked.clock.due_at, found.zone) in said[-1]
    assert len(said) == len(english)
    assert all(line == line.strip() and "{" not in line and "None" not in line for line in (*said, *english))
    counted = [day for day in found.days if day.counted]
    assert sum(line.startswith(("Hari ke-", "Hari kerja ke-")) for line in said) == (
        0 if found.by_time else len(counted)
    )
    assert sum((day.time or ZERO for day in counted), ZERO) == (found.counted_time if found.by_time else ZERO)
