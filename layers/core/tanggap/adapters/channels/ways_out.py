"""Which class sends on which channel."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from ...application.ports.outbox import Chat
from ...domain.words import Channel
from .graph_out import Sections
from .http import Http


@dataclass(frozen=True, slots=True)
class WayOut:
    """`module` is imported when a channel is first sent on: a cold start pays for that one alone."""

    module: str
    name: str
    service: Literal["graph", "telegram"]


WAYS_OUT: dict[Channel, WayOut] = {
    Channel.WHATSAPP: WayOut(".whatsapp_out", "WhatsAppChat", "graph"),
    Channel.MESSENGER: WayOut(".messenger_out", "MessengerChat", "graph"),
    Channel.INSTAGRAM: WayOut(".instagram_out", "InstagramChat", "graph"),
    Channel.TELEGRAM: WayOut(".telegram_out", "TelegramChat", "telegram"),
}


class WaysOut:
    """The ways out of one function. They share one pool of connections."""

    def __init__(
        self,
        sections: Sections,
        graph_url: str,
        telegram_url: str,
        http: Http | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sections, self._urls = sections, {"graph": graph_url, "telegram": telegram_url}
        self._http, self._pause = http or Http(), pause
        self._made: dict[Channel, Chat] = {}

    def chat_of(self, channel: Channel) -> Chat | None:
        """None for a channel on which nobody chats."""
        way = WAYS_OUT.get(channel)
        if way is None:
            return None
        if channel not in self._made:
            made = getattr(import_module(way.module, __package__), way.name)
            self._made[channel] = made(self._sections, self._urls[way.service], self._http, self._pause)
        return self._made[channel]
