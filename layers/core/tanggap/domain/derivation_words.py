"""How a deadline came about, in words that a citizen can follow: one line a fact, runs of free days in one line. Names
no person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone
from itertools import groupby

from .calendar import ZERO
from .clocks import ClockState
from .derivation import Derivation, DerivedDay, Shift
from .derivation_texts import ENGLISH, INDONESIAN, Speech
from .terms import Extension, Pause, Unit


def in_words_id(found: Derivation) -> tuple[str, ...]:
    return tuple(_lines(found, INDONESIAN))


def in_words_en(found: Derivation) -> tuple[str, ...]:
    return tuple(_lines(found, ENGLISH))


def _lines(found: Derivation, speech: Speech) -> Iterator[str]:
    zone, unit, say = found.zone, found.term.unit, speech.texts
    due, amount = speech.instant(found.due_at, zone), _amount(found.amount, unit, speech)
    label = found.label.get(speech.label) or found.name
    standing = found.provisional and ("standing" if found.state is ClockState.PAUSED else "stood")
    yield say[standing or "due"].format(label=label, due=due)
    yield say["source" if found.source else "rule"].format(
        source=found.source, rule=found.rule, version=found.policy_version
    )
    if found.extensions:
        granted = _amount(found.amount - found.term.amount, unit, speech)
        yield say["longer"].format(term=_amount(found.term.amount, unit, speech), granted=granted, amount=amount)
    else:
        yield say["term"].format(amount=amount)
    yield speech.counts[unit]
    yield say["start"].format(at=speech.instant(found.started_at, zone))
    yield from (_shift(one, zone, speech) for one in found.shifts)
    yield from (_pause(gap, zone, speech) for gap in found.pauses)
    yield from (_extension(more, unit, zone, speech) for more in found.extensions)
    if not found.agrees:
        yield say["disagrees"].format(version=found.policy_version)
    yield from _days(found, speech)
    if found.unknown_from:
        yield say["unknown"].format(day=speech.day(found.unknown_from))
    if found.agrees:
        yield _sum(found, speech)


def _days(found: Derivation, speech: Speech) -> Iterator[str]:
    passed = ZERO
    for _, run in groupby(found.days, _run):
        days = list(run)
        one = days[0]
        if not one.counted:
            yield f"{speech.dates(one.date, days[-1].date)}: {_why(one, speech)}"
        elif one.time is not None:
            passed += one.time
            yield speech.texts["part"].format(
                day=speech.day(one.date), time=_length(one.time, speech), passed=_length(passed, speech)
            )
        else:
            number = speech.number[found.term.unit].format(number=one.number)
            note = speech.reasons.get(f"counted:{one.reason}", "")
            yield f"{number}: {speech.day(one.date)}{note}."


def _run(day: DerivedDay) -> tuple[object, ...]:
    """Days that don't count and say the same share a line; a day that counts has its own."""
    return (day.date,) if day.counted else (day.reason, day.name, day.decree, day.moved)


def _why(day: DerivedDay, speech: Speech) -> str:
    name = day.name.removesuffix("(perkiraan)").strip()
    if day.reason == "joint_leave" and name.lower().startswith("cuti bersama "):
        name = name[len("cuti bersama ") :]
    words = speech.reasons[day.reason].format(name=name)
    if day.decree:
        words += f" ({day.decree})"
    if day.tentative:
        words += speech.texts["tentative"]
    if day.reason == "next_working_day":
        return f"{words}."
    return words + speech.texts["moved" if day.moved else "not_counted"]


def _sum(found: Derivation, speech: Speech) -> str:
    unit, total = found.term.unit, _amount(found.amount, found.term.unit, speech)
    counted = _length(found.counted_time, speech) if found.by_time else str(found.counted_days)
    last = speech.instant(found.due_at, found.zone)
    key = "sum_left" if found.left or found.left_time else "sum_moved" if found.moved_from else "sum"
    moved_from = speech.day(found.moved_from) if found.moved_from else ""
    return speech.texts[key].format(
        counted=counted, amount=total, due=last, close=speech.texts[f"close:{unit}"], moved_from=moved_from
    )


def _shift(one: Shift, zone: timezone, speech: Speech) -> str:
    words = speech.shifts[one.by].format(
        at=speech.instant(one.at, zone), rule=one.rule, version=one.policy_version or "?"
    )
    if one.was and one.now and one.was != one.now:
        words += speech.shift_dates.format(was=speech.instant(one.was, zone), now=speech.instant(one.now, zone))
    return f"{words}."


def _pause(gap: Pause, zone: timezone, speech: Speech) -> str:
    why = speech.pauses.get(gap.reason, gap.reason.replace("_", " "))
    since = speech.instant(gap.since, zone)
    if gap.until is None:
        return speech.texts["paused_still"].format(since=since, why=why)
    return speech.texts["paused"].format(since=since, until=speech.instant(gap.until, zone), why=why)


def _extension(more: Extension, unit: Unit, zone: timezone, speech: Speech) -> str:
    by = speech.granted_by.get(more.role or more.by.partition(":")[0], speech.granted_by["officer"])
    return speech.texts["extended"].format(
        amount=_amount(more.amount, unit, speech), at=speech.instant(more.at, zone), by=by
    )


def _amount(amount: int, unit: Unit, speech: Speech) -> str:
    words = speech.units[unit]
    return f"{amount} {words[:-1] if amount == 1 and speech is ENGLISH else words}"


def _length(length: timedelta, speech: Speech) -> str:
    """`7 jam 30 menit`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    amounts = (minutes // 60, minutes % 60, seconds)
    told = [f"{amount} {name}" for amount, name in zip(amounts, speech.parts, strict=True) if amount]
    return " ".join(told) or f"0 {speech.parts[0]}"
