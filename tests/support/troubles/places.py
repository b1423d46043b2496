"""What lies behind the ports: the table that shows its stream, the bucket, the platforms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tanggap.adapters.dynamodb.delivery_rows import delivery_row
from tanggap.adapters.dynamodb.table import Row
from tanggap.adapters.memory import MemoryCases
from tanggap.adapters.memory_stores import MemoryArrivals, MemoryChat
from tanggap.application.ports import ChatEnvelope
from tanggap.application.ports.media import Fetched
from tanggap.domain.case import Change, Delivery, Received
from tanggap.domain.inbound import File, Media
from tanggap.domain.words import Channel, Outcome
from tests.support.troubles import faults
from tests.support.troubles.faults import Faulty, Plan

if TYPE_CHECKING:
    from tests.support.troubles.village import Village


class Table(MemoryCases):
    """Shows what the stream shows, and watches what no test of the outside sees: versions that go up by one, times
    that don't run backwards."""

    village: Village

    def commit(self, change: Change) -> None:
        before = self.cases.get(change.case.number) if change.case else None
        row = change.received
        told = self.rows.get((row.arrival, row.index)) if row else None
        super().commit(change)
        if row and told and told.outcome is not Outcome.PARKED:
            self.village.wrong.append(f"{row.arrival} was {told.outcome}, and then {row.outcome}")
        if change.case:
            self.village.committed(before, change.case, change)

    def note(self, received: Received) -> bool:
        before = self.rows.get((received.arrival, received.index))
        noted = super().note(received)
        if noted and before:
            self.village.wrong.append(f"{received.arrival} was {before.outcome} and is {received.outcome}")
        return noted

    def _keep(self, delivery: Delivery) -> None:
        super()._keep(delivery)
        if delivery.wake is not None:  # template.yaml's filter of the stream
            image = delivery_row(Row, delivery).serialize()
            record = {"eventName": "MODIFY", "dynamodb": {"Keys": {"sk": image["sk"]}, "NewImage": image}}
            self.village.stream.show(delivery.case, record)


class Bucket(MemoryArrivals):
    """Objects get the time at which they come; wishes go to the queue."""

    def __init__(self, village: Village) -> None:
        super().__init__()
        self.village = village

    def put(self, key: str, body: bytes) -> None:
        self.objects.setdefault(key, (body, self.village.now))
        self.objects[key] = (body, self.objects[key][1])

    def notify(self, key: str, wish: str = "again", actor: str = "system") -> None:
        self.village.queue.send(json.dumps({"tanggap": wish, "key": key, "actor": actor}))


class Platform(MemoryChat):
    """A platform that may fail at each part of a message."""

    def __init__(self, plan: Plan, channel: Channel) -> None:
        super().__init__(limit=600)
        self._refused = 0
        self._part = Faulty(self._send_part, channel.value, plan, faults.by_chat(self._count), faults.TAKEN)
        self._do: Callable[[], None] = lambda: None

    def _count(self) -> int:
        self._refused += 1
        return self._refused

    def _send_part(self) -> None:
        self._do()

    def send(self, envelope: ChatEnvelope, left: Callable[[str], None]) -> tuple[str, ...]:
        said = envelope.text or envelope.template
        parts = [said[start : start + self.limit] for start in range(0, len(said), self.limit)]
        ids = list(envelope.gone)
        for part in [*parts, *(file.name for file in envelope.files)][len(ids) :]:
            self._made += 1
            name = f"{envelope.channel}-{self._made:06d}"

            def go(name: str = name, part: str = part) -> None:
                self.sent.append((name, part, envelope))

            self._do = go
            self._part()
            ids.append(name)
            left(name)
        return tuple(ids)


def fetched(channel: Channel, medium: Media, number: int, seconds: float) -> Fetched:
    content = b"\xff\xd8\xff" + medium.id.encode()
    digest = hashlib.sha256(content).hexdigest()
    return Fetched(File(f"lampiran-{number}.jpg", "image/jpeg", len(content), digest, content))
