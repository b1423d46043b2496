"""The digests through the whole of it: who gets which letter, each once whatever breaks off, none where there is
nothing to say. The world's first day is Monday, 2026-11-23, 10:00 in Jakarta."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanggap.application.digest import Digest
from tanggap.application.failures import Undeliverable
from tanggap.application.ports import AlreadyTold
from tanggap.application.receive import Raw
from tanggap.application.record import Heard
from tanggap.application.scheduled import TimeAhead
from tanggap.domain.case import Change
from tanggap.domain.digest_letters import office
from tanggap.domain.errors import Retry
from tanggap.domain.inbound import Authenticity, FailedDelivery, Inbound
from tanggap.domain.words import Channel, DeliveryState, Outcome, Priority, Purpose, Reason
from tests.support.world import COORDINATOR, DOMAIN, INTAKE, POLICY, World

KOOR, PU, ADM = "koordinator@kantor.example", "pu@kantor.example", "adm@kantor.example"
HEAD_PU, HEAD_ADM, KADES = "kepala-pu@kantor.example", "kepala-adm@kantor.example", "kades@kantor.example"


def local(day: int, clock: str = "07:30", month: int = 11) -> datetime:
    return datetime.fromisoformat(f"2026-{month:02d}-{day:02d}T{clock}:00+07:00")


def quiet(world: World) -> None:
    """A digest of nothing, so that what follows is told from here on."""
    world.digest()
    world.pump()
    world.post.sent.clear()


def with_policy(world: World, **changes: Any) -> None:
    world.policies.store({**copy.deepcopy(POLICY), **changes}, world.policies.current(fresh=True).version + 1)
    world.policies.current(fresh=True)


def assigned(world: World, unit: str = "pu") -> str:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, unit, None, "")
    world.pump()
    return number


def digests(world: World, to: str | None = None) -> list[Any]:
    return [one for one in world.outbox(to) if "Ringkasan" in one.subject]


def told(world: World) -> set[str]:
    return {one.to_address for one in digests(world)}


def offices_rows(world: World) -> list[Any]:
    return [row for row in world.deliveries() if row.of_no_case]


def test_a_desk_reads_in_the_morning_what_is_late_and_what_is_due(world: World) -> None:
    number = assigned(world)
    world.now = local(24)
    run = world.digest()
    world.pump()
    (letter,) = digests(world, PU)
    assert number in letter.text
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in letter.text
    assert (run.failed, run.unfinished) == (0, False)
    assert told(world) >= {PU}
    assert ADM not in told(world)


def test_a_digest_goes_once_whoever_runs_it_and_however_often(world: World) -> None:
    assigned(world)
    world.now = local(24)
    first, second = world.digest(), world.digest()
    third = world.digest(world.later(minutes=15))
    assert first.letters >= 1
    assert (second.letters, third.letters) == (0, 0)
    assert len({row.address for row in offices_rows(world)}) == len(offices_rows(world))


def test_where_there_is_nothing_to_say_no_row_is_written(world: World) -> None:
    quiet(world)
    world.now = local(30)
    assert world.digest().letters == 0
    assert offices_rows(world) == []


def test_what_comes_after_the_hour_waits_for_the_next_day(world: World) -> None:
    world.now = local(24)
    world.digest()
    assigned(world)
    world.now = local(24, "11:15")
    assert world.digest().letters == 0
    world.now = local(25)
    world.digest()
    world.pump()
    assert PU in told(world)


def test_nobody_is_mailed_on_a_free_day(world: World) -> None:
    quiet(world)
    assigned(world)
    for day, month in ((28, 11), (29, 11), (24, 12), (25, 12)):  # a weekend, joint leave, Christmas
        world.now = local(day, "09:00", month)
        assert world.digest().letters == 0, (day, month)
    assert offices_rows(world) == []


@pytest.mark.parametrize(("offset", "due"), [("+08:00", "23:30"), ("+09:00", "22:30")])
def test_half_past_seven_is_the_agencys_own(offset: str, due: str) -> None:
    world = World("memory", {**POLICY, "utc_offset": offset})
    quiet(world)
    assigned(world)
    at = datetime.fromisoformat(f"2026-11-23T{due}:00+00:00")
    world.now = at - timedelta(minutes=15)
    assert world.digest().letters == 0
    world.now = at
    assert world.digest().letters >= 1


def test_heads_and_leadership_read_figures_by_the_week(world: World) -> None:
    quiet(world)
    assigned(world)
    for day in (24, 25, 26, 27):
        world.now = local(day)
        world.digest()
    world.pump()
    assert told(world).isdisjoint({HEAD_PU, HEAD_ADM, KADES})
    world.now = local(30)
    world.digest()
    world.pump()
    (head,), (leader,) = digests(world, HEAD_PU), digests(world, KADES)
    assert "ANGKA Pekerjaan Umum" in head.text
    assert "ANGKA SEMUA UNIT" in leader.text
    assert "Ringkasan mingguan: 1 terbuka" in leader.subject
    assert HEAD_ADM not in told(world), "a unit without a case has nothing to read"


def test_the_leadership_hears_by_the_day_only_of_what_the_ladder_told_it_of(world: World) -> None:
    with_policy(world, digests={"daily": {"to": ["leadership"]}, "weekly": {"to": []}})
    quiet(world)
    number = assigned(world)
    heard: list[bool] = []
    for day in (1, 11, 14, 15, 16, 17, 18):  # resolve is due on Friday the 11th; a unit's follow-up on 30 November
        world.run_until(local(day, month=12), timedelta(hours=12))
        world.sweep()
        clocks = world.cases.case(number).clocks
        by_ladder = any(clock.open and "leadership" in clock.steps_done for clock in clocks)
        world.post.sent.clear()
        world.digest()
        world.pump()
        assert bool(digests(world, KADES)) is by_ladder, day
        heard.append(by_ladder)
    assert {True, False} == set(heard), "both were seen"


def test_a_head_who_asks_for_it_daily_hears_only_of_what_presses(world: World) -> None:
    with_policy(world, digests={"daily": {"to": ["unit_head"]}, "weekly": {"to": []}})
    world.now = local(23, "16:30")
    world.digest()
    assigned(world)
    world.now = local(24)
    number_of_weeks = 0
    while not world.digest().letters:
        assert number_of_weeks < 3, "its deadline comes"
        number_of_weeks += 1
        world.later(days=7)
    assert number_of_weeks > 0, "not in the week in which nothing is due"


def test_a_village_head_with_every_role_reads_one_letter_on_monday(world: World) -> None:
    everybody = "kades@kantor.example"
    unit = {"id": "umum", "name": "Umum", "head": [everybody], "liaisons": [everybody]}
    with_policy(world, coordinator=[everybody], leadership=[everybody], units=[unit], categories=[])
    quiet(world)
    world.now = local(27, "15:00")
    number = world.new_case()
    world.now = local(30)
    world.digest()
    world.pump()
    (letter,) = digests(world)
    assert letter.to_address == everybody
    assert "Ringkasan harian dan mingguan" in letter.subject
    assert number in letter.text
    assert "ANGKA SEMUA UNIT" in letter.text


def test_whoever_stands_in_reads_the_digest(world: World) -> None:
    away = {"address": PU, "deputy": "pengganti@kantor.example", "from": "2026-11-24", "until": "2026-11-24"}
    with_policy(world, absences=[away])
    assigned(world)
    world.now = local(24)
    world.digest()
    world.pump()
    assert "pengganti@kantor.example" in told(world)
    assert PU not in told(world)


def test_a_former_units_case_is_in_the_coordinators_digest(world: World) -> None:
    number = assigned(world)
    adm = copy.deepcopy(POLICY["units"][1])
    with_policy(world, units=[adm], former_units=["pu"], categories=[])
    world.now = local(30)
    world.digest()
    world.pump()
    (letter,) = digests(world, KOOR)
    assert number in letter.text


class Interrupted(Exception):
    pass


class BreaksAt:
    """The cases, until so many changes were committed; `after`: the last one is written, and its answer lost."""

    def __init__(self, world: World, commits: int, after: bool) -> None:
        self._world, self._left, self._after = world, commits, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.cases, name)

    def commit(self, change: Change) -> None:
        self._left -= 1
        if self._left < 0:
            raise Interrupted
        if self._left == 0 and self._after:
            self._world.cases.commit(change)
            raise Interrupted
        self._world.cases.commit(change)


@pytest.mark.parametrize("after", [False, True], ids=["before it is written", "after it is written"])
@pytest.mark.parametrize("commits", range(4))
def test_cut_off_anywhere_each_digest_is_sent_once_by_the_next_run(world: World, commits: int, after: bool) -> None:
    quiet(world)
    assigned(world, "pu")
    assigned(world, "adm")
    world.new_case()
    world.now = local(24)
    cut: Any = BreaksAt(world, commits, after)
    Digest(world.work(cut), world.cases)(world.now)
    world.now = local(24, "07:45")
    assert not world.digest().unfinished
    assert world.digest().letters == 0
    rows = offices_rows(world)
    assert sorted(row.address for row in rows) == sorted({KOOR, PU, ADM})
    assert all("07.30 WIB" in row.text for row in rows), "whoever goes on says the same"


def test_out_of_time_it_stops_and_the_next_run_goes_on(world: World) -> None:
    assigned(world, "pu")
    assigned(world, "adm")
    world.now = local(24)
    left = iter([timedelta(minutes=5)] * 5)
    run = world.digest(remaining=lambda: next(left, timedelta(0)))
    assert run.unfinished
    while world.digest().unfinished:
        pass
    assert {PU, ADM} <= {row.address for row in offices_rows(world)}
    assert len({row.address for row in offices_rows(world)}) == len(offices_rows(world))


def test_two_runs_at_once_write_one_letter(world: World) -> None:
    assigned(world)
    world.now = local(24)
    other: list[Any] = []

    class Slower(BreaksAt):
        def commit(self, change: Change) -> None:
            if change.told and not other:
                other.append(world.digest())
            world.cases.commit(change)

    slow: Any = Slower(world, 0, False)
    run = Digest(world.work(slow), world.cases)(world.now)
    assert other[0].letters >= 1
    assert (run.letters, run.failed) == (0, 0)
    assert len({row.address for row in offices_rows(world)}) == len(offices_rows(world))


def test_one_office_that_fails_stops_none_of_the_others_and_is_tried_again(world: World) -> None:
    assigned(world, "pu")
    assigned(world, "adm")
    world.now = local(24)

    class Refuses(BreaksAt):
        def commit(self, change: Change) -> None:
            if any(one.address == ADM for one in change.deliveries):
                raise Retry("throttled")
            world.cases.commit(change)

    failed: list[str] = []
    poor: Any = Refuses(world, 0, False)
    run = Digest(world.work(poor), world.cases)(world.now, lambda kind, error: failed.append(kind))
    assert (run.failed, run.unfinished, failed) == (1, True, ["daily"])
    assert {PU} <= {row.address for row in offices_rows(world)}
    world.digest()
    assert {PU, ADM} <= {row.address for row in offices_rows(world)}


def test_the_guard_refuses_a_second_letter(world: World) -> None:
    world.cases.commit(Change(told=("OFFICE-1#daily#2026-11-24",)))
    assert world.cases.told("OFFICE-1#daily#2026-11-24")
    assert not world.cases.told("OFFICE-1#daily#2026-11-25")
    with pytest.raises(AlreadyTold):
        world.cases.commit(Change(told=("OFFICE-1#daily#2026-11-24",)))


def test_an_event_ahead_of_the_clock_is_refused(world: World) -> None:
    run = Digest(world.work(simulated=False), world.cases)
    with pytest.raises(TimeAhead):
        run(world.now + timedelta(minutes=10))


def test_after_a_week_of_silence_the_next_round_speaks_of_that_week(world: World) -> None:
    quiet(world)
    world.now = local(24, "12:00")
    assigned(world)
    world.now = local(27)  # nobody ran on Wednesday and Thursday
    world.digest()
    world.pump()
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in digests(world, PU)[0].text


def test_a_round_that_was_never_finished_hands_its_span_to_the_next(world: World) -> None:
    quiet(world)
    world.now = local(23, "15:00")
    assigned(world)
    world.now = local(24)
    assert world.digest(remaining=lambda: timedelta(0)).unfinished
    world.now = local(25)
    world.digest()
    world.pump()
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in digests(world, PU)[0].text


class RefusesOne(BreaksAt):
    """One office's letters are never taken."""

    def __init__(self, world: World, address: str) -> None:
        super().__init__(world, 0, False)
        self._refused = address

    def commit(self, change: Change) -> None:
        if any(one.address == self._refused for one in change.deliveries):
            raise Retry("throttled")
        self._world.cases.commit(change)


