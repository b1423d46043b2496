"""By the API a case says what it was classified as and why, and takes a correction."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.portal import Portal
from tests.support.reports import opened
from tests.support.world import COORDINATOR


def test_the_api_shows_what_was_said_and_why_and_takes_a_correction(portal: Portal) -> None:
    body = portal.post(
        COORDINATOR,
        "/v1/cases",
        channel="phone",
        received_at=portal.world.now.isoformat(),
        text="Nenek umur 80 tahun jatuh, ada pungli juga",
        reporter={"name": "Siti", "phone": "0812 0000 1111"},
    ).body
    assert body["priority"] == "high"
    assert body["classification"]["priority"]["value"] == "high"
    assert {"rule": "elderly", "found": "nenek"} in body["classification"]["priority"]["why"]
    assert body["classification"]["kind"] == {"value": "complaint", "why": [{"rule": "default", "found": ""}]}
    assert body["classification"]["unit"] == {"value": None, "why": []}
    assert body["proposed"] == {"kind": {"value": "supervisory", "why": [{"rule": "word", "found": "pungli"}]}}

    path = f"/v1/cases/{body['number']}/classification"
    done = portal.post(COORDINATOR, path, kind="supervisory_complaint", priority="urgent", category="jalan")
    assert done.status == 200
    assert (done.body["kind"], done.body["priority"], done.body["category"]) == ("supervisory", "urgent", "jalan")
    assert done.body["proposed"] == {"unit": {"value": "pu", "why": [{"rule": "category_unit", "found": "jalan"}]}}
    assert done.body["classification"]["priority"]["why"] == [{"rule": "officer", "found": ""}]


def test_the_api_shows_a_proposed_duplicate_and_takes_its_dismissal(portal: Portal) -> None:
    first, second = opened(portal.world, reporter="s1"), opened(portal.world, reporter="s2")
    shown = portal.get(COORDINATOR, f"/v1/cases/{second.number}").body
    assert {"kind": "likely_duplicate_of", "number": first.number, "why": "same_place_and_words"} in shown["links"]
    path = f"/v1/cases/{second.number}/classification"
    assert portal.post(COORDINATOR, path, not_duplicate_of=first.number).body["links"] == []
    assert portal.post(COORDINATOR, path, not_duplicate_of=first.number).status == 422


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": "crime"},
        {"priority": "very"},
        {"category": "nope"},
        {"category": 5},
        {"unit": "pu"},
        {"reason": 5, "priority": "high"},
    ],
)
def test_the_api_refuses_what_is_no_correction(portal: Portal, given: dict[str, Any]) -> None:
    number = opened(portal.world).number
    assert portal.post(COORDINATOR, f"/v1/cases/{number}/classification", **given).status == 422


def test_each_corrected_field_is_counted(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    number = opened(portal.world, "Nenek jatuh", reporter="s9").number
    portal.post(COORDINATOR, f"/v1/cases/{number}/classification", kind="information", priority="normal")
    portal.post(COORDINATOR, f"/v1/cases/{number}/classification", priority="normal")
    portal.get(COORDINATOR, f"/v1/cases/{number}")
    lines = [vars(one) for one in caplog.records if vars(one).get("code") == "classification_corrected"]
    assert [(one["case"], one["times"]) for one in lines] == [(number, 2)]
