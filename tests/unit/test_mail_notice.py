"""What a queue record may say, and that anything else is parked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tanggap.adapters.mail import notice
from tanggap.adapters.mail.notice import DeliveryReport, Received, Replay, SetUp
from tanggap.domain.errors import Park
from tanggap.domain.inbound import Authenticity, FailedDelivery
from tanggap.domain.words import Reason

RECEIVED: dict[str, Any] = {
    "notificationType": "Received",
    "mail": {
        "timestamp": "2026-03-03T12:42:11.000Z",
        "source": "Ratna@warga.example",
        "messageId": "0k8p1abc",
        "destination": ["lapor@desa-contoh.example"],
        "headersTruncated": False,
        "headers": [],
        "commonHeaders": {},
    },
    "receipt": {
        "timestamp": "2026-03-03T12:42:12.345Z",
        "processingTimeMillis": 300,
        "recipients": ["lapor@desa-contoh.example"],
        "spamVerdict": {"status": "PASS"},
        "virusVerdict": {"status": "PASS"},
        "spfVerdict": {"status": "FAIL"},
        "dkimVerdict": {"status": "GRAY"},
        "dmarcVerdict": {"status": "FAIL"},
        "dmarcPolicy": "REJECT",
        "action": {"type": "S3", "topicArn": "arn:t", "bucketName": "arrivals", "objectKey": "mail/0k8p1abc"},
    },
}
OURS = {
    "timestamp": "2026-03-03T12:50:00.000Z",
    "source": "lapor@desa-contoh.example",
    "messageId": "010e0194-5a5a",
    "destination": ["ratna@warga.example"],
    "tags": {"delivery": ["D1"], "case": ["TGP-4K7M-9QXW"], "ses:configuration-set": ["tanggap"]},
}


def sns(content: object) -> str:
    message = content if isinstance(content, str) else json.dumps(content)
    return json.dumps({"Type": "Notification", "MessageId": "m", "TopicArn": "arn:t", "Message": message})


@pytest.mark.parametrize("wrap", [sns, json.dumps])
def test_a_received_mail_is_named_with_what_ses_said_of_it(wrap: Any) -> None:
    found = notice.parse(wrap(RECEIVED))
    assert isinstance(found, Received)
    assert (found.bucket, found.key, found.receipt.arrival_key) == ("arrivals", "mail/0k8p1abc", "mail/0k8p1abc")
    assert found.receipt.at == datetime(2026, 3, 3, 12, 42, 12, 345000, tzinfo=UTC)
    assert found.receipt.source == "ratna@warga.example"
    assert found.receipt.recipients == ("lapor@desa-contoh.example",)
    assert found.receipt.authenticity == Authenticity("FAIL", "GRAY", "FAIL", "reject", "PASS", "PASS")
    assert found.receipt.authenticity.forged


@pytest.mark.parametrize("source", ["", "<>"])
def test_the_null_return_path_is_an_empty_source(source: str) -> None:
    found = notice.parse(sns({**RECEIVED, "mail": {**RECEIVED["mail"], "source": source}}))
    assert isinstance(found, Received)
    assert found.receipt.source == ""


def test_a_source_that_is_not_told_is_not_the_null_return_path() -> None:
    mail = {key: value for key, value in RECEIVED["mail"].items() if key != "source"}
    found = notice.parse(sns({**RECEIVED, "mail": mail}))
    assert isinstance(found, Received)
    assert found.receipt.source


def test_the_set_up_object_is_its_own_kind() -> None:
    receipt = {**RECEIVED["receipt"], "action": {"bucketName": "b", "objectKey": "mail/AMAZON_SES_SETUP_NOTIFICATION"}}
    assert notice.parse(sns({**RECEIVED, "receipt": receipt})) == SetUp("mail/AMAZON_SES_SETUP_NOTIFICATION", "b")


def test_the_sentence_that_ses_sends_to_a_new_topic_is_set_up_too() -> None:
    assert notice.parse(sns("Successfully validated SNS topic for Amazon SES event publishing.")) == SetUp()


def test_our_own_wish_to_replay_names_the_key() -> None:
    assert notice.parse('{"tanggap": "replay", "key": "mail/0k8p1abc"}') == Replay("mail/0k8p1abc", by_officer=True)
    assert notice.parse('{"tanggap": "again", "key": "mail/0k8p1abc"}') == Replay("mail/0k8p1abc", by_officer=False)


def report(event: str, name: str, about: dict[str, Any], field: str = "eventType") -> DeliveryReport:
    found = notice.parse(sns({field: event, "mail": OURS, name: about}))
    assert isinstance(found, DeliveryReport)
    return found


STAMP = {"timestamp": "2026-03-03T12:50:05.000Z"}
SHAPES = [
    (
        "Bounce",
        "bounce",
        {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "Ratna@warga.example", "status": "5.1.1"}]},
        ("bounce", True, "5.1.1"),
    ),
    (
        "Bounce",
        "bounce",
        {"bounceType": "Transient", "bouncedRecipients": [{"emailAddress": "ratna@warga.example"}]},
        ("bounce", False, ""),
    ),
    (
        "Complaint",
        "complaint",
        {"complainedRecipients": [{"emailAddress": '"Ratna" <ratna@warga.example>'}]},
        ("complaint", True, ""),
    ),
    ("Delivery", "delivery", {"recipients": ["ratna@warga.example"]}, ("delivery", False, "")),
    ("Reject", "reject", {"reason": "Bad content"}, ("reject", True, "")),
    (
        "DeliveryDelay",
        "deliveryDelay",
        {"delayType": "MailboxFull", "delayedRecipients": [{"emailAddress": "ratna@warga.example", "status": "4.2.2"}]},
        ("delay", False, "4.2.2"),
    ),
]


@pytest.mark.parametrize("field", ["eventType", "notificationType"])
@pytest.mark.parametrize(("event", "name", "about", "told"), SHAPES)
def test_what_became_of_a_mail_of_ours_is_told_per_recipient(
    event: str, name: str, about: dict[str, Any], told: tuple[str, bool, str], field: str
) -> None:
    kind, permanent, status = told
    found = report(event, name, {**STAMP, **about}, field)
    assert found.failures == (
        FailedDelivery("ratna@warga.example", "010e0194-5a5a", permanent, status, kind, "D1", "TGP-4K7M-9QXW"),
    )
    assert found.at is not None


def test_the_same_event_said_twice_has_the_same_id_and_another_has_not() -> None:
    event, name, about, _ = SHAPES[0]
    assert report(event, name, {**STAMP, **about}).id == report(event, name, {**STAMP, **about}).id
    assert report(event, name, {**STAMP, **about}).id != report(*SHAPES[3][:2], {**STAMP, **SHAPES[3][2]}).id


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "null",
        "7",
        "[" * 200_000,
        '{"Type": "Notification", "Message": "hello"}',
        '{"Type": "Notification", "Message": 7}',
        '{"Type": "SubscriptionConfirmation", "Message": "{}"}',
        '{"tanggap": "replay"}',
        '{"tanggap": "replay", "key": 7}',
        '{"eventType": "Open", "mail": {}}',
        '{"eventType": "Bounce"}',
        '{"eventType": "Bounce", "mail": {"messageId": "x"}, "bounce": {"bouncedRecipients": "x"}}',
        '{"notificationType": "Received"}',
        '{"notificationType": "Received", "mail": [], "receipt": {"action": 7}}',
        json.dumps({**RECEIVED, "receipt": {**RECEIVED["receipt"], "timestamp": "x"}, "mail": {}}),
        json.dumps({**RECEIVED, "receipt": {**RECEIVED["receipt"], "action": {"type": "S3"}}}),
    ],
)
def test_anything_else_is_parked_as_unreadable(body: str) -> None:
    with pytest.raises(Park) as parked:
        notice.parse(body)
    assert parked.value.reason == Reason.UNREADABLE
    assert "ratna" not in str(parked.value)
