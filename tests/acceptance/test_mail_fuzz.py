"""The properties of tests/support/mail_properties.py over many examples, others each time."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.mail_properties import PROPERTIES

#: In all; TANGGAP_FUZZ says how many instead.
EXAMPLES = int(os.environ.get("TANGGAP_FUZZ", "20000"))
LONG = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True)


@pytest.fixture(scope="module")
def ran() -> Iterator[Counter[str]]:
    counts: Counter[str] = Counter()
    yield counts
    print(f"\nfuzz: {sum(counts.values())} examples")
    for name, count in counts.items():
        print(f"  {count:>6}  {name}")


@pytest.mark.parametrize("name", PROPERTIES)
def test_whatever_a_stranger_writes(name: str, ran: Counter[str]) -> None:
    rule = PROPERTIES[name]
    wanted = EXAMPLES * rule.share // 100

    @settings(LONG, max_examples=wanted)
    @given(st.tuples(*rule.given))
    def check(given_values: tuple[Any, ...]) -> None:
        ran[name] += 1
        rule.check(*given_values)

    check()
    assert ran[name] >= wanted * 0.9
