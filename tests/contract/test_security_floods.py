"""One channel's flood leaves the others their room: as far as it holds, in figures (infra/security/threat-model.md)."""

from __future__ import annotations

import pytest

from infra.build.template import decided
from infra.growth import cost, limits
from infra.growth.knobs import MANY, NEW
from infra.growth.measured import load
from infra.growth.model import Model
from infra.ops import health
from tanggap.adapters.s3 import S3Arrivals
from tanggap.entrypoints.webhooks.store import AwsStore
from tests.contract.stack import ROOT, TEMPLATE, areas, functions, reaches

#: What brings an arrival, by channel: the areas that announce one.
DOORS = {
    "web": {("POST", "/v1/reports"), ("POST", "/lapor"), ("POST", "/v1/reports/{proxy+}"), ("POST", "/lacak")},
    "meta": {("POST", "/webhooks/meta")},
    "telegram": {("POST", "/webhooks/telegram")},
    "open311": {("POST", "/open311/{proxy+}")},
}
#: They announce nothing: an upload waits for its report, an unknown channel is told so, a sign-in leads to none.
SILENT = {("POST", "/v1/reports/uploads"), ("POST", "/webhooks/{proxy+}"), ("POST", "/v1/session")}
OPEN = decided(TEMPLATE, MANY)["Resources"]
RATES = {
    (one["HttpMethod"], one["ResourcePath"].replace("~1", "/").removeprefix("/")): one["ThrottlingRateLimit"]
    for one in OPEN["Api"]["Properties"]["MethodSettings"]
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


def test_the_page_says_how_many_reports_the_throttles_let_in_a_day() -> None:
    """Each is a new case; a further message, which the web's other two doors take, is none."""
    doors = [("POST", "/v1/reports"), ("POST", "/lapor"), ("POST", "/open311/{proxy+}")]
    most = f"at most {86_400 * sum(RATES[door] for door in doors) / 1e6:.1f} million reports a day"
    assert most in (ROOT / "infra/security/threat-model.md").read_text()


def test_a_flood_takes_a_share_of_the_accounts_runs(model: Model) -> None:
    assert model.knobs.intake_at_once <= limits.ACCOUNT_RUNS / 10, "nine in ten runs are for everybody else"
    assert model.few.intake_at_once <= limits.NEW_ACCOUNT_RUNS / 3, "of ten, three"


@pytest.mark.parametrize("given", [{}, NEW], ids=["no platform", "new account"])
def test_a_closed_platforms_door_is_a_narrow_one(given: dict[str, str]) -> None:
    """Nobody calls it but who tries: each call costs a run, whatever is answered."""
    settings = decided(TEMPLATE, given)["Resources"]["Api"]["Properties"]["MethodSettings"]
    rates = {one["ResourcePath"]: one["ThrottlingRateLimit"] for one in settings if one["HttpMethod"] == "POST"}
    doors = (rates["/~1webhooks~1meta"], rates["/~1webhooks~1telegram"])
    assert max(doors) <= 5 if not given else min(doors) >= 100


def test_a_notice_says_by_which_door_it_came_so_that_the_queue_is_fair(model: Model) -> None:
    """SQS's fair queues need no setting but the group; a queue that keeps an order has none of it."""
    queue = TEMPLATE["Resources"]["ArrivalsQueue"]["Properties"]
    assert "FifoQueue" not in queue
    sent: list[dict[str, str]] = []

    class Sqs:
        def send_message(self, **asked: str) -> None:
            sent.append(asked)

    store = AwsStore(lambda name: Sqs(), "arrivals", "attachments", "queue")
    for door in ("web", "meta", "telegram", "open311"):
        assert store.announce(f"webhooks/{door}/{'0' * 64}.json")
    assert [one["MessageGroupId"] for one in sent] == ["web", "meta", "telegram", "open311"]
    again = S3Arrivals(lambda: None, "arrivals", Sqs, "queue")
    for key in ("webhooks/meta/x.json", "parts/telegram/x-0001.json", "mail/x", "events/x.json"):
        again.notify(key)
    assert [one.get("MessageGroupId") for one in sent[4:]] == ["meta", "telegram", None, None]


def test_slow_media_hold_up_no_report_and_leave_a_new_account_its_runs() -> None:
    (media,) = functions()["MediaFunction"].events("SQS").values()
    (intake,) = functions()["IntakeFunction"].events("SQS").values()
    assert reaches(media["Queue"], "MediaQueue")
    assert reaches(intake["Queue"], "ArrivalsQueue")
    assert max(media["ScalingConfig"]["MaximumConcurrency"]["Fn::If"][1:]) <= limits.NEW_ACCOUNT_RUNS / 2
    assert not {"GRAPH_URL", "TELEGRAM_URL", "CHANNEL_SECRET"} & set(functions()["IntakeFunction"].environment)


def test_one_arrival_holds_up_no_other() -> None:
    """A poisoned one takes its own run and its own five tries, whatever it does to the process."""
    for name in ("IntakeFunction", "MediaFunction"):
        (event,) = functions()[name].events("SQS").values()
        assert event["BatchSize"] == 1


def test_who_is_told_what_a_month_costs() -> None:
    """By AWS itself, to the operators: by our own topic it would need what a flood may have switched off."""
    budget = decided(TEMPLATE)["Resources"]["Budget"]["Properties"]
    assert budget["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "MonthlyBudget"}, "Unit": "USD"}
    told = {one["Notification"]["NotificationType"]: one for one in budget["NotificationsWithSubscribers"]}
    assert set(told) == {"ACTUAL", "FORECASTED"}
    for one in told.values():
        assert one["Subscribers"] == [{"SubscriptionType": "EMAIL", "Address": {"Ref": "OperatorsAddress"}}]
    default = TEMPLATE["Parameters"]["MonthlyBudget"]["Default"]
    assert default >= 5 * cost.idle(Model(load())).usd, "none cries for an idle month"
    assert "Budget" not in decided(TEMPLATE, {"MonthlyBudget": "0"})["Resources"]


def test_without_platforms_nobody_asks_the_queue_of_media_all_day() -> None:
    def polled(given: dict[str, str]) -> bool:
        function = decided(TEMPLATE, given)["Resources"]["MediaFunction"]["Properties"]
        return bool(function["Events"]["Media"]["Properties"]["Enabled"])

    assert (polled({}), polled({"Platforms": "yes"})) == (False, True)


def test_health_knows_each_mapping_that_the_template_keeps_off() -> None:
    """By the name that SAM gives it, with a resource that stands under the same condition."""
    found = {
        f"{name}{event}": given["Enabled"]
        for name, function in functions().items()
        for kind in ("SQS", "DynamoDB", "Schedule", "ScheduleV2")
        for event, given in function.events(kind).items()
        if given.get("Enabled", True) is not True
    }
    assert found.keys() == health.ASLEEP.keys()
    for name, enabled in found.items():
        condition, on, off = enabled["Fn::If"]
        assert (on, off) == (True, False)
        assert TEMPLATE["Resources"][health.ASLEEP[name]]["Condition"] == condition


def test_the_template_is_decided_as_cloudformation_does() -> None:
    closed, opened = (decided(TEMPLATE, given)["Resources"] for given in ({}, MANY))
    assert "ChannelSecret" not in closed
    assert "ChannelSecret" in opened
    sids = [
        {one["Sid"] for one in resources["MediaRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]}
        for resources in (closed, opened)
    ]
    assert sids[1] - sids[0] == {"SpeakToPlatforms"}, "what has no value is gone"
