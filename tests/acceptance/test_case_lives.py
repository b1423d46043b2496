"""The model of a case's life (tests/unit/test_case_life_model.py), on lives that nobody chose."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.test_case_life_model import CaseLife

pytestmark = pytest.mark.acceptance


def test_a_thousand_random_lives_hold_every_promise() -> None:
    wide = settings(
        max_examples=1_000,
        stateful_step_count=60,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(CaseLife, settings=wide)
