"""A channel on which people chat has its row in every table that the way in and the way out go by."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest

from infra.build.template import ROOT
from tanggap.adapters.channels import files_out, media_of, table, ways_out
from tanggap.application import batches
from tanggap.domain import policy_channels, ways
from tanggap.domain.words import CHAT, FORMS, Channel
from tanggap.entrypoints.webhooks import app

#: Table -> its name and file as README's "A new channel in an afternoon" has them.
TABLES: dict[str, tuple[str, Mapping[Any, Any]]] = {
    "WAYS_OUT": ("ways_out.py", ways_out.WAYS_OUT),
    "TAKEN": ("files_out.py", files_out.TAKEN),
    "RULES": ("domain/ways.py", ways.RULES),
    "FIELDS": ("domain/policy_channels.py", policy_channels.FIELDS),
    "WAYS": ("media_of.py", media_of.WAYS),
}
#: Tables by door.
DOORS: dict[str, tuple[str, Mapping[Any, Any]]] = {
    "DOORS": ("table.py", table.DOORS),
    "CHANNELS": ("application/batches.py", batches.CHANNELS),
}
_CHANNELS = "tanggap.adapters.channels"


def channels_of(door: str) -> set[Channel]:
    """What comes in there: of a door for several, what its module tells apart."""
    objects = getattr(import_module(table.DOORS[door], _CHANNELS), "OBJECTS", None)
    return {one for one, _ in objects.values()} if objects else {batches.CHANNELS[door]}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("channel", sorted(CHAT))
def test_each_channel_has_its_row(channel: Channel, name: str) -> None:
    assert channel in TABLES[name][1], f"{name} in {TABLES[name][0]}"


def test_no_table_of_chats_knows_a_channel_that_is_none() -> None:
    assert {name for name, (_, rows) in TABLES.items() if rows.keys() - CHAT - FORMS} == set()


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_what_is_said_on_each_channel_comes_in_by_a_door_that_somebody_answers(channel: Channel) -> None:
    doors = [door for door in table.DOORS if channel in channels_of(door)]
    assert doors, "a row in table.py, or in the module of a door for several"
    assert any(("POST", f"/webhooks/{door}") in app.DOORS for door in doors)
    assert all(table.reader_of(door) for door in doors)


def test_a_body_that_cannot_be_read_is_of_some_channel_whatever_its_door() -> None:
    assert batches.CHANNELS.keys() == table.DOORS.keys()
    assert all(batches.CHANNELS[door] in channels_of(door) for door in table.DOORS)


@pytest.mark.parametrize("channel", sorted(CHAT))
def test_each_row_leads_to_something_that_is_there(channel: Channel) -> None:
    way = ways_out.WAYS_OUT[channel]
    assert callable(getattr(import_module(way.module, _CHANNELS), way.name).send)
    module, function, _ = media_of.WAYS[channel]
    assert callable(getattr(import_module(module, _CHANNELS), function))


@pytest.mark.parametrize(("name", "file"), [(name, file) for name, (file, _) in (TABLES | DOORS).items()])
def test_the_readme_names_each_table(name: str, file: str) -> None:
    section = (ROOT / "README.md").read_text().partition("### A new channel in an afternoon")[2].partition("\n## ")[0]
    assert f"`{name}`" in section
    assert f"`{file}`" in section or f"/{file}`" in section
