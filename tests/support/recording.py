"""A desk with its own handlers (functions/*/app.py) on the village's queues, stream and clocks, started by its
schedules, and what CloudWatch gets of it: our metrics out of the lines that the handlers print, Lambda's of how each
run ended, the stream's lag, ages and depths of queues, and the API's errors.

What only AWS knows (SES's reputation, its publish failures, the account's throttles) is not here."""

from __future__ import annotations

import io
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

from infra.build.template import read as read_template
from infra.watch.evaluate import Point
from tanggap.adapters.canary import ByMail, ByWebForm
from tanggap.adapters.channels.http import Http
from tanggap.adapters.channels.secrets import ChannelSecrets
from tanggap.adapters.channels.ways_out import WaysOut
from tanggap.adapters.memory_stores import MemoryLocked
from tanggap.adapters.secrets import ReplyTokens, Secret
from tanggap.adapters.ses import SesPost
from tanggap.adapters.upkeep import AwsAccount
from tanggap.application.anchors import Anchor
from tanggap.application.canary import Canary
from tanggap.application.digest import Digest
from tanggap.application.gauges import Gauges
from tanggap.application.recompute import Recompute
from tanggap.application.scheduled import Scheduled
from tanggap.application.sweep import Sweep
from tanggap.domain.canary import is_canary
from tanggap.domain.words import CHAT
from tanggap.entrypoints import deliver, intake, media, observe
from tanggap.entrypoints.webhooks.limits import REPORTS, UPLOADS, Limiter
from tanggap.entrypoints.webhooks.parts import Parts
from tests.support import canary, web_forms, webhooks
from tests.support.cuts import Killed
from tests.support.lambdas import function
from tests.support.recorded_aws import Graph, Locks, Receiving, Ses, Store, Topic, replied
from tests.support.troubles import cast
from tests.support.troubles.faults import Faulty
from tests.support.troubles.flows import Notice, Queue, Stream
from tests.support.troubles.village import Village
from tests.support.world import DOMAIN, INTAKE, KEYS, POLICY

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: A Monday, 07:00 in Jakarta.
BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
_TEMPLATE = read_template()
#: As the stack's functions are told it, its name left open as infra.watch.alarms leaves it.
NAMESPACE = _TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]["Fn::Sub"]
API = (("ApiName", "AWS::StackName"), ("Stage", "live"))
#: "When a message is received more than three times …, the metric excludes it": SQS's guide, of the oldest one's age.
AGED_RECEIVES = 3
#: Runs of the functions that a schedule starts, one that fails tried again so often (template.yaml; held against it by
#: tests/unit/watch/test_recording.py). A run of the canary that fails leaves nothing behind.
RETRIES: Mapping[str, int] = {"escalate": 1, "digest": 1, "ledger": 2, "canary": 0}
#: Lambda's waits before the first and before the second retry of an asynchronous event.
WAITS = (MINUTE, 2 * MINUTE)
_QUIET = logging.CRITICAL


@dataclass
class Schedules:
    """Which of them run, and which mapping: an operator, or a change by hand, turned the others off."""

    off: set[str] = field(default_factory=set)


class Watched(Queue):
    """A queue that tells how old its oldest is."""

    def __init__(self, agenda: Any, work: Callable[[Notice], bool], dead: list[Notice], name: str) -> None:
        super().__init__(agenda, work, dead)
        self.name, self.held = name, dict[int, Notice]()

    def _return(self, notice: Notice) -> None:
        self.held[id(notice)] = notice
        super()._return(notice)

    def _receive(self, notice: Notice) -> None:
        if self.name in self.agenda.switches.off:  # type: ignore[attr-defined]
            notice.back = self.agenda.now + MINUTE
            self._return(notice)
            return
        super()._receive(notice)

    def age(self) -> float:
        self.held = {name: one for name, one in self.held.items() if not one.gone}
        counted = [one.sent for one in self.held.values() if one.receives <= AGED_RECEIVES]
        return (self.agenda.now - min(counted)).total_seconds() if counted else 0.0


class Lagging(Stream):
    """A stream whose records say when they were written."""

    def show(self, place: str, record: Any) -> None:
        if "deliver" in self.agenda.switches.off:  # type: ignore[attr-defined]
            return
        record["dynamodb"]["ApproximateCreationDateTime"] = self.agenda.now.timestamp()
        super().show(place, record)


