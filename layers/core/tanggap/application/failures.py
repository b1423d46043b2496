"""Why a message did not go. The class carries the decision."""

from __future__ import annotations

from ..domain.errors import TanggapError


class SendError(TanggapError):
    """`reason`: a word for the officer, without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Wait(SendError):
    """Throttled, over the day's quota, sending paused, still in the sandbox; or our own side is at fault: a key that
    expired, a right or an account that is missing, a door that was not reached. Waits as long as it takes, never fails.
    `seconds`: how long the service asks to be left alone; 0 where it does not say."""

    def __init__(self, reason: str, seconds: float = 0) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Broken(SendError):
    """The service failed at this message, and surely did not send: tried again, with an end."""


class AnswerLost(SendError):
    """Sent or not, nobody knows: repeated once, counted, then held for an officer."""


class Undeliverable(SendError):
    """Understood and refused: trying again cannot help."""


class WindowClosed(SendError):
    """The platform takes no free message any more, or not yet: another way may be open (domain.ways)."""


class Blocked(SendError):
    """The person does not want us on this channel, or is there no more: no later message arrives by it either."""
