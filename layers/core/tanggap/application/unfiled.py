"""An officer's answer to a letter about several cases, or none: parked with its reason, and told. Nobody could say
whose reporter it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..domain.case import Change, Received
from ..domain.draft import Ids
from ..domain.inbound import Inbound
from ..domain.officer_limits import STRANGERS
from ..domain.policy import Policy
from ..domain.times import stamp
from ..domain.words import Outcome, Reason
from .ports import AlreadyTold, Cases


class Unfiled:
    def __init__(self, cases: Cases, ids: Ids) -> None:
        self.cases, self.ids = cases, ids

    def __call__(self, inbound: Inbound, received: Received, policy: Policy, now: datetime) -> Received:
        """The ledger's row, committed. The same mail by another way is told of once, and a machine that answers our
        word of it as often as an hour has places."""
        from ..domain.digest_letters import office
        from ..domain.unfiled_letters import letters

        received = replace(received, outcome=Outcome.PARKED, reason=Reason.NO_CASE).unguarded()
        told = letters(inbound, received.arrival, policy, now, self.ids)
        writer, hour = office(inbound.sender.address), stamp(now)[:13]
        for place in range(STRANGERS.hour):
            marks = (f"{writer}#unfiled#{hour}#{place}", f"{writer}#unfiled#{inbound.digest}")
            try:
                self.cases.commit(Change(deliveries=told, received=received, told=marks))
                return received
            except AlreadyTold:
                continue
        self.cases.commit(Change(received=received))
        return received
