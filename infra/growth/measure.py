"""Measures the inputs on the embedded AWS, every function in this process: `python -m infra.growth --measure`."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.bench import imports, story, sweep, webhooks
from infra.bench.calls import RECORDER, outbox_rows, stream_event
from infra.bench.corpus import Corpus
from infra.bench.price import Meter, Metered, size
from infra.bench.stage import INTAKE, TELEGRAM_SECRET, Stage
from infra.growth.measured import FILE, Digest, Ledger, Measured, Sweep
from infra.local.places import write_json
from infra.local.providers.accounts import channel_secret, made_up
from infra.local.providers.process import Providers

TELLINGS = 5
IMPORTS = 3
CHATS = 5
#: Enough for pages and batches to count, and read within ten seconds.
ARRIVALS = 300
OPEN_CASES = 1_000
#: Cases due in each of so many sweeps: enough for the run's own cost to vanish.
DUE, SWEEPS = 200, 5


def measure() -> Measured:
    handlers, _ = imports.measure(IMPORTS)
    import_cpu = {name: round(sample.median, 4) for name, sample in handlers.items()}
    meter = Meter(import_cpu)
    with Stage() as stage:
        providers = Providers(stage.places.work, made_up())
        providers.start()
        try:
            _platforms(stage, providers)
            return _measured(stage, meter, import_cpu)
        finally:
            providers.stop()


def _measured(stage: Stage, meter: Meter, import_cpu: dict[str, float]) -> Measured:
    idle = {name: meter.metered(one) for name, one in story.idle(stage).items()}
    told = [story.tell(stage) for _ in range(TELLINGS)]
    return Measured(
        made=_made(),
        story=_medians([[meter.metered(one) for one in each.invocations] for each in told]),
        mail_bytes=told[-1].mail_bytes,
        chat=_medians([_chat(stage, meter, number) for number in range(CHATS + 2)][2:]),
        written=_written(told, stage, meter),
        idle=idle,
        sweep=_sweep(stage, meter),
        # Behind all that hands letters on: it leaves some that nobody sends. The digest has a table of its own.
        ledger=_ledger(stage, meter, idle["ledger"]),
        digest=_digest(stage, meter),
        import_cpu=import_cpu,
        policy_bytes=_policy_bytes(stage),
    )


def _made() -> dict[str, str]:
    return {
        "on": datetime.now(UTC).strftime("%Y-%m-%d"),
        "by": "python -m infra.growth --measure",
        "how": f"medians of {TELLINGS} tellings of the story, functions in one process on the embedded AWS",
        "python": platform.python_version(),
        "processor": f"{os.cpu_count()} x {platform.machine()}",
    }


def _medians(tellings: Sequence[Sequence[Metered]]) -> list[Metered]:
    """The last telling, each run with the median CPU of all."""
    if len({tuple(one.step for one in each) for each in tellings}) != 1:
        raise RuntimeError("the story was not told the same way each time")
    cpus = [statistics.median(same) for same in zip(*([one.cpu for one in each] for each in tellings), strict=True)]
    return [replace(one, cpu=round(cpu, 5)) for one, cpu in zip(tellings[-1], cpus, strict=True)]


# ── what cases share ──────────────────────────────────────────────────────────────────────────────────────────────────


def _written(told: Sequence[story.Story], stage: Stage, meter: Meter) -> list[dict[str, float]]:
    """Shared are the keys that the last two stories both wrote, which are two people's with the same mail."""
    before, last = ([_units(one, stage, meter) for one in each.invocations] for each in told[-2:])
    both = {key for keys in before for key in keys} & {key for keys in last for key in keys}
    found: list[dict[str, float]] = []
    for keys in last:
        into: dict[str, float] = defaultdict(float)
        for key, units in sorted(keys.items()):
            into[key if key in both else f"{key.partition(' ')[0]} *"] += units
        found.append(dict(into))
    return found


def _units(one: story.Invocation, stage: Stage, meter: Meter) -> dict[str, float]:
    names = {stage.names["CASES_TABLE"]: "cases", stage.names["VAULT_TABLE"]: "vault"}
    found: dict[str, float] = defaultdict(float)
    for call in one.calls:
        for place, key, units in meter.written(call) if call.service == "dynamodb" else ():
            found[f"{names.get(place, place)} {_unsharded(place, key)}"] += units
    return found


def _unsharded(place: str, key: str) -> str:
    cut = re.sub(r"#(\d+|-)$", "#", key) if place == "due" else key
    return re.sub(r"\d{4}-\d\d-\d\d", "<day>", cut)


# ── single figures ────────────────────────────────────────────────────────────────────────────────────────────────────


def _run(stage: Stage, meter: Meter, step: str, function: str, event: dict[str, Any]) -> Metered:
    return meter.metered(story.run(stage, step, function, event))


