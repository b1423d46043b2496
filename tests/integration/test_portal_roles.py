"""What each role may not do at the portal, and who reported, which few may see and none unrecorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tanggap.domain.case import Change
from tanggap.domain.permissions import Officer
from tanggap.domain.words import Confidentiality, Role
from tests.support.portal import Portal
from tests.support.portal_cases import case_for, heard
from tests.support.world import AUDITOR, COORDINATOR, CUSTODIAN, LIAISON, aws

LEADERSHIP = Officer("kades1", Role.LEADERSHIP)
UNIT_HEAD = Officer("kepala1", Role.UNIT_HEAD, "pu")
NOBODYS_LIAISON = Officer("liaison3", Role.LIAISON)


# -- roles


def test_a_liaison_sees_the_units_cases_only_and_cannot_tell_that_others_exist(portal: Portal) -> None:
    own, other = case_for(portal, "pu"), case_for(portal, "adm")
    unassigned = portal.world.new_case()
    listed = {case["number"] for case in portal.get(LIAISON, "/v1/cases").body["cases"]}
    assert own in listed
    assert not {other, unassigned} & listed
    assert portal.get(LIAISON, "/v1/cases", unit="adm").status == 403
    assert portal.get(LIAISON, "/v1/cases", unit="-").status == 403
    nothing = "TGP-AAAAAAAAA"
    for number in (other, unassigned):
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/reporter", None),
            ("GET", "/messages/x", None),
            ("POST", "/replies", {"text": "halo"}),
            ("POST", "/replies", {"text": "halo", "attachments": ["abc.def"]}),
            ("POST", "/notes", {"text": "halo"}),
            ("POST", "/status", {"status": "in_progress", "reason": "x"}),
            ("POST", "/verification", {"decision": "duplicate", "reason": "x", "duplicate_of": number}),
            ("POST", "/assignment", {"unit": "pu"}),
        ):
            real = portal.call(LIAISON, method, f"/v1/cases/{number}{path}", body)
            none = portal.call(LIAISON, method, f"/v1/cases/{nothing}{path}", body and {**body, **_of(body, nothing)})
            assert (real.status, real.body) == (none.status, none.body)
            assert real.status in (403, 404)
        assert portal.get(LIAISON, "/v1/cases", q=number).body == {"cases": [], "cursor": None}
    inside = {"decision": "duplicate", "reason": "x"}
    for guess in (other, nothing):
        answer = portal.post(LIAISON, f"/v1/cases/{own}/verification", **inside, duplicate_of=guess)
        assert answer.status == 403


def _of(body: dict[str, Any], number: str) -> dict[str, Any]:
    return {"duplicate_of": number} if "duplicate_of" in body else {}


def test_a_unit_that_is_no_unit_opens_nothing(portal: Portal) -> None:
    portal.world.new_case()
    for officer in (NOBODYS_LIAISON, Officer("l4", Role.LIAISON, "-"), Officer("l5", Role.LIAISON, "PU")):
        assert portal.get(officer, "/v1/cases").status == 403


WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/v1/cases", {"channel": "phone", "received_at": "2026-11-22T10:00:00+07:00", "text": "x"}),
    ("POST", "/v1/uploads", {"name": "a.png", "type": "image/png", "size": 5}),
    ("POST", "/v1/cases/{}/verification", {"decision": "accept"}),
    ("POST", "/v1/cases/{}/assignment", {"unit": "pu"}),
    ("POST", "/v1/cases/{}/replies", {"text": "x"}),
    ("POST", "/v1/cases/{}/notes", {"text": "x"}),
    ("POST", "/v1/cases/{}/status", {"status": "rejected", "reason": "x"}),
    ("PUT", "/v1/policy", {}),
    ("POST", "/v1/arrivals/bWFpbC94/replay", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_an_auditor_writes_nothing(portal: Portal, method: str, path: str, body: dict[str, Any]) -> None:
    number = case_for(portal)
    before = portal.world.cases.case(number)
    answer = portal.call(AUDITOR, method, path.format(number), body)
    assert (answer.status, answer.code) == (403, "forbidden")
    assert portal.world.cases.case(number) == before


def test_leadership_reads_and_notes_and_decides_nothing(portal: Portal) -> None:
    number = case_for(portal)
    assert portal.get(LEADERSHIP, f"/v1/cases/{number}").status == 200
    assert portal.post(LEADERSHIP, f"/v1/cases/{number}/notes", text="mohon dipercepat").status == 200
    for path, body in (
        ("replies", {"text": "x"}),
        ("status", {"status": "closed", "reason": "x"}),
        ("assignment", {"unit": "adm"}),
    ):
        assert portal.post(LEADERSHIP, f"/v1/cases/{number}/{path}", **body).status == 403


def test_a_unit_head_works_like_a_liaison(portal: Portal) -> None:
    number = case_for(portal)
    assert portal.post(UNIT_HEAD, f"/v1/cases/{number}/replies", text="kami proses").status == 200
    assert portal.post(UNIT_HEAD, f"/v1/cases/{number}/assignment", unit="adm").status == 403


# -- who reported


def test_each_look_at_who_reported_is_in_the_history_before_it_is_granted(portal: Portal) -> None:
    number = portal.world.new_case(sender="intip@warga.example", name="Intip")
    for officer in (COORDINATOR, CUSTODIAN):
        shown = portal.get(officer, f"/v1/cases/{number}/reporter")
        assert shown.body["name"] == "Intip"
        assert shown.body["addresses"] == [{"channel": "email", "address": "intip@warga.example"}]
    looks = [
        (entry["actor"], entry["event"])
        for entry in portal.get(AUDITOR, f"/v1/cases/{number}").body["history"]
        if entry["event"].startswith("identity")
    ]
    assert looks == [(COORDINATOR.actor, "identity_read"), (CUSTODIAN.actor, "identity_read")]


def test_roles_that_need_it_not_never_see_who_reported(portal: Portal) -> None:
    number = case_for(portal, sender="rahasia1@warga.example")
    for officer in (LIAISON, UNIT_HEAD, LEADERSHIP, AUDITOR):
        assert portal.get(officer, f"/v1/cases/{number}/reporter").status == 403
        assert portal.get(officer, "/v1/cases", q="rahasia1@warga.example").body["cases"] == []
    assert "identity" not in str(portal.get(AUDITOR, f"/v1/cases/{number}").body["history"])


@pytest.mark.parametrize("level", ["anonymous", "secret"])
def test_an_anonymous_reporter_is_opened_and_found_by_the_custodian_alone(portal: Portal, level: str) -> None:
    address = f"{level}@warga.example"
    number = heard(portal, confidentiality=level, reporter={"name": "X", "email": address}).body["number"]
    assert portal.get(COORDINATOR, f"/v1/cases/{number}/reporter").status == 403
    assert portal.get(COORDINATOR, "/v1/cases", q=address).body["cases"] == []
    assert [c["number"] for c in portal.get(CUSTODIAN, "/v1/cases", q=address).body["cases"]] == [number]
    assert portal.get(CUSTODIAN, f"/v1/cases/{number}/reporter").body["name"] == "X"


def test_finding_a_case_by_an_address_is_a_look_and_recorded(portal: Portal) -> None:
    number = portal.world.new_case(sender="cari@warga.example")
    portal.get(COORDINATOR, "/v1/cases", q="cari@warga.example")
    events = [entry["event"] for entry in portal.get(AUDITOR, f"/v1/cases/{number}").body["history"]]
    assert events[-1] == "identity_matched"


def test_a_secret_cases_long_text_and_raw_mail_stay_with_those_who_handle_it(portal: Portal) -> None:
    """What the row only points at is content too."""
    raw = b"From: Rina <rina@warga.example>\r\nContent-Type: text/html\r\n\r\n<p>Kepala bagian meminta uang.</p>"
    aws("s3").put_object(Bucket=portal.arrivals_bucket, Key="mail/secret", Body=raw)
    mail = portal.world.mail("Kepala bagian meminta uang. " * 5_000)
    number = portal.world.arrive(mail, "mail/secret").case
    case = portal.world.cases.case(number)
    hidden = replace(case, confidentiality=Confidentiality.SECRET, version=case.version + 1)
    portal.world.cases.commit(Change(case=hidden, expected=case.version))
    key = portal.get(COORDINATOR, f"/v1/cases/{number}").body["messages"][0]["id"]
    own = portal.get(COORDINATOR, f"/v1/cases/{number}/messages/{key}").body
    assert (own["html"], "meminta uang" in own["text"]) == ("<p>Kepala bagian meminta uang.</p>", True)
    for officer in (AUDITOR, CUSTODIAN, LEADERSHIP):
        assert "uang" not in str(portal.get(officer, f"/v1/cases/{number}/messages/{key}").body)
        assert "uang" not in str(portal.get(officer, f"/v1/cases/{number}").body)


def test_a_secret_cases_content_stays_with_those_who_handle_it(portal: Portal) -> None:
    number = heard(portal, confidentiality="secret", text="Kepala bagian meminta uang.").body["number"]
    path = f"/v1/cases/{number}"
    portal.post(COORDINATOR, f"{path}/verification", decision="accept")
    portal.post(COORDINATOR, f"{path}/assignment", unit="pu")
    portal.post(LIAISON, f"{path}/notes", text="uang itu 5 juta")
    for officer in (COORDINATOR, LIAISON):
        assert "meminta uang" in str(portal.get(officer, path).body)
    for officer in (AUDITOR, LEADERSHIP, CUSTODIAN):
        case = portal.get(officer, path).body
        assert case["content_withheld"] is True
        assert "uang" not in str(case)
        message = portal.get(officer, f"{path}/messages/{case['messages'][0]['id']}").body
        assert "uang" not in str(message)
        assert case["clocks"]
    noted = portal.post(LEADERSHIP, f"{path}/notes", text="segera")
    assert "uang" not in str(noted.body)
