"""What 1,000 cases and an idle month cost: the bench's price list over the measured runs and today's template."""

from __future__ import annotations

from dataclasses import dataclass

from infra.bench import price
from infra.growth.model import Model

CANARY = "CanaryFunction"
#: Requests of a canary round to the API: the form, and looking how it stands.
CANARY_REQUESTS = 3


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
    lines = price.idle_month(model.measured.idle, model.meter, ("HasPlatforms",) if platforms else ())
    title = "A month in which nobody writes" + (", Platforms=yes" if platforms else "")
    return Bill(title, (*lines, *_canary(model)))


def _canary(model: Model) -> list[price.Line]:
    """Nothing where the template has none."""
    if CANARY not in model.meter.resources:
        return []
    every = int(model.parameters["CanaryMinutes"]["Default"])
    rounds = price.MINUTES_A_MONTH / every
    new, letter, event = model.first
    # A case by mail, acknowledged, the acknowledgement come back and read; a case by form; the canary's own letter.
    lines = price.per_1000_cases([new, letter, event, event, new], [2_000, 2_000], model.meter)
    free = ("first month", "traces", "point-in-time")  # its cases are few, and traces below what is always free
    each = sum(usd for what, _, usd in lines if not any(word in what for word in free)) / 1_000
    each += price.PRICES["ses_out"] + CANARY_REQUESTS * price.PRICES["api_request"]
    return [(f"canary each {every} minutes: 2 mails in, 2 out, a form", rounds, rounds * each)]
