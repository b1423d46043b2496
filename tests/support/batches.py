"""Bodies of WhatsApp's that hold messages of two people."""

from __future__ import annotations

from typing import Any

from tests.support.webhook_bodies import contact, message, messages

A, B = "6281234500017", "6281234500018"
SAME = {"A": A, "B": B}


def body(*said: tuple[str, str, str]) -> dict[str, Any]:
    """(who, id, text) each, in one delivery of WhatsApp's."""
    return messages(
        *(message(id=f"wamid.{id}", sender=SAME[who], text={"body": text}) for who, id, text in said),
        contacts=[contact(A, "Siti", "ID.1"), contact(B, "Budi", "ID.2")],
    )


TWO = body(("A", "1", "Jalan di RT 3 rusak"), ("B", "2", "Lampu di RT 4 mati"), ("A", "3", "sudah seminggu"))
REACTION = {
    "from": A,
    "id": "wamid.6",
    "timestamp": "1772498520",
    "type": "reaction",
    "reaction": {"message_id": "wamid.3", "emoji": "👍"},
}
