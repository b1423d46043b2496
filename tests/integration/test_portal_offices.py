"""The ledger and the policy over the API."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanggap.application.receive import Raw
from tanggap.domain.letters import LETTERS
from tanggap.domain.words import Channel, Reason
from tests.support.portal import Answer, Portal
from tests.support.world import AUDITOR, COORDINATOR, CUSTODIAN, LIAISON, POLICY, aws


def identifier(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def stored(portal: Portal, key: str) -> str:
    aws("s3").put_object(Bucket=portal.arrivals_bucket, Key=key, Body=b"raw")
    return identifier(key)


def parked(portal: Portal, key: str, reason: Reason = Reason.SPAM) -> str:
    found = stored(portal, key)
    portal.world.receive(Raw(key, Channel.EMAIL, datetime.now(UTC), 3, None, parked=reason))
    return found


# -- the ledger


def test_the_ledger_tells_what_arrived_and_what_became_of_it(portal: Portal) -> None:
    number = portal.world.new_case()
    found = portal.get(AUDITOR, "/v1/arrivals", outcome="filed").body
    row = next(row for row in found["arrivals"] if row["messages"][0]["case"] == number)
    assert set(row) == {"id", "channel", "at", "size", "messages"}
    (message,) = row["messages"]
    assert set(message) == {"outcome", "reason", "external_id", "case"}
    assert (message["outcome"], message["reason"]) == ("filed", "new_case")
    assert portal.get(COORDINATOR, f"/v1/arrivals/{row['id']}").body == row


def test_an_arrival_that_nobody_read_yet_is_shown_as_waiting(portal: Portal) -> None:
    key = stored(portal, "mail/not-read-yet")
    for query in ({}, {"outcome": "waiting"}):
        rows = portal.get(AUDITOR, "/v1/arrivals", **query).body["arrivals"]
        (row,) = [row for row in rows if row["id"] == key]
        assert row["messages"] == [{"outcome": "waiting", "reason": "unread", "external_id": "", "case": None}]
    assert portal.get(AUDITOR, f"/v1/arrivals/{key}").body["messages"][0]["outcome"] == "waiting"
    assert key not in str(portal.get(AUDITOR, "/v1/arrivals", outcome="filed").body)


def test_only_roles_that_count_see_the_ledger(portal: Portal) -> None:
    key = stored(portal, "mail/whose")
    for officer in (LIAISON, CUSTODIAN):
        for path in ("/v1/arrivals", f"/v1/arrivals/{key}"):
            assert portal.get(officer, path).status == 403
    assert portal.post(AUDITOR, f"/v1/arrivals/{key}/replay").status == 403


def test_a_parked_arrival_is_read_again_on_an_officers_word_and_a_filed_one_is_not(portal: Portal) -> None:
    portal.notices()
    key = parked(portal, "mail/parked-1")
    for _ in range(2):
        answer = portal.post(COORDINATOR, f"/v1/arrivals/{key}/replay")
        assert (answer.status, answer.body) == (202, {"id": key, "replay": "queued"})
    assert portal.notices() == [{"tanggap": "replay", "key": "mail/parked-1", "actor": COORDINATOR.actor}] * 2
    number = portal.world.new_case()
    rows = portal.get(AUDITOR, "/v1/arrivals", outcome="filed").body["arrivals"]
    filed = next(row["id"] for row in rows if row["messages"][0]["case"] == number)
    answer = portal.post(COORDINATOR, f"/v1/arrivals/{filed}/replay")
    assert (answer.status, answer.code) == (409, "not_allowed")
    assert portal.notices() == []


def test_a_waiting_arrival_is_announced_again(portal: Portal) -> None:
    key = stored(portal, "events/lost-notice")
    assert portal.post(COORDINATOR, f"/v1/arrivals/{key}/replay").status == 202
    assert portal.notices() == [{"tanggap": "again", "key": "events/lost-notice", "actor": COORDINATOR.actor}]


def filed(portal: Portal, key: str) -> str:
    """A stored mail that an earlier reader understood otherwise."""
    raw = b"From: Siti <siti@warga.example>\r\nMessage-ID: <m@x>\r\nSubject: Jalan\r\n\r\nJalan di RT 3 rusak.\r\n"
    aws("s3").put_object(Bucket=portal.arrivals_bucket, Key=key, Body=raw)
    portal.world.arrive(portal.world.mail("Jalan", subject="Jalan", external_id="m@x"), key)
    return identifier(key)


def test_todays_reading_of_an_arrival_is_shown_beside_what_became_of_it(portal: Portal) -> None:
    key = filed(portal, "mail/read-before")
    (shown,) = portal.get(COORDINATOR, f"/v1/arrivals/{key}/reading").body["messages"]
    assert (shown["was"], shown["now"]) == (
        {"outcome": "filed", "reason": "new_case"},
        {"outcome": "filed", "reason": None},
    )
    assert shown["differs"]
    assert {"field": "text", "was": "Jalan", "now": "Jalan di RT 3 rusak."} in shown["differences"]
    assert portal.get(COORDINATOR, f"/v1/cases/{shown['case']}").body["messages"][0]["text"] == "Jalan"


def test_what_is_filed_is_read_anew_only_when_that_is_said(portal: Portal) -> None:
    key = filed(portal, "mail/read-before-2")
    portal.notices()
    assert portal.post(COORDINATOR, f"/v1/arrivals/{key}/replay").status == 409
    assert portal.post(COORDINATOR, f"/v1/arrivals/{key}/replay", apply=False).status == 409
    assert portal.post(COORDINATOR, f"/v1/arrivals/{key}/replay", apply="yes").status == 422
    assert portal.notices() == []
    assert portal.post(COORDINATOR, f"/v1/arrivals/{key}/replay", apply=True).status == 202
    assert portal.notices() == [{"tanggap": "anew", "key": "mail/read-before-2", "actor": COORDINATOR.actor}]


def test_only_the_coordinator_reads_an_arrival_anew(portal: Portal) -> None:
    key = filed(portal, "mail/read-before-3")
    for officer in (AUDITOR, LIAISON, CUSTODIAN):
        assert portal.get(officer, f"/v1/arrivals/{key}/reading").status == 403
        assert portal.post(officer, f"/v1/arrivals/{key}/replay", apply=True).status == 403


def test_an_arrival_whose_raw_object_is_gone_has_no_reading(portal: Portal) -> None:
    key = filed(portal, "mail/read-before-4")
    aws("s3").delete_object(Bucket=portal.arrivals_bucket, Key="mail/read-before-4")
    assert portal.get(COORDINATOR, f"/v1/arrivals/{key}/reading").status == 404


def test_a_parked_arrival_whose_raw_object_is_gone_cannot_be_read_again(portal: Portal) -> None:
    key = parked(portal, "mail/gone")
    aws("s3").delete_object(Bucket=portal.arrivals_bucket, Key="mail/gone")
    assert portal.post(COORDINATOR, f"/v1/arrivals/{key}/replay").status == 409


@pytest.mark.parametrize(
    "key",
    [
        "x",
        "é",
        "=",
        identifier("uploads/secret"),
        identifier("mail/../x"),
        identifier("mail/\x00"),
        identifier("mail/" + "x" * 2000),
        identifier("mail/unknown") + "==",
        identifier("mail/unknown") + "%0a",
        "%2e%2e",
    ],
)
def test_what_is_no_arrival_is_not_found(portal: Portal, key: str) -> None:
    assert portal.get(AUDITOR, f"/v1/arrivals/{key}").status == 404
    assert portal.post(COORDINATOR, f"/v1/arrivals/{key}/replay").status == 404


@pytest.mark.parametrize(
    "query",
    [
        {"outcome": "lost"},
        {"from": "yesterday"},
        {"from": "2026-11-22T10:00:00"},
        {"to": "0001-01-01T00:00:00Z"},
        {"from": "0001-01-01T00:00:00+14:00"},
        {"to": "9999-12-31T23:59:59-14:00"},
        {"from": "2026-01-01T00:00:00Z", "to": "2025-12-31T00:00:00Z"},
        {"from": "9000-01-01T00:00:00Z"},
    ],
)
def test_a_wrong_question_to_the_ledger_is_named(portal: Portal, query: dict[str, str]) -> None:
    answer = portal.get(AUDITOR, "/v1/arrivals", **query)
    assert (answer.status, answer.code) == (422, "invalid")


def test_a_ledger_of_any_end_is_read_and_a_plus_sign_sent_bare_is_understood(portal: Portal) -> None:
    assert portal.get(AUDITOR, "/v1/arrivals", to="9999-12-31T00:00:00Z").status == 200
    since = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds").replace("+00:00", " 00:00")
    assert portal.get(AUDITOR, "/v1/arrivals", **{"from": since}).status == 200


def test_the_ledger_goes_page_by_page_and_misses_nothing(portal: Portal) -> None:
    for index in range(130):
        parked(portal, f"mail/page-{index:03d}", Reason.VIRUS)
    seen: list[str] = []
    cursor = ""
    for _ in range(10):
        page = portal.get(AUDITOR, "/v1/arrivals", outcome="parked", **({"cursor": cursor} if cursor else {})).body
        seen += [row["id"] for row in page["arrivals"]]
        if not (cursor := page["cursor"]):
            break
    assert len(seen) == len(set(seen))
    assert {identifier(f"mail/page-{index:03d}") for index in range(130)} <= set(seen)


# -- the policy


def put(portal: Portal, policy: Any, **more: Any) -> Answer:
    return portal.call(COORDINATOR, "PUT", "/v1/policy", policy, **more)


def test_a_policy_that_was_read_can_be_saved_again(portal: Portal) -> None:
    policy = portal.get(COORDINATOR, "/v1/policy").body
    saved = put(portal, policy)
    assert saved.status == 200
    assert saved.body["version"] == policy["version"] + 1
    assert saved.body["saved"]["by"] == COORDINATOR.id
    again = put(portal, portal.get(COORDINATOR, "/v1/policy").body)
    assert again.body["version"] == policy["version"] + 2


def test_of_two_policies_made_from_the_same_one_the_second_is_a_conflict(portal: Portal) -> None:
    policy = portal.get(COORDINATOR, "/v1/policy").body
    assert put(portal, {**policy, "agency": "Satu"}).status == 200
    second = put(portal, {**policy, "agency": "Dua"})
    assert (second.status, second.code) == (409, "policy_changed")
    assert portal.get(COORDINATOR, "/v1/policy").body["agency"] == "Satu"


def test_only_the_coordinator_writes_the_policy_and_every_officer_reads_it(portal: Portal) -> None:
    for officer in (LIAISON, AUDITOR, CUSTODIAN):
        assert portal.get(officer, "/v1/policy").status == 200
        assert portal.call(officer, "PUT", "/v1/policy", POLICY).status == 403


def test_every_fault_of_a_policy_is_told_at_once_with_its_place(portal: Portal) -> None:
    before = portal.get(COORDINATOR, "/v1/policy").body["version"]
    answer = put(
        portal,
        {
            **POLICY,
            "version": "1",
            "agency": "",
            "coordinator": ["koordinator@lapor.desa-contoh.example"],
            "units": [
                {"id": "pu", "name": "PU", "head": [], "liaisons": ["x@sub.lapor.desa-contoh.example"], "hed": 1}
            ],
            "clocks": {"verify": {"*": {"amount": 0, "unit": "working_days"}}},
            "letters": {"answer": {"text": "Selesai."}},
            "colour": "blue",
        },
    )
    assert (answer.status, answer.code) == (422, "invalid")
    places = {fault["place"] for fault in answer.body["error"]["faults"]}
    assert places == {
        "version",
        "agency",
        "coordinator",
        "units[0].head",
        "units[0].liaisons",
        "units[0].hed",
        "clocks.verify.*",
        "letters.answer.text",
        "colour",
    }
    assert portal.get(COORDINATOR, "/v1/policy").body["version"] == before


@pytest.mark.parametrize("policy", [{}, {"version": 1}, {"version": True, **POLICY}, {"version": None, **POLICY}])
def test_a_policy_that_is_hardly_one_is_refused(portal: Portal, policy: dict[str, Any]) -> None:
    assert put(portal, policy).status == 422


def test_a_policy_of_a_thousand_faults_gets_an_answer_that_can_be_sent(portal: Portal) -> None:
    answer = portal.call(COORDINATOR, "PUT", "/v1/policy", raw=json.dumps({"units": [{}] * 90_000}))
    assert answer.status == 422
    assert len(json.dumps(answer.body)) < 50_000
    assert "more" in answer.body["error"]["faults"][-1]["message"]


def test_a_policy_that_no_row_holds_is_refused_and_the_largest_that_one_does_is_in_force(portal: Portal) -> None:
    names = [purpose for purpose in LETTERS if purpose not in ("acknowledgement", "new_message", "undelivered")]
    for count, status in ((9, 200), (10, 422)):
        needed = {name: " ".join(f"${one}" for one in sorted(LETTERS[name].needed("id"))) for name in names[:count]}
        letters = {name: {"id": {"text": "é" * 18_000 + text}} for name, text in needed.items()}
        sent = json.dumps({**POLICY, "letters": letters}, ensure_ascii=False)
        assert portal.call(COORDINATOR, "PUT", "/v1/policy", raw=sent).status == status
    number = _recorded(portal)
    answer = portal.post(COORDINATOR, f"/v1/cases/{number}/verification", decision="reject", reason="$text" * 9_000)
    assert answer.status == 200


def test_a_saved_policy_is_in_force_for_the_next_case_and_each_clock_is_explained_by_its_own(portal: Portal) -> None:
    world = portal.world
    put(portal, {**POLICY})
    old = _recorded(portal)
    holiday = (datetime.now(UTC) + timedelta(days=2)).date()
    while holiday.weekday() > 4:
        holiday += timedelta(days=1)
    saved = put(
        portal,
        {**POLICY, "calendar": {"days_off": [{"date": holiday.isoformat(), "name": "Pilkades", "joint_leave": False}]}},
    )
    new = _recorded(portal)
    assert _why(portal, old, holiday.isoformat()) != "holiday: Pilkades"
    assert _why(portal, new, holiday.isoformat()) == "holiday: Pilkades"
    versions = {clock["policy_version"] for clock in portal.get(COORDINATOR, f"/v1/cases/{new}").body["clocks"]}
    assert versions == {saved.body["version"]}
    assert world.policies.current(fresh=True).version == saved.body["version"]


def _recorded(portal: Portal) -> str:
    body = {"channel": "phone", "received_at": datetime.now(UTC).isoformat(), "text": "x"}
    return str(portal.call(COORDINATOR, "POST", "/v1/cases", body).body["number"])


def _why(portal: Portal, number: str, day: str) -> str:
    clocks = portal.get(COORDINATOR, f"/v1/cases/{number}").body["clocks"]
    resolve = next(clock for clock in clocks if clock["name"] == "resolve")
    return str(next(one["why"] for one in resolve["explanation"] if one["date"] == day))


def test_a_policy_that_another_function_saved_is_seen_within_a_minute() -> None:
    from tanggap.adapters.dynamodb.table import table
    from tanggap.adapters.policies import StoredPolicies
    from tests.support.world import fake_aws, make_tables

    with fake_aws():
        cases = table(make_tables()[0])
        seconds = [0.0]
        here, elsewhere = StoredPolicies(cases, lambda: seconds[0]), StoredPolicies(cases)
        elsewhere.store(POLICY, 1)
        assert here.current().version == 1
        elsewhere.store({**POLICY, "agency": "Baru"}, 2)
        seconds[0] = 59
        assert here.current().version == 1
        assert here.current(fresh=True).version == 2
        elsewhere.store(POLICY, 3)
        seconds[0] = 120.1
        assert here.current().version == 3
        assert here.version(2).agency == "Baru"  # type: ignore[union-attr]


def test_the_cases_of_a_unit_that_is_no_more_stay_in_the_coordinators_sight(portal: Portal) -> None:
    put(portal, POLICY)
    number = portal.world.new_case()
    portal.post(COORDINATOR, f"/v1/cases/{number}/verification", decision="accept")
    portal.post(COORDINATOR, f"/v1/cases/{number}/assignment", unit="adm")
    fewer = {**POLICY, "units": POLICY["units"][:1]}
    assert put(portal, fewer).body["former_units"] == ["adm"]
    assert put(portal, fewer).body["former_units"] == ["adm"], "still"
    assert number in str(portal.get(COORDINATOR, "/v1/cases").body)
    assert portal.post(COORDINATOR, f"/v1/cases/{number}/assignment", unit="adm").status == 422
    assert portal.post(COORDINATOR, f"/v1/cases/{number}/assignment", unit="pu").status == 200
    assert put(portal, POLICY).body["former_units"] == []


# -- health


def test_health_is_public_and_holds_no_personal_data(portal: Portal) -> None:
    portal.world.arrive(portal.world.mail(sender="sehat@warga.example"))
    portal.world.cases.keep_report({"at": "2026-11-22T05:00:00.000Z", "oldest_waiting": "2026-11-22T04:00:00.000Z"})
    health = portal.get(None, "/v1/health")
    assert health.status == 200
    assert {"version", "schema", "oldest_unsent", "oldest_unread"} <= set(health.body)
    assert health.body["oldest_unread"] == "2026-11-22T11:00:00+07:00"
    assert health.body["oldest_unsent"]
    assert "@" not in str(health.body)


def test_a_stranger_is_not_told_that_nobody_watches_or_that_anchors_were_touched(portal: Portal) -> None:
    upkeep = ["calendar", "alarms_unheard", "anchors", "anchors_covered", "anchors_unlocked", "gauge_OverdueRise"]
    upkeep += ["gauge_anchors", "gauge_alarms_unheard"]
    gauged = {"figures": {"UpkeepDue": len(upkeep)}, "silent": [], "upkeep": upkeep}
    portal.world.cases.keep_report({"at": "2026-11-22T05:00:00.000Z", "gauges": gauged})
    told = portal.get(None, "/v1/health").body
    assert told["upkeep"] == ["calendar", "gauge_OverdueRise"]
    assert told["figures"]["upkeep_due"] == 2, "nor by the number"
    portal.world.cases.keep_report({"at": "2026-11-22T05:00:00.000Z"})
    assert portal.get(None, "/v1/health").body["figures"]["upkeep_due"] is None, "nothing was counted yet"
