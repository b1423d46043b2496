"""What rings already must not hide what comes after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.watch.alarms import alarms
from infra.watch.evaluate import ALARM, Recording, turns
from tests.support.watching import BEGIN, DAY, HOUR, MINUTE, every, of_queue, own

JAKARTA = 7 * HOUR


@pytest.mark.parametrize(
    ("name", "points", "hour"),
    [
        ("UpkeepDue", [own("UpkeepDue", at + 17 * MINUTE, 1) for at in every(HOUR, BEGIN, BEGIN + 4 * DAY)], 8),
        (
            "DeadLetters",
            [
                of_queue("ApproximateNumberOfMessagesVisible", "FailuresQueue", at, 1)
                for at in every(MINUTE, BEGIN, BEGIN + 4 * DAY)
            ],
            8,
        ),
    ],
)
def test_what_is_still_there_rings_anew_each_morning(name: str, points: list, hour: int) -> None:  # type: ignore[type-arg]
    rang = [one.at for one in turns(alarms()[name], Recording(points), BEGIN, BEGIN + 4 * DAY) if one.state == ALARM]
    mornings = [at + JAKARTA for at in rang if at > BEGIN + 2 * HOUR]
    assert len(mornings) >= 3
    assert [at.date() - mornings[0].date() for at in mornings] == [timedelta(days=n) for n in range(len(mornings))]
    assert {at.hour for at in mornings} == {hour}


def test_a_quiet_minute_of_the_morning_hides_nothing_that_came_just_then() -> None:
    at = BEGIN + DAY + 55 * MINUTE
    points = [
        of_queue("ApproximateNumberOfMessagesVisible", "ArrivalsDeadLetterQueue", one, 1)
        for one in every(MINUTE, at, at + HOUR)
    ]
    rang = turns(alarms()["DeadLetters"], Recording(points), BEGIN, BEGIN + 3 * DAY)
    assert rang[0].state == ALARM
    assert rang[0].at - at <= 10 * MINUTE
