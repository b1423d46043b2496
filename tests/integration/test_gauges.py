"""The hourly gauges over a desk: what they find, what they leave alone, and that one that fails stops none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.application.failures import Wait
from tanggap.application.gauges import MISSED_LOOKED_AT, PAGE, RESERVE, Gauged, Gauges
from tanggap.domain.canary import MARK
from tanggap.domain.case import Change, Delivery
from tanggap.domain.errors import Retry
from tanggap.domain.words import Outcome, Purpose, Reason
from tests.support.account import Account
from tests.support.gauging import Desk, gauged, note
from tests.support.world import COORDINATOR, World

ALL = {"ParkedLately": 0, "DeliveriesUnsent": 0, "OverdueRise": 0, "ChannelsSilent": 0, "UpkeepDue": 0}


def test_an_idle_desk_has_a_point_for_each_and_none_is_above_nought(world: World) -> None:
    assert gauged(world) == Gauged(ALL)
    assert world.cases.report()["gauges"]["figures"] == ALL


def test_what_was_parked_within_the_day_is_counted_but_spam_and_viruses(world: World) -> None:
    world.later(hours=-25)
    note(world, Reason.UNREADABLE, "mail/old")
    world.later(hours=25)
    for number, reason in enumerate((Reason.UNREADABLE, Reason.FAILING, Reason.SPAM, Reason.VIRUS, Reason.CANARY)):
        note(world, reason, f"mail/{number}")
    note(world, Reason.NEW_CASE, "mail/filed", Outcome.FILED)
    assert gauged(world).figures["ParkedLately"] == 2


def test_parked_messages_are_counted_page_by_page() -> None:
    world = World()
    for number in range(PAGE + 1):
        note(world, Reason.UNREADABLE, f"mail/{number}")
    assert gauged(world).figures["ParkedLately"] == PAGE + 1


# -- deliveries


def test_letters_that_wait_for_their_service_are_unsent_after_four_hours() -> None:
    world = World()
    world.post.failures = [Wait("sandbox") for _ in range(40)]
    world.new_case()
    waiting = sum(one.address == "" for one in world.unsent())
    assert waiting
    world.run_until(world.now + timedelta(hours=3))
    assert gauged(world).figures["DeliveriesUnsent"] == 0
    world.run_until(world.now + timedelta(hours=1, minutes=5))
    assert gauged(world).figures["DeliveriesUnsent"] >= waiting
    world.post.failures = []
    world.run_until(world.now + timedelta(hours=2))
    assert gauged(world).figures["DeliveriesUnsent"] == 0


def letter(world: World, number: int, due: timedelta, **more: Any) -> Delivery:
    values: dict[str, Any] = {"purpose": Purpose.REPLY, "address": "pu@kantor.example", "attempts": 1}
    values |= {"created_at": world.now, "subject": "s", "text": "t", "due_at": world.now + due, **more}
    row = Delivery(**{"id": f"d{number}", "case": f"TGP-{number}", **values})
    world.cases.commit(Change(deliveries=(row,)))
    return row


def test_letters_of_the_ladder_that_sleep_until_morning_are_not_and_those_that_no_sweep_lets_out_are(
    world: World,
) -> None:
    letter(world, 1, timedelta(hours=10), purpose=Purpose.ESCALATION, attempts=0)
    world.later(hours=13, minutes=59)
    assert gauged(world).figures["DeliveriesUnsent"] == 0
    world.later(minutes=1)
    assert gauged(world).figures["DeliveriesUnsent"] == 1


def test_of_a_long_backlog_both_ends_are_looked_at_and_each_row_once(world: World) -> None:
    rows = [letter(world, 1, timedelta(minutes=minutes), id=f"d{minutes}") for minutes in range(5)]
    assert {row.id for row in world.cases.unsent_rows(1)} == {"d0", "d4"}
    assert sorted(world.cases.unsent_rows(3), key=lambda row: row.id) == rows
    world.later(hours=4)
    assert gauged(world).figures["DeliveriesUnsent"] == 5


def test_the_canarys_letters_are_in_no_figure() -> None:
    world = World()
    world.post.failures = [Wait("sandbox") for _ in range(40)]
    world.new_case()
    for place, row in list(world.cases.deliveries.items()):
        world.cases.deliveries[place] = replace(row, marks=(MARK,))
    world.later(hours=9)
    assert gauged(world).figures["DeliveriesUnsent"] == 0


# -- promises missed


def test_more_missed_than_yesterday_is_told_by_how_much() -> None:
    world = World()
    assert gauged(world, standing=Desk(40, 100)).figures["OverdueRise"] == 0, "there is no yesterday"
    for hour in range(1, 24):
        world.later(hours=1)
        desk = Desk(40 + hour // 12, 100)
        assert gauged(world, standing=desk).figures["OverdueRise"] == 0
        assert desk.asked == [80 + hour // 12 * 2], "no further than the rule asks"
    world.later(hours=1)
    desk = Desk(52, 120)
    assert (gauged(world, standing=desk).figures["OverdueRise"], desk.asked) == (12, [120])
    assert gauged(world, standing=Desk(52, 121)).figures["OverdueRise"] == 0, "not a tenth of those open"
    world.later(days=3)
    assert gauged(world, standing=Desk(99, 200)).figures["OverdueRise"] == 0, "nobody counted yesterday"
    assert len(world.cases.report()["missed"]) == 1, "no more hours are kept than are asked for"


def test_a_desk_that_missed_more_than_one_run_counts_is_told_of_it_without_counting_the_open_ones() -> None:
    world = World()
    desk = Desk(MISSED_LOOKED_AT + 9, 10**6)
    assert gauged(world, standing=desk).figures["OverdueRise"] == MISSED_LOOKED_AT + 1
    assert desk.asked == []


def test_cases_with_a_missed_promise_and_open_ones_are_counted_out_of_the_index(world: World) -> None:
    numbers = [world.new_case() for _ in range(2)]
    units = (None, "pu", "adm")
    assert (world.cases.missed_cases(units, 9), world.cases.open_cases(units, 9)) == (0, 2)
    assert (world.cases.missed_cases(("adm",), 9), world.cases.open_cases(("adm",), 9)) == (0, 0)
    world.now += timedelta(days=40)
    world.sweep()
    assert (world.cases.missed_cases(units, 9), world.cases.open_cases(units, 9)) == (2, 2)
    assert (world.cases.missed_cases(units, 0), world.cases.open_cases(units, 0)) == (1, 1), "more than none: enough"
    world.desk.verify(COORDINATOR, numbers[0], "reject", "Bukan kewenangan kami.")
    assert (world.cases.missed_cases(units, 9), world.cases.open_cases(units, 9)) == (1, 1)


# -- channels


def test_a_channel_is_silent_when_nothing_comes_where_something_always_did() -> None:
    world = World()
    for day in range(15):
        for hour in range(0, 24, 8):
            name = f"mail/{day:02d}-{hour:02d}"
            world.arrivals.objects[name] = (b"x", world.now)
            world.arrive(world.mail(), name)
            world.count()
            found = gauged(world)
            assert found.silent == ()
            world.later(hours=8)
    silent = []
    for _ in range(8):
        world.count()
        silent.append(gauged(world).silent)
        world.later(hours=8)
    assert silent == [(), (), ("email",), ("email",), ("email",), ("email",), ("email",), ("email",)]
    assert gauged(world).figures["ChannelsSilent"] == 1
    world.arrivals.objects["mail/again"] = (b"x", world.now)
    world.count()
    assert gauged(world).silent == ()


def test_a_village_with_a_report_every_few_days_has_no_silent_channel() -> None:
    world = World()
    for day in range(40):
        if day % 3 == 0:
            world.arrivals.objects[f"mail/{day}"] = (b"x", world.now)
            world.arrive(world.mail(), f"mail/{day}")
        world.count()
        assert gauged(world).silent == ()
        world.later(days=1)


# -- upkeep


def test_what_is_to_be_seen_to_is_named() -> None:
    world = World()
    soon = {"whatsapp": "2026-12-01", "telegram": "2028-01-01"}
    found = gauged(world, Account(is_sandboxed=True, keys=soon))
    assert (found.upkeep, found.figures["UpkeepDue"]) == (("ses_sandbox", "key_whatsapp"), 2)
    world.now += timedelta(days=4_000)
    assert gauged(world).upkeep == ("calendar",)


def test_a_case_that_the_sweep_passes_by_for_two_hours_is_upkeep(world: World) -> None:
    case = world.cases.case(world.new_case())
    assert case and case.due_at
    first = case.due_at
    world.later(seconds=(first - world.now).total_seconds() + 119 * 60)
    assert gauged(world).upkeep == ()
    world.later(minutes=1)
    assert gauged(world).upkeep == ("deadlines_unwatched",)
    world.sweep()
    assert gauged(world).upkeep == ()


def test_letters_that_nobody_takes_are_no_unwatched_deadline(world: World) -> None:
    letter(world, 1, timedelta())
    world.later(hours=3)
    assert gauged(world).upkeep == ()


class Silent(Account):
    def sandboxed(self) -> bool:
        raise Retry("the mail service did not say")


def test_a_service_that_does_not_answer_is_no_upkeep_and_hides_none() -> None:
    world = World()
    failed: list[str] = []
    gauges = Gauges(
        world.cases, world.cases, world.cases, world.policies, Silent(keys={"meta": "2026-11-24"}), world.clock
    )
    found = gauges(lambda name, error: failed.append(name))
    assert (found.upkeep, found.figures, failed) == (("key_meta",), {**ALL, "UpkeepDue": 1}, ["ses_sandbox"])


def test_a_gauge_that_fails_has_no_point_and_stops_no_other() -> None:
    world = World()
    failed: list[str] = []

    class Broken(Desk):
        def missed_cases(self, units: Any, most: int) -> int:
            raise Retry("the table did not answer")

    gauges = Gauges(world.cases, Broken(0), world.cases, world.policies, Account(), world.clock)
    found = gauges(lambda name, error: failed.append(name))
    assert (set(ALL) - set(found.figures), failed) == ({"OverdueRise"}, ["OverdueRise"])
    assert world.cases.report()["gauges"]["figures"] == found.figures


# -- the run's time


class Clockwork:
    """A run's time, of which each answer takes some: a service that hangs, many cases."""

    def __init__(self, left: timedelta) -> None:
        self.left = left

    def takes(self, seconds: int) -> None:
        self.left -= timedelta(seconds=seconds)

    def remaining(self) -> timedelta:
        return self.left


