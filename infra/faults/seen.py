"""What a run saw, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.load.senders import Sent

#: The state of a letter that was held since its answer was lost twice, and went again as another one, by hand.
AGAIN = "sent again"


@dataclass(frozen=True, slots=True)
class Played:
    """One round. `fired`: by rule; `done`: by what else was done, how often; `runs`: of intake. `again`: tries of a
    platform whose webhook was not taken. `waiting`: without an acknowledgement when its faults were over."""

    name: str
    partly: bool
    mails: int
    webhooks: int
    fired: Mapping[str, int]
    done: Mapping[str, int]
    again: int
    waiting: int
    runs: int
    took: float


@dataclass(frozen=True, slots=True)
class Case:
    """What the desk has of one case. `letters`: by id (purpose, state, repeats); `steps`: each climbed rung as often as
    its history tells it. `late`: something is due on it that should have been done."""

    number: str
    heard: tuple[str, ...]
    letters: Mapping[str, tuple[str, str, int]]
    steps: tuple[str, ...]
    faults: tuple[str, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One that a citizen sent. `rows`: (outcome, case) of the ledger; `came`: when each acknowledgement left."""

    sent: Sent
    round: str
    rows: tuple[tuple[str, str], ...]
    came: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """`mailed`: how often each letter of ours left by mail, by its id; `strays`: cases that nobody's message opened.
    `objects`, `without`: arrivals in the bucket, and the keys of those without an outcome. `left`: by queue, what lies
    there in the end; `given_up`: what lay there before it was put back; `sent_again`: letters that an operator sent
    once more."""

    played: tuple[Played, ...]
    messages: tuple[Message, ...]
    cases: Mapping[str, Case]
    mailed: Mapping[str, int]
    strays: tuple[str, ...] = ()
    objects: int = 0
    without: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()
    outcomes: Mapping[str, int] = field(default_factory=dict)
    balanced: bool = True
    left: Mapping[str, int] = field(default_factory=dict)
    given_up: Mapping[str, int] = field(default_factory=dict)
    sent_again: int = 0
    calls: Mapping[str, int] = field(default_factory=dict)
    took: float = 0.0
