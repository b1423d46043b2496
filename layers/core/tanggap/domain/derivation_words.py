"""How a deadline came about, in words that a citizen can follow: one line a fact, runs of free days in one line. Names
no person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta, timezone
from itertools import groupby

from .calendar import ZERO, DayHours, HoursIn
from .clocks import ClockState
from .derivation import Derivation, DerivedDay
from .derivation_course import Shift, Turn
from .derivation_texts import ENGLISH, INDONESIAN, Speech
from .letter_form import Language
from .terms import Extension, Pause, Unit
from .words import Kind


def in_words_id(found: Derivation) -> tuple[str, ...]:
    return tuple(_lines(found, INDONESIAN))


def in_words_en(found: Derivation) -> tuple[str, ...]:
    return tuple(_lines(found, ENGLISH))


def in_letter_id(found: Derivation) -> tuple[str, ...]:
    """Beneath the date: days that follow one another and count share a line."""
    lines = tuple(_lines(found, INDONESIAN, grouped=True))
    return lines if found.provisional else lines[1:]


def counted_in(unit: Unit, amount: int, worked: Collection[int], paused: bool, stands: bool, language: Language) -> str:
    """How a date was counted, in half a sentence. `worked`: the weekdays that are not free, Monday 0. `stands`: the
    clock stands still, and the date is what it is if it goes on."""
    speech = INDONESIAN if language == "id" else ENGLISH
    say = speech.texts
    free = ", ".join(name for weekday, name in enumerate(speech.weekdays) if weekday not in worked)
    told = say[f"short:{unit}"].format(
        amount=_amount(amount, unit, speech), free=say["short_free" if free else "short_none"].format(days=free)
    )
    return told + (say["short_stands"] if stands else say["short_paused"] if paused else "")


def _lines(found: Derivation, speech: Speech, *, grouped: bool = False) -> Iterator[str]:
    zone, unit, say = found.zone, found.term.unit, speech.texts
    due, amount = speech.instant(found.due_at, zone), _amount(found.amount, unit, speech)
    as_of = speech.instant(found.assumed_from, zone) if found.assumed_from else ""
    yield say[_state(found)].format(label=found.label.get(speech.label) or found.name, due=due, as_of=as_of)
    source = found.source if speech is INDONESIAN else found.source_en
    rule = _rule(found.rule, speech)
    yield say["source" if source else "rule"].format(source=source, rule=rule, version=found.rule_version)
    if found.rule_version != found.policy_version:
        yield say["calendar"].format(version=found.policy_version)
    if found.extensions:
        granted = _amount(found.amount - found.term.amount, unit, speech)
        yield say["longer"].format(term=_amount(found.term.amount, unit, speech), granted=granted, amount=amount)
    else:
        yield say["term"].format(amount=amount)
    yield speech.counts[unit].format(free=free_days(found.weekdays, speech))
    if found.pauses and unit == "working_days":
        yield say["at_close"]
    yield say["start"].format(at=speech.instant(found.started_at, zone))
    yield from (_hours_in(period, speech) for period in found.hours_in)
    yield from (_turn(turn, unit, zone, speech) for turn in found.course)
    if found.state is ClockState.STOPPED:
        return  # nobody owes what the days would tell
    if not found.agrees:
        yield say["disagrees"].format(version=found.policy_version)
    yield from _days(found, [day for day in found.days if not day.assumed], speech, grouped=grouped)
    if found.assumed_from:
        counted = _length(found.counted_time, speech) if found.by_time else found.counted_days
        yield say["so_far"].format(as_of=as_of, counted=counted, amount=amount)
        yield say["assumed" if found.open else "assumed_met"].format(as_of=as_of)
        yield from _days(found, [day for day in found.days if day.assumed], speech, found.counted_time, grouped=grouped)
    if found.unknown_from:
        yield say["unknown"].format(day=speech.day(found.unknown_from))
    if found.agrees:
        yield _sum(found, speech)


def _state(found: Derivation) -> str:
    if found.state is ClockState.STOPPED:
        return "stopped"
    if not found.provisional:
        return "due"
    return "standing" if found.open else "stood"


def free_days(worked: Collection[int], speech: Speech) -> str:
    """`Sabtu, Minggu, hari libur dan cuti bersama`; `worked`: the weekdays that are not free, Monday 0."""
    free = [name for weekday, name in enumerate(speech.weekdays) if weekday not in worked]
    return speech.texts["free" if free else "free_none"].format(days=", ".join(free))


def _rule(rule: str, speech: Speech) -> str:
    """`permintaan informasi, uu-14-2008`."""
    kind, _, basis = rule.partition(".")[2].partition("@")
    said = speech.kinds[Kind(kind)] if kind in set(Kind) else rule
    return f"{said}, {basis}" if basis else said


def _days(
    found: Derivation, days: Sequence[DerivedDay], speech: Speech, passed: timedelta = ZERO, *, grouped: bool
) -> Iterator[str]:
    for _, run in groupby(days, _grouped if grouped else _run):
        same = list(run)
        one = same[0]
        if not one.counted:
            yield f"{speech.dates(one.date, same[-1].date)}: {_why(one, speech)}"
        elif one.time is not None:
            passed += one.time
            yield speech.texts["part"].format(
                day=speech.day(one.date), time=_length(one.time, speech), passed=_length(passed, speech)
            )
        else:
            number = speech.number[found.term.unit].format(number=one.number)
            if len(same) > 1:
                number += speech.texts["to_number"].format(number=same[-1].number)
            note = speech.reasons.get(f"counted:{one.reason}", "")
            yield f"{number}: {speech.dates(one.date, same[-1].date)}{note}."


def _run(day: DerivedDay) -> tuple[object, ...]:
    """Days that don't count and say the same share a line; a day that counts has its own."""
    return (day.date,) if day.counted else (day.reason, day.name, day.decree, day.moved)


