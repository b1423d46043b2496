"""A platform's medium as a file: which module asks for it, and what its bytes must prove."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from ...application.ports.media import Fetched, Unfetchable
from ...domain.errors import Retry
from ...domain.inbound import Media
from ...domain.media_rules import Failure, called, largest
from ...domain.words import Channel
from ..mail import files
from .fetch import Answer, Asked, Net, get
from .fetch_where import Hosts

Section = Callable[[str], Mapping[str, Any]]
#: Channel -> module, its way to a medium, and which origin it asks ("graph", "telegram").
WAYS = {
    Channel.WHATSAPP: (".media_of_meta", "by_id", "graph"),
    Channel.MESSENGER: (".media_of_meta", "by_address", "graph"),
    Channel.INSTAGRAM: (".media_of_meta", "by_address", "graph"),
    Channel.TELEGRAM: (".media_of_telegram", "by_file", "telegram"),
}
#: What is looked at. Where one is a page, it is the store's word that it has no such thing.
_SHOWN = frozenset({"image", "video", "audio", "sticker"})
_PAGES = frozenset({"text/html", "application/xml"})


@dataclass(frozen=True, slots=True)
class Got:
    """The bytes; `type`, `hashes` (SHA-256, hex or base64) and `sizes` are what the platform says of them."""

    content: bytes = field(repr=False)
    type: str
    hashes: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What a way works with."""

    net: Net
    hosts: Hosts
    origin: str
    section: Section
    limit: int
    until: float

    def ask(self, url: str, bearer: str = "") -> Answer:
        return get(self.net, url, Asked(self.hosts, self.limit, self.until, bearer))


class _Way(Protocol):
    def __call__(self, media: Media, source: Source) -> Got: ...


class PlatformMedia:
    """`graph` and `telegram` are the origins of the platforms' APIs; `section` reads the channels' secret
    (adapters/channels/secrets.py)."""

    def __init__(self, graph: str, telegram: str, section: Section, net: Net | None = None) -> None:
        self._origins = {"graph": graph.rstrip("/"), "telegram": telegram.rstrip("/")}
        self._section, self._net = section, net or Net()

    def __call__(self, channel: Channel, medium: Media, number: int, seconds: float) -> Fetched:
        limit = largest(channel)
        if channel not in WAYS:
            raise Unfetchable(Failure.GONE)
        if medium.size > limit:
            raise Unfetchable(Failure.TOO_LARGE)
        name, way, origin = WAYS[channel]
        module = import_module(name, __package__)
        until = self._net.elapsed() + seconds
        source = Source(
            self._net, module.hosts(self._origins[origin]), self._origins[origin], self._section, limit, until
        )
        take: _Way = getattr(module, way)
        return _file(medium, take(medium, source), number)


def _file(medium: Media, got: Got, number: int) -> Fetched:
    if not got.content or any(size != len(got.content) for size in got.sizes):
        raise Retry("a medium was cut off")
    digest = hashlib.sha256(got.content).hexdigest()
    if any(_hex(one) != digest for one in got.hashes):
        raise Unfetchable(Failure.DAMAGED)
    doubts: set[str] = set()
    declared = got.type.partition(";")[0].strip().lower()
    file = files.file(got.content, declared, called(medium) if medium.name else "", number, doubts)
    if medium.kind in _SHOWN and file.type in _PAGES:
        raise Retry("a page came instead of a medium")
    return Fetched(file, tuple(sorted(doubts)))


def _hex(digest: str) -> str:
    """WhatsApp writes it in base64 in a webhook, and in hex where it is asked for the address."""
    if len(digest) == 64:
        return digest.lower()
    try:
        return base64.b64decode(digest, validate=True).hex()
    except (binascii.Error, ValueError):
        return ""


def fields(content: bytes) -> dict[str, Any]:
    """A JSON object, or nothing."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def text(fields: Mapping[str, Any], name: str) -> str:
    found = fields.get(name)
    return found.strip() if isinstance(found, str) else ""
