"""One message on its way: as it came (`Raw`), what is known around it (`Work`), what became of it (`Result`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.case import FileRef, Received
from ..domain.inbound import Inbound
from ..domain.policy import Policy
from ..domain.triage import Verdict
from ..domain.words import Channel, Outcome, Reason


@dataclass(frozen=True, slots=True)
class Raw:
    """One message out of an arrival, read: `inbound`, or a `park` reason where it could not be understood. `index`
    counts messages within the arrival."""

    arrival: str
    channel: Channel
    at: datetime
    size: int
    inbound: Inbound | None
    parked: Reason | None = None
    index: int = 0
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
    #: They showed the case's receipt code: it is its reporter, whoever that is.
    own: bool = False
    stored: str = ""
    last: bool = False