def test_what_an_office_was_told_is_not_told_again_since_another_one_could_not_be(world: World) -> None:
    quiet(world)
    world.now = local(23, "15:00")
    assigned(world, "pu")
    assigned(world, "adm")
    poor: Any = RefusesOne(world, ADM)
    for day in (24, 25):
        if day == 25:
            world.now = local(24, "16:00")
            second = assigned(world, "pu")
        world.now = local(day)
        assert Digest(world.work(poor), world.cases)(world.now).unfinished
        world.pump()
    monday, tuesday = (one.text for one in digests(world, PU))
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in monday
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in tuesday
    assert second in tuesday
    world.now = local(26)
    assert not world.digest().unfinished
    world.pump()
    assert "BARU SEJAK RINGKASAN TERAKHIR (1)" in digests(world, ADM)[0].text, "who was never told is told of it all"
    assert world.cases.round("daily").done and len(world.cases.round("daily").earlier) == 2
    world.now = local(27)
    world.digest()
    assert world.cases.round("daily").earlier == ()


def test_new_cases_of_an_hour_are_told_once_though_another_desk_could_not_be(world: World) -> None:
    units = [{**unit, "new_cases": "hourly"} for unit in POLICY["units"]]
    with_policy(world, units=units)
    assigned(world, "pu")
    assigned(world, "adm")
    poor: Any = RefusesOne(world, ADM)
    for hour in ("11:10", "12:10", "13:10"):
        world.now = local(23, hour)
        Digest(world.work(poor), world.cases)(world.now)
        world.pump()
    mine = [one for one in world.deliveries() if one.purpose is Purpose.NEW_CASES and one.address == PU]
    assert len(mine) == 1
    world.now = local(23, "14:10")
    world.digest()
    late = [one for one in world.deliveries() if one.purpose is Purpose.NEW_CASES and one.address == ADM]
    assert len(late) == 1


