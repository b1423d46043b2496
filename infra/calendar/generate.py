"""Writes the days off that the core layer ships: layers/core/tanggap/domain/calendar_id.py.

    python infra/calendar/generate.py            write the file
    python infra/calendar/generate.py --check    exit 1 when the file is not what the library says today

Needs the library `holidays` on the machine that builds; it is too slow and too big (100 ms, 13 MB) to be shipped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date
from importlib import metadata
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "layers/core/tanggap/domain/calendar_id.py"
YEARS = (2026, 2027)

#: date -> (name, joint leave?)
DaysOff = dict[date, tuple[str, bool]]

HEAD = '''"""Days off in Indonesia: public holidays and joint leave (cuti bersama), as decreed.

Made by infra/calendar/generate.py from `holidays` {version}; change that, not this.
"(perkiraan)" in a name: the date still depends on a sighting of the moon.
"""

from __future__ import annotations

from datetime import date

from .calendar import DayOff

#: The last date for which both lists are decreed.
KNOWN_UNTIL = {known_until}

DAYS_OFF: dict[date, DayOff] = {{
'''


def collect(years: Iterable[int]) -> tuple[str, date, DaysOff]:
    """(library version, known until, days off). A public holiday wins over joint leave on the same date.

    A year without joint leave has no decree yet: it and what follows are left out, since half a year's list would
    pass for knowledge. Raises SystemExit when even the first year has none."""
    import holidays  # here, so that `render` can be used without it

    days: DaysOff = {}
    known_until = None
    for year in sorted(years):
        joint, public = (
            holidays.country_holidays("ID", years=year, categories=(category,), language="id")
            for category in ("government", "public")
        )
        if not joint:
            break
        for source, joint_leave in ((joint, True), (public, False)):
            days.update({day: (_said(name), joint_leave) for day, name in source.items()})
        known_until = date(year, 12, 31)
    if known_until is None:
        raise SystemExit("no year of these has a joint leave decree in the library")
    return metadata.version("holidays"), known_until, dict(sorted(days.items()))


def _said(name: str) -> str:
    """As Indonesians say it."""
    return name.replace("Hari kedua dari Hari Raya", "Hari kedua")


def render(version: str, known_until: date, days: DaysOff) -> str:
    """The module's text."""
    rows = (f"    {written(day)}: {day_off(*row)},\n" for day, row in days.items())
    return HEAD.format(version=version, known_until=written(known_until)) + "".join(rows) + "}\n"


def day_off(name: str, joint_leave: bool) -> str:
    return f"DayOff({json.dumps(name, ensure_ascii=False)}{', joint_leave=True' if joint_leave else ''})"


def written(day: date) -> str:
    return f"date({day.year}, {day.month}, {day.day})"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write the calendar that the core layer ships.")
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    parser.add_argument("--years", type=int, nargs="+", default=YEARS)
    options = parser.parse_args(arguments)
    version, known_until, days = collect(options.years)
    text = render(version, known_until, days)
    if options.check:
        same = TARGET.read_text(encoding="utf-8") == text
        print(f"{TARGET.name} {'is' if same else 'is not'} what holidays {version} says")
        return 0 if same else 1
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(days)} days off, known until {known_until}, from holidays {version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
