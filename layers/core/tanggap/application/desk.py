"""What officers ask of the desk. Each use case checks the right first, then decides on the case as it is now."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain import citizens, numbers, officers
from ..domain.case import Case, Change, FileRef, Message
from ..domain.citizens import Opening
from ..domain.draft import Draft, Ids
from ..domain.errors import Conflict, Forbidden, Invalid, NotFound, Retry
from ..domain.permissions import GRANTS, OWN, Act, Officer, may_see_identity, require, require_on
from ..domain.policy import Policy
from ..domain.words import HEARD, Channel, Confidentiality, Kind, Status
from .ports import CaseFile, Cases, Files, Identity, Page, Policies, Vault

RACES = 5
PAGE = 50
TEXT_LIMIT = 50_000
UPLOAD_LIMIT = 10_000_000
#: What officers attach. Anything that a browser would run stays out.
UPLOAD_TYPES = frozenset(
    [
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "text/plain",
        "video/mp4",
        "audio/mpeg",
        "audio/mp4",
        "application/zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.text",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A report that an officer wrote down."""

    channel: Channel
    received_at: datetime
    text: str
    name: str = ""
    address: str = ""
    phone: str = ""
    assisted_by: str = ""
    kind: Kind = Kind.COMPLAINT
    category: str | None = None
    confidentiality: Confidentiality = Confidentiality.OPEN


