"""What each line of the operator's one screen calls well, and from where on it wants a hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from infra.ops import health
from infra.ops.health import Look
from tanggap.adapters.dynamodb.delivery_rows import delivery_row
from tanggap.adapters.dynamodb.table import Row
from tanggap.application.ledger import PATIENCE
from tanggap.domain.case import Delivery
from tanggap.domain.words import Purpose
from tests.integration.test_ops_held import NOW, WELL, Aws, stack
from tests.support.world import World

MOMENT = timedelta(seconds=1)


def measured(value: float) -> dict[str, Any]:
    return {"Datapoints": [{"Timestamp": NOW, "Maximum": value}]}


def queue(output: str, waiting: int = 0, oldest: timedelta = timedelta(0), taken: int = 0) -> Any:
    counts = {"ApproximateNumberOfMessages": waiting, "ApproximateNumberOfMessagesNotVisible": taken}
    aws = Aws(get_queue_attributes={"Attributes": counts}, get_metric_statistics=measured(oldest.total_seconds()))
    found = stack(aws)
    found.outputs = {output: "https://sqs/desk"}
    return found


def reputation(bounces: float, complaints: float) -> Any:
    return stack(Aws(get_account=WELL, get_metric_statistics=[measured(bounces), measured(complaints)]))


def unsent(since: timedelta) -> Any:
    at: datetime = NOW - since
    letter = Delivery(
        id="d1",
        case="TGP-1",
        purpose=Purpose.REPLY,
        created_at=at,
        subject="",
        text="",
        reporter="r",
        due_at=at,
        wake=at,
    )
    rows = [delivery_row(Row, letter)]
    index = SimpleNamespace(query=lambda shard, limit: rows if shard == "O#0" else [])
    table = SimpleNamespace(due_index=index, batch_get=lambda places: rows)
    return stack(Aws(), cases=SimpleNamespace(row=table))


def known_for(days: int) -> Any:
    policy = World("memory").policies.current()
    until = policy.calendar.local(NOW).date() + timedelta(days=days)
    policy = replace(policy, calendar=replace(policy.calendar, known_until=until))
    return stack(Aws(), policies=SimpleNamespace(current=lambda: policy))


def changed(lookup: timedelta, channel: timedelta) -> Any:
    return stack(Aws(describe_secret=[{"LastChangedDate": NOW - since} for since in (lookup, channel)]))


YEAR = timedelta(days=365)
ARRIVALS, DEAD, FAILURES = "ArrivalsQueueUrl", "ArrivalsDeadLetterQueueUrl", "FailuresQueueUrl"
SCREEN: dict[str, tuple[Look, Any, bool]] = {
    "an empty queue": (health.queues, queue(ARRIVALS), False),
    "a queue whose oldest is still tried again": (health.queues, queue(ARRIVALS, 9, PATIENCE), False),
    "a queue whose oldest is beyond all tries": (health.queues, queue(ARRIVALS, 9, PATIENCE + MOMENT), True),
    "no dead letter": (health.queues, queue(DEAD, 0, 9 * PATIENCE), False),
    "a dead letter, however young": (health.queues, queue(DEAD, 1), True),
    "a dead letter that somebody looks at": (health.queues, queue(DEAD, taken=1), True),
    "a failure": (health.queues, queue(FAILURES, 1), True),
    "a letter of just now": (health.letters, unsent(timedelta(minutes=4)), False),
    "a letter of less than an hour": (health.letters, unsent(timedelta(hours=1) - MOMENT), False),
    "a letter of an hour": (health.letters, unsent(timedelta(hours=1)), True),
    "a letter of days": (health.letters, unsent(timedelta(days=3)), True),
    "bounces and complaints as everybody has them": (health.mail, reputation(0.049, 0.0009), False),
    "bounces for which SES reviews an account": (health.mail, reputation(0.05, 0), True),
    "complaints for which SES reviews an account": (health.mail, reputation(0, 0.001), True),
    "days off that are known": (health.calendar, known_for(60), False),
    "days off that end within two months": (health.calendar, known_for(59), True),
    "days off that are known no more": (health.calendar, known_for(-1), True),
    "secrets of this year": (health.keys, changed(YEAR, YEAR), False),
    "a look-up secret of years, which is never due by age": (health.keys, changed(9 * YEAR, YEAR), False),
    "a channel's secret of more than a year": (health.keys, changed(YEAR, YEAR + MOMENT), True),
}


@pytest.mark.parametrize("name", SCREEN)
def test_the_screen_wants_a_hand_where_one_is_wanted_and_nowhere_else(name: str) -> None:
    look, seen, wants = SCREEN[name]
    said = list(look(seen, NOW, 7))
    assert said
    assert any(bad for bad, _ in said) is wants, said
