"""What officers do on the desk. Each use case checks the right first, then decides on the case as it is now.

`seen`, wherever it is given: the version of the case that the officer looked at. If somebody else has acted on it
since, nothing is done and the officer is told what (Changed); without it, each decides on what is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ..domain import extensions, numbers, officers, units
from ..domain.case import Case, FileRef
from ..domain.draft import Draft, Ids
from ..domain.errors import Invalid, NotFound
from ..domain.handover import Handover
from ..domain.permissions import Act, Officer, require, require_lead, require_on
from ..domain.policy import Policy
from ..domain.withhold import withhold
from ..domain.words import Kind, Status
from .desk_view import DeskView, whole
from .desk_view import Filter as Filter
from .desk_view import Writers as Writers
from .desk_view import overdue as overdue
from .ports import CaseFile, Cases, Files, Policies, Vault
from .record import Record
from .seen import check_seen
from .texts import clean
from .uploads import Uploads

if TYPE_CHECKING:
    from .split import Wish


@dataclass(frozen=True, slots=True)
class _Now:
    """What an act decides on."""

    file: CaseFile
    at: datetime
    policy: Policy

    @property
    def case(self) -> Case:
        return self.file.case

    @property
    def thread(self) -> tuple[str, ...]:
        return self.file.thread


class CaseDesk(DeskView):
    def __init__(
        self, cases: Cases, files: Files, vault: Vault, policies: Policies, ids: Ids, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(cases, files, vault, policies, ids, clock)
        self.uploads = Uploads(files, ids, clock)
        self.record = Record(cases, vault, policies, ids, clock)

    # -- verify, correct

    def verify(
        self,
        officer: Officer,
        number: str,
        decision: str,
        reason: str,
        kind: Kind | None = None,
        category: str | None = None,
        duplicate_of: str | None = None,
        seen: int | None = None,
    ) -> CaseFile:
        require(officer, Act.VERIFY)  # before the other case is looked for: its number tells nothing to a stranger
        other = self.cases.case(numbers.normalise(duplicate_of) or "-") if duplicate_of else None
        if duplicate_of and other is None:
            raise Invalid("duplicate_of is not a case")
        why = clean(reason, empty=True)

        def decide(now: _Now) -> Draft:
            return officers.verify(
                now.case, officer, decision, why, now.thread, now.at, now.policy, self.ids, kind, category, other
            )

        return self._act(officer, Act.VERIFY, number, decide, seen)

    def correct(self, officer: Officer, number: str, said: officers.Correction, seen: int | None = None) -> CaseFile:
        """Another kind, or basis of its deadlines, is another legal term: that is the coordinator's to say, as at
        verification."""
        other = said.not_duplicate_of
        said = replace(
            said,
            not_duplicate_of=numbers.normalise(other) or other if other else None,
            reason=clean(said.reason, empty=True),
        )

        def decide(now: _Now) -> Draft:
            proposed = self.proposed(officer, now.file) if said.not_duplicate_of else ()
            named = tuple(link.number for link in proposed)
            return officers.correct(now.case, officer, said, named, now.thread, now.at, now.policy, self.ids)

        return self._act(officer, Act.VERIFY if said.of_terms else Act.MOVE, number, decide, seen)

    # -- who works on it

    def assign(
        self, officer: Officer, number: str, unit: str, holder: str | None, note: str, seen: int | None = None
    ) -> CaseFile:
        said = clean(note, empty=True)

        def decide(now: _Now) -> Draft:
            return officers.assign(now.case, officer, unit, holder, said, now.thread, now.at, now.policy, self.ids)

        return self._act(officer, Act.ASSIGN, number, decide, seen)

    def join(self, officer: Officer, number: str, unit: str, note: str, seen: int | None = None) -> CaseFile:
        """A further unit beside the lead."""
        said = clean(note, empty=True)

        def decide(now: _Now) -> Draft:
            return units.join(now.case, officer, unit, said, now.at, now.policy, self.ids)

        return self._act(officer, Act.ASSIGN, number, decide, seen)

    def leave(self, officer: Officer, number: str, unit: str, note: str, seen: int | None = None) -> CaseFile:
        said = clean(note, empty=True)

        def decide(now: _Now) -> Draft:
            return units.leave(now.case, officer, unit, said, now.at, now.policy, self.ids)

        return self._act(officer, Act.ASSIGN, number, decide, seen)

    # -- a second matter

    def split(self, officer: Officer, number: str, wish: Wish, seen: int | None = None) -> CaseFile:
        """A message becomes a case of its own; the new one."""
        from .split import Split

        old = self.file(officer, number)
        made = Split(self.cases, self.policies, self.ids, self.clock)(officer, old, wish, seen)
        return whole(officer, self._file(made))

    # -- answer, note, move

    def reply(
        self, officer: Officer, number: str, text: str, uploads: tuple[str, ...], final: bool, seen: int | None = None
    ) -> CaseFile:
        files, said = self._files_for(officer, number, uploads, seen), clean(text)

        def decide(now: _Now) -> Draft:
            return officers.reply(now.case, officer, said, files, final, now.thread, now.at, now.policy, self.ids)

        return self._act(officer, Act.REPLY, number, decide, seen)

    def note(self, officer: Officer, number: str, text: str, seen: int | None = None) -> CaseFile:
        said = clean(text)

        def decide(now: _Now) -> Draft:
            return officers.note(now.case, officer, said, now.at, now.policy, self.ids)

        return self._act(officer, Act.NOTE, number, decide, seen)

    def set_status(
        self,
        officer: Officer,
        number: str,
        status: Status,
        reason: str,
        handover: Handover | None = None,
        seen: int | None = None,
    ) -> CaseFile:
        why = clean(reason, empty=True)

        def decide(now: _Now) -> Draft:
            first = next((one for one in now.file.messages if one.direction == "in" and one.actor != "other"), None)
            report = self.cases.whole(first).text if first and handover and handover.address else ""
            return officers.set_status(
                now.case, officer, status, why, now.thread, now.at, now.policy, self.ids, handover, report
            )

        return self._act(officer, Act.MOVE, number, decide, seen)

    def withhold(self, officer: Officer, number: str, public: bool, reason: str, seen: int | None = None) -> CaseFile:
        """Out of the public's sight (publicity), or back into it."""
        why = clean(reason, empty=True)

        def decide(now: _Now) -> Draft:
            return withhold(now.case, officer, public, why, now.at, now.policy, self.ids)

        return self._act(officer, Act.MOVE, number, decide, seen)

    # -- more time

    def ask_extension(
        self, officer: Officer, number: str, clock: str, unit: str, reason: str, seen: int | None = None
    ) -> CaseFile:
        """A unit asks for its own clock; the case's clocks are the lead's, or the coordinator's, to ask for."""
        why = clean(reason, empty=True)

        def decide(now: _Now) -> Draft:
            if not unit or unit != officer.unit:
                require_lead(officer, now.case.units)
            return extensions.ask(now.case, officer, clock, unit, why, now.thread, now.at, now.policy, self.ids)

        return self._act(officer, Act.REPLY, number, decide, seen)

    def decide_extension(
        self, officer: Officer, number: str, request: str, decision: str, reason: str, seen: int | None = None
    ) -> CaseFile:
        why = clean(reason, empty=True)

        def decide(now: _Now) -> Draft:
            noted = next((one.note for one in now.case.extensions if one.id == request), "")
            asked_for = next((one.text for one in now.file.messages if one.id == noted), "")
            return extensions.decide(
                now.case, officer, request, decision, why, asked_for, now.thread, now.at, now.policy, self.ids
            )

        return self._act(officer, Act.EXTEND, number, decide, seen)

    # -- who reported

    def adopt(self, officer: Officer, number: str, key: str, reason: str, seen: int | None = None) -> CaseFile:
        """The reporter writes from another address now: who wrote that message is the reporter."""
        why = clean(reason, empty=True)

        def decide(file: CaseFile) -> Draft:
            self._check_identity(officer, file.case)
            check_seen(file, seen, self.policies.current().calendar.zone)
            message = next((one for one in file.messages if one.id == key), None)
            if message is None:
                raise NotFound("no such message")
            return officers.adopt_sender(
                file.case, officer, message, why, self.clock(), self.policies.current(), self.ids
            )

        self._change(number, decide)
        return whole(officer, self._file(number))

    # -- how an act is done

    def _files_for(
        self, officer: Officer, number: str, uploads: tuple[str, ...], seen: int | None
    ) -> tuple[FileRef, ...]:
        """Files are kept before the case names them, so first: may this officer answer here at all, and now?"""
        require(officer, Act.REPLY)
        if not uploads:
            return ()
        file = self._file(number)
        require_on(officer, Act.REPLY, file.case.units)
        check_seen(file, seen, self.policies.current().calendar.zone)
        return self.uploads.claim(officer, uploads)

    def _act(
        self, officer: Officer, act: Act, number: str, decide: Callable[[_Now], Draft], seen: int | None
    ) -> CaseFile:
        def checked(file: CaseFile) -> Draft:
            require_on(officer, Act.READ, file.case.units)
            require_on(officer, act, file.case.units)
            policy = self.policies.current()
            check_seen(file, seen, policy.calendar.zone)  # each time it is decided: a lost race is a change
            return decide(_Now(file, self.clock(), policy))

        require(officer, act)
        decided = self._change(number, checked)
        return replace(whole(officer, self._file(number)), decided=decided)
