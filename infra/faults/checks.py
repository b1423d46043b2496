"""Do the promises hold? Each breach names its arrival or case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from infra.faults.seen import AGAIN, Case, Message, Seen

ACKNOWLEDGEMENT = "acknowledgement"
#: Second acknowledgements of a hundred messages, where one call in twenty fails; fewer messages than so many tell
#: nothing of it.
SECONDS, ENOUGH = 1.0, 100
_GONE = frozenset({"sent", "delivered"})


@dataclass(frozen=True, slots=True)
class Seconds:
    """Acknowledgements that came twice since their answer was lost: of all, and in the rounds of one call in twenty."""

    all: int
    partly: int
    of_partly: int

    @property
    def per_hundred(self) -> float:
        return 100 * self.partly / self.of_partly if self.of_partly else 0.0


def breaches(seen: Seen) -> list[str]:
    return [*_lost(seen), *_once(seen), *_acknowledged(seen), *_cases(seen), *_fired(seen)]


def seconds(seen: Seen) -> Seconds:
    partly = {one.name for one in seen.played if one.partly}
    among = [one for one in seen.messages if one.round in partly and not one.sent.refused]
    return Seconds(sum(len(one.came) > 1 for one in seen.messages), sum(len(one.came) > 1 for one in among), len(among))


def _lost(seen: Seen) -> Iterator[str]:
    """Promise 1."""
    yield from (f"arrival {key}: no outcome" for key in seen.without)
    yield from (f"arrival {key}: parked" for key in seen.parked)
    yield from (f"queue {name}: {count} left" for name, count in seen.left.items() if count)
    if not seen.balanced:
        yield "the ledger does not add up"


def _once(seen: Seen) -> Iterator[str]:
    """Promise 2: each was let in, however often its sender had to try, and has one case with that one message; there is
    no case besides."""
    opened: Counter[str] = Counter()
    let_in = Counter(one.round for one in seen.messages)
    for round_ in seen.played:
        if let_in[round_.name] != (asked := round_.mails + round_.webhooks):
            yield f"round {round_.name}: {let_in[round_.name]} messages of {asked} came to an end"
    for one in seen.messages:
        filed = [case for outcome, case in one.rows if outcome == "filed"]
        others = {outcome for outcome, _ in one.rows} - {"filed", "duplicate"}
        name = _name(one)
        if one.sent.refused:
            yield f"{name}: refused, {one.sent.refused}"
        if others:
            yield f"{name}: {', '.join(sorted(others))}"
        if len(filed) != 1:
            yield f"{name}: filed {len(filed)} times"
            continue
        opened[filed[0]] += 1
        case = seen.cases.get(filed[0])
        if case is None:
            yield f"{name}: its case {filed[0]} is not there"
        elif case.heard != (one.sent.id,):
            yield f"case {case.number}: {len(case.heard)} messages, not the one that was sent"
    yield from (f"case {number}: {count} citizens' messages opened it" for number, count in opened.items() if count > 1)
    yield from (f"case {number}: nobody wrote it" for number in seen.strays)


def _acknowledged(seen: Seen) -> Iterator[str]:
    for one in seen.messages:
        number = next((case for outcome, case in one.rows if outcome == "filed"), "")
        case = seen.cases.get(number)
        if case is None:
            continue
        rows = [letter for letter in case.letters.values() if letter[0] == ACKNOWLEDGEMENT]
        held = [letter for letter in rows if letter[1] == AGAIN]
        if len(rows) - len(held) != 1:
            yield f"case {number}: {len(rows) - len(held)} acknowledgements on it"
            continue
        _, state, repeats = next(letter for letter in rows if letter[1] != AGAIN)
        if not one.came:
            yield f"case {number}: its citizen has no acknowledgement ({state})"
        elif state not in _GONE and not (state == "held" and repeats > 1):
            yield f"case {number}: its acknowledgement is {state}"
        if len(one.came) > 1 + min(repeats, 1) + 2 * len(held):
            yield f"case {number}: acknowledged {len(one.came)} times, {repeats} answers lost"
    found = seconds(seen)
    if found.of_partly >= ENOUGH and found.per_hundred >= SECONDS:
        yield f"{found.per_hundred:.1f} of 100 acknowledged twice where one call in twenty fails"


def _cases(seen: Seen) -> Iterator[str]:
    for case in seen.cases.values():
        yield from (f"case {case.number}: {fault}" for fault in case.faults)
        yield from (f"case {case.number}: step {step} climbed {count} times" for step, count in _twice(case))
        if case.late:
            yield f"case {case.number}: something is due that was not done"
        for letter, (purpose, state, repeats) in case.letters.items():
            if seen.mailed.get(letter, 0) > 1 + min(repeats, 1):
                yield f"case {case.number}: {purpose} {letter} left {seen.mailed[letter]} times, {repeats} answers lost"
            if state not in (*_GONE, AGAIN) and purpose != ACKNOWLEDGEMENT and not (state == "held" and repeats > 1):
                yield f"case {case.number}: {purpose} {letter} is {state}"


def _twice(case: Case) -> list[tuple[str, int]]:
    return [(step, count) for step, count in Counter(case.steps).items() if count > 1]


def _fired(seen: Seen) -> Iterator[str]:
    """A fault that did not happen proves nothing."""
    for one in seen.played:
        done = {**one.fired, **one.done}
        yield from (f"round {one.name}: {name} never happened" for name, count in done.items() if not count)


def _name(one: Message) -> str:
    return f"{one.sent.channel} {one.sent.id} ({one.round})"
