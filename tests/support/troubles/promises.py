"""What must hold when a story is over and everything has calmed down: the promises, as far as one desk in memory can
break them."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta

from tanggap.application.ledger import PREFIXES
from tanggap.domain.case import Delivery
from tanggap.domain.history import faults_in
from tanggap.domain.times import parse_instant
from tanggap.domain.words import FORMS, TELL_A_NUMBER, DeliveryState, Outcome, Purpose, Reason
from tests.support.troubles.cast import MACHINES
from tests.support.troubles.village import Village

#: From a deadline to its record, in sweeps that ran.
SILENCE = timedelta(minutes=2)
_GONE = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED})
_NOT_GONE = frozenset({DeliveryState.HELD, DeliveryState.FAILED})


def broken(village: Village) -> list[str]:
    """Each broken promise in words."""
    return [said for promise in PROMISES for said in promise(village)]


def nothing_is_lost(village: Village) -> Iterator[str]:
    """1: each message of each object has exactly one outcome, and the count says so."""
    messages = 0
    for key in village.arrivals.objects:
        if not key.startswith(PREFIXES):
            continue
        rows = village.cases.of(key)
        messages += len(rows)
        if not rows:
            yield f"{key} has no outcome"
        elif sorted(row.index for row in rows) != list(range(rows[0].of)):
            yield f"{key} holds {rows[0].of} messages and has outcomes of {[row.index for row in rows]}"
        for row in rows:
            if row.outcome is Outcome.PARKED and row.reason is not Reason.UNMATCHED:
                yield f"{key} is parked: {row.reason}"
    report = village.count()
    if not report.balanced or report.waiting:
        yield f"the count does not add up: {report}"
    if village.dead:
        yield f"{len(village.dead)} dead letters are left"


def each_message_stands_once(village: Village) -> Iterator[str]:
    """2: on one case, once. Of one person the vault knows one id."""
    places: dict[str, list[str]] = defaultdict(list)
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for number, messages in village.cases.messages.items():
        for one in messages:
            if one.direction == "in":
                places[one.text.strip()].append(number)
            if one.sender and one.text in village.texts and one.channel is village.cases.cases[number].channel:
                ids[village.texts[one.text], one.channel].add(one.sender)
            if one.media:
                yield f"{number} waits for media of {one.text!r} for ever"
    for text in village.texts:
        if len(places[text]) != 1:
            yield f"{text!r} stands on {places[text] or 'no case'}"
    for (who, channel), known in ids.items():
        if len(known) > 1 and channel not in FORMS:
            yield f"{who} is {len(known)} people by {channel}"
    for row in village.cases.rows.values():
        if row.outcome is Outcome.FILED and row.case not in village.cases.cases:
            yield f"{row.arrival} is filed on {row.case}, which is not there"


def each_case_is_acknowledged_once(village: Village) -> Iterator[str]:
    """2: by one row. A machine's case by none (4)."""
    for number, messages in village.cases.messages.items():
        first = min(messages, key=lambda one: (one.at, one.id))
        told = [
            row
            for row in _letters(village, number)
            if row.purpose in TELL_A_NUMBER and not (row.address or row.again_of)  # again: what they were not sent
        ]
        throttled = any("throttled" in one.marks for one in messages)
        anonymous = village.cases.cases[number].reporter is None  # they were told at once
        wanted = 0 if first.automatic or anonymous else 1
        # Somebody worked on it while it stood there as a machine's: they write to its reporter.
        late = any(entry.event == "better_copy" for entry in village.cases.histories[number]) and not told
        if len(told) != wanted and not throttled and not late:
            yield f"{number} has {len(told)} acknowledgements instead of {wanted}"


def each_letter_leaves_once(village: Village) -> Iterator[str]:
    """2: a second time only where an answer was lost, and then the row counts it. None waits for ever; what did not go
    says why, and an officer was told."""
    times = village.times_sent()
    for row in village.cases.deliveries.values():
        name, count = f"{row.purpose} {row.id} of {row.case}", times[row.id]
        if row.state in (DeliveryState.QUEUED, DeliveryState.CLAIMED):
            just_now = row.created_at >= village.now - SILENCE or (row.wake and row.wake >= village.now - SILENCE)
            if not just_now and (not row.asleep or row.due_at is None or row.due_at <= village.now):
                yield f"{name} is {row.state} for ever (due {row.due_at}, wake {row.wake}, reason {row.reason!r})"
        if count > 2 or (count == 2 and not village.touched[row.id]):
            yield f"{name} left {count} times ({row.repeats} repeats, {village.touched[row.id]} faults on its way)"
        elif count == 2 and not row.repeats and row.id not in village.reported:
            yield f"{name} left twice, and no repeat is counted"
        if row.again_of and times[row.again_of] and row.again_of not in village.reported:
            yield f"{name} says once more what had left"
        if row.state in _GONE and not count and row.how != "tracking" and row.id not in village.reported:
            yield f"{name} is {row.state} and never left"
        if row.state in (DeliveryState.BUNDLED, DeliveryState.WITHDRAWN) and count:
            yield f"{name} is {row.state} and left"
        if row.state in _NOT_GONE:
            yield from _told_of(village, row, name)


