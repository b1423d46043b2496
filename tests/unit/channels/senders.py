"""The senders against the platforms' double, by real HTTP in one process; its clock goes on only when somebody
pauses."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from infra.local.providers.accounts import channel_secret, made_up
from infra.local.providers.rules import rule_of
from infra.local.providers.server import Double
from tanggap.adapters.channels.http import Http, pool
from tanggap.adapters.channels.ways_out import WaysOut
from tanggap.application.ports.outbox import ChatEnvelope
from tanggap.domain.inbound import File
from tanggap.domain.words import Channel

ACCOUNTS = made_up()
WEBHOOKS = {"meta_app_secret": "a", "meta_verify_token": "b", "telegram_secret": "c"}
#: Whom each channel's double knows how to reach.
PEOPLE = {
    Channel.WHATSAPP: "6281234567890",
    Channel.MESSENGER: "24681012",
    Channel.INSTAGRAM: "135791113",
    Channel.TELEGRAM: "777000111",
}
JPEG, PDF = b"\xff\xd8\xff\xe0" + b"j" * 500, b"%PDF-1.7 " + b"p" * 500
#: Far less than ten seconds, for a test of a slow answer; the others must not depend on a busy machine.
SHORT = 0.2


@dataclass
class Clock:
    now: float = 1_795_000_000.0
    paused: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.now += seconds


@contextmanager
def doubled() -> Iterator[Double]:
    """One that listens: starting and stopping it costs a tenth of a second."""
    double = Double(ACCOUNTS, poll=0.02)
    double.start()
    try:
        yield double
    finally:
        double.stop()


class Platforms:
    """One test's; the double forgets what came before."""

    def __init__(self, double: Double) -> None:
        self.clock, self.double = Clock(), double
        double.kept.clock = self.clock
        double.kept.forget()
        self.secret = channel_secret(ACCOUNTS, WEBHOOKS)
        self.left: list[str] = []
        self.patience = 10.0
        self.http = Http(lambda: pool(connect=5.0, read=self.patience))
        self.ways = WaysOut(
            lambda name: self.secret.get(name, {}), self.double.url, self.double.url, self.http, self.clock.pause
        )

    def send(self, channel: Channel, text: str = "Terima kasih.", **more: Any) -> tuple[str, ...]:
        chat = self.ways.chat_of(channel)
        assert chat is not None
        given = {"to": PEOPLE[channel], "delivery": "d1", "case": "TGP-1", **more}
        return chat.send(ChatEnvelope(channel=channel, text=text, **given), self.left.append)

    def sent(self, channel: Channel) -> list[dict[str, Any]]:
        return self.double.kept.sent(channel)

    def texts(self, channel: Channel) -> list[str]:
        return [one.get("text", "") for one in self.sent(channel)]

    def fail(self, outcome: str, operation: str = "*", **more: Any) -> None:
        self.double.kept.fail(rule_of({"operation": operation, "outcome": outcome, **more}, self.clock()))

    def ask(self, path: str, body: Any = None, method: str = "", headers: dict[str, str] | None = None) -> Any:
        """JSON of the double's answer, whatever its status."""
        raw = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.double.url + path, raw, headers or {}, method=method or None)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return json.loads(error.read())


def a_file(name: str = "foto.jpg", content_type: str = "image/jpeg", content: bytes = JPEG) -> File:
    return File(name, content_type, len(content), hashlib.sha256(content).hexdigest(), content)
