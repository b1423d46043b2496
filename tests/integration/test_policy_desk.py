"""The policy's versions: who saved each, what it changed, and the way back."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.ops.policy import main
from tanggap.application.policy_desk import PAGE, PolicyDesk
from tanggap.application.ports import PolicyMoved
from tanggap.domain.errors import Invalid, NotFound
from tanggap.domain.permissions import Officer
from tests.support.portal import Portal, running_portal
from tests.support.world import AUDITOR, COORDINATOR, CUSTODIAN, DOMAIN, LIAISON, POLICY, World, fake_aws

HOLIDAY = {"days_off": [{"date": "2026-12-02", "name": "Pilkades"}]}


def policy(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(POLICY), **parts}


@pytest.fixture
def desk(world: World) -> PolicyDesk:
    return PolicyDesk(world.policies, DOMAIN)


# -- what it was


def test_each_version_says_who_saved_it_when_and_what_it_changed(world: World, desk: PolicyDesk) -> None:
    desk.save(COORDINATOR, policy(calendar=HOLIDAY, agency="Desa Baru"), world.now)
    desk.save(Officer("koor2", COORDINATOR.role), policy(agency="Desa Baru"), world.later(hours=1))
    newest, middle, first = desk.versions(AUDITOR)
    assert (newest.number, newest.saved["by"], newest.changed) == (3, "koor2", ("calendar",))
    assert (middle.saved["by"], middle.saved["at"]) == (COORDINATOR.id, "2026-11-23T03:00:00.000Z")
    assert middle.changed == ("agency", "calendar")
    assert (first.saved, first.changed) == ({}, tuple(sorted(POLICY)))


def test_what_is_left_out_and_what_is_empty_are_no_change(world: World, desk: PolicyDesk) -> None:
    desk.save(COORDINATOR, policy(roles=[], calendar={}), world.now)
    assert desk.versions(AUDITOR)[0].changed == ()


def test_a_long_history_comes_in_pages_that_miss_nothing(world: World, desk: PolicyDesk) -> None:
    for number in range(PAGE + 3):
        world.policies.store(policy(agency=f"Desa {number}"), number + 2)
    first = desk.versions(AUDITOR)
    rest = desk.versions(AUDITOR, first[-1].number)
    assert [one.number for one in (*first, *rest)] == list(range(PAGE + 4, 0, -1))
    assert {one.changed for one in (*first, *rest)[:-1]} == {("agency",)}
    assert desk.versions(AUDITOR, 1) == ()


@pytest.mark.parametrize("number", [0, -1, 2, 10**7])
def test_a_version_that_never_was_is_not_found(desk: PolicyDesk, number: int) -> None:
    with pytest.raises(NotFound):
        desk.version(AUDITOR, number)


# -- the way back


def test_an_earlier_version_comes_back_as_a_new_one_and_says_so(world: World, desk: PolicyDesk) -> None:
    desk.save(COORDINATOR, policy(units=POLICY["units"][:1], calendar=HOLIDAY, categories=[]), world.now)
    assert world.policies.current(fresh=True).former_units == ("adm",)
    back = desk.restore(COORDINATOR, 1, world.later(hours=1))
    assert (back.version, tuple(back.units), back.former_units) == (3, ("pu", "adm"), ())
    assert desk.versions(AUDITOR)[0].saved["restored"] == 1
    assert {key: value for key, value in back.raw.items() if key in POLICY} == POLICY


def test_a_unit_that_the_earlier_version_does_not_know_keeps_its_cases_in_sight(world: World, desk: PolicyDesk) -> None:
    new = {"id": "kes", "name": "Kesehatan", "head": ["a@kantor.example"], "liaisons": ["a@kantor.example"]}
    desk.save(COORDINATOR, policy(units=[*POLICY["units"], new]), world.now)
    assert desk.restore(COORDINATOR, 1, world.now).former_units == ("kes",)


def test_what_was_valid_then_is_restored_by_todays_rules_or_not_at_all(world: World, desk: PolicyDesk) -> None:
    old = policy(colour="blue", coordinator=[f"x@{DOMAIN}"])
    world.policies.store(old, 2)
    world.policies.store(policy(), 3)
    with pytest.raises(Invalid) as refused:
        desk.restore(COORDINATOR, 2, world.now)
    assert {one["place"] for one in refused.value.faults} == {"colour", "coordinator"}
    assert desk.version(AUDITOR, 2).raw == old, "and can still be read"
    assert world.policies.current(fresh=True).version == 3


def test_of_two_who_go_back_at_once_one_is_told(world: World, desk: PolicyDesk) -> None:
    desk.save(COORDINATOR, policy(agency="Desa Baru"), world.now)

    class Raced:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.policies, name)

        def store(self, raw: dict[str, Any], version: int) -> None:
            world.policies.store(policy(agency="Lebih cepat"), version)
            world.policies.store(raw, version)

    with pytest.raises(PolicyMoved):
        PolicyDesk(Raced(), DOMAIN).restore(COORDINATOR, 1, world.now)
    assert world.policies.current(fresh=True).agency == "Lebih cepat"
    with pytest.raises(PolicyMoved):
        desk.restore(COORDINATOR, 1, world.now, made_from=2)


# -- a dry run


def test_a_dry_run_says_what_would_change_and_changes_nothing(world: World, desk: PolicyDesk) -> None:
    found = desk.check(COORDINATOR, policy(calendar=HOLIDAY), world.now)
    assert (found.version, found.changed, found.recomputes, found.hints) == (2, ("calendar",), True, ())
    assert not desk.check(COORDINATOR, policy(agency="Desa Baru"), world.now).recomputes
    assert world.policies.current(fresh=True).version == 1
    with pytest.raises(Invalid):
        desk.check(COORDINATOR, policy(agency=""), world.now)
    with pytest.raises(PolicyMoved):
        desk.check(COORDINATOR, policy(version=7), world.now)


def test_a_dry_run_tells_what_somebody_may_not_have_meant(world: World, desk: PolicyDesk) -> None:
    breach = {"id": "breach", "fraction": 1, "audience": "desk"}
    early = {"id": "early", "before": {"amount": 30, "unit": "working_days"}, "audience": "desk"}
    found = desk.check(
        COORDINATOR,
        policy(
            clocks={"verify": {"ladder": [early, breach]}, "resolve": {"ladder": [breach, early]}},
            calendar={"days_off": [{"date": "2026-11-23", "name": "Hari ini"}, {"date": "2026-12-02", "name": "x"}]},
        ),
        world.now,
    )
    assert [hint["place"] for hint in found.hints] == ["clocks.verify.ladder", "clocks.resolve.ladder", "calendar"]
    assert "before the clock starts" in found.hints[0]["message"]
    assert "order of their time" in found.hints[1]["message"] or "before the clock" in found.hints[1]["message"]
    assert "2026-11-23" in found.hints[2]["message"]
    assert "2026-12-02" not in found.hints[2]["message"]


def test_a_dry_run_tells_of_other_hours_that_have_begun_or_change_nothing(world: World, desk: PolicyDesk) -> None:
    hours = {"opens": "08:00", "closes": "12:00"}
    begun = {"name": "Kunjungan", "from": "2026-11-20", "until": "2026-11-24", **hours}
    idle = {"name": "Akhir pekan", "from": "2026-11-28", "until": "2026-11-29", **hours}
    coming = {"name": "Akhir tahun", "from": "2026-12-28", "until": "2026-12-31", **hours}
    with_hours = policy(calendar={"hours_in": [begun, idle, coming]})
    found = desk.check(COORDINATOR, with_hours, world.now)
    assert found.recomputes
    told = [hint["message"] for hint in found.hints if hint["place"] == "calendar.hours_in"]
    assert ["open deadlines move" in one for one in told] == [True, False]
    assert "Akhir pekan" in told[1] and "no working day" in told[1]
    desk.save(COORDINATOR, with_hours, world.now)
    (withdrawn,) = (hint["message"] for hint in desk.check(COORDINATOR, policy(), world.now).hints)
    assert "Kunjungan" in withdrawn


def test_a_calendar_without_next_year_is_hinted_at_sixty_days_ahead(world: World, desk: PolicyDesk) -> None:
    def places(day: str) -> list[str]:
        world.now = world.now.fromisoformat(f"{day}T03:00:00+00:00")
        return [hint["place"] for hint in desk.check(COORDINATOR, policy(), world.now).hints]

    assert places("2027-11-01") == []
    assert places("2027-11-02") == ["calendar.known_until"]
    assert places("2028-02-01") == ["calendar.known_until"]


# -- over the API


@pytest.fixture
def portal() -> Iterator[Portal]:
    with running_portal() as running:
        yield running


def test_the_history_the_dry_run_and_the_way_back_over_the_api(portal: Portal) -> None:
    tried = portal.call(COORDINATOR, "POST", "/v1/policy/check", policy(calendar=HOLIDAY))
    assert (tried.status, tried.body["version"], tried.body["changed"]) == (200, 2, ["calendar"])
    assert tried.body["recomputes"] is True
    refused = portal.call(COORDINATOR, "POST", "/v1/policy/check", policy(agency="", ladder=[]))
    assert (refused.status, {one["place"] for one in refused.body["error"]["faults"]}) == (422, {"agency", "ladder"})
    portal.call(COORDINATOR, "PUT", "/v1/policy", policy(calendar=HOLIDAY))
    back = portal.post(COORDINATOR, "/v1/policy/versions/1/restore")
    assert (back.status, back.body["version"], back.body["saved"]["restored"]) == (200, 3, 1)
    listed = portal.get(AUDITOR, "/v1/policy/versions").body
    assert [(one["version"], one["changed"], one["restored"]) for one in listed["versions"]] == [
        (3, ["calendar"], 1),
        (2, ["calendar"], None),
        (1, sorted(POLICY), None),
    ]
    assert listed["cursor"] is None
    assert portal.get(LIAISON, "/v1/policy/versions/2").body["calendar"] == HOLIDAY
    moved = portal.post(COORDINATOR, "/v1/policy/versions/2/restore", version=2)
    assert (moved.status, moved.code) == (409, "policy_changed")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/policy/versions/9", None, 404),
        ("GET", "/v1/policy/versions/0", None, 404),
        ("GET", "/v1/policy/versions/x", None, 404),
        ("GET", "/v1/policy/versions/1/restore", None, 405),
        ("POST", "/v1/policy/versions/9/restore", None, 404),
        ("POST", "/v1/policy/versions/1/restore", {"version": "1"}, 422),
        ("POST", "/v1/policy/versions/1/restore", {"colour": 1}, 422),
        ("POST", "/v1/policy/check", [], 400),
        ("POST", "/v1/policy/other", {}, 404),
    ],
)
def test_a_question_that_is_wrong_is_answered_as_such(
    portal: Portal, method: str, path: str, body: Any, status: int
) -> None:
    assert portal.call(COORDINATOR, method, path, body).status == status


def test_a_cursor_that_is_not_ours_is_refused(portal: Portal) -> None:
    assert portal.get(AUDITOR, "/v1/policy/versions", cursor="x").status == 400
    assert portal.get(AUDITOR, "/v1/policy/versions", cursor="2").body["versions"][0]["version"] == 1


def test_who_may_not_write_the_policy_may_neither_try_nor_restore_one(portal: Portal) -> None:
    for officer in (LIAISON, AUDITOR, CUSTODIAN):
        assert portal.call(officer, "POST", "/v1/policy/check", policy()).status == 403
        assert portal.post(officer, "/v1/policy/versions/1/restore").status == 403
        assert portal.get(officer, "/v1/policy/versions").status == 200


# -- from a shell


class Shell:
    def __init__(self, folder: Path) -> None:
        self.world = World("dynamodb")
        self.folder = folder

    def __call__(self, command: str, *arguments: str) -> int:
        domain = ["--mail-domain", DOMAIN] if command in ("check", "put", "restore") else []
        return main([command, "--table", self.world.cases.row.Meta.table_name, *domain, *arguments])

    def file(self, content: Any) -> str:
        path = self.folder / "policy.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    @property
    def version(self) -> int:
        return int(self.world.policies.current(fresh=True).version)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with fake_aws():
        yield Shell(tmp_path)


def test_what_is_shown_can_be_changed_tried_and_put(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell("show") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown == {**POLICY, "version": 1}
    path = shell.file({**shown, "calendar": HOLIDAY})
    assert shell("check", path) == shell("put", "--dry-run", path) == 0
    assert shell.version == 1
    assert "changes: calendar" in capsys.readouterr().out
    assert shell("put", "--as", "tim-ti", path) == 0
    assert (shell.version, shell.world.policies.current(fresh=True).raw["saved"]["by"]) == (2, "tim-ti")
    assert shell("put", path) == 1, "made from version 1"
    assert "newer policy" in capsys.readouterr().err
    assert shell("show", "--version", "1") == 0
    assert json.loads(capsys.readouterr().out)["version"] == 1


def test_the_way_back_and_the_history_from_a_shell(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell("put", shell.file(policy(calendar=HOLIDAY))) == 0
    assert shell("restore", "--dry-run", "1") == 0
    assert shell.version == 2
    assert shell("restore", "1") == 0
    assert "calendar" not in shell.world.policies.current(fresh=True).raw
    capsys.readouterr()
    assert shell("history") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["3", "2", "1"]
    assert lines[0].endswith("operator (back to 1): calendar")
    assert "set-up" in lines[2]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"agency": ', "line 1"),
        ("[]", "must be an object"),
        ({**POLICY, "ladder": []}, "ladder: "),
        ({**POLICY, "coordinator": [f"x@{DOMAIN}"]}, "coordinator: "),
        ({**POLICY, "version": 4}, "newer policy"),
    ],
)
def test_a_file_with_faults_changes_nothing_and_each_is_told(
    shell: Shell, capsys: pytest.CaptureFixture[str], content: Any, told: str
) -> None:
    assert shell("put", shell.file(content)) == 1
    assert told in capsys.readouterr().err
    assert shell.version == 1


def test_a_file_or_version_that_is_not_there_is_told(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell("put", str(shell.folder / "none.json")) == 1
    assert "none.json" in capsys.readouterr().err
    assert shell("restore", "9") == shell("show", "--version", "9") == 1
    with pytest.raises(SystemExit):
        shell("put", "--as", "Somebody Else", shell.file(policy()))


# -- a rule that came after the policy in force

LETTER = {"acknowledgement": {"subject": "[$number] Laporan Anda", "text": "Laporan $number kami terima. $next_step"}}


def test_what_an_older_release_let_in_holds_up_no_decree_and_is_told(world: World, desk: PolicyDesk) -> None:
    world.policies.store(policy(letters=LETTER), 2)
    desk.save(COORDINATOR, policy(letters=LETTER, calendar=HOLIDAY), world.now)
    tried = desk.check(COORDINATOR, policy(letters=LETTER, calendar=HOLIDAY), world.now)
    assert any(hint["place"].startswith("letters.acknowledgement") for hint in tried.hints)


def test_it_is_a_fault_again_as_soon_as_that_part_is_changed_or_comes_back(world: World, desk: PolicyDesk) -> None:
    with pytest.raises(Invalid):
        desk.save(COORDINATOR, policy(letters=LETTER), world.now)
    world.policies.store(policy(letters=LETTER), 2)
    changed = {"acknowledgement": {**LETTER["acknowledgement"], "subject": "[$number] Diterima"}}
    with pytest.raises(Invalid):
        desk.save(COORDINATOR, policy(letters=changed), world.now)
