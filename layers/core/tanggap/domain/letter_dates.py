"""Until when, as a letter tells it, and how that was counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .calendar import WorkCalendar
from .clocks import Clock, ClockState
from .deadlines import gone_on
from .history import Entry
from .letter_form import LANGUAGES, Language
from .policy import Policy
from .times import spoken, spoken_en


def until(
    clock: Clock | None, policy: Policy, history: Iterable[Entry], now: datetime, *, whole: bool = False
) -> dict[str, str]:
    """Nothing where there is no date to tell. Of a clock that stands still: the date that it has if it goes on `now`.
    `whole`: each day too, and what moved the date, as far as `history` tells."""
    if clock is None or clock.state is ClockState.STOPPED:
        return {}
    calendar = policy.calendar
    stands = clock.ticking and clock.stands_still
    due_at = gone_on(clock, calendar, now).due_at if stands else clock.due_at
    facts = {"next_step": spoken(due_at, calendar.zone), "next_step_en": spoken_en(due_at, calendar.zone)}
    for language in LANGUAGES:
        facts["counted" if language == "id" else "counted_en"] = f" ({_counted(clock, calendar, stands, language)})"
    if whole:
        # Few letters carry it: its words are for those that do.
        from .derivation_of import derived_of
        from .derivation_words import in_letter_id

        facts["derivation"] = "\n".join(in_letter_id(derived_of(clock, policy, history, now)))
    return facts


def _counted(clock: Clock, calendar: WorkCalendar, stands: bool, language: Language) -> str:
    """`dihitung 3 hari kerja, tanpa Sabtu, Minggu dan hari libur`."""
    from .derivation_words import counted_in

    return counted_in(clock.term.unit, clock.amount, calendar.hours.weekdays, bool(clock.pauses), stands, language)
