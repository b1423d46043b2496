"""Cases: reading, recording, deciding, answering."""

from __future__ import annotations

from typing import Any

from ...application.desk import Filter
from ...application.ports import CaseFile
from ...application.record import Heard
from ...application.uploads import FILES_LIMIT
from ...domain.case import Case, Message
from ...domain.errors import Invalid, NotFound, Retry
from ...domain.handover import Handover
from ...domain.officers import Correction
from ...domain.permissions import Officer, may_see_content
from ...domain.words import Channel, Confidentiality, Kind, Priority, Status
from ..observe import tell
from . import shapes_cases, shapes_messages
from .cursors import after_of, cursor_of
from .fields import (
    flag,
    instant,
    kind,
    line,
    mail_address,
    needed_one_of,
    one_of,
    only,
    phone,
    rows,
    table,
    text,
    texts,
    version,
    whole,
)
from .http import body, query, route
from .parts import parts

_YES_NO = {"false": False, "0": False, "true": True, "1": True}


def _shown(officer: Officer, file: CaseFile) -> dict[str, Any]:
    services = parts()
    if corrected := sum(entry.event == "corrected" for entry in file.decided):
        tell("classification_corrected", case=file.case.number, times=corrected)
    return {
        **shapes_cases.whole(
            file,
            services.desk.proposed(officer, file),
            services.policies.current(),
            services.policies.version,
            services.files.url,
            services.desk.clock(),
        ),
        "answer_way": _answer_way(file),
        "content_withheld": not may_see_content(officer, file.case.confidentiality),
    }


def _answer_way(file: CaseFile) -> dict[str, Any] | None:
    """None where the tables do not tell just now: what was asked for is done."""
    services = parts()
    policy = services.policies.current()
    try:
        way = services.routes.answer_way(file, policy, services.desk.clock())
    except Retry:
        return None
    return shapes_messages.answer_way(way, policy.calendar.zone)


def _summaries(cases: tuple[Case, ...]) -> list[dict[str, Any]]:
    zone, now = parts().policies.current().calendar.zone, parts().desk.clock()
    return [shapes_cases.summary(case, zone, now) for case in cases]


@route("GET", "/v1/cases")
def listing(officer: Officer) -> Any:
    """Cases, what is due first; or those that an exact number, address or phone finds."""
    asked = _filter()
    if sought := query("q"):
        return {"cases": _summaries(parts().desk.search(officer, sought, asked).cases), "cursor": None}
    bound = ("cases", officer.id, asked.status, asked.unit, str(asked.overdue))
    page = parts().desk.listing(officer, asked, after_of(query("cursor"), *bound))
    found = {"cases": _summaries(page.cases), "cursor": cursor_of(page.after, *bound)}
    return found | ({"unreadable": page.unreadable} if page.unreadable else {})


def _filter() -> Filter:
    overdue = (query("overdue") or "false").lower()
    if overdue not in _YES_NO:
        raise Invalid("overdue is true or false")
    return Filter(one_of({"status": query("status")}, "status", Status), query("unit"), _YES_NO[overdue])


@route("POST", "/v1/cases", status=201)
def record(officer: Officer) -> Any:
    """Record a report that was heard by phone, at the counter, by letter or SMS."""
    given = body()
    only(given, "channel", "received_at", "text", "reporter", "assisted_by", "kind", "category", "confidentiality")
    reporter = table(given, "reporter")
    only(reporter, "name", "address", "email", "phone", "addresses")
    reporter = _spread(reporter)
    heard = Heard(
        channel=needed_one_of(given, "channel", Channel),
        received_at=instant(line(given, "received_at", limit=40), "received_at"),
        text=text(given, "text"),
        name=line(reporter, "name", needed=False),
        address=_address(reporter),
        phone=phone(reporter, "phone"),
        assisted_by=line(given, "assisted_by", needed=False),
        kind=kind(given) or Kind.COMPLAINT,
        category=line(given, "category", needed=False, limit=60) or None,
        confidentiality=one_of(given, "confidentiality", Confidentiality) or Confidentiality.OPEN,
    )
    return _shown(officer, parts().desk.record(officer, heard))


