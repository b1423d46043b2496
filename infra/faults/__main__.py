"""`make faults`: see `--help`. Ends with 0 when every promise held and every fault happened."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from infra.faults import report
from infra.faults.checks import breaches
from infra.faults.proxy import Proxy, ProxyFailed
from infra.faults.rounds import MAILS, ROUNDS, WEBHOOKS, chosen
from infra.faults.run import Asked, NotQuiet, Run
from infra.local.places import FolderBusy, PortBusy, free_ports, places_from, write_json
from infra.local.run import LocalSystem

#: What a whole run showed, kept beside the code, and its table.
MEASURED, PAGE = (Path(__file__).with_name(name) for name in ("measured.json", "README.md"))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make faults ARGS=...", description=__doc__)
    parser.add_argument("--rounds", default="", help="names, with commas; NAME* for all that begin so (default: all)")
    parser.add_argument("--mails", type=int, default=MAILS, help=f"in all rounds together (default {MAILS})")
    parser.add_argument("--webhooks", type=int, default=WEBHOOKS, help=f"in all (default {WEBHOOKS})")
    parser.add_argument("--seed", type=int, default=1, help="of what the suite itself leaves to chance")
    parser.add_argument("--keep", action="store_true", help=f"keep what it showed in {MEASURED.name}")
    given = parser.parse_args(arguments)
    try:
        rounds = chosen([name for name in given.rounds.split(",") if name])
    except ValueError as error:
        parser.error(str(error))
    if min(given.mails, given.webhooks) < 0 or not given.mails + given.webhooks:
        parser.error("nothing to send")
    if given.keep and (rounds, given.mails, given.webhooks) != (ROUNDS, MAILS, WEBHOOKS):
        parser.error("only a whole run is kept: all rounds, all mails and webhooks")
    return _suite(Asked(rounds, given.mails, given.webhooks, given.seed), given.keep)


def _suite(asked: Asked, keep: bool) -> int:
    """Beside a system that runs: with ports and a folder of its own."""
    usual = places_from(os.environ)
    smtp, http, aws = free_ports(3)
    places = dataclasses.replace(
        usual, smtp_port=smtp, http_port=http, aws_port=aws, work=usual.work / "faults", state=None, enforce_iam=False
    )
    began = time.monotonic()

    def tell(line: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {line}", flush=True)

    usual.work.mkdir(parents=True, exist_ok=True)
    events = (usual.work / "faults.log").open("w", buffering=1)
    system = LocalSystem(places, lambda line: print(line, file=events))
    proxy = Proxy(places.aws_endpoint, usual.work / "microburst.log")
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        tell("starting the embedded AWS and what comes between")
        ready = system.start().as_json(places)
        proxy.start()
        seen = Run(places, ready, proxy, asked, tell).run()
        found = breaches(seen)
        kept = report.as_json(seen, found, asked.seed)
        print(f"\n{report.page(kept)}\n")
        for breach in found:
            print(f"BREACH {breach}")
        write_json(usual.work / "faults.json", kept)
        if keep and not found:
            _keep(kept)
        print(f"written to {usual.work / 'faults.json'}; {len(found)} breaches")
        return 1 if found else 0
    except (PortBusy, FolderBusy, NotQuiet, ProxyFailed) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        system.stop()
        proxy.stop()
        events.close()


def _keep(kept: dict[str, Any]) -> None:
    MEASURED.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    text = PAGE.read_text()
    PAGE.write_text(f"{text[: text.index(report.BELOW)]}{report.BELOW}\n\n{report.page(kept)}\n")


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
