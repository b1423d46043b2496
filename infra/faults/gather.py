"""The desk afterwards, read by its own adapters from the embedded AWS, without anything between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.faults.seen import AGAIN, Case
from infra.local.outbox import Outbox
from infra.local.places import Places, ask_embedded
from infra.ops import queues
from infra.ops.check_history import check_number, numbers_of_unit
from infra.ops.dead_letters import Lot
from infra.ops.path import stuck
from infra.ops.resend import Resend
from infra.ops.stack import OPERATOR, Stack
from tanggap.adapters.ids import RandomIds, utc_now
from tanggap.application.ledger import PREFIXES
from tanggap.domain.case import Received
from tanggap.domain.words import Outcome

_PAGE = 500


def stack_of(places: Places, ready: dict[str, Any]) -> Stack:
    ask_embedded(places.aws_endpoint)
    return Stack(ready["stack"], dict(ready["outputs"]))


class Desk:
    def __init__(self, stack: Stack, since: datetime) -> None:
        self.stack, self._since = stack, since
        parts = stack.parts
        # Made now: a run lasts long, and the tree it was started from may change meanwhile.
        self._cases, self._arrivals, self._vault, self._policies = (
            parts.cases,
            parts.arrivals,
            parts.vault,
            parts.policies,
        )

    def rows(self, outcomes: Sequence[Outcome] = tuple(Outcome)) -> Iterator[Received]:
        """Of the ledger, all that came since the run began."""
        # A mail's own date may be any; the ledger goes by when it came.
        for outcome in outcomes:
            after: str | None = None
            while True:
                until = datetime.now(UTC) + timedelta(minutes=5)
                page = self._cases.received(outcome, self._since, until, after, _PAGE)
                yield from page.rows
                after = page.after
                if after is None:
                    break

    def without(self) -> tuple[int, tuple[str, ...]]:
        """Objects in the arrivals bucket, and the keys of those of which some message has no outcome."""
        objects, missing = 0, list[str]()
        for prefix in PREFIXES:
            for page in self._arrivals.pages(prefix):
                keys = [one.key for one in page]
                objects += len(keys)
                for at in range(0, len(keys), 100):
                    lot = keys[at : at + 100]
                    known = self._cases.outcomes(lot)
                    missing += [key for key in lot if key not in known or Outcome.WAITING in known[key]]
        return objects, tuple(missing)

    def numbers(self) -> tuple[str, ...]:
        """Of all cases in the officers' lists."""
        policy = self._policies.current()
        units = ["-", *policy.units]
        return tuple(dict.fromkeys(number for unit in units for number in numbers_of_unit(self._cases, unit)))

    def cases_due(self, at: datetime) -> int:
        return sum(not due.delivery for due in self._cases.due(at, _PAGE))

    def send_again(self) -> int:
        """What an operator does with letters whose answer was lost twice, which nobody may repeat unasked. How many."""
        resend, done = Resend(self._cases, self._policies, RandomIds(), utc_now), 0
        for number in self.numbers():
            file = self._cases.file(number, texts=False)
            for row in stuck(file.deliveries) if file else ():
                if row.reason == "answer_lost":
                    resend(number, row.id, OPERATOR.actor)
                    done += 1
        return done

    def given_up(self) -> dict[str, int]:
        """What lies in each queue of dead letters."""
        found = {}
        for name, url in queues.names(self.stack).items():
            if queues.given_up(name):
                counts = Lot(self.stack, url).counts()
                found[name] = counts.waiting + counts.taken + counts.delayed
        return found

    def case(self, number: str, at: datetime) -> Case | None:
        """`at`: until when all that is due should have been done."""
        file = self._cases.file(number)
        if file is None:
            return None
        finding = check_number(self._cases, self._vault, number, attachments=True)
        again = {one.again_of for one in file.deliveries}
        climbed = [entry.data for entry in file.history if entry.event == "escalated"]
        return Case(
            number,
            tuple(one.external_id.strip("<> ") for one in file.messages if one.direction == "in"),
            {
                one.id: (one.purpose.value, AGAIN if one.id in again else one.state.value, one.repeats)
                for one in (*file.letters, *file.digests)
            },
            tuple(f"{one.get('clock', '')}/{one.get('unit', '')}/{one.get('step', '')}" for one in climbed),
            finding.faults,
            file.case.due_at is not None and file.case.due_at <= at,
        )


def mailed(places: Places, after: str) -> Counter[str]:
    """How often each letter left by SES since, by its id."""
    found: Counter[str] = Counter()
    for mail in Outbox(places.outbox).after(after):
        found[mail.tags.get("delivery", "")] += 1
    return found
