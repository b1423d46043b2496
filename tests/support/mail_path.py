"""All that is done with one mail's bytes, from the raw object to a case, on adapters that cost nothing."""

from __future__ import annotations

from tanggap.adapters.mail import html_kept, reader
from tanggap.adapters.mail.reader import Receipt
from tanggap.application.receive import Raw
from tanggap.domain.inbound import Inbound
from tanggap.domain.words import Channel
from tests.support.hostile_mail import plain
from tests.support.world import GENUINE, INTAKE, START, World

RECEIPT = Receipt("mail/1", START, (INTAKE,), "a@warga.example", GENUINE)


def understood(raw: bytes) -> Inbound:
    """Reading, by notice and by replay."""
    reader.receipt_of(raw, "mail/1", START)
    return reader.read(raw, RECEIPT)


def whole_path(raw: bytes, world: World | None = None) -> Inbound:
    """Read, filed, acknowledged, and its HTML form cleaned as an officer's click does."""
    world = world or World()
    inbound = understood(raw)
    world.receive(Raw("mail/1", Channel.EMAIL, START, len(raw), inbound))
    world.pump()
    html_kept.shown(raw)
    return inbound


def warm() -> None:
    """Loads and compiles what the first mail of a process loads and compiles."""
    whole_path(plain(3_000))
    whole_path(plain(3_000).replace(b"text/plain", b"text/html"))
