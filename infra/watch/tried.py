"""With what each alarm was tried: the cause, how long after its beginning it rang, and what else rang because of it.

What is recorded is played by tests/support/causes.py on the functions' own handlers, and held against this table by
tests/unit/watch and tests/acceptance/test_alarms_recorded.py, to the minute. `python -m infra.watch --write` makes
infra/runbooks/alarms.md of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Series(StrEnum):
    RECORDED = "recorded"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Tried:
    """`after`: minutes from the cause to the alarm. `others`: what else rings, and why that is right."""

    alarm: str
    cause: str
    after: int
    others: Mapping[str, str] = field(default_factory=dict)
    series: Series = Series.RECORDED


_CANARY = "our own citizen is not answered either: found by its next round, three hours apart while all is well"
_LEDGER = "what nobody read has no outcome at two counts"
_DEAD = "what was tried five times is given up"
_UNREAD = {"LedgerOff": _LEDGER, "CanaryFailed": _CANARY}
_FAILS = {**_UNREAD, "DeadLetters": _DEAD}
_DIES = {**_FAILS, "ArrivalsWaiting": "what a dead function held waits until it is visible again"}
_AWAITED = "after ten minutes: an acknowledgement that is tried in vain counts by how long its citizen has waited"
_UNSENT = "letters that nobody takes are counted by the sweep"

TRIED: tuple[Tried, ...] = (
    Tried("ArrivalsWaiting", "intake's mapping is off", 10, _UNREAD),
    Tried("ArrivalsWaiting", "who writes can't be looked up: KMS refuses, each arrival goes back", 10, _FAILS),
    Tried("ArrivalsWaiting", "a slip of the hand in the look-up secret", 10, _FAILS),
    Tried("ArrivalsWaiting", "media's mapping is off", 65),
    Tried("DeadLetters", "somebody starts the digests an hour ahead", 5, {"TimeRefused": "that time is refused"}),
    Tried(
        "DeadLetters",
        "the table refuses everybody for twelve minutes",
        5,
        {"SweepStopped": "each sweep fails for so long"},
    ),
    Tried(
        "ParkedGrowing",
        "a platform changes what it sends: six bodies that nobody knows",
        90,
        {"ChannelSilent": "they are most of what the channel brought"},
    ),
    Tried("DeliveriesUnsent", "WhatsApp's token has expired", 330, {"AcknowledgementsLate": _AWAITED}),
    Tried("DeliveriesUnsent", "SES is in its sandbox", 330, {"UpkeepDue": "the sandbox is upkeep, and told first"}),
    Tried(
        "DeliveriesUnsent",
        "deliver may not send: SES denies access",
        330,
        {"AcknowledgementsLate": _AWAITED, "CanaryFailed": _CANARY},
    ),
    Tried("AcknowledgementsLate", "SES throttles for twelve minutes", 10),
    Tried("AcknowledgementsLate", "the stream brings its records seven minutes late", 10, {"WorkFailing": _UNSENT}),
    Tried("AcknowledgementsLate", "two notices are lost, and the ledger announces them again", 50),
    Tried("SweepStopped", "nobody starts the sweep", 5),
    Tried(
        "SweepStopped",
        "a deployment takes a variable of the sweep's away",
        3,
        {"DeadLetters": "each run that failed twice is given up"},
    ),
    Tried("DigestStopped", "nobody looks for digests", 270),
    Tried("LedgerOff", "two notices are lost, and so is whatever the ledger announces", 150),
    Tried("LedgerOff", "nobody counts", 270),
    Tried(
        "LedgerOff",
        "a deployment takes a variable of the ledger's away",
        270,
        {"DeadLetters": "each run that failed three times is given up"},
    ),
    Tried("CanaryFailed", "nobody starts the canary", 60),
    Tried("CanaryFailed", "the domain's MX names somebody else: mail goes nowhere", 180),
    Tried("OverdueRising", "four reports with terms of an hour, and a unit that does not answer", 150),
    Tried(
        "OverdueRising",
        "four reports of a village, with the terms of its policy, and an office that answers nobody",
        1650,
    ),
    Tried(
        "MailNotStored", "the bucket's policy was changed: SES can't store, and tries again", 5, series=Series.BY_HAND
    ),
    Tried("MailNotStored", "SES gave a mail up", 5, series=Series.BY_HAND),
    Tried("ReputationAtRisk", "a list of dead addresses: 6 % bounce", 60, series=Series.BY_HAND),
    Tried("ReputationAtRisk", "letters are called spam: 0.12 %", 60, series=Series.BY_HAND),
    Tried("UpkeepDue", "SES's account is put back into its sandbox, and nobody writes", 90),
    Tried("UpkeepDue", "another receipt rule set is active: mail goes nowhere", 90, {"CanaryFailed": _CANARY}),
    Tried("UpkeepDue", "the anchors' lock is one that may be lifted", 90),
    Tried("UpkeepDue", "a platform's key expires in a week", 90),
    Tried("UpkeepDue", "nobody hears the alarms", 90),
    Tried("UpkeepDue", "a gauge can't be read", 150),
    Tried("UpkeepDue", "sixty days ahead no decree names the days off", 60),
    Tried("UpkeepDue", "the anchors' bucket refuses the day's heads", 3090),
    Tried("UpkeepDue", "whatever the sweep writes to a case, somebody else was faster", 210),
    Tried("FunctionsFailing", "intake's release can't be imported", 10, _DIES),
    Tried("FunctionsFailing", "intake and deliver are killed in the middle", 10, _DIES),
    Tried(
        "FunctionsFailing", "deliver's release can't be imported", 10, {"CanaryFailed": _CANARY, "WorkFailing": _UNSENT}
    ),
    Tried("FunctionsThrottled", "the account has ten runs at once, and more are wanted", 15, series=Series.BY_HAND),
    Tried("ApiFailing", "the bucket refuses what the form stores", 5),
    Tried("ApiFailing", "the table refuses the officers' API", 5),
    Tried("ChannelSilent", "half of what a platform sent in a week can't be read: two bodies of two", 90),
    Tried("ChannelSilent", "nothing comes by Telegram any more, where it came thrice a day for fifteen days", 1530),
    Tried("TimeRefused", "somebody starts the sweep an hour ahead", 5),
    Tried("TimeRefused", "somebody starts the sweep with no time", 5),
    Tried("WorkFailing", "the outbox's mapping is off", 20, {"CanaryFailed": _CANARY}),
    Tried(
        "WorkFailing",
        "a case's row can't be read",
        35,
        {"DeadLetters": "each round of digests says so too, and is given up as one that left a case out"},
    ),
)

#: What was recorded as well, and rang none.
SILENT: tuple[str, ...] = (
    "a day in which nobody writes",
    "an ordinary morning",
    "a sweep is killed",
    "the table refuses everybody for a minute",
    "SES throttles for two minutes",
    "a hundred forged webhooks",
    "one body of a platform that nobody knows",
    "one request that the bucket refuses",
    "two reports with terms of an hour that nobody answers",
    "a month in which nobody writes",
    "a village's month: ten cases, answered within days",
)

#: Where it also rang on the embedded AWS, and reached the operators' topic or was seen.
LIVE: Mapping[str, str] = {
    "ParkedGrowing": "[by itself](../../tests/acceptance/test_alarms_live.py)",
    "TimeRefused": "[by itself](../../tests/acceptance/test_alarms_live.py), [walked](WALKED.md)",
    "UpkeepDue": "[by itself](../../tests/acceptance/test_alarms_live.py), [walked](WALKED.md)",
    "CanaryFailed": "[walked](WALKED.md)",
    "LedgerOff": "[walked](WALKED.md)",
    "SweepStopped": "[walked](WALKED.md)",
    "FunctionsThrottled": "[walked](WALKED.md)",
}
