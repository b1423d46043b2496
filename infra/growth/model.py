"""The sums: what each load needs of everything that has an end, and at which rate each end is reached.

A need is linear in the load: so much for a case as it arrives, so much for its way through the offices, so much for
what is kept. `Bound.holds_to` walks along floods of one shape, from a drizzle up, to where the need is all there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from infra.bench.price import LAMBDA_LINES, WAIT_ELSE, Meter, Metered
from infra.build.template import read
from infra.growth import limits
from infra.growth.knobs import NEW, Knobs, knobs
from infra.growth.loads import OFFICE_SECONDS, Load, flood, loads
from infra.growth.measured import Measured

#: Runs that are there whatever comes in: the minute's sweep, and one of the rarer ones.
STANDING_RUNS = 2
#: A breach is recorded two minutes after it at most: two sweeps.
SWEEPS_IN_TIME = 2
#: DynamoDB's property of a table and of an index.
WARM = "WarmThroughput in the template"


@dataclass(frozen=True, slots=True)
class Bound:
    """Something that ends. Needed of it: `standing`, and for each new case a second `arriving`, each case a second that
    offices work on `working`, each case of the day `daily`, each kept `kept`, each of the ledger's days `windowed`.
    `knobs`: what turns it, as `knobs.is_there` takes it; empty where only a request to AWS does. `new`: holds only for
    an account that asked for nothing yet."""

    name: str
    unit: str
    have: float
    arriving: float = 0.0
    working: float = 0.0
    daily: float = 0.0
    kept: float = 0.0
    windowed: float = 0.0
    standing: float = 0.0
    turn: str = ""
    knobs: tuple[str, ...] = ()
    new: bool = False

    def need(self, load: Load) -> float:
        return (
            self.standing
            + self.arriving * load.peak
            + self.working * load.office
            + self.daily * load.day
            + self.kept * load.kept
            + self.windowed * load.window
        )

    def share(self, load: Load) -> float:
        return self.need(load) / self.have

    def holds_to(self) -> float:
        """New cases a second at the peak of the flood that takes all of it."""
        rest, slope = self.need(flood(0, 0)), self.need(flood(1, 0)) - self.need(flood(0, 0))
        return (self.have - rest) / slope if slope > 0 else float("inf")


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of AWS that the parts of a case take, warm."""

    new: float
    letter: float
    event: float
    office: float
    office_intake: float


