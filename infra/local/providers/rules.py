"""Failing on demand: which operation, how, how often or how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

SENDING = (
    "whatsapp.messages", "messenger.messages", "instagram.messages", "messenger.comments", "instagram.replies",
    "telegram.sendMessage", "telegram.sendPhoto", "telegram.sendDocument",
)  # fmt: skip
UPLOADING = ("whatsapp.media", "messenger.message_attachments", "instagram.message_attachments")
FETCHING = ("whatsapp.media_info", "whatsapp.media_download", "cdn.download", "telegram.getFile", "telegram.download")
OPERATIONS = SENDING + UPLOADING + FETCHING
#: Outcome -> what becomes of a call.
OUTCOMES = {
    "throttled": "the rate is used up; `delay`: the seconds that the answer asks for",
    "window_closed": "more than 24 hours since the person wrote (Telegram has no window)",
    "blocked": "the person takes no messages from us",
    "http_500": "an error of the platform's own, nothing done",
    "token_expired": "the token is valid no more",
    "slow": "done, and answered `delay` seconds later (15)",
    "reset_after_accept": "done, and the connection cut without an answer",
    "wrong_hash": "a medium is told with another digest than its content has",
    "redirect_to_metadata": "a medium's address leads to 169.254.169.254",
    "expired_url": "a medium's address is valid no more",
    "error": "any error: `status`, `code`, `subcode`, `text`",
}
SLOW = 15.0


@dataclass(frozen=True, slots=True)
class Rule:
    """`operation` may hold `*`. `count` and `until` both end it; -1 and 0: no end. `to`: one person's alone."""

    operation: str
    outcome: str
    count: int = -1
    until: float = 0.0
    to: str = ""
    delay: float = 0.0
    status: int = 400
    code: int = 100
    subcode: int = 0
    text: str = ""

    def holds(self, now: float) -> bool:
        return self.count != 0 and (not self.until or now < self.until)

    def fits(self, operation: str, to: str) -> bool:
        return fnmatchcase(operation, self.operation) and self.to in ("", to)

    def used(self) -> Rule:
        return replace(self, count=self.count - 1) if self.count > 0 else self

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def rule_of(said: Mapping[str, Any], now: float) -> Rule:
    """Raises ValueError with what is wrong."""
    operation, outcome = str(said.get("operation", "*")), str(said.get("outcome", ""))
    if not any(fnmatchcase(one, operation) for one in OPERATIONS):
        raise ValueError(f"operation is a pattern of: {', '.join(OPERATIONS)}")
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome is one of: {', '.join(OUTCOMES)}")
    try:
        seconds = float(said.get("seconds", 0))
        count = int(said.get("count", -1 if seconds else 1))
        return Rule(
            operation=operation,
            outcome=outcome,
            count=count,
            until=now + seconds if seconds else 0.0,
            to=str(said.get("to", "")),
            delay=float(said.get("delay", 0)),
            status=int(said.get("status", 400)),
            code=int(said.get("code", 100)),
            subcode=int(said.get("subcode", 0)),
            text=str(said.get("text", "")),
        )
    except (TypeError, ValueError):
        raise ValueError("count, status, code and subcode are whole numbers, seconds and delay numbers") from None
