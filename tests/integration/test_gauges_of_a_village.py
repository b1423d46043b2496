"""Where few people write, few cases are late and few messages are lost: that is told all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tanggap.domain.case import Received
from tanggap.domain.words import Channel, Outcome, Reason
from tests.support.gauging import Desk, gauged
from tests.support.world import World


def rises(figures: Iterator[tuple[int, int]], hours: int = 1) -> list[int]:
    """Of so many missed and open cases every `hours` hours."""
    world, found = World(), []
    for missed, open_cases in figures:
        world.later(hours=hours)
        found.append(gauged(world, standing=Desk(missed, open_cases)).figures["OverdueRise"])
    return found


def test_a_village_that_answers_nobody_rings_though_it_never_has_five_more_in_a_day() -> None:
    """Ten cases a month; each is late after ten days."""
    told = rises(((max(day - 10, 0) // 3, day // 3) for day in range(120)), 24)
    assert not any(told[:19]), "three are late by then"
    first = next(day for day, figure in enumerate(told) if figure)
    assert first <= 27
    assert all(told[first + 3 :]), "until somebody answers"
    assert max(told) == 36


def test_a_town_with_four_more_a_day_rings_once_they_are_half_of_its_cases() -> None:
    told = rises(((4 * day, 4 * day + 40) for day in range(30)), 24)
    assert told == [*([0] * 10), *(4 * day for day in range(10, 30))]


def test_a_desk_with_a_few_old_sins_rings_nobody() -> None:
    assert not any(rises((9, 40 + hour % 5) for hour in range(60)))
    assert not any(rises((2, 2) for _ in range(30))), "nor two cases, though they are all"


# -- messages that cannot be read


def heard(world: World, name: str, channel: Channel, reason: Reason, outcome: Outcome = Outcome.PARKED) -> None:
    world.arrivals.objects[name] = (b"x", world.now)
    values: dict[str, Any] = {"arrival": name, "channel": channel, "at": world.now, "size": 1}
    world.cases.note(Received(**values, outcome=outcome, reason=reason))


def lost(world: World) -> tuple[str, ...]:
    world.count()
    found = gauged(world)
    assert found.figures["ChannelsSilent"] == len(found.lost)
    assert found.figures["ParkedLately"] < 5
    return found.lost


@pytest.mark.parametrize("reason", [Reason.UNREADABLE, Reason.UNKNOWN, Reason.FAILING, Reason.TOO_LARGE])
def test_a_channel_of_which_nothing_can_be_read_any_more_is_told_at_its_second_message(reason: Reason) -> None:
    world = World()
    told = []
    for day in range(12):
        if day % 2 == 0:
            known = day < 4
            heard(
                world,
                f"webhooks/meta/{day}.json",
                Channel.WHATSAPP,
                Reason.NEW_CASE if known else reason,
                Outcome.FILED if known else Outcome.PARKED,
            )
        told.append(bool(lost(world)))
        world.later(days=1)
    assert told == [False] * 6 + [True] * 6
    for day in range(9):
        heard(world, f"webhooks/meta/well{day}.json", Channel.WHATSAPP, Reason.REPLY, Outcome.FILED)
    assert lost(world) == (), "most can be read"


def test_it_is_over_when_the_next_count_finds_them_filed() -> None:
    world = World()
    for number in range(2):
        heard(world, f"webhooks/telegram/{number}.json", Channel.TELEGRAM, Reason.UNREADABLE)
    assert lost(world) == ("telegram",)
    for number in range(2):
        (row,) = world.cases.of(f"webhooks/telegram/{number}.json")
        world.cases.amend(replace(row, outcome=Outcome.FILED, reason=Reason.NEW_CASE, replayed=True))
    assert lost(world) == ()


@pytest.mark.parametrize("reason", [Reason.SPAM, Reason.VIRUS, Reason.NO_CASE, Reason.CANARY, Reason.NUMBER_TAKEN])
def test_what_was_understood_and_parked_is_not_lost(reason: Reason) -> None:
    world = World()
    for number in range(4):
        heard(world, f"mail/{number}", Channel.EMAIL, reason)
    assert lost(world) == ()


def test_one_message_is_somebodys_broken_mail_and_so_are_two_of_many() -> None:
    world = World()
    heard(world, "mail/a", Channel.EMAIL, Reason.UNREADABLE)
    assert lost(world) == ()
    heard(world, "mail/b", Channel.EMAIL, Reason.UNREADABLE)
    assert lost(world) == ("email",)
    for number in range(3):
        heard(world, f"mail/well{number}", Channel.EMAIL, Reason.NEW_CASE, Outcome.FILED)
    assert lost(world) == ()
    world.later(days=7)
    assert lost(world) == (), "a week later it is past"


def test_it_is_kept_over_a_walk_of_several_runs() -> None:
    world = World()
    world.arrivals.page = 1
    for number in range(3):
        heard(world, f"mail/{number}", Channel.EMAIL, Reason.UNREADABLE)
    for _ in range(3):
        assert gauged(world).lost == ()
        world.count(timedelta)
    assert gauged(world).lost == ("email",)
