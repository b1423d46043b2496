"""Each promise that the stories of troubles are held to can be broken: told, when somebody's hand breaks it, and not
before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from tanggap.domain.case import Delivery
from tanggap.domain.words import DeliveryState, Purpose
from tests.support.troubles import cast, promises
from tests.support.troubles.steps import Chat, Machine, Mail, Officer, Pass, Step
from tests.support.troubles.stories import Story, lived
from tests.support.troubles.village import Village
from tests.support.world import INTAKE

STEPS: tuple[Step, ...] = (Mail("siti"), Chat("budi", "telegram"), Pass(4_200), Officer("answer"))


@dataclass(frozen=True)
class Hand:
    """What a hand does to a desk on which everything is well, the promise that it breaks, and the words of that."""

    promise: Callable[[Village], Iterator[str]]
    does: Callable[[Village], object]
    told: str
    steps: tuple[Step, ...] = STEPS


def forgets_an_outcome(village: Village) -> None:
    village.cases.rows.pop(("mail/001", 0))


def files_words_twice(village: Village) -> None:
    (first, *_), other = village.cases.messages.values(), [*village.cases.messages][-1]
    village.cases.messages[other].append(replace(first[0], case=other, id="again"))


def acknowledgement(village: Village) -> tuple[str, str]:
    rows: dict[tuple[str, str], Delivery] = village.cases.deliveries
    return next(place for place, row in rows.items() if row.purpose is Purpose.ACKNOWLEDGEMENT)


def takes_an_acknowledgement_away(village: Village) -> None:
    del village.cases.deliveries[acknowledgement(village)]


def leaves_a_letter_lying(village: Village) -> None:
    place = acknowledgement(village)
    row = village.cases.deliveries[place]
    village.cases.deliveries[place] = replace(
        row, state=DeliveryState.QUEUED, created_at=village.now - timedelta(days=1)
    )


def sends_a_letter_once_more(village: Village) -> None:
    village.post.sent.append(village.post.sent[0])


def climbs_a_rung_again(village: Village) -> None:
    history = next(one for one in village.cases.histories.values() if any(e.event == "escalated" for e in one))
    history += [one for one in history if one.event == "escalated"]


def tells_a_rung_again(village: Village) -> None:
    rows = village.cases.deliveries
    row = next(one for one in rows.values() if one.steps)
    rows[row.case, "again"] = replace(row, id="again")


def lets_a_deadline_pass(village: Village) -> None:
    number, case = next(iter(village.cases.cases.items()))
    village.cases.cases[number] = replace(case, due_at=village.now - timedelta(hours=1))


def records_a_breach_late(village: Village) -> None:
    history = next(one for one in village.cases.histories.values() if any(e.event == "missed" for e in one))
    place = next(place for place, one in enumerate(history) if one.event == "missed")
    history[place] = replace(history[place], at=village.now + timedelta(days=1))
    village.swept.append(village.now)


def answers(message: str) -> Callable[[Village], None]:
    """A mail of a machine's, by its Message-ID."""

    def does(village: Village) -> None:
        letter = village.post.sent[0]
        village.post.sent.append(replace(letter, case="", is_answer=True, in_reply_to=f"<{message}>"))

    return does


def writes_to(address: str) -> Callable[[Village], None]:
    return lambda village: village.post.sent.append(replace(village.post.sent[0], case="", to_address=address))


def rewrites_an_entry(village: Village) -> None:
    history = next(iter(village.cases.histories.values()))
    history[0] = replace(history[0], actor="officer:nobody")


HANDS = {
    "an outcome is forgotten": Hand(promises.nothing_is_lost, forgets_an_outcome, "mail/001 has no outcome"),
    "words stand on two cases": Hand(promises.each_message_stands_once, files_words_twice, "stands on ["),
    "a citizen is told nothing": Hand(
        promises.each_case_is_acknowledged_once, takes_an_acknowledgement_away, "has 0 acknowledgements instead of 1"
    ),
    "a letter is left lying": Hand(promises.each_letter_leaves_once, leaves_a_letter_lying, "is queued for ever"),
    "a letter leaves twice": Hand(promises.each_letter_leaves_once, sends_a_letter_once_more, "left 2 times"),
    "a rung is climbed twice": Hand(promises.each_rung_is_climbed_once, climbs_a_rung_again, "was climbed 2 times"),
    "a rung is told twice": Hand(promises.each_rung_is_climbed_once, tells_a_rung_again, "was told of"),
    "a deadline passes": Hand(promises.no_deadline_passes_in_silence, lets_a_deadline_pass, "is due since"),
    "a breach is recorded late": Hand(promises.no_deadline_passes_in_silence, records_a_breach_late, ", recorded at"),
    **{
        f"a machine's mail is answered: {kind}": Hand(
            promises.no_machine_is_answered,
            answers(f"m2@{domain}"),
            "a machine's mail was answered",
            (Mail("siti"), Machine(kind)),
        )
        for kind, domain in {
            "returned": "pos.example",
            "newsletter": "kabar.example",
            "robot": "lain.example",
            "own": INTAKE.partition("@")[2],
        }.items()
    },
    **{
        f"a letter goes to {address}": Hand(promises.no_machine_is_answered, writes_to(address), "a letter went to")
        for address in (*cast.MACHINES, INTAKE)
    },
    "an entry is rewritten": Hand(promises.each_history_is_whole, rewrites_an_entry, ": "),
}


@pytest.mark.parametrize("name", HANDS)
def test_a_promise_that_a_hand_breaks_is_told_and_none_is_before(name: str) -> None:
    hand = HANDS[name]
    village = lived(Story(hand.steps, days=0))
    assert promises.broken(village) == []
    hand.does(village)
    assert any(hand.told in said for said in hand.promise(village))


def test_each_promise_is_among_those_that_a_hand_breaks() -> None:
    assert {hand.promise for hand in HANDS.values()} == {*promises.PROMISES}
