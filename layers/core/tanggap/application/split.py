"""An officer's one move to open a second matter out of a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain import splitting
from ..domain.case import Case, Message
from ..domain.draft import Ids
from ..domain.errors import NotFound, Retry
from ..domain.permissions import OWN, Act, Officer, require, require_on
from ..domain.talks import Talk
from ..domain.words import CHAT, Kind
from .likely import sketch_of
from .ports import CaseFile, Cases, Policies
from .races import decided_anew
from .seen import check_seen
from .understanding import understood


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer says of the new case; None: as its words tell."""

    message: str
    kind: Kind | None = None
    category: str | None = None


class Split:
    def __init__(self, cases: Cases, policies: Policies, ids: Ids, clock: Callable[[], datetime]) -> None:
        self.cases, self.policies, self.ids, self.clock = cases, policies, ids, clock

    def __call__(self, officer: Officer, file: CaseFile, wish: Wish, seen: int | None) -> str:
        """The new case's number. Two changes, the old case's first: it names the number that the other is then opened
        under, so that whoever is cut off between them, or asks twice, ends at the same case. Raises NotFound, Invalid,
        NotAllowed, Changed, Retry."""
        require(officer, Act.MOVE)
        splitting.check(wish.category, self.policies.current())
        number = decided_anew(lambda: self._leave(officer, file.case.number, wish, seen))
        decided_anew(lambda: self._open(officer, file.case.number, number, wish))
        decided_anew(lambda: self._catch_up(file.case.number, number, wish))
        return number

    def _leave(self, officer: Officer, case: str, wish: Wish, seen: int | None) -> str:
        file, message = self._found(case, wish)
        require_on(officer, Act.READ, file.case.units)
        require_on(officer, Act.MOVE, file.case.units)
        if before := splitting.split_to(message):
            if self.cases.case(before):
                raise splitting.not_again(before)
            return before  # it was cut off in between
        policy = self.policies.current()
        check_seen(file, seen, policy.calendar.zone)
        number = self.ids.number()
        while self.cases.case(number):
            number = self.ids.number()
        first = next((one for one in file.messages if one.direction == "in"), None)
        draft = splitting.leave(file.case, message, first, number, officer, self.clock(), policy, self.ids)
        self.cases.commit(draft.change())
        return number

    def _open(self, officer: Officer, case: str, number: str, wish: Wish) -> None:
        file, message = self._found(case, wish)
        policy = self.policies.current()
        message = self.cases.whole(message)
        own_unit = officer.unit if require(officer, Act.RECORD) == OWN else None
        draft = splitting.begin_anew(
            file.case,
            message,
            number,
            officer,
            self.clock(),
            policy,
            self.ids,
            understood(message.subject, message.text, (), policy),
            kind=wish.kind,
            category=wish.category,
            unit=own_unit,
            thread=(message.external_id,) if message.external_id else (),
        )
        draft.sketch = sketch_of(message, draft.case.reporter, file.case.confidentiality)
        self.cases.commit(replace(draft.change(), talk=self._talk(file.case, message, number)))

    def _catch_up(self, case: str, number: str, wish: Wish) -> None:
        """Media that came while the new case was being opened were put on the old one alone."""
        before = self._found(case, wish)[1]
        file = self.cases.file(number, texts=False)
        copy = next((one for one in file.messages if one.external_id == before.external_id), None) if file else None
        if file is None or copy is None or not set(copy.media) - set(before.media):
            return
        draft = splitting.catch_up(
            file.case, self.cases.whole(copy), before, self.clock(), self.policies.current(), self.ids
        )
        self.cases.commit(draft.change())

    def _talk(self, case: Case, message: Message, number: str) -> Talk | None:
        """What its writer says next on that channel is about the new matter, if they were talking of this case."""
        if message.channel not in CHAT or not message.sender:
            return None
        talk = self.cases.talk(message.sender, message.channel)
        if talk is None or talk.case != case.number:
            return None
        return replace(talk, case=number, opened_at=message.at, version=talk.version + 1)

    def _found(self, case: str, wish: Wish) -> tuple[CaseFile, Message]:
        file = self.cases.file(case)
        if file is None:
            raise Retry("a case that was there a moment ago is not readable")
        message = next((one for one in file.messages if one.id == wish.message), None)
        if message is None:
            raise NotFound("no such message")
        return file, message
