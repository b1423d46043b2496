"""Rows that earlier releases wrote (tests/releases), worked on by today's code: read, answered, swept, delivered; and
rows of a release that is not out yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.ops import versions
from tanggap.adapters.channels import forms
from tanggap.adapters.channels.table import reader_of
from tanggap.adapters.dynamodb.kinds import SCHEMA
from tanggap.adapters.memory_stores import MemoryArrivals
from tanggap.application.batches import Batches
from tanggap.application.ports import Unreadable
from tanggap.application.sweep import Sweep
from tanggap.domain.errors import Park
from tanggap.domain.history import faults_in
from tanggap.domain.words import Reason
from tanggap.entrypoints.portal.http import refusal_of
from tests.releases.record import RECORDS, loaded
from tests.support import web_forms
from tests.support.rows import ahead, contents
from tests.support.world import LIAISON, START, World, fake_aws


@pytest.fixture(scope="module")
def account() -> Iterator[None]:
    with fake_aws():
        yield


@pytest.fixture(scope="module", params=sorted(RECORDS))
def before(request: pytest.FixtureRequest, account: None) -> tuple[World, dict[str, Any]]:
    return loaded(request.param)


def test_each_case_of_an_earlier_release_is_read_whole(before: tuple[World, dict[str, Any]]) -> None:
    world, facts = before
    for number in facts["numbers"]:
        file = world.cases.file(number)
        assert file.case.status.value == facts["statuses"][number]
        assert len(file.messages) == facts["messages"][number]
        assert [entry.hash for entry in file.history] == facts["history"][number]
        assert faults_in(number, file.history, file.case.head) == ()
        assert world.tokens.case_of(facts["reply"][number].partition("+")[2].partition("@")[0]) == number
        assert not file.case.reporter or world.vault.open(file.case.reporter)


def test_it_is_answered_swept_and_delivered(before: tuple[World, dict[str, Any]]) -> None:
    world, facts = before
    number = facts["names"].get("working") or facts["names"]["mailed"]
    reply = world.arrive(world.mail("Masih menunggu.", recipients=(facts["reply"][number],)))
    assert (reply.case, reply.reason) == (number, Reason.REPLY), "an old letter's address leads to its case"
    world.desk.reply(LIAISON, number, "Sudah ditambal.", (), final=True)
    world.later(minutes=6)  # the claim of a function that is no more has run out
    failed: list[Exception] = []
    Sweep(world.work(), world.cases)(world.now, lambda due, error: failed.append(error))
    world.pump()
    assert failed == []
    assert any("Sudah ditambal." in one.text for one in world.outbox("siti@warga.example")), "who the old vault names"
    file = world.cases.file(number)
    assert faults_in(number, file.history, file.case.head) == ()


def test_there_is_a_record_of_each_schema() -> None:
    assert {f"schema-{number}" for number in range(1, SCHEMA + 1)} <= set(RECORDS)


# -- a release to come


def test_a_row_of_a_newer_release_is_told_of_and_left_as_it_is(
    account: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Going back to this release: whatever the newer one changed, nothing of it is overwritten here."""
    world, facts = loaded("schema-2")
    number, model = facts["names"]["mailed"], world.cases.row
    ahead(world, f"CASE#{number}", "CASE")
    ahead(world, f"CASE#{number}", "DESK#adm")
    held = contents(world)
    tables = ["--table", model.Meta.table_name, "--vault", world.vault.row.Meta.table_name]
    assert versions.main(tables) == 1
    said = capsys.readouterr().out
    assert f"! {number} would be left alone" in said
    assert f"schema {SCHEMA}: 2 rows of a newer release" in said
    assert number in world.cases.listing(("pu",), (), None, None, 20).unreadable
    with pytest.raises(Unreadable) as unreadable:
        world.desk.note(LIAISON, number, "Tunggu alat.")
    refusal = refusal_of(unreadable.value, "/v1/cases/{number}/notes")
    assert (refusal.status, "nothing was changed" in str(refusal)) == (500, True)
    with pytest.raises(Unreadable):
        world.arrive(world.mail("Kapan?", recipients=(facts["reply"][number],)))
    failures: list[tuple[str, str]] = []
    world.later(days=30)
    Sweep(world.work(), world.cases)(world.now, lambda due, error: failures.append((due.case, type(error).__name__)))
    assert (number, "Unreadable") in failures
    assert {kind for _, kind in failures} == {"Unreadable"}
    assert world.cases.case(facts["names"]["talked"]), "all others go on"
    now = contents(world)
    untouched = (f"CASE#{number}", "CASE"), (f"CASE#{number}", "DESK#adm")
    assert {key: now[key] for key in untouched} == {key: held[key] for key in untouched}
    assert model.get(*untouched[0]).schema == 99


def test_what_a_newer_form_or_batch_left_is_parked_not_guessed_at() -> None:
    body = {**web_forms.arrival("TGP-22GVBAAA5", START), "v": 2}
    with pytest.raises(Park):
        forms.read_one(web_forms.raw(body), START)
    arrivals = MemoryArrivals()
    key = "webhooks/meta/" + "a" * 64 + ".json"
    arrivals.put(key, json.dumps({"tanggap": "parts", "v": 2, "at": "2026-11-23T03:00:00Z", "parts": []}).encode())
    opened = Batches(arrivals, reader_of).open(key, START)
    assert [one.parked for one in opened.pieces] == [Reason.UNREADABLE]
