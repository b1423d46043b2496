"""The deliver function: from a stream record to a log's facts, and what is counted of it."""

from __future__ import annotations

import importlib.util
import json
import os
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tanggap.adapters.dynamodb.delivery_rows import delivery_row
from tanggap.adapters.dynamodb.table import Row
from tanggap.application.failures import Wait
from tanggap.domain.case import Delivery
from tanggap.domain.promptness import is_awaited, is_first_word, waits_since
from tanggap.domain.words import Channel, DeliveryState
from tanggap.entrypoints import deliver
from tests.support.chats import answer, open_by
from tests.support.world import COORDINATOR, World

_APP = Path(__file__).parents[2] / "functions" / "deliver" / "app.py"


def record(row: Delivery) -> dict[str, Any]:
    image = delivery_row(Row, row).serialize()
    return {"dynamodb": {"NewImage": image, "Keys": {"sk": image["sk"]}}}


def worked(world: World, row: Delivery) -> dict[str, str]:
    return deliver.work(record(row), SimpleNamespace(deliver=world.deliver, cases=world.cases))  # type: ignore[arg-type]


def test_a_record_is_worked_on_as_the_row_that_it_shows_and_told_without_a_word_of_it() -> None:
    world = World()
    number = open_by(world, Channel.WHATSAPP)
    (row,) = world.unsent()
    facts = worked(world, row)
    assert (facts["case"], facts["state"], facts["channel"], facts["how"]) == (number, "sent", "whatsapp", "message")
    assert deliver.charged(facts) == {"whatsapp/service": 1}
    told = json.dumps(facts)
    assert world.tokens.receipt(number) not in told
    assert "Laporan" not in told
    assert worked(world, row) == {}, "it has been worked on"


def test_what_costs_is_told_once_when_the_delivery_ends() -> None:
    world = World()
    number = open_by(world, Channel.WHATSAPP)
    world.pump()
    row = answer(world, number, "Sudah diperbaiki. " * 150)
    world.chats[Channel.WHATSAPP].failures = [None, Wait("throttled", 30)]
    assert deliver.charged(worked(world, row)) == {}
    world.later(seconds=31)
    world.sweep()
    (row,) = world.unsent()
    assert row.charged == "whatsapp/service:1"
    assert deliver.charged(worked(world, row)) == {"whatsapp/service": 3}


@pytest.fixture
def app() -> ModuleType:
    os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Tanggap")
    spec = importlib.util.spec_from_file_location("deliver_app", _APP)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_costs_is_told_by_channel_and_kind(app: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    app._tell_charged("whatsapp/template", 2)
    (line,) = caplog.records
    told = {name: getattr(line, name) for name in ("code", "channel", "costs", "messages")}
    assert told == {"code": "messages_charged", "channel": "whatsapp", "costs": "template", "messages": 2}


def test_the_wait_for_an_acknowledgement_is_a_metric_and_no_other_letters(app: ModuleType) -> None:
    from tanggap.entrypoints.observe import metrics

    metrics.clear_metrics()
    app._count_wait({"state": "sent"})
    assert metrics.metric_set == {}
    app._count_wait({"state": "sent", deliver.WAITED: "9.250"})
    assert metrics.metric_set["AcknowledgementSeconds"]["Value"] == [9.25]
    metrics.clear_metrics()


# -- how long a citizen waits for the first word


def test_an_acknowledgement_by_mail_is_timed_from_when_the_report_came_in() -> None:
    world = World()
    came = world.now
    inbound = world.mail()
    world.later(minutes=3)  # on the queue
    world.arrive(inbound)
    (row,) = [one for one in world.unsent() if one.purpose == "acknowledgement"]
    world.later(seconds=20)
    assert deliver.waited(worked(world, row)) == (world.now - came).total_seconds() == 200.0


def test_no_case_is_read_to_tell_how_long_its_citizen_waited() -> None:
    """It would be one read more for each new case."""
    world = World()
    inbound = world.mail()
    world.later(minutes=3)
    world.arrive(inbound)
    (row,) = [one for one in world.unsent() if one.purpose == "acknowledgement"]
    without_cases = SimpleNamespace(deliver=world.deliver)
    assert deliver.waited(deliver.work(record(row), without_cases)) == 180.0  # type: ignore[arg-type]


def test_a_row_of_an_earlier_release_which_does_not_say_since_when_is_timed_by_its_case() -> None:
    world = World()
    inbound = world.mail()
    world.later(minutes=3)
    world.arrive(inbound)
    (row,) = [one for one in world.unsent() if one.purpose == "acknowledgement"]
    earlier = replace(row, since=None)
    world.cases.deliveries[row.case, row.id] = earlier
    assert '"since"' not in delivery_row(Row, earlier).data
    assert deliver.waited(worked(world, earlier)) == 180.0


def test_one_by_chat_is_timed_from_when_its_message_was_read() -> None:
    world = World()
    open_by(world, Channel.WHATSAPP)
    (row,) = world.unsent()
    world.later(seconds=4)
    assert deliver.waited(worked(world, row)) == 4.0


def test_only_a_first_acknowledgement_is_timed() -> None:
    world = World()
    world.arrive(world.mail())
    row = next(one for one in world.unsent() if one.purpose == "acknowledgement")
    world.post.failures = [Wait("throttled")]
    assert worked(world, row)["unacknowledged_for"] == "0.000", "it waits"
    world.later(minutes=10)
    world.sweep()
    (row,) = [one for one in world.unsent() if one.purpose == "acknowledgement"]
    assert deliver.waited(worked(world, row)) == 600.0
    number = row.case
    world.pump()
    world.desk.reply(COORDINATOR, number, "Sedang kami periksa.", (), False)
    (answered,) = [one for one in world.unsent() if one.case == number and one.purpose == "reply"]
    assert deliver.waited(worked(world, answered)) is None


@pytest.mark.parametrize(("reason", "waited"), [("access_denied", 600.0), ("throttled", 600.0), ("not_verified", None)])
def test_an_acknowledgement_that_is_tried_in_vain_tells_how_long_its_citizen_has_waited(
    reason: str, waited: float | None
) -> None:
    """But for the sandbox: only AWS lets a desk out of it, and UpkeepDue says so."""
    world = World()
    world.arrive(world.mail())
    (row,) = [one for one in world.unsent() if one.purpose == "acknowledgement"]
    world.later(minutes=10)
    world.post.failures = [Wait(reason)]
    assert deliver.waited(worked(world, row)) == waited


@pytest.mark.parametrize("change", [{"how": "tracking"}, {"again_of": "d0"}, {"marks": ("canary",)}])
def test_what_stands_on_a_page_what_is_said_again_and_the_canarys_are_no_first_word(change: dict[str, Any]) -> None:
    world = World()
    world.arrive(world.mail())
    row = next(one for one in world.deliveries() if one.purpose == "acknowledgement")
    sent = replace(row, state=DeliveryState.SENT, sent_at=world.now)
    assert is_first_word(sent) and not is_awaited(sent)
    assert not is_first_word(replace(sent, **change))
    waits = replace(row, attempts=1, reason="throttled")
    assert is_awaited(waits) and not is_first_word(waits)
    assert not is_awaited(replace(waits, **change))
    assert not is_awaited(row), "not tried yet"


def test_what_an_officer_wrote_down_is_not_timed() -> None:
    world = World()
    number = world.new_case()
    case = world.cases.case(number)
    assert waits_since(case, world.now) == case.received_at
    assert waits_since(replace(case, channel=Channel.PHONE), world.now) is None
