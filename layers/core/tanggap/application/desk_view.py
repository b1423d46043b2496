"""What officers see of the desk: lists, cases, and (recorded before it is shown) who reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain import numbers, officers
from ..domain.case import Case, Link, Message
from ..domain.draft import Draft, Ids
from ..domain.errors import Forbidden, NotFound, Retry
from ..domain.history import Entry
from ..domain.permissions import GRANTS, OWN, Act, Officer, may_see_content, may_see_identity, require, require_on
from ..domain.words import Status
from .ports import CaseFile, Cases, Files, Identity, Page, Policies, Unreadable, Vault
from .races import decided_anew
from .walk import if_readable

PAGE = 50
#: Pages that are asked for until one holds a case: of each the index looks at 5,000 rows, in two seconds or three.
LOOKS = 3
#: Others than the reporter that one answer names: each is a call of the key service.
OTHERS = 10
#: Cases that one search by address shows; each becomes an entry in a history.
FOUND = 25


@dataclass(frozen=True, slots=True)
class Filter:
    """What a listing is asked for. `unit`: an id, "-" for cases without one, None for all that the officer may see."""

    status: Status | None = None
    unit: str | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Writers:
    """Who wrote on a case: its reporter (None where nobody is known any more), the reporter's earlier addresses, and
    others with the ids of their messages."""

    reporter: Identity | None
    earlier: tuple[Identity, ...] = ()
    others: tuple[tuple[tuple[str, ...], Identity], ...] = ()


class DeskView:
    def __init__(
        self, cases: Cases, files: Files, vault: Vault, policies: Policies, ids: Ids, clock: Callable[[], datetime]
    ) -> None:
        self.cases, self.files, self.vault, self.policies = cases, files, vault, policies
        self.ids, self.clock = ids, clock

    # -- reading

    def listing(self, officer: Officer, asked: Filter, after: str | None, limit: int = PAGE) -> Page:
        """A page may be empty and have more behind: that happens where a status is rare, and is tried to spare whoever
        looks at a first page alone. One that only names what can't be read is shown as it is."""
        units, statuses = self._units(officer, asked.unit), (asked.status,) if asked.status else ()
        overdue_at = self.clock() if asked.overdue else None
        for _ in range(LOOKS):
            page = self.cases.listing(units, statuses, overdue_at, after, limit)
            after = page.after
            if page.cases or page.unreadable or after is None:
                break
        return replace(page, cases=tuple(shown(officer, case) for case in page.cases))

    def _units(self, officer: Officer, unit: str | None) -> tuple[str | None, ...]:
        if require(officer, Act.READ) == OWN:
            if unit and unit != officer.unit:
                raise Forbidden("only cases of your own unit")
            return (officer.unit,)
        if unit:
            return (None,) if unit == "-" else (unit,)
        policy = self.policies.current()
        return (None, *policy.units, *policy.former_units)

    def search(self, officer: Officer, query: str, asked: Filter) -> Page:
        """Exact: a number, or an address or phone by its keyed hash, for roles that may see who reported. Nobody finds
        a case that a listing would not show. One that an address leads to and that can't be read is left out, and not
        named either: whose it is would be told without a word in its history, be its reporter anonymous or not. By its
        number it raises Unreadable."""
        units = self._units(officer, asked.unit)
        everywhere = asked.unit is None and require(officer, Act.READ) != OWN
        number = numbers.normalise(query)
        found = self._by_number(number) if number else self._by_address(officer, query)
        now = self.clock()
        cases = [
            case
            for case in found
            if (everywhere or not {case.unit, *case.others}.isdisjoint(units))
            and asked.status in (None, case.status)
            and (not asked.overdue or overdue(case, now))
        ]
        if not number:
            cases = [case for case in cases if self._matched(officer, case.number)]
        return Page(tuple(shown(officer, case) for case in cases), None)

    def _matched(self, officer: Officer, number: str) -> bool:
        """Recorded before it is shown; False where it can't be, for a row of the case can't be read."""
        try:
            self._look(officer, number, "identity_matched")
        except Unreadable:
            return False
        return True

    def _by_number(self, number: str) -> list[Case]:
        case = self.cases.case(number)
        return [case] if case else []

    def _by_address(self, officer: Officer, address: str) -> list[Case]:
        """An anonymous reporter's cases stay out for whoever may not open them: to find them is to know who wrote."""
        if Act.IDENTITY not in GRANTS[officer.role]:
            return []
        address = address.strip().lower()
        reporters = dict.fromkeys((self.vault.find(address), *self.vault.typed(address)))
        found = dict.fromkeys(number for one in reporters if one for number in self.cases.cases_of(one)[:FOUND])
        cases = (if_readable(self.cases, number) for number in list(found)[:FOUND])
        return [case for case in cases if case and may_see_identity(officer, case.confidentiality)]

    def file(self, officer: Officer, number: str) -> CaseFile:
        file = self._file(number)
        require_on(officer, Act.READ, file.case.units)
        return whole(officer, file)

    def proposed(self, officer: Officer, file: CaseFile) -> tuple[Link, ...]:
        """Likely duplicates of a case, of those that this officer may read."""
        from .likely import likely_duplicates

        first = next((one for one in file.messages if one.direction == "in"), None)
        if first is None or first.automatic:
            return ()
        everywhere = require(officer, Act.READ) != OWN
        try:
            return likely_duplicates(
                self.cases, file.case, first, lambda other: everywhere or officer.unit in other.units
            )
        except Retry:  # what was asked for is done; no proposal is worth a refusal
            return ()

    def message(self, officer: Officer, number: str, key: str) -> Message:
        """One message of a citizen with its full text, quotes and signature included."""
        for message in self.file(officer, number).messages:
            if message.id == key and (message.direction == "in" or "office_mail" in message.marks):
                return self.cases.whole(message)
        raise NotFound("no such message")

    def identity(self, officer: Officer, number: str) -> Writers:
        """Who reported, and who else wrote on the case: recorded in the history before it is shown."""
        file = self._file(number)
        self._check_identity(officer, file.case)
        self._look(officer, file.case.number, "identity_read")
        others: dict[str, list[str]] = {}
        for message in file.messages:
            if message.sender and message.sender not in file.case.reporters:
                others.setdefault(message.sender, []).append(message.id)
        reporter, *earlier = file.case.reporters or (None,)
        return Writers(
            self.vault.open(reporter) if reporter else None,
            tuple(one for key in earlier if key and (one := self.vault.open(key))),
            tuple(
                (tuple(messages), one)
                for key, messages in list(others.items())[:OTHERS]
                if (one := self.vault.open(key))
            ),
        )

    def _check_identity(self, officer: Officer, case: Case) -> None:
        require_on(officer, Act.READ, case.units)
        require(officer, Act.IDENTITY)
        if not may_see_identity(officer, case.confidentiality):
            raise Forbidden("this reporter asked not to be named: only the custodian may look")

    def _look(self, officer: Officer, number: str, how: str) -> None:
        def look(file: CaseFile) -> Draft:
            return officers.looked_at_identity(file.case, officer, self.clock(), self.policies.current(), self.ids, how)

        self._change(number, look)

    # -- how a change is made

    def _case(self, number: str) -> Case:
        normal = numbers.normalise(number)
        case = self.cases.case(normal) if normal else None
        if case is None:
            raise NotFound("no such case")
        return case

    def _file(self, number: str) -> CaseFile:
        normal = numbers.normalise(number)
        file = self.cases.file(normal) if normal else None
        if file is None:
            raise NotFound("no such case")
        return file

    def _change(self, number: str, decide: Callable[[CaseFile], Draft]) -> tuple[Entry, ...]:
        """What was written into the history; nothing is written where nothing was decided."""

        def once() -> tuple[Entry, ...]:
            draft = decide(self._file(number))
            if draft.empty:
                return ()
            change = draft.change()
            self.cases.commit(change)
            return change.history

        return decided_anew(once)


def overdue(case: Case, now: datetime) -> bool:
    """As the listing's index sees it: missed, or about to be by the next sweep."""
    return case.missed or (case.deadline is not None and case.deadline <= now)


def shown(officer: Officer, case: Case) -> Case:
    if may_see_content(officer, case.confidentiality):
        return case
    return replace(case, subject="", whys=(), proposals=(), place=None, happened_at=None)


def whole(officer: Officer, file: CaseFile) -> CaseFile:
    """A case without what was written on it, for a role that does not work on a secret one."""
    if may_see_content(officer, file.case.confidentiality):
        return file
    return replace(
        file,
        case=shown(officer, file.case),
        messages=tuple(
            replace(one, subject="", text="", full_text="", files=(), left_out=(), body="", arrival="", place=None)
            for one in file.messages
        ),
        deliveries=tuple(replace(one, subject="", text="", files=()) for one in file.deliveries),
    )
