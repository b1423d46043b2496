"""How a desk stands, by hand and by any cases at all; and what the letters say of it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.domain.case import Case
from tanggap.domain.clocks import Clock, ClockState
from tanggap.domain.digest import Figures, Span, Standing, Worklist, figures, worklist
from tanggap.domain.digest_letters import LISTED, Contents, digest_letter, new_cases_letter, office
from tanggap.domain.numbers import number_from
from tanggap.domain.policy import Policy, read_policy
from tanggap.domain.terms import Term
from tanggap.domain.words import Channel, Confidentiality, Kind, Status
from tests.support.world import POLICY

#: Monday, half past seven in Jakarta.
NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
SPAN = Span(NOW - timedelta(days=3), NOW)
DAYS = Term(5, "working_days")


def the_policy() -> Policy:
    return read_policy(copy.deepcopy(POLICY), 1)


P = the_policy()


def clock(name: str, due: timedelta, **more: Any) -> Clock:
    values: dict[str, Any] = {"state": ClockState.RUNNING, **more}
    return Clock(name, f"{name}.*", 1, DAYS, NOW - timedelta(days=9), NOW + due, **values)


def case(place: int = 0, *clocks: Clock, **more: Any) -> Case:
    values: dict[str, Any] = {
        "number": number_from(7 + place * 104_729),
        "channel": Channel.EMAIL,
        "kind": Kind.COMPLAINT,
        "status": Status.IN_PROGRESS,
        "received_at": NOW - timedelta(days=9),
        "last_at": NOW - timedelta(days=1),
        "policy_version": 1,
        "deadline_basis": "practice",
        "unit": "pu",
        "subject": "Jalan rusak",
        "clocks": clocks,
    }
    return Case(**{**values, **more})


def standing(one: Case, desks: tuple[str | None, ...] = ("pu",)) -> Standing:
    (line,) = worklist([one], desks, SPAN, P).lines
    return line.standing


REPLY = clock("reporter_reply", timedelta(days=9))
LATE, SOON, FAR = -timedelta(hours=1), timedelta(days=1, hours=8), timedelta(days=4)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (case(0, clock("resolve", LATE)), Standing.LATE),  # though no sweep has seen it yet
        (case(0, clock("resolve", LATE, state=ClockState.MISSED, missed_at=NOW)), Standing.LATE),
        (case(0, clock("resolve", LATE, state=ClockState.MISSED, missed_at=NOW, met_at=NOW)), Standing.OTHER),
        (case(0, clock("resolve", timedelta(0))), Standing.LATE),
        (case(0, clock("resolve", timedelta(hours=8))), Standing.DUE),
        (case(0, clock("resolve", SOON)), Standing.DUE),  # Tuesday's close
        (case(0, clock("resolve", timedelta(days=2))), Standing.OTHER),
        (case(0, clock("resolve", FAR), clock("verify", LATE)), Standing.LATE),
        (case(0, clock("resolve", SOON, state=ClockState.PAUSED), REPLY, status=Status.NEEDS_INFO), Standing.WAITING),
        (case(0, REPLY, status=Status.ANSWERED), Standing.WAITING),
        (case(0, clock("resolve", SOON), REPLY, status=Status.ANSWERED), Standing.DUE),
        (case(0, clock("reporter_reply", LATE), status=Status.ANSWERED), Standing.WAITING),
        (case(0), Standing.OTHER),
        (case(0, clock("follow_up", LATE, unit="pu")), Standing.LATE),
        (case(0, clock("follow_up", LATE, unit="adm"), others=("adm",)), Standing.OTHER),  # is adm's
    ],
)
def test_a_case_is_late_or_due_or_waiting_or_none_of_it(one: Case, expected: Standing) -> None:
    assert standing(one) is expected


def test_a_unit_beside_the_lead_owes_its_own_clock_and_no_other() -> None:
    one = case(0, clock("resolve", LATE), clock("follow_up", SOON, unit="adm"), others=("adm",))
    assert standing(one, ("adm",)) is Standing.DUE
    assert standing(one, ("pu",)) is Standing.LATE
    assert standing(one, ("pu", "adm")) is Standing.LATE


def test_what_no_unit_has_is_the_coordinators() -> None:
    one = case(0, clock("verify", LATE), unit=None, status=Status.NEW)
    assert standing(one, (None,)) is Standing.LATE
    assert standing(one, ("pu",)) is Standing.OTHER


def test_on_friday_the_next_working_day_is_monday() -> None:
    friday = Span(NOW - timedelta(days=4), NOW - timedelta(days=3))
    monday = case(0, clock("resolve", timedelta(hours=8)))
    tuesday = case(1, clock("resolve", timedelta(hours=33)))
    found = worklist([monday, tuesday], ("pu",), friday, P)
    assert [line.standing for line in found.lines] == [Standing.DUE, Standing.OTHER]


def test_the_oldest_deadline_stands_first() -> None:
    found = worklist(
        [case(0, clock("resolve", LATE)), case(1, clock("resolve", -timedelta(days=9))), case(2, REPLY)],
        ("pu",),
        SPAN,
        P,
    )
    assert [line.number for line in found.lines] == [case(1).number, case(0).number, case(2).number]


def test_new_is_what_came_to_this_desk_since_the_last_digest() -> None:
    here = NOW - timedelta(days=1)
    received = case(0, received_at=here)
    assigned = case(1, Clock("follow_up", "", 1, DAYS, here, NOW + FAR, unit="pu"))
    old, too_new = case(2), case(3, received_at=NOW - timedelta(minutes=4))
    found = worklist([received, assigned, old, too_new], ("pu",), SPAN, P)
    assert {line.number for line in found.new} == {received.number, assigned.number}


def test_a_letter_that_lay_for_a_week_is_new_on_the_day_it_is_recorded() -> None:
    one = case(0, received_at=NOW - timedelta(days=8), opened_at=NOW - timedelta(hours=1))
    assert worklist([one], ("pu",), SPAN, P).new
    assert figures("pu", [one], SPAN, P).new == 1


def test_what_one_digest_leaves_out_as_too_new_the_next_one_has() -> None:
    one, later = case(0, received_at=NOW - timedelta(minutes=4)), Span(NOW, NOW + timedelta(days=1))
    assert [bool(worklist([one], ("pu",), span, P).new) for span in (SPAN, later)] == [False, True]


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (case(0, clock("resolve", LATE)), True),
        (case(0, clock("resolve", SOON)), True),
        (case(0, received_at=NOW - timedelta(hours=1)), True),
        (case(0, clock("resolve", FAR)), False),
        (case(0, REPLY, status=Status.ANSWERED), False),
    ],
)
def test_who_only_waits_or_has_time_is_left_alone(one: Case, says: bool) -> None:
    assert worklist([one], ("pu",), SPAN, P).says_something is says


def moments() -> st.SearchStrategy[timedelta]:
    return st.integers(-400, 400).map(lambda hours: timedelta(hours=hours))


clocks_of_a_case = st.builds(
    clock,
    st.sampled_from(["first_response", "verify", "resolve", "reporter_reply", "a_clock_of_old"]),
    moments(),
    state=st.sampled_from(list(ClockState)),
    met_at=st.one_of(st.none(), st.just(NOW - timedelta(days=1))),
    unit=st.sampled_from(["", "pu", "adm"]),
    steps_done=st.lists(st.sampled_from(["remind", "breach", "leadership"]), unique=True).map(tuple),
)
any_case = st.builds(
    lambda place, clocks, **more: case(place, *clocks, **more),
    st.integers(0, 40),
    st.lists(clocks_of_a_case, max_size=4),
    status=st.sampled_from(list(Status)),
    unit=st.sampled_from([None, "pu", "adm"]),
    received_at=moments().map(lambda by: NOW - abs(by)),
    ended_at=st.one_of(st.none(), moments().map(lambda by: NOW - abs(by))),
)
desks = st.sets(st.sampled_from([None, "pu", "adm"]), min_size=1)


@given(st.lists(any_case, max_size=10), desks)
def test_every_open_case_is_in_exactly_one_part_of_its_digest(cases: list[Case], mine: set[str | None]) -> None:
    found = worklist(cases, mine, SPAN, P)
    by_part = [line.number for part in Standing for line in found.of(part)]
    assert sorted(by_part) == sorted({one.number for one in cases if not one.ended})


@given(st.lists(any_case, max_size=10, unique_by=lambda one: one.number))
def test_the_units_figures_add_up_and_no_part_is_larger_than_its_whole(cases: list[Case]) -> None:
    each = [figures(unit, cases, SPAN, P) for unit in (None, "pu", "adm")]
    total = sum(each, Figures())
    assert total.open == sum(not one.ended for one in cases)
    assert total.closed == sum(one.ended and SPAN.holds(one.ended_at) for one in cases)
    assert total.new == sum(SPAN.holds(one.received_at) for one in cases)
    for one in each:
        assert one.beyond <= one.late <= one.open
        assert one.late + one.due <= one.open
        assert one.in_time <= one.judged


@given(st.lists(any_case, max_size=10, unique_by=lambda one: one.number))
def test_a_case_is_late_in_the_list_when_it_is_late_in_the_figures(cases: list[Case]) -> None:
    everything = {None, "pu", "adm"}
    late = len(worklist(cases, everything, SPAN, P).of(Standing.LATE))
    assert late == sum((figures(unit, cases, SPAN, P) for unit in everything), Figures()).late


def test_figures_count_what_happened_since_the_last_digest() -> None:
    yesterday, long_ago = NOW - timedelta(days=1), NOW - timedelta(days=30)
    answered_in_time = case(0, clock("resolve", FAR, state=ClockState.MET, met_at=yesterday), status=Status.ANSWERED)
    closed_late = case(
        1, clock("resolve", LATE, state=ClockState.MISSED, met_at=yesterday), status=Status.CLOSED, ended_at=yesterday
    )
    answered_before = case(2, clock("resolve", FAR, state=ClockState.MET, met_at=long_ago), status=Status.ANSWERED)
    beyond = case(3, clock("resolve", LATE, state=ClockState.MISSED, steps_done=("breach", "leadership")))
    this_week = case(4, clock("resolve", FAR), received_at=yesterday)
    beside = case(5, clock("resolve", LATE), unit="adm", others=("pu",))
    found = figures("pu", [answered_in_time, closed_late, answered_before, beyond, this_week, beside], SPAN, P)
    assert found == Figures(open=4, late=1, due=1, new=1, answered=1, closed=1, judged=2, in_time=1, beyond=1)


def test_a_week_ends_on_sunday() -> None:
    sunday, monday = timedelta(days=6, hours=8), timedelta(days=7)
    found = figures("pu", [case(0, clock("resolve", sunday)), case(1, clock("resolve", monday))], SPAN, P)
    assert found.due == 1


# -- letters


def letter(work: Worklist | None = None, **more: Any) -> tuple[str, str]:
    return digest_letter(Contents(more.pop("kinds", ("daily",)), work, **more), P, NOW)


def test_the_daily_letter_says_what_is_late_since_when_then_what_is_due_and_waits() -> None:
    work = worklist(
        [
            case(0, clock("resolve", LATE)),
            case(1, clock("resolve", SOON), priority="urgent"),
            case(2, REPLY, status=Status.ANSWERED),
            case(3, clock("resolve", FAR), received_at=NOW - timedelta(hours=1)),
            case(4, clock("resolve", FAR)),
        ],
        ("pu",),
        SPAN,
        P,
    )
    subject, text = letter(work)
    assert subject == "[Pemerintah Desa Contoh] Ringkasan harian: 1 terlambat, 1 jatuh tempo, 1 baru"
    late, due, new, waiting, rest, english = (
        text.index(part)
        for part in (
            "TERLAMBAT (1)\n- " + case(0).number + " (pengaduan): penyelesaian, tenggat Senin, 23 November 2026",
            "BERIKUTNYA (1)\n- " + case(1).number + " (pengaduan, MENDESAK): penyelesaian",
            "TERAKHIR (1)\n- " + case(3).number + " (pengaduan, baru)",
            "MENUNGGU PELAPOR (1)\n- " + case(2).number,
            "Masih dalam tenggat: 1 laporan lain.",
            "Daily digest: 1 late, 1 due, 1 new (as of 23 November 2026, 07:30 (UTC+7)).",
        )
    )
    assert late < due < new < waiting < rest < english
    assert "$" not in text


@pytest.mark.parametrize("closed", [Confidentiality.ANONYMOUS, Confidentiality.SECRET])
def test_the_words_of_who_is_not_to_be_known_stay_out(closed: Confidentiality) -> None:
    one = case(0, clock("resolve", LATE), confidentiality=closed, subject="Kepala desa mengancam saya")
    for text in (letter(worklist([one], ("pu",), SPAN, P))[1], new_cases_letter([one], 1, P, NOW)[1]):
        assert one.number in text
        assert "mengancam" not in text


def test_an_open_cases_subject_helps_to_know_it() -> None:
    one = case(0, clock("resolve", LATE))
    assert "Perihal: Jalan rusak" in letter(worklist([one], ("pu",), SPAN, P))[1]
    assert "Perihal: Jalan rusak" in new_cases_letter([one], 1, P, NOW)[1]


def test_a_letter_lists_a_hundred_cases_and_says_how_many_more() -> None:
    work = worklist([case(place, clock("resolve", LATE)) for place in range(LISTED + 30)], ("pu",), SPAN, P)
    text = letter(work)[1]
    assert text.count("- TGP-") == LISTED
    assert "TERLAMBAT (130)" in text
    assert "dan 30 lagi" in text


def test_the_largest_letter_fits_into_a_row() -> None:
    cases = [case(place, clock("resolve", LATE), subject="ж" * 500) for place in range(500)]
    many = tuple((f"Dinas {place} " + "ж" * 180, Figures(open=99_999)) for place in range(200))
    text = letter(worklist(cases, ("pu",), SPAN, P), kinds=("daily", "weekly"), table=many)[1]
    assert len(text.encode()) < 250_000


def test_the_table_has_a_row_a_unit_and_their_sum() -> None:
    roads = Figures(open=12, late=3, due=2, new=5, answered=4, closed=6, judged=10, in_time=8)
    office_ = Figures(open=1)
    subject, text = letter(kinds=("weekly",), table=(("Pekerjaan Umum", roads), ("Administrasi", office_)))
    assert subject == "[Pemerintah Desa Contoh] Ringkasan mingguan: 13 terbuka, 3 terlambat, 5 baru"
    rows = {line.rpartition("  ")[2].strip(): line.split() for line in text.splitlines() if "  " in line}
    assert rows["Pekerjaan Umum"][:8] == ["12", "3", "2", "5", "4", "6", "80", "%"]
    assert rows["Administrasi"][:7] == ["1", "0", "0", "0", "0", "0", "-"]
    assert rows["SEMUA"][:8] == ["13", "3", "2", "5", "4", "6", "80", "%"]


def test_a_head_reads_the_units_figures() -> None:
    text = letter(kinds=("weekly",), units=(("Pekerjaan Umum", Figures(open=2, judged=3, in_time=2)),))[1]
    assert "ANGKA Pekerjaan Umum" in text
    assert "tepat waktu : 66 %" in text


def test_an_agency_may_say_it_otherwise() -> None:
    raw = {**copy.deepcopy(POLICY), "letters": {"digest": {"subject": "Pagi: $headline", "text": "$text"}}}
    own = read_policy(raw, 1)
    subject, text = digest_letter(Contents(("weekly",), table=(("PU", Figures(open=1)),)), own, NOW)
    assert subject == "Pagi: Ringkasan mingguan: 1 terbuka, 0 terlambat, 0 baru"
    assert text.startswith("ANGKA SEMUA UNIT")


def test_no_address_stands_in_a_key() -> None:
    assert "pu" not in office("pu@kantor.example").removeprefix("OFFICE-")
    assert office("pu@kantor.example") != office("adm@kantor.example")
    assert len(office("a" * 200 + "@kantor.example")) < 40
