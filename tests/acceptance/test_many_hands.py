"""Sixteen sweeps and sixteen officers at once on a thousand cases: each step once, no word lost, no case left out."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.aws import client
from tanggap.adapters.dynamodb.cases import DynamoCases
from tanggap.adapters.dynamodb.table import table
from tanggap.adapters.ids import RandomIds
from tanggap.adapters.policies import StoredPolicies
from tanggap.application.ports import CaseFile
from tanggap.domain.case import Message
from tanggap.domain.citizens import Opening, open_case
from tanggap.domain.history import faults_in
from tanggap.domain.times import stamp
from tanggap.domain.words import Channel, DeliveryState
from tests.e2e.system import System

pytestmark = pytest.mark.acceptance

CASES = 1_000
HANDS = 16
#: When the desk looks: the first response is breached, verification is, the resolution is reminded of.
LATER = timedelta(days=12)


def repository(system: System) -> tuple[DynamoCases, StoredPolicies]:
    rows, vault = (_rows(system, name) for name in ("CasesTable", "VaultTable"))
    return DynamoCases(rows, vault, None), StoredPolicies(rows)


def _rows(system: System, output: str) -> Any:
    rows: Any = table(system.ready["outputs"][output])
    rows._get_connection().connection._client = client("dynamodb", system.ready["aws_endpoint"])
    return rows


def seeded(cases: DynamoCases, policies: StoredPolicies, at: datetime) -> list[str]:
    """Reports of nobody we know: no letter goes to a reporter, so what is counted is the offices' own."""
    ids, policy = RandomIds(), policies.current()
    numbers = [ids.number() for _ in range(CASES)]

    def one(number: str) -> None:
        message = Message(
            id=ids.new(at), case=number, direction="in", channel=Channel.PHONE, at=at, text="Lampu mati.", subject="x"
        )
        opening = Opening(number=number, message=message, reporter=None, answer=False)
        change = open_case(opening, at, "officer:seed", policy, ids).change()
        cases.commit(change)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, numbers))
    return numbers


def steps_of(file: CaseFile) -> Counter[tuple[str, str, str]]:
    entries = (entry for entry in file.history if entry.event == "escalated")
    return Counter((entry.data["clock"], entry.data.get("unit", ""), entry.data["step"]) for entry in entries)


def test_sixteen_sweeps_and_sixteen_officers_on_a_thousand_cases(system: System) -> None:
    cases, policies = repository(system)
    opened = datetime.now(UTC) - timedelta(hours=2)
    numbers = seeded(cases, policies, opened)
    later = opened + LATER
    system.as_officer("coordinator", "GET", "/v1/policy")  # one session for all
    start = threading.Barrier(2 * HANDS)
    failed: list[int] = []

    def sweep(_: int) -> None:
        start.wait()
        failed.extend(system.sweep(stamp(later + timedelta(minutes=turn)))["failed"] for turn in range(3))

    def officer(hand: int) -> Counter[int]:
        """Its own share and its neighbour's: each case is verified by two at about the same time."""
        start.wait()
        told: Counter[int] = Counter()
        for mine, neighbours in zip(numbers[hand::HANDS], numbers[(hand + 1) % HANDS :: HANDS], strict=False):
            for number in (mine, neighbours):
                body = {"decision": "accept", "reason": "lengkap"}
                told[system.as_officer("coordinator", "POST", f"/v1/cases/{number}/verification", body).status] += 1
        return told

    with ThreadPoolExecutor(2 * HANDS) as pool:
        sweeps = [pool.submit(sweep, hand) for hand in range(HANDS)]
        officers = [pool.submit(officer, hand) for hand in range(HANDS)]
        told = sum((one.result() for one in officers), Counter[int]())
        for one in sweeps:
            one.result()
    after = later + timedelta(minutes=30)
    while system.sweep(stamp(after))["unfinished"]:
        after += timedelta(minutes=1)

    assert set(told) <= {200, 409, 503}, told  # done, somebody was faster, come again
    assert not any(failed)
    files = {number: cases.file(number) for number in numbers}
    letters: Counter[tuple[str, str, str]] = Counter()
    for number, file in files.items():
        assert file is not None
        assert faults_in(number, file.history, file.case.head) == ()
        assert set(steps_of(file).values()) == {1}, "each step once"
        assert {step for clock, _, step in steps_of(file) if clock == "first_response"} >= {"remind", "warn", "breach"}
        assert file.case.due_at is None or file.case.due_at > after, "no case is left out"
        moved = [entry for entry in file.history if entry.event == "status" and entry.data["now"] == "verified"]
        assert len(moved) <= 1, "one officer won"
        for row in file.deliveries:
            if row.steps and not row.parts:
                letters.update((number, row.address, step) for step in row.steps)
                assert row.state is not DeliveryState.FAILED
    assert set(letters.values()) == {1}, "each step in one letter to an address"
    verified = sum(file.case.status == "verified" for file in files.values() if file)
    assert told[200] == verified, "who was told that it is done, did it"
    assert verified >= CASES * 0.95
