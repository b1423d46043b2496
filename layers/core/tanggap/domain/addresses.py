"""How a person is addressed on a channel: a mail address, `+62…` for a phone, `<channel>:<id>` on a platform."""

from __future__ import annotations

from .words import CHAT, Channel

_SCHEMES = {f"{channel}:": channel for channel in CHAT}


def on(channel: Channel, name: str) -> str:
    """`name`: the platform's id of a person within our account."""
    return f"{channel}:{name}"


def channel_of(address: str) -> Channel | None:
    """None for a phone, and for what is no address."""
    scheme = address.partition(":")[0] + ":"
    if scheme in _SCHEMES:
        return _SCHEMES[scheme]
    return Channel.EMAIL if "@" in address else None


def name_of(address: str) -> str:
    """The platform's id within an address; a mail address or a phone is its own."""
    return address.partition(":")[2] if address.partition(":")[0] + ":" in _SCHEMES else address
