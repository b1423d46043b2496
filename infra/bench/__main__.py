"""`python -m infra.bench`: measures everything, prints tables, writes .local/bench.json.

Named parts alone (`python -m infra.bench cpu imports`) are printed and not written: sizes imports calls cpu webhooks
sweep running price.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

from infra.local.places import ROOT

sys.path.insert(0, str(ROOT / "layers" / "core"))  # as the functions find it

from infra.bench import cpu, imports, price, running, sizes, story, sweep, webhooks
from infra.bench.calls import Call, by_operation, by_service
from infra.bench.report import Sample, judged, table
from infra.bench.stage import Stage

RESULT = ROOT / ".local" / "bench.json"
RATIO = 1.5
#: Of a webhook, over one S3 put and one SQS send.
WEBHOOK_RATIO = 1.3
#: Of a new case with one attachment: what issue and design allow.
ALLOWED = {
    ("s3", "GetObject"): 1,
    ("s3", "PutObject"): 1,
    ("dynamodb", "GetItem"): 2,
    ("dynamodb", "TransactWriteItems"): 1,
    ("dynamodb", "UpdateItem"): 2,
    ("kms", "Encrypt"): 1,
    ("kms", "Decrypt"): 1,
    ("sesv2", "SendEmail"): 1,
}
PARTS = ("sizes", "imports", "calls", "cpu", "webhooks", "sweep", "running", "price")


class Results:
    """What bench.json holds, filled part by part."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.runs: dict[str, Any] = {}
        self.spread: dict[str, Any] = {}
        self.story: story.Story | None = None
        self.idle: dict[str, story.Invocation] = {}
        self.import_cpu: dict[str, float] = {}
        #: Counts and sizes that are over what is allowed: these do not depend on the machine.
        self.over: list[str] = []

    def count(self, name: str, value: float, allowed: float) -> str:
        if value > allowed:
            self.over.append(name)
        return judged(value, allowed)

    def keep(self, name: str, sample: Sample, digits: int = 3) -> None:
        self.values[name] = round(sample.median, digits)
        self.runs[name] = len(sample.values)
        self.spread[name] = sample.spread()

    def keep_each(self, name: str, samples: dict[str, Sample], scale: float = 1.0) -> None:
        scaled = {key: Sample(tuple(scale * value for value in one.values)) for key, one in samples.items()}
        self.values[name] = {key: round(one.median, 3) for key, one in scaled.items()}
        self.runs[name] = {key: len(one.values) for key, one in scaled.items()}
        self.spread[name] = {key: one.spread() for key, one in scaled.items()}


def main(wanted: list[str]) -> int:
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {' '.join(PARTS)}", file=sys.stderr)
        return 2
    warnings.filterwarnings("ignore", "No application metrics to publish")
    began = time.monotonic()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load before {os.getloadavg()[0]:.1f}.")
    print("Medians with [first .. third quartile].\n")
    parts, results = wanted or list(PARTS), Results()
    if "sizes" in parts:
        _sizes(results)
    if "imports" in parts:
        _imports(results)
    if {"calls", "cpu", "webhooks", "sweep", "price", "imports"} & set(parts):
        with Stage() as stage:
            _staged(stage, parts, results)
    if "running" in parts:
        _running(results)
    if "price" in parts:
        _price(results)
    print(f"\n{time.monotonic() - began:.0f} s in all, load after {os.getloadavg()[0]:.1f}")
    if not wanted:
        _write(results)
    if results.over:
        print(f"more than allowed: {', '.join(results.over)}", file=sys.stderr)
    return 1 if results.over else 0


def _staged(stage: Stage, parts: list[str], results: Results) -> None:
    """What needs the embedded AWS, in this order: the idle runs and the story want tables that hold nothing else."""
    if {"calls", "price"} & set(parts):
        results.idle = story.idle(stage)
        results.story = story.tell(stage)
    steps: dict[str, Callable[[Stage, Results], None]] = {
        "calls": _calls,
        "imports": _cold,
        "cpu": _cpu,
        "webhooks": _webhooks,
        "sweep": _sweep,
    }
    for name, step in steps.items():
        if name in parts:
            step(stage, results)


def _sizes(results: Results) -> None:
    rows = [
        (where, f"{size / 1e6:.1f}", results.count(f"layer for {where}", size / 1e6, sizes.TARGET_MB))
        for where, size in sizes.layer_bytes().items()
    ]
    print(table("Dependencies layer, unpacked", ("built for", "MB", f"under {sizes.TARGET_MB:.0f}"), rows), "\n")


