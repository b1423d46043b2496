"""The two policies that an agency starts from: valid, meaning what they say, and every field of a policy told."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tanggap.domain import (
    chat_rules,
    classification_rules,
    intake_rules,
    policy_channels,
    policy_checks,
    policy_retention,
)
from tanggap.domain.calendar import WIB
from tanggap.domain.clocks import start
from tanggap.domain.policy import _KNOWN, Policy, first_policy, read_policy
from tanggap.domain.policy_hints import hints_for
from tanggap.domain.policy_promises import SETTINGS
from tanggap.domain.terms import Term
from tanggap.domain.words import Kind
from tests.support.world import DOMAIN

FOLDER = Path(__file__).parents[2] / "infra" / "policies"
FILES = sorted(FOLDER.glob("*.json"))
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def raw_of(name: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{name}.json").read_text()))


def policy_of(name: str) -> Policy:
    return read_policy(raw_of(name), 1)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_each_has_no_fault_and_nothing_to_be_hinted_at(path: Path) -> None:
    raw = json.loads(path.read_text())
    policy = read_policy(raw, 1)
    assert policy_checks.faults_in(raw, DOMAIN) == policy_checks.faults_of(policy) == []
    assert list(hints_for(policy, policy, NOW)) == []


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_no_address_of_theirs_can_be_somebodys(path: Path) -> None:
    addresses = re.findall(r"[^\s\"]+@[^\s\"]+", path.read_text())
    for address in addresses:
        assert address.endswith(".example") or address == "information@uu-14-2008"


def test_a_village_gets_what_a_new_stack_has_with_names_filled_in() -> None:
    village = policy_of("desa")
    new = read_policy(first_policy(village.agency, "+07:00", "sekretaris@desa-contoh.example"), 1)
    for part in ("calendar", "promises", "deadline_basis", "categories", "letters", "intake", "triage"):
        assert getattr(village, part) == getattr(new, part), part
    assert (village.digests, village.retention) == (new.digests, new.retention)
    assert village.units.keys() == new.units.keys()
    assert village.people.roles == new.people.roles == {}


# -- the regency


def test_the_regency_has_twelve_units_each_with_head_deputy_and_liaison_and_a_category_with_words() -> None:
    regency = policy_of("kabupaten")
    assert len(regency.units) == 12
    for unit in regency.units.values():
        assert unit.head and unit.deputies and unit.liaisons
        assert len({*unit.head, *unit.deputies, *unit.liaisons}) == 3
    assert set(regency.triage.units.values()) == set(regency.units)
    listed = {one.value for rows in regency.triage.index.values() for one in rows if one.what == "category"}
    assert listed == set(regency.categories)


def test_its_ladder_climbs_from_the_liaison_to_the_bupati_and_the_inspectorate() -> None:
    regency = policy_of("kabupaten")
    told = [(step.id, regency.audience(step.audience, "dpupr")) for step in regency.promises["resolve"].ladder]
    host = "kab-contoh.example"
    assert told == [
        ("remind", (f"pengaduan@dpupr.{host}",)),
        ("warn", (f"sekretaris@dpupr.{host}",)),
        ("breach", (f"kepala@dpupr.{host}",)),
        ("sekda", (f"sekda@setda.{host}",)),
        ("bupati", (f"ajudan-bupati@setda.{host}",)),
        ("inspectorate", (f"pengaduan@inspektorat.{host}",)),
    ]


def test_who_is_away_is_stood_in_for_and_only_then() -> None:
    regency = policy_of("kabupaten")

    def head(day: str) -> tuple[str, ...]:
        return regency.audience("unit_head", "dpupr", datetime.fromisoformat(f"{day}T10:00:00+07:00"))

    assert head("2026-12-27") == head("2027-01-09") == ("kepala@dpupr.kab-contoh.example",)
    assert head("2026-12-28") == head("2027-01-08") == ("sekretaris@dpupr.kab-contoh.example",)


def test_a_formal_request_for_information_has_the_laws_ten_days_and_seven_more() -> None:
    for name in ("desa", "kabupaten"):
        rule, allowed = policy_of(name).allowance("resolve", Kind.INFORMATION, "uu-14-2008")
        assert (rule, allowed and (allowed.term, allowed.extension)) == (
            "resolve.information@uu-14-2008",
            (Term(10, "working_days"), 7),
        )
        _, by_practice = policy_of(name).allowance("resolve", Kind.INFORMATION, "practice-panrb-62-2018")
        assert by_practice and by_practice.term == Term(5, "working_days")


def test_a_broken_promise_by_the_hour_is_told_at_night_and_a_reminder_is_not() -> None:
    regency = policy_of("kabupaten")
    clock = start("first_response", "x", Term(24, "hours"), NOW, regency.calendar, 1)
    assert {step.id: step.at_once(clock) for step in regency.promises["first_response"].ladder} == {
        "warn": False,
        "breach": True,
        "sekda": False,
    }


def test_its_office_keeps_its_hours_of_friday() -> None:
    calendar = policy_of("kabupaten").calendar
    friday, thursday = date(2026, 11, 27), date(2026, 11, 26)
    assert calendar.zone == WIB
    assert (calendar.closing(thursday).time(), calendar.closing(friday).time()) == (time(16), time(16, 30))
    for day in (thursday, friday):
        morning = datetime.combine(day, time(0), WIB)
        assert calendar.office_time_between(morning, morning + timedelta(days=1)) == timedelta(hours=7.5)


def test_its_office_keeps_the_32_and_a_half_hours_of_ramadan() -> None:
    calendar = policy_of("kabupaten").calendar
    monday = datetime(2027, 2, 15, tzinfo=WIB)
    assert calendar.office_time_between(monday, monday + timedelta(days=7)) == timedelta(hours=32.5)
    assert [calendar.closing(date(2027, 2, day)).time() for day in (18, 19)] == [time(15), time(15, 30)]
    assert calendar.period(date(2027, 3, 10)) is None, "Idul Fitri by the calendar of the release"


# -- the documentation


def documented() -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", (FOLDER / "README.md").read_text(), re.MULTILINE))


def known() -> set[str]:
    """Every field that the code reads, by its place."""
    places = set(_KNOWN)
    for pattern, fields in policy_checks.FIELDS.items():
        places |= {f"{pattern}.{name}" for name in fields}
        places.add(pattern.removesuffix("[]"))
    places |= {f"clocks.*.{name}" for name in SETTINGS}
    places |= {f"intake.{name}" for name in intake_rules.LIMITS}
    places |= {f"chat.{name}" for name in chat_rules.LIMITS}
    places |= {
        f"channels.{'*' if name == 'mail_first' else channel}.{name}"
        for channel, fields in policy_channels.FIELDS.items()
        for name in fields
    }
    templates = "channels.whatsapp.templates.*"
    places |= {templates, *(f"{templates}.{name}" for name in policy_channels.TEMPLATE_FIELDS)}
    places |= {"retention.closed_cases", "retention.closed_cases.*"}
    places |= {f"retention.closed_cases.*.{name}" for name in policy_retention.FIELDS}
    places |= {f"triage.{name}" for name in (*classification_rules.TABLES, "kinds", "defaults")}
    # Told once: a clock's own ladder is one like any other, and a day's breaks are breaks.
    elsewhere = (
        "clocks.*.ladder[]",
        "office_hours.days.*.breaks[]",
        "calendar.hours_in[].breaks[]",
        "calendar.hours_in[].days.*.",
    )
    return {place for place in places if not place.startswith(elsewhere)}


def test_no_field_is_undocumented_and_none_is_documented_that_is_not_read() -> None:
    assert documented() == known()


def test_every_field_that_is_documented_with_a_bound_is_refused_beyond_it() -> None:
    """The bounds of the table, tried."""
    beyond: dict[str, tuple[dict[str, Any], str]] = {
        "agency": ({"agency": "x" * 201}, "agency"),
        "units": (
            {
                "units": [
                    {"id": f"u{n}", "name": "x", "head": ["a@b.example"], "liaisons": ["a@b.example"]}
                    for n in range(201)
                ]
            },
            "units",
        ),
        "roles": ({"roles": [{"id": f"r{n}", "name": "x", "addresses": ["a@b.example"]} for n in range(51)]}, "roles"),
        "clocks.*.*.amount": ({"clocks": {"verify": {"*": {"amount": 2001, "unit": "hours"}}}}, "clocks.verify.*"),
        "clocks.*.*.extension": (
            {"clocks": {"verify": {"*": {"amount": 1, "unit": "hours", "extension": 2001}}}},
            "clocks.verify.*.extension",
        ),
        "intake.notices_per_hour": ({"intake": {"notices_per_hour": 61}}, "intake.notices_per_hour"),
        "calendar.working_days": ({"calendar": {"working_days": ["2026-12-24"] * 367}}, "calendar.working_days"),
    }
    for field, (parts, place) in beyond.items():
        assert field in documented()
        raw = {**copy.deepcopy(raw_of("desa")), **parts}
        faults = policy_checks.faults_in(raw, DOMAIN)
        try:
            read_policy(raw, 1)
        except Exception as error:
            faults += getattr(error, "faults", ())
        assert place in {fault["place"] for fault in faults}, field
