"""Open311 GeoReport v2, reading: which services there are, and what the world may know of requests (publicity)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from ..domain.case import Case, Message
from ..domain.clocks import ClockName
from ..domain.errors import NotFound, Refuse
from ..domain.inbound import Place
from ..domain.numbers import normalise
from ..domain.policy import Policy
from ..domain.publicity import OTHER, Shown, masked, shown, shown_of, words_of
from ..domain.times import parse_instant, spoken
from ..domain.words import Channel, Confidentiality, Status
from .ports import Policies
from .ports.public import Listed, PublicCases

#: GeoReport: a range may not span more, and is the latest so many days where none is asked for.
SPAN = timedelta(days=90)
#: GeoReport: "90 days or first 1000 requests returned, whichever is smallest". It also bounds what a question costs:
#: this many lines of the index, and as many cases as it takes to fill the page, which may be all of them.
REACH = 1000
#: Of service_request_id, comma delimited; requests on a page, and the most that one holds.
IDS_LIMIT, PAGE, PAGE_LIMIT = 50, 50, 100
#: GeoReport: a description has at most so many characters.
DESCRIPTION_LIMIT = 4000
#: Of every service: who posts is to know it before.
IN_PUBLIC = (
    "Laporan lewat Open311 tampil untuk umum, tanpa nomor telepon dan alamat surel. "
    "/ What is posted by Open311 is public, without phone numbers and e-mail addresses."
)
_OTHER_WORDS = (
    "Lain-lain",
    f"Laporan yang tidak termasuk layanan lain. / Anything that fits no other service. {IN_PUBLIC}",
)
_KEYWORDS = 20
#: Where GeoReport's posts lie until they are filed, by the number that was given out (webhooks).
ARRIVAL = "webhooks/open311/{number}.json"

#: What a status means to a citizen.
STATUS_NOTES: Mapping[Status, str] = {
    Status.NEW: "Laporan diterima dan menunggu pemeriksaan.",
    Status.NEEDS_INFO: "Menunggu keterangan tambahan dari pelapor.",
    Status.VERIFIED: "Laporan sudah diperiksa dan akan diteruskan ke unit yang berwenang.",
    Status.FORWARDED: "Laporan sudah diteruskan ke unit yang berwenang.",
    Status.IN_PROGRESS: "Laporan sedang ditindaklanjuti.",
    Status.ANSWERED: "Laporan sudah dijawab; ditutup bila pelapor tidak berkeberatan.",
    Status.CLOSED: "Laporan selesai.",
    Status.REJECTED: "Laporan tidak dapat ditindaklanjuti; alasannya disampaikan kepada pelapor.",
    Status.TRANSFERRED: "Laporan menjadi kewenangan instansi lain; pelapor sudah diberi tahu.",
    Status.DUPLICATE: "Laporan yang sama sudah ada dan ditangani di sana.",
}
_NOT_FILED = "Laporan diterima dan sedang dicatat."


class OutOfReach(Refuse):
    """More would follow than one question may look at."""


@dataclass(frozen=True, slots=True)
class Service:
    code: str
    name: str
    description: str
    keywords: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One case as the world may see it. Texts are masked already; None where nothing is said."""

    id: str
    open: bool
    notes: str
    service: Service
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None = None
    description: str = field(repr=False, default="")
    notice: str = ""
    responsible: str = ""
    place: Place | None = field(repr=False, default=None)
    status: Status = Status.NEW
    channel: Channel = Channel.OPEN311


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`codes`, `open`: empty and None for any. Times are of receipt; `updated_*` of the last thing that happened."""

    since: datetime | None = None
    until: datetime | None = None
    codes: frozenset[str] = frozenset()
    open: bool | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    page: int = 1
    size: int = PAGE

    def takes(self, one: Request) -> bool:
        return (
            (not self.codes or one.service.code in self.codes)
            and self.open in (None, one.open)
            and (self.updated_after is None or one.updated_at >= self.updated_after)
            and (self.updated_before is None or one.updated_at <= self.updated_before)
        )


class Stored(Protocol):
    def get(self, key: str) -> bytes:
        """Raises NotFound, Retry."""
        ...


class Open311:
    def __init__(self, cases: PublicCases, arrivals: Stored, policies: Policies, clock: Callable[[], datetime]) -> None:
        self._cases, self._arrivals, self._policies, self._clock = cases, arrivals, policies, clock

    # -- services

    def services(self) -> tuple[Service, ...]:
        return tuple(_services(self._policies.current()).values())

    def service(self, code: str) -> Service:
        found = _services(self._policies.current()).get(code)
        if found is None:
            raise NotFound("service_code was not found")
        return found

    # -- requests

    def request(self, number: str) -> Request:
        found = self.named((number,))
        if not found:
            raise NotFound("service_request_id was not found")
        return found[0]

    def named(self, numbers: Iterable[str]) -> tuple[Request, ...]:
        """Those of these that the world may see, in the order given. What was posted and is not filed yet is told from
        its arrival: its number was given out already."""
        wanted = tuple(dict.fromkeys(number for one in numbers if (number := normalise(one[:40]))))
        if len(wanted) > IDS_LIMIT:
            raise Refuse(f"service_request_id names at most {IDS_LIMIT} requests")
        policy = self._policies.current()
        lines = self._cases.lines(wanted)
        shown_now = {one.id: one for one in self._behind([one for one in lines.values() if one], policy)}
        for number in wanted:
            if number not in lines and (waiting := self._waiting(number, policy)):
                shown_now[number] = waiting
        return tuple(shown_now[number] for number in wanted if number in shown_now)

    def listing(self, asked: Question) -> tuple[Request, ...]:
        """One page, the newest first. Raises Refuse for a range that is too long or upside down, OutOfReach for a page
        behind the first REACH."""
        since, until = self._range(asked)
        policy = self._policies.current()
        lines = self._cases.listed(since, until, REACH + 1)
        first = (asked.page - 1) * asked.size
        within = lines[:REACH]
        # What is in the index may be hidden since: pages are made of what is shown.
        some = (within[at : at + PAGE] for at in range(0, len(within), PAGE))
        passing = (one for part in some for one in self._behind(part, policy))
        found = tuple(islice((one for one in passing if asked.takes(one)), first, first + asked.size))
        if not found and len(lines) > REACH:
            raise OutOfReach(f"only the newest {REACH} requests of a range are listed: ask for an earlier end_date")
        return found

    def _range(self, asked: Question) -> tuple[datetime, datetime]:
        since, until = asked.since, asked.until
        try:
            if since is None:
                until = until or self._clock()
                return until - SPAN, until
            until = until or since + SPAN
            if until < since:
                raise Refuse("end_date lies before start_date")
            if until - since > SPAN:
                raise Refuse(f"start_date and end_date may not be more than {SPAN.days} days apart")
        except OverflowError:
            raise Refuse("no request can be that old, or that new") from None
        return since, until

    def _behind(self, lines: Sequence[Listed], policy: Policy) -> tuple[Request, ...]:
        """The case itself decides, not the index: one that just turned secret is gone at once."""
        found = []
        for case, message in self._cases.behind(lines):
            how = shown(case, policy.published)
            if how is not Shown.NOTHING:
                found.append(_request(case, message if how is Shown.WORDS else None, policy))
        return tuple(found)

    def _waiting(self, number: str, policy: Policy) -> Request | None:
        try:
            arrival = json.loads(self._arrivals.get(ARRIVAL.format(number=number)))
            report, at = arrival["report"], parse_instant(arrival["at"])
            if arrival["number"] != number or shown_of(*_stated(report), policy.published) is not Shown.WORDS:
                return None
        except (NotFound, ValueError, LookupError, TypeError):
            return None
        return Request(
            id=number,
            open=True,
            notes=_NOT_FILED,
            service=_service_of(str(report.get("category") or ""), policy),
            requested_at=at,
            updated_at=at,
            description=masked(str(report.get("text") or ""))[:DESCRIPTION_LIMIT],
            responsible=policy.agency,
            place=_place(_place_of(report.get("place"))),
        )


def _stated(report: Mapping[str, Any]) -> tuple[Channel, Confidentiality]:
    level = "secret" if report.get("secret") else "anonymous" if report.get("anonymous") else "open"
    return Channel.OPEN311, Confidentiality(level)


def _place_of(raw: Any) -> Place | None:
    if not isinstance(raw, dict):
        return None
    latitude, longitude = (
        value if isinstance(value := raw.get(name), int | float) else None for name in ("latitude", "longitude")
    )
    return Place(latitude, longitude, str(raw.get("text") or ""))


def _place(place: Place | None) -> Place | None:
    return replace(place, text=masked(place.text)) if place else None


def _roughly(place: Place | None) -> Place | None:
    """To a hundred metres, and without words: where somebody lives is not told."""
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Place(round(place.latitude, 3), round(place.longitude, 3))


def _request(case: Case, message: Message | None, policy: Policy) -> Request:
    """`message`: the report, where its words may be seen."""
    unit = policy.units.get(case.unit or "")
    expected = _expected(case)
    due = spoken(expected, policy.calendar.zone) if expected else ""
    return Request(
        id=case.number,
        open=not case.ended,
        notes=STATUS_NOTES[case.status],
        service=_service_of(case.category or "", policy),
        requested_at=case.received_at,
        updated_at=(case.ended_at if case.ended else None) or case.last_at,
        expected_at=expected,
        description=masked(words_of(message.text))[:DESCRIPTION_LIMIT] if message else "",
        notice=f"Batas waktu: {due}." if due else "",
        responsible=f"{unit.name}, {policy.agency}" if unit else policy.agency,
        place=_place(case.place) if message else _roughly(case.place),
        status=case.status,
        channel=case.channel,
    )


def _expected(case: Case) -> datetime | None:
    """When it should be settled; before that clock starts, what is owed next. Nothing is expected of what has ended."""
    if case.ended:
        return None
    owed = (one for one in reversed(case.clocks) if one.name == ClockName.RESOLVE and not one.unit and one.open)
    resolve = next(owed, None)
    return resolve.due_at if resolve else case.deadline


def _services(policy: Policy) -> dict[str, Service]:
    rows = {str(row.get("id")): row for row in policy.raw.get("categories") or () if isinstance(row, dict)}
    found = {code: _service(code, name, rows.get(code, {}), policy) for code, name in policy.categories.items()}
    return found | ({} if OTHER in found else {OTHER: Service(OTHER, *_OTHER_WORDS, group=policy.agency)})


def _service(code: str, name: str, row: Mapping[str, Any], policy: Policy) -> Service:
    unit = policy.units.get(str(row.get("unit") or ""))
    words = [word for word in row.get("words") or () if isinstance(word, str) and "," not in word]
    by = f"Ditangani {unit.name}." if unit else ""
    return Service(
        code,
        name,
        " ".join(filter(None, (f"{name}.", by, IN_PUBLIC))),
        tuple(words[:_KEYWORDS]),
        unit.name if unit else policy.agency,
    )


def _service_of(category: str, policy: Policy) -> Service:
    """Also of a category that the policy knows no more."""
    services = _services(policy)
    if not category:
        return services[OTHER]
    return services.get(category) or Service(category, category.replace("-", " ").capitalize(), "")