def _imports(results: Results) -> None:
    handlers, floor = imports.measure()
    ratios = imports.ratios(handlers, floor)
    rows = [
        (name, f"{handlers[name].median * 1000:.0f}", ratio.text(), judged(ratio.median, RATIO))
        for name, ratio in ratios.items()
    ]
    rows.append(("import boto3 + one client", f"{floor.median * 1000:.0f}", "1", ""))
    head = ("handler", "CPU ms", "/ boto3 + client", f"at most {RATIO}")
    print(table(f"Import, a fresh process each, {imports.RUNS} runs in turn", head, rows), "\n")
    results.keep_each("import_over_boto3", ratios)
    results.import_cpu = {name: sample.median for name, sample in handlers.items()}


def _cold(stage: Stage, results: Results) -> None:
    stage.prepare("intake")
    rows = [
        (name, f"{sample.median * 1000:.0f}", f"{min(sample.values) * 1000:.0f} .. {max(sample.values) * 1000:.0f}")
        for name, sample in imports.cold(stage).items()
    ]
    title = f"Cold: imports, clients and the first event, {imports.COLD_RUNS} runs"
    print(table(title, ("function", "CPU ms", "least .. most"), rows), "\n")


def _calls(stage: Stage, results: Results) -> None:
    told = results.story
    assert told is not None  # noqa: S101 - it was told just before
    case = price.real(told.of("new case", "new case: letter"))
    reply = price.real(told.of("reply", "reply: letter"))
    for title, calls, allowed in (
        ("Calls for a new case with one attachment, from notice to acknowledgement", case, ALLOWED),
        ("Calls for a reply, with the desk's letter about it", reply, {}),
    ):
        head = ("operation", "calls", "bytes out", "bytes in", "allowed")
        print(table(title, head, _call_rows(calls, allowed, results)), "\n")
    results.values["calls_per_new_case"] = by_service(case)
    results.values["calls_per_reply"] = by_service(reply)
    results.runs |= {"calls_per_new_case": 1, "calls_per_reply": 1}


def _call_rows(calls: list[Call], allowed: dict[tuple[str, str], int], results: Results) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for key, count in by_operation(calls).items():
        mine = [call for call in calls if (call.service, call.operation) == key]
        judgement = results.count(" ".join(key), count, allowed.get(key, 0)) if allowed else "-"
        sent, received = sum(call.sent for call in mine), sum(call.received for call in mine)
        rows.append((f"{key[0]} {key[1]}", str(count), str(sent), str(received), judgement))
    total = by_service(calls)
    rows.append((", ".join(f"{name} {count}" for name, count in total.items()), str(len(calls)), "", "", ""))
    return rows


def _cpu(stage: Stage, results: Results) -> None:
    bench = cpu.Bench(stage)
    costs = bench.run()
    names = bench.corpus.names
    kinds = list(dict.fromkeys(bench.corpus.kind(name) for name in names))
    groups = [*((name, [name]) for name in names)]
    groups += [(f"all {kind}", [name for name in names if bench.corpus.kind(name) == kind]) for kind in kinds]
    groups += [("all mails", list(names))]
    rows = [
        (
            title,
            *(f"{_together(one, group) * 1000:.1f}" for one in (costs.product, costs.floor, costs.bare)),
            costs.ratio(costs.floor, group).text(),
            costs.ratio(costs.bare, group).text(),
        )
        for title, group in groups
    ]
    head = ("mail", "product ms", "floor ms", "bare ms", "/ floor", "/ bare floor")
    print(table(f"CPU of a mail to its acknowledgement, warm, {cpu.ROUNDS} rounds", head, rows))
    over, bare = costs.ratio(costs.floor, names), costs.ratio(costs.bare, names)
    print(f"over the floor {over.text()}: at most {RATIO}, {judged(over.median, RATIO)}")
    print(f"over the bare floor {bare.text()}: three calls against our nine")
    print("  (peers by the issue: django-helpdesk 1.8, Roundup 1.6 to 2.5, Request Tracker 38)")
    print(f"over the floor with the headers read by the parser {costs.ratio(costs.with_headers, names).text()}")
    print(f"over the floor of clients that check no arguments {costs.ratio(costs.unchecked, names).text()}")
    intake = sum(_together(costs.intake, [name]) for name in names) / sum(
        _together(costs.product, [name]) for name in names
    )
    print(f"intake's share {intake:.0%}, deliver's {1 - intake:.0%}\n")
    results.keep("cpu_per_mail_over_floor", over)
    results.keep("cpu_per_mail_over_bare_floor", bare)


