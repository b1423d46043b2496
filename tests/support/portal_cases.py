"""Officers at the portal, and cases for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tanggap.domain.permissions import Officer
from tests.support.portal import Answer, Portal
from tests.support.world import COORDINATOR


def now(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="seconds")


def heard(portal: Portal, officer: Officer = COORDINATOR, **more: Any) -> Answer:
    return portal.post(
        officer, "/v1/cases", **{"channel": "phone", "received_at": now(minutes=5), "text": "Lampu jalan mati.", **more}
    )


def case_for(portal: Portal, unit: str = "pu", **more: Any) -> str:
    """A citizen's case, verified and assigned."""
    number = portal.world.new_case(**more)
    portal.post(COORDINATOR, f"/v1/cases/{number}/verification", decision="accept")
    assert portal.post(COORDINATOR, f"/v1/cases/{number}/assignment", unit=unit).status == 200
    return number
