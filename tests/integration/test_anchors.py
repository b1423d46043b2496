"""Anchors against whoever administers the account, after a restore, and where none was written."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.deploy.checks import heard
from infra.ops import anchor, check_history, health, restore
from infra.ops.stack import Stack
from tanggap.adapters.memory_stores import MemoryLocked
from tanggap.adapters.s3 import S3Locked
from tanggap.adapters.upkeep import AwsAccount, listeners
from tanggap.application.anchors import Anchor, Anchors, Held, Restored
from tanggap.application.gauges import Gauged, Gauges
from tanggap.domain.errors import Retry
from tanggap.domain.times import stamp
from tests.support.account import Account
from tests.support.ops import Desk
from tests.support.world import World, aws, fake_aws

SAID = pytest.CaptureFixture[str]


def anchored(world: World, table: str = "", store: Any = None) -> Anchor:
    store = MemoryLocked(world.clock) if store is None else store
    return Anchor(world.cases, world.cases, world.policies, store, world.clock, table)


def faults(world: World, held: Held, *numbers: str) -> dict[str, tuple[str, ...]]:
    found = {number: held.against(number, world.cases.file(number).history) for number in numbers}
    return {number: said for number, said in found.items() if said}


# -- a lock keeps versions, not names


@pytest.fixture
def s3() -> Iterator[Any]:
    with fake_aws():
        yield aws("s3")


def locked(s3: Any, name: str) -> S3Locked:
    where = {"LocationConstraint": "ap-southeast-1"}
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True, CreateBucketConfiguration=where)
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 5}}
    s3.put_object_lock_configuration(
        Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    return S3Locked(lambda: s3, name)


def test_what_an_administrator_puts_over_the_anchors_is_not_believed_and_is_told(s3: Any) -> None:
    world, store = World(), locked(s3, "put-over")
    anchor_, number = anchored(world, store=store), world.new_case()
    for _ in range(3):
        anchor_()
        world.later(days=1)
    anchors = Anchors(store)
    honest = anchors.held()
    assert (honest.faults, len(honest.heads[number])) == ((), 1)
    before = ""
    for key in sorted(anchors.keys()):  # the whole chain of digests made anew
        raw = json.loads(s3.get_object(Bucket=store.bucket, Key=key)["Body"].read())
        raw |= {"cases": [[name, seq, "f" * 64] for name, seq, _ in raw["cases"]], "before": before or raw["before"]}
        body = json.dumps(raw, separators=(",", ":")).encode()
        before = hashlib.sha256(body).hexdigest()
        s3.put_object(Bucket=store.bucket, Key=key, Body=body)
    found = anchors.held()
    assert found.heads == honest.heads
    assert [fault.partition(" ")[0] for fault in found.faults] == anchors.keys()
    assert anchors.last(world.now).covered == 3
    assert faults(world, found, number) == {}
    assert anchor_().key, "the next one follows the first versions"
    assert [fault for fault in anchors.held().faults if "follow" in fault] == []


def test_an_anchor_that_was_hidden_still_counts_and_is_told(s3: Any) -> None:
    world, store = World(), locked(s3, "hidden")
    anchor_, number = anchored(world, store=store), world.new_case()
    anchor_()
    key = anchor_.last().until.strftime("anchors/%Y-%m-%d.json")
    s3.delete_object(Bucket=store.bucket, Key=key)
    held = Anchors(store).held()
    assert (number in held.heads, held.faults) == (
        True,
        (f"{key} was put over, or hidden: its first version is what counts",),
    )
    assert anchor_().key == "", "the day has its anchor, hidden or not"


def test_a_bucket_that_does_not_answer_is_no_empty_one(s3: Any) -> None:
    with pytest.raises(Retry, match=r"not there|did not answer"):
        Anchors(S3Locked(lambda: s3, "no-such-bucket")).held()


def test_what_is_no_anchor_of_ours_stops_no_anchor_and_no_check() -> None:
    world = World()
    anchor_, number = anchored(world), world.new_case()
    anchor_()
    store = anchor_.anchors.store
    later = {"v": 1, "until": "2029-01-01T03:00:00Z", "before": "0" * 64, "cases": []}
    bodies = {"anchors/2026-11-23x.json": b"?", "anchors/2029-01-01.json": json.dumps(later).encode()}
    for key, body in bodies.items():
        store.put(key, body)
    world.later(days=1)
    world.arrive(world.mail("Masih rusak.", subject=f"Re: {number}"))
    assert anchor_().cases == 1, "it goes on from the last one that is ours, and from none of days to come"
    held = anchor_.anchors.held()
    assert faults(world, held, number) == {}
    assert [fault for fault in held.faults if "cannot be read" in fault and "2026-11-23x" in fault]


# -- after a restore


class Turned:
    """A desk that goes on after its instant and is then put back to it: one case goes on by as many entries again."""

    def __init__(self) -> None:
        self.world = World()
        self.went_on, self.quiet = self.world.new_case(), self.world.new_case(sender="budi@warga.example")
        self.store = MemoryLocked(self.world.clock)
        anchored(self.world, "old", self.store)()
        self.world.later(hours=2)
        self.at, rows = self.world.now, copy.deepcopy(self.world.cases.__dict__)
        self.world.later(days=1)
        self.writes()
        anchored(self.world, "old", self.store)()
        self.live = copy.deepcopy(self.world.cases.__dict__)
        self.world.cases.__dict__.clear()
        self.world.cases.__dict__.update(rows)
        self.world.later(minutes=5)
        self.writes()

    def writes(self) -> None:
        self.world.arrive(self.world.mail("Masih rusak, tolong.", subject=f"Re: {self.went_on}"))
        self.world.pump()

    def held(self, table: str) -> Held:
        return Anchors(self.store).held(table)

    def faults(self, table: str) -> dict[str, tuple[str, ...]]:
        return faults(self.world, self.held(table), self.went_on, self.quiet)


def test_two_anchors_that_differ_are_one_cases_fault_and_all_others_can_be_checked() -> None:
    turned = Turned()
    turned.world.later(days=1)
    anchored(turned.world, "old", turned.store)()  # as if it were the same table
    found = turned.faults("old")
    assert found.keys() == {turned.went_on}
    assert any("two anchors differ on entry" in said for said in found[turned.went_on])
    assert turned.held("old").faults == ()


def test_after_a_restore_that_was_noted_anchors_of_before_it_count_and_later_ones_of_the_old_table_do_not() -> None:
    turned = Turned()
    assert Anchors(turned.store).note(Restored("new", "old", turned.at))
    assert not Anchors(turned.store).note(Restored("new", "old", turned.at - timedelta(days=20))), "noted once"
    turned.world.later(days=1)
    assert anchored(turned.world, "new", turned.store)().cases == 2, "the first of a table names every case"
    assert turned.faults("new") == {}
    held = turned.held("new")
    assert [(one.of, one.at) for one in held.restores] == [("old", turned.at)]
    assert held.faults == ()
    turned.world.cases.__dict__.update(turned.live)  # and the old table's own stand as they were
    assert turned.faults("old") == {}


def test_a_restore_makes_nobody_forget_what_was_anchored_before_it_or_since() -> None:
    turned = Turned()
    Anchors(turned.store).note(Restored("new", "old", turned.at))
    turned.world.later(days=1)
    anchored(turned.world, "new", turned.store)()
    file = turned.world.cases.file(turned.quiet)
    other = (*file.history[:-1], replace(file.history[-1], hash="0" * 64))
    assert turned.held("new").against(turned.quiet, other)
    # a second note says that the new table is a copy of the old one, of long ago: the account's owner would like that
    for at in (turned.at - timedelta(days=300), turned.world.now + timedelta(days=1)):
        store = MemoryLocked(turned.world.clock)
        store.bodies = [one for one in turned.store.bodies if not one[0].key.startswith("restores/")]
        assert Anchors(store).note(Restored("new", "old", at))
        held = Anchors(store).held("new")
        assert [fault for fault in held.faults if "cannot have been" in fault]
        assert faults(turned.world, held, turned.went_on), "so every anchor counts"


def test_a_restores_note_of_another_shape_is_told_and_not_believed() -> None:
    turned = Turned()
    body = {"v": 2, "table": "new", "of": "old", "at": stamp(turned.at)}
    turned.store.put("restores/new.json", json.dumps(body).encode())
    held = turned.held("new")
    assert (held.restores, held.faults) == ((), ("restores/new.json cannot be read",))


class Live(Stack):
    """Its processed template is none that can be had from here."""

    def client(self, service: str) -> Any:
        if service != "cloudformation":
            return super().client(service)
        kept = {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain", "Properties": {}}
        body = {"Parameters": {}, "Resources": {"CasesTable": kept, "VaultTable": dict(kept)}}
        return SimpleNamespace(get_template=lambda **asked: {"TemplateBody": body})


def test_the_switch_notes_for_the_anchors_what_the_new_table_is_made_of(tmp_path: Path, capsys: SAID) -> None:
    with fake_aws():
        desk = Desk(tmp_path / "desk")
        outputs = json.loads(desk.file.read_text())
        stack, dynamodb = Live(outputs.pop("StackName"), outputs), aws("dynamodb")
        old, vault = outputs["CasesTable"], outputs["VaultTable"]
        on = {"PointInTimeRecoveryEnabled": True}
        dynamodb.update_continuous_backups(TableName=old, PointInTimeRecoverySpecification=on)
        dynamodb.restore_table_to_point_in_time(
            SourceTableName=old, TargetTableName=f"{old}-then", UseLatestRestorableTime=True
        )
        for name in (old, f"{old}-then"):
            stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
            dynamodb.update_table(TableName=name, StreamSpecification=stream)
        new = (f"{old}-then", vault)
        assert restore.switch(stack, new, tmp_path / "tried", dry_run=True) == 0
        assert anchor.anchors_of(stack).held(new[0]).restores == ()
        assert not (tmp_path / "tried").exists()
        assert restore.switch(stack, new, tmp_path / "switched") == 0
        assert f"that {new[0]} is {old} as of" in capsys.readouterr().out
        (noted,) = anchor.anchors_of(stack).held(new[0]).restores
        assert (noted.table, noted.of) == (new[0], old)
        assert restore.switch(stack, (old, vault), tmp_path / "back") == 0
        assert "held against every anchor" in capsys.readouterr().out


def test_the_commands_end_with_1_where_an_anchor_was_put_over(tmp_path: Path, capsys: SAID) -> None:
    with fake_aws():
        desk = Desk(tmp_path / "desk")
        desk.world.now = datetime.now(UTC)
        number = desk.world.new_case()
        assert anchor.main(["write", *desk.where]) == 0
        assert anchor.main(["verify", *desk.where]) == 0
        assert check_history.main([*desk.where, number]) == 0
        aws("s3").put_object(Bucket=desk.anchors, Key=f"anchors/{datetime.now(UTC):%Y-%m-%d}.json", Body=b"{}")
        capsys.readouterr()
        assert anchor.main(["verify", *desk.where]) == 1
        assert check_history.main([*desk.where, number]) == 1
        assert capsys.readouterr().out.count("anchors FAULT") == 2
        stack = Stack("", {"AnchorsBucket": desk.anchors})
        assert [wants for wants, _ in health.histories(stack, datetime.now(UTC), 7)] == [False, True]


# -- what an operator learns


def gauges(world: World, account: Any = None, anchor_: Anchor | None = None) -> Gauges:
    last = anchor_.last if anchor_ else None
    return Gauges(world.cases, world.cases, world.cases, world.policies, account or Account(), world.clock, last)


def test_histories_that_are_anchored_no_more_are_upkeep_after_two_days_and_covered_ones_at_once() -> None:
    world = World()
    anchor_ = anchored(world)
    assert gauges(world, anchor_=anchor_)().upkeep == (), "a new desk's first is written behind its first gauges"
    world.later(hours=50)
    assert gauges(world, anchor_=anchor_)().upkeep == ()
    world.later(hours=1)
    assert gauges(world, anchor_=anchor_)().upkeep == ("anchors",), "none was ever written"
    anchor_()
    assert gauges(world, anchor_=anchor_)().upkeep == ()
    world.later(hours=50)
    assert gauges(world, anchor_=anchor_)().upkeep == ()
    world.later(hours=1)
    found = gauges(world, anchor_=anchor_)()
    assert (found.upkeep, found.figures["UpkeepDue"]) == (("anchors",), 1)
    anchor_()
    anchor_.anchors.store.hide(anchor_.anchors.keys()[0])
    assert gauges(world, anchor_=anchor_)().upkeep == ("anchors_covered",)
    assert gauges(world)().upkeep == (), "a desk without anchors"
    world.later(days=3)
    world.cases.keep_report({})
    assert "anchors" in gauges(world, anchor_=anchor_)().upkeep, "who has anchors is not given the time of a new desk"


def test_alarms_that_reach_nobody_are_upkeep() -> None:
    assert gauges(World(), Account(is_unheard=True))().upkeep == ("alarms_unheard",)


@pytest.mark.parametrize(
    ("account", "named"),
    [(Account(is_deaf=True), "mail_not_received"), (Account(is_unlocked=True), "anchors_unlocked")],
)
def test_mail_that_is_not_received_and_anchors_that_are_not_locked_are_upkeep(account: Account, named: str) -> None:
    assert gauges(World(), account)().upkeep == (named,)


def test_whether_anchors_are_locked_is_asked_of_their_bucket(s3: Any) -> None:
    def unlocked(bucket: str) -> bool:
        return AwsAccount(lambda service: s3, lambda name: {}, anchors=bucket).unlocked()

    assert not unlocked(locked(s3, "kept").bucket)
    where = {"LocationConstraint": "ap-southeast-1"}
    s3.create_bucket(Bucket="plain", CreateBucketConfiguration=where)
    assert unlocked("plain")
    locked(s3, "weaker")
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 5}}
    s3.put_object_lock_configuration(
        Bucket="weaker", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    assert unlocked("weaker"), "who administers the account may lift it"
    s3.put_object_lock_configuration(Bucket="weaker", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    assert unlocked("weaker"), "versions are locked one by one, and new ones are not"
    with pytest.raises(Retry):
        unlocked("gone")


def test_whether_our_mail_comes_in_is_asked_of_the_active_rule_set() -> None:
    with fake_aws():
        ses = aws("ses")
        ses.create_receipt_rule_set(RuleSetName="ours")
        ses.create_receipt_rule_set(RuleSetName="theirs")
        for name, enabled in (("ours", True), ("theirs", True)):
            ses.create_receipt_rule(RuleSetName=name, Rule={"Name": "all", "Enabled": enabled, "Actions": []})
        account = AwsAccount(aws, lambda name: {}, rule_set="ours")
        assert account.deaf(), "none is active"
        for name, deaf in (("ours", False), ("theirs", True), ("ours", False)):
            ses.set_active_receipt_rule_set(RuleSetName=name)
            assert account.deaf() is deaf
        ses.update_receipt_rule(RuleSetName="ours", Rule={"Name": "all", "Enabled": False, "Actions": []})
        assert account.deaf(), "a rule that is off takes nothing"


def test_a_figure_that_cannot_be_read_twice_in_a_row_is_upkeep_and_once_is_not() -> None:
    world = World()

    class Newer:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.cases, name)

        def received(self, *asked: Any) -> Any:
            raise ValueError("of a newer release")

    def count(ledger: Any) -> Gauged:
        return Gauges(ledger, world.cases, world.cases, world.policies, Account(), world.clock)()

    assert count(Newer()).upkeep == ()
    world.count()  # what the ledger keeps beside it stays
    found = count(Newer())
    assert (found.upkeep, found.figures["UpkeepDue"]) == (("gauge_ParkedLately",), 1)
    assert "ParkedLately" not in found.figures
    assert count(world.cases).upkeep == ()
    assert count(Newer()).upkeep == ()


def test_who_hears_the_alarms_is_asked_of_their_topic() -> None:
    with fake_aws():
        sns = aws("sns")
        topic = sns.create_topic(Name="alarms")["TopicArn"]
        account = AwsAccount(aws, lambda name: {}, topic)
        stack = Stack("", {"AlarmsTopic": topic})
        assert account.unheard()
        assert list(health.operators(stack, datetime.now(UTC), 7)) == [(True, "0 hear the alarms")]
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="operator@kantor.example")
        assert not account.unheard()
        assert list(health.operators(stack, datetime.now(UTC), 7)) == [(False, "1 hear the alarms")]
        assert heard(sns, topic, "operator@kantor.example").startswith("The alarms reach")
        with pytest.raises(Retry):
            AwsAccount(aws, lambda name: {}, f"{topic}-gone").unheard()


@pytest.mark.parametrize("arn", ["PendingConfirmation", "Deleted"])
def test_who_has_not_confirmed_or_has_left_hears_nothing(arn: str) -> None:
    class Sns:
        def get_paginator(self, name: str) -> Any:
            return SimpleNamespace(paginate=lambda **asked: [{"Subscriptions": [{"SubscriptionArn": arn}]}])

    assert listeners(Sns(), "arn:topic") == (0, int(arn == "PendingConfirmation"))
    assert heard(Sns(), "arn:topic", "operator@kantor.example").startswith("NOBODY HEARS THE ALARMS YET")
