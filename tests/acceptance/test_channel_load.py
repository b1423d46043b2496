"""Many webhooks at once through the API: none is lost, each case is acknowledged once."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.load.answers import waiting_notices
from infra.local.aws import client
from tests.acceptance.test_concurrency import arrivals
from tests.e2e.channels import BODIES, Platform, sent
from tests.e2e.system import System, until

pytestmark = pytest.mark.acceptance

MANY, AT_ONCE = 2_000, 8
#: Telegram's own rate is 30 messages a second, of all chats together: the longest wait behind it, and a sweep's minute.
WITHIN = 900


def test_two_thousand_webhooks_at_eight_at_once_are_as_many_cases_each_acknowledged_once(system: System) -> None:
    channels = ("telegram", "whatsapp", "messenger", "instagram")
    before = Counter(m["outcome"] for row in arrivals(system) for m in row["messages"])
    platforms = {name: Platform(system, name) for name in channels}
    people = [(channels[place % 4], platforms[channels[place % 4]].someone()) for place in range(MANY)]
    assert len(set(people)) == MANY

    def write(place: int) -> float:
        channel, who = people[place]
        body, _ = BODIES[channel](system, who, f"Banjir setinggi {place % 200} cm di RT {place % 12 + 1}.", {})
        began = time.monotonic()
        answer = platforms[channel].deliver(body)
        assert answer.status == 200, answer
        return time.monotonic() - began

    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        took = sorted(pool.map(write, range(MANY)))
    rate = MANY / (time.monotonic() - began)
    median, slow = took[MANY // 2] * 1000, took[int(MANY * 0.99)] * 1000
    print(f"\n{MANY} webhooks at {AT_ONCE} at once: {rate:.0f} a second, median {median:.0f} ms, 99 % {slow:.0f} ms")

    def acknowledged() -> Counter[tuple[str, str]]:
        return Counter((name, str(one["to"])) for name in channels for one in sent(system, name))

    wanted = set(people)
    until(lambda: len(wanted & acknowledged().keys()) == MANY, f"{MANY} acknowledgements", within=WITHIN)
    print(f"all acknowledged {time.monotonic() - began:.0f} s after the first")
    time.sleep(5)
    told = acknowledged()
    assert {told[one] for one in wanted} == {1}
    after = Counter(m["outcome"] for row in arrivals(system) for m in row["messages"])
    assert after["filed"] - before["filed"] == MANY
    assert after["parked"] == before["parked"]
    answer = client("lambda", system.ready["aws_endpoint"]).invoke(
        FunctionName=system.ready["outputs"]["LedgerFunction"]
    )
    report = json.loads(answer["Payload"].read())
    assert (report["overdue"], report["balanced"]) == (0, True)


def test_a_thousand_messages_in_one_body_are_as_many_cases_by_several_runs(system: System) -> None:
    """As a platform sends what it could not while we were away: more than one run of intake has the time for."""
    platform = Platform(system, "whatsapp")
    people = [platform.someone() for _ in range(1_000)]
    bodies = [BODIES["whatsapp"](system, who, f"Jembatan putus di RT {place}.", {}) for place, who in enumerate(people)]
    whole = {"object": bodies[0][0]["object"], "entry": [entry for body, _ in bodies for entry in body["entry"]]}
    ids = {external_id for _, external_id in bodies}
    began = time.monotonic()
    assert platform.deliver(whole).status == 200

    def acknowledged() -> Counter[str]:
        return Counter(str(one["to"]) for one in sent(system, "whatsapp"))

    until(lambda: set(people) <= acknowledged().keys(), "a thousand acknowledgements", within=WITHIN)
    print(f"\na thousand messages in one body: all acknowledged {time.monotonic() - began:.0f} s after it")
    # A run that is not done may still tell somebody twice.
    until(lambda: not any(waiting_notices(system.ready)), "the arrivals queue to be empty", within=WITHIN)
    time.sleep(5)
    told = acknowledged()
    assert {told[who] for who in people} == {1}
    found = [one["outcome"] for row in arrivals(system) for one in row["messages"] if one["external_id"] in ids]
    assert Counter(found) == {"filed": len(people)}
    left = client("sqs", system.ready["aws_endpoint"]).get_queue_attributes(
        QueueUrl=system.ready["outputs"]["ArrivalsDeadLetterQueueUrl"], AttributeNames=["All"]
    )["Attributes"]
    assert left["ApproximateNumberOfMessages"] == "0"
