"""One figure for a month in which nobody writes, wherever it stands."""

from __future__ import annotations

import re

import pytest

from infra.bench import price
from infra.growth import cost
from infra.growth.measured import load
from infra.growth.model import Model
from infra.growth.page import PAGE
from tanggap.entrypoints.observe import METRICS
from tests.contract.stack import ROOT, TEMPLATE, of_type
from tests.support.watching import HOURLY


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(load())


@pytest.fixture(scope="module")
def bills(model: Model) -> tuple[float, float]:
    return cost.idle(model).usd, cost.idle(model, platforms=True).usd


def test_the_template_the_page_the_readme_and_the_model_say_the_same(bills: tuple[float, float]) -> None:
    said = tuple(f"{one:.2f}" for one in bills)
    assert max(bills) < 5, "DESIGN.md: a village office pays under USD 5 a month idle"
    header = (ROOT / "template.yaml").read_text()
    (total,) = re.findall(r"^#   sum \.+ (\d\.\d\d)$", header, re.MULTILINE)
    (more,) = re.findall(r"^# Platforms add \d\.\d\d .*?: (\d\.\d\d)", header, re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert (total, more) == said
    assert re.findall(r"a month in which nobody writes .*?USD (\d\.\d\d) · (\d\.\d\d)", readme) == [said]
    page = PAGE.read_text()
    assert re.findall(r"A month in which nobody writes(?:, Platforms=yes)?: \*\*USD (\d\.\d\d)\*\*", page) == [*said]


def test_a_canary_round_is_three_mails_out_and_three_in(model: Model) -> None:
    whole = price.canary_month(model.first, model.meter, 180)[0]
    assert whole[1] == pytest.approx(price.MINUTES_A_MONTH / 180)
    mails = 3 * (price.PRICES["ses_in"] + price.PRICES["ses_out"])
    assert mails < whole[2] / whole[1] < 2 * mails


def test_what_each_pace_of_the_canary_costs_stands_beside_it(model: Model) -> None:
    line = next(one for one in (ROOT / "template.yaml").read_text().splitlines() if "Default: 180" in one)
    said = dict(re.findall(r"(\d+) costs (\d\.\d\d)", line)) | {"180": re.findall(r"# (\d\.\d\d) USD", line)[0]}
    assert {int(one) for one in said} == set(TEMPLATE["Parameters"]["CanaryMinutes"]["AllowedValues"])
    for minutes, usd in said.items():
        assert f"{price.canary_month(model.first, model.meter, int(minutes))[0][2]:.2f}" == usd


def test_as_many_metrics_of_ours_have_a_value_in_idle_hours_as_the_header_says() -> None:
    (said,) = re.findall(r"custom metrics: (\d+) with a value in idle hours", (ROOT / "template.yaml").read_text())
    assert int(said) == len(HOURLY)
    assert set(HOURLY) <= METRICS.keys()


def test_keys_rotate_as_seldom_as_may_be() -> None:
    """Each rotation of a key, the first two, costs a dollar a month for good."""
    keys = of_type("AWS::KMS::Key").values()
    assert {(one["EnableKeyRotation"], one["RotationPeriodInDays"]) for one in keys} == {(True, 2560)}
