"""The unlucky order and the hostile size: reports that cross each other, robots that do not say so, texts that no row
holds, waits that end in a fault."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.adapters.dynamodb import keys, rows
from tanggap.adapters.mail import reader
from tanggap.adapters.policies import StoredPolicies
from tanggap.application.deliver import ATTEMPTS
from tanggap.application.failures import Broken, Wait
from tanggap.application.ports import Due
from tanggap.application.receive import Raw
from tanggap.application.threads import REFERENCES_LOOKED_AT
from tanggap.domain.case import Change, Delivery
from tanggap.domain.errors import Conflict, Retry
from tanggap.domain.inbound import Authenticity, FailedDelivery, Party
from tanggap.domain.intake_rules import IntakeRules
from tanggap.domain.words import Channel, DeliveryState, Outcome, Reason
from tests.support.world import DOMAIN, GENUINE, World, fake_aws


@pytest.fixture
def dynamo() -> Iterator[World]:
    with fake_aws():
        yield World("dynamodb")


def only(world: World, number: str) -> Delivery:
    (row,) = [row for row in world.cases.file(number).deliveries if row.purpose == "acknowledgement"]
    return row


def told(world: World, kind: str, delivery: str, case: str) -> Any:
    failure = FailedDelivery("siti@warga.example", "ses-000001", kind == "bounce", "", kind, delivery, case)
    key = f"events/{kind}"
    mail = replace(world.mail(), failures=(failure,), recipients=(), sender=Party(""), digest=key)
    return world.receive(Raw(key, Channel.EMAIL, world.now, 500, mail, event=True))


# -- reports in any order


@pytest.mark.parametrize("failed", ["bounce", "complaint"])
@pytest.mark.parametrize("late", ["delivery", "delay"])
def test_a_report_that_comes_late_does_not_take_back_a_failure(world: World, failed: str, late: str) -> None:
    number = world.new_case()
    row = only(world, number)
    told(world, failed, row.id, number)
    result = told(world, late, row.id, number)
    after = only(world, number)
    assert result.outcome is Outcome.STATUS
    assert (after.state, after.reason) == (DeliveryState.FAILED, failed)
    assert [one.outcome for one in world.cases.of(f"events/{late}")] == [Outcome.STATUS]


def test_a_delay_that_comes_late_does_not_take_back_a_delivery(world: World) -> None:
    number = world.new_case()
    row = only(world, number)
    told(world, "delivery", row.id, number)
    told(world, "delay", row.id, number)
    assert (only(world, number).state, only(world, number).reason) == (DeliveryState.DELIVERED, "")


def test_of_a_complaint_and_a_delivery_that_cross_each_other_the_complaint_stays(world: World) -> None:
    number = world.new_case()
    as_read = only(world, number)
    told(world, "complaint", as_read.id, number)
    with pytest.raises(Conflict):  # decided on what was read before the complaint
        world.cases.commit(Change(changed_deliveries=(replace(as_read, state=DeliveryState.DELIVERED),)))
    assert only(world, number).reason == "complaint"


def test_a_robots_bounce_about_nothing_of_ours_makes_no_case(world: World) -> None:
    foreign = FailedDelivery("camat@lain.example", "unknown@lain.example", True)
    assert world.arrive(world.mail(failures=(foreign,), automatic="null-path")).reason is Reason.UNMATCHED


# -- loops


#: A ticket system that says of itself neither that it is a machine nor which mail it answers, and cannot be verified.
ROBOT = {
    "sender": "tiket@kantor-lain.example",
    "name": "",
    "authenticity": Authenticity(spf="GRAY", dkim="GRAY", dmarc="GRAY", spam="PASS", virus="PASS"),
}


def test_our_acknowledgement_answered_by_a_robot_never_makes_a_second_one(world: World) -> None:
    world.arrive(world.mail(**ROBOT))
    for _ in range(5):
        world.pump()
        world.later(seconds=5)
        world.arrive(world.mail(**ROBOT, subject=f"Re: {world.outbox()[-1].subject}"))
    world.pump()
    assert len(world.outbox(ROBOT["sender"])) == 1


def test_two_machines_that_answer_each_other_come_to_an_end() -> None:
    machines_that_answer_each_other(World("memory"))


def machines_that_answer_each_other(world: World) -> None:
    """One that makes a subject of its own each time."""
    limit = IntakeRules().answers_per_hour
    for _ in range(limit * 2):
        world.arrive(world.mail(**ROBOT, subject="Tiket baru"))
        world.pump()
        world.later(seconds=5)
    assert len(world.outbox(ROBOT["sender"])) == limit
    last = world.arrive(world.mail(**ROBOT))
    assert (last.outcome, last.reason) == (Outcome.FILED, Reason.THROTTLED)
    assert "throttled" in world.cases.case(last.case).marks
    world.later(hours=2)
    assert world.arrive(world.mail(**ROBOT)).reason is Reason.NEW_CASE


def test_an_offices_machine_that_answers_our_word_of_a_new_message_is_not_answered_again(world: World) -> None:
    number = world.new_case()
    world.arrive(world.mail("Tambahan.", recipients=(world.reply_address(number),)))
    world.pump()
    assert len(world.outbox("koordinator@kantor.example")) == 1
    machine = {"sender": "koordinator@kantor.example", "name": "", "recipients": (world.reply_address(number),)}
    for _ in range(5):
        assert world.arrive(world.mail("Surel Anda kami terima.", **machine)).case == number
        world.pump()
    # A person would have to know that these words went to nobody; a machine says them again and is heard no more.
    assert ["TIDAK" in one.subject for one in world.outbox("koordinator@kantor.example")] == [False, True]


def test_other_people_are_acknowledged_meanwhile(world: World) -> None:
    for _ in range(IntakeRules().answers_per_hour + 1):
        world.arrive(world.mail(sender="tiket@kantor-lain.example"))
    world.new_case()
    assert len(world.outbox("siti@warga.example")) == 1


# -- sizes

LONG = "Jalan di depan rumah saya rusak. " * 9_000  # 300 kB


def test_a_text_that_no_row_holds_is_on_its_case_as_it_was_written(world: World) -> None:
    quoted = LONG + "\n> kutipan"
    number = world.arrive(world.mail(LONG, full_text=quoted)).case
    (message,) = world.cases.file(number).messages
    assert (message.text, message.full_text, message.body) == (LONG, quoted, "")
    assert world.cases.whole(message) == message
    world.pump()
    assert len(world.outbox()) == 1


def test_the_largest_text_that_the_reader_lets_through_is_filed(world: World) -> None:
    largest = "\U0001f6a7" * 512 * 1024
    number = world.arrive(world.mail(largest, full_text=largest + "x")).case
    assert world.cases.file(number).messages[0].text == largest


def test_rows_stay_small_and_the_object_lies_under_its_arrival(dynamo: World) -> None:
    number = dynamo.arrive(dynamo.mail(LONG), "mail/one").case
    (row,) = [row for row in dynamo.cases.row.query(keys.case_pk(number)) if row.sk.startswith("MSG#")]
    assert len(row.data.encode()) < rows.TEXT_BYTES
    raw = json.loads(row.data)
    assert raw["body"].startswith("mail/one/") and LONG.startswith(raw["text"])
    assert json.loads(dynamo.files.get(raw["body"]))["text"] == LONG


def test_a_text_of_64_kb_stays_in_its_row(dynamo: World) -> None:
    text = "x" * (rows.TEXT_BYTES - 100)
    number = dynamo.arrive(dynamo.mail(text)).case
    assert dynamo.files.head("mail") is None
    (row,) = [row for row in dynamo.cases.row.query(keys.case_pk(number)) if row.sk.startswith("MSG#")]
    assert json.loads(row.data)["text"] == text


def test_a_flood_of_long_texts_leaves_the_case_readable_and_each_text_reachable(dynamo: World) -> None:
    number = dynamo.arrive(dynamo.mail(LONG)).case
    for place in range(9):
        dynamo.later(seconds=1)
        dynamo.arrive(dynamo.mail(f"{place}{LONG}", recipients=(dynamo.reply_address(number),)))
    messages = dynamo.cases.file(number).messages
    assert sum(len(message.text) for message in messages) < 2_500_000
    assert messages[-1].text == f"8{LONG}"  # the newest first
    assert messages[0].body and LONG.startswith(messages[0].text)
    assert dynamo.cases.whole(messages[0]).text == LONG


def test_an_erased_text_leaves_what_the_row_keeps(dynamo: World) -> None:
    import boto3

    number = dynamo.arrive(dynamo.mail(LONG), "mail/one").case
    bucket = boto3.resource("s3").Bucket(dynamo.files.bucket)
    bucket.objects.filter(Prefix="mail/one/").delete()
    (message,) = dynamo.cases.file(number).messages
    assert message.body and LONG.startswith(message.text)


def test_a_transaction_that_will_never_be_taken_is_not_called_passing(dynamo: World) -> None:
    case = dynamo.cases.case(dynamo.new_case())
    huge = replace(case, subject="x" * 500_000)
    with pytest.raises(Exception) as refused:
        dynamo.cases.commit(Change(case=huge, expected=case.version))
    assert not isinstance(refused.value, Retry)


def test_a_mail_that_names_a_hundred_others_costs_a_bounded_number_of_look_ups(world: World) -> None:
    asked: list[str] = []
    find = world.cases.delivery_of

    class Counting:
        def __getattr__(self, name: str) -> Any:
            return getattr(cases, name)

        def delivery_of(self, external_id: str) -> Any:
            asked.append(external_id)
            return find(external_id)

    cases, world.receive.threads.cases = world.cases, Counting()
    world.arrive(world.mail(references=tuple(f"{n}@x.example" for n in range(100))))
    assert len(asked) == REFERENCES_LOOKED_AT


# -- sending


def test_a_day_in_the_sandbox_does_not_use_up_the_attempts_at_what_is_broken(world: World) -> None:
    world.post.failures = [Wait("not_verified")] * (ATTEMPTS * 2) + [Broken("unavailable")] * (ATTEMPTS - 1)
    number = world.arrive(world.mail()).case
    world.pump()
    for _ in range(ATTEMPTS * 3 - 1):
        assert only(world, number).state is DeliveryState.QUEUED
        world.later(hours=1)
        world.cases.wake(Due(number, world.now, only(world, number).id), world.now)
        world.deliver(only(world, number))
    assert only(world, number).state is DeliveryState.SENT
    assert only(world, number).faults == ATTEMPTS - 1


@pytest.mark.parametrize("stored", ['{"agency": 7}', "[]", "no json"])
def test_a_stored_policy_that_this_code_cannot_read_fails_no_letter(dynamo: World, stored: str) -> None:
    number = dynamo.arrive(dynamo.mail()).case
    dynamo.policies.row(pk="POLICY", sk="V#00000002", version=2, data=stored).save()
    fresh = StoredPolicies(dynamo.policies.row)
    with pytest.raises(Retry):
        fresh.current()
    send = dynamo.post.send

    def named(envelope: Any) -> str:
        fresh.current()  # the sender's name
        return send(envelope)

    dynamo.sends_by(SimpleNamespace(send=named))
    dynamo.pump()
    assert (only(dynamo, number).state, only(dynamo, number).reason) == (DeliveryState.QUEUED, "unavailable")


def test_a_policy_that_went_bad_leaves_the_one_in_force_in_force(dynamo: World) -> None:
    now = [0.0]
    policies = StoredPolicies(dynamo.policies.row, lambda: now[0])
    assert policies.current().version == 1
    dynamo.policies.row(pk="POLICY", sk="V#00000002", version=2, data='{"agency": 7}').save()
    now[0] = 1_000.0
    assert policies.current().version == 1
    with pytest.raises(Retry):
        policies.current(fresh=True)


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "utf-16-le", "utf-8", "x-unknown"])
def test_half_a_character_in_any_place_of_a_mail_is_stored_as_none(world: World, charset: str) -> None:
    half = {"utf-7": b"+2AA- ", "utf-16": b"\xff\xfe\x00\xd8a\x00", "utf-16-le": b"\x00\xd8a\x00"}
    body = half.get(charset, b"\xed\xa0\x80")
    word = b"=?" + charset.encode() + b"?b?" + base64.b64encode(body) + b"?="
    raw = (
        b"From: " + word + b" <siti@warga.example>\r\nSubject: " + word + b"\r\nMessage-ID: <" + word + b"@x>\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=" + charset.encode() + b"\r\n\r\n" + body + b" rusak\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>&#xD800;</p>\r\n"
        b'--b\r\nContent-Type: application/pdf; name="' + word + b'"\r\n\r\n%PDF-\r\n--b--\r\n'
    )
    read_as = reader.Receipt("mail/half", world.now, ("lapor@" + DOMAIN,), "siti@warga.example", GENUINE)
    inbound = reader.read(raw, read_as)
    result = world.receive(Raw("mail/half", Channel.EMAIL, world.now, len(raw), inbound))
    world.pump()
    assert result.reason is Reason.NEW_CASE
    json.dumps([message.text for message in world.cases.file(result.case).messages], ensure_ascii=False).encode()
    assert len(world.outbox("siti@warga.example")) == 1