def _ledger(stage: Stage, meter: Meter, empty: Metered) -> Ledger:
    event = {"time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    corpus = Corpus(INTAKE)
    for _ in range(ARRIVALS):
        arrived = corpus.arrived(corpus.mail("complaint"), stage.names["ARRIVALS_BUCKET"])
        stage.store(arrived.key, arrived.stored)
        stage.invoke("intake", arrived.event())
    full = _medians([[_run(stage, meter, "count", "ledger", event)] for _ in range(3)])[0]
    listed = stage.aws("s3").get_paginator("list_objects_v2").paginate(Bucket=stage.names["ARRIVALS_BUCKET"])
    return Ledger(sum(page["KeyCount"] for page in listed), empty, full)


def _sweep(stage: Stage, meter: Meter) -> Sweep:
    """A hundred at once and more, as after a flood: a batch reads them, several threads write them."""
    swept = sweep.many(stage, DUE, SWEEPS)
    nothing = {"time": "2026-01-05T01:00:00Z"}
    _run(stage, meter, "nothing due", "escalate", nothing)  # its first notes under which policy all cases are
    empty = _run(stage, meter, "nothing due", "escalate", nothing)
    due = replace(
        empty,
        step="cases due",
        cpu=round(swept.cpu.median, 5),
        calls={"dynamodb any": swept.calls},
        waiting=swept.calls * empty.waiting / max(1, sum(empty.calls.values())),
    )
    return Sweep(DUE, DUE * SWEEPS, empty, due)


def _digest(stage: Stage, meter: Meter) -> Digest:
    """A coordinator's desk of the sweep's open cases, at the daily round of the next working day."""
    next(sweep.emulated(stage, (OPEN_CASES,)))  # which fills it
    before = os.environ["CASES_TABLE"]
    os.environ["CASES_TABLE"] = f"sweep-{OPEN_CASES}"
    stage.forget_services()
    try:
        at = sweep.OPENED + sweep.REMINDED_AFTER + timedelta(hours=12)
        runs = [_run_alone(stage, meter, "digest", at + timedelta(days=day)) for day in range(3)]
    finally:
        os.environ["CASES_TABLE"] = before
        stage.forget_services()
    return Digest(OPEN_CASES, max(runs, key=lambda one: one.reads))


def _run_alone(stage: Stage, meter: Meter, function: str, at: datetime) -> Metered:
    """Without handing on what it queued."""
    with RECORDER.recording() as calls:
        began, before = time.process_time(), stage.logged()
        stage.invoke(function, {"time": at.strftime("%Y-%m-%dT%H:%M:%SZ")})
        took = time.process_time() - began
    return meter.metered(story.Invocation(function, function, took, tuple(calls), stage.logged() - before))


def _policy_bytes(stage: Stage) -> int:
    found = stage.aws("dynamodb").query(
        TableName=stage.names["CASES_TABLE"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "POLICY"}},
        ScanIndexForward=False,
        Limit=1,
    )
    return size(found["Items"][0])


# ── a chat ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _platforms(stage: Stage, providers: Providers) -> None:
    secrets = {"meta_app_secret": "m", "meta_verify_token": "v", "telegram_secret": TELEGRAM_SECRET}
    secret = channel_secret(providers.accounts, secrets)
    stage.aws("secretsmanager").put_secret_value(
        SecretId=stage.names["CHANNEL_SECRET"], SecretString=json.dumps(secret)
    )
    os.environ.update(TELEGRAM_URL=providers.url, GRAPH_URL=providers.url)


def _chat(stage: Stage, meter: Meter, number: int) -> list[Metered]:
    """A first message: the webhook, its reading, the answer."""
    done: list[Metered] = []

    def run(step: str, function: str, event: dict[str, Any]) -> list[Any]:
        before = stage.logged()
        with RECORDER.recording() as calls:
            began = time.process_time()
            stage.invoke(function, event)
            took = time.process_time() - began
        invocation = story.Invocation(step, function, took, tuple(calls), stage.logged() - before)
        done.append(meter.metered(invocation))
        return calls

    calls = run("webhook", "webhooks", _update(7_000_000 + number))
    notice = next(call.params["MessageBody"] for call in calls if call.operation == "SendMessage")
    calls = run("chat", "intake", _record(notice))
    rows = outbox_rows(calls)
    if not rows:
        raise RuntimeError("a chat was not answered")
    run("chat: answer", "deliver", stream_event(rows))
    return done


def _record(body: str) -> dict[str, Any]:
    sent = str(int(datetime.now(UTC).timestamp() * 1000))
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": sent}
    return {"Records": [{"messageId": "m", "body": body, "attributes": attributes}]}


def _update(number: int) -> dict[str, Any]:
    person = {"id": number, "is_bot": False, "first_name": "Warga"}
    chat = {"id": number, "type": "private", "first_name": "Warga"}
    text = "Lampu jalan mati di Gang Melati sejak hari Senin, mohon segera diperbaiki."
    message = {
        "message_id": 1, "from": person, "chat": chat, "date": int(datetime.now(UTC).timestamp()), "text": text,
    }  # fmt: skip
    body = json.dumps({"update_id": number, "message": message}).encode()
    return webhooks.gateway_event("/webhooks/telegram", body, {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET})


def keep(measured: Measured) -> None:
    write_json(FILE, measured.as_json())
    FILE.chmod(0o644)  # write_json's other files are secrets
