"""`python -m infra.watch`: prints the table of alarms. `--write` puts it into infra/runbooks/alarms.md."""

from __future__ import annotations

import argparse
import sys

from infra.build.template import ROOT
from infra.watch.page import PLACE, render


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.watch", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the runbook's page")
    if parser.parse_args(arguments).write:
        PLACE.write_text(render())
        print(f"written: {PLACE.relative_to(ROOT)}")
    else:
        print(render())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
