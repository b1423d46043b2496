"""One channel's flood leaves the others their room: as far as it holds, in figures (infra/security/threat-model.md)."""

from __future__ import annotations

import pytest

from infra.growth import limits
from infra.growth.measured import load
from infra.growth.model import Model
from tests.contract.stack import RESOURCES, areas, functions, reaches

#: What brings an arrival, by channel: the areas that announce one.
DOORS = {
    "web": {("POST", "/v1/reports"), ("POST", "/lapor"), ("POST", "/v1/reports/{proxy+}"), ("POST", "/lacak")},
    "meta": {("POST", "/webhooks/meta")},
    "telegram": {("POST", "/webhooks/telegram")},
    "open311": {("POST", "/open311/{proxy+}")},
}
#: They announce nothing: an upload waits for its report, an unknown channel is told so, a sign-in leads to none.
SILENT = {("POST", "/v1/reports/uploads"), ("POST", "/webhooks/{proxy+}"), ("POST", "/v1/session")}
RATES = {
    (one["HttpMethod"], one["ResourcePath"].replace("~1", "/").removeprefix("/")): one["ThrottlingRateLimit"]
    for one in RESOURCES["Api"]["Properties"]["MethodSettings"]
}


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(load())


def rate(channel: str) -> float:
    """Requests a second, at most."""
    return float(sum(RATES[door] for door in DOORS[channel]))


def test_every_open_door_that_writes_belongs_to_a_channel_or_brings_nothing() -> None:
    writing = {(area.method, area.path) for area in areas() if area.public and area.method != "GET"}
    assert writing == set().union(SILENT, *DOORS.values())


@pytest.mark.parametrize("channel", DOORS)
def test_no_channel_of_the_api_fills_what_reads_all_of_them(model: Model, channel: str) -> None:
    """At its throttle for hours, one message a request, each a new case: the dearest that a reading can be."""
    needed = rate(channel) * model.runs.new
    assert needed <= 0.8 * model.knobs.intake_at_once, "mail and the other channels would wait behind it"


def test_all_of_them_at_once_do(model: Model) -> None:
    """What the threat model says doesn't hold. Once it does, say so there."""
    assert sum(map(rate, DOORS)) * model.runs.new > model.knobs.intake_at_once


def test_a_new_accounts_runs_are_fewer_than_one_flood_takes(model: Model) -> None:
    """The same: until an account has its thousand, whoever floods takes runs from officers."""
    assert model.knobs.intake_at_once > limits.NEW_ACCOUNT_RUNS
    assert model.knobs.intake_at_once <= limits.ACCOUNT_RUNS / 10, "with them nine in ten runs are for everybody else"


def test_slow_media_hold_up_no_report_and_leave_a_new_account_its_runs() -> None:
    (media,) = functions()["MediaFunction"].events("SQS").values()
    (intake,) = functions()["IntakeFunction"].events("SQS").values()
    assert reaches(media["Queue"], "MediaQueue")
    assert reaches(intake["Queue"], "ArrivalsQueue")
    assert media["ScalingConfig"]["MaximumConcurrency"] <= limits.NEW_ACCOUNT_RUNS / 2
    assert not {"GRAPH_URL", "TELEGRAM_URL", "CHANNEL_SECRET"} & set(functions()["IntakeFunction"].environment)


def test_one_arrival_holds_up_no_other() -> None:
    """A poisoned one takes its own run and its own five tries, whatever it does to the process."""
    for name in ("IntakeFunction", "MediaFunction"):
        (event,) = functions()[name].events("SQS").values()
        assert event["BatchSize"] == 1
