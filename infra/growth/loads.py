"""Four loads, from a village office to beyond what the desk was designed for."""

from __future__ import annotations

from dataclasses import dataclass

#: Officers' work of a case (every letter but the acknowledgement, every request) falls into office hours.
OFFICE_SECONDS = 8 * 3600
#: A flood: its day brings 2,000 times the cases of its busiest second, and is worked off in a week.
DAY_OVER_PEAK = 2_000
DAYS_OF_WORK = 5


@dataclass(frozen=True, slots=True)
class Load:
    """`peak`: new cases in the busiest second; `day`: in the busiest day; `worked`: cases that officers bring through
    in a day; `kept`: cases of all the days whose arrivals are kept; `window`: of the ledger's days."""

    name: str
    peak: float
    day: float
    worked: float
    kept: float
    window: float

    @property
    def office(self) -> float:
        """Cases brought through in a second of office hours."""
        return self.worked / OFFICE_SECONDS


def loads(kept_days: float, window_days: float) -> tuple[Load, ...]:
    def steady(name: str, peak: float, day: float) -> Load:
        return Load(name, peak, day, day, day * kept_days, day * window_days)

    month = 1_000 / 30
    return (
        steady("10 a month", 1, 10 / 30),
        steady("1,000 a month", 2, month),
        flood(50, month * kept_days),
        steady("1,000,000 a day", 500, 1_000_000),
    )


def flood(peak: float, kept_before: float) -> Load:
    """One day such as that; the rays of the model run along its peak."""
    day = peak * DAY_OVER_PEAK
    return Load(f"{day:,.0f} in a day", peak, day, day / DAYS_OF_WORK, kept_before + day, day)
