"""Each alarm rings for its cause, in time, and for no other's; an idle month rings none."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import chain

import pytest

from infra.watch.alarms import alarms
from infra.watch.evaluate import ALARM, OK, Point, Recording, Turn, turns
from tests.support import watching
from tests.support.watching import BEGIN, DAY, HOUR, MINUTE, every, of_function, of_queue, own

ALARMS = alarms()
#: The bad hours come on the second day.
BAD = BEGIN + DAY + 3 * HOUR
UNTIL = BEGIN + 3 * DAY


def bad(at: datetime) -> bool:
    """Three hours long."""
    return BAD <= at < BAD + 3 * HOUR


def bad_day(at: datetime) -> bool:
    return BAD <= at < BAD + DAY


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


#: Alarm, what goes wrong, the metrics of that, and how soon it rings at the latest.
CAUSES: list[tuple[str, str, Callable[[], Recording], timedelta]] = [
    (
        "ArrivalsWaiting",
        "the queue's mapping is off and notices grow old",
        lambda: month_with(
            each(MINUTE, lambda at: of_queue("ApproximateAgeOfOldestMessage", "ArrivalsQueue", at, _age(at)))
        ),
        10 * MINUTE,
    ),
    (
        "ArrivalsWaiting",
        "intake is throttled, or fails: what was read four times is in no age any more",
        lambda: month_with(
            each(MINUTE, lambda at: of_queue("ApproximateAgeOfOldestMessage", "ArrivalsQueue", at, _age(at) % 540))
        ),
        10 * MINUTE,
    ),
    (
        "ArrivalsWaiting",
        "a platform is so slow that photos wait for hours",
        lambda: month_with(
            each(MINUTE, lambda at: of_queue("ApproximateAgeOfOldestMessage", "MediaQueue", at, _age(at)))
        ),
        70 * MINUTE,
    ),
    (
        "DeadLetters",
        "an arrival could not be read five times",
        lambda: month_with(_left("ArrivalsDeadLetterQueue")),
        10 * MINUTE,
    ),
    ("DeadLetters", "a scheduled run was given up", lambda: month_with(_left("FailuresQueue")), 10 * MINUTE),
    ("ParkedGrowing", "a platform changed what it sends", lambda: month_with(_hourly("ParkedLately", 12)), 2 * HOUR),
    ("DeliveriesUnsent", "SES is still in its sandbox", lambda: month_with(_hourly("DeliveriesUnsent", 3)), 2 * HOUR),
    (
        "AcknowledgementsLate",
        "letters leave ten minutes after their report",
        lambda: month_with(each(10 * MINUTE, lambda at: own("AcknowledgementSeconds", at, 600))),
        10 * MINUTE,
    ),
    (
        "AcknowledgementsLate",
        "the stream lags: batches are worked on late",
        lambda: month_with(each(MINUTE, lambda at: of_function("IteratorAge", "DeliverFunction", at, 1000 * _age(at)))),
        15 * MINUTE,
    ),
    ("SweepStopped", "nobody starts the sweep", lambda: month_with(no_sweep=bad), 10 * MINUTE),
    ("SweepStopped", "each sweep fails", lambda: month_with(sweep_fails=bad), 5 * MINUTE),
    ("DigestStopped", "nobody looks for digests", lambda: month_with(no_digest=lambda at: at >= BAD), 14 * HOUR),
    (
        "LedgerOff",
        "an arrival has no outcome at two counts",
        lambda: month_with(_hourly("ArrivalsOverdue", 1)),
        3 * HOUR,
    ),
    ("LedgerOff", "nobody counts", lambda: month_with(no_count=bad_day), 6 * HOUR),
    ("CanaryFailed", "the canary was not acknowledged", lambda: month_with(canary_fails=bad), 30 * MINUTE),
    ("CanaryFailed", "the canary does not write", lambda: month_with(no_canary=bad_day), 2 * HOUR),
    ("OverdueRising", "a unit stopped answering", lambda: month_with(_hourly("OverdueRise", 9)), 2 * HOUR),
    ("MailNotStored", "the bucket's policy was changed", lambda: month_with([watching.not_stored(BAD)]), 5 * MINUTE),
    ("MailNotStored", "SES gave a mail up at once", lambda: month_with([watching.not_stored(BAD, True)]), 5 * MINUTE),
    ("ReputationAtRisk", "a list of dead addresses", lambda: month_with(_reputation(0.06, 0.0)), 2 * HOUR),
    ("ReputationAtRisk", "letters are called spam", lambda: month_with(_reputation(0.0, 0.0012)), 2 * HOUR),
    ("UpkeepDue", "next year's days off are missing", lambda: month_with(_hourly("UpkeepDue", 1)), 2 * HOUR),
    (
        "FunctionsFailing",
        "intake fails at each arrival",
        lambda: month_with(each(3 * MINUTE, lambda at: of_function("Errors", "IntakeFunction", at, 1))),
        15 * MINUTE,
    ),
    (
        "FunctionsThrottled",
        "the account has ten runs at once",
        lambda: month_with(each(MINUTE, watching.throttled)),
        20 * MINUTE,
    ),
    (
        "ApiFailing",
        "the table refuses the portal",
        lambda: month_with(each(MINUTE, lambda at: watching.api_errors(at, 2))),
        5 * MINUTE,
    ),
    ("ChannelSilent", "Meta disabled the subscription", lambda: month_with(_hourly("ChannelsSilent", 1)), 2 * HOUR),
    (
        "TimeRefused",
        "somebody starts the sweep with another year",
        lambda: month_with([own("TimeRefused", BAD, 1)]),
        5 * MINUTE,
    ),
    (
        "WorkFailing",
        "one case can't be read, minute after minute",
        lambda: month_with(each(MINUTE, lambda at: own("WorkFailed", at, 1))),
        20 * MINUTE,
    ),
    (
        "WorkFailing",
        "the outbox's mapping is off: no run, no lag, and after five minutes the sweep's word",
        lambda: month_with([own("WorkFailed", at, 2) for at in every(MINUTE, BAD + 6 * MINUTE, BAD + 3 * HOUR)]),
        25 * MINUTE,
    ),
]


def _age(at: datetime) -> float:
    """Seconds that the oldest has waited since the trouble began."""
    return (at - BAD).total_seconds()


def _left(queue: str) -> list[Point]:
    return each(MINUTE, lambda at: of_queue("ApproximateNumberOfMessagesVisible", queue, at, 1))


def _hourly(name: str, value: float) -> list[Point]:
    return [own(name, at + 17 * MINUTE, value) for at in every(HOUR, BAD, BAD + 6 * HOUR)]


def _reputation(bounces: float, complaints: float) -> list[Point]:
    return [point for at in every(HOUR, BAD, BAD + 3 * HOUR) for point in watching.reputation(at, bounces, complaints)]


@pytest.mark.parametrize(("name", "cause", "recorded", "within"), CAUSES, ids=[f"{one[0]}: {one[1]}" for one in CAUSES])
def test_an_alarm_rings_for_its_cause_in_time_and_no_other_does(
    name: str, cause: str, recorded: Callable[[], Recording], within: timedelta
) -> None:
    rang = heard(recorded())
    assert {one for one, states in rang.items() if states} == {name}, cause
    assert rang[name][0].state == ALARM
    assert BAD <= rang[name][0].at <= BAD + within


def test_each_alarm_has_a_cause_that_it_is_tried_with() -> None:
    assert {name for name, *_ in CAUSES} == ALARMS.keys()


@pytest.mark.parametrize("name", sorted({name for name, *_ in CAUSES} - {"DigestStopped"}))
def test_each_alarm_tells_when_it_is_over(name: str) -> None:
    _, _, recorded, _ = next(one for one in CAUSES if one[0] == name)
    assert [one.state for one in heard(recorded())[name]] == [ALARM, OK]


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


def test_a_month_in_which_nobody_writes_rings_no_alarm() -> None:
    until = BEGIN + 31 * DAY
    recording = Recording(watching.idle(BEGIN, until))
    rang = [one for alarm in ALARMS.values() for one in turns(alarm, recording, BEGIN + DAY, until)]
    assert rang == []
