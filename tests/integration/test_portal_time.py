"""A request whose time is nearly over is told to come again by the portal itself: a killed run tells nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.events import api_event, claims_of
from tests.support.portal import Context, Portal
from tests.support.world import COORDINATOR


class Late(Context):
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 3_999


def called_late(portal: Portal, method: str, path: str, body: Any = None) -> dict[str, Any]:
    event = api_event(method, path, claims=claims_of(COORDINATOR), body=body)
    answer: dict[str, Any] = portal.function.handler(event, Late())
    return answer


@pytest.mark.parametrize("path", ["/v1/arrivals", "/v1/cases"])
def test_who_asks_is_told_to_come_again_and_then_answered(portal: Portal, path: str) -> None:
    portal.world.new_case()
    answer = called_late(portal, "GET", path)
    assert (answer["statusCode"], '"unavailable"' in answer["body"]) == (503, True)
    assert portal.get(COORDINATOR, path).status == 200


def test_what_was_not_begun_in_time_is_not_done(portal: Portal) -> None:
    number = portal.world.new_case()
    before = portal.world.cases.file(number)
    answer = called_late(portal, "POST", f"/v1/cases/{number}/notes", {"text": "dicek"})
    assert answer["statusCode"] == 503
    assert portal.world.cases.file(number) == before
    assert portal.post(COORDINATOR, f"/v1/cases/{number}/notes", text="dicek").status == 200
