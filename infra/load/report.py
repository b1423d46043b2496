"""A run in tables, and as .local/load.json keeps it."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping
from typing import Any

from infra.bench.report import table
from infra.growth.measured import Measured
from infra.load.run import Seen, calls_of, quantiles


def text(seen: Seen, measured: Measured) -> str:
    return "\n\n".join(part for part in (_came(seen), _waits(seen), _ages(seen), _used(seen, measured)) if part)


def _came(seen: Seen) -> str:
    refused = len(seen.sent) - seen.accepted
    once = seen.accepted - seen.unanswered - seen.twice
    rows = [
        ("sent", len(seen.sent), f"{len(seen.sent) / max(seen.took, 1e-9):.2f} a second, asked {_rate(seen):.2f}"),
        ("accepted", seen.accepted, f"{refused} refused at the door, their senders know"),
        ("filed", seen.filed, f"the ledger has {_listed(seen.outcomes)}"),
        ("acknowledged once", once, f"{seen.unanswered} not, {seen.twice} more than once"),
        ("lost", seen.lost, "; ".join(seen.missing[:5])),
        ("a sender began late by", f"{seen.late:.2f} s", "at most"),
    ]
    return table("What came of it", ("messages", "", ""), rows)


def _waits(seen: Seen) -> str:
    together = sorted(wait for waits in seen.waits.values() for wait in waits)
    rows = [
        (channel, len(waits), *(f"{value:.2f}" for value in quantiles(waits)))
        for channel, waits in [*seen.waits.items(), ("all", together)]
    ]
    head = ("arrival to acknowledgement, s", "n", "median", "95 %", "99 %", "longest")
    return table("How long", head, rows)


def _ages(seen: Seen) -> str:
    rows = [
        (f"{one.at:.0f}", one.waiting, one.in_flight, f"{one.oldest:.1f}", one.workers, f"{one.memory / 1e6:.0f}")
        for one in seen.moments
    ]
    head = ("second", "in the queue", "being read", "oldest without, s", "workers", "their MB")
    return table("By time", head, rows)


def _used(seen: Seen, measured: Measured) -> str:
    whole, messages = seen.whole, max(1, seen.accepted)
    rows: list[tuple[object, ...]] = []
    for name, label in seen.names.items():
        used = seen.after.functions.get(name, 0.0) - seen.before.functions.get(name, 0.0)
        if used <= 0:
            continue
        runs = seen.runs.get(f"{label.capitalize()}Function", [])
        rows.append((
            label,
            f"{used:.1f}",
            f"{1000 * used / messages:.1f}",
            f"{used / whole:.1%}",
            len(runs) or "-",
            f"{statistics.median(runs):.0f}" if runs else "-",
            f"{seen.after.largest.get(name, 0) / 1e6:.0f}",
        ))  # fmt: skip
    ended = seen.after.ended - seen.before.ended
    if ended > 0.05:
        rows.append(_other("workers that ended", ended, messages, whole))
    emulator = seen.after.emulator - seen.before.emulator
    rows.append(_other("embedded AWS", emulator, messages, whole, f"{seen.after.emulator_memory / 1e6:.0f}"))
    rows.append(_other("senders, doors", seen.after.own - seen.before.own, messages, whole))
    head = ("who", "CPU s", "ms a message", "of a processor", "runs", "median ms", "largest MB")
    mails = sum(one.channel == "email" and not one.refused for one in seen.sent)
    by_mail, by_chat = calls_of(measured, mails, seen.accepted - mails)
    calls = by_mail + by_chat
    each = f"{1000 * emulator / calls:.1f} ms of the embedded AWS's CPU each" if calls else "none"
    return (
        table(f"Who used the {os.cpu_count()} processors in {whole:.0f} s", head, rows)
        + f"\nAWS calls of the functions, counted where each is seen (infra/growth/measured.json): {calls}, "
        + f"{calls / messages:.1f} a message; {each}."
    )


def _other(name: str, used: float, messages: int, whole: float, memory: str = "-") -> tuple[object, ...]:
    return name, f"{used:.1f}", f"{1000 * used / messages:.1f}", f"{used / whole:.1%}", "-", "-", memory


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"


def _rate(seen: Seen) -> float:
    return seen.asked.mails + seen.asked.webhooks


def as_json(seen: Seen, measured: Measured) -> dict[str, Any]:
    mails = sum(one.channel == "email" and not one.refused for one in seen.sent)
    functions = {
        label: round(seen.after.functions.get(name, 0.0) - seen.before.functions.get(name, 0.0), 2)
        for name, label in seen.names.items()
    }
    return {
        "asked": {"mails": seen.asked.mails, "webhooks": seen.asked.webhooks, "seconds": seen.asked.seconds},
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "sent": len(seen.sent),
        "accepted": seen.accepted,
        "filed": seen.filed,
        "acknowledged_once": seen.accepted - seen.unanswered - seen.twice,
        "acknowledged_more_than_once": seen.twice,
        "lost": seen.lost,
        "outcomes": dict(seen.outcomes),
        "seconds_to_acknowledgement": {
            channel: dict(zip(("median", "p95", "p99", "max"), (round(v, 3) for v in quantiles(waits)), strict=True))
            for channel, waits in seen.waits.items()
        },
        "by_time": [
            {
                "at": one.at,
                "queue": one.waiting,
                "in_flight": one.in_flight,
                "oldest": one.oldest,
                "workers": one.workers,
            }
            for one in seen.moments
        ],
        "cpu_seconds": {
            "functions": {label: used for label, used in functions.items() if used},
            "workers_ended": round(seen.after.ended - seen.before.ended, 2),
            "embedded_aws": round(seen.after.emulator - seen.before.emulator, 2),
            "senders_and_doors": round(seen.after.own - seen.before.own, 2),
        },
        "memory_mb": {
            "embedded_aws": round(seen.after.emulator_memory / 1e6),
            "largest_worker": {
                label: round(seen.after.largest[name] / 1e6)
                for name, label in seen.names.items()
                if name in seen.after.largest
            },
        },
        "aws_calls_counted_apart": sum(calls_of(measured, mails, seen.accepted - mails)),
        "refused_at_the_door": [one.refused for one in seen.sent if one.refused][:20],
        "missing": seen.missing[:100],
    }