class CaseDesk:
    def __init__(
        self, cases: Cases, files: Files, vault: Vault, policies: Policies, ids: Ids, clock: Callable[[], datetime]
    ) -> None:
        self.cases, self.files, self.vault, self.policies = cases, files, vault, policies
        self.ids, self.clock = ids, clock

    # -- reading

    def listing(
        self,
        officer: Officer,
        status: str | None,
        unit: str | None,
        overdue: bool,
        after: str | None,
        limit: int = PAGE,
    ) -> Page:
        reach = require(officer, Act.READ)
        if status and status not in {one.value for one in Status}:
            raise Invalid("status is not one of the list")
        policy = self.policies.current()
        units: tuple[str | None, ...] = (None, *policy.units)
        if reach == OWN:
            if unit and unit != officer.unit:
                raise Forbidden("only cases of your own unit")
            units = (officer.unit,)
        elif unit:
            units = (None,) if unit == "-" else (unit,)
        return self.cases.listing(units, (status,) if status else (), self.clock() if overdue else None, after, limit)

    def search(self, officer: Officer, query: str) -> Page:
        """Exact: a number, or an address or phone by its keyed hash (for roles that may see who reported)."""
        reach = require(officer, Act.READ)
        number = numbers.normalise(query)
        found: tuple[str, ...] = (number,) if number else ()
        if not number and Act.IDENTITY in GRANTS[officer.role]:
            reporter = self.vault.find(query.strip().lower())
            found = self.cases.cases_of(reporter) if reporter else ()
        cases = [case for one in found[:PAGE] if (case := self.cases.case(one))]
        return Page(tuple(case for case in cases if reach != OWN or case.unit == officer.unit), None)

    def file(self, officer: Officer, number: str) -> CaseFile:
        file = self._file(number)
        require_on(officer, Act.READ, file.case.unit)
        return file

    def identity(self, officer: Officer, number: str) -> Identity | None:
        """Who reported: recorded in the history before it is shown. None where nobody is known (any more)."""
        case = self._case(number)
        require_on(officer, Act.READ, case.unit)
        require(officer, Act.IDENTITY)
        if not may_see_identity(officer, case.confidentiality):
            raise Forbidden("this reporter asked not to be named: only the custodian may look")
        self._change(
            number,
            lambda file: officers.looked_at_identity(
                file.case, officer, self.clock(), self.policies.current(), self.ids
            ),
        )
        return self.vault.open(case.reporter) if case.reporter else None

    # -- changing

    def record(self, officer: Officer, heard: Heard) -> CaseFile:
        require(officer, Act.RECORD)
        now = self.clock()
        if heard.channel not in HEARD:
            raise Invalid("channel is one of phone, counter, letter, sms")
        if heard.received_at > now + timedelta(minutes=5):
            raise Invalid("received_at lies ahead")
        if now - heard.received_at > timedelta(days=365):
            raise Invalid("received_at lies more than a year back")
        _text(heard.text)
        policy = self.policies.current()
        if heard.category is not None and heard.category not in policy.categories:
            raise Invalid("category is not in the policy")
        for _ in range(RACES):
            number = self.ids.number()
            reporter, sealed = None, None
            lookup = heard.address or heard.phone
            if lookup:
                reporter = self.vault.find(lookup)
            if reporter is None and (lookup or heard.name):
                reporter = self.ids.new(now)
                sealed = self.vault.seal(reporter, Identity(heard.name, heard.address, heard.phone))
            message = Message(
                id=self.ids.new(now),
                case=number,
                direction="in",
                channel=heard.channel,
                at=heard.received_at,
                text=heard.text,
                actor=officer.actor,
                marks=("assisted",) if heard.assisted_by else (),
            )
            opening = Opening(
                number=number,
                message=message,
                reporter=reporter,
                answer=bool(heard.address),
                kind=heard.kind,
                category=heard.category,
                confidentiality=heard.confidentiality,
            )
            draft = citizens.open_case(opening, now, officer.actor, policy, self.ids)
            try:
                self.cases.commit(draft.change(sealed=sealed))
            except Conflict:
                continue
            return self._file(number)
        raise Retry("lost every race for this case")

    def verify(
        self,
        officer: Officer,
        number: str,
        decision: str,
        reason: str,
        kind: Kind | None = None,
        category: str | None = None,
        duplicate_of: str | None = None,
    ) -> CaseFile:
        other = self.cases.case(numbers.normalise(duplicate_of) or "") if duplicate_of else None
        if duplicate_of and other is None:
            raise Invalid("duplicate_of is not a case")
        return self._act(
            officer,
            Act.VERIFY,
            number,
            lambda file, now, policy: officers.verify(
                file.case,
                officer,
                decision,
                _text(reason, empty=True),
                file.thread,
                now,
                policy,
                self.ids,
                kind,
                category,
                other,
            ),
        )

    def assign(self, officer: Officer, number: str, unit: str, holder: str | None, note: str) -> CaseFile:
        return self._act(
            officer,
            Act.ASSIGN,
            number,
            lambda file, now, policy: officers.assign(
                file.case, officer, unit, holder, _text(note, empty=True), file.thread, now, policy, self.ids
            ),
        )

    def reply(self, officer: Officer, number: str, text: str, uploads: tuple[str, ...], final: bool) -> CaseFile:
        files = tuple(self._uploaded(officer, one) for one in uploads)
        return self._act(
            officer,
            Act.REPLY,
            number,
            lambda file, now, policy: officers.reply(
                file.case, officer, _text(text), files, final, file.thread, now, policy, self.ids
            ),
        )

    def note(self, officer: Officer, number: str, text: str) -> CaseFile:
        return self._act(
            officer,
            Act.NOTE,
            number,
            lambda file, now, policy: officers.note(file.case, officer, _text(text), now, policy, self.ids),
        )

    def set_status(self, officer: Officer, number: str, status: Status, reason: str) -> CaseFile:
        return self._act(
            officer,
            Act.MOVE,
            number,
            lambda file, now, policy: officers.set_status(
                file.case, officer, status, _text(reason, empty=True), file.thread, now, policy, self.ids
            ),
        )

    def upload(self, officer: Officer, name: str, content_type: str, size: int) -> dict[str, object]:
        """A place for one file: {id, url, fields}. The id holds who asked, so it serves nobody else."""
        require(officer, Act.REPLY)
        if content_type not in UPLOAD_TYPES:
            raise Invalid("this type of file is not accepted")
        if not 0 < size <= UPLOAD_LIMIT:
            raise Invalid(f"size is 1 to {UPLOAD_LIMIT} bytes")
        key = self.ids.new(self.clock())
        safe = (
            "".join(char for char in name if char.isprintable() and char not in '/\\"<>:|?*').strip(". ")[:100]
            or "lampiran"
        )
        label = base64.urlsafe_b64encode(safe.encode()).decode().rstrip("=")
        return {"id": f"{key}.{label}", **self.files.upload(_upload_key(officer, key), content_type, size)}

    def _uploaded(self, officer: Officer, upload: str) -> FileRef:
        key, _, label = upload.partition(".")
        path = _upload_key(officer, key) if key.isalnum() and len(key) <= 40 else ""
        head = self.files.head(path) if path else None
        if head is None:
            raise Invalid("an attachment is not there: upload it first")
        try:
            name = base64.urlsafe_b64decode(label + "=" * (-len(label) % 4)).decode()
        except ValueError:
            raise Invalid("an attachment's id is not one of ours") from None
        return FileRef(name=name, type=head[1], size=head[0], digest="", key=path)

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

    def _act(
        self, officer: Officer, act: Act, number: str, decide: Callable[[CaseFile, datetime, Policy], Draft]
    ) -> CaseFile:
        def checked(file: CaseFile) -> Draft:
            require_on(officer, Act.READ, file.case.unit)
            require_on(officer, act, file.case.unit)
            return decide(file, self.clock(), self.policies.current())

        require(officer, act)
        self._change(number, checked)
        return self._file(number)

    def _change(self, number: str, decide: Callable[[CaseFile], Draft]) -> Change:
        for _ in range(RACES):
            change = decide(self._file(number)).change()
            try:
                self.cases.commit(change)
                return change
            except Conflict:
                continue
        raise Retry("lost every race for this case")


def _upload_key(officer: Officer, key: str) -> str:
    return f"uploads/{officer.id}/{key}"


def _text(text: str, *, empty: bool = False) -> str:
    if len(text) > TEXT_LIMIT:
        raise Invalid(f"a text has at most {TEXT_LIMIT} characters")
    if not empty and not text.strip():
        raise Invalid("a text is needed")
    return text.replace("\r\n", "\n").replace("\x00", "")
