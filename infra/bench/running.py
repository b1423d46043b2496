"""The whole local system under load: mails through the SMTP door until each is acknowledged, and webhook calls.

Tells what one laptop takes with everything on it, the embedded AWS included; not what AWS takes.
"""

from __future__ import annotations

import http.client
import itertools
import json
import shutil
import smtplib
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.bench.corpus import Corpus, Mail
from infra.bench.report import Sample
from infra.local.aws import client
from infra.local.outbox import Outbox
from infra.local.places import HOST, Places, free_ports
from infra.local.run import LocalSystem

MAILS, ROUNDS = 60, 3
WEBHOOKS = 150
CONNECTIONS = 4
PATIENCE = 120.0  # seconds for all mails of a round
HOOK = "/webhooks/telegram"
_UPDATES = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Load:
    """Per second, one value a round; `statuses` of the webhook calls; `ready_after` seconds of the system's start."""

    mails: Sample
    webhooks: Sample
    statuses: dict[int, int]
    ready_after: float


def measure(mails: int = MAILS, rounds: int = ROUNDS) -> Load:
    work = Path(tempfile.mkdtemp(prefix="tanggap-bench-"))
    smtp, http_port, aws = free_ports(3)
    places = Places(smtp, http_port, aws, work=work, state=None)
    system = LocalSystem(places, lambda line: None)
    try:
        began = time.monotonic()
        ready = system.start().as_json(places)
        ready_after = time.monotonic() - began
        corpus = Corpus(ready["intake_address"])
        queue = ready["outputs"]["ArrivalsQueueUrl"]
        _mails(places, corpus, 8)  # workers start cold
        secret = ready["webhooks"]["telegram_secret"]
        _webhooks(places, secret, 8)
        statuses: Counter[int] = Counter()
        mail_rates, hook_rates = [], []
        for _ in range(rounds):
            _quiet(places, queue)
            mail_rates.append(_mails(places, corpus, mails))
            _quiet(places, queue)
            rate, seen = _webhooks(places, secret, WEBHOOKS)
            hook_rates.append(rate)
            statuses += seen
        return Load(Sample(tuple(mail_rates)), Sample(tuple(hook_rates)), dict(statuses), ready_after)
    finally:
        system.stop()
        shutil.rmtree(work, ignore_errors=True)


def _mails(places: Places, corpus: Corpus, count: int) -> float:
    """Mails a second, from the first SMTP connection until SES has let the last acknowledgement out."""
    names = corpus.names
    mails = [corpus.mail(names[at % len(names)]) for at in range(count)]
    waiting = {mail.sender for mail in mails}
    outbox = Outbox(places.outbox)
    last = max(outbox.names(), default="")
    began = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as senders:
        list(senders.map(lambda share: _send(places, corpus.intake, share), _shares(mails)))
        while waiting:
            for name in outbox.names(last):
                sent = outbox.read(name)
                last = name
                waiting -= set(sent.destinations) if sent else set()
            if time.monotonic() - began > PATIENCE:
                raise RuntimeError(f"{len(waiting)} of {count} mails were not acknowledged within {PATIENCE:.0f} s")
            time.sleep(0.02)
    return count / (time.monotonic() - began)


def _quiet(places: Places, queue: str) -> None:
    """Waits until the delivery events of the last round's letters are read too."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + PATIENCE
    still = 0
    while still < 5 and time.monotonic() < deadline:
        found = client("sqs", places.aws_endpoint).get_queue_attributes(QueueUrl=queue, AttributeNames=names)
        still = still + 1 if not any(int(found["Attributes"][name]) for name in names) else 0
        time.sleep(0.2)


def _shares(mails: list[Mail]) -> list[list[Mail]]:
    return [share for at in range(CONNECTIONS) if (share := mails[at::CONNECTIONS])]


def _send(places: Places, intake: str, mails: list[Mail]) -> None:
    with smtplib.SMTP(HOST, places.smtp_port, local_hostname="mail.warga.example", timeout=60) as connection:
        for mail in mails:
            connection.sendmail(mail.sender, [intake], mail.raw)


def _webhooks(places: Places, secret: str, count: int) -> tuple[float, Counter[int]]:
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}

    def call(number: int) -> list[int]:
        statuses = []
        for _ in range(number):
            connection = http.client.HTTPConnection(HOST, places.http_port, timeout=30)
            connection.request("POST", HOOK, json.dumps(_update(next(_UPDATES))), headers)
            statuses.append(connection.getresponse().status)
            connection.close()
        return statuses

    began = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as callers:
        seen = Counter(status for share in callers.map(call, [count // CONNECTIONS] * CONNECTIONS) for status in share)
    return seen.total() / (time.monotonic() - began), seen


def _update(number: int) -> dict[str, Any]:
    """One citizen's first message; the next number is another citizen's."""
    chat = {"id": number, "type": "private"}
    sender = {"id": number, "is_bot": False, "first_name": "Warga"}
    message = {"message_id": 1, "date": int(time.time()), "from": sender, "chat": chat, "text": "Lampu jalan mati"}
    return {"update_id": number, "message": message}
