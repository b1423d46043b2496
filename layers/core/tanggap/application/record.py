"""A report that an officer heard by phone or at the counter, or read in a letter or an SMS: a case like any other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ..domain import citizens, officers
from ..domain.case import Message, Sealed
from ..domain.citizens import Opening
from ..domain.draft import Ids
from ..domain.errors import Invalid, Retry
from ..domain.permissions import OWN, Act, Officer, require
from ..domain.policy import Policy
from ..domain.words import HEARD, Channel, Confidentiality, Kind
from .ports import CaseFile, Cases, Identity, Policies, Vault
from .races import decided_anew
from .texts import clean

#: Clocks of two machines differ.
AHEAD = timedelta(minutes=5)
OLDEST = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A report that an officer wrote down."""

    channel: Channel
    received_at: datetime
    text: str
    name: str = field(repr=False, default="")
    address: str = field(repr=False, default="")
    phone: str = field(repr=False, default="")
    assisted_by: str = field(repr=False, default="")
    kind: Kind = Kind.COMPLAINT
    category: str | None = None
    confidentiality: Confidentiality = Confidentiality.OPEN


class Record:
    def __init__(self, cases: Cases, vault: Vault, policies: Policies, ids: Ids, clock: Callable[[], datetime]) -> None:
        self.cases, self.vault, self.policies, self.ids, self.clock = cases, vault, policies, ids, clock

    def __call__(self, officer: Officer, heard: Heard) -> CaseFile:
        """The case as it was opened. Raises Invalid, Retry."""
        reach = require(officer, Act.RECORD)
        now, policy = self.clock(), self.policies.current()
        _check(heard, now, policy)
        from ..domain.classification import classify  # tables that reading and deciding need not load
        from .likely import sketch_of

        text = clean(heard.text)
        classified = classify("", text, (), policy)

        def once() -> str:
            number = self.ids.number()
            reporter, sealed, reachable = self._reporter_of(heard, now)
            message = self._message(officer, heard, number, now)
            opening = Opening(
                number=number,
                message=message,
                reporter=reporter,
                answer=reachable,
                kind=heard.kind,
                category=heard.category,
                confidentiality=heard.confidentiality,
                # Who works for one unit records for it, and could not read the case otherwise; a disposition moves it.
                unit=officer.unit if reach == OWN else None,
                classified=classified,
                sketch=sketch_of(message, reporter, heard.confidentiality),
            )
            draft = citizens.open_case(opening, now, officer.actor, policy, self.ids)
            if heard.assisted_by:
                officers.add_note(draft, officer, f"Dibantu oleh: {heard.assisted_by}")
            self.cases.commit(draft.change(sealed=sealed))
            return number

        if file := self.cases.file(decided_anew(once)):
            return file
        raise Retry("the new case is not readable yet")

    def _message(self, officer: Officer, heard: Heard, number: str, now: datetime) -> Message:
        return Message(
            id=self.ids.new(now),
            case=number,
            direction="in",
            channel=heard.channel,
            at=heard.received_at,
            text=clean(heard.text),
            actor=officer.actor,
            marks=("assisted",) if heard.assisted_by else (),
        )

    def _reporter_of(self, heard: Heard, now: datetime) -> tuple[str | None, Sealed | None, bool]:
        """Who it is for the vault, what is new to it, and whether a letter can reach them. An address that is known is
        the same person; a phone alone is, too, but two people may share one: with a new address it is somebody new,
        whom the phone does not find."""
        known = self.vault.find(heard.address or heard.phone) if heard.address or heard.phone else None
        if known:
            identity = None if heard.address else self.vault.open(known)
            return known, None, bool(heard.address or (identity and identity.address))
        if not (heard.name or heard.address or heard.phone):
            return None, None, False
        reporter = self.ids.new(now)
        sealed = self.vault.seal(reporter, Identity(heard.name, heard.address, heard.phone))
        if heard.address and heard.phone and self.vault.find(heard.phone):
            lookups = self.vault.seal(reporter, Identity("", heard.address)).lookups
            sealed = replace(sealed, lookups=lookups)
        return reporter, sealed, bool(heard.address)


def _check(heard: Heard, now: datetime, policy: Policy) -> None:
    if heard.channel not in HEARD:
        raise Invalid(f"channel is one of {', '.join(channel for channel in Channel if channel in HEARD)}")
    if heard.received_at > now + AHEAD:
        raise Invalid("received_at lies ahead")
    if now - heard.received_at > OLDEST:
        raise Invalid("received_at lies more than a year back")
    if heard.category is not None and heard.category not in policy.categories:
        raise Invalid("category is not in the policy")
    if heard.assisted_by and heard.confidentiality is not Confidentiality.OPEN:
        raise Invalid("assisted_by would name somebody close to a reporter who is not to be named: leave it out")
