"""What an agency promises: which clocks run on a case, what starts, pauses and meets each, and by which law.

A promise hears what happens to a case as words (`EVENTS`): the statuses that it enters, and what people do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .clocks import ClockName, Owes
from .ladder import DEFAULT_LADDER, REPLY_LADDER, Ladder
from .sources import INFORMATION, LIKE_INFORMATION, OWN_PROMISE, PRACTICE, SP4N
from .terms import Term
from .words import ENDED, Kind, Status

#: What happens to a case besides entering a status, in the order of its life.
RECEIVED = "received"
OFFICER_WROTE = "officer_wrote"  # to the reporter, whichever letter it was
ASSIGNED = "assigned"  # to a unit; the promise of that unit hears it
UNIT_WROTE = "unit_wrote"  # an officer of that unit, to the reporter
REPORTER_WROTE = "reporter_wrote"
REOPENED = "reopened"  # what was answered or ended is worked on again
RESUBMITTED = "resubmitted"  # the same, from the check of completeness on
EVENTS: frozenset[str] = frozenset(
    {RECEIVED, OFFICER_WROTE, ASSIGNED, UNIT_WROTE, REPORTER_WROTE, REOPENED, RESUBMITTED, *Status}
)
#: These concern one unit: a promise of each unit (`by_unit`) hears them for that unit alone.
OF_A_UNIT = frozenset({ASSIGNED, UNIT_WROTE})


@dataclass(frozen=True, slots=True)
class Allowance:
    """The time that is allowed, by which law, and how much more may be granted once. `source_en`: the law's name in
    English, where the agency gave one."""

    term: Term
    source: str = ""
    extension: int = 0
    source_en: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """`allowed`: by kind and deadline basis ("" for every basis that is not named); None where nothing is promised.
    `by_unit`: each unit of a case has its own. A case that ends meets every promise of the agency."""

    name: str
    allowed: Mapping[tuple[Kind, str], Allowance | None]
    starts: frozenset[str]
    meets: frozenset[str]
    pauses: frozenset[str] = frozenset()
    resets: frozenset[str] = frozenset()
    owes: Owes = "agency"
    by_unit: bool = False
    ladder: Ladder = DEFAULT_LADDER
    label: Mapping[str, str] = field(default_factory=dict)

    def allowance(self, kind: Kind, basis: str) -> tuple[str, Allowance | None]:
        """The rule's name and what it allows."""
        if (kind, basis) in self.allowed:
            return f"{self.name}.{kind}@{basis}", self.allowed[kind, basis]
        return f"{self.name}.{kind}", self.allowed.get((kind, ""))

    def source_en(self, rule: str, source: str) -> str:
        """What the law behind a rule of this promise is called in English, where `source` is still what it is called in
        Indonesian; empty where the agency gave no name."""
        kind, _, basis = rule.partition(".")[2].partition("@")
        allowed = next((one for key, one in self.allowed.items() if key == (kind, basis)), None)
        return allowed.source_en if allowed and allowed.source == source else ""


_WORKED_ON = frozenset({Status.VERIFIED, Status.FORWARDED, Status.IN_PROGRESS, Status.ANSWERED})
_ASKED = frozenset({Status.NEEDS_INFO})

#: What a clock listens to where the agency says nothing else.
LISTENS: Mapping[str, Mapping[str, frozenset[str]]] = {
    ClockName.FIRST_RESPONSE: {"starts": frozenset({RECEIVED}), "meets": frozenset({OFFICER_WROTE}) | ENDED},
    ClockName.VERIFY: {"starts": frozenset({RECEIVED, RESUBMITTED}), "meets": _WORKED_ON | ENDED, "pauses": _ASKED},
    ClockName.RESOLVE: {
        "starts": frozenset({RECEIVED, REOPENED}),
        "meets": frozenset({Status.ANSWERED}) | ENDED,
        "pauses": _ASKED,
    },
    ClockName.FOLLOW_UP: {
        "starts": frozenset({ASSIGNED, REOPENED}),
        "meets": frozenset({UNIT_WROTE, Status.ANSWERED}) | ENDED,
        "pauses": _ASKED,
    },
    ClockName.REPORTER_REPLY: {
        "starts": frozenset({Status.NEEDS_INFO, Status.ANSWERED}),
        "meets": frozenset({Status.NEW}) | _WORKED_ON | ENDED,
    },
}
BY_UNIT = frozenset({ClockName.FOLLOW_UP})
BY_REPORTER = frozenset({ClockName.REPORTER_REPLY})
LADDERS: Mapping[str, Ladder] = {ClockName.REPORTER_REPLY: REPLY_LADDER}
LABELS: Mapping[str, Mapping[str, str]] = {
    ClockName.FIRST_RESPONSE: {"id": "tanggapan pertama", "en": "first response"},
    ClockName.VERIFY: {"id": "verifikasi", "en": "verification"},
    ClockName.RESOLVE: {"id": "penyelesaian", "en": "resolution"},
    ClockName.FOLLOW_UP: {"id": "tindak lanjut unit", "en": "the unit's follow-up"},
    ClockName.REPORTER_REPLY: {"id": "balasan pelapor", "en": "reporter's reply"},
}

#: The law on public information, apart from the practice for complaints: a request made formally under it.
PUBLIC_INFORMATION = "uu-14-2008"

#: Terms where the agency says nothing else. 5/14/60 working days: practice under PermenPANRB 62/2018 as agencies
#: publish it; the successor, PermenPANRB 5/2025, may say otherwise, which is why these are data. "*" stands for every
#: kind not named; "kind@basis" for the kind where the case's terms come from that basis.
DEFAULT_BASIS = "practice-panrb-62-2018"
DEFAULT_TERMS: dict[str, dict[str, dict[str, object] | None]] = {
    # Praise is thanked, and waits for nobody.
    ClockName.FIRST_RESPONSE: {"*": {"amount": 24, "unit": "hours", "source": OWN_PROMISE}, "praise": None},
    ClockName.VERIFY: {"*": {"amount": 3, "unit": "working_days", "source": SP4N}, "praise": None},
    ClockName.RESOLVE: {
        "complaint": {"amount": 14, "unit": "working_days", "source": PRACTICE},
        "supervisory": {"amount": 60, "unit": "working_days", "source": PRACTICE},
        "information": {"amount": 5, "unit": "working_days", "source": PRACTICE},
        f"information@{PUBLIC_INFORMATION}": {
            "amount": 10,
            "unit": "working_days",
            "extension": 7,
            "source": INFORMATION,
        },
        "aspiration": {"amount": 5, "unit": "working_days", "source": LIKE_INFORMATION},
        "praise": None,
    },
    ClockName.FOLLOW_UP: {"*": {"amount": 5, "unit": "working_days", "source": SP4N}, "praise": None},
    ClockName.REPORTER_REPLY: {"*": {"amount": 10, "unit": "working_days", "source": SP4N}},
}
