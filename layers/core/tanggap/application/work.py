"""One message on its way: as it came (`Raw`), what is known around it (`Work`), what became of it (`Result`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..domain.case import FileRef, Received
from ..domain.inbound import Inbound
from ..domain.policy import Policy
from ..domain.triage import Verdict
from ..domain.words import Channel, Outcome, Reason

#: What belongs to something that is still on its way (a message, a report, our own note of a letter's id) waits for it
#: so long. The queue has brought that by then, or parked it.
PATIENCE = timedelta(minutes=15)

#: Kinds by which a platform says that a person shut us out of their chat, or let us in again.
SHUT_OUT, LET_IN = "blocked", "unblocked"
MEMBERSHIP = frozenset({SHUT_OUT, LET_IN})


@dataclass(frozen=True, slots=True)
class Raw:
    """One message out of an arrival, read: `inbound`, or a `park` reason where it could not be understood. `index`
    counts messages within the arrival, from 0 and below `of`."""

    arrival: str
    channel: Channel
    at: datetime
    size: int
    inbound: Inbound | None
    parked: Reason | None = None
    index: int = 0
    of: int = 1
    replay: bool = False
    #: The mail service's, or a platform's, own word about a letter of ours, which no stranger can write: no question of
    #: who and whether.
    event: bool = False
    #: Where this message lies without those of others (parts/…); empty: the arrival is nobody else's.
    stored: str = ""
    #: Nobody's message, for this reason; how the platform names it.
    dropped: Reason | None = None
    external_id: str = ""
    #: A platform's word for it, out of a closed list: for the log.
    kind: str = ""
    #: The queue brings it no more: what was waited for has not come.
    last: bool = False
    #: Who it is about, as an address, where it is nobody's message.
    person: str = field(repr=False, default="")
    #: When it happened, as the platform says.
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    outcome: Outcome
    reason: Reason
    case: str = ""


def result(received: Received) -> Result:
    return Result(received.outcome, received.reason, received.case)


@dataclass(frozen=True, slots=True)
class Work:
    """One message on its way to a case. `known`: whom the vault knows by its sender's address. `stored`: the object
    that holds it."""

    inbound: Inbound
    received: Received
    verdict: Verdict
    known: str | None
    files: tuple[FileRef, ...]
    policy: Policy
    now: datetime
    let_in: bool = False
    #: Who was the first to type this one's address into a form: letters to it are counted as one person's.
    typed: str | None = None
    #: They showed the case's receipt code: it is its reporter, whoever that is.
    own: bool = False
    stored: str = ""
    last: bool = False
    #: Our own synthetic citizen wrote it.
    canary: bool = False


def order_of(work: Work) -> int:
    """Platforms tell seconds. Within one, a talk's messages stand as the platform counts them, else as they came, in
    their body's order; what is about a message, behind it. Below 2^40."""
    inbound, received = work.inbound, work.received
    late = (received.at - inbound.at) // timedelta(milliseconds=1)
    came = (max(0, min(late, 2**27 - 1)) << 12) | min(received.index, 2**12 - 1)
    return ((inbound.order or came) << 1) | bool(inbound.about)
