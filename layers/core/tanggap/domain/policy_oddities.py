"""What a policy says twice, or says against itself, and still can be followed: told by a dry run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from .policy import Policy
from .policy_promises import SETTINGS, bare
from .promises import DEFAULT_BASIS, DEFAULT_TERMS

#: No office is closed for longer at a stretch: even a school's year has no such holidays.
LONGEST_REST = 31  # days
#: Of one kind of hint; more say nothing more.
_NAMED = 10

Oddity = tuple[str, str]


def oddities(policy: Policy) -> Iterator[Oddity]:
    """(place, what is odd)."""
    yield from _dates(policy)
    yield from _rest(policy)
    yield from _deputies(policy)
    yield from _terms(policy)
    yield from _basis(policy)
    yield from _bare(policy)


def _table(raw: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        raw = raw.get(key) if isinstance(raw, Mapping) else None
    return raw if isinstance(raw, Mapping) else {}


def _dates(policy: Policy) -> Iterator[Oddity]:
    given = _table(policy.raw, "calendar")
    days = Counter(row["date"] for row in given.get("days_off", ()))
    for day in sorted(day for day, times in days.items() if times > 1)[:_NAMED]:
        yield "calendar.days_off", f"{day} is named more than once: the last name counts"
    for day in sorted(days.keys() & set(given.get("working_days", ())))[:_NAMED]:
        yield "calendar", f"{day} is a day off and a working day: the office works"


def _rest(policy: Policy) -> Iterator[Oddity]:
    calendar = policy.calendar
    numbers = sorted(day.toordinal() for day in calendar.days_off)
    seen = 0
    for number in numbers:
        if number < seen:
            continue
        seen = number
        while not calendar.working(seen):
            seen += 1
        first = number
        while not calendar.working(first - 1):
            first -= 1
        if seen - first > LONGEST_REST:
            yield (
                "calendar.days_off",
                f"from {date.fromordinal(first)} on nobody works for {seen - first} days: every deadline waits",
            )


def _deputies(policy: Policy) -> Iterator[Oddity]:
    for one, other in combinations(policy.people.absences, 2):
        same = one.address == other.address and one.deputy != other.deputy
        if same and one.since <= other.until and other.since <= one.until:
            first = max(one.since, other.since)
            yield "absences", f"two deputies for one address from {first}: the one that is listed first gets its mail"
            return


def _terms(policy: Policy) -> Iterator[Oddity]:
    told = set()
    for promise in policy.promises.values():
        for allowed in promise.allowed.values():
            if allowed and allowed.extension > allowed.term.amount and promise.name not in told:
                told.add(promise.name)
                length = f"{allowed.term.amount} {allowed.term.unit}, and {allowed.extension} more"
                yield f"clocks.{promise.name}", f"more time may be asked for than there is: {length}"


def _basis(policy: Policy) -> Iterator[Oddity]:
    """An agency that names its own law, and leaves terms to our defaults, which name another."""
    ours = [name for name in DEFAULT_TERMS if not _table(policy.raw, "clocks", name).keys() - SETTINGS]
    if ours and policy.deadline_basis != DEFAULT_BASIS:
        yield (
            "deadline_basis",
            f"is {policy.deadline_basis}, and {', '.join(sorted(map(str, ours)))} keep our terms and their sources",
        )


def _bare(policy: Policy) -> Iterator[Oddity]:
    """Somebody may have meant every kind."""
    for name in DEFAULT_TERMS:
        given = _table(policy.raw, "clocks", name)
        for kind in bare(name).keys() - given.keys() if given.get("*") else ():
            yield f"clocks.{name}.{kind}", "is not named, and * does not count for it: give it a term, or null"
