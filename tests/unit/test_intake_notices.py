"""From a queue record to one outcome: each kind of notice, each way in which it can be wrong."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.adapters.mail import bounds
from tanggap.domain.errors import Retry
from tanggap.domain.words import DeliveryState, Outcome, Reason
from tanggap.entrypoints import intake
from tests.contract.stack import RESOURCES
from tests.support.world import INTAKE, World

KEY = "mail/0k8p1abc"
MAIL = (
    f"From: Siti Aminah <siti@warga.example>\r\nTo: {INTAKE}\r\nSubject: Jalan rusak\r\n"
    "Message-ID: <m1@warga.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0700\r\n\r\nJalan di RT 3 rusak.\r\n"
).encode()


class Desk:
    """A world behind the entry point; `at` is how often the queue has brought a record."""

    def __init__(self) -> None:
        self.world = World()
        self.parts: Any = SimpleNamespace(
            arrivals=self.world.arrivals, receive=self.world.receive, reread=self.world.reread
        )

    def store(self, key: str, raw: bytes) -> None:
        self.world.arrivals.objects[key] = (raw, self.world.now)

    def bring(self, body: str, tries: int = 1) -> dict[str, str]:
        sent = str(int(self.world.now.timestamp() * 1000))
        (line,) = intake.work(body, {"SentTimestamp": sent, "ApproximateReceiveCount": str(tries)}, self.parts)
        return line

    def row(self, key: str = KEY) -> tuple[Outcome, Reason]:
        (row,) = self.world.cases.of(key)
        return row.outcome, row.reason


@pytest.fixture
def desk() -> Desk:
    return Desk()


def received(key: str = KEY, **more: Any) -> str:
    return json.dumps(
        {
            "notificationType": "Received",
            "mail": {
                "timestamp": "2026-11-23T03:00:00.000Z",
                "source": "siti@warga.example",
                "messageId": key.rpartition("/")[2],
                "destination": [INTAKE],
            },
            "receipt": {
                "timestamp": "2026-11-23T03:00:00.000Z",
                "recipients": [INTAKE],
                **{
                    name: {"status": "PASS"}
                    for name in ("spamVerdict", "virusVerdict", "spfVerdict", "dkimVerdict", "dmarcVerdict")
                },
                "action": {"type": "S3", "bucketName": "arrivals", "objectKey": key},
                **more,
            },
        }
    )


def event(kind: str, delivery: str, case: str) -> str:
    body = {"Bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "siti@warga.example"}]}}
    mail = {
        "timestamp": "2026-11-23T03:00:00.000Z",
        "messageId": "ses-000001",
        "destination": ["siti@warga.example"],
        "tags": {"delivery": [delivery], "case": [case]},
    }
    about = {"timestamp": "2026-11-23T03:00:05.000Z", **body.get(kind, {"recipients": ["siti@warga.example"]})}
    return json.dumps({"eventType": kind, "mail": mail, kind.lower(): about})


def own(word: str, key: Any = KEY) -> str:
    return json.dumps({"tanggap": word, "key": key})


def test_a_mail_becomes_a_case_and_the_facts_for_the_log_name_no_person(desk: Desk) -> None:
    desk.store(KEY, MAIL)
    facts = desk.bring(received())
    assert facts == {
        "arrival": KEY, "channel": "email", "outcome": "filed", "reason": "new_case", "case": facts["case"]
    }  # fmt: skip
    assert facts["case"].startswith("TGP-")


def test_a_notice_whose_object_is_not_there_waits_a_little_and_is_then_parked(desk: Desk) -> None:
    for tries in range(1, intake.MISSING_AFTER):
        with pytest.raises(Retry):
            desk.bring(received(), tries)
    assert desk.bring(received(), intake.MISSING_AFTER)["reason"] == "not_found"
    assert desk.row() == (Outcome.PARKED, Reason.NOT_FOUND)


def test_an_object_that_came_late_can_be_read_after_all(desk: Desk) -> None:
    desk.bring(received(), intake.MISSING_AFTER)
    desk.store(KEY, MAIL)
    assert desk.bring(own("replay"))["outcome"] == "filed"
    assert desk.row() == (Outcome.FILED, Reason.NEW_CASE)


def test_an_object_without_a_notice_is_read_when_the_ledger_announces_it(desk: Desk) -> None:
    desk.store(KEY, MAIL)
    assert desk.bring(own("again"))["outcome"] == "filed"


def test_a_stored_mail_that_does_not_name_us_was_received_for_us_all_the_same(desk: Desk) -> None:
    desk.store(KEY, MAIL.replace(INTAKE.encode(), b"kepala@lain.example"))
    assert desk.bring(own("again"))["reason"] == "new_case"


@pytest.mark.parametrize(
    "body", ["", "no json", "[]", "\x00\ud800", '{"Type": "SubscriptionConfirmation"}', "{" * 9_999]
)
def test_a_body_that_is_no_notice_is_stored_and_parked_as_unreadable(desk: Desk, body: str) -> None:
    facts = desk.bring(body)
    assert (facts["outcome"], facts["reason"]) == ("parked", "unreadable")
    assert facts["arrival"].startswith("events/unreadable/")
    assert desk.world.arrivals.get(facts["arrival"]) == body.encode("utf-8", "replace")
    assert desk.bring(body) == facts
    assert desk.bring(own("replay", facts["arrival"]))["reason"] == "unreadable"


@pytest.mark.parametrize("key", ["", 7, None, "\ud800", "a\nb", "x" * 901, "ü" * 500])
@pytest.mark.parametrize("word", ["again", "replay"])
def test_a_key_that_no_object_can_have_is_parked_and_not_asked_for(desk: Desk, word: str, key: Any) -> None:
    assert desk.bring(own(word, key))["reason"] == "unreadable"


@pytest.mark.parametrize(
    "body",
    [
        received("mail/AMAZON_SES_SETUP_NOTIFICATION"),
        json.dumps({"Type": "Notification", "Message": "Successfully validated SNS topic for Amazon SES event."}),
        own("again", "mail/AMAZON_SES_SETUP_NOTIFICATION"),
    ],
)  # fmt: skip
def test_the_mail_services_own_set_up_is_refused_by_name(desk: Desk, body: str) -> None:
    desk.store("mail/AMAZON_SES_SETUP_NOTIFICATION", b"Delivered-To: x\r\n\r\nThis is to test that SES can write.")
    facts = desk.bring(body)
    assert (facts["outcome"], facts["reason"]) == ("refused", "setup")
    assert desk.row("mail/AMAZON_SES_SETUP_NOTIFICATION") == (Outcome.REFUSED, Reason.SETUP)
    assert desk.world.deliveries() == []


def test_an_event_is_stored_before_it_is_worked_on_and_read_again_from_there(desk: Desk) -> None:
    number = desk.world.new_case()
    (row,) = desk.world.cases.file(number).deliveries
    body = event("Bounce", row.id, number)
    facts = desk.bring(body)
    assert (facts["outcome"], facts["reason"], facts["case"]) == ("status", "bounce", number)
    assert desk.world.arrivals.get(facts["arrival"]) == body.encode()
    assert desk.bring(own("again", facts["arrival"])) == facts
    assert desk.bring(json.dumps({"Type": "Notification", "Message": body})) == facts


def test_an_event_before_our_own_note_of_the_letter_comes_again(desk: Desk) -> None:
    number = desk.world.arrive(desk.world.mail()).case
    (row,) = desk.world.unsent()
    with pytest.raises(Retry):
        desk.bring(event("Delivery", row.id, number))
    desk.world.pump()
    assert desk.bring(event("Delivery", row.id, number), 2)["reason"] == "delivered"
    assert desk.world.cases.delivery(number, row.id).state is DeliveryState.DELIVERED


def test_an_empty_object_is_parked_as_unreadable(desk: Desk) -> None:
    desk.store(KEY, b"\r\n\0")
    assert desk.bring(received())["reason"] == "unreadable"


def test_what_the_scanners_refuse_is_parked_and_an_officers_word_lets_spam_in_but_no_virus(desk: Desk) -> None:
    failed = {"status": "FAIL"}
    desk.store(KEY, b"X-SES-Spam-Verdict: FAIL\r\nX-SES-Virus-Verdict: PASS\r\n" + MAIL)
    assert desk.bring(received(spamVerdict=failed))["reason"] == "spam"
    assert desk.bring(own("again"))["reason"] == "spam"
    assert desk.bring(own("replay"))["outcome"] == "filed"
    desk.store("mail/2", b"X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: FAIL\r\n" + MAIL)
    assert desk.bring(received("mail/2", virusVerdict=failed))["reason"] == "virus"
    assert desk.bring(own("replay", "mail/2"))["reason"] == "virus"


# -- poison


class Broken(Exception):
    """A defect of ours that some mail brings out."""


def poisoned(desk: Desk) -> Any:
    """Every look-up of a sender fails, as a defect does: again and again."""

    def find(address: str, typed: bool = False) -> str | None:
        raise Broken(f"about {address}")

    whole, desk.world.receive.vault = desk.world.receive.vault, SimpleNamespace(find=find)
    return whole


def test_poison_is_parked_by_its_last_try_and_can_be_replayed_once_the_defect_is_gone(desk: Desk) -> None:
    desk.store(KEY, MAIL)
    whole = poisoned(desk)
    for tries in range(1, intake.LAST_TRY):
        with pytest.raises(Broken):
            desk.bring(received(), tries)
    facts = desk.bring(received(), intake.LAST_TRY)
    assert (facts["outcome"], facts["reason"], facts["error"]) == ("parked", "failing", "Broken")
    assert desk.row() == (Outcome.PARKED, Reason.FAILING)
    assert "siti" not in str(facts)
    desk.world.receive.vault = whole
    assert desk.bring(own("replay"))["outcome"] == "filed"


def test_a_fault_that_passes_is_never_parked(desk: Desk) -> None:
    desk.store(KEY, MAIL)

    def find(address: str, typed: bool = False) -> str | None:
        raise Retry("the vault did not answer")

    desk.world.receive.vault = SimpleNamespace(find=find)
    with pytest.raises(Retry):
        desk.bring(received(), intake.LAST_TRY)
    assert desk.world.cases.of(KEY) == ()


def test_a_defect_before_the_mail_is_even_read_is_parked_under_its_own_key(desk: Desk) -> None:
    def get(key: str) -> bytes:
        raise Broken

    desk.parts.arrivals = SimpleNamespace(get=get)
    assert desk.bring(received(), intake.LAST_TRY)["arrival"] == KEY
    assert desk.row() == (Outcome.PARKED, Reason.FAILING)


def test_a_mail_that_ended_the_function_twice_is_filed_by_its_beginning(desk: Desk) -> None:
    desk.store(KEY, MAIL + b"Tolong.\r\n" + b"x" * bounds.SHORT + b" akhir")
    for _ in range(2):
        desk.world.cases.trial(KEY)  # begun, and no end: the process was gone
    facts = desk.bring(received(), intake.LAST_TRY)
    assert (facts["outcome"], facts["reason"]) == ("filed", "new_case")
    (message,) = desk.world.cases.file(facts["case"]).messages
    assert "read_in_part" in message.marks and message.text.startswith("Jalan di RT 3 rusak.")
    assert "akhir" not in message.text
    (row,) = desk.world.cases.file(facts["case"]).deliveries
    assert "hanya terbaca sebagian" in row.text


def test_an_outage_makes_no_mail_a_part_of_itself(desk: Desk) -> None:
    desk.store(KEY, MAIL)
    whole, desk.world.receive.vault = desk.world.receive.vault, SimpleNamespace(find=_unavailable)
    for tries in range(1, intake.LAST_TRY):
        with pytest.raises(Retry):
            desk.bring(received(), tries)
    desk.world.receive.vault = whole
    facts = desk.bring(received(), intake.LAST_TRY)
    (message,) = desk.world.cases.file(facts["case"]).messages
    assert "read_in_part" not in message.marks


def _unavailable(address: str, typed: bool = False) -> str | None:
    raise Retry("the vault did not answer")


def test_an_event_that_was_parked_as_failing_can_be_replayed(desk: Desk) -> None:
    number = desk.world.new_case()
    (row,) = desk.world.cases.file(number).deliveries
    whole = desk.world.receive.reports.cases

    def delivery(*key: str) -> Any:
        raise Broken

    desk.world.receive.reports.cases = SimpleNamespace(case=whole.case, delivery=delivery)
    facts = desk.bring(event("Bounce", row.id, number), intake.LAST_TRY)
    assert facts["reason"] == "failing"
    desk.world.receive.reports.cases = whole
    assert desk.bring(own("replay", facts["arrival"]))["reason"] == "bounce"


def test_what_is_filed_is_read_anew_where_an_officer_wants_it(desk: Desk) -> None:
    desk.store(KEY, MAIL)
    number = desk.bring(received())["case"]
    desk.store(KEY, MAIL.replace(b"Jalan di RT 3", b"Jalan di RT 4"))  # as an earlier reader would have seen it
    wish = json.dumps({"tanggap": "anew", "key": KEY, "actor": "officer:x"})
    facts = desk.bring(wish)
    assert facts == {"arrival": KEY, "case": number, "reread": "text,full_text"}
    file = desk.world.cases.file(number)
    assert (file.messages[0].text, file.history[-1].actor) == ("Jalan di RT 4 rusak.", "officer:x")
    assert desk.bring(wish)["reread"] == "nothing new"
    assert desk.row() == (Outcome.FILED, Reason.NEW_CASE)


def test_a_wish_for_an_object_that_is_gone_ends_there(desk: Desk) -> None:
    assert desk.bring(own("anew"))["reread"] == "gone"


def test_the_last_try_is_the_queues() -> None:
    assert RESOURCES["ArrivalsQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"] == intake.LAST_TRY