def test_what_a_run_has_no_time_left_to_ask_is_unread_like_what_fails_and_all_else_is_kept() -> None:
    world = World()
    run = Clockwork(timedelta(seconds=120))
    failed: list[tuple[str, type[Exception]]] = []

    class Hanging(Account):
        def sandboxed(self) -> bool:
            run.takes(43)
            raise Retry("the mail service did not say")

        def deaf(self) -> bool:
            run.takes(43)
            raise Retry("the mail service did not say")

    def gauges(account: Account) -> Gauged:
        made = Gauges(world.cases, world.cases, world.cases, world.policies, account, world.clock)
        return made(lambda name, error: failed.append((name, type(error))), run.remaining)

    found = gauges(Hanging(is_unheard=True, keys={"meta": "2026-11-24"}))
    assert (found.figures, found.upkeep) == (ALL, ())
    unread = ["ses_sandbox", "mail_not_received", "alarms_unheard", "anchors_unlocked", "calendar", "keys", "anchors"]
    assert failed == [(name, Retry) for name in unread]
    assert world.cases.report()["unread"] == unread
    assert run.left > timedelta(seconds=30), "the report is kept and the points leave in what is left"
    run.left, failed[:] = RESERVE, []
    found = gauges(Account(is_unheard=True, keys={"meta": "2026-11-24"}))
    assert (found.upkeep, failed) == (("alarms_unheard", "key_meta"), []), "so much suffices"
    run.left -= timedelta(seconds=1)
    found = gauges(Account())
    assert found == Gauged({"UpkeepDue": 0}), "nothing is asked, and once is no upkeep"
    assert gauges(Account()).figures["UpkeepDue"] == len(unread) + 5


