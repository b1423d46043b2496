"""Whatever a stranger writes: the properties of tests/support/mail_properties.py over mail out of nothing.

The same examples each time, so that a run says something about the change it is run for; `make acceptance` draws more,
and others each time."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.mail_properties import PROPERTIES

EXAMPLES = 1_200  # in all
STEADY = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", PROPERTIES)
def test_whatever_a_stranger_writes(name: str) -> None:
    rule = PROPERTIES[name]
    run = settings(STEADY, max_examples=max(20, EXAMPLES * rule.share // 100))(given(*rule.given)(rule.check))
    run()


def test_the_shares_make_a_whole() -> None:
    assert sum(rule.share for rule in PROPERTIES.values()) == 100