def test_a_run_whose_time_is_over_before_anybody_was_told_says_that_it_is_stuck(world: World) -> None:
    assigned(world, "pu")
    assigned(world, "adm")
    world.now = local(24)
    assert world.digest(remaining=lambda: timedelta(0)).stuck
    left = iter([timedelta(minutes=5)] * 9)
    run = world.digest(remaining=lambda: next(left, timedelta(0)))
    assert (run.unfinished, run.stuck, run.letters > 0) == (True, False, True)


def test_a_letter_that_lay_for_days_is_new_on_the_day_after_it_was_recorded(world: World) -> None:
    quiet(world)
    world.now = local(23, "15:00")
    heard = Heard(channel=Channel.LETTER, received_at=local(13, "10:00"), text="Pipa bocor.")
    number = world.desk.record(COORDINATOR, heard).case.number
    world.now = local(24)
    world.digest()
    world.pump()
    (letter,) = digests(world, KOOR)
    assert "1 baru" in letter.subject
    assert number in letter.text


# -- letters that belong to no case


def sent_digest(world: World) -> Any:
    assigned(world)
    world.now = local(24)
    world.digest()
    world.pump()
    (row,) = (row for row in offices_rows(world) if row.address == PU)
    assert row.state is DeliveryState.SENT
    return row