@pytest.mark.parametrize(("seconds", "asked"), [(84, []), (85, [80])])
def test_open_cases_are_counted_where_counting_the_missed_ones_left_the_time(seconds: int, asked: list[int]) -> None:
    world, run = World(), Clockwork(timedelta(seconds=seconds))
    failed: list[str] = []

    class Large(Desk):
        def missed_cases(self, units: Any, most: int) -> int:
            run.takes(25)
            return super().missed_cases(units, most)

        def open_cases(self, units: Any, most: int) -> int:
            run.takes(50)
            return super().open_cases(units, most)

    desk = Large(40, 100)
    gauges = Gauges(world.cases, desk, world.cases, world.policies, Account(), world.clock)
    found = gauges(lambda name, error: failed.append(name), run.remaining)
    assert desk.asked == asked
    assert ("OverdueRise" in found.figures, "OverdueRise" in failed) == (bool(asked), not asked)
    assert [number for _, number in world.cases.report()["missed"]] == [40], "tomorrow compares with it either way"
    assert run.left >= timedelta(seconds=10)


@pytest.mark.parametrize("said", [{"ProductionAccessEnabled": True}, {"ProductionAccessEnabled": False}, {}])
def test_the_account_says_whether_it_is_in_the_sandbox(said: dict[str, bool]) -> None:
    from tanggap.adapters.upkeep import AwsAccount

    class Ses:
        def get_account(self) -> dict[str, bool]:
            return said

    account = AwsAccount(lambda service: Ses(), lambda name: {"expires": "2027-01-31"} if name == "meta" else {})
    if said:
        assert account.sandboxed() is not said["ProductionAccessEnabled"]
    else:
        with pytest.raises(Retry):
            account.sandboxed()
    assert account.expiries() == {"meta": "2027-01-31"}
