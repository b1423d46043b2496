"""A call of the canary: was the last round answered? The next one is written when its time has come, or at once where
the last was not answered, so that two failures of a quarter of an hour tell chance from fault (domain.canary)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from ..domain import canary
from ..domain.canary import RETURNED, Fault, Found, Round, Way, Written, is_canary
from ..domain.errors import TanggapError
from ..domain.times import stamp
from ..domain.tracking import RECEIVED
from ..domain.words import TELL_A_NUMBER, DeliveryState
from .ports import CaseFile, Cases

#: As long as somebody fills in a form.
FILLED_IN = timedelta(seconds=30)
_LEFT = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED})


class Unreached(TanggapError):
    """What the canary writes by did not take it, or did not answer."""


class Unanswered(TanggapError):
    """What a round of the canary says by an alarm."""


class Rounds(Protocol):
    """The last round alone is kept."""

    def last(self) -> Round | None: ...

    def keep(self, one: Round) -> None: ...


class Mail(Protocol):
    def write(self, sender: str, subject: str, text: str) -> None:
        """To the address that citizens write to. Raises Unreached."""
        ...


class WebForm(Protocol):
    def report(self, body: Mapping[str, Any]) -> str:
        """The number that was given. Raises Unreached."""
        ...

    def status(self, number: str, code: str) -> str:
        """What the tracking page says. Raises Unreached."""
        ...


class Addresses(Protocol):
    """adapters.secrets.ReplyTokens is one."""

    def canary(self, way: Way, at: datetime, domain: str) -> str: ...

    def receipt(self, number: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Missed:
    """`case` is empty for what could not be written."""

    way: Way
    fault: Fault
    case: str = ""


@dataclass(frozen=True, slots=True)
class Sung:
    """What a call did: `judged` and `written` by way, with their cases' numbers. All empty where it was too soon, or
    there was nothing to do. `still`: so many rounds were not answered, and none was since."""

    judged: tuple[Written, ...] = ()
    written: tuple[Written, ...] = ()
    missed: tuple[Missed, ...] = ()
    still: int = 0


class Canary:
    def __init__(
        self,
        cases: Cases,
        rounds: Rounds,
        mail: Mail,
        form: WebForm,
        addresses: Addresses,
        domain: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.cases, self.rounds, self.mail, self.form = cases, rounds, mail, form
        self.addresses, self.domain, self.clock = addresses, domain, clock

    def __call__(self, every: timedelta = timedelta()) -> Sung:
        """`every`: from one round that is answered to the next. Raises Retry."""
        now, last = self.clock(), self.rounds.last()
        if canary.too_soon(last, now):
            return Sung()
        judge = last is not None and canary.to_judge(last, now)
        judged = tuple(one for one in last.written if one.number) if last and judge else ()
        missed = [Missed(one.way, fault, one.number) for one in judged if (fault := self._fault(one))]
        if last and judge:
            last = canary.judged(last, bool(missed))
        if last and not canary.to_write(last, now, every):
            if judge:
                self.rounds.keep(last)
            return Sung(judged, missed=tuple(missed), still=0 if judge else last.failing)
        before = last.failing if last else 0
        this = Round(now, tuple(Written(way, now) for way in Way), failing=before)
        self.rounds.keep(this)  # before anything is written: a second call finds it
        for way, write in ((Way.MAIL, self._by_mail), (Way.WEB, self._by_web)):
            try:
                written = Written(way, self.clock(), write(now))
            except Unreached:
                missed.append(Missed(way, Fault.NOT_WRITTEN))
                this = replace(this, failing=before + 1)
            else:
                this = this.with_(written)
            self.rounds.keep(this)
        done = tuple(one for one in this.written if one.number)
        return Sung(judged, done, tuple(missed), still=before if before > 1 else 0)

    # -- what was written before

    def _fault(self, written: Written) -> Fault | None:
        return canary.fault_of(written, self._found(written))

    def _found(self, written: Written) -> Found:
        file = self.cases.file(written.number, texts=False)
        if file is None:
            return Found()
        return Found(
            filed=True,
            known=is_canary(file.case),
            acknowledged_at=_acknowledged_at(file),
            returned=RETURNED in file.case.marks,
            shown=written.way is Way.WEB and self._is_shown(written.number),
        )

    def _is_shown(self, number: str) -> bool:
        try:
            return self.form.status(number, self.addresses.receipt(number)) not in ("", RECEIVED)
        except Unreached:
            return False

    # -- what is written now

    def _by_mail(self, at: datetime) -> str:
        sender, subject = self.addresses.canary(Way.MAIL, at, self.domain), canary.subject_of(at)
        self.mail.write(sender, subject, canary.TEXT)
        return canary.number_of(sender, subject)

    def _by_web(self, at: datetime) -> str:
        email = self.addresses.canary(Way.WEB, at, self.domain)
        return self.form.report(
            {
                "text": canary.TEXT,
                "name": canary.NAME,
                "email": email,
                "opened_at": (at - FILLED_IN).isoformat(timespec="seconds"),
                # Nobody else can take it first.
                "idempotency_key": hashlib.sha256(f"{email}\n{stamp(at)}".encode()).hexdigest(),
            }
        )


def _acknowledged_at(file: CaseFile) -> datetime | None:
    told = (one for one in file.deliveries if one.purpose in TELL_A_NUMBER and one.state in _LEFT)
    return min((one.sent_at for one in told if one.sent_at), default=None)