def test_a_reply_to_a_digest_goes_to_the_coordinator(world: World) -> None:
    sent_digest(world)
    (letter,) = digests(world, PU)
    assert letter.reply_to == KOOR
    assert letter.automatic
    assert letter.answer_until is None


def test_a_digest_that_cannot_be_sent_is_told_to_the_coordinator_once(world: World) -> None:
    assigned(world)
    world.now = local(24)
    world.digest()
    waiting = [row for row in world.unsent() if row.of_no_case and row.address == PU]
    assert len(waiting) == 1
    world.post.failures.append(Undeliverable("rejected"))
    world.deliver(waiting[0])
    world.pump()
    (row,) = (row for row in offices_rows(world) if row.address == PU)
    assert (row.state, row.reason) == (DeliveryState.FAILED, "rejected")
    (notice,) = (one for one in world.outbox(KOOR) if "tidak sampai" in one.subject)
    assert PU in notice.text


def test_a_notice_to_the_coordinator_that_fails_too_ends_there(world: World) -> None:
    with_policy(world, coordinator=[KOOR, "koordinator2@kantor.example"])
    assigned(world)
    world.now = local(24)
    world.digest()
    world.post.failures.extend([Undeliverable("rejected")] * 20)
    for _ in range(4):
        world.pump()
    assert world.unsent() == []
    notices_of_it = [row for row in offices_rows(world) if row.purpose is Purpose.UNDELIVERED]
    assert {row.state for row in notices_of_it} == {DeliveryState.FAILED}
    failed = [row for row in offices_rows(world) if row.purpose is Purpose.DIGEST]
    assert len(notices_of_it) == sum(2 - row.address.startswith("koordinator") for row in failed)


