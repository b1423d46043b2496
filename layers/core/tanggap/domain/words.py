"""The field's words as closed lists. Their values are what is stored and what the API shows."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"
    SMS = "sms"
    #: Between officers: a note.
    INTERNAL = "internal"


#: Channels on which an officer writes down what somebody said.
HEARD = frozenset({Channel.PHONE, Channel.COUNTER, Channel.LETTER, Channel.SMS})


class Kind(StrEnum):
    COMPLAINT = "complaint"
    SUPERVISORY = "supervisory"
    INFORMATION = "information"
    ASPIRATION = "aspiration"
    PRAISE = "praise"


class Status(StrEnum):
    NEW = "new"
    NEEDS_INFO = "needs_info"
    VERIFIED = "verified"
    FORWARDED = "forwarded"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"
    TRANSFERRED = "transferred"
    DUPLICATE = "duplicate"


#: Nothing more is expected of anybody: no clock runs.
ENDED = frozenset({Status.CLOSED, Status.REJECTED, Status.TRANSFERRED, Status.DUPLICATE})


class Role(StrEnum):
    COORDINATOR = "coordinator"
    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"
    LEADERSHIP = "leadership"
    CUSTODIAN = "custodian"
    AUDITOR = "auditor"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Confidentiality(StrEnum):
    """OPEN: officers of the unit work on it. ANONYMOUS: nobody but the custodian may see who.
    SECRET: besides, the content stays with those who handle it."""

    OPEN = "open"
    ANONYMOUS = "anonymous"
    SECRET = "secret"  # noqa: S105 - a level, not a password


class Outcome(StrEnum):
    """What became of one message that arrived (promise 1)."""

    WAITING = "waiting"
    FILED = "filed"
    DUPLICATE = "duplicate"
    STATUS = "status"
    PARKED = "parked"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a message had its outcome. A published list, never free text."""

    NEW_CASE = "new_case"
    LINKED_CASE = "linked_case"
    REPLY = "reply"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    DELIVERED = "delivered"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    VIRUS = "virus"
    OWN = "own"
    THROTTLED = "throttled"
    UNREADABLE = "unreadable"
    FORBIDDEN = "forbidden"
    UNMATCHED = "unmatched"
    NOT_FOUND = "not_found"
    SETUP = "setup"
    FAILING = "failing"
    UNREAD = "unread"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    HELD = "held"


class Purpose(StrEnum):
    """What an outbound message is for; the key of its letter."""

    ACKNOWLEDGEMENT = "acknowledgement"
    QUESTION = "question"
    DISPOSITION = "disposition"
    ASSIGNMENT = "assignment"
    REPLY = "reply"
    ANSWER = "answer"
    REJECTION = "rejection"
    TRANSFER = "transfer"
    DUPLICATE = "duplicate"
    CLOSING = "closing"
    ESCALATION = "escalation"
    UNDELIVERED = "undelivered"
    NEW_MESSAGE = "new_message"
    #: Attachments of the reporter's that could not be kept.
    LEFT_OUT = "left_out"
