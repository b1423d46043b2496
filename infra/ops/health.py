"""How the desk is, on one screen.

    python -m infra.ops.health (--stack NAME | --local) [--days N]

Alarms that ring, and whether anybody hears them; the ledger's last count; whether what starts the functions is
switched on; what waits and what was given up; what is parked, by reason; letters that have not left, by age; the
mail service's quota, sandbox and reputation; for how long the calendar is known; how old the secrets are; whether
histories are anchored. A line that begins with `!` wants a hand. Ends with 1 where there is one."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from tanggap.adapters.upkeep import listeners
from tanggap.application.ledger import PATIENCE as RETRIES
from tanggap.domain.errors import TanggapError
from tanggap.domain.gauges import NO_TROUBLE, anchors_due
from tanggap.domain.policy_hints import DAYS_AHEAD, days_known
from tanggap.domain.times import parse_instant, stamp

from .command import add_stack, age, ended, say, stack_of
from .dead_letters import Lot
from .names import resources
from .queues import MORE, given_up, names
from .replay import parked
from .secrets import Kept
from .stack import Stack
from .unsent import unsent

#: The count runs each hour: two that did not come are told.
_COUNTED = timedelta(hours=2, minutes=10)

#: The look-up secret is never due by age; a channel's is worth a thought after a year.
_OLD = timedelta(days=365)
#: SES reviews an account at 5 % bounces and 0.1 % complaints.
_REPUTATION = (("Reputation.BounceRate", "bounces", 0.05), ("Reputation.ComplaintRate", "complaints", 0.001))
_AGES = ((timedelta(minutes=5), "under 5 min"), (timedelta(hours=1), "under 1 h"), (timedelta(days=1), "under 1 d"))

_NO_FORM = (LookupError, TypeError, ValueError, AttributeError)

#: (wants a hand, what is said)
Line = tuple[bool, str]
Look = Callable[[Stack, datetime, int], Iterator[Line]]


def alarms(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    pages = stack.client("cloudwatch").get_paginator("describe_alarms")
    named = [one for page in pages.paginate(AlarmNamePrefix=f"{stack.name}-") for one in page["MetricAlarms"]]
    topic = stack.get("AlarmsTopic")  # a stack whose name begins with this one's has its own
    found = [one for one in named if not topic or topic in one.get("AlarmActions", ())]
    ringing = [one for one in found if one["StateValue"] == "ALARM"]
    for one in ringing:
        since = one.get("StateUpdatedTimestamp")
        yield True, f"{one['AlarmName']} since {stamp(since) if since else '?'}: {one.get('AlarmDescription', '')}"
    unsure = sum(one["StateValue"] == "INSUFFICIENT_DATA" for one in found)
    yield not found, f"{len(found)} alarms, {len(ringing)} ringing, {unsure} without data yet"


def ledger(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    report = stack.parts.cases.report()
    if not report:
        yield True, "nothing was counted yet"
        return
    since = now - parse_instant(report["at"])
    said = f"counted {age(since.total_seconds())} ago: {report.get('messages', '?')} messages"
    said += "".join(f", {count} {name}" for name, count in sorted(report.get("outcomes", {}).items()))
    said += f", {report.get('waiting', 0)} waiting, {report.get('overdue', 0)} overdue"
    yield not report.get("balanced", False) or since > _COUNTED, said
    for due in report.get("gauges", {}).get("upkeep", ()):
        yield True, f"{due} is due: upkeep-due.md"
    if oldest := report.get("oldest_waiting_key"):
        waited = age((now - parse_instant(report["oldest_waiting"])).total_seconds())
        yield bool(report.get("overdue")), f"the oldest that waits: {oldest}, {waited}"


def queues(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    for name, url in names(stack).items():
        lot = Lot(stack, url)
        found = lot.counts()
        since = lot.oldest(now)
        said = f"{name} {found.waiting} waiting, {found.taken} in work"
        said += f", oldest {age(since)}" if since is not None else ""
        late = since is not None and since > RETRIES.total_seconds()
        yield (given_up(name) and found.waiting + found.taken > 0) or (late and not given_up(name)), said


def runs(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    """What starts the functions: mappings of queues and of the stream, rules, the digest's schedule."""
    on, unsure, asleep = 0, 0, 0
    for name, kind, key in resources(stack, *STARTERS):
        state = _state(stack, kind, key)
        if state == "Disabled" and name in ASLEEP and not stack.resource(ASLEEP[name]):
            asleep += 1
            continue
        on += state in _ON
        unsure += state in _MOVING
        if state not in _ON | _MOVING:
            yield True, f"{name} is {state.lower()}: {key}"
    yield (
        not on and bool(stack.name),
        f"{on} of what starts functions are on"
        + (f", {unsure} change" if unsure else "")
        + (f", {asleep} sleep as the template has it" if asleep else ""),
    )


def _state(stack: Stack, kind: str, key: str) -> str:
    try:
        return STARTERS[kind](stack, key)
    except ClientError as error:
        if "NotFound" in error.response["Error"]["Code"]:
            return "gone"
        raise


#: Mappings that the template keeps off in a stack that lacks a resource, which their condition makes as well.
ASLEEP = {"MediaFunctionMedia": "ChannelSecret"}
_ON, _MOVING = frozenset({"ENABLED", "Enabled"}), frozenset({"Creating", "Enabling", "Updating"})
#: Each kind with how its state is asked for, by its physical id.
STARTERS: dict[str, Callable[[Stack, str], str]] = {
    "AWS::Lambda::EventSourceMapping": lambda stack, key: str(
        stack.client("lambda").get_event_source_mapping(UUID=key)["State"]
    ),
    "AWS::Events::Rule": lambda stack, key: str(stack.client("events").describe_rule(Name=key)["State"]),
    "AWS::Scheduler::Schedule": lambda stack, key: str(stack.client("scheduler").get_schedule(Name=key)["State"]),
}


