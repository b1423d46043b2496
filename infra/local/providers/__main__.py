"""`python -m infra.local.providers`: reads the accounts from the first line of its input, writes its address as one
line, and ends with its starter: when its input ends, however the starter died. On a terminal it makes accounts up."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading

from infra.local.providers.accounts import made_up
from infra.local.providers.server import Double, from_line


def main() -> None:
    alone = sys.stdin.isatty()
    accounts = made_up() if alone else from_line(sys.stdin.buffer.readline())
    double = Double(accounts)
    signal.signal(signal.SIGTERM, lambda number, frame: os._exit(0))
    double.start()
    print(double.url, flush=True)
    if alone:
        print(json.dumps(accounts.as_dict(), indent=1), flush=True)
    else:
        threading.Thread(target=_end_with_the_starter, name="watch-the-starter", daemon=True).start()
    double.wait()


def _end_with_the_starter() -> None:
    sys.stdin.buffer.read(1)
    os._exit(0)


if __name__ == "__main__":
    main()