class Model:
    def __init__(self, measured: Measured, template: dict[str, Any] | None = None) -> None:
        self.measured = measured
        self.meter = Meter(measured.import_cpu)
        whole = template or read()
        self.parameters: dict[str, Any] = whole["Parameters"]
        self.knobs: Knobs = knobs(whole)
        self.few: Knobs = knobs(whole, NEW)
        self.loads = loads(self.knobs.kept_days, self.knobs.window_days)
        self.arriving, self.working = six_letters(measured.story)
        self.first = [measured.story[at] for at in self.arriving]
        self.life = [*self.first, *(measured.story[at] for at in self.working)]
        self.rest = [measured.story[at] for at in self.working if measured.story[at].function != "escalate"]
        new, letter, event = (self.meter.seconds(one) for one in self.first)
        self.runs = Run(
            new,
            letter,
            event,
            self._seconds(self.rest),
            self._seconds([one for one in self.rest if one.function == "intake"]),
        )

    def _seconds(self, runs: Sequence[Metered]) -> float:
        return sum(self.meter.seconds(one) for one in runs)

    @property
    def letters(self) -> int:
        """After the acknowledgement."""
        return sum(one.count("sesv2 SendEmail") for one in self.life) - 1

    def sweep_seconds(self) -> float:
        """Of one case that is due, in the sweep: several wait at once, and one computes."""
        sweep = self.measured.sweep
        computing = (sweep.full.cpu - sweep.empty.cpu) / self.meter.core("escalate")
        waiting = sweep.full.waiting - sweep.empty.waiting
        return max(computing, (computing + waiting) / self.knobs.sweep_at_once) / sweep.due

    def swept(self, shares: int) -> float:
        """Cases of one minute: what one sweep takes before the time that it keeps for letters, or its `shares` together
        until its own time is over. They start cold, after it has looked."""
        knob, looking = self.knobs, self.meter.seconds(self.measured.sweep.empty)
        if not shares:
            left = knob.sweep_timeout - knob.sweep_for_letters - looking
            return min(knob.sweep_limit, left / self.sweep_seconds())
        left = knob.sweep_timeout - knob.share_last - looking - self.meter.cold_seconds("escalate")
        return shares * min(knob.share_limit, left / self.sweep_seconds())

    def recorded(self, cases: int, shares: int, desks: int) -> float:
        """Minutes until so many deadlines of one instant are recorded: by the runs that there are, and by what the key
        of each of so many desks takes."""
        reminded = next(at for at, one in enumerate(self.measured.story) if one.function == "escalate")
        of_a_desk = self._units([reminded], "desk UNIT#-")
        a_minute = min(self.swept(shares), desks * limits.PARTITION_WRITES * 60 / of_a_desk)
        return cases / a_minute

    def ledger_seconds(self) -> tuple[float, float]:
        """Of one object in the bucket, of one arrival in the ledger's days."""
        ledger = self.measured.ledger
        listings = ledger.full.count("s3 ListObjectsV2")
        calls = {name: count - ledger.empty.calls.get(name, 0) for name, count in ledger.full.calls.items()}
        asked = sum(count for name, count in calls.items() if name != "s3 ListObjectsV2")
        cpu = max(0.0, ledger.full.cpu - ledger.empty.cpu) / self.meter.core("ledger")
        return limits.LISTING_SECONDS / 1_000 if listings else 0.0, (cpu + asked * WAIT_ELSE) / ledger.arrivals

    def digest_seconds(self) -> float:
        """Of one open case of a desk."""
        digest = self.measured.digest
        idle = self.meter.seconds(self.measured.idle["digest"])
        return (self.meter.seconds(digest.run) - idle) / digest.open_cases

    def objects(self) -> int:
        """What one case leaves in the arrivals bucket: a mail, and an event for each of its letters."""
        return 1 + sum(one.count("s3 PutObject") for one in self.life if one.step.endswith("delivered"))

    def writes(self, place: str) -> tuple[float, float]:
        """Units of a table or index: for a case as it arrives, for its way through the offices."""
        return self._units(self.arriving, place), self._units(self.working, place)

    def shared(self, key: str) -> tuple[float, float]:
        """The same of one key that all cases have in common."""
        return self._units(self.arriving, key), self._units(self.working, key)

    def _units(self, runs: Sequence[int], what: str) -> float:
        """`what`: a table or index, or a key of it."""
        written = [self.measured.written[at] for at in runs]
        return sum(units for keys in written for key, units in keys.items() if what in (key, key.partition(" ")[0]))

    def logged(self) -> int:
        """Bytes of log of a case's life."""
        return sum(one.logged + LAMBDA_LINES for one in self.life)

    def bounds(self) -> list[Bound]:
        """In the order in which they end."""
        found = [*self._sending(), *self._running(), *self._scheduled(), *self._tables(), *self._doors()]
        return sorted(found, key=lambda one: one.holds_to())

    def _sending(self) -> list[Bound]:
        ask = "Service Quotas: SES sending"
        return [
            Bound("SES, letters a day, sandbox", "a day", limits.SANDBOX_A_DAY, daily=1, turn="leave it", new=True),
            Bound("SES, letters a second", "/s", limits.SES_A_SECOND, 1, self.letters, turn=ask, new=True),
            Bound(
                "SES, letters a day", "a day", limits.SES_A_DAY, 0, self.letters * OFFICE_SECONDS, 1, turn=ask, new=True
            ),
        ]

    def _running(self) -> list[Bound]:
        run, knob = self.runs, self.knobs
        together = run.new + run.letter + run.event
        ask = "Service Quotas: Lambda concurrent executions"
        senders = limits.NEW_TABLE_SHARDS * knob.stream_factor

        sent = self._seconds([one for one in self.rest if one.function == "deliver"])

        def at_once(name: str, have: int, new: bool = False) -> Bound:
            return Bound(name, "runs", have, together, run.office, standing=STANDING_RUNS, turn=ask, new=new)

        return [
            at_once("Lambda, runs at once, new account", limits.NEW_ACCOUNT_RUNS, new=True),
            at_once("Lambda, runs at once", limits.ACCOUNT_RUNS),
            Bound(
                "intake, readings at once",
                "runs",
                knob.intake_at_once,
                run.new + run.event,
                run.office_intake,
                turn="MaximumConcurrency",
                knobs=("IntakeFunction.Events.Arrival.Properties.ScalingConfig.MaximumConcurrency",),
            ),
            Bound(
                "intake, readings at once, new account",
                "runs",
                self.few.intake_at_once,
                run.new + run.event,
                run.office_intake,
                turn="RunsAtOnce",
                knobs=("IntakeFunction.Events.Arrival.Properties.ScalingConfig.MaximumConcurrency",),
                new=True,
            ),
            Bound(
                "deliver, sends at once",
                "runs",
                senders,
                run.letter,
                sent,
                turn="ParallelizationFactor (10 at most)",
                knobs=("DeliverFunction.Events.Outbox.Properties.ParallelizationFactor",),
            ),
        ]

    def _scheduled(self) -> list[Bound]:
        listing, looking = self.ledger_seconds()
        objects = self.objects()
        return [
            *(
                Bound(
                    "sweep, cases of a day due in one minute" + (", new account" if new else ""),
                    "cases",
                    SWEEPS_IN_TIME * self.swept(knob.sweep_shares),
                    daily=1,
                    turn="RunsAtOnce" if new else "MemorySize",
                    knobs=("EscalateFunction.Environment.Variables.SWEEP_SHARES",)
                    if new
                    else ("EscalateFunction.MemorySize", "application/sweep.py: SHARE_LIMIT"),
                    new=new,
                )
                for knob, new in ((self.knobs, False), (self.few, True))
            ),
            Bound(
                "ledger, a whole walk in a day",
                "s",
                self.knobs.ledger_runs * self.knobs.ledger_seconds,
                kept=objects * listing,
                windowed=objects * looking,
                turn="MemorySize, ArrivalsKeptDays",
                knobs=("LedgerFunction.MemorySize", "application/ledger_round.py: WINDOW"),
            ),
            Bound(
                "digest, seconds, a day's cases all open",
                "s",
                self.knobs.digest_timeout,
                daily=self.digest_seconds(),
                turn="MemorySize",
                knobs=("DigestFunction.MemorySize",),
            ),
        ]

    def _tables(self) -> list[Bound]:
        places = {"cases": "cases table", "vault": "vault table"}
        places |= {index: f"index {index}" for index in ("due", "desk", "ref")}
        found = [
            Bound(f"DynamoDB, {label}", "WCU", limits.NEW_TABLE_WRITES, *self.writes(place), turn=WARM, new=True)
            for place, label in places.items()
        ]
        hot: dict[str, Bound] = {}
        for key in sorted({key for keys in self.measured.written for key in keys if not key.endswith("*")}):
            arriving, working = self.shared(key)
            name, split, turn, files = _hot(key, self.knobs.shards)
            have = limits.PARTITION_WRITES
            one = Bound(name, "WCU", have, arriving / split, working / split, turn=turn, knobs=files)
            hot[name] = min(hot.get(name, one), one, key=Bound.holds_to)
        found += hot.values()
        return found

    def _doors(self) -> list[Bound]:
        run, knob = self.runs, self.knobs
        requests = sum(one.function == "portal" for one in self.life)
        kms = [sum(one.count("kms Encrypt", "kms Decrypt") for one in runs) for runs in (self.first, self.rest)]
        warm = run.new + run.letter + run.event
        per_key = (warm / knob.key_cached, run.office / knob.key_cached)
        api = "the area's line in MethodSettings"
        settings = ("Api.MethodSettings",)
        return [
            Bound("API, forms", "/s", knob.forms_a_second, 1, turn=api, knobs=settings),
            Bound("API, Meta's webhooks", "/s", knob.meta_a_second, 3, self.letters * 2, turn=api, knobs=settings),
            Bound("API, officers", "/s", knob.officers_a_second, working=requests, turn=api, knobs=settings),
            Bound("KMS, requests", "/s", limits.KMS_A_SECOND, kms[0], kms[1], turn="Service Quotas: KMS"),
            Bound("Secrets Manager, requests", "/s", limits.SECRETS_A_SECOND, *per_key, turn="Service Quotas"),
            Bound("S3, puts under events/", "/s", limits.S3_PUTS_A_SECOND, 1, self.letters, turn="splits by itself"),
        ]


