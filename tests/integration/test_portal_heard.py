"""Reports that officers heard elsewhere, recorded over the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.portal import Portal
from tests.support.portal_cases import heard, now
from tests.support.world import CUSTODIAN


@pytest.mark.parametrize("channel", ["phone", "counter", "letter", "sms"])
def test_a_report_heard_elsewhere_is_a_case_like_any_other(portal: Portal, channel: str) -> None:
    address = f"{channel}@dengar.example"
    answer = heard(
        portal, channel=channel, reporter={"name": "Dewi", "email": address}, category="jalan", kind="aspiration"
    )
    assert answer.status == 201
    case = answer.body
    assert (case["channel"], case["status"], case["kind"], case["category"]) == (channel, "new", "aspiration", "jalan")
    assert [clock["name"] for clock in case["clocks"]] == ["first_response", "verify", "resolve"]
    portal.world.pump()
    (letter,) = portal.world.outbox(address)
    assert case["number"] in letter.subject
    assert "Dewi" in letter.text
    assert "Dewi" not in str(case)


def test_the_clocks_of_a_letter_run_from_the_day_it_came(portal: Portal) -> None:
    case = heard(portal, channel="letter", received_at=now(days=10)).body
    assert case["overdue"] is True
    assert datetime.fromisoformat(case["clocks"][0]["started_at"]) < datetime.now(UTC) - timedelta(days=9)


def test_a_report_without_any_name_needs_no_reporter(portal: Portal) -> None:
    case = heard(portal, channel="counter").body
    assert case["deliveries"] == []
    assert portal.get(CUSTODIAN, f"/v1/cases/{case['number']}/reporter").body == {
        "name": None,
        "addresses": [],
        "earlier": [],
        "others": [],
    }


def test_who_calls_again_is_the_same_reporter_and_a_shared_phone_is_no_dead_end(portal: Portal) -> None:
    first = heard(portal, reporter={"name": "Rina", "phone": "0812-3456-7890"}).body
    second = heard(portal, reporter={"phone": "+62 812 3456 7890"}).body
    assert second["deliveries"] == [], "no address, so no letter that fails"
    third = heard(portal, reporter={"name": "Anak Rina", "phone": "081234567890", "email": "anak@rina.example"})
    assert third.status == 201
    found = portal.get(CUSTODIAN, "/v1/cases", q="0812 3456 7890").body["cases"]
    assert {case["number"] for case in found} == {first["number"], second["number"]}
    shown = portal.get(CUSTODIAN, f"/v1/cases/{third.body['number']}/reporter").body
    assert {one["address"] for one in shown["addresses"]} == {"anak@rina.example", "081234567890"}


def test_a_known_callers_letter_goes_to_the_address_that_the_vault_has(portal: Portal) -> None:
    heard(portal, reporter={"name": "Tuti", "email": "tuti@warga.example", "phone": "0813 1111 2222"})
    heard(portal, reporter={"phone": "081311112222"})
    portal.world.pump()
    assert len(portal.world.outbox("tuti@warga.example")) == 2


def test_who_helped_the_reporter_is_noted_unless_the_reporter_is_not_to_be_named(portal: Portal) -> None:
    case = heard(portal, assisted_by="Ketua RT 3").body
    assert [note["text"] for note in case["notes"]] == ["Dibantu oleh: Ketua RT 3"]
    assert case["messages"][0]["marks"] == ["assisted"]
    assert heard(portal, assisted_by="Ketua RT 3", confidentiality="anonymous").status == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", "email"),
        ("channel", "internal"),
        ("channel", None),
        ("channel", ["phone"]),
        ("received_at", "kemarin"),
        ("received_at", "2026-11-22T10:00:00"),
        ("received_at", "0001-01-01T00:00:00+14:00"),
        ("received_at", "9999-12-31T23:59:59-12:00"),
        ("received_at", "2024-01-01T00:00:00+07:00"),
        ("received_at", 5),
        ("text", "  "),
        ("text", "\u0000\u0000"),
        ("text", {"a": 1}),
        ("text", "x" * 50_001),
        ("kind", "crime"),
        ("kind", 7),
        ("category", "tidak-ada"),
        ("confidentiality", "top"),
        ("reporter", "Budi"),
        ("reporter", {"nama": "Budi"}),
        ("reporter", {"email": "budi"}),
        ("reporter", {"email": "a@b.example", "address": "c@d.example"}),
        ("reporter", {"email": "lapor@lapor.desa-contoh.example"}),
        ("reporter", {"name": "Budi\r\nBcc: x@y.example"}),
        ("reporter", {"name": "Budi \u202egpj.exe"}),
        ("reporter", {"phone": "call me"}),
        ("reporter", {"phone": "12345678901234567890"}),
        ("assisted_by", 3),
        ("priority", "high"),
    ],
)
def test_a_wrong_field_of_a_heard_report_is_named(portal: Portal, field: str, value: Any) -> None:
    answer = heard(portal, **{field: value})
    assert (answer.status, answer.code) == (422, "invalid")
    assert any(name in answer.message for name in (field, *(value if isinstance(value, dict) else ())))
