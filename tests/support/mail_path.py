"""All that is done with one mail's bytes, from the raw object to a case, on adapters that cost nothing."""

from __future__ import annotations

from tanggap.adapters.mail import html_kept, reader
from tanggap.adapters.mail.reader import Receipt
from tanggap.application.receive import Raw, Result
from tanggap.domain.words import Channel
from tests.support.hostile_mail import in_html, plain
from tests.support.world import GENUINE, INTAKE, START, World

RECEIPT = Receipt("mail/1", START, (INTAKE,), "a@warga.example", GENUINE)


def filed(raw: bytes) -> Result:
    """Its receipt as a replay takes it from the headers, read, put on a case, acknowledged."""
    world = World()
    reader.receipt_of(raw, "mail/1", START)
    inbound = reader.read(raw, RECEIPT)
    result = world.receive(Raw("mail/1", Channel.EMAIL, START, len(raw), inbound))
    world.pump()
    return result


def shown(raw: bytes) -> str | None:
    """Its HTML form as an officer's click asks for it."""
    return html_kept.shown(raw)


def warm() -> None:
    """Loads and compiles what the first mail of a process loads and compiles."""
    for raw in (plain(3_000), in_html(3_000)):
        filed(raw)
        shown(raw)
