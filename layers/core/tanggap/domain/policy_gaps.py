"""Policies that can be read, and under which cases would fall silent: clocks that stop for good or never start, office
hours in which no deadline comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from .calendar import OfficeHours
from .calendar_id import KNOWN_UNTIL
from .clocks import ClockName
from .life import SILENCE, TABLE
from .policy import Policy
from .promises import ASSIGNED, OFFICER_WROTE, RECEIVED, REOPENED, RESUBMITTED, UNIT_WROTE, Promise
from .words import Kind, Status

#: Less office time on a working day is a slip of the pen, and a term of hours would reach over lifetimes.
SHORTEST = timedelta(hours=1)

#: The status that a case has when this happens to it.
BEGINS_IN = {RECEIVED: Status.NEW, RESUBMITTED: Status.NEW, ASSIGNED: Status.FORWARDED, REOPENED: Status.IN_PROGRESS}

#: What the sweep ends when the reporter's time to reply is over.
CLOSED_BY_SILENCE = frozenset(row.now for row in TABLE if row.by == SILENCE)

Gap = tuple[str, str]


def gaps(policy: Policy) -> Iterator[Gap]:
    """(place, what is wrong)."""
    promises = policy.promises.values()
    for promise in promises:
        place = f"clocks.{promise.name}."
        for event in sorted(promise.pauses - set(Status)):
            yield f"{place}pauses", f"names {event}: only a status is left again, and nothing else lets a clock go on"
        for event in sorted(promise.starts):
            if (status := BEGINS_IN.get(event, event)) in promise.pauses:
                yield (f"{place}pauses", f"names {status}, in which it starts ({event}) and so would never run")
        if promise.by_unit and ASSIGNED not in promise.starts:
            yield f"{place}starts", f"must name {ASSIGNED}: that is when a unit has the case"
        if promise.owes == "agency":
            for status in sorted((promise.pauses & set(Status)) - CLOSED_BY_SILENCE):
                yield f"{place}pauses", f"names {status}, which no silence ever ends: it could stand still for ever"
            for status, kind in _waits_for_ever(promise, promises):
                yield f"{place}pauses", f"names {status}, in which no clock of the reporter's runs for {kind}"
    calendar = policy.calendar
    listed = {day.year for day in calendar.days_off}
    for year in range(KNOWN_UNTIL.year + 1, calendar.known_until.year + 1):
        if year not in listed:
            yield "calendar.known_until", f"no day off is listed for {year}: nobody would be asked for that year's"
            break
    if _short(calendar.hours):
        yield "office_hours", "must hold an hour of work on each working day"
    for index, period in enumerate(calendar.hours_in):
        if _short(period.hours):
            yield f"calendar.hours_in[{index}]", "must hold an hour of work on each day"


def _waits_for_ever(promise: Promise, promises: Iterable[Promise]) -> Iterator[tuple[str, Kind]]:
    """While the agency's clock stands still the reporter's must run, or nobody ever moves the case again. It must be
    one that only the reporter, or an end, meets: an officer's question would meet it as it is asked."""
    waiting = [one for one in promises if one.name == ClockName.REPORTER_REPLY]
    for status in sorted(promise.pauses & CLOSED_BY_SILENCE):
        stands = frozenset({OFFICER_WROTE, UNIT_WROTE, ASSIGNED, status})
        runs = [one for one in waiting if status in one.starts and stands.isdisjoint(one.meets | one.pauses)]
        for kind, basis in promise.allowed:
            if promise.allowance(kind, basis)[1] and not any(one.allowance(kind, basis)[1] for one in runs):
                yield status, kind
                break


def _short(hours: OfficeHours) -> bool:
    days = (hours.of(weekday).spans for weekday in hours.weekdays)
    return any(sum((end - begin for begin, end in spans), timedelta()) < SHORTEST for spans in days)
