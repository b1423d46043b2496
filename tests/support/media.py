"""Somebody who sends photographs by WhatsApp, and a platform that has them."""

from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace
from typing import Any

from tanggap.application.media import KeepMedia
from tanggap.application.ports.media import Fetched
from tanggap.application.receive import Raw
from tanggap.domain.case import Delivery, Message
from tanggap.domain.inbound import File, Media
from tanggap.domain.words import Channel, Purpose
from tanggap.entrypoints import media
from tests.support.world import COORDINATOR, World

KEY = "webhooks/meta/" + "a" * 64 + ".json"
PHOTO, VIDEO = Media("image", id="1"), Media("video", id="2", name="longsor.mp4")
SITI = "whatsapp:6281234567890"


def file_of(content: bytes, name: str = "lampiran-1.jpg", kind: str = "image/jpeg") -> File:
    return File(name, kind, len(content), hashlib.sha256(content).hexdigest(), content)


class Platform:
    """What each medium's id gives: a file, or an error each time it is asked for."""

    def __init__(self, **given: Any) -> None:
        self.given: dict[str, Any] = {
            "1": file_of(b"photo"),
            "2": file_of(b"video", "longsor.mp4", "video/mp4"),
            **given,
        }
        self.asked: list[str] = []

    def __call__(self, channel: Channel, medium: Media, number: int, seconds: float) -> Fetched:
        self.asked.append(medium.id)
        found = self.given[medium.id]
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, Fetched) else Fetched(found)


class Phone:
    """A world with somebody who writes by WhatsApp, and the platform behind it."""

    def __init__(self, world: World, platform: Any = None) -> None:
        self.world, self.platform = world, platform or Platform()
        self.announced: list[tuple[str, int, int]] = []
        self.put_off: list[tuple[str, int]] = []
        self.keep = self.keeper(world.cases, world.files, self.platform)
        self.parts: Any = SimpleNamespace(
            arrivals=world.arrivals,
            receive=world.receive,
            media=lambda *given: self.keep(*given),
            announce_media=self.announce,
            media_notices=SimpleNamespace(put_off=lambda *given: self.put_off.append(given)),
        )

    def announce(self, arrival: str, index: int, seconds: int) -> None:
        self.announced.append((arrival, index, seconds))

    def keeper(self, cases: Any, files: Any, platform: Any, announce: Any = None) -> KeepMedia:
        world = self.world
        announce = announce or self.announce
        return KeepMedia(cases, cases, files, world.policies, platform, announce, world.ids, world.clock)

    def writes(self, *media: Media, key: str = KEY, index: int = 0, **more: Any) -> str:
        """The case on which a message with media is filed."""
        given: dict[str, Any] = {"channel": Channel.WHATSAPP, "external_id": f"wamid.{index}", "subject": ""}
        mail = self.world.mail(**{"sender": SITI, "media": media, **given, **more})
        raw = Raw(key, mail.channel, mail.at, 1000, mail, index=index)
        return self.world.receive(raw).case

    def message(self, number: str) -> Message:
        return self.world.cases.file(number).messages[-1]

    def events(self, number: str) -> list[str]:
        return [one.event for one in self.world.cases.file(number).history]

    def told(self) -> list[Delivery]:
        return [one for one in self.world.deliveries() if one.purpose is Purpose.LEFT_OUT]

    def notice(self, index: int = 0, tries: int = 1, key: str = KEY) -> dict[str, str]:
        body = json.dumps({"tanggap": "media", "key": key, "index": index})
        return media.work(body, {"SentTimestamp": "0", "ApproximateReceiveCount": str(tries)}, self.parts).facts


def second_matter(phone: Phone, *media: Media) -> tuple[str, Any]:
    from tanggap.application.split import Split, Wish

    number = phone.writes(key="webhooks/meta/" + "b" * 64 + ".json", index=7)
    phone.world.later(seconds=1)
    phone.writes(*media, text="Lampu jalan mati di RW 5, ini fotonya")
    message = phone.message(number)
    assert message.media == media
    world = phone.world
    split = Split(world.cases, world.policies, world.ids, world.clock)
    return number, lambda cases=None: Split(cases or world.cases, split.policies, split.ids, split.clock)(
        COORDINATOR, world.cases.file(number), Wish(message.id), None
    )


def on_both(phone: Phone, *numbers: str) -> list[tuple[list[str], tuple[Media, ...]]]:
    return [([one.name for one in phone.message(number).files], phone.message(number).media) for number in numbers]