def _grouped(day: DerivedDay) -> tuple[object, ...]:
    return (day.reason,) if day.counted and day.time is None else _run(day)


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
    unit = found.term.unit
    if found.by_time:
        counted = _length(found.counted_time + found.left_time, speech)
    else:
        counted = str(found.counted_days + found.left)
    return speech.texts["sum_moved" if found.moved_from else "sum"].format(
        counted=counted,
        amount=_amount(found.amount, unit, speech),
        due=speech.instant(found.due_at, found.zone),
        close=speech.texts[f"close:{unit}"],
        moved_from=speech.day(found.moved_from) if found.moved_from else "",
    )


def _hours_in(period: HoursIn, speech: Speech) -> str:
    """`Jam kantor selama Ramadan, …: 08.00–15.00, istirahat 12.00–12.30; Jumat 08.00–15.30 (Perpres 21/2023).`"""
    hours = period.hours
    usual = DayHours(hours.opens, hours.closes, hours.breaks)
    told = [_day_hours(usual, speech)]
    told += [
        f"{speech.weekdays[day]} {_day_hours(own, speech)}" for day, own in sorted(hours.days.items()) if own != usual
    ]
    source = f" ({period.source})" if period.source else ""
    return speech.texts["hours_in"].format(
        name=period.name, dates=speech.dates(period.first, period.last), hours="; ".join(told) + source
    )


def _day_hours(day: DayHours, speech: Speech) -> str:
    spans = [f"{speech.clock(since)}–{speech.clock(until)}" for since, until in ((day.opens, day.closes), *day.breaks)]
    return f", {speech.texts['break']} ".join((spans[0], ", ".join(spans[1:]))) if day.breaks else spans[0]


def _turn(turn: Turn, unit: Unit, zone: timezone, speech: Speech) -> str:
    dates = ""
    if turn.was and turn.now and turn.was != turn.now:
        dates = speech.shift_dates.format(was=speech.instant(turn.was, zone), now=speech.instant(turn.now, zone))
    if isinstance(turn.of, Shift):
        return f"{_shift(turn.of, zone, speech)}{dates}."
    if turn.now and turn.now != turn.was:
        dates = speech.turn_dates.format(now=speech.instant(turn.now, zone))
    said = (
        _pause(turn, turn.of, zone, speech) if isinstance(turn.of, Pause) else _extension(turn.of, unit, zone, speech)
    )
    return f"{said}{dates}."


def _shift(one: Shift, zone: timezone, speech: Speech) -> str:
    return speech.shifts[one.by].format(
        at=speech.instant(one.at, zone),
        rule=_rule(one.rule, speech),
        version=one.policy_version or "?",
        why=speech.pauses.get(one.why, one.why or speech.pauses["rule"]),
    )


def _pause(turn: Turn, gap: Pause, zone: timezone, speech: Speech) -> str:
    why = speech.pauses.get(gap.reason, gap.reason.replace("_", " "))
    since = speech.instant(gap.since, zone)
    if gap.until is None or not turn.ends:
        return speech.texts["paused_still"].format(since=since, why=why)
    if not turn.whole:
        return speech.texts["resumed"].format(until=speech.instant(gap.until, zone))
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
