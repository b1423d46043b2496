"""Metrics made by hand, as a desk's month, or its bad hour, leaves them behind: for what only AWS writes, and for how
alarms begin and end. What our own code writes is recorded (tests/support/recording.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from infra.watch.evaluate import Point

#: A Monday. The month before the bad hour is idle.
BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OWN = "Tanggap/${AWS::StackName}"
#: What the ledger writes each hour, 0 too.
HOURLY = ("ArrivalsOverdue", "ParkedLately", "DeliveriesUnsent", "OverdueRise", "ChannelsSilent", "UpkeepDue")

Series = Iterator[Point]
During = Callable[[datetime], bool]


def never(at: datetime) -> bool:
    return False


def own(name: str, at: datetime, value: float) -> Point:
    return Point(OWN, name, (("service", "desk"),), at, value)


def of_function(metric: str, name: str, at: datetime, value: float) -> Point:
    return Point("AWS/Lambda", metric, (("FunctionName", name),), at, value)


def of_queue(metric: str, name: str, at: datetime, value: float) -> Point:
    return Point("AWS/SQS", metric, (("QueueName", name),), at, value)


def every(step: timedelta, since: datetime, until: datetime) -> Iterator[datetime]:
    at = since
    while at < until:
        yield at
        at += step


def runs(name: str, at: datetime, failed: bool = False) -> Series:
    """Lambda writes both for each run: Errors is 0 when it ended well."""
    yield of_function("Invocations", name, at, 1)
    yield of_function("Errors", name, at, float(failed))


def idle(
    since: datetime,
    until: datetime,
    *,
    no_sweep: During = never,
    sweep_fails: During = never,
    canary_fails: During = never,
) -> Series:
    """A village where nobody writes: the minute's sweep, the digests' quarters of an hour by day (05:00 to 23:00 in
    Jakarta), the hour's count, and the canary with what it sets going."""
    for at in every(MINUTE, since, until):
        if not no_sweep(at):
            yield from runs("EscalateFunction", at, sweep_fails(at))
        if at.minute % 15 == 0 and (at.hour >= 22 or at.hour < 16):
            yield from runs("DigestFunction", at)
        if at.minute == 17:
            yield from runs("LedgerFunction", at)
            for name in HOURLY:
                yield own(name, at, 0)
        if at.minute % 5 == 2:
            yield from runs("CanaryFunction", at, canary_fails(at))
        if (at - BEGIN) % (180 * MINUTE) == 42 * MINUTE:
            for name in ("WebhooksFunction", "IntakeFunction", "DeliverFunction", "IntakeFunction"):
                yield from runs(name, at)
            yield of_function("IteratorAge", "DeliverFunction", at, 400)
            yield of_queue("ApproximateAgeOfOldestMessage", "ArrivalsQueue", at, 1)
            yield of_queue("ApproximateNumberOfMessagesVisible", "ArrivalsDeadLetterQueue", at, 0)
            yield Point("AWS/ApiGateway", "5XXError", _API, at, 0)


_API = (("ApiName", "AWS::StackName"), ("Stage", "live"))


def api_errors(at: datetime, number: int) -> Point:
    return Point("AWS/ApiGateway", "5XXError", _API, at, number)


def not_stored(at: datetime, for_good: bool = False) -> Point:
    name = "PublishExpired" if for_good else "PublishFailure"
    return Point("AWS/SES", name, (("RuleName", "ReceiptRule"),), at, 1)


def reputation(at: datetime, bounces: float, complaints: float) -> Series:
    yield Point("AWS/SES", "Reputation.BounceRate", (), at, bounces)
    yield Point("AWS/SES", "Reputation.ComplaintRate", (), at, complaints)


def throttled(at: datetime) -> Point:
    return Point("AWS/Lambda", "Throttles", (), at, 3)
