"""The figures of infra/runbooks/growth.md: everything between its two marks is written by `python -m infra.growth
--write`, the prose around them by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from infra.growth import cost
from infra.growth.model import Bound, Model
from infra.growth.queueing import Queued, scenes, simulate
from infra.local.places import ROOT

PAGE = ROOT / "infra" / "runbooks" / "growth.md"
BEGIN = "<!-- figures: written by `python -m infra.growth --write` -->"
END = "<!-- end of figures -->"
#: Bounds that hold beyond this many new cases a second are named, not told.
FAR = 600
#: Cases of a flood whose terms end with one working day.
FLOOD = 100_000


def figures(model: Model) -> str:
    """Markdown."""
    queued = [simulate(scene, model) for scene in scenes(model)]
    parts = [_ends(model), _at_one_time(model), _queues(queued), _bills(model), _made(model)]
    return "\n\n".join(parts)


def text(page: str, model: Model) -> str:
    """The page with its figures as they are now. Raises ValueError for a page without the marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has no figures' marks")
    return f"{before}{BEGIN}\n\n{figures(model)}\n\n{END}{after}"


def written(page: str) -> str:
    """What stands between the marks."""
    return page.partition(BEGIN)[2].partition(END)[0].strip()


def _ends(model: Model) -> str:
    bounds = model.bounds()
    near = [one for one in bounds if one.holds_to() <= FAR]
    far = [one for one in bounds if one.holds_to() > FAR]
    head = ("what ends", "there is", *(load.name for load in model.loads), "holds to", "turn")
    rows = [
        (
            one.name + (" *" if one.new else ""),
            f"{one.have:,.0f} {one.unit}",
            *(_share(one.share(load)) for load in model.loads),
            _rate(one.holds_to()),
            _turn(one),
        )
        for one in near
    ]
    rest = "; ".join(f"{one.name} {_rate(one.holds_to())}" for one in far)
    return (
        "**What ends first.** Share of it that each load needs (peaks of 1, 2, 50 and 500 new cases a second); `holds "
        "to`: new cases a second\nat the peak of a flood. * as a new account or a new table has it.\n\n"
        f"{_table(head, rows)}\n\nFurther off: {rest}."
    )


def _queues(queued: Sequence[Queued]) -> str:
    head = ("a day, simulated", "oldest notice", "ack median", "95 %", "last", "refused sends", "cold starts")
    rows = [
        (
            one.name,
            _time(one.oldest),
            _time(one.median),
            _time(one.late),
            _time(one.last),
            f"{one.refused:,.0f}",
            str(one.cold),
        )
        for one in queued
    ]
    receives = max(one.receives for one in queued)
    return f"**How it queues up.** Receives of one notice, at most: {receives}.\n\n{_table(head, rows)}"


def _bills(model: Model) -> str:
    found = []
    for bill, aim in (
        (cost.per_1000_cases(model), 2.0),
        (cost.argued(model), None),
        (cost.idle(model), 5.0),
        (cost.idle(model, platforms=True), 5.0),
    ):
        told = "" if aim is None else f", the aim is under {aim:.0f}"
        lines = " · ".join(f"{what} {usd:.3f}" for what, _, usd in bill.lines if usd >= 0.0005)
        found.append(f"{bill.title}: **USD {bill.usd:.2f}**{told}.\n{lines}.")
    return "**What it costs** (no free tier but what is free always of alarms, traces and SQS).\n\n" + "\n\n".join(
        found
    )


def _made(model: Model) -> str:
    made, run = model.measured.made, model.runs
    return (
        f"Measured on {made['on']} by `{made['by']}` ({made['how']}; Python {made['python']}, {made['processor']}).\n"
        f"Warm seconds on AWS, counted from CPU, memory and assumed waits: a new case {run.new:.2f}, a letter "
        f"{run.letter:.2f}, its delivery event {run.event:.2f};\na due case {model.sweep_seconds():.3f} of the sweep; "
        f"{model.logged() / 1000:.0f} kB of log a case."
    )


def _at_one_time(model: Model) -> str:
    """What becomes of promise 3 when a flood's cases share their closing time."""
    many, few = model.knobs.sweep_shares, model.few.sweep_shares
    rows = [
        (
            name,
            f"{model.swept(shares):,.0f}",
            _time(60 * model.recorded(FLOOD, shares, 2)),
            _time(60 * model.recorded(FLOOD, shares, 1)),
        )
        for name, shares in (
            (f"1,000 runs: {many} shares", many),
            (f"new account: {few} shares", few),
            ("no share can be called", 0),
        )
    ]
    head = ("account", "cases a minute", "recorded, on two desks and more", "on one desk alone")
    return f"**{FLOOD:,} deadlines at one closing time.**\n\n{_table(head, rows)}"


def _table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [list(head), *(list(row) for row in rows)]
    return "\n".join([
        _row(lines[0]),
        "| --- |" + " ---: |" * (len(lines[0]) - 2) + (" --- |"),
        *(_row(line) for line in lines[1:]),
    ])  # fmt: skip


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _turn(bound: Bound) -> str:
    return " ".join([bound.turn, *(f"(`{knob}`)" for knob in bound.knobs[:1])])


def _share(value: float) -> str:
    if value > 1:
        return f"**{value:,.0f} ×**" if value >= 10 else f"**{value:,.1f} ×**"
    return f"{value:.0%}" if value >= 0.01 else "<1%"


def _rate(value: float) -> str:
    return f"{value:,.0f}/s" if value >= 10 else f"{value:.1f}/s"


def _time(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.1f} h"