def report(kind: str, **more: Any) -> FailedDelivery:
    return FailedDelivery(**{"kind": kind, "recipient": PU, "original_id": "", "permanent": True, **more})


def test_a_bounce_is_known_by_its_row_and_told_to_the_coordinator(world: World) -> None:
    row = sent_digest(world)
    failure = report("bounce", status="5.1.1", delivery_id=row.id, case_number=row.case)
    bounce = world.mail(sender="", failures=(failure,))
    result = world.receive(Raw("events/bounce", Channel.EMAIL, world.now, 100, bounce, event=True))
    assert (result.outcome, result.reason, result.case) == (Outcome.STATUS, Reason.BOUNCE, "")
    world.pump()
    (row,) = (one for one in offices_rows(world) if one.id == row.id)
    assert (row.state, row.reason) == (DeliveryState.FAILED, "bounce 5.1.1")
    assert any(PU in one.text for one in world.outbox(KOOR) if "tidak sampai" in one.subject)


def test_its_arrival_is_noted_on_the_row(world: World) -> None:
    row = sent_digest(world)
    failure = report("delivery", original_id=row.external_id)
    world.receive(
        Raw("events/d", Channel.EMAIL, world.now, 100, world.mail(sender="", failures=(failure,)), event=True)
    )
    (row,) = (one for one in offices_rows(world) if one.id == row.id)
    assert row.state is DeliveryState.DELIVERED


def absence_notice(world: World, reference: str) -> Inbound:
    notice = world.mail("Saya sedang cuti sampai 1 Desember.", sender=PU, automatic="reply", references=(reference,))
    return replace(notice, subject="Balasan otomatis")


@pytest.mark.parametrize("known_by", ["our id", "the mail service's id"])
def test_an_absence_notice_to_a_digest_is_no_report(world: World, known_by: str) -> None:
    row = sent_digest(world)
    before = len(world.deliveries())
    reference = f"{row.id}.office@{DOMAIN}" if known_by == "our id" else row.external_id
    result = world.arrive(absence_notice(world, reference))
    assert (result.outcome, result.reason, result.case) == (Outcome.STATUS, Reason.AUTOMATIC, "")
    assert len(world.deliveries()) == before


def test_a_person_who_writes_to_us_with_a_digest_below_is_heard(world: World) -> None:
    """Whatever an officer's program refers to: a person's mail becomes a case."""
    row = sent_digest(world)
    result = world.arrive(world.mail("Mohon dicek.", sender="warga@rumah.example", references=(row.external_id,)))
    assert result.outcome is Outcome.FILED
    assert result.case


