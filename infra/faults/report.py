"""A run in tables, and as measured.json keeps it."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from infra.faults.checks import seconds
from infra.faults.seen import Seen

#: In README.md beside this: what stands below is made by `make faults ARGS=--keep`.
BELOW = "<!-- made by make faults ARGS=--keep -->"


def as_json(seen: Seen, breaches: Sequence[str], seed: int) -> dict[str, Any]:
    twice = seconds(seen)
    accepted = [one for one in seen.messages if not one.sent.refused]
    return {
        "seed": seed,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "minutes": round(seen.took / 60, 1),
        "sent": len(seen.messages),
        "accepted": len(accepted),
        "filed": sum(any(outcome == "filed" for outcome, _ in one.rows) for one in accepted),
        "cases": len(seen.cases),
        "acknowledged": sum(bool(one.came) for one in accepted),
        "acknowledged_twice": {"all": twice.all, "partly": twice.partly, "of_partly": twice.of_partly},
        "steps": sum(len(case.steps) for case in seen.cases.values()),
        "histories": len(seen.cases),
        "letters": sum(seen.mailed.values()),
        "objects": seen.objects,
        "outcomes": dict(sorted(seen.outcomes.items())),
        "given_up_and_put_back": dict(seen.given_up),
        "sent_again_by_hand": seen.sent_again,
        "calls": dict(sorted(seen.calls.items())),
        "rounds": [_round(seen, at) for at in range(len(seen.played))],
        "breaches": list(breaches),
    }


def _round(seen: Seen, at: int) -> dict[str, Any]:
    one = seen.played[at]
    mine = [message for message in seen.messages if message.round == one.name and not message.sent.refused]
    waits = sorted(message.came[0] - message.sent.began for message in mine if message.came)
    return {
        "name": one.name,
        "mails": one.mails,
        "webhooks": one.webhooks,
        "fired": dict(one.fired),
        "done": dict(one.done),
        "tried_again": one.again,
        "refused": one.mails + one.webhooks - len(mine),
        "intake_runs": one.runs,
        "waiting_when_over": one.waiting,
        "filed": sum(any(outcome == "filed" for outcome, _ in message.rows) for message in mine),
        "acknowledged": len(waits),
        "twice": sum(len(message.came) > 1 for message in mine),
        "median": round(statistics.median(waits), 1) if waits else None,
        "longest": round(waits[-1], 1) if waits else None,
        "seconds": one.took,
    }


def page(kept: Mapping[str, Any]) -> str:
    """The table in Markdown."""
    twice = kept["acknowledged_twice"]
    lines = [
        f"{kept['sent']} sent, {kept['accepted']} accepted, {kept['filed']} filed on {kept['cases']} cases, "
        f"{kept['acknowledged']} acknowledged; {twice['all']} of them twice, their answer lost "
        f"({twice['partly']} of {twice['of_partly']} where one call in twenty failed). {kept['objects']} arrivals "
        f"in the bucket, each with its outcome; {kept['histories']} histories whole; {kept['steps']} steps, each once; "
        f"put back from dead letters: {_listed(kept['given_up_and_put_back'])}; letters held after two lost "
        f"answers and sent again by hand: {kept['sent_again_by_hand']}. "
        f"{sum(kept['calls'].values()):,} calls passed. "
        f"{kept['minutes']} minutes on {kept['processors']} processors. Breaches: {len(kept['breaches'])}.",
        "",
        "| round | mails, webhooks | what happened | webhooks sent again | intake's runs | waiting when it was over "
        "| filed | acknowledged | twice | median, longest s |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in kept["rounds"]:
        happened = _listed({**one["fired"], **one["done"]})
        lines.append(
            f"| {one['name']} | {one['mails']}, {one['webhooks']} | {happened} | {one['tried_again']} "
            f"| {one['intake_runs']} | {one['waiting_when_over']} | {one['filed']} | {one['acknowledged']} "
            f"| {one['twice']} | {one['median']}, {one['longest']} |"
        )
    return "\n".join(lines)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "nothing"
