"""The suite: round by round, until all is quiet, and then what the desk has of it."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.bench.corpus import Corpus
from infra.faults.acts import ACTS, Act
from infra.faults.gather import Desk, mailed, stack_of
from infra.faults.proxy import Proxy
from infra.faults.rounds import Round, shares
from infra.faults.rules import Fault
from infra.faults.seen import Message, Played, Seen
from infra.load import machine
from infra.load.answers import Answers, readings, runs_of, waiting_notices
from infra.load.senders import Citizens, Prepared, Sending, Sent
from infra.local.aws import client
from infra.local.outbox import Outbox
from infra.local.places import Places
from infra.ops import queues
from tanggap.domain.words import Outcome

Tell = Callable[[str], None]

#: Seconds for which a notice is hidden while it is read: more than intake's 30, less than template.yaml's 180, so that
#: what a fault sent back is tried again within the round's time.
HIDDEN = 40
#: Seconds of waiting: after a group of rounds, and in the end (a claim whose function was killed lasts 120).
BETWEEN, LAST = 45.0, 240.0
#: A sweep in those times looks so many minutes ahead: further than a letter's next try, nearer than any deadline.
AHEAD = (0, 3, 10, 30, 75)
SWEEP_EVERY = 6.0
#: As platforms do with a webhook that was not taken: seconds before each further try.
AGAIN = (1.0, 2.0, 4.0, 8.0, 15.0, 20.0)
LOOK = 0.3
#: Seconds that the faults of a round last at most.
LONGEST = 45.0
#: Seconds that they last on while somebody has no answer, where they are no burst: what takes longer waits for its
#: next try, and meets the next round's.
MORE = 8.0
#: The only function that AWS itself runs while a stack changes; it is no part of the desk at work.
NOT_THROUGH = "SetupFunction"


class NotQuiet(RuntimeError):
    """Not even what came without any fault was acknowledged."""


@dataclass(frozen=True, slots=True)
class Asked:
    rounds: tuple[Round, ...]
    mails: int
    webhooks: int
    seed: int


class Run:
    """`began`: when the first citizen wrote. `swept_to`: as far as simulated time went."""

    def __init__(self, places: Places, ready: dict[str, Any], proxy: Proxy, asked: Asked, tell: Tell) -> None:
        self.places, self.ready, self.endpoint, self.tell = places, ready, places.aws_endpoint, tell
        self.emulator = machine.emulator_of(places.aws_port)
        self.functions = {name: value for name, value in ready["outputs"].items() if name.endswith("Function")}
        self.began = self.swept_to = datetime.now(UTC)
        self._proxy, self._asked, self._random = proxy, asked, random.Random(asked.seed)  # noqa: S311 - repeatable
        self._answers, self._citizens = Answers(places, ready), Citizens(ready)
        self._corpus = Corpus(ready["intake_address"])
        self._first = max(Outbox(places.outbox).names(), default="")
        self.desk = Desk(stack_of(places, ready), self.began - timedelta(seconds=2))
        self._sent: list[tuple[Sent, str]] = []
        self._sending: list[Sending] = []
        self._round, self._since, self._again = "", time.time(), 0
        self._fired: Counter[str] = Counter()
        self._names: tuple[str, ...] = ()
        self._kept_back: list[str] = []
        self._sent_again = 0
        self._lock = threading.Lock()

    # ── The run ───────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> Seen:
        """Raises NotQuiet."""
        began = time.monotonic()
        self.visibility()
        self._through_the_proxy()
        self._warm_up()
        played = []
        rounds = self._asked.rounds
        mails, webhooks = shares(self._asked.mails, rounds), shares(self._asked.webhooks, rounds)
        for at, one in enumerate(rounds):
            played.append(self._play(one, mails[at], webhooks[at]))
            if at + 1 == len(rounds) or rounds[at + 1].group != one.group:
                self._between()
        given_up = self._put_back()
        return replace(self._seen(tuple(played), given_up), took=time.monotonic() - began)

    def _warm_up(self) -> None:
        """One at a time: here a cold start takes the processors away from all others. Raises NotQuiet."""
        self._round = "warm-up"
        for at in range(2):
            for make in (self._citizens.mail, self._citizens.webhook):
                sent, send = make(at, time.time())
                sent.began = time.time()
                send()
                self._sent.append((sent, self._round))
                if not self.until(lambda: not self.waiting(), 60.0):
                    raise NotQuiet(f"the first {sent.channel} had no answer within a minute")

    def _through_the_proxy(self) -> None:
        """By the SDK's own setting. The next run of each function begins anew with it."""
        functions = client("lambda", self.endpoint)
        for output, name in self.functions.items():
            if output == NOT_THROUGH:
                continue
            known = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            pointed = {**known, "AWS_ENDPOINT_URL": self._proxy.url}
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": pointed})

    def _play(self, one: Round, mails: int, webhooks: int) -> Played:
        self.tell(f"{one.name}: {mails} mails, {webhooks} webhooks")
        self._round, self._since, self._again = one.name, time.time(), 0
        self._fired, self._kept_back = Counter(), []
        act = ACTS[one.act](self, self._random)
        act.begin()
        self.put(one.faults)
        began = time.time()
        mail = self._stored if one.act == "notices" else self._citizens.mail
        kinds = ((mail, mails), (self._stubborn, webhooks))
        writing = max(1.0, one.seconds - 1.0)
        self._sending = [Sending(make, count / writing, writing, began) for make, count in kinds if count]
        for sending in self._sending:
            sending.start()
        self._through(one, act, began)
        self.until(lambda: all(sending.over() for sending in self._sending), sum(AGAIN) + 60.0)
        for sending in self._sending:
            sending.stop()
        act.end()
        self.put(())
        waiting = len(self.waiting())
        self._sent += [(sent, one.name) for sending in self._sending for sent in list(sending.sent)]
        self._sending = []
        played = Played(
            name=one.name,
            partly=one.partly,
            mails=mails,
            webhooks=webhooks,
            fired=dict(self._fired),
            done=dict(act.done),
            again=self._again,
            waiting=waiting,
            runs=self.intake_runs(),
            took=round(time.time() - self._since, 1),
        )
        happened = ", ".join(f"{name} {count}" for name, count in {**played.fired, **played.done}.items())
        self.tell(f"  {happened}; {played.again} webhooks tried again, {waiting} without an answer yet")
        return played

    def _through(self, one: Round, act: Act, began: float) -> None:
        """Until its faults are over: a burst so many seconds after its first call, all else once everybody has an
        answer. A machine that is busy with other things takes longer to come to a call."""
        met = 0.0
        while (now := time.time()) - began < LONGEST:
            self._look()
            act.during(now - began)
            if one.burst:
                met = met or (now if any(self._proxy.fired().values()) else 0.0)
                if met and now - met >= one.burst:
                    break
            elif now - began >= one.seconds and not (
                one.faults and self.waiting() and now - began < one.seconds + MORE
            ):
                break
            time.sleep(LOOK)
        self.put(())

    # ── Who writes ────────────────────────────────────────────────────────────────────────────────────────────────

    def _stubborn(self, at: int, due: float) -> Prepared:
        """A platform: what is not taken it sends again, the same bytes."""
        sent, send = self._citizens.webhook(at, due)

        def until_taken() -> None:
            for wait in AGAIN:
                try:
                    send()
                except (OSError, http.client.HTTPException):
                    with self._lock:
                        self._again += 1
                    time.sleep(wait)
                else:
                    return
            send()

        return sent, until_taken

    def _stored(self, at: int, due: float) -> Prepared:
        """A mail as SES leaves it, whose notice is kept back."""
        names, bucket = self._corpus.names, self.ready["outputs"]["ArrivalsBucket"]
        mail = self._corpus.mail(names[at % len(names)])
        arrived = self._corpus.arrived(mail, bucket)

        def store() -> None:
            client("s3", self.endpoint).put_object(Bucket=bucket, Key=arrived.key, Body=arrived.stored)
            with self._lock:
                self._kept_back.append(arrived.notice)

        return Sent("email", mail.sender, f"bench.{mail.sender}", due), store

    def kept_back(self) -> list[str]:
        return list(self._kept_back)

    def of_round(self) -> list[Sent]:
        return [sent for sending in self._sending for sent in list(sending.sent)]

    # ── What acts do ──────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, faults: Iterable[Fault]) -> None:
        """In the place of those that are there, whose counts are kept."""
        if self._names:
            self._fired.update(self._proxy.fired())
        asked = list(faults)
        rules = {fault.name: fault.rule() for fault in asked}
        self._proxy.put(rules)
        self._names = tuple(rules)
        for name in rules:
            self._fired[name] += 0

    def visibility(self, seconds: int = HIDDEN) -> None:
        client("sqs", self.endpoint).set_queue_attributes(
            QueueUrl=self.ready["outputs"]["ArrivalsQueueUrl"], Attributes={"VisibilityTimeout": str(seconds)}
        )

    def announce(self, notice: str, late: int) -> None:
        """Once more, so many seconds from now."""
        client("sqs", self.endpoint).send_message(
            QueueUrl=self.ready["outputs"]["ArrivalsQueueUrl"], MessageBody=notice, DelaySeconds=late
        )

    def stored(self, prefix: str) -> list[str]:
        """Keys of what lies in the arrivals bucket since the round began."""
        since = datetime.fromtimestamp(self._since, UTC) - timedelta(seconds=1)
        pages = client("s3", self.endpoint).get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.ready["outputs"]["ArrivalsBucket"], Prefix=prefix)
        return [one["Key"] for page in found for one in page.get("Contents", ()) if one["LastModified"] >= since]

    def sweep(self, at: datetime) -> dict[str, Any]:
        """What the schedule does each minute, at a time of ours. Empty where the function failed."""
        payload = {"source": "aws.events", "detail-type": "Scheduled Event", "time": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        with contextlib.suppress(ClientError, BotoCoreError):
            answer = client("lambda", self.endpoint).invoke(
                FunctionName=self.functions["EscalateFunction"], Payload=json.dumps(payload).encode()
            )
            if "FunctionError" not in answer:
                return dict(json.loads(answer["Payload"].read()))
        return {}

    def intake_runs(self) -> int:
        """Of intake, since the round began."""
        return len(runs_of(self.ready, "intake", self._since))

    def readings(self) -> Counter[tuple[str, str]]:
        """How often intake read each message to its end, since the round began."""
        return readings(self.ready, self._since)

    def until(self, look: Callable[[], bool], within: float) -> bool:
        ends = time.monotonic() + within
        while True:
            self._look()
            if look():
                return True
            if time.monotonic() > ends:
                return False
            time.sleep(LOOK)

    # ── Waiting ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _look(self) -> None:
        with contextlib.suppress(OSError):
            self._answers.look(chats=True)

    def waiting(self) -> list[Sent]:
        """Accepted, and without an acknowledgement."""
        everybody = [sent for sent, _ in self._sent] + self.of_round()
        return [one for one in everybody if not one.refused and (one.channel, one.who) not in self._answers.times]

    def notices(self) -> tuple[int, int]:
        """Of the arrivals queue: what waits, what is being read."""
        return waiting_notices(self.ready)

    def unfiled(self) -> bool:
        return any(self.notices())

    def _settle(self, patience: float) -> bool:
        """Without faults, the schedule's sweeps a little ahead of their time: until everybody has an answer and no
        notice waits."""
        began, turns, swept = time.monotonic(), 0, 0.0

        def quiet() -> bool:
            nonlocal turns, swept
            if time.monotonic() - swept > SWEEP_EVERY:
                ahead = AHEAD[turns % len(AHEAD)]
                turns, swept = turns + 1, time.monotonic()
                self.sweep(datetime.now(UTC) + timedelta(minutes=ahead))
            return not self.waiting() and not self.unfiled()

        calm = self.until(quiet, patience)
        state = "quiet" if calm else f"{len(self.waiting())} without an answer, notices {waiting_notices(self.ready)}"
        self.tell(f"  settled {time.monotonic() - began:.0f} s: {state}")
        return calm

    def _between(self) -> None:
        """Who has no answer may be waiting for a letter that is held, as an operator sees before the next group: each
        further one would wait for them in vain."""
        if not self._settle(BETWEEN):
            self._sent_again += self.desk.send_again()

    def _put_back(self) -> dict[str, int]:
        """The operator's part: what was given up is put back. How much of it lay in which queue."""
        self._settle(LAST)
        if again := self.desk.send_again():
            self._sent_again += again
            self._settle(LAST)
        given_up: Counter[str] = Counter()
        for _ in range(3):
            lying = {name: count for name, count in self.desk.given_up().items() if count}
            if not lying:
                break
            given_up.update(lying)
            for name in lying:
                queues.redrive(self.desk.stack, name, "", dry_run=False)
            self._settle(LAST)
        return dict(given_up)

    # ── What the desk has ─────────────────────────────────────────────────────────────────────────────────────────

    def _seen(self, played: tuple[Played, ...], given_up: dict[str, int]) -> Seen:
        self.tell("reading what the desk has of it")
        rows: dict[tuple[str, str], list[tuple[str, str]]] = {}
        outcomes: Counter[str] = Counter()
        parked = []
        for row in self.desk.rows([one for one in Outcome if one is not Outcome.WAITING]):
            outcomes[row.outcome.value] += 1
            rows.setdefault((row.channel.value, row.external_id.strip("<> ")), []).append((row.outcome.value, row.case))
            if row.outcome is Outcome.PARKED:
                parked.append(row.arrival)
        messages = tuple(
            Message(
                sent,
                name,
                tuple(rows.get((sent.channel, sent.id), ())),
                tuple(self._answers.times.get((sent.channel, sent.who), ())),
            )
            for sent, name in self._sent
        )
        opened = {case for one in messages for outcome, case in one.rows if outcome == "filed"}
        listed = set(self.desk.numbers())
        now = datetime.now(UTC)
        ahead = {case for one in messages if one.round.endswith("sweeps") for _, case in one.rows}
        cases = {
            number: case
            for number in sorted(opened | listed)
            if (case := self.desk.case(number, self.swept_to if number in ahead else now))
        }
        objects, without = self.desk.without()
        return Seen(
            played=played,
            messages=messages,
            cases=cases,
            mailed=mailed(self.places, self._first),
            strays=tuple(sorted(listed - opened)),
            objects=objects,
            without=without,
            parked=tuple(parked),
            outcomes=dict(outcomes),
            balanced=self._ledger(),
            left=self.desk.given_up(),
            given_up=given_up,
            sent_again=self._sent_again,
            calls=self._proxy.calls(),
        )

    def _ledger(self) -> bool:
        """The desk's own count."""
        answer = client("lambda", self.endpoint).invoke(FunctionName=self.functions["LedgerFunction"])
        if "FunctionError" in answer:
            return False
        report = json.loads(answer["Payload"].read())
        return bool(report["balanced"] and not report["overdue"] and not report["waiting"])