def parked_lately(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    found = Counter(str(row.reason) for row in parked(stack.parts.cases, now - timedelta(days=days), now))
    said = ", ".join(f"{count} {reason}" for reason, count in found.most_common()) or "nothing"
    yield bool(found.keys() - NO_TROUBLE), f"in {days} days: {said}"


def letters(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    by_age: dict[str, Counter[str]] = {}
    waiting, more = unsent(stack.parts.cases)
    for one in waiting:
        since = now - one.created_at
        name = next((name for limit, name in _AGES if since < limit), "older")
        by_age.setdefault(name, Counter())[one.reason or str(one.state)] += 1
    for name in (*(name for _, name in _AGES), "older"):
        if found := by_age.get(name):
            said = ", ".join(f"{count} {reason}" for reason, count in found.most_common())
            yield name not in ("under 5 min", "under 1 h"), f"{name}: {said}"
    if more:
        yield False, f"{len(waiting)} were looked at{MORE}"
    elif not by_age:
        yield False, "none waits"


def mail(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    account = stack.client("sesv2").get_account()
    quota = account.get("SendQuota", {})
    most, sent = quota.get("Max24HourSend", 0), quota.get("SentLast24Hours", 0)
    full = most > 0 and sent > most * 0.8
    yield full, f"{sent:.0f} of {most:.0f} mails in 24 hours, {quota.get('MaxSendRate', 0):.0f} a second"
    if not account.get("ProductionAccessEnabled", False):
        yield True, "still in the sandbox: mail goes to verified addresses alone"
    status = account.get("EnforcementStatus", "HEALTHY")
    enabled = account.get("SendingEnabled", True)
    yield status != "HEALTHY" or not enabled, f"the account is {status.lower()}{'' if enabled else ', sending is off'}"
    for metric, what, limit in _REPUTATION:
        rate = _rate(stack, metric, now)
        if rate is not None:
            yield rate >= limit, f"{what} {rate:.2%} (reviewed at {limit:.1%})"


def _rate(stack: Stack, metric: str, now: datetime) -> float | None:
    points = (
        stack.client("cloudwatch")
        .get_metric_statistics(
            Namespace="AWS/SES",
            MetricName=metric,
            StartTime=now - timedelta(days=1),
            EndTime=now,
            Period=3600,
            Statistics=["Maximum"],
        )
        .get("Datapoints", ())
    )
    return float(max(points, key=lambda one: one["Timestamp"])["Maximum"]) if points else None


def calendar(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    policy = stack.parts.policies.current()
    left = days_known(policy, now)
    yield left < DAYS_AHEAD, f"days off are known for {left} days more; policy {policy.version} is in force"


def keys(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    for logical_id in ("LookupSecret", "ChannelSecret"):
        if stack.resource(logical_id):
            since = now - Kept(stack, logical_id).changed_at()
            said = f"{logical_id} changed {age(since.total_seconds())} ago"
            yield logical_id == "ChannelSecret" and since > _OLD, said


def histories(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    from .anchor import anchors_of

    if not stack.get("AnchorsBucket"):
        yield False, "the stack keeps no anchors"
        return
    anchors = anchors_of(stack)
    count, last = len(anchors.keys()), anchors.last(now)
    since = now - last.until
    late = bool(anchors_due(last.until, 0, now))
    yield late, f"{count} anchors" + (f", {age(since.total_seconds())} old" if count else "")
    if last.covered:
        yield True, f"{last.covered} of them were put over, or hidden: anchor verify"


def operators(stack: Stack, now: datetime, days: int) -> Iterator[Line]:
    """Alarms that reach nobody look like alarms that don't ring."""
    topic = stack.get("AlarmsTopic")
    if not topic:
        yield False, "the stack has no alarms"
        return
    hear, pending = listeners(stack.client("sns"), topic)
    yield not hear, f"{hear} hear the alarms" + (f", {pending} have not confirmed yet" if pending else "")


LOOKS: dict[str, Look] = {
    "alarms": alarms,
    "operators": operators,
    "ledger": ledger,
    "runs": runs,
    "queues": queues,
    "parked": parked_lately,
    "letters": letters,
    "mail": mail,
    "calendar": calendar,
    "secrets": keys,
    "histories": histories,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="health", description="how the desk is, on one screen")
    add_stack(parser)
    parser.add_argument("--days", type=int, default=7, help="how far back parked arrivals are counted (7)")
    given = parser.parse_args(arguments)
    return ended(lambda: looked(stack_of(given), given.days))


def looked(stack: Stack, days: int) -> int:
    from pynamodb.exceptions import PynamoDBException

    from tanggap.adapters.ids import utc_now

    stack.need("CasesTable")
    now, bad = utc_now(), 0
    say(f"{stack.name or 'the desk'} at {stamp(now)}")
    for name, look in LOOKS.items():
        try:
            for wants, said in look(stack, now, days):
                bad += wants
                say(f"{'!' if wants else ' '} {name:<10} {said}")
        # A report that a newer release wrote, or a damaged one, is of any form.
        except (ClientError, BotoCoreError, PynamoDBException, TanggapError, *_NO_FORM) as error:
            bad += 1
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            say(f"! {name:<10} cannot be looked at ({code})")
    say(f"{bad} of these want a hand" if bad else "nothing wants a hand")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