def six_letters(story: Sequence[Metered]) -> tuple[list[int], list[int]]:
    """The story without the citizen's reply and what comes of it: one mail in, six letters out. The runs of its arrival
    (reading, acknowledgement, word of its delivery), and all that come after."""
    steps = [one.step for one in story]
    reply, closing = steps.index("reply"), steps.index("closing")
    life = [at for at in range(len(story)) if not reply <= at < closing]
    return life[:3], life[3:]


def _hot(key: str, shards: int) -> tuple[str, int, str, tuple[str, ...]]:
    """(name, keys that it spreads over, what turns it, where)."""
    place, _, partition = key.partition(" ")
    keys = "adapters/dynamodb/keys.py"
    table: dict[str, tuple[str, int, str, tuple[str, ...]]] = {
        "due C#": ("key: due cases, one shard", shards, "SHARDS", (f"{keys}: SHARDS",)),
        "due O#": ("key: unsent letters, one shard", shards, "SHARDS", (f"{keys}: SHARDS",)),
        "due E#": ("key: ladder's letters, one shard", shards, "SHARDS", (f"{keys}: SHARDS",)),
        "desk UNIT#-": ("key: the coordinator's desk", 1, "classification by the policy", ()),
        "cases NEW#-": ("key: the hour's new cases", 1, "the key by shard", (f"{keys}: announced_pk",)),
    }
    if key in table:
        return table[key]
    if partition.startswith("DAY#"):
        outcome = partition.rpartition("#")[2]
        row = "adapters/dynamodb/ledger.py: received_row"
        return f"key: the day's ledger rows, {outcome}", 1, "the key by hour", (row,)
    if partition.startswith("UNIT#"):
        return "key: one unit's desk, all cases on it", 1, "several units", ()
    if partition.startswith("FILE#"):
        return "key: one photo in every report", 1, "none: rows follow the photo", (f"{keys}: file_pk",)
    if partition.startswith("ALIKE#"):
        return "key: one wording in every report", 1, "none: rows follow the words", (f"{keys}: alike_ref",)
    return f"key: {place} {partition}", 1, "", ()