def _spread(reporter: dict[str, Any]) -> dict[str, Any]:
    """The shapes in which a reporter may be given, as one: `addresses` as GET answers them, and an `address` that is a
    phone."""
    spread = {name: value for name, value in reporter.items() if name != "addresses" and value is not None}
    for one in rows(reporter, "addresses", 4):
        only(one, "channel", "address")
        name = "email" if "@" in line(one, "address") else "phone"
        if spread.setdefault(name, one["address"]) != one["address"]:
            raise Invalid(f"reporter has two of {name}: give one")
    plain = spread.get("address")
    if (
        isinstance(plain, str)
        and "@" not in plain
        and any(char.isdigit() for char in plain)
        and not spread.get("phone")
    ):
        spread["phone"] = spread.pop("address")
    return spread


def _address(reporter: dict[str, Any]) -> str:
    """The reporter's e-mail address under either name; not one of ours, whose letters would come back."""
    found = {mail_address(reporter, name) for name in ("email", "address")} - {""}
    if len(found) > 1:
        raise Invalid("reporter.email and reporter.address are two addresses: give one")
    return _outside(next(iter(found), ""), "reporter.email")


@route("GET", "/v1/cases/{number}")
def whole_case(officer: Officer, number: str) -> Any:
    """Everything about one case."""
    return _shown(officer, parts().desk.file(officer, number))


@route("GET", "/v1/cases/{number}/messages/{message}")
def message(officer: Officer, number: str, message: str) -> Any:
    """One message of a citizen with its full text."""
    found, services = parts().desk.message(officer, number, message), parts()
    case = services.cases.case(found.case)
    openly = case is not None and case.confidentiality is Confidentiality.OPEN
    shape = shapes_messages.full(found, services.policies.current().calendar.zone, services.files.url, openly)
    return {**shape, "html": _html(found)}


def _html(message: Message) -> str | None:
    """The mail as its program laid it out: the stored raw mail through today's sanitiser, so that nothing else is kept
    and a better rule holds for old mail too. None where there is none (any more)."""
    if message.channel is not Channel.EMAIL or not message.arrival:
        return None
    from ...adapters.mail.html_kept import shown

    try:
        return shown(parts().arrivals.get(message.arrival))
    except NotFound:
        return None


@route("POST", "/v1/cases/{number}/verification")
def verify(officer: Officer, number: str) -> Any:
    """Decide on a new case: accept, incomplete, reject, duplicate."""
    given = body()
    only(given, "decision", "reason", "kind", "category", "duplicate_of", "version")
    file = parts().desk.verify(
        officer,
        number,
        line(given, "decision", limit=40),
        text(given, "reason", needed=False),
        kind(given),
        line(given, "category", needed=False, limit=60) or None,
        line(given, "duplicate_of", needed=False, limit=40) or None,
        version(given),
    )
    return _shown(officer, file)


@route("POST", "/v1/cases/{number}/classification")
def correct(officer: Officer, number: str) -> Any:
    """Say kind, category, priority or deadline basis otherwise, or that a proposed duplicate is none."""
    given = body()
    only(given, "kind", "category", "priority", "deadline_basis", "not_duplicate_of", "reason", "version")
    said = Correction(
        kind=kind(given),
        category=line(given, "category", needed=False, limit=60) or None,
        priority=one_of(given, "priority", Priority),
        deadline_basis=line(given, "deadline_basis", needed=False, limit=60) or None,
        not_duplicate_of=line(given, "not_duplicate_of", needed=False, limit=40) or None,
        reason=text(given, "reason", needed=False),
    )
    return _shown(officer, parts().desk.correct(officer, number, said, version(given)))


@route("POST", "/v1/cases/{number}/assignment")
def assign(officer: Officer, number: str) -> Any:
    """Disposition to a unit."""
    given = body()
    only(given, "unit", "officer", "note", "version")
    file = parts().desk.assign(
        officer,
        number,
        line(given, "unit", limit=40),
        line(given, "officer", needed=False, limit=100) or None,
        text(given, "note", needed=False),
        version(given),
    )
    return _shown(officer, file)


@route("POST", "/v1/cases/{number}/units")
def units(officer: Officer, number: str) -> Any:
    """Add a further unit beside the lead, or take one away."""
    given, desk = body(), parts().desk
    only(given, "unit", "action", "note", "version")
    acts = {"add": desk.join, "remove": desk.leave}
    act = acts.get(line(given, "action", limit=20))
    if act is None:
        raise Invalid(f"action is one of {', '.join(acts)}")
    unit, note = line(given, "unit", limit=40), text(given, "note", needed=False)
    return _shown(officer, act(officer, number, unit, note, version(given)))