def _told_of(village: Village, row: Delivery, name: str) -> Iterator[str]:
    if not row.reason:
        yield f"{name} is {row.state} without a reason"
    ways = {row.id, row.again_of}
    if not any(village.touched[one] for one in ways) and not ways & village.reported:
        yield f"{name} is {row.state} ({row.reason}), and nothing was in its way"
    if row.reason == "answer_lost" and village.lost[row.id] < 2 and not village.behind:
        yield f"{name} is held for lost answers, of which there were {village.lost[row.id]}"
    history = village.cases.histories.get(row.case, ())
    if not any(entry.event == "delivery_failed" and entry.data["delivery"] == row.id for entry in history):
        yield f"{name} is {row.state}, and the history does not say so"
    told = [one for one in _letters(village, row.case) if one.purpose is Purpose.UNDELIVERED]
    nobody_else = row.address in village.policies.current().coordinator  # it would go to the same address
    if not told and row.purpose is not Purpose.UNDELIVERED and not nobody_else:
        yield f"{name} is {row.state}, and no officer was told"


def each_rung_is_climbed_once(village: Village) -> Iterator[str]:
    """2: one entry and one letter to each address for each clock that began; no letter of two says the same."""
    for number, case in village.cases.cases.items():
        begun = Counter((clock.name, clock.unit) for clock in (*case.clocks, *case.unpromised))
        history = village.cases.histories[number]
        climbed = Counter(
            (entry.data["clock"], entry.data.get("unit", ""), entry.data["step"])
            for entry in history
            if entry.event == "escalated"
        )
        for (name, unit, step), count in climbed.items():
            if count > begun[name, unit]:
                yield f"{number}: {name}.{step} was climbed {count} times"
        told = Counter((row.address, step) for row in _letters(village, number) for step in row.steps)
        for (address, step), count in told.items():
            name, _, unit = step.partition(".")[0].partition("@")
            if count > begun[name, unit]:
                yield f"{number}: {address} was told of {step} {count} times"
    for row in village.cases.deliveries.values():
        if row.state is DeliveryState.BUNDLED:
            number, _, key = row.bundled_in.partition("/")
            carrier = village.cases.deliveries.get((number, key))
            if carrier is None or row.place not in carrier.parts:
                yield f"{row.place} went along in a letter that does not name it"


def no_deadline_passes_in_silence(village: Village) -> Iterator[str]:
    """3: a breach is recorded by the first sweep that could see it, or by whoever acted before that."""
    yield from village.silent
    sweeps = sorted(village.swept)
    for number, history in village.cases.histories.items():
        begun = village.created[number]
        for entry in history:
            if entry.event != "missed":
                continue
            since = max(parse_instant(entry.data["due_at"]), begun)
            place = bisect.bisect_left(sweeps, since)
            if place < len(sweeps) and entry.at > sweeps[place] + SILENCE:
                yield f"{number}: {entry.data['clock']} broke at {since}, recorded at {entry.at}"
    for number, case in village.cases.cases.items():
        if case.due_at and case.due_at <= village.now - SILENCE:
            yield f"{number} is due since {case.due_at}"


def no_machine_is_answered(village: Village) -> Iterator[str]:
    """4: nothing goes to their addresses, and no letter of ours answers their mail."""
    for envelope in village.post.sent:
        history = village.cases.histories.get(envelope.case, ())
        if any(entry.actor.startswith("officer:") for entry in history):
            continue  # a person decided to write
        if envelope.to_address in MACHINES or envelope.to_address.endswith(f"@{village.receive.desk.mail_domain}"):
            yield f"a letter went to {envelope.to_address}"
        answered = {one.strip("<>") for one in (envelope.in_reply_to, *envelope.references[-1:]) if one}
        if answered & village.by_machines and envelope.is_answer:
            yield f"a machine's mail was answered: {envelope.delivery}"


def each_history_is_whole(village: Village) -> Iterator[str]:
    """6: its chain closes, and no version was passed over."""
    for number, case in village.cases.cases.items():
        for fault in faults_in(number, village.cases.histories[number], case.head):
            yield f"{number}: {fault}"
    yield from village.wrong
    yield from (f"an error that nothing brought about: {one}" for one in village.surprises)


PROMISES: tuple[Callable[[Village], Iterator[str]], ...] = (
    nothing_is_lost,
    each_message_stands_once,
    each_case_is_acknowledged_once,
    each_letter_leaves_once,
    each_rung_is_climbed_once,
    no_deadline_passes_in_silence,
    no_machine_is_answered,
    each_history_is_whole,
)


def _letters(village: Village, number: str) -> list[Delivery]:
    return [row for row in village.cases.deliveries.values() if row.case == number]
