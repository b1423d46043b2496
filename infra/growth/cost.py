"""What 1,000 cases and an idle month cost: the bench's price list over the measured runs and today's template."""

from __future__ import annotations

from dataclasses import dataclass

from infra.bench import price
from infra.growth.model import Model


@dataclass(frozen=True, slots=True)
class Bill:
    title: str
    lines: tuple[price.Line, ...]

    @property
    def usd(self) -> float:
        return sum(usd for _, _, usd in self.lines)


def per_1000_cases(model: Model) -> Bill:
    """One mail with a photo of 0.3 MB in, six letters out."""
    first_mail = model.measured.mail_bytes[:1]
    return Bill("1,000 cases, 6 letters each", tuple(price.per_1000_cases(model.life, first_mail, model.meter)))


def argued(model: Model) -> Bill:
    """The whole story: the citizen is not content and writes again; nine letters."""
    measured = model.measured
    lines = price.per_1000_cases(measured.story, measured.mail_bytes, model.meter)
    return Bill("... with a reply, 9 letters each", tuple(lines))


def idle(model: Model, platforms: bool = False) -> Bill:
    given = {"Platforms": "yes"} if platforms else None
    lines = price.idle_month(model.measured.idle, model.first, model.meter, given)
    title = "A month in which nobody writes" + (", Platforms=yes" if platforms else "")
    return Bill(title, tuple(lines))
