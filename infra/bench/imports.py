"""CPU of a cold start's imports: each handler in a fresh process, against `import boto3` and one client.

The folders are built as the layers are: compiled, read-only, ours and the dependencies'. boto3 is in Lambda's runtime;
here it is in the environment that runs this.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from infra.bench.calls import RECORDER, outbox_rows, stream_event
from infra.bench.corpus import Corpus
from infra.bench.report import Sample
from infra.bench.stage import INTAKE, Stage, child_environment
from infra.build.layers import artefacts
from infra.local.places import ROOT

RUNS = 9
COLD_RUNS = 5
FUNCTIONS = ("intake", "media", "deliver", "escalate", "digest", "ledger", "portal", "webhooks", "setup")
_TIMED = "import time; began = time.process_time()\n{what}\nprint(time.process_time() - began)"
#: Log lines of a handler that caught what went wrong: its cost would be no first event's.
_FAILED = ('"level":"ERROR"', '"level":"WARNING"')
_FIRST_EVENT = """import json
from types import SimpleNamespace
import app
app.handler(json.load(open({file!r})), SimpleNamespace(function_name="f", memory_limit_in_mb=512,
    invoked_function_arn="arn", aws_request_id="id", get_remaining_time_in_millis=lambda: 60000))"""
#: DynamoDB's, since every function that decides needs that one.
FLOOR = "import boto3; boto3.client('dynamodb', region_name='ap-southeast-1')"


def measure(runs: int = RUNS) -> tuple[dict[str, Sample], Sample]:
    """CPU seconds of each handler's import, and of the floor; processes in turn, the first round of all unmeasured."""
    with tempfile.TemporaryDirectory(prefix="tanggap-bench-") as scratch:
        layers, code = unpacked(Path(scratch))
        seen: dict[str, list[float]] = {name: [] for name in (*FUNCTIONS, "floor")}
        for number in range(-1, runs):
            for name, values in seen.items():
                path = layers if name == "floor" else [code[name], *layers]
                took = cpu_of(FLOOR if name == "floor" else "import app", path)
                if number >= 0:
                    values.append(took)
    floor = Sample(tuple(seen.pop("floor")))
    return {name: Sample(tuple(values)) for name, values in seen.items()}, floor


def cold(stage: Stage, runs: int = COLD_RUNS) -> dict[str, Sample]:
    """CPU seconds from an empty process to its first event's end: what the imports put off is in here."""
    with tempfile.TemporaryDirectory(prefix="tanggap-bench-") as scratch:
        layers, code = unpacked(Path(scratch))
        event_file = Path(scratch) / "event.json"
        seen: dict[str, list[float]] = {}
        for _ in range(runs):
            for name, event in _first_events(stage).items():
                event_file.write_text(json.dumps(event))
                what = _FIRST_EVENT.format(file=str(event_file))
                seen.setdefault(name, []).append(cpu_of(what, [code[name], *layers], stage.environment()))
    return {name: Sample(tuple(values)) for name, values in seen.items()}


def _first_events(stage: Stage) -> dict[str, Any]:
    corpus = Corpus(INTAKE)
    read, unread = (corpus.arrived(corpus.mail("complaint"), stage.names["ARRIVALS_BUCKET"]) for _ in range(2))
    for one in (read, unread):
        stage.store(one.key, one.stored)
    with RECORDER.recording() as calls:
        stage.invoke("intake", read.event())
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"intake": unread.event(), "deliver": stream_event(outbox_rows(calls)), "escalate": {"time": now}}


def unpacked(folder: Path) -> tuple[list[Path], dict[str, Path]]:
    """The layers' Python folders, and each function's code."""
    zips = artefacts((ROOT / "template.yaml").read_text(), ROOT / ".local" / "build")
    found: dict[str, Path] = {}
    for path, file in zips.items():
        found[path] = folder / path.replace("/", "-")
        with zipfile.ZipFile(file) as archive:
            archive.extractall(found[path])
    layers = [found.pop(name) / "python" for name in ("layers/core", "layers/dependencies")]
    return layers, {path.rsplit("/", 1)[-1]: place for path, place in found.items()}


def cpu_of(what: str, path: list[Path], environment: Mapping[str, str] = MappingProxyType({})) -> float:
    """CPU seconds in a fresh process, without the interpreter's own start. A function's own file is compiled each time,
    as in Lambda."""
    run = subprocess.run(
        [sys.executable, "-B", "-c", _TIMED.format(what=what)],
        env={**child_environment(PYTHONPATH=":".join(map(str, path))), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode or any(level in run.stdout for level in _FAILED):
        raise RuntimeError(f"{what} failed:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return float(run.stdout.split()[-1])


def ratios(handlers: dict[str, Sample], floor: Sample) -> dict[str, Sample]:
    """Each round's import over the same round's floor."""
    return {
        name: Sample(tuple(ours / theirs for ours, theirs in zip(sample.values, floor.values, strict=True)))
        for name, sample in handlers.items()
    }