def _webhooks(stage: Stage, results: Results) -> None:
    bench = webhooks.Bench(stage)
    costs = {"WhatsApp": bench.run(webhooks.whatsapp), "Telegram": bench.run(webhooks.telegram)}
    rows = [
        (
            name,
            f"{cost.product.median * 1000:.2f}",
            f"{cost.floor.median * 1000:.2f}",
            cost.cpu.text(),
            cost.elapsed.text(),
            judged(cost.cpu.median, WEBHOOK_RATIO),
        )
        for name, cost in costs.items()
    ]
    head = ("webhook", "product ms", "floor ms", "/ floor", "elapsed / floor's", f"at most {WEBHOOK_RATIO}")
    print(table(f"CPU of a webhook to its answer, warm, {webhooks.ROUNDS} rounds of {webhooks.EACH}", head, rows), "\n")
    both = zip(*(cost.cpu.values for cost in costs.values()), strict=True)
    results.keep("webhooks_over_floor", Sample(tuple(sum(one) / len(one) for one in both)))


def _together(costs: dict[str, list[float]], names: list[str]) -> float:
    """Median seconds of one mail, the mean over the named ones."""
    return sum(Sample(tuple(costs[name])).median for name in names) / len(names)


def _sweep(stage: Stage, results: Results) -> None:
    found = [*sweep.emulated(stage), *sweep.in_memory()]
    rows = [
        (
            f"{one.open_cases:,} ({one.repository})",
            str(max(one.read)),
            results.count(f"a sweep's reads among {one.open_cases:,}", max(one.read), sweep.DUE),
            Sample(tuple(1000 * value for value in one.cpu.values)).text(1),
            str(one.calls or "-"),
        )
        for one in found
    ]
    title = f"A sweep with {sweep.DUE} cases due"
    print(table(title, ("open cases", "items read", f"at most {sweep.DUE}", "CPU ms", "calls"), rows), "\n")
    # One figure a size: the embedded AWS's where it holds that many.
    best = {one.open_cases: one for one in sorted(found, key=lambda one: one.repository == "embedded AWS")}
    results.values["sweep_items_read"] = {str(size): max(best[size].read) for size in sorted(best)}
    results.runs["sweep_items_read"] = {str(size): len(best[size].read) for size in sorted(best)}
    results.keep_each("sweep_cpu_ms", {str(size): best[size].cpu for size in sorted(best)}, 1000)


def _running(results: Results) -> None:
    load = running.measure()
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(load.statuses.items()))
    rows = [
        ("mails by SMTP until acknowledged", str(running.MAILS), load.mails.text(1)),
        (f"POST {running.HOOK} ({statuses})", str(running.WEBHOOKS), load.webhooks.text(0)),
    ]
    title = f"The running stack, {running.ROUNDS} rounds, {running.CONNECTIONS} connections"
    print(table(title, ("what", "a round", "a second"), rows))
    print(f"ready after {load.ready_after:.1f} s\n")
    results.keep("mails_per_second", load.mails)
    results.keep("webhooks_per_second", load.webhooks, 1)


def _price(results: Results) -> None:
    told = results.story
    assert told is not None  # noqa: S101 - _staged told it
    meter = price.Meter(results.import_cpu)
    runs, mail_bytes = price.told(told, meter)
    cases = price.per_1000_cases(runs, mail_bytes, meter)
    first = [next(one for one in runs if one.step == step) for step in price.FIRST]
    month = price.idle_month({name: meter.metered(one) for name, one in results.idle.items()}, first, meter)
    for title, lines in (
        (
            f"1,000 cases: a photo of 0.3 MB, a reply, {story.letters(told)} letters, {_requests(told)} API requests",
            cases,
        ),
        ("A month in which nobody writes", month),
    ):
        rows = [(what, f"{quantity:,.6g}", f"{usd:.3f}") for what, quantity, usd in lines]
        rows.append(("sum", "", f"{_sum(lines):.2f}"))
        print(table(title, ("what", "quantity", "USD"), rows))
    print("Assumed: waiting for AWS 8 ms a call (S3 30, SES 80), 8 % cold starts, a processor like this one's.")
    results.values["usd_per_1000_cases"] = round(_sum(cases), 3)
    results.values["usd_idle_month"] = round(_sum(month), 3)
    results.runs |= {"usd_per_1000_cases": 1, "usd_idle_month": 1}


def _sum(lines: list[price.Line]) -> float:
    return sum(usd for _, _, usd in lines)


def _requests(told: story.Story) -> int:
    return sum(one.function == "portal" for one in told.invocations)


def _write(results: Results) -> None:
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    whole = {**results.values, "runs": results.runs, "spread": results.spread}
    unfinished = RESULT.with_suffix(".part")
    unfinished.write_text(json.dumps(whole, indent=1) + "\n")
    unfinished.replace(RESULT)
    print(f"written to {RESULT.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
