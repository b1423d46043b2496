"""Many at once: what arrives ten times is one case, what arrives five hundred times is five hundred."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any

import pytest

from infra.local.aws import client
from tests.e2e.system import System, until

pytestmark = pytest.mark.acceptance

MANY = 500


def mail_of(sender: str, number: int, intake: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, intake, f"Laporan {number}"
    mail["Message-ID"] = f"<{number}.{sender}>"
    mail.set_content(f"Lampu jalan nomor {number} mati.\n")
    return mail.as_bytes()


def _page(system: System, query: str) -> dict[str, Any]:
    """Empty where the API says that one is to come again."""
    answer = system.as_officer("auditor", "GET", f"/v1/arrivals?{query}")
    assert answer.status in (200, 503), answer
    return dict(answer.body) if answer.status == 200 else {}


def arrivals(system: System, outcome: str = "") -> list[dict[str, Any]]:
    """All rows of the ledger, page by page."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        query = "&".join(
            part for part in (f"outcome={outcome}" if outcome else "", f"cursor={cursor}" if cursor else "") if part
        )
        page = until(lambda query=query: _page(system, query), "a page of the ledger", within=60)
        rows += page["arrivals"]
        cursor = page["cursor"]
        if not cursor:
            return rows


def settled(system: System, address: str, count: int, patience: float = 0.0) -> int:
    """How many mails an address has, once there are `count` and none comes any more."""
    until(lambda: len(system.mails_to(address)) >= count, f"{count} mails to {address}", within=60)
    time.sleep(patience)
    return len(system.mails_to(address))


def test_the_same_mail_handed_in_ten_times_at_once_is_one_case_and_one_acknowledgement(system: System) -> None:
    sender = system.someone()
    raw = mail_of(sender, 1, system.ready["intake_address"])
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: system.send(sender, [system.ready["intake_address"]], raw), range(10)))

    def mine() -> list[str]:
        return [m["outcome"] for row in arrivals(system) for m in row["messages"] if m["external_id"] == f"1.{sender}"]

    until(lambda: len(mine()) == 10, "ten outcomes", within=60)
    assert Counter(mine()) == {"filed": 1, "duplicate": 9}
    assert settled(system, sender, 1, 3) == 1
    assert len(system.as_officer("coordinator", "GET", f"/v1/cases?q={sender}").body["cases"]) == 1


def test_one_object_announced_ten_times_at_once_is_read_once(system: System) -> None:
    sender = system.someone()
    outputs = system.ready["outputs"]
    key = f"mail/announced-{sender.partition('@')[0]}"
    endpoint = system.ready["aws_endpoint"]
    client("s3", endpoint).put_object(
        Bucket=outputs["ArrivalsBucket"], Key=key, Body=mail_of(sender, 2, system.ready["intake_address"])
    )
    notice = json.dumps({"tanggap": "again", "key": key})
    queue = client("sqs", endpoint)
    with ThreadPoolExecutor(10) as pool:
        list(
            pool.map(lambda _: queue.send_message(QueueUrl=outputs["ArrivalsQueueUrl"], MessageBody=notice), range(10))
        )
    assert settled(system, sender, 1, 5) == 1
    assert len(system.as_officer("coordinator", "GET", f"/v1/cases?q={sender}").body["cases"]) == 1


def test_five_hundred_mails_at_once_are_five_hundred_cases_and_the_ledger_adds_up(system: System) -> None:
    intake = system.ready["intake_address"]
    senders = [f"banjir{number}.{int(time.time())}@warga.example" for number in range(MANY)]
    before = Counter(m["outcome"] for row in arrivals(system) for m in row["messages"])
    with ThreadPoolExecutor(20) as pool:
        list(
            pool.map(lambda pair: system.send(pair[1], [intake], mail_of(pair[1], pair[0], intake)), enumerate(senders))
        )

    def acknowledged() -> Counter[str]:
        wanted = set(senders)
        return Counter(to for mail in system.get("/mails.json").body["mails"] for to in mail["to"] if to in wanted)

    until(lambda: len(acknowledged()) == MANY, f"{MANY} acknowledgements", within=300)
    time.sleep(5)
    assert set(acknowledged().values()) == {1}
    after = Counter(m["outcome"] for row in arrivals(system) for m in row["messages"])
    assert after["filed"] - before["filed"] == MANY
    assert after["parked"] == before["parked"]

    # The function that counts promise 1: everything in the bucket has an outcome.
    answer = client("lambda", system.ready["aws_endpoint"]).invoke(
        FunctionName=system.ready["outputs"]["LedgerFunction"]
    )
    report = json.loads(answer["Payload"].read())
    assert (report["overdue"], report["balanced"]) == (0, True)
    # Counted from the bucket's objects there, from the ledger's index here.
    assert report["outcomes"]["filed"] == after["filed"]
