"""When a digest is due: by the agency's calendar and the policy's hours. Each answers with the key of the round that
has begun by an instant, None where there is none now; keys sort by time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from .calendar import WorkCalendar
from .digest import MARGIN
from .policy import Policy

HOUR = timedelta(hours=1)


def daily(policy: Policy, at: datetime) -> str | None:
    """On each working day."""
    here, rhythm = policy.calendar.local(at), policy.digests.daily
    if not rhythm.to or not _begun(policy.calendar, here, here.date(), rhythm.at):
        return None
    return here.date().isoformat()


def weekly(policy: Policy, at: datetime) -> str | None:
    """On its day of the week, or the first working day after it: the key is the day that it was to go on."""
    here, rhythm = policy.calendar.local(at), policy.digests.weekly
    if not rhythm.to or rhythm.weekday is None:
        return None
    meant = here.date() - timedelta(days=(here.isoweekday() - rhythm.weekday) % 7)
    goes = meant if policy.calendar.working(meant.toordinal()) else policy.calendar.working_day_after(meant, 1)
    return meant.isoformat() if _begun(policy.calendar, here, goes, rhythm.at) else None


def _begun(calendar: WorkCalendar, here: datetime, goes: date, at: time) -> bool:
    """Late is better than not at all, but never on a free day."""
    if not calendar.working(here.toordinal()):
        return False
    return here.date() > goes or (here.date() == goes and here.time() >= at)


def hourly(policy: Policy, at: datetime) -> tuple[str, datetime] | None:
    """At each full hour that ends or begins an hour of work: what came at night goes with the first of the morning.
    Besides the key, until when what came in belongs to it."""
    here = policy.calendar.local(at)
    hour = here.replace(minute=0, second=0, microsecond=0)
    if policy.calendar.next_open(hour - HOUR) > hour:
        return None
    return hour.isoformat(timespec="minutes"), hour - MARGIN