class Context:
    """What a run is told of itself."""

    memory_limit_in_mb = 512
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def __init__(self, name: str) -> None:
        self.function_name = name
        self.invoked_function_arn = f"arn:aws:lambda:ap-southeast-1:123456789012:function:{name}"
        self.milliseconds = 1000 * _TIMEOUTS[name]

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


class Recorded(Village):
    """`policy`: the agency's. Time begins at `begin`; nothing has happened before."""

    def __init__(self, policy: dict[str, Any] = POLICY, begin: datetime = BEGIN) -> None:
        self.points: list[Point] = []
        self.printed: Counter[tuple[str, str, str]] = Counter()  # of our own metrics: namespace, name, unit
        self.told: Counter[str] = Counter()  # codes of lines
        self.switches = Schedules()
        self.failures: list[Any] = []  # the queue of what was given up
        self.answers: dict[str, Any] = {}  # the last one of each function
        self.begin = begin
        super().__init__(policy=policy)
        self.now = begin
        self._start_schedules()

    # -- how it is put together

    def _hour(self) -> None:
        """The schedule's, not the village's."""

    def _next_sweep(self) -> datetime | None:
        return None

    def overdue(self) -> bool:
        return False

    def _wire(self) -> None:
        self.lookup = webhooks.SecretsManager({"keys": {name: key.decode() for name, key in KEYS.items()}})
        self.channel_keys = webhooks.SecretsManager(
            {
                "meta": {"app_secrets": ["new-app-secret"], "verify_tokens": ["v"]},
                "whatsapp": {"phone_number_id": "1066", "token": "EAAG-token"},
                "telegram": {"secrets": ["telegram-new"], "token": "1:t"},
            }
        )
        self.new_processes()
        self.tokens = ReplyTokens(lambda: self.secret.keys())
        self.queue = Watched(self, self._intake, self.dead, "ArrivalsQueue")
        self.media_queue = Watched(self, self._media, self.dead, "MediaQueue")
        self.stream = Lagging(self, self._deliver)
        self.objects = self.arrivals
        find = self.vault.find

        def with_keys(address: str, typed: bool = False) -> str | None:
            """As KmsVault finds: by a hash under the look-up secret."""
            self.secret.keys()
            return find(address, typed)

        self.vault.find = with_keys  # type: ignore[method-assign]
        super()._wire()
        # A page of cases, where a bucket's is a stream of names.
        self.table.listing = lambda *asked, **more: self.table._around("listing", self.cases.listing, *asked, **more)
        self.ses, self.topic, self.platform = Ses(self), Topic(), Graph()
        self.receiving, self.locks = Receiving(), Locks()
        self.locked = MemoryLocked(self.clock)
        self.deliver.post = self.deliver.dispatch.post = SesPost(
            lambda: self.ses, lambda: "Pemerintah Desa Contoh", INTAKE, "set", self.tokens.of, self.tokens.of_office
        )
        http = Http(lambda: self.platform)  # type: ignore[arg-type, return-value]
        ways = WaysOut(lambda name: self.channels.section(name), "https://graph", "https://telegram", http)
        self.chats.update({channel: ways.chat_of(channel) for channel in CHAT})
        self._compose()

    def new_processes(self) -> None:
        """Secrets are asked for anew, as by a function's first run in a process."""
        self.secret = Secret(lambda: self.lookup, "lookup", self._elapsed, self.clock)
        self.channels = ChannelSecrets(lambda: self.channel_keys, "channels", self._elapsed)

    def _compose(self) -> None:
        table, policies = self.ports
        anchor = Anchor(table, table, policies, Faulty(self.locked, "anchors", self.plan), self.clock, "cases")
        services = {"sesv2": self.ses, "ses": self.receiving, "sns": self.topic, "s3": self.locks}
        account = AwsAccount(
            services.__getitem__, lambda name: self.channels.section(name), "arn:aws:sns:alarms", "ours", "anchors"
        )
        gauges = Gauges(table, table, table, policies, account, self.clock, anchor.last)
        self.rounds = canary.Kept()
        sings = Canary(
            table,
            self.rounds,
            ByMail(lambda: self.ses, INTAKE, "quiet"),
            ByWebForm("https://api", lambda: SimpleNamespace(request=self._requested)),  # type: ignore[arg-type, return-value]
            self.tokens,
            DOMAIN,
            self.clock,
        )

        def work(remaining: Callable[[], timedelta]) -> Scheduled:
            return Scheduled(table, policies, self.ids, self.clock, remaining=remaining)

        parts = SimpleNamespace(
            settings=SimpleNamespace(canary_minutes="180", anchors_bucket="anchors"),
            sweep=lambda remaining, name: Sweep(work(remaining), table),
            recompute=lambda remaining: Recompute(work(remaining)),
            digest=lambda remaining: Digest(work(remaining), table),
            count=self.counting,
            anchor=anchor,
            gauges=gauges,
            canary=sings,
        )
        self.tracking = web_forms.Desk(self).tracking
        store = Store(self)
        doors = Parts(
            store=store,
            secrets=ChannelSecrets(lambda: self.channel_keys, "channels", self._elapsed),
            reports=Limiter(REPORTS, self._elapsed, b"k" * 16),
            uploads=Limiter(UPLOADS, self._elapsed, b"k" * 16),
            public_url="https://lapor.example",
            open311=False,
            clock=self.clock,
        )
        self.apps: dict[str, ModuleType] = {name: function(name) for name in _FUNCTIONS}
        for name in RETRIES:
            self.apps[name].services = lambda kind: parts  # type: ignore[attr-defined]
        known = self.parts
        self.apps["intake"].intake = SimpleNamespace(  # type: ignore[attr-defined]
            work=lambda body, attributes, **more: intake.work(body, attributes, known, **more)
        )
        self.apps["media"].media = SimpleNamespace(  # type: ignore[attr-defined]
            work=lambda body, attributes: media.work(body, attributes, known),
            put_off=lambda receipt, attributes: media.put_off(receipt, attributes, known),
        )
        self.apps["deliver"].deliver = SimpleNamespace(  # type: ignore[attr-defined]
            case_of=deliver.case_of,
            row_of=deliver.row_of,
            work=lambda record: deliver.work(record, known),
            waited=deliver.waited,
            charged=deliver.charged,
        )
        respond = self.apps["webhooks"].respond
        self.apps["webhooks"].respond = lambda event: respond(event, lambda: doors)  # type: ignore[attr-defined]

    # -- runs

    def run(self, name: str, event: dict[str, Any]) -> Any:
        """One invocation. What it printed and how it ended are recorded. Raises what ended it."""
        self._of(name, "Invocations", 1)
        out, failed = io.StringIO(), 1
        try:
            with self.running(name), redirect_stdout(out):
                answer = self.apps[name].handler(event, Context(name))
            failed, self.answers[name] = 0, answer
        finally:
            self._of(name, "Errors", failed)
            self._take_metrics(out.getvalue())
        return answer

    def _of(self, name: str, metric: str, value: float) -> None:
        where = (("FunctionName", f"{name.capitalize()}Function"),)
        self.points.append(Point("AWS/Lambda", metric, where, self.now, value))

    def _take_metrics(self, printed: str) -> None:
        """Embedded metrics, as CloudWatch takes them out of what a function prints."""
        for line in printed.splitlines():
            told = json.loads(line)
            for one in told["_aws"]["CloudWatchMetrics"]:
                for names in one["Dimensions"]:
                    where = tuple(sorted((name, str(told[name])) for name in names))
                    for metric in one["Metrics"]:
                        name = metric["Name"]
                        self.printed[one["Namespace"], name, metric["Unit"]] += 1
                        values = told[name] if isinstance(told[name], list) else [told[name]]
                        self.points += (Point(one["Namespace"], name, where, self.now, value) for value in values)

    def _record(self, notice: Notice) -> dict[str, Any]:
        return {"messageId": "m", "receiptHandle": notice, "body": notice.body, "attributes": notice.attributes}

    def _of_queue(self, name: str, notice: Notice) -> bool:
        try:
            answer = self.run(name, {"Records": [self._record(notice)]})
        except (Killed, Exception):
            return False
        return not answer["batchItemFailures"]

    def _intake(self, notice: Notice) -> bool:
        return self._of_queue("intake", notice)

    def _media(self, notice: Notice) -> bool:
        return self._of_queue("media", notice)

    def _deliver(self, records: list[Any]) -> bool:
        if not records:
            return True
        written = records[-1]["dynamodb"]["ApproximateCreationDateTime"]
        self._of("deliver", "IteratorAge", 1000 * (self.now.timestamp() - written))
        try:
            self.run("deliver", {"Records": records})
        except (Killed, Exception):
            return False
        return True

    def _scheduled(self, name: str, event: dict[str, Any], tries: int | None = None) -> None:
        left = RETRIES[name] if tries is None else tries
        try:
            self.run(name, event)
        except (Killed, Exception):
            if left:
                wait = WAITS[RETRIES[name] - left]
                self.schedule(self.now + wait, lambda: self._scheduled(name, event, left - 1))
            elif RETRIES[name]:
                self.failures.append(event)

    # -- schedules

    def _start_schedules(self) -> None:
        self._every(MINUTE, self.begin, self._minutely)
        for name, (step, offset) in RATES.items():
            self._every(step, self.begin + offset, lambda name=name: self._start(name))  # type: ignore[misc]

    def _every(self, step: timedelta, at: datetime, do: Callable[[], None]) -> None:
        def tick() -> None:
            self._every(step, at + step, do)
            do()

        self.schedule(at, tick)

    def _start(self, name: str) -> None:
        if name in self.switches.off or (name == "digest" and not 5 <= (self.now + 7 * HOUR).hour <= 22):
            return
        self.start(name, self.now)

    def start(self, name: str, at: datetime) -> None:
        """By an event of its schedule."""
        source = "aws.scheduler" if name == "digest" else "aws.events"
        self._scheduled(name, {"time": at.isoformat(), "source": source})

    def _minutely(self) -> None:
        """What SQS tells of its queues each minute."""
        for queue in (self.queue, self.media_queue):
            self._of_sqs("ApproximateAgeOfOldestMessage", queue.name, queue.age())
        for name, held in (("ArrivalsDeadLetterQueue", self.dead), ("FailuresQueue", self.failures)):
            self._of_sqs("ApproximateNumberOfMessagesVisible", name, len(held))

    def _of_sqs(self, metric: str, name: str, value: float) -> None:
        self.points.append(Point("AWS/SQS", metric, (("QueueName", name),), self.now, value))

    def numbers(self) -> list[str]:
        """Cases of people, oldest first."""
        return [number for number in self.created if not is_canary(self.cases.cases[number])]

    # -- what comes in

    def comes_in(self, raw: bytes, source: str, to: str = INTAKE) -> None:
        """By SES: stored and announced."""
        self.arrived += 1
        key = f"mail/{self.arrived:04d}"
        self.arrivals.put(key, cast.stored(raw, source, self.now, f"{self.arrived:04d}"))
        topic = json.loads(cast.received(key, source, self.now))
        told = json.loads(topic["Message"])
        told["mail"]["destination"] = told["receipt"]["recipients"] = [to]
        self.queue.send(cast.in_topic(told))

    def asked(self, method: str, path: str, body: bytes = b"") -> Any:
        """A request to the webhooks' API, and what API Gateway counts of its answer."""
        return self.answered(webhooks.event(method, path, body, {"Content-Type": "application/json"}))

    def answered(self, event: dict[str, Any]) -> Any:
        answer = self.run("webhooks", event)
        self.points.append(Point("AWS/ApiGateway", "5XXError", API, self.now, float(answer["statusCode"] >= 500)))
        return answer

    def _requested(self, method: str, url: str, *, body: bytes | None = None, retries: Any = None, **more: Any) -> Any:
        """The canary's own HTTP client: asks again as its adapter says."""
        path = url.removeprefix("https://api")
        if method == "GET":  # the tracking page's part of the portal, by its use case
            number, _, code = path.removeprefix("/v1/reports/").partition("?code=")
            held = self.tracking.follow(number, code, "203.0.113.9").held
            status = str(held.case.status) if held.case else "received"
            return replied(200, json.dumps({"status": status}).encode())
        for _ in range(1 + (retries.total if retries else 0)):
            answer = self.asked(method, path, body or b"")
            if answer["statusCode"] not in (retries.status_forcelist if retries else ()):
                break
        return replied(answer["statusCode"], answer["body"].encode())


_FUNCTIONS = ("intake", "media", "deliver", "webhooks", *RETRIES)
_TIMEOUTS = {
    name: _TEMPLATE["Resources"][f"{name.capitalize()}Function"]["Properties"]["Timeout"] for name in _FUNCTIONS
}
#: How often each schedule starts its function, and when first.
RATES: Mapping[str, tuple[timedelta, timedelta]] = {
    "escalate": (MINUTE, timedelta()),
    "digest": (15 * MINUTE, timedelta()),
    "ledger": (HOUR, 17 * MINUTE),
    "canary": (5 * MINUTE, 2 * MINUTE),
}


@contextmanager
def recording() -> Iterator[None]:
    """Our metrics get the stack's namespace, and lines of the log are not kept."""
    before, level = observe.metrics.namespace, observe.logger.log_level
    observe.metrics.namespace = NAMESPACE
    observe.logger.setLevel(_QUIET)
    try:
        yield
    finally:
        observe.metrics.namespace = before
        observe.logger.setLevel(level)
