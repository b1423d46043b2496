"""Series made by hand: those that only AWS writes, and how each alarm ends. What our own code writes is recorded
(test_recorded_alarms.py)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import chain

import pytest

from infra.watch.alarms import alarms
from infra.watch.evaluate import ALARM, OK, Point, Recording, Turn, turns
from infra.watch.tried import TRIED, Series, Tried
from tests.support import watching
from tests.support.watching import BEGIN, DAY, HOUR, MINUTE, every, of_function, of_queue, own

ALARMS = alarms()
#: The bad hours come on the second day.
BAD = BEGIN + DAY + 3 * HOUR
UNTIL = BEGIN + 3 * DAY


def bad(at: datetime) -> bool:
    """Three hours long."""
    return BAD <= at < BAD + 3 * HOUR


def each(step: timedelta, make: Callable[[datetime], Point], lasting: timedelta = 3 * HOUR) -> list[Point]:
    return [make(at) for at in every(step, BAD, BAD + lasting)]


@functools.cache
def idle_days() -> Recording:
    return Recording(watching.idle(BEGIN, UNTIL))


def month_with(*more: Iterable[Point], **idle: Callable[[datetime], bool]) -> Recording:
    return Recording(chain(*more), Recording(watching.idle(BEGIN, UNTIL, **idle)) if idle else idle_days())


def heard(recording: Recording) -> dict[str, list[Turn]]:
    """What each alarm did. One whose series are those of the idle days is not evaluated anew."""
    return {
        name: _idle_turns(name)
        if all(recording.series(one) is idle_days().series(one) for one in alarm.metrics.values())
        else turns(alarm, recording, BEGIN + DAY, UNTIL)
        for name, alarm in ALARMS.items()
    }


@functools.cache
def _idle_turns(name: str) -> list[Turn]:
    return turns(ALARMS[name], idle_days(), BEGIN + DAY, UNTIL)


#: What only AWS can write: by infra.watch.tried's words, the series.
BY_HAND: dict[str, Callable[[], Recording]] = {
    "the bucket's policy was changed: SES can't store, and tries again": lambda: month_with([watching.not_stored(BAD)]),
    "SES gave a mail up": lambda: month_with([watching.not_stored(BAD, True)]),
    "a list of dead addresses: 6 % bounce": lambda: month_with(_reputation(0.06, 0.0)),
    "letters are called spam: 0.12 %": lambda: month_with(_reputation(0.0, 0.0012)),
    "the account has ten runs at once, and more are wanted": lambda: month_with(each(MINUTE, watching.throttled)),
}

#: Of each alarm a series with an end. That a cause leads to it is shown by recordings (test_recorded_alarms.py).
ENDS: dict[str, Callable[[], Recording]] = {
    "ArrivalsWaiting": lambda: month_with(
        each(MINUTE, lambda at: of_queue("ApproximateAgeOfOldestMessage", "ArrivalsQueue", at, _age(at) % 540))
    ),
    "DeadLetters": lambda: month_with(_left("ArrivalsDeadLetterQueue")),
    "ParkedGrowing": lambda: month_with(_hourly("ParkedLately", 12)),
    "DeliveriesUnsent": lambda: month_with(_hourly("DeliveriesUnsent", 3)),
    "AcknowledgementsLate": lambda: month_with(each(10 * MINUTE, lambda at: own("AcknowledgementSeconds", at, 600))),
    "SweepStopped": lambda: month_with(no_sweep=bad),
    "LedgerOff": lambda: month_with(_hourly("ArrivalsOverdue", 1)),
    "CanaryFailed": lambda: month_with(canary_fails=bad),
    "OverdueRising": lambda: month_with(_hourly("OverdueRise", 9)),
    "MailNotStored": BY_HAND["SES gave a mail up"],
    "ReputationAtRisk": BY_HAND["letters are called spam: 0.12 %"],
    "UpkeepDue": lambda: month_with(_hourly("UpkeepDue", 1)),
    "FunctionsFailing": lambda: month_with(each(3 * MINUTE, lambda at: of_function("Errors", "IntakeFunction", at, 1))),
    "FunctionsThrottled": lambda: month_with(each(MINUTE, watching.throttled)),
    "ApiFailing": lambda: month_with(each(MINUTE, lambda at: watching.api_errors(at, 2))),
    "ChannelSilent": lambda: month_with(_hourly("ChannelsSilent", 1)),
    "TimeRefused": lambda: month_with([own("TimeRefused", BAD, 1)]),
    "WorkFailing": lambda: month_with(each(MINUTE, lambda at: own("WorkFailed", at, 1))),
}


def _age(at: datetime) -> float:
    """Seconds that the oldest has waited since the trouble began."""
    return (at - BAD).total_seconds()


def _left(queue: str) -> list[Point]:
    return each(MINUTE, lambda at: of_queue("ApproximateNumberOfMessagesVisible", queue, at, 1))


def _hourly(name: str, value: float) -> list[Point]:
    return [own(name, at + 17 * MINUTE, value) for at in every(HOUR, BAD, BAD + 6 * HOUR)]


def _reputation(bounces: float, complaints: float) -> list[Point]:
    return [point for at in every(HOUR, BAD, BAD + 3 * HOUR) for point in watching.reputation(at, bounces, complaints)]


@pytest.mark.parametrize("one", [one for one in TRIED if one.series is Series.BY_HAND], ids=lambda one: one.cause)
def test_what_only_aws_writes_rings_its_alarm_when_the_page_says_so_and_no_other(one: Tried) -> None:
    rang = heard(BY_HAND[one.cause]())
    assert {name for name, states in rang.items() if states} == {one.alarm}
    assert rang[one.alarm][0] == Turn(one.alarm, BAD + one.after * MINUTE, ALARM)


@pytest.mark.parametrize("name", ENDS)
def test_each_alarm_tells_when_it_is_over(name: str) -> None:
    assert [one.state for one in heard(ENDS[name]())[name]] == [ALARM, OK]


def test_all_but_what_takes_half_a_day_are_looked_at() -> None:
    assert ENDS.keys() | {"DigestStopped"} == ALARMS.keys()


@pytest.mark.parametrize(
    ("what", "recorded"),
    [
        ("one sweep fails and is tried again", lambda: month_with(sweep_fails=lambda at: at == BAD)),
        (
            "one error of intake that a retry makes good",
            lambda: month_with([of_function("Errors", "IntakeFunction", BAD, 1)]),
        ),
        (
            "one canary whose round failed by itself",
            lambda: month_with(canary_fails=lambda at: BAD <= at < BAD + 5 * MINUTE),
        ),
        ("one spike of throttling", lambda: month_with([watching.throttled(BAD + n * MINUTE) for n in range(4)])),
        ("one answer of the API that was a cold start's", lambda: month_with([watching.api_errors(BAD, 1)])),
        ("one row that lost a race", lambda: month_with([own("WorkFailed", BAD, 1)])),
        (
            "one overdue arrival that the ledger brings in",
            lambda: month_with([own("ArrivalsOverdue", BAD + 17 * MINUTE, 1)]),
        ),
        (
            "one reading that failed and was repeated",
            lambda: month_with([of_queue("ApproximateAgeOfOldestMessage", "ArrivalsQueue", BAD, 181)]),
        ),
        (
            "photos that wait for fifty minutes",
            lambda: month_with([of_queue("ApproximateAgeOfOldestMessage", "MediaQueue", BAD, 3_000)]),
        ),
        (
            "letters that were taken four minutes late",
            lambda: month_with([of_function("IteratorAge", "DeliverFunction", BAD, 250_000)]),
        ),
        ("forged webhooks, a thousand", lambda: month_with(each(MINUTE, lambda at: own("WebhooksRejected", at, 9)))),
        ("bounces as everybody has them", lambda: month_with(_reputation(0.02, 0.0003))),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_passes_by_itself_rings_nobody(what: str, recorded: Callable[[], Recording]) -> None:
    assert [one for states in heard(recorded()).values() for one in states] == [], what
