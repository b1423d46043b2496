"""SES in a bad hour, and mailboxes that refuse: each letter's state and reason stand on its case, and others go out.

Deliver is pointed at a stand-in before the embedded SES that answers as a test says, by botocore's own setting."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from infra.local.aws import client
from tests.e2e.system import System, until

pytestmark = pytest.mark.acceptance

TEXT = "Jalan di depan balai desa rusak parah.\n"
UNVERIFIED = "Email address is not verified. The following identities failed the check in region AP-SOUTHEAST-1: x"


class Ses:
    """Answers the next sends to one address from a list of (status, code, message), "lost" (taken, then silence) or
    "silent" (not even taken); hands all else on."""

    def __init__(self, upstream: str) -> None:
        self.upstream, self.plans, self.sends = upstream, {}, {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.serve(self)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    plans: dict[str, list[Any]]
    sends: dict[str, int]

    def serve(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", "0")))
        to = json.loads(body)["Destination"]["ToAddresses"][0]
        self.sends[to] = self.sends.get(to, 0) + 1
        plan = self.plans.get(to, [])
        said = plan.pop(0) if plan else None
        if said == "silent":
            request.close_connection = True
            return
        if isinstance(said, tuple):
            status, code, message = said
            headers, answer = {"x-amzn-ErrorType": code}, json.dumps({"message": message}).encode()
        else:
            status, headers, answer = self.hand_on(request, body)
            if said == "lost":
                request.close_connection = True
                return
        request.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(answer))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(answer)

    def hand_on(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = dict(request.headers.items())  # Host too: it is signed
        onward = urllib.request.Request(self.upstream + request.path, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(onward, timeout=30) as answer:
                return answer.status, {"Content-Type": answer.headers["Content-Type"]}, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, {"Content-Type": "application/json"}, error.read()


@pytest.fixture(scope="module")
def ses(system: System) -> Iterator[Ses]:
    faulty = Ses(system.ready["aws_endpoint"])
    functions, name = client("lambda", system.ready["aws_endpoint"]), system.ready["outputs"]["DeliverFunction"]
    before = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    pointed = {**before, "AWS_ENDPOINT_URL_SESV2": faulty.url}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": pointed})
    yield faulty
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": before})
    faulty.server.shutdown()


def reported(system: System, sender: str) -> str:
    """A mail whose acknowledgement does not come: the case's number, out of the ledger."""
    mail: EmailMessage = system.write(sender, "Jalan rusak", TEXT)
    wanted = mail["Message-ID"].strip("<>")

    def found() -> str:
        since = (datetime.now(UTC) - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
        answer = system.as_officer("auditor", "GET", f"/v1/arrivals?outcome=filed&from={since}")
        assert answer.status == 200, answer
        messages = [one for row in answer.body["arrivals"] for one in row["messages"]]
        return next((str(one["case"]) for one in messages if one["external_id"] == wanted), "")

    return str(until(found, "the case of a mail"))


def acknowledgement(system: System, number: str) -> dict[str, Any]:
    (row,) = [row for row in system.case(number)["deliveries"] if row["purpose"] == "acknowledgement"]
    return dict(row)


def settled(system: System, number: str, attempts: int) -> dict[str, Any]:
    def worked_on() -> dict[str, Any] | None:
        row = acknowledgement(system, number)
        return row if row["attempts"] >= attempts and row["state"] != "claimed" else None

    return dict(until(worked_on, f"attempt {attempts} of a letter"))


def later(system: System, minutes: int) -> None:
    system.sweep((datetime.now(UTC) + timedelta(minutes=minutes)).isoformat())


def others_go_out(system: System) -> None:
    other = system.someone("lain")
    system.write(other, "Lampu mati", TEXT)
    assert system.mail_to(other)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((429, "TooManyRequestsException", "slow down"), "throttled"),
        ((400, "LimitExceededException", "Daily message quota exceeded."), "quota"),
        ((400, "MessageRejected", UNVERIFIED), "not_verified"),
        ((400, "SendingPausedException", "paused"), "sending_paused"),
        ((403, "ExpiredTokenException", "expired"), "access_denied"),
        ((503, "ServiceUnavailable", "no"), "unavailable"),
    ],
)
def test_a_refusal_that_passes_waits_on_its_row_and_the_letter_goes_out_once(
    system: System, ses: Ses, answer: tuple[int, str, str], reason: str
) -> None:
    sender = system.someone()
    ses.plans[sender] = [answer, answer]
    number = reported(system, sender)
    row = settled(system, number, 1)
    assert (row["state"], row["reason"], row["repeats"]) == ("queued", reason, 0)
    others_go_out(system)

    later(system, 3)
    assert settled(system, number, 2)["state"] == "queued"
    later(system, 10)
    assert settled(system, number, 3)["state"] in ("sent", "delivered")
    assert system.mail_to(sender)
    assert (ses.sends[sender], len(system.mails_to(sender))) == (3, 1)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((400, "MessageRejected", "Address blacklisted."), "rejected"),
        ((400, "BadRequestException", "no"), "bad_request"),
    ],
)
def test_a_refusal_for_good_is_a_failed_letter_that_the_officer_sees(
    system: System, ses: Ses, answer: tuple[int, str, str], reason: str
) -> None:
    sender = system.someone()
    ses.plans[sender] = [answer] * 5
    number = reported(system, sender)
    row = settled(system, number, 1)
    assert (row["state"], row["reason"], row["due_at"]) == ("failed", reason, None)
    later(system, 5)
    others_go_out(system)
    assert (ses.sends[sender], system.mails_to(sender)) == (1, [])


