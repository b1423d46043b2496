"""The deliver function: from a stream record to a log's facts, and what is counted of it."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tanggap.adapters.dynamodb.delivery_rows import delivery_row
from tanggap.adapters.dynamodb.table import Row
from tanggap.application.failures import Wait
from tanggap.domain.case import Delivery
from tanggap.domain.words import Channel
from tanggap.entrypoints import deliver
from tests.support.chats import answer, open_by
from tests.support.world import World

_APP = Path(__file__).parents[2] / "functions" / "deliver" / "app.py"


def record(row: Delivery) -> dict[str, Any]:
    image = delivery_row(Row, row).serialize()
    return {"dynamodb": {"NewImage": image, "Keys": {"sk": image["sk"]}}}


def worked(world: World, row: Delivery) -> dict[str, str]:
    return deliver.work(record(row), SimpleNamespace(deliver=world.deliver))  # type: ignore[arg-type]


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


def test_each_charged_message_is_a_metric_by_channel_and_kind(
    app: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    app._count_charged("whatsapp/template", 2)
    (line,) = capsys.readouterr().out.strip().splitlines()
    told = json.loads(line)
    assert (told["MessagesCharged"], told["channel"], told["costs"]) == ([2.0], "whatsapp", "template")
    (metric,) = told["_aws"]["CloudWatchMetrics"]
    assert {"channel", "costs"} <= set(metric["Dimensions"][0])