# -- new cases


def notices(world: World, to: str = KOOR) -> list[Any]:
    return [one for one in world.outbox(to) if "baru" in one.subject and "Ringkasan" not in one.subject]


def test_new_cases_of_an_hour_go_in_one_letter_at_the_full_hour(world: World) -> None:
    quiet(world)
    first, second = world.new_case(), world.new_case()
    assert notices(world) == []
    world.now = local(23, "10:45")
    assert world.digest().letters == 0
    world.now = local(23, "11:00")
    world.digest()
    world.pump()
    (letter,) = notices(world)
    assert "2 laporan baru" in letter.subject
    assert first in letter.text
    assert second in letter.text
    world.now = local(23, "12:00")
    assert world.digest().letters == 0


def test_what_comes_at_night_is_told_when_the_office_opens(world: World) -> None:
    quiet(world)
    world.now = local(23, "22:00")
    world.new_case()
    for clock in ("22:15", "22:45"):
        world.now = local(23, clock)
        assert world.digest().letters == 0
    world.now = local(24, "08:00")
    world.digest()
    world.pump()
    assert len(notices(world)) == 1


def test_what_the_coordinator_took_up_before_is_not_announced(world: World) -> None:
    quiet(world)
    assigned(world)
    world.now = local(23, "11:00")
    assert world.digest().letters == 0


def test_a_case_that_is_being_written_down_as_the_hour_strikes_goes_with_the_next(world: World) -> None:
    quiet(world)
    world.now = local(23, "10:57")
    world.new_case()
    world.now = local(23, "11:00")
    assert world.digest().letters == 0
    world.now = local(23, "12:00")
    world.digest()
    world.pump()
    assert len(notices(world)) == 1


@pytest.mark.parametrize("hours", [1, 4])
def test_an_hours_letter_goes_once_also_after_an_outage(world: World, hours: int) -> None:
    quiet(world)
    numbers = {world.new_case() for _ in range(3)}
    world.now = local(23, "10:00") + timedelta(hours=hours)
    for _ in range(3):
        world.digest()
        world.pump()
        world.later(minutes=15)
    (letter,) = notices(world)
    assert all(number in letter.text for number in numbers)


def test_what_an_officer_recorded_is_announced_to_nobody(world: World) -> None:
    quiet(world)
    heard = Heard(channel=Channel.PHONE, received_at=world.now, text="Pipa bocor.")
    world.desk.record(COORDINATOR, heard)
    world.now = local(23, "11:00")
    assert world.digest().letters == 0


@pytest.mark.parametrize(("choice", "told_now"), [("at_once", True), ("hourly", False)])
def test_what_looked_like_a_lists_mail_is_announced_when_it_proves_to_be_a_persons(
    world: World, choice: str, told_now: bool
) -> None:
    with_policy(world, digests={"new_cases": choice})
    quiet(world)
    mail = world.mail()
    world.arrive(replace(mail, automatic="list"), "mail/a")
    world.pump()
    assert notices(world) == []
    world.arrive(mail, "mail/b")
    world.pump()
    assert bool(notices(world)) is told_now
    world.now = local(23, "11:00")
    world.digest()
    world.pump()
    assert len(notices(world)) == 1


@pytest.mark.parametrize("mark", ["forged", "throttled"])
def test_neither_a_forger_nor_who_writes_too_often_rings_at_once(mark: str) -> None:
    world = World("memory")
    with_policy(world, digests={"new_cases": "at_once"})
    quiet(world)
    if mark == "forged":
        world.arrive(world.mail(authenticity=Authenticity(dmarc="FAIL", policy="reject")))
        numbers = 1
    else:
        numbers = world.policies.current().intake.answers_per_hour + 2
        for _ in range(numbers):
            world.arrive(world.mail())
    world.pump()
    rung = len(notices(world))
    assert rung == (0 if mark == "forged" else world.policies.current().intake.answers_per_hour)
    world.now = local(23, "11:00")
    world.digest()
    world.pump()
    assert f"{numbers - rung} laporan baru" in notices(world)[-1].subject


