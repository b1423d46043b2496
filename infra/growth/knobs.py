"""The numbers that somebody can turn, read where they stand: template.yaml and the code's own constants."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.bench import price
from infra.build.template import decided, read
from infra.local.places import ROOT

sys.path.insert(0, str(ROOT / "layers" / "core"))  # as the functions find it


@dataclass(frozen=True, slots=True)
class Knobs:
    """`ledger_seconds`: what a run has for its walk, `ledger_runs`: runs a day. `backoff`: seconds by attempt."""

    intake_at_once: int
    visibility: int
    receives: int
    stream_factor: int
    stream_batch: int
    ledger_seconds: float
    ledger_runs: float
    digest_timeout: int
    sweep_timeout: int
    kept_days: int
    officers_a_second: int
    forms_a_second: int
    forms_burst: int
    meta_a_second: int
    shards: int
    sweep_limit: int
    sweep_for_letters: float
    sweep_shares: int
    sweep_at_once: int
    share_limit: int
    share_last: float
    window_days: float
    backoff: tuple[float, ...]
    key_cached: int


#: Parameters of a province: its account may run a thousand functions at once.
MANY = {"Platforms": "yes", "RunsAtOnce": "1000"}
#: The same on an account that has not asked for them yet.
NEW = {"Platforms": "yes", "RunsAtOnce": "10"}


def knobs(template: dict[str, Any] | None = None, given: Mapping[str, str] = MANY) -> Knobs:
    """Raises KeyError for a number that the template no longer has."""
    whole = decided(template or read(), given)
    properties = {name: one.get("Properties", {}) for name, one in whole["Resources"].items()}
    arrival, outbox = (
        properties[function]["Events"][event]["Properties"]
        for function, event in (("IntakeFunction", "Arrival"), ("DeliverFunction", "Outbox"))
    )
    throttles = {(one["ResourcePath"], one["HttpMethod"]): one for one in properties["Api"]["MethodSettings"]}
    from tanggap.adapters import secrets
    from tanggap.adapters.dynamodb import keys
    from tanggap.application import deliver, ledger, ledger_round, scheduled, sweep

    return Knobs(
        intake_at_once=arrival["ScalingConfig"]["MaximumConcurrency"],
        visibility=properties["ArrivalsQueue"]["VisibilityTimeout"],
        receives=properties["ArrivalsQueue"]["RedrivePolicy"]["maxReceiveCount"],
        stream_factor=outbox["ParallelizationFactor"],
        stream_batch=outbox["BatchSize"],
        ledger_seconds=properties["LedgerFunction"]["Timeout"] - ledger.RESERVE.total_seconds(),
        ledger_runs=price.scheduled(whole["Resources"], "ledger") * 1_440 / price.MINUTES_A_MONTH,
        digest_timeout=properties["DigestFunction"]["Timeout"],
        sweep_timeout=properties["EscalateFunction"]["Timeout"],
        kept_days=whole["Parameters"]["ArrivalsKeptDays"]["Default"],
        officers_a_second=throttles["/*", "*"]["ThrottlingRateLimit"],
        forms_a_second=throttles["/~1v1~1reports", "POST"]["ThrottlingRateLimit"],
        forms_burst=throttles["/~1v1~1reports", "POST"]["ThrottlingBurstLimit"],
        meta_a_second=throttles["/~1webhooks~1meta", "POST"]["ThrottlingRateLimit"],
        shards=keys.SHARDS,
        sweep_limit=sweep.LIMIT,
        sweep_for_letters=sweep.FOR_LETTERS.total_seconds(),
        sweep_shares=int(properties["EscalateFunction"]["Environment"]["Variables"]["SWEEP_SHARES"]),
        sweep_at_once=sweep.AT_ONCE,
        share_limit=sweep.SHARE_LIMIT,
        share_last=scheduled.ENDING.total_seconds(),
        window_days=ledger_round.WINDOW.total_seconds() / 86_400,
        backoff=tuple(one.total_seconds() for one in deliver.BACKOFF),
        key_cached=secrets.CACHE_SECONDS,
    )


def is_there(name: str, template: dict[str, Any]) -> bool:
    """Does a knob that the page names (`Resource.Property…`, or `module.NAME` of the code) exist?"""
    if found := re.fullmatch(r"([\w/]+\.py): (\w+)", name):
        path = ROOT / "layers" / "core" / "tanggap" / found[1]
        return path.exists() and re.search(rf"^(?:def )?{found[2]}\b", path.read_text(), re.MULTILINE) is not None
    resource, *path_in = name.split(".")
    node: Any = template["Resources"].get(resource, {}).get("Properties", {})
    for part in path_in:
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return bool(path_in)
