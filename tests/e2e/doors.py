"""What is handed in at the doors of a running stack, as it is, and what became of it."""

from __future__ import annotations

import base64
import json
import smtplib
import time
from email.utils import make_msgid
from typing import Any

from infra.local.aws import client
from tests.e2e.system import System, until

TEXT = "Jalan di depan balai desa rusak parah.\r\n"


def hand_in(system: System, raw: bytes, sender: str = "", recipients: tuple[str, ...] = ()) -> str:
    """Gives a mail to the door; the key of its arrival, as the door names it."""
    smtp = system.ready["smtp"]
    with smtplib.SMTP(smtp["host"], smtp["port"], local_hostname="mail.warga.example", timeout=120) as connection:
        connection.ehlo()
        connection.mail(sender)
        for recipient in recipients or (system.ready["intake_address"],):
            assert connection.rcpt(recipient)[0] == 250
        code, answer = connection.data(raw)
    assert code == 250, answer
    return "mail/" + answer.decode().split()[-1]


def arrival(system: System, key: str) -> dict[str, Any]:
    """The ledger's one message of an arrival."""
    name = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    found = system.as_officer("auditor", "GET", f"/v1/arrivals/{name}")
    if found.status == 404:
        return {"outcome": "unknown"}
    assert found.status == 200, found
    (message,) = found.body["messages"]
    return dict(message)


def outcome(system: System, key: str, within: float = 60) -> dict[str, Any]:
    """What became of an arrival, once it is read."""

    def read() -> dict[str, Any] | None:
        message = arrival(system, key)
        return None if message["outcome"] in ("waiting", "unknown") else message

    found: dict[str, Any] = until(read, f"an outcome of {key}", within)
    return found


def head(sender: str, **more: str) -> str:
    headers = {"From": sender, "To": "lapor", "Subject": "Jalan rusak", "Message-ID": make_msgid(), **more}
    headers.setdefault("Date", time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime()))
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)


def case_of(system: System, message: dict[str, Any]) -> dict[str, Any]:
    assert message["outcome"] == "filed", message
    return system.case(message["case"])


def tell(system: System, body: str) -> None:
    outputs = system.ready["outputs"]
    client("sqs", system.ready["aws_endpoint"]).send_message(QueueUrl=outputs["ArrivalsQueueUrl"], MessageBody=body)


def store(system: System, key: str, raw: bytes) -> str:
    outputs = system.ready["outputs"]
    client("s3", system.ready["aws_endpoint"]).put_object(Bucket=outputs["ArrivalsBucket"], Key=key, Body=raw)
    return key


def invoke(system: System, function: str, payload: Any) -> tuple[Any, str]:
    answer = client("lambda", system.ready["aws_endpoint"]).invoke(
        FunctionName=system.ready["outputs"][function], Payload=json.dumps(payload).encode()
    )
    return json.loads(answer["Payload"].read() or b"null"), answer.get("FunctionError", "")


# -- and in the end


def logs_hold_nobodys_words(system: System) -> None:
    """And no function died."""
    lines = system.log_lines()
    planted = ("warga.example", "balai desa", "RT 3", "Bcc", "mail.warga", "orang-lain", "spoofed.example")
    told = [line[:200] for line in lines if any(word in line for word in planted)]
    assert told == [], told
    died = [line[:300] for line in lines if "Traceback" in line or "Task timed out" in line]
    assert died == [], died


def ledger_adds_up(system: System) -> None:
    report, _ = invoke(system, "LedgerFunction", {})
    assert (report["overdue"], report["balanced"]) == (0, True), report
    # What waits is at most a report about a letter whose answer was lost: it comes again when that letter is settled.
    waiting = system.as_officer("auditor", "GET", "/v1/arrivals?outcome=waiting").body["arrivals"]
    keys = [base64.urlsafe_b64decode(row["id"] + "==").decode() for row in waiting]
    waits = [key for key in keys if not key.startswith("events/")]
    assert waits == [], waits
