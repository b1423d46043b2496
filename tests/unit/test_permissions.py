"""Who may do what: the whole table, told once more as an agency would say it."""

from __future__ import annotations

import pytest

from tanggap.domain.errors import Forbidden, NotFound
from tanggap.domain.permissions import (
    ALL,
    GRANTS,
    LEAD,
    OWN,
    Act,
    Officer,
    may_see_content,
    may_see_identity,
    require,
    require_on,
)
from tanggap.domain.words import Confidentiality, Role

#: Acts that change something.
WRITES = {
    *(Act.RECORD, Act.VERIFY, Act.ASSIGN, Act.REPLY, Act.NOTE, Act.MOVE, Act.REPLAY, Act.POLICY_WRITE),
    *(Act.EXTEND, Act.HAND_OVER),
}


def test_every_role_has_its_line() -> None:
    assert set(GRANTS) == set(Role)


def test_an_auditor_reads_all_and_writes_nothing() -> None:
    assert not WRITES & set(GRANTS[Role.AUDITOR])
    assert GRANTS[Role.AUDITOR][Act.READ] == ALL
    assert Act.IDENTITY not in GRANTS[Role.AUDITOR]


def test_only_the_coordinator_verifies_disposes_replays_and_decides_the_policy() -> None:
    for act in (Act.VERIFY, Act.ASSIGN, Act.REPLAY, Act.POLICY_WRITE, Act.EXTEND, Act.HAND_OVER):
        assert [role for role in Role if act in GRANTS[role]] == [Role.COORDINATOR]


def test_only_coordinator_and_custodian_may_ask_who_reported() -> None:
    assert {role for role in Role if Act.IDENTITY in GRANTS[role]} == {Role.COORDINATOR, Role.CUSTODIAN}


@pytest.mark.parametrize("role", [Role.LIAISON, Role.UNIT_HEAD])
def test_officers_of_a_unit_work_on_its_cases_alone(role: Role) -> None:
    officer = Officer("x", role, "pu")
    for act in (Act.READ, Act.REPLY, Act.NOTE, Act.MOVE):
        assert require(officer, act) == (LEAD if act is Act.MOVE else OWN)
        require_on(officer, act, ("pu",))
        require_on(officer, act, ("pu", "adm"))
        for others in (("adm",), (), ("",)):
            with pytest.raises(NotFound):
                require_on(officer, act, others)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.UNIT_HEAD])
def test_a_unit_beside_the_lead_works_on_the_case_and_does_not_decide_its_way(role: Role) -> None:
    officer = Officer("x", role, "pu")
    for act in (Act.READ, Act.REPLY, Act.NOTE):
        require_on(officer, act, ("adm", "pu"))
    with pytest.raises(Forbidden):
        require_on(officer, Act.MOVE, ("adm", "pu"))


@pytest.mark.parametrize("unit", [None, ""])
def test_a_liaison_without_a_unit_may_nothing_on_cases(unit: str | None) -> None:
    with pytest.raises(Forbidden):
        require(Officer("x", Role.LIAISON, unit), Act.READ)


@pytest.mark.parametrize("level", list(Confidentiality))
@pytest.mark.parametrize("role", list(Role))
def test_an_anonymous_or_secret_reporter_is_opened_by_the_custodian_alone(role: Role, level: Confidentiality) -> None:
    allowed = role is Role.CUSTODIAN or (role is Role.COORDINATOR and level is Confidentiality.OPEN)
    assert may_see_identity(Officer("x", role, "pu"), level) == allowed


@pytest.mark.parametrize("level", list(Confidentiality))
@pytest.mark.parametrize("role", list(Role))
def test_the_content_of_a_secret_case_is_for_those_who_handle_it(role: Role, level: Confidentiality) -> None:
    handles = role in (Role.COORDINATOR, Role.LIAISON, Role.UNIT_HEAD)
    assert may_see_content(Officer("x", role, "pu"), level) == (handles or level is not Confidentiality.SECRET)
