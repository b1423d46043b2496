"""The rounds: what goes wrong in each, while whose citizens write.

Each of the five services fails in each of five ways: one call in twenty throughout a round in which all five do, and
all calls for ten seconds in a round of its own. Answers are lost besides, functions are killed, notices come twice,
late and in no order, the stream's records are left unprocessed, a notice is shown again while it is still being read,
and the table is throttled while deadlines are missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from infra.faults.rules import KINDS, LOSING, LOST, SERVICES, SHARE, Fault

#: Seconds for which all calls fail, from the first one that does; and for which citizens write meanwhile.
BURST, BURST_ROUND = 10.0, 12.0
MAILS = WEBHOOKS = 500


@dataclass(frozen=True, slots=True)
class Round:
    """`weight`: its part of all mails, and of all webhooks, which are written in so many `seconds`. `burst`: for how
    long its faults last, throughout where 0. `act`: what is done besides (acts.ACTS). `group`: rounds in a row that
    settle together: what one of them sent back to its queue comes back while the next one goes on."""

    name: str
    group: str
    weight: int
    seconds: float
    faults: tuple[Fault, ...] = ()
    act: str = ""
    burst: float = 0.0

    @property
    def partly(self) -> bool:
        """One call in twenty fails, as it may in a bad week."""
        return any(fault.share == SHARE for fault in self.faults)


def _partly(kind: str) -> Round:
    faults = tuple(Fault(service, kind, SHARE) for service in (LOSING if kind == LOST else SERVICES))
    return Round(f"five-percent-{kind}", "five-percent", 34, 24.0, faults, "cold")


def _burst(service: str, kind: str) -> Round:
    act = "all cold" if service == "secretsmanager" else ""  # whoever knows a secret asks for it no more
    return Round(f"{service}-{kind}", service, 8, BURST_ROUND, (Fault(service, kind),), act, BURST)


_SLOW = tuple(Fault(service, "slow") for service in ("s3", "dynamodb"))

ROUNDS: tuple[Round, ...] = (
    # First: its cases run days ahead of all others.
    Round("table-throttled-in-sweeps", "sweeps", 10, 6.0, act="sweeps"),
    Round("functions-killed", "killed", 30, 16.0, act="kill"),
    *(_partly(kind) for kind in (*KINDS, LOST)),
    *(_burst(service, kind) for service in SERVICES for kind in KINDS),
    Round("notices-doubled-late-unordered", "notices", 24, 8.0, act="notices"),
    Round("stream-unprocessed", "stream", 16, 8.0, act="stream"),
    Round("visibility-shorter-than-work", "visibility", 16, 10.0, _SLOW, "visibility"),
)


def chosen(names: Sequence[str]) -> tuple[Round, ...]:
    """All where none is named. A name may end with * for all that begin so. Raises ValueError."""
    if not names:
        return ROUNDS
    found = [one for one in ROUNDS if any(_is(one.name, name) for name in names)]
    missing = [name for name in names if not any(_is(one.name, name) for one in ROUNDS)]
    if missing:
        raise ValueError(f"no round {', '.join(missing)}; there are {', '.join(one.name for one in ROUNDS)}")
    return tuple(found)


def _is(name: str, asked: str) -> bool:
    return name.startswith(asked[:-1]) if asked.endswith("*") else name == asked


def shares(whole: int, rounds: Iterable[Round]) -> list[int]:
    """`whole` by weights, none lost by rounding: of each round."""
    weights = [one.weight for one in rounds]
    total, given, sent = sum(weights), 0, []
    for at in range(len(weights)):
        upto = round(whole * sum(weights[: at + 1]) / total)
        sent.append(upto - given)
        given = upto
    return sent