@route("POST", "/v1/cases/{number}/extensions", status=201)
def ask_extension(officer: Officer, number: str) -> Any:
    """Ask for more time on a clock; whoever may grant it has it at once."""
    given = body()
    only(given, "clock", "unit", "reason", "version")
    file = parts().desk.ask_extension(
        officer,
        number,
        line(given, "clock", limit=40),
        line(given, "unit", needed=False, limit=40),
        text(given, "reason"),
        version(given),
    )
    return _shown(officer, file)


@route("POST", "/v1/cases/{number}/extensions/{request}")
def decide_extension(officer: Officer, number: str, request: str) -> Any:
    """Grant or refuse more time that was asked for."""
    given = body()
    only(given, "decision", "reason", "version")
    decision, reason = line(given, "decision", limit=20), text(given, "reason", needed=False)
    return _shown(officer, parts().desk.decide_extension(officer, number, request, decision, reason, version(given)))


@route("POST", "/v1/cases/{number}/split", status=201)
def split(officer: Officer, number: str) -> Any:
    """Make a case of its own of a message that is about another matter; answers the new case."""
    from ...application.split import Wish

    given = body()
    only(given, "message", "kind", "category", "version")
    wish = Wish(line(given, "message", limit=100), kind(given), line(given, "category", needed=False, limit=60) or None)
    return _shown(officer, parts().desk.split(officer, number, wish, version(given)))


@route("POST", "/v1/cases/{number}/replies")
def reply(officer: Officer, number: str) -> Any:
    """Answer the reporter; a final answer settles the case unless the reporter objects."""
    given = body()
    only(given, "text", "attachments", "final", "version")
    uploads, final = texts(given, "attachments", FILES_LIMIT), flag(given, "final")
    return _shown(officer, parts().desk.reply(officer, number, text(given, "text"), uploads, final, version(given)))


@route("POST", "/v1/cases/{number}/notes")
def note(officer: Officer, number: str) -> Any:
    """A note between officers."""
    given = body()
    only(given, "text", "version")
    return _shown(officer, parts().desk.note(officer, number, text(given, "text"), version(given)))


@route("POST", "/v1/cases/{number}/status")
def set_status(officer: Officer, number: str) -> Any:
    """Any other allowed move; to another agency with its name, and its address where the report is to be sent there."""
    given = body()
    only(given, "status", "reason", "to", "address", "with_identity", "version")
    status = needed_one_of(given, "status", Status)
    return _shown(
        officer,
        parts().desk.set_status(officer, number, status, text(given, "reason"), _handover(given), version(given)),
    )


def _handover(given: dict[str, Any]) -> Handover | None:
    if all(given.get(name) is None for name in ("to", "address", "with_identity")):
        return None
    return Handover(
        to=line(given, "to", limit=200),
        address=_outside(mail_address(given, "address"), "address"),
        with_identity=flag(given, "with_identity"),
    )


def _outside(address: str, name: str) -> str:
    """An address of this desk would bring our own letter back."""
    if address.rpartition("@")[2] == parts().settings.mail_domain.lower():
        raise Invalid(f"{name} is an address of this desk")
    return address


@route("POST", "/v1/cases/{number}/publicity")
def publicity(officer: Officer, number: str) -> Any:
    """Take a public case (Open311) out of the public's sight, or put it back."""
    given = body()
    only(given, "public", "reason", "version")
    if not isinstance(given.get("public"), bool):
        raise Invalid("public is true or false")
    return _shown(
        officer, parts().desk.withhold(officer, number, given["public"], text(given, "reason"), version(given))
    )


@route("GET", "/v1/cases/{number}/reporter")
def reporter(officer: Officer, number: str) -> Any:
    """Who reported; each look is recorded in the case's history."""
    return shapes_cases.reporter(parts().desk.identity(officer, number))


@route("POST", "/v1/cases/{number}/reporter")
def adopt(officer: Officer, number: str) -> Any:
    """The reporter writes from another address now: who wrote the named message is the reporter."""
    given = body()
    only(given, "message", "reason", "version")
    key, reason = line(given, "message", limit=100), text(given, "reason")
    return _shown(officer, parts().desk.adopt(officer, number, key, reason, version(given)))


@route("POST", "/v1/uploads", status=201)
def upload(officer: Officer) -> Any:
    """A place for one file that a reply will attach."""
    given = body()
    only(given, "name", "type", "size")
    size = whole(given, "size")
    return parts().desk.uploads.offer(officer, text(given, "name", limit=200), line(given, "type", limit=100), size)
