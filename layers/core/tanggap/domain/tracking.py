"""What a case looks like to whoever holds its receipt code: in citizens' words, without officers, notes and other
people's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from . import letter_words
from .case import Case, Delivery, FileRef, Message
from .clocks import Clock, ClockState
from .history import Entry
from .times import spoken, spoken_en
from .words import DeliveryState, Status

if TYPE_CHECKING:
    from .letter_form import Language
    from .policy import Policy

#: Indonesian and English.
Words = Mapping["Language", str]
#: Stored, and not read yet: what a case is before it is one.
RECEIVED = "received"
RECEIVED_WORDS: Words = {"id": "Diterima, sedang dicatat", "en": "received, being recorded"}


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    what: Words


@dataclass(frozen=True, slots=True)
class Next:
    """What is expected next, of whom (`owes`: agency or reporter), until when."""

    name: str
    what: Words
    owes: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One message between the reporter (`own`) and the agency. `left_out`: names of files that could not be kept."""

    at: datetime
    own: bool
    text: str
    subject: str = ""
    files: tuple[FileRef, ...] = ()
    left_out: tuple[str, ...] = ()


def status_words(case: Case) -> Words:
    return {"id": letter_words.status(case, "id"), "en": letter_words.status(case, "en")}


# -- what happened


def _opened(entry: Entry, policy: Policy) -> Words:
    return {"id": "Laporan diterima dan dicatat", "en": "report received and recorded"}


def _status(entry: Entry, policy: Policy) -> Words | None:
    to = entry.data.get("now", "")
    if to not in set(Status):
        return None
    unit = policy.units.get(entry.data.get("unit", ""))
    if to == Status.FORWARDED and unit:
        return {"id": f"Diteruskan ke {unit.name}", "en": f"passed on to {unit.name}"}
    return {"id": letter_words.STATUSES_ID[Status(to)], "en": letter_words.STATUSES_EN[Status(to)]}


def _missed(entry: Entry, policy: Policy) -> Words | None:
    """A unit's own clock is its own affair; that the agency was late with what it promised is not."""
    name = entry.data.get("clock", "")
    promise = policy.promise(name)
    if entry.data.get("unit") or promise is None or promise.owes != "agency":
        return None
    return {"id": f"Tenggat {policy.label(name)} terlewat", "en": f"{policy.label(name, 'en')} is late"}


def _extended(entry: Entry, policy: Policy) -> Words | None:
    name = entry.data.get("clock", "")
    if entry.data.get("unit") or policy.promise(name) is None:
        return None
    return {
        "id": f"Tenggat {policy.label(name)} diperpanjang",
        "en": f"more time was granted for {policy.label(name, 'en')}",
    }


#: Entries of the history that a reporter is told; the others are the office's own.
_TOLD: Mapping[str, Callable[[Entry, Policy], Words | None]] = {
    "opened": _opened,
    "status": _status,
    "missed": _missed,
    "clock_extended": _extended,
}


def events(history: Iterable[Entry], policy: Policy) -> tuple[Event, ...]:
    told = ((entry.at, _TOLD[entry.event](entry, policy)) for entry in history if entry.event in _TOLD)
    return tuple(Event(at, what) for at, what in told if what)


# -- what comes next


def upcoming(case: Case, policy: Policy) -> Next | None:
    """The reporter's own turn first; then what the agency owes soonest. None where nobody owes anything."""
    if case.ended:
        return None
    running = [clock for clock in case.clocks if clock.open and clock.state is not ClockState.PAUSED and not clock.unit]
    theirs = [clock for clock in running if clock.owes == "reporter"]
    found: Clock | None = min(theirs or running, key=lambda clock: clock.due_at, default=None)
    if found is None:
        return None
    what: Words = {"id": policy.label(found.name), "en": policy.label(found.name, "en")}
    if found.owes == "reporter":
        what = {"id": "balasan Anda", "en": "your reply"}
    return Next(found.name, what, found.owes, found.due_at)


# -- what was said


def conversation(messages: Iterable[Message], deliveries: Iterable[Delivery]) -> tuple[Said, ...]:
    """In order of time. What a machine or somebody else wrote on the case is not theirs; a letter to an office is not
    for them; one that was withdrawn was never said."""
    said = [
        Said(one.at, True, one.text, one.subject, one.files, one.left_out)
        for one in messages
        if one.direction == "in" and one.actor != "other" and not one.automatic
    ]
    said += [
        Said(one.created_at, False, one.text, one.subject, one.files)
        for one in deliveries
        if not one.address and not one.of_no_case and not one.again_of and one.state is not DeliveryState.WITHDRAWN
    ]
    return tuple(sorted(said, key=lambda one: (one.at, not one.own)))


# -- in one breath


def short(case: Case | None, number: str, policy: Policy) -> str:
    """The answer to "status <number> <code>". None: received and not filed yet."""
    zone = policy.calendar.zone
    if case is None:
        return f"{number}: {RECEIVED_WORDS['id']}.\n({RECEIVED_WORDS['en']})"
    words, coming = status_words(case), upcoming(case, policy)
    dated_id = f" Langkah berikut: {coming.what['id']}, paling lambat {spoken(coming.due_at, zone)}." if coming else ""
    dated_en = f"; next: {coming.what['en']} by {spoken_en(coming.due_at, zone)}" if coming else ""
    return f"{number}: {words['id']}.{dated_id}\n({words['en']}{dated_en})"


#: To whoever gave a pair that opens nothing: which half was wrong is not told.
WRONG: Words = {
    "id": "Nomor atau kode tidak cocok. Periksa keduanya pada tanda terima Anda.",
    "en": "Number or code do not match. Check both on your receipt.",
}
TOO_OFTEN: Words = {
    "id": "Terlalu banyak percobaan. Coba lagi satu jam lagi.",
    "en": "Too many tries. Try again in an hour.",
}
