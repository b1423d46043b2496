"""Each alarm rings for its cause on what the functions' own handlers write, when infra/runbooks/alarms.md says so, and
no other does but what that page gives a reason for. One cause of each alarm here, the others at length
(tests/acceptance/test_alarms_recorded.py)."""

from __future__ import annotations

import pytest

from infra.watch.evaluate import ALARM
from infra.watch.page import PLACE, reasons, render
from infra.watch.tried import LIVE, SILENT, TRIED, Series, Tried
from tests.support.causes import ALARMS, IDLE, MONTH, PASSES, PLAYED, PORTAL, Played, heard, rings
from tests.support.recording import DAY

RECORDED = [one for one in TRIED if one.series is Series.RECORDED]
#: The first of each alarm.
QUICK = list({one.alarm: one for one in reversed(RECORDED)}.values())


@pytest.mark.parametrize("one", QUICK, ids=lambda one: f"{one.alarm}: {one.cause}")
def test_a_cause_rings_its_alarm_when_the_page_says_so_and_no_other_without_a_reason(one: Tried) -> None:
    rings(one)


@pytest.mark.parametrize("what", ["a sweep is killed", "a hundred forged webhooks", "SES throttles for two minutes"])
def test_what_passes_by_itself_rings_nobody(what: str) -> None:
    assert heard(PASSES[what]) == {}


def test_six_hours_in_which_nobody_writes_ring_none() -> None:
    assert heard(Played(lambda desk: None, DAY / 4)) == {}


def test_what_goes_on_failing_rings_once_though_sqs_forgets_the_age_of_what_it_brings_a_fourth_time() -> None:
    cause = PLAYED["who writes can't be looked up: KMS refuses, each arrival goes back"]
    assert [one.state for one in heard(cause)["ArrivalsWaiting"]] == [ALARM]


# -- the page


def test_each_alarm_was_tried_and_each_try_is_played_or_made_by_hand() -> None:
    assert {one.alarm for one in TRIED} == ALARMS.keys()
    assert {one.cause for one in RECORDED} == PLAYED.keys() | {PORTAL}
    assert len({one.cause for one in TRIED}) == len(TRIED)
    assert set(SILENT) == PASSES.keys() | {IDLE, MONTH}
    assert LIVE.keys() <= ALARMS.keys()


def test_the_page_is_what_the_table_and_the_template_say() -> None:
    assert PLACE.read_text() == render(), "python -m infra.watch --write"


def test_each_alarm_says_why_in_the_template() -> None:
    assert [name for name in ALARMS if not list(reasons(name))] == []
