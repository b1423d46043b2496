"""Who may do what. One table; `own` means: on cases of the officer's unit."""

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
    IDENTITY = "identity"
    ARRIVALS = "arrivals"
    REPLAY = "replay"
    POLICY_READ = "policy_read"
    POLICY_WRITE = "policy_write"


ALL, OWN = "all", "own"

#: Leadership watches, an auditor reads, a custodian alone opens an anonymous reporter's identity.
GRANTS: dict[Role, dict[Act, str]] = {
    Role.COORDINATOR: dict.fromkeys(Act, ALL),
    Role.LIAISON: {Act.READ: OWN, Act.REPLY: OWN, Act.NOTE: OWN, Act.MOVE: OWN, Act.RECORD: OWN, Act.POLICY_READ: ALL},
    Role.UNIT_HEAD: {
        Act.READ: OWN,
        Act.REPLY: OWN,
        Act.NOTE: OWN,
        Act.MOVE: OWN,
        Act.RECORD: OWN,
        Act.POLICY_READ: ALL,
    },
    Role.LEADERSHIP: {Act.READ: ALL, Act.NOTE: ALL, Act.POLICY_READ: ALL},
    Role.CUSTODIAN: {Act.READ: ALL, Act.IDENTITY: ALL, Act.NOTE: ALL, Act.POLICY_READ: ALL},
    Role.AUDITOR: {Act.READ: ALL, Act.ARRIVALS: ALL, Act.POLICY_READ: ALL},
}


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
    """The reach of an officer for an act: "all" or "own". Raises Forbidden."""
    reach = GRANTS[officer.role].get(act)
    if reach is None or (reach == OWN and not officer.unit):
        raise Forbidden(f"role {officer.role} may not {act}")
    return reach


def require_on(officer: Officer, act: Act, unit: str | None) -> None:
    """The same for one case. A case of another unit is not there at all for an officer of one unit: its number tells
    nothing."""
    if require(officer, act) == OWN and unit != officer.unit:
        raise NotFound("no such case")


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
