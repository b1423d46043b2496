"""`python -m infra.growth`: prints the tables. `--write` puts them into infra/runbooks/growth.md, `--measure` first
measures their inputs anew into infra/growth/measured.json (a minute; nothing else should run beside it)."""

from __future__ import annotations

import argparse
import sys
import warnings

from infra.bench.report import table
from infra.growth import cost, page
from infra.growth.measured import FILE, load
from infra.growth.model import Model
from infra.growth.queueing import scenes, simulate
from infra.local.places import ROOT


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.growth", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure the inputs anew")
    parser.add_argument("--write", action="store_true", help="write the figures of the runbook")
    asked = parser.parse_args(arguments)
    if asked.measure:
        from infra.growth.measure import keep, measure

        warnings.filterwarnings("ignore", "No application metrics to publish")
        keep(measure())
        print(f"measured into {FILE.relative_to(ROOT)}\n")
    model = Model(load())
    _print(model)
    if asked.write:
        page.PAGE.write_text(page.text(page.PAGE.read_text(), model))
        print(f"figures written into {page.PAGE.relative_to(ROOT)}")
    return 0


def _print(model: Model) -> None:
    head = ("what ends", "there is", *(load.name for load in model.loads), "holds to /s", "turn")
    rows = [
        (
            one.name + (" (new)" if one.new else ""),
            f"{one.have:,.0f} {one.unit}",
            *(f"{one.share(load):.1%}" for load in model.loads),
            f"{one.holds_to():,.1f}",
            one.turn,
        )
        for one in model.bounds()
    ]
    print(table("What ends first: share that each load needs", head, rows), "\n")
    told = [simulate(scene, model) for scene in scenes(model)]
    head = (
        "a day, simulated",
        "oldest s",
        "median s",
        "95 % s",
        "last s",
        "refused",
        "receives",
        "cold",
        "over after s",
    )
    rows = [
        (
            one.name,
            *(f"{value:,.0f}" for value in (one.oldest, one.median, one.late, one.last, one.refused)),
            str(one.receives),
            str(one.cold),
            f"{one.worked:,.0f}",
        )
        for one in told
    ]
    print(table("How it queues up", head, rows), "\n")
    for bill in (cost.per_1000_cases(model), cost.argued(model), cost.idle(model), cost.idle(model, platforms=True)):
        lines = [(what, f"{quantity:,.6g}", f"{usd:.3f}") for what, quantity, usd in bill.lines]
        print(table(bill.title, ("what", "quantity", "USD"), [*lines, ("sum", "", f"{bill.usd:.2f}")]), "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
