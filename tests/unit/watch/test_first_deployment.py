"""A new desk: what rings before its first runs have come, for how long, and that nobody is woken by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.watch.alarms import alarms
from infra.watch.evaluate import ALARM, OK, Recording, turns
from tests.contract.stack import RESOURCES
from tests.support.watching import BEGIN, idle

ALARMS = alarms()
#: To these no run is a fault.
BLIND = {name for name, alarm in ALARMS.items() if alarm.missing == "breaching"}
UTC_OF_JAKARTA = timedelta(hours=7)


@pytest.mark.parametrize(("hour", "digest"), [(10, 5), (21, 11)])
def test_a_new_desk_rings_at_its_making_alone_and_is_well_when_its_first_runs_have_come(hour: int, digest: int) -> None:
    at = BEGIN + timedelta(days=1, hours=hour) - UTC_OF_JAKARTA
    recording = Recording(idle(at, at + timedelta(days=1)))
    limits = {"SweepStopped": timedelta(minutes=3), "LedgerOff": timedelta(hours=2), "CanaryFailed": timedelta(hours=1)}
    limits["DigestStopped"] = timedelta(hours=digest)
    rang = {name: turns(alarm, recording, at, at + timedelta(days=1)) for name, alarm in ALARMS.items()}
    assert {name for name, found in rang.items() if found} == BLIND == limits.keys()
    for name in BLIND:
        first, second = rang[name]
        assert (first.at, first.state, second.state) == (at, ALARM, OK), name
        assert second.at - at <= limits[name], name


def test_nobody_is_subscribed_before_those_have_rung() -> None:
    """A mail goes at a change, to whoever has confirmed by then."""
    subscription = RESOURCES["OperatorsSubscription"]
    assert subscription["Properties"]["Protocol"] == "email"
    assert set(subscription["DependsOn"]) == BLIND
