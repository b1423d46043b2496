"""`make load`: see `--help`. Ends with 0 when each message was let in, none was lost, and each was acknowledged exactly
once."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from infra.growth.measured import load as load_measured
from infra.load import report
from infra.load.run import Asked, NotWarm, Run
from infra.local.demo import running
from infra.local.places import FolderBusy, Places, PortBusy, places_from, write_json
from infra.local.run import LocalSystem

#: What two processors carry with everything on them, senders included, for as long as one likes.
MAILS, WEBHOOKS, MINUTES = 2.0, 2.0, 5.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make load ARGS=...", description=__doc__)
    parser.add_argument("--mails", type=_rate, default=MAILS, help=f"mails a second (default {MAILS:g})")
    parser.add_argument("--webhooks", type=_rate, default=WEBHOOKS, help=f"chats a second (default {WEBHOOKS:g})")
    parser.add_argument("--minutes", type=_rate, default=MINUTES, help=f"for how long (default {MINUTES:g})")
    given = parser.parse_args(arguments)
    if not (given.mails or given.webhooks) or not given.minutes:
        parser.error("nothing to send")
    signal.signal(signal.SIGTERM, _as_interrupt)
    return beside(places_from(os.environ), Asked(given.mails, given.webhooks, 60 * given.minutes), _load)


def beside(places: Places, asked: Asked, load: Callable[[Places, dict[str, Any], Asked], int]) -> int:
    """The system that runs, or one that is started for the load and stopped behind it."""
    ready, system = running(places), None
    try:
        if ready is None:
            print("nothing runs yet: starting it for the load", flush=True)
            system = LocalSystem(places, lambda line: None)
            ready = system.start().as_json(places)
        return load(places, ready, asked)
    except (PortBusy, FolderBusy, NotWarm) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        if system is not None:
            system.stop()


def _load(places: Places, ready: dict[str, Any], asked: Asked) -> int:
    print(
        f"{asked.mails:g} mails and {asked.webhooks:g} chats a second for {asked.seconds:.0f} s, "
        "each from a new person",
        flush=True,
    )
    seen = Run(places, ready, asked, lambda line: print(line, flush=True)).run()
    measured = load_measured()
    print(f"\n{report.text(seen, measured)}\n")
    file = places.work / "load.json"
    write_json(file, report.as_json(seen, measured))
    print(f"written to {file}")
    return 0 if seen.fine() else 1


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1_000:
        raise argparse.ArgumentTypeError(f"a number from 0 to 1000, not {text!r}")
    return value


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
