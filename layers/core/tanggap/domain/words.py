"""The field's words as closed lists. Their values are what is stored and what the API shows."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"
    INSTAGRAM = "instagram"
    TELEGRAM = "telegram"
    WEB = "web"
    OPEN311 = "open311"
    #: Between officers: a note.
    INTERNAL = "internal"


#: Channels on which an officer writes down what somebody said.
HEARD = frozenset({Channel.PHONE, Channel.COUNTER, Channel.LETTER, Channel.SMS})
#: Channels of short messages: one person's go on in one talk, and the answer goes back the same way.
CHAT = frozenset({Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM, Channel.TELEGRAM})
#: Channels of a form: who writes gets number and receipt code at once.
FORMS = frozenset({Channel.WEB, Channel.OPEN311})


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
#: Nobody works on it: it is answered, or over.
SETTLED = ENDED | {Status.ANSWERED}


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
    #: An officer's mail: what it says went to the reporter, or it was filed as a note.
    OFFICE_REPLY = "office_reply"
    OFFICE_NOTE = "office_note"
    #: An officer's mail that answers a letter about several cases, or none, and names none: parked, and told.
    NO_CASE = "no_case"
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
    #: A webhook's body of more messages than a platform brings at once.
    TOO_LARGE = "too_large"
    FORBIDDEN = "forbidden"
    UNMATCHED = "unmatched"
    #: A form's number is another case's: parked, for a citizen was told it and no other may stand in.
    NUMBER_TAKEN = "number_taken"
    NOT_FOUND = "not_found"
    SETUP = "setup"
    FAILING = "failing"
    UNREAD = "unread"
    #: A platform's word about a message of ours, beside delivered and bounce.
    SENT = "sent"
    READ = "read"
    #: A webhook's message, or event, of a kind that we don't know: kept, counted, replayable.
    UNKNOWN = "unknown"
    #: A platform's event that is nobody's message and asks nothing of us (typing, an account's settings).
    EVENT = "event"
    #: A word of the menu (status, lapor baru, berhenti), answered and on no case.
    MENU = "menu"
    #: Our own synthetic citizen's (domain.canary): what it wrote, and our letter to it that came back.
    CANARY = "canary"
    #: A reporter's word about what they wrote before, or about what we did (domain.inbound.Sort).
    REACTION = "reaction"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    HELD = "held"
    #: It went along in another letter to the same address (`Delivery.bundled_in`), and fares as that one does.
    BUNDLED = "bundled"
    #: What it was to say came to be settled before it went.
    WITHDRAWN = "withdrawn"


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
    #: The details that were asked for did not come.
    UNANSWERED = "unanswered"
    ESCALATION = "escalation"
    #: Steps of several cases in one letter to one address.
    ESCALATION_DIGEST = "escalation_digest"
    #: A case that nobody has looked at yet, and all of an hour in one letter.
    NEW_CASE = "new_case"
    NEW_CASES = "new_cases"
    #: How a desk, a unit, or all of them stand.
    DIGEST = "digest"
    #: A case goes to the inspectorate, with its proof.
    HANDOVER = "handover"
    HANDOVER_DIGEST = "handover_digest"
    UNDELIVERED = "undelivered"
    NEW_MESSAGE = "new_message"
    #: The same of somebody who is not the reporter: no reply to it reaches them.
    OTHERS_MESSAGE = "others_message"
    #: A reporter found that what we called settled is not.
    DISSATISFIED = "dissatisfied"
    #: Another deadline than the reporter was told: more time was granted, or other terms hold.
    NEW_DATE = "new_date"
    #: To officers: a request for more time and what became of it, a unit that is on the case no more.
    NOTICE = "notice"
    #: The report itself, to the agency that it belongs to.
    TO_AGENCY = "to_agency"
    #: Attachments of the reporter's that could not be kept.
    LEFT_OUT = "left_out"
    #: To a reporter whose mail on a settled case reads as if nobody had typed it (domain.second_sign).
    STILL_SETTLED = "still_settled"
    #: The same on a case that waits for details.
    STILL_WAITING = "still_waiting"
    #: For praise, which is thanked and promised nothing.
    PRAISED = "praised"
    #: A message on another matter has become a case of its own.
    SPLIT = "split"
    #: To whoever wrote a word of the menu: how their cases stand, what there is to write, that a new report may be
    #: written now, that an officer was called, that letters of machines stop and start (domain.menu).
    STATUS = "status"
    MENU = "menu"
    READY = "ready"
    CALLED = "called"
    STOPPED = "stopped"
    STARTED = "started"
    #: To an officer who answered by mail: what went to the reporter; what did not, and why; a mail that is not theirs.
    OFFICE_SENT = "office_sent"
    OFFICE_NOTED = "office_noted"
    OFFICE_UNPROVED = "office_unproved"


#: Letters of the ladder, and what those of several cases to one address become. The sweep lets them out.
DIGESTS: dict[Purpose, Purpose] = {
    Purpose.ESCALATION: Purpose.ESCALATION_DIGEST,
    Purpose.HANDOVER: Purpose.HANDOVER_DIGEST,
}
OF_THE_LADDER = frozenset(DIGESTS) | frozenset(DIGESTS.values())
#: Letters by which a reporter learns a number, and its code.
TELL_A_NUMBER = frozenset({Purpose.ACKNOWLEDGEMENT, Purpose.PRAISED, Purpose.SPLIT})
