"""The growth runbook says what the model says of today's template, and names knobs that exist."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.build.template import read
from infra.growth import cost, limits, page
from infra.growth.knobs import is_there
from infra.growth.measured import load
from infra.growth.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(load())


def test_the_runbooks_figures_are_those_of_the_template_and_of_the_measured_inputs(model: Model) -> None:
    now = page.figures(model)
    assert page.written(page.PAGE.read_text()) == now.strip(), "run: python -m infra.growth --write"


def test_each_knob_that_the_page_names_can_be_turned(model: Model) -> None:
    template = read()
    named = {knob for bound in model.bounds() for knob in bound.knobs}
    assert named
    assert [knob for knob in sorted(named) if not is_there(knob, template)] == []
    assert not is_there("IntakeFunction.Events.Arrival.Properties.Nothing", template)
    assert not is_there("application/sweep.py: NOTHING", template)


def test_the_model_follows_the_template(model: Model) -> None:
    turned = read()
    arrival = turned["Resources"]["IntakeFunction"]["Properties"]["Events"]["Arrival"]["Properties"]
    arrival["ScalingConfig"]["MaximumConcurrency"]["Fn::If"][1] *= 2
    before, after = ({bound.name: bound.holds_to() for bound in one.bounds()} for one in (model, Model(load(), turned)))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"intake, readings at once"}
    assert after["intake, readings at once"] == pytest.approx(2 * before["intake, readings at once"])


def test_of_several_keys_of_one_name_the_hottest_is_the_bound() -> None:
    measured = load()
    for units in ((9.0, 1.0), (1.0, 9.0)):
        keys = dict(zip(("ref ALIKE#a", "ref ALIKE#b"), units, strict=True))
        found = Model(replace(measured, written=[keys, *measured.written[1:]])).bounds()
        (one,) = (bound for bound in found if bound.name == "key: one wording in every report")
        assert one.arriving == 9.0


def test_a_village_and_a_district_need_no_limit_raised_but_the_sandbox(model: Model) -> None:
    village, district, flood, _ = model.loads
    for load_ in (village, district):
        assert [bound.name for bound in model.bounds() if bound.share(load_) > 1] == []
    # What a flood needs beyond a fresh account: told here so that a further one is noticed.
    over = {bound.name for bound in model.bounds() if bound.share(flood) > 1}
    assert over <= {
        "SES, letters a day, sandbox",
        "SES, letters a day",
        "SES, letters a second",
        "Lambda, runs at once, new account",
        "intake, readings at once, new account",
        "sweep, cases of a day due in one minute",
        "sweep, cases of a day due in one minute, new account",
    }


def test_a_floods_deadlines_at_one_closing_time_are_recorded_within_ten_minutes(model: Model) -> None:
    many, few = model.knobs.sweep_shares, model.few.sweep_shares
    assert model.recorded(page.FLOOD, many, desks=2) <= 10
    assert model.recorded(page.FLOOD, few, desks=2) <= 20, "on an account with ten runs"
    assert model.recorded(page.FLOOD, 0, desks=2) > 2 * model.recorded(page.FLOOD, few, desks=2), "what shares are for"


def test_at_most_so_many_functions_of_a_new_account_run_whatever_comes_in(model: Model) -> None:
    """By mail and form, with all deadlines at once; whoever opens a page finds a run. Media comes with platforms."""
    few = model.few
    reading, sending = few.intake_at_once, limits.NEW_TABLE_SHARDS * few.stream_factor
    assert reading + sending + 1 <= limits.NEW_ACCOUNT_RUNS - 2, "the sweep is one, and two are left"
    assert few.sweep_shares == 2, "for minutes after closing time, when those two are seldom asked for"


def test_cases_and_idle_months_cost_less_than_was_aimed_at(model: Model) -> None:
    assert cost.per_1000_cases(model).usd < 2
    assert cost.idle(model).usd < 5
    assert cost.idle(model, platforms=True).usd < 5


def test_the_measured_life_is_one_mail_and_six_letters(model: Model) -> None:
    assert sum(one.count("sesv2 SendEmail") for one in model.life) == 6
    assert model.letters == 5
    assert [one.step for one in model.first] == ["new case", "new case: letter", "new case: delivered"]
