"""People who write to the desk on Telegram and WhatsApp, through the real doors' readers and the entry point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tanggap.application.work import Raw
from tanggap.domain.case import Case, Delivery
from tanggap.domain.inbound import Inbound
from tanggap.domain.times import stamp
from tanggap.domain.words import Channel
from tanggap.entrypoints import intake
from tests.support.world import World

SITI, BUDI = 501, 502


class Street:
    """A world with the doors open. Each `say` is a body of its own, stored and announced as webhooks does it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.media: list[tuple[str, int]] = []
        self.parts: Any = SimpleNamespace(
            arrivals=world.arrivals,
            receive=world.receive,
            reread=world.reread,
            files=world.files,
            announce_media=lambda arrival, index, seconds: self.media.append((arrival, index)),
        )
        self.said = 0

    # -- doors

    def store(self, door: str, body: Any) -> str:
        raw = json.dumps(body).encode()
        key = f"webhooks/{door}/{hashlib.sha256(raw).hexdigest()}.json"
        self.world.arrivals.objects[key] = (raw, self.world.now)
        return key

    def bring(
        self,
        key: str,
        tries: int = 1,
        wish: str = "arrived",
        remaining: Callable[[], timedelta] = lambda: timedelta.max,
        written: datetime | None = None,
    ) -> list[dict[str, str]]:
        sent = str(int(self.world.now.timestamp() * 1000))
        said = {"tanggap": "again", "more": stamp(written or self.world.now)} if wish == "more" else {"tanggap": wish}
        body = json.dumps({**said, "key": key})
        attributes = {"SentTimestamp": sent, "ApproximateReceiveCount": str(tries)}
        return list(intake.work(body, attributes, self.parts, remaining))

    def arrive(self, door: str, body: Any, tries: int = 1) -> list[dict[str, str]]:
        return self.bring(self.store(door, body), tries)

    # -- Telegram

    def update(self, who: int = SITI, number: int = 0, at: datetime | None = None, **content: Any) -> dict[str, Any]:
        self.said += 1
        number = number or self.said
        return {
            "update_id": 1000 + self.said,
            "message": {
                "message_id": number,
                "from": {"id": who, "is_bot": False, "first_name": "Siti", "last_name": "Aminah"},
                "chat": {"id": who, "type": "private"},
                "date": int((at or self.world.now).timestamp()),
                **content,
            },
        }

    def say(self, text: str, who: int = SITI, reply_to: int = 0, **more: Any) -> dict[str, str]:
        """A text by Telegram. `reply_to`: the number of an earlier message in that chat."""
        if reply_to:
            more["reply_to_message"] = {"message_id": reply_to, "chat": {"id": who, "type": "private"}}
        (line,) = self.arrive("telegram", self.update(who, text=text, **more))
        return line

    # -- what stands

    @property
    def cases(self) -> list[Case]:
        world = self.world
        found = [world.cases.case(number) for number in {row.case for row in self.rows() if row.case}]
        return sorted(found, key=lambda case: (case.received_at, case.number))

    def rows(self) -> Iterable[Any]:
        for key in list(self.world.arrivals.objects):
            if key.startswith("webhooks/"):
                yield from self.world.cases.of(key)

    def texts(self, number: str) -> list[str]:
        return [one.text for one in self.world.cases.file(number).messages]

    def letters(self, purpose: str) -> list[Delivery]:
        return [row for row in self.world.deliveries() if row.purpose == purpose]


def chat(channel: Channel, person: str, text: str, at: datetime, **more: Any) -> Inbound:
    """One message as a reader gives it."""
    from tanggap.domain.addresses import on
    from tanggap.domain.inbound import Party

    values: dict[str, Any] = {
        "channel": channel,
        "external_id": f"{person}:{hashlib.sha256(f'{text}{at}'.encode()).hexdigest()[:8]}",
        "at": at,
        "sender": Party(on(channel, person), "Siti Aminah"),
        "recipients": (),
        "subject": "",
        "text": text,
        "full_text": text,
        **more,
    }
    what = repr((channel, values["external_id"], more.get("sort")))
    values.setdefault("digest", hashlib.sha256(what.encode()).hexdigest())
    return Inbound(**values)


def raw(inbound: Inbound, key: str = "", **more: Any) -> Raw:
    return Raw(key or f"webhooks/x/{inbound.digest}.json", inbound.channel, inbound.at, 100, inbound, **more)
