"""Errors carry the decision: try again, park, refuse. Callers look at the class, never at the text."""

from __future__ import annotations


class TanggapError(Exception):
    """Every error we raise ourselves. The message is a constant sentence without personal data."""


class Retry(TanggapError):
    """Passing: the same work may succeed later, unchanged."""


class Park(TanggapError):
    """Cannot be understood or worked on now: kept, shown with its reason, replayable."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


class Refuse(TanggapError):
    """Understood, and the answer is no. Goes back to whoever asked."""

    status = 400
    code = "bad_request"

    def __init__(self, message: str, code: str | None = None, faults: tuple[dict[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.faults = faults


class Invalid(Refuse):
    status = 422
    code = "invalid"


class Unauthenticated(Refuse):
    status = 401
    code = "unauthenticated"


class Forbidden(Refuse):
    status = 403
    code = "forbidden"


class NotFound(Refuse):
    status = 404
    code = "not_found"


class NotAllowed(Refuse):
    """A move that this case's state does not allow; the message names those it does."""

    status = 409
    code = "not_allowed"


class Changed(Refuse):
    """Somebody did something on the case since whoever asks looked at it: each change as they may read it."""

    status = 409
    code = "changed"

    def __init__(self, message: str, changes: tuple[dict[str, object], ...]) -> None:
        super().__init__(message)
        self.changes = changes


class Conflict(Retry):
    """Somebody else changed it in between: read again and decide again."""