def test_an_urgent_forgery_rings_all_the_same(world: World) -> None:
    """A life may hang on it, and many a domain signs badly."""
    quiet(world)
    burning = "Tolong, rumah kami kebakaran sekarang, ada orang terjebak di dalam!"
    world.arrive(world.mail(burning, authenticity=Authenticity(dmarc="FAIL", policy="reject")))
    world.pump()
    assert len(notices(world)) == 1


def test_an_urgent_case_rings_at_once_at_any_hour(world: World) -> None:
    quiet(world)
    world.now = local(22, "02:00")
    number = world.new_case(text="Tolong, rumah kami kebakaran sekarang, ada orang terjebak di dalam!")
    assert world.cases.case(number).priority == Priority.URGENT
    (letter,) = notices(world)
    assert letter.subject == f"[{number}] MENDESAK: laporan baru"
    assert letter.case == number
    world.now = local(23, "08:00")
    world.digest()
    world.pump()
    assert len(notices(world)) == 1, "not a second time with the hour's"


def test_an_agency_may_hear_of_each_case_at_once(world: World) -> None:
    quiet(world)
    with_policy(world, digests={"new_cases": "at_once"})
    number = world.new_case(subject="Jembatan putus")
    (letter,) = notices(world)
    assert number in letter.subject
    assert "Jembatan putus" in letter.text
    world.now = local(23, "11:00")
    assert world.digest().letters == 0


def test_nobody_is_told_of_a_machines_mail(world: World) -> None:
    """Its next one would answer our notice."""
    quiet(world)
    with_policy(world, digests={"new_cases": "at_once"})
    world.arrive(world.mail("Saya cuti.", sender=KOOR, automatic="reply"))
    world.pump()
    for at in (local(23, "11:00"), local(24, "07:30"), local(24, "08:00")):
        world.now = at
        world.digest()
        world.pump()
    assert {one.to_address for one in world.post.sent} <= {KOOR}
    assert all(", 0 baru" in one.subject for one in world.post.sent), "due it is, as any case, but no news"


def test_a_unit_that_wants_to_hears_by_the_hour_of_what_is_assigned_to_it(world: World) -> None:
    quiet(world)
    units = copy.deepcopy(POLICY["units"])
    units[0]["new_cases"] = "hourly"
    with_policy(world, units=units)
    quiet_one, loud = assigned(world, "pu"), assigned(world, "adm")
    assert world.outbox(PU) == []
    assert any(loud in one.subject for one in world.outbox(ADM))
    world.now = local(23, "11:00")
    world.digest()
    world.pump()
    (letter,) = notices(world, PU)
    assert quiet_one in letter.text


def test_a_flood_is_one_letter_that_lists_a_hundred() -> None:
    world = World("memory")
    quiet(world)
    for _ in range(104):
        world.arrive(world.mail(sender=f"warga{world.made}@rumah.example"))
    world.now = local(23, "11:00")
    world.digest()
    (row,) = (row for row in offices_rows(world) if row.purpose is Purpose.NEW_CASES)
    assert "104 laporan baru" in row.subject
    assert "dan 4 lagi" in row.text


def test_an_offices_letters_lie_under_its_hash(world: World) -> None:
    quiet(world)
    row = sent_digest(world)
    assert row.case == office(PU)
    assert world.cases.delivery(row.case, row.id) == row
    assert INTAKE not in row.text


def test_the_history_and_the_letters_of_a_case_know_nothing_of_the_digest(world: World) -> None:
    quiet(world)
    number = assigned(world)
    before = world.cases.file(number)
    world.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    world.digest()
    world.pump()
    after = world.cases.file(number)
    assert (before.history, before.deliveries) == (after.history, after.deliveries)


def test_who_wrote_is_never_named(world: World) -> None:
    quiet(world)
    world.arrive(world.mail(sender="siti@warga.example", name="Siti Aminah"))
    world.now = local(23, "11:00")
    world.digest()
    world.now = local(24)
    world.digest()
    for row in offices_rows(world):
        assert "siti" not in (row.subject + row.text).lower()
