"""How one person and the desk stand on one chat channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .words import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """`case`: where what they write now is filed; empty: the next message opens one. `last_in`: their last direct
    message, from which a platform's reply window counts. `comment`: the last public one that no private reply used up
    (a platform allows one, within days). `stopped_at`: they want no letters of machines here. `version` is the
    condition of each write: of two first messages read at once, one opens the case and the other joins it."""

    reporter: str
    channel: Channel
    account: str = ""
    case: str = ""
    opened_at: datetime | None = None
    last_in: datetime | None = None
    comment: str = ""
    comment_at: datetime | None = None
    stopped_at: datetime | None = None
    version: int = 0