def test_a_letter_whose_answer_was_lost_is_not_repeated_once_the_mail_service_says_that_it_left(
    system: System, ses: Ses
) -> None:
    sender = system.someone()
    ses.plans[sender] = ["lost"]
    number = reported(system, sender)
    row = until(
        lambda: next((r for r in [acknowledgement(system, number)] if r["state"] == "delivered"), None), "SES's word"
    )
    assert (row["attempts"], row["repeats"], row["due_at"]) == (1, 0, None)
    later(system, 5)
    others_go_out(system)
    assert (ses.sends[sender], len(system.mails_to(sender))) == (1, 1)


def test_a_letter_of_which_nobody_ever_says_anything_is_repeated_once_and_then_left_to_the_officer(
    system: System, ses: Ses
) -> None:
    sender = system.someone()
    ses.plans[sender] = ["silent", "silent", "silent"]
    number = reported(system, sender)
    row = settled(system, number, 1)
    assert (row["repeats"], row["reason"]) == (1, "answer_lost")
    later(system, 4)
    settled(system, number, 2)
    later(system, 10)
    others_go_out(system)
    assert ses.sends[sender] == 2  # nobody asks a third time
    assert (acknowledgement(system, number)["state"], system.mails_to(sender)) == ("held", [])


def recorded(system: System, address: str) -> str:
    answer = system.as_officer(
        "coordinator",
        "POST",
        "/v1/cases",
        {
            "channel": "phone",
            "received_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "text": TEXT,
            "reporter": {"name": "Ani", "email": address},
        },
    )
    assert answer.status == 201, answer
    return str(answer.body["number"])


@pytest.mark.parametrize("mailbox", ["bounce", "complaint"])
def test_a_mailbox_that_refuses_or_complains_is_told_on_the_case_and_to_the_desk(system: System, mailbox: str) -> None:
    number = recorded(system, f"{mailbox}+{system.someone().partition('@')[0]}@simulator.amazonses.com")
    row = until(
        lambda: next((r for r in [acknowledgement(system, number)] if r["state"] == "failed"), None), "the failure"
    )
    assert row["reason"].startswith(mailbox)
    case = system.case(number)
    assert "delivery_failed" in [entry["event"] for entry in case["history"]]
    assert [r["to"] for r in case["deliveries"] if r["purpose"] == "undelivered"]
    # Whatever else is still reported about it, the failure stays.
    later(system, 4)
    others_go_out(system)
    assert acknowledgement(system, number)["state"] == "failed"


def test_nothing_of_all_this_is_left_on_its_way(system: System) -> None:
    later(system, 4)
    health = system.get("/v1/health")
    assert health.status == 200
    sqs, outputs = client("sqs", system.ready["aws_endpoint"]), system.ready["outputs"]
    url = outputs["ArrivalsDeadLetterQueueUrl"]
    waiting = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert waiting["ApproximateNumberOfMessages"] == "0"
