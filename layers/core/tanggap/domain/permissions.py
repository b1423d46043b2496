"""Who may do what. One table; `own`: on cases that the officer's unit works on, `lead`: on those that it leads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .errors import Forbidden, NotFound
from .words import Confidentiality, Role


class Act(StrEnum):
    READ = "read"
    RECORD = "record"
    VERIFY = "verify"
    ASSIGN = "assign"
    REPLY = "reply"
    NOTE = "note"
    MOVE = "move"
    #: Grant more time, or refuse it. Whoever may REPLY may ask for it.
    EXTEND = "extend"
    #: Send a report to another agency. To say that it is another's is MOVE.
    HAND_OVER = "hand_over"
    IDENTITY = "identity"
    ARRIVALS = "arrivals"
    REPLAY = "replay"
    POLICY_READ = "policy_read"
    POLICY_WRITE = "policy_write"


ALL, OWN, LEAD = "all", "own", "lead"

#: Each unit of a case reads it, writes to the reporter, and notes; which way the case goes is the lead's to say.
_OF_A_UNIT = {Act.READ: OWN, Act.REPLY: OWN, Act.NOTE: OWN, Act.MOVE: LEAD, Act.RECORD: OWN, Act.POLICY_READ: ALL}
#: Leadership watches, an auditor reads, a custodian alone opens an anonymous reporter's identity.
GRANTS: dict[Role, dict[Act, str]] = {
    Role.COORDINATOR: dict.fromkeys(Act, ALL),
    Role.LIAISON: _OF_A_UNIT,
    Role.UNIT_HEAD: _OF_A_UNIT,
    Role.LEADERSHIP: {Act.READ: ALL, Act.NOTE: ALL, Act.POLICY_READ: ALL},
    Role.CUSTODIAN: {Act.READ: ALL, Act.IDENTITY: ALL, Act.NOTE: ALL, Act.POLICY_READ: ALL},
    Role.AUDITOR: {Act.READ: ALL, Act.ARRIVALS: ALL, Act.POLICY_READ: ALL},
}
#: Whose reach is a unit's.
_OF_UNITS = frozenset({Role.LIAISON, Role.UNIT_HEAD})


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts. `id` is the user pool's opaque subject, never an address."""

    id: str
    role: Role
    unit: str | None = None

    @property
    def actor(self) -> str:
        return f"officer:{self.id}"


def require(officer: Officer, act: Act) -> str:
    """The reach of an officer for an act: "all", "own" or "lead". Raises Forbidden."""
    reach = GRANTS[officer.role].get(act)
    if reach is None or (reach != ALL and not officer.unit):
        raise Forbidden(f"role {officer.role} may not {act}")
    return reach


def require_on(officer: Officer, act: Act, units: tuple[str, ...]) -> None:
    """The same for one case and the units that work on it, the lead first. A case of other units is not there at all
    for an officer of one unit: its number tells nothing."""
    reach = require(officer, act)
    if reach != ALL and officer.unit not in units:
        raise NotFound("no such case")
    if reach == LEAD:
        require_lead(officer, units)


def require_lead(officer: Officer, units: tuple[str, ...]) -> None:
    """Whoever works for one unit speaks for the case only while that unit leads."""
    if units and officer.role in _OF_UNITS and officer.unit != units[0]:
        raise Forbidden("this is for the unit in the lead, or the coordinator")


def may_see_identity(officer: Officer, confidentiality: Confidentiality) -> bool:
    """The coordinator works with open reporters; an anonymous or secret one is opened by the custodian alone."""
    if Act.IDENTITY not in GRANTS[officer.role]:
        return False
    return officer.role is Role.CUSTODIAN or confidentiality is Confidentiality.OPEN


#: Who works on a case. A secret one is read by nobody else (words.Confidentiality).
_HANDLERS = frozenset({Role.COORDINATOR, Role.LIAISON, Role.UNIT_HEAD})


def may_see_content(officer: Officer, confidentiality: Confidentiality) -> bool:
    """What was written on a case. Its number, clocks and history are for every role that may read it."""
    return confidentiality is not Confidentiality.SECRET or officer.role in _HANDLERS
