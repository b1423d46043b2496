"""As tests/integration/test_troubles.py, with thousands of stories: others than there, one fault at each call of each
function's run, and long troubles in which five calls in a hundred fail."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, seed, settings

from tanggap.domain.words import DeliveryState
from tests.support.troubles import faults
from tests.support.troubles.stories import Broken, Story, check, check_each, each_call, long_story, shortened, stories

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("number", range(4))
def test_the_promises_hold_in_hundreds_of_other_stories(number: int) -> None:
    @seed(number)
    @settings(max_examples=650, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(stories(12))
    def told(story: Story) -> None:
        check(story)

    told()


@pytest.mark.parametrize("kind", faults.KINDS)
def test_one_fault_at_each_call_of_each_run(kind: str) -> None:
    assert check_each(each_call([kind])) > 200


@pytest.mark.parametrize(("share", "most"), [(0.05, 0.03), (0.01, 0.01)])
def test_in_a_long_trouble_few_letters_leave_twice(share: float, most: float) -> None:
    """`share` of all calls fails, and what AWS's own client tries again has failed by then. A letter has three calls at
    which it can be taken and not marked: one that sends, one that marks it, and the process between them."""
    left = twice = 0
    for number in range(25):
        story = long_story(number, steps=90, share=share)
        try:
            village = check(story)
        except Broken as found:
            raise Broken(str(shortened(story, _breaks))) from found
        gone = [row for row in village.deliveries() if row.state in (DeliveryState.SENT, DeliveryState.DELIVERED)]
        sent = village.times_sent()
        left += len(gone)
        twice += sum(sent[row.id] > 1 for row in gone)
    assert left > 1_500
    assert twice / left < most, f"{twice} of {left} letters left twice"


def _breaks(story: Story) -> bool:
    try:
        check(story)
    except Broken:
        return True
    return False
