"""An upgrade that was deployed and is regretted: the stack goes back, by the same one step, to a release before it and
forward again, with cases of both on their way. On the embedded AWS, with IAM enforced.

Back to the first release that knows the mark of a row's shape (adapters/dynamodb/kinds.py): further than any that a
runbook sends an agency to, and so what today's code writes is read by all between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.aws import client
from infra.local.deploy import deploy
from infra.local.places import ROOT
from tanggap.adapters.dynamodb.kinds import SCHEMA
from tests.e2e.system import until
from tests.releases.archive import MARKED, unpacked_or_skip
from tests.support.releases import Desk, Snapshot, adds_up, begun_on, climbed, moved, on_release, whole_histories

pytestmark = pytest.mark.acceptance

CASES = 60
#: On their way while it goes back.
IN_FLIGHT = 20
#: Seconds for all of them to be acknowledged: a notice that was not ended comes back after three minutes.
WITHIN = 420


@dataclass
class Returned:
    """What was seen on the way. `people`: who wrote to today's release, and their cases; `late`: who wrote to the older
    one."""

    desk: Desk
    people: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    older: dict[str, Any] = field(default_factory=dict)
    swept: str = ""
    code: list[str] = field(default_factory=list)  # of intake's layer: today's, the older one's, today's
    before: Snapshot = field(default_factory=dict)
    back: Snapshot = field(default_factory=dict)
    again: Snapshot = field(default_factory=dict)


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Returned]:
    folder = tmp_path_factory.mktemp("way-back")
    tree = unpacked_or_skip(MARKED, folder / "older")
    with begun_on(ROOT, folder, WITHIN) as desk:
        seen = Returned(desk)
        _lived_in(seen)
        seen.code.append(_layer(desk))
        flying = [desk.system.someone(f"kilat{place}") for place in range(IN_FLIGHT)]
        desk.write(flying)
        desk.during += flying
        with desk.timed("back"), desk.somebody_writes():
            outputs = on_release(tree, desk.places, parameters=desk.parameters)["outputs"]
            desk.serve({**desk.outputs, **outputs})
        seen.back = desk.snapshot()
        seen.code.append(_layer(desk))
        _goes_on(seen)
        with desk.timed("and forward again"), desk.somebody_writes():
            desk.serve(deploy(desk.places, desk.parameters))
        seen.again = desk.snapshot()
        seen.code.append(_layer(desk))
        yield seen


def _layer(desk: Desk) -> str:
    """What the code of our layer is, as Lambda has it."""
    functions = client("lambda", desk.places.aws_endpoint)
    names = [one["FunctionName"] for one in functions.list_functions()["Functions"]]
    (intake,) = [name for name in names if "intake" in name.lower()]
    layers = functions.get_function_configuration(FunctionName=intake)["Layers"]
    arns = sorted(one["Arn"] for one in layers)
    return " ".join(functions.get_layer_version_by_arn(Arn=arn)["Content"]["CodeSha256"] for arn in arns)


def _lived_in(seen: Returned) -> None:
    desk, system = seen.desk, seen.desk.system
    people = [system.someone(f"warga{place}") for place in range(CASES)]
    desk.write(people)
    desk.all_told(people, "acknowledgements of today's release")
    seen.people = {who: system.case_of(system.mails_to(who)[0]) for who in people[:12]}
    desk.handled(list(seen.people.values())[:8])
    seen.before = desk.snapshot()


def _goes_on(seen: Returned) -> None:
    """On the older release: people write, those of today's answer its letters, offices act, deadlines pass."""
    desk, system = seen.desk, seen.desk.system
    seen.older = until(desk.health, "the older release, at work")
    seen.late = [system.someone(f"kemudian{place}") for place in range(12)]
    desk.write(seen.late)
    desk.all_told([*seen.late, *desk.during], "acknowledgements of the older release")
    who, number = list(seen.people.items())[9]
    messages = len(system.case(number)["messages"])
    system.write(who, "Re: Saluran", "Masih tersumbat.\n", to=system.mails_to(who)[0]["headers"]["Reply-To"])
    until(lambda: len(system.case(number)["messages"]) > messages, "the reply on its case", within=WITHIN)
    desk.handled([system.case_of(system.mails_to(one)[0]) for one in seen.late[:3]] + [number])
    seen.swept = (datetime.now(UTC) + timedelta(days=21)).strftime("%Y-%m-%dT03:00:00Z")
    desk.swept(seen.swept)


def test_the_older_release_works_by_the_same_step_with_all_that_todays_wrote(returned: Returned) -> None:
    today, older, again = returned.code
    assert today == again != older
    assert returned.older["status"] == "ok"
    assert returned.older["schema"] == SCHEMA, "raised a number? The release before it is the one to go back to now"
    assert returned.before.keys() - returned.back.keys() == set(), "nothing is gone"
    assert moved(returned.before, returned.back) == {}


def test_forward_again_keeps_what_the_older_release_wrote(returned: Returned) -> None:
    assert returned.desk.status() == "UPDATE_COMPLETE"
    assert returned.back.keys() - returned.again.keys() == set()
    assert moved(returned.back, returned.again) == {}


def test_every_history_closes_over_the_entries_of_both(returned: Returned) -> None:
    assert whole_histories(returned.desk) >= CASES + len(returned.late)


def test_everybody_is_acknowledged_once_by_whichever_release(returned: Returned) -> None:
    desk = returned.desk
    desk.all_told(desk.during, "acknowledgements of who wrote meanwhile")
    first = {mail["to"][0]: mail for mail in reversed(desk.system.get("/mails.json").body["mails"])}
    assert first.keys() >= {*returned.people, *returned.late, *desk.during}
    told = desk.acknowledged()
    assert {told[who] for who in (*returned.late[3:], *desk.during)} == {1}
    assert len(desk.during) > IN_FLIGHT


def test_what_fell_due_on_the_older_release_is_recorded_once(returned: Returned) -> None:
    desk = returned.desk
    desk.swept(returned.swept)
    steps, due = climbed(desk, returned.swept)
    assert due == set()
    assert len({pk for pk, _, _ in steps}) >= CASES
    assert set(steps.values()) == {1}


def test_the_ledger_adds_up_after_both(returned: Returned) -> None:
    adds_up(returned.desk)
