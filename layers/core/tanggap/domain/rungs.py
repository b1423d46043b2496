"""A step of one clock, as letters and rows name it: `clock[@unit].step`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .case import Case
from .clocks import Clock
from .ladder import Step


@dataclass(frozen=True, slots=True)
class Rung:
    """`id` is kept on the delivery."""

    clock: Clock
    step: Step

    @property
    def id(self) -> str:
        owner = f"@{self.clock.unit}" if self.clock.unit else ""
        return f"{self.clock.name}{owner}.{self.step.id}"


def parted(rung: str) -> tuple[str, str, str]:
    """(clock, unit, step) of a rung's id."""
    clock_id, _, step = rung.partition(".")
    name, _, unit = clock_id.partition("@")
    return name, unit, step


def climbed(case: Case, rung: str) -> Clock | None:
    """The clock that took this step and still waits to be met. None once it is met, was started anew or has gone: a
    later clock of the same name did not take it."""
    name, unit, step = parted(rung)
    mine = (one for one in reversed(case.clocks) if one.name == name and one.unit == unit)
    return next((one for one in mine if one.open and step in one.steps_done), None)


def standing(case: Case, rungs: Iterable[str]) -> tuple[str, ...]:
    """Those that still have somebody to tell something: escalation stops the moment a clock is met."""
    return tuple(rung for rung in rungs if climbed(case, rung))
