"""The measured inputs: what `measure` found, as infra/growth/measured.json keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from infra.bench.price import Metered
from infra.local.places import ROOT

FILE = ROOT / "infra" / "growth" / "measured.json"


@dataclass(frozen=True, slots=True)
class Ledger:
    """A count over no arrivals and over `arrivals` more."""

    arrivals: int
    empty: Metered
    full: Metered


@dataclass(frozen=True, slots=True)
class Digest:
    """A daily digest over so many open cases of one desk."""

    open_cases: int
    run: Metered


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep with nothing due, and one with `due` cases due among `open_cases`."""

    due: int
    open_cases: int
    empty: Metered
    full: Metered


@dataclass(frozen=True, slots=True)
class Measured:
    """`story`: a case's life by mail, run by run; `chat`: a first message on Telegram until its answer. `written`: of
    each run of the story, write units by `<table or index> <partition key>`: a key by name where cases have it in
    common (numbers of shards and days cut off), `*` for all others. `import_cpu`: seconds. `policy_bytes`: of the
    policy's row."""

    made: Mapping[str, str]
    story: Sequence[Metered]
    mail_bytes: Sequence[int]
    chat: Sequence[Metered]
    written: Sequence[Mapping[str, float]]
    idle: Mapping[str, Metered]
    sweep: Sweep
    ledger: Ledger
    digest: Digest
    import_cpu: Mapping[str, float]
    policy_bytes: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def load() -> Measured:
    """Raises FileNotFoundError, or KeyError and TypeError for a file of another shape."""
    raw = json.loads(FILE.read_text())
    for name in ("story", "chat"):
        raw[name] = [Metered(**one) for one in raw[name]]
    raw["idle"] = {name: Metered(**one) for name, one in raw["idle"].items()}
    kinds: dict[str, tuple[Any, tuple[str, ...]]] = {
        "sweep": (Sweep, ("empty", "full")),
        "ledger": (Ledger, ("empty", "full")),
        "digest": (Digest, ("run",)),
    }
    for name, (kind, runs) in kinds.items():
        raw[name] = kind(**{**raw[name], **{run: Metered(**raw[name][run]) for run in runs}})
    return Measured(**raw)
