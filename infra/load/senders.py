"""Citizens: mails through the SMTP door, webhooks through the API, each at its appointed time, each from a person that
the desk does not know. A sender that is late sends at once: the rate is asked for, not begged for.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from infra.bench.corpus import Corpus

#: Connections of each kind that may be open at once.
AT_ONCE = 16
TEXT = "Lampu jalan mati di Gang Melati sejak hari Senin, mohon segera diperbaiki."


@dataclass(slots=True)
class Sent:
    """`who` the answer goes to, `id` as the ledger names it; `began` by the clock on the wall, `due` when it was to
    begin. `refused`: why it was not taken, empty when it was."""

    channel: str
    who: str
    id: str
    due: float
    began: float = 0.0
    took: float = 0.0
    refused: str = ""


Prepared = tuple[Sent, Callable[[], None]]


class Citizens:
    """`ready`: what the running system wrote when it was ready. Each run's people are new."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self._ready = ready
        self._corpus = Corpus(ready["intake_address"])
        self._people = itertools.count(int(time.time() * 1000) % 10**9)
        self._http = urlsplit(ready["http"])

    def mail(self, at: int, due: float) -> Prepared:
        names = self._corpus.names
        mail = self._corpus.mail(names[at % len(names)])
        smtp = self._ready["smtp"]

        def send() -> None:
            with smtplib.SMTP(smtp["host"], smtp["port"], local_hostname="mail.warga.example", timeout=60) as door:
                door.sendmail(mail.sender, [self._corpus.intake], mail.raw)

        return Sent("email", mail.sender, f"bench.{mail.sender}", due), send

    def webhook(self, at: int, due: float) -> Prepared:
        """Telegram's and WhatsApp's in turn."""
        return (self._telegram if at % 2 else self._whatsapp)(next(self._people), due)

    def _telegram(self, number: int, due: float) -> Prepared:
        person = {"id": number, "is_bot": False, "first_name": "Warga"}
        chat = {"id": number, "type": "private", "first_name": "Warga"}
        message = {"message_id": number, "from": person, "chat": chat, "date": int(due), "text": TEXT}
        body = json.dumps({"update_id": number, "message": message}).encode()
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._ready["webhooks"]["telegram_secret"]}
        external = f"{hashlib.sha256(str(number).encode()).hexdigest()[:16]}:{number}"
        return Sent("telegram", str(number), external, due), lambda: self._post("/webhooks/telegram", body, headers)

    def _whatsapp(self, number: int, due: float) -> Prepared:
        who, external = f"62812{number:09d}", f"wamid.load{number}"
        text = {"from": who, "id": external, "timestamp": str(int(due)), "type": "text", "text": {"body": TEXT}}
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": self._ready["accounts"]["whatsapp_phone_number_id"]},
            "contacts": [{"profile": {"name": "Warga"}, "wa_id": who}],
            "messages": [text],
        }
        entry = {"id": "waba", "changes": [{"field": "messages", "value": value}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        secret = self._ready["webhooks"]["meta_app_secret"].encode()
        headers = {"X-Hub-Signature-256": f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"}
        return Sent("whatsapp", who, external, due), lambda: self._post("/webhooks/meta", body, headers)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        connection = http.client.HTTPConnection(str(self._http.hostname), self._http.port, timeout=30)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
            status = connection.getresponse().status
        finally:
            connection.close()
        if status != 200:
            raise ConnectionError(f"status {status}")


class Sending:
    """Sends `rate` a second for `seconds`, by threads of its own. `sent` grows as it goes."""

    def __init__(self, make: Callable[[int, float], Prepared], rate: float, seconds: float, begin: float) -> None:
        self.sent: list[Sent] = []
        self.whole = round(rate * seconds)
        self._make, self._lock = make, threading.Lock()
        self._turns: Iterator[tuple[int, float]] = iter([(at, begin + at / rate) for at in range(self.whole)])
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(AT_ONCE if rate else 0)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def over(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Whoever is in the middle of a sending is not waited for: a door may take a minute to answer."""
        self._stop.set()

    def _work(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                turn = next(self._turns, None)
                if turn is None:
                    return
                sent, send = self._make(*turn)
            self._stop.wait(max(0.0, sent.due - time.time()))
            if self._stop.is_set():
                return
            sent.began = time.time()
            try:
                send()
            except (OSError, smtplib.SMTPException, http.client.HTTPException) as error:
                sent.refused = f"{type(error).__name__}: {str(error)[:80]}"
            sent.took = time.time() - sent.began
            self.sent.append(sent)
