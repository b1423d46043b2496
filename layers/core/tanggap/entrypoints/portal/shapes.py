"""What several shapes of JSON share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from ...domain.case import FileRef
from ...domain.inbound import Place

#: Where a file can be fetched for a while.
Urls = Callable[[FileRef], str]


def instant(at: datetime | None, zone: timezone) -> str | None:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None


def place(one: Place | None) -> dict[str, Any] | None:
    return {"latitude": one.latitude, "longitude": one.longitude, "text": one.text} if one else None
