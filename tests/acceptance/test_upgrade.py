"""A stack of the first release, with a thousand cases, letters in flight and deadlines open, becomes today's by the
same one step; an update that fails leaves the release before at work. On the embedded AWS, with IAM enforced.

Every case comes by the whole way (SMTP, rule set, bucket, topic, queue, the first release's own functions). What the
embedded AWS is kinder in than AWS (it keeps data whatever a template changes; it gives a changed API another id) is
held by tests/contract/test_template_upgrade.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.deploy import DeployFailed, deploy
from infra.local.places import ROOT
from tanggap.adapters.dynamodb.kinds import SCHEMA
from tests.e2e.system import until
from tests.releases.archive import FIRST, unpacked_or_skip
from tests.support.releases import Desk, Snapshot, adds_up, begun_on, climbed, kinds_of, moved, whole_histories

pytestmark = pytest.mark.acceptance

#: What the issue asks for. Fewer make a shorter try.
CASES = int(os.environ.get("TANGGAP_UPGRADE_CASES", "1000"))
#: Beside them: on their way while the stack is updated.
IN_FLIGHT = 20
#: Seconds, for all of them to be acknowledged: ten a second on two cores, a tenth of that where others work beside it.
WITHIN = 240 + CASES


@dataclass
class Upgraded:
    """What was seen on the way."""

    desk: Desk
    people: dict[str, str] = field(default_factory=dict)  # sender to case number
    officers_token: str = ""
    first: dict[str, Any] = field(default_factory=dict)  # of the first release's /v1/health
    failed: dict[str, Any] = field(default_factory=dict)  # the same, after an update that failed
    refusal: str = ""
    before: Snapshot = field(default_factory=dict)
    after: Snapshot = field(default_factory=dict)


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    folder = tmp_path_factory.mktemp("upgrade")
    tree = unpacked_or_skip(FIRST, folder / "first")
    with begun_on(tree, folder, WITHIN) as desk:
        seen = Upgraded(desk)
        _lived_in(seen)
        _update_that_fails(seen, folder)
        _update(seen)
        yield seen


def _lived_in(seen: Upgraded) -> None:
    """A thousand cases, a few of them further on their way."""
    desk, system = seen.desk, seen.desk.system
    seen.first = system.get("/v1/health").body
    people = [system.someone(f"warga{place}") for place in range(CASES)]
    with desk.timed(f"{len(people)} mails to the first release, each acknowledged"):
        desk.write(people)
        desk.all_told(people, "acknowledgements of the first release")
    seen.people = {who: system.case_of(system.mails_to(who)[0]) for who in people[:12]}
    desk.handled(list(seen.people.values())[:8])
    seen.officers_token = system._tokens["coordinator"]


def _update_that_fails(seen: Upgraded, folder: Path) -> None:
    """Today's template with a resource at its end that set-up refuses: by then every function is today's."""
    desk = seen.desk
    text = (ROOT / "template.yaml").read_text()
    broken = folder / "broken.yaml"
    refused = "  Refused:\n    Type: Custom::Setup\n    DependsOn: [IntakeFunction, DeliverFunction, PortalFunction]\n"
    refused += "    Properties: {ServiceToken: !GetAtt SetupFunction.Arn, ServiceTimeout: 60, RuleSet: none-of-ours}\n"
    broken.write_text(text.replace("\nOutputs:\n", f"\n{refused}\nOutputs:\n"))
    with desk.timed("an update that fails, rolled back"), desk.somebody_writes():
        with pytest.raises(DeployFailed) as refusal:
            deploy(desk.places, desk.parameters, broken)
        seen.refusal = str(refusal.value)
    status = desk.status()
    seen.failed = {**until(desk.health, "the release before, at work again"), "stack": status}


def _update(seen: Upgraded) -> None:
    desk = seen.desk
    flying = [desk.system.someone(f"kilat{place}") for place in range(IN_FLIGHT)]
    seen.before = desk.snapshot()
    desk.write(flying)
    with desk.timed("the upgrade"), desk.somebody_writes():
        desk.serve(deploy(desk.places, desk.parameters))
    desk.during += flying
    desk.system._tokens.clear()
    seen.after = desk.snapshot()


# -- the update that failed


def test_an_update_that_fails_is_rolled_back_and_the_release_before_goes_on(upgraded: Upgraded) -> None:
    assert upgraded.failed["stack"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "Refused" in upgraded.refusal, "and it says what failed"
    assert (upgraded.first["schema"], upgraded.failed["schema"]) == (1, 1)
    assert upgraded.failed["version"] == upgraded.first["version"]


# -- the upgrade


def test_it_is_todays_release_by_the_same_step(upgraded: Upgraded) -> None:
    health = upgraded.desk.system.get("/v1/health").body
    assert (health["status"], health["schema"]) == ("ok", SCHEMA)
    assert upgraded.desk.status() == "UPDATE_COMPLETE"


def test_every_row_and_object_is_kept_as_it_was(upgraded: Upgraded) -> None:
    before, after = upgraded.before, upgraded.after
    assert before.keys() - after.keys() == set(), "nothing is gone"
    kinds = kinds_of(before)
    print("\nkept:", dict(kinds.most_common(14)), "objects", len(before) - sum(kinds.values()))
    cases = sum(count for kind, count in kinds.items() if kind == "CASE CASE")
    assert cases >= CASES
    assert kinds["ARRIVAL MSG"] >= cases
    assert moved(before, after) == {}, "what was said, what happened and who said it is the same to the byte"


def test_every_case_reads_and_its_history_closes(upgraded: Upgraded) -> None:
    assert whole_histories(upgraded.desk) >= CASES


def test_a_reply_to_an_old_letter_lands_on_its_case_and_officers_go_on(upgraded: Upgraded) -> None:
    desk, system = upgraded.desk, upgraded.desk.system
    who, number = list(upgraded.people.items())[1]
    letters = len(system.mails_to(who))
    messages = len(system.case(number)["messages"])
    old = system.mails_to(who)[0]["headers"]["Reply-To"]
    system.write(who, "Re: Saluran", "Masih tersumbat, mohon segera.\n", to=old)
    until(lambda: len(system.case(number)["messages"]) > messages, "the reply on its case", within=WITHIN)
    answer = system.call("GET", f"/v1/cases/{number}", None, {"Authorization": upgraded.officers_token})
    assert answer.status == 200, "who was signed in is so still"
    desk.act("liaison", number, "replies", {"text": "Regu datang besok pagi.", "final": False})
    assert "besok pagi" in system.mail_to(who, after=letters)["text"]


def test_deadlines_go_on_and_what_falls_due_is_recorded_once(upgraded: Upgraded) -> None:
    """Three weeks on: the first release's clocks are climbed by today's sweep, none twice, all of it at once."""
    desk = upgraded.desk
    late = (datetime.now(UTC) + timedelta(days=21)).strftime("%Y-%m-%dT03:00:00Z")
    with desk.timed("three weeks of deadlines"):
        desk.swept(late)
    steps, due = climbed(desk, late)
    assert due == set(), "nothing that is due is left"
    assert len({pk for pk, _, _ in steps}) >= CASES - 10
    assert set(steps.values()) == {1}
    assert desk.system.sweep(late).get("steps", 0) == 0


def test_who_wrote_while_stacks_were_updated_is_acknowledged_once(upgraded: Upgraded) -> None:
    desk = upgraded.desk
    desk.all_told(desk.during, "acknowledgements of who wrote meanwhile")
    told = desk.acknowledged()
    assert len(desk.during) >= IN_FLIGHT + 4
    assert {told[who] for who in desk.during} == {1}


def test_the_ledger_adds_up(upgraded: Upgraded) -> None:
    adds_up(upgraded.desk)
