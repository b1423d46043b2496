"""Meta's door: one endpoint for WhatsApp, Messenger with the page's feed, and Instagram, told apart by `object`.

A body: {object, entry: [{id, time, changes: [{field, value}] | messaging: [...] | standby: [...]}]}, several of each in
one POST (developers.facebook.com/docs/graph-api/webhooks/getting-started)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from itertools import islice

from ...domain.errors import Park
from ...domain.words import Channel, Reason
from . import shape
from .compose import strange
from .envelope import Envelope
from .part import Part

#: `object` -> its channel and the module that reads its entries (`parts`), imported when it is first needed.
OBJECTS = {
    "whatsapp_business_account": (Channel.WHATSAPP, ".whatsapp"),
    "page": (Channel.MESSENGER, ".messenger"),
    "instagram": (Channel.INSTAGRAM, ".instagram"),
}


def read(raw: bytes, at: datetime) -> tuple[Part, ...]:
    """Every entry, change, message and status, each its own part. `at`: when it was stored. Raises Park."""
    found = tuple(islice(_parts(shape.parsed(raw), at), shape.MESSAGES + 1))
    if len(found) > shape.MESSAGES:
        raise Park(Reason.TOO_LARGE, "a webhook's body of more messages than any platform brings at once")
    return found


def _parts(body: shape.Fields, at: datetime) -> Iterator[Part]:
    name = body.get("object")
    known = OBJECTS.get(name) if isinstance(name, str) else None
    entries = shape.items(body, "entry")
    if not isinstance(name, str) or known is None or not entries:
        yield from strange(known[0] if known else Channel.MESSENGER, body, at)
        return
    channel, module = known
    parts: Callable[[Envelope], Iterator[Part]] = import_module(module, __package__).parts
    for entry in entries:
        if isinstance(entry, dict):
            yield from parts(Envelope.of(channel, name, entry, at))
        else:
            yield from strange(channel, {"object": name, "entry": [entry]}, at)
    if more := shape.rest(body, "entry"):
        yield from strange(channel, {"object": name, **more}, at)
