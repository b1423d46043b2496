"""Whom a letter is for, and by which ways they can be reached now: asked before each sending, and by the officer
beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..domain import ways
from ..domain.case import Case, Delivery
from ..domain.policy import Policy
from ..domain.talks import Talk
from ..domain.words import CHAT, Channel, Confidentiality, DeliveryState, Purpose
from .ports import CaseFile, Cases, Identity, Vault

#: Letters that a mail address has taken.
_TAKEN = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED})


@dataclass(frozen=True, slots=True)
class Reached:
    """The addressee of one letter. `case` is None for what is said about none."""

    case: Case | None
    name: str = field(repr=False)
    addresses: Mapping[Channel, str] = field(repr=False)
    talks: Mapping[Channel, Talk] = field(repr=False)

    def ordered(self, row: Delivery, policy: Policy, now: datetime) -> tuple[ways.Way, ...]:
        return ways.ordered(
            ways.Standing(
                home=self.case.channel if self.case else row.channel,
                # What was asked for on a channel may tell of all that may be told there.
                confidentiality=self.case.confidentiality if self.case else Confidentiality.SECRET,
                purpose=row.purpose,
                written=ways.in_somebodys_words(row.purpose, row.automatic),
                known=frozenset(self.addresses),
                talks=self.talks,
                rules=policy.channels,
                now=now,
                of_case=self.case is not None,
                tried=row.tried,
            )
        )


class Routes:
    def __init__(self, cases: Cases, vault: Vault) -> None:
        self.cases, self.vault = cases, vault

    def reached(self, row: Delivery, identity: Identity | None) -> Reached:
        """`identity`: of the row's own reporter. Earlier ids of the same person lend the addresses that it lacks.
        Raises Retry."""
        case = self.cases.case(row.case)
        known: dict[str, Identity] = {row.reporter: identity} if identity else {}
        for earlier in case.reporters if case else ():
            if earlier not in known and (found := self.vault.open(earlier)):
                known[earlier] = found
        addresses: dict[Channel, str] = {}
        talks: dict[Channel, Talk] = {}
        for reporter, one in known.items():
            for channel, address in _addresses(one).items():
                if channel in addresses:
                    continue
                addresses[channel] = address
                if channel in CHAT and (talk := self.cases.talk(reporter, channel)):
                    talks[channel] = talk
        return Reached(case, next((one.name for one in known.values() if one.name), ""), addresses, talks)

    def answer_way(self, file: CaseFile, policy: Policy, now: datetime) -> ways.Way | None:
        """By which way an officer's reply would go now; None where nobody can be reached. Who reported is looked up
        only where the case itself does not tell. Raises Retry."""
        case = file.case
        if not case.reporter:
            page = ways.rule(case.channel).page
            return ways.Way(ways.How.TRACKING, case.channel, ways.NO_ADDRESS) if page else None
        known = _seen(file)
        standing = ways.Standing(
            home=case.channel,
            confidentiality=case.confidentiality,
            purpose=Purpose.REPLY,
            written=True,
            known=frozenset(known),
            talks=self._talks(case, known),
            rules=policy.channels,
            now=now,
        )
        if Channel.EMAIL not in known and _mail_matters(standing, file):
            opened = [one for reporter in case.reporters if (one := self.vault.open(reporter))]
            known = {channel for one in opened for channel in _addresses(one)}
            standing = replace(standing, known=frozenset(known), talks=self._talks(case, known))
        return next(iter(ways.ordered(standing)), None)

    def _talks(self, case: Case, channels: set[Channel]) -> dict[Channel, Talk]:
        """On each channel that of the id under which they are known now, or of the first earlier one that has any."""
        found: dict[Channel, Talk] = {}
        for channel in channels & CHAT:
            talks = (self.cases.talk(reporter, channel) for reporter in case.reporters)
            if talk := next(filter(None, talks), None):
                found[channel] = talk
        return found


def _mail_matters(standing: ways.Standing, file: CaseFile) -> bool:
    """Would it go otherwise if a mail address were known?"""
    if standing.home not in CHAT:
        return not any(one.how == ways.How.TRACKING and not one.address for one in file.deliveries)
    if standing.rules.mail_comes_first(standing.home, standing.purpose):
        return True
    return ways.ordered(standing)[0].how is ways.How.TRACKING


def _addresses(identity: Identity) -> dict[Channel, str]:
    """Under which a person is reached, by channel, those that became known since among them."""
    return {channel: found for channel in (Channel.EMAIL, *sorted(CHAT)) if (found := identity.on(channel))}


def _seen(file: CaseFile) -> set[Channel]:
    """Channels on which the case itself shows that its reporter has an address: they wrote there, or a letter went."""
    channel = file.case.channel
    found = {channel} if channel in CHAT or channel is Channel.EMAIL else set[Channel]()
    ours = (one for one in file.deliveries if not one.address and one.reporter and one.state in _TAKEN)
    return found | {one.channel for one in ours if one.how != ways.How.TRACKING}
