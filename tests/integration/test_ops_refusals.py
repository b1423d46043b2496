"""What an operator's commands refuse, leave out, give up waiting for, or end with 1 about."""

from __future__ import annotations

from argparse import Namespace
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from infra.ops import replay, resend, restore, secrets
from infra.ops.dead_letters import MOST, GivenUp, Lot
from infra.ops.notices import About, Waiting
from infra.ops.resend import Resend
from tanggap.application.export import Export
from tanggap.domain.case import Delivery, Received
from tanggap.domain.errors import NotAllowed, NotFound, Retry
from tanggap.domain.words import Channel, DeliveryState, Outcome, Purpose, Reason
from tests.integration.test_ops_held import NOW, Aws, stack
from tests.support.ops import Desk
from tests.support.rows import ahead
from tests.support.world import World

SAID = pytest.CaptureFixture[str]

# -- resend


@pytest.mark.parametrize("state", [DeliveryState.BUNDLED, DeliveryState.FAILED])
def test_what_went_along_in_another_letter_does_not_go_again_by_itself_and_the_other_is_named(
    state: DeliveryState,
) -> None:
    row = Delivery(
        id="d1", case="TGP-1", purpose=Purpose.ESCALATION, created_at=NOW, subject="", text="", address="x@y.example"
    )
    gone_along = SimpleNamespace(id=row.id, bundled_in="TGP-2/d9", state=state, reporter="", address=row.address)
    file: Any = SimpleNamespace(deliveries=(gone_along,))
    parts: Any = None
    with pytest.raises(NotAllowed, match=r"it went along in TGP-2/d9"):
        Resend(parts, parts, parts, lambda: NOW).may(file, row.id)


def test_a_case_of_which_nobody_could_say_whether_letters_are_to_go_again_ends_with_1(desk: Desk, capsys: SAID) -> None:
    number = desk.world.new_case()
    period = ("--from", str(desk.world.now.date()))
    assert resend.main([*desk.where, *period]) == 0
    ahead(desk.world, f"CASE#{number}", "CASE")
    assert resend.main([*desk.where, *period]) == 1
    assert f"{number} cannot be read by this release" in capsys.readouterr().err


# -- replay


def test_an_arrival_that_is_gone_by_the_time_of_its_turn_keeps_none_behind_it(capsys: SAID) -> None:
    rows = {
        key: Received(
            arrival=key, channel=Channel.EMAIL, at=NOW, size=1, outcome=Outcome.PARKED, reason=Reason.UNREADABLE
        )
        for key in ("mail/gone", "mail/there")
    }
    announced: list[str] = []

    def again(officer: Any, key: str) -> None:
        if key == "mail/gone":
            raise NotFound("nothing is known of it")
        announced.append(key)

    ledger = SimpleNamespace(of=lambda key: (rows[key],))
    desk: Any = SimpleNamespace(
        need=lambda output: output, parts=SimpleNamespace(ledger_desk=SimpleNamespace(ledger=ledger, replay=again))
    )
    asked = Namespace(keys=[*rows], reason=None, since=None, until=None, let_in=False, dry_run=False)
    assert replay._replayed(desk, asked) == 1
    assert announced == ["mail/there"]
    assert "1 announced, 0 left, 1 not possible" in capsys.readouterr().out


# -- dead letters

ARN = "arn:aws:sqs:ap-southeast-1:123456789012:"
QUEUES = {"arrivals": "https://sqs/1/desk-arrivals", "media": "https://sqs/1/desk-media"}


@pytest.mark.parametrize(
    ("about", "source", "to"),
    [
        (About.SETUP, f"{ARN}desk-media", "media"),
        (About.MEDIA, f"{ARN}desk-arrivals", "arrivals"),
        (About.MEDIA, "", "media"),
        (About.SETUP, "", "arrivals"),
        (About.SETUP, f"{ARN}another-desks", "arrivals"),
    ],
)
def test_a_dead_letter_goes_back_to_the_queue_that_gave_it_up_and_only_without_its_word_to_what_it_is_about(
    about: About, source: str, to: str
) -> None:
    one = Waiting(id="1", receipt="r", sent_at=NOW, tries=5, about=about, source=source)
    lot: Any = None
    assert GivenUp(stack(Aws()), lot, QUEUES).plan(one).to == QUEUES[to]


def test_a_look_into_a_queue_that_never_ends_ends() -> None:
    """A queue gets more while somebody looks."""
    given = count()

    def receive(**asked: Any) -> dict[str, Any]:
        numbers = [next(given) for _ in range(10)]
        assert numbers[0] < 2 * MOST, "it goes on for ever"
        return {"Messages": [{"MessageId": str(n), "ReceiptHandle": str(n), "Body": "{}"} for n in numbers]}

    aws = SimpleNamespace(
        get_queue_attributes=lambda **asked: {},
        receive_message=receive,
        change_message_visibility_batch=lambda **asked: {},
    )
    with Lot(stack(aws), "https://sqs/1/desk-dead").taken() as found:  # type: ignore[arg-type]
        assert len(list(found)) == MOST


# -- restore


@pytest.mark.parametrize("status", ["", "DELETING", "ARCHIVED", "INACCESSIBLE_ENCRYPTION_CREDENTIALS"])
def test_a_restored_table_that_will_never_be_active_is_not_waited_for(status: str) -> None:
    statuses = iter(["CREATING", status, "ACTIVE"])
    table: Any = SimpleNamespace(status=lambda: next(statuses), target="cases-then")
    pauses: list[float] = []
    with pytest.raises(Retry, match=r"cases-then is (not there|[a-z_]+)$"):
        restore._wait(table, pauses.append)
    assert pauses == [restore.EVERY]


# -- secrets


def test_a_rotation_behind_which_a_key_is_missing_says_which_and_ends_with_1(capsys: SAID) -> None:
    """Reporters and addresses of letters are found by each key that there was."""

    def kept(*ids: str) -> dict[str, str]:
        keys = ", ".join(f'"{one}": "{one * 40}"' for one in ids)
        return {"VersionId": "v1", "SecretString": f'{{"keys": {{{keys}}}}}'}

    rotate = Namespace(dry_run=False, generate=True)
    lost = Aws(get_secret_value=[kept("2", "1"), kept("2", "1"), kept("3", "2")])
    assert secrets.rotate_lookup(stack(lost), rotate) == 1
    said = capsys.readouterr()
    assert "keys 1 are missing now" in said.err
    assert "put key 3" not in said.out
    whole = Aws(get_secret_value=[kept("2", "1"), kept("2", "1"), kept("3", "2", "1")])
    assert secrets.rotate_lookup(stack(whole), rotate) == 0


# -- export


def test_a_case_belongs_to_the_period_in_which_it_came_in_and_to_no_other() -> None:
    world = World("memory")
    number = world.new_case()
    came = world.cases.case(number).received_at
    export = Export(world.cases, world.policies)
    day, moment = timedelta(days=1), timedelta(microseconds=1)
    assert list(export.numbers(came - day, came)) == [], "the end is the next period's beginning"
    assert list(export.numbers(came, came + day)) == [number]
    assert list(export.numbers(came + moment, came + day)) == []
