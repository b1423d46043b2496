"""The fault suite's own parts: what goes wrong, what counts as a breach, and how it is told."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from infra.faults import report
from infra.faults.__main__ import MEASURED, PAGE, main
from infra.faults.acts import Act, Notices, Visibility
from infra.faults.checks import breaches, seconds
from infra.faults.rounds import BURST, MAILS, ROUNDS, WEBHOOKS, chosen, shares
from infra.faults.rules import BY_TURNS, HELD, HELD_ELSE, KINDS, LOST, SERVICES, SHARE, Fault
from infra.faults.seen import AGAIN, Case, Message, Played, Seen
from infra.load.senders import Sent
from tanggap.entrypoints.clients import made

NUMBER = "TGP-AAAAAAAAA"
ROUND = Played("five-percent-reset", True, 1, 0, {"ses reset 5%": 1}, {}, 0, 1, 1, 20.0)


def sent(number: int = 1, refused: str = "") -> Sent:
    return Sent("email", f"warga{number}@warga.example", f"id{number}", 0.0, refused=refused)


def case(number: str = NUMBER, heard: str = "id1", repeats: int = 0, **more: Any) -> Case:
    return replace(Case(number, (heard,), {"a1": ("acknowledgement", "delivered", repeats)}, (), ()), **more)


def seen(**more: Any) -> Seen:
    """One mail in the middle of faults, and all is well."""
    message = Message(sent(), ROUND.name, (("filed", NUMBER),), (3.0,))
    return replace(Seen((ROUND,), (message,), {NUMBER: case()}, {"a1": 1}), **more)


def message(*rows: tuple[str, str], came: tuple[float, ...] = (3.0,), refused: str = "") -> Message:
    return Message(sent(refused=refused), ROUND.name, rows, came)


def test_each_service_fails_in_each_way_throughout_and_all_at_once() -> None:
    partly = {(fault.service, fault.kind) for one in ROUNDS for fault in one.faults if fault.share == SHARE}
    whole = {(fault.service, fault.kind) for one in ROUNDS for fault in one.faults if one.burst == BURST}
    wanted = {(service, kind) for service in SERVICES for kind in KINDS}
    assert wanted <= partly
    assert whole == wanted
    assert BURST == 10
    acts = {one.act for one in ROUNDS}
    assert {"kill", "notices", "stream", "visibility", "sweeps"} <= acts
    assert len({one.name for one in ROUNDS}) == len(ROUNDS)


def test_all_mails_and_webhooks_are_shared_out() -> None:
    assert (MAILS, WEBHOOKS) == (500, 500)
    for whole in (0, 1, 7, 500):
        given = shares(whole, ROUNDS)
        assert sum(given) == whole
        assert min(given) >= 0
    assert min(shares(500, ROUNDS)) >= 5
    assert next(one.name for one in chosen(["ses-*", "functions-killed"])) == "functions-killed"
    assert len(chosen(["ses-*"])) == len(KINDS)
    with pytest.raises(ValueError, match="no round nothing"):
        chosen(["nothing"])


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", [*KINDS, LOST])
def test_a_fault_is_one_rule_with_one_effect(service: str, kind: str) -> None:
    effects = {"error", "timeout_ms", "reset", "latency", "response"}
    rule = Fault(service, kind).rule()
    assert len(effects & rule.keys()) == 1
    assert {"probability", "sequence"}.isdisjoint(rule)
    part = Fault(service, kind, SHARE).rule()
    assert part.get("probability", SHARE) == SHARE
    assert part.get("sequence", BY_TURNS) == BY_TURNS
    assert BY_TURNS["fail"] / sum(BY_TURNS.values()) == SHARE


def test_a_call_is_held_for_longer_than_its_client_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    waits = {service: 1000 * made.__wrapped__(service).meta.config.read_timeout for service in ("sesv2", "kms")}
    assert waits["sesv2"] < HELD["ses"]
    assert waits["kms"] < HELD_ELSE


def test_no_breach_where_all_is_well() -> None:
    assert breaches(seen()) == []
    twice = message(("filed", NUMBER), ("duplicate", ""))
    assert breaches(seen(messages=(twice,))) == []


BREACHES: dict[str, tuple[dict[str, Any], str]] = {
    "an object without an outcome": ({"without": ("mail/x",)}, "arrival mail/x: no outcome"),
    "a message whose sender is at it still": ({"messages": ()}, f"round {ROUND.name}: 0 messages of 1 came to an end"),
    "a parked arrival": ({"parked": ("mail/x",)}, "arrival mail/x: parked"),
    "a dead letter": ({"left": {"arrivals-dead-letter": 1}}, "queue arrivals-dead-letter: 1 left"),
    "a ledger that is off": ({"balanced": False}, "does not add up"),
    "a message that was not let in": (
        {"messages": (message(("filed", NUMBER), refused="status 502"),)},
        "id1 (five-percent-reset): refused, status 502",
    ),
    "nobody let in": (
        {"messages": (message(came=(), refused="status 502"),), "cases": {}, "mailed": {}},
        "id1 (five-percent-reset): refused, status 502",
    ),
    "nothing filed": ({"messages": (message(),)}, "email id1 (five-percent-reset): filed 0 times"),
    "filed twice": ({"messages": (message(("filed", NUMBER), ("filed", NUMBER)),)}, "filed 2 times"),
    "parked by its row": (
        {"messages": (message(("filed", NUMBER), ("parked", "")),)},
        "id1 (five-percent-reset): parked",
    ),
    "no case": ({"cases": {}}, f"its case {NUMBER} is not there"),
    "another message on it": ({"cases": {NUMBER: case(heard="id2")}}, "not the one that was sent"),
    "two messages on it": ({"cases": {NUMBER: replace(case(), heard=("id1", "id1"))}}, "2 messages"),
    "a stray case": ({"strays": ("TGP-BBBBBBBBB",)}, "case TGP-BBBBBBBBB: nobody wrote it"),
    "no acknowledgement": ({"messages": (message(("filed", NUMBER), came=()),)}, "has no acknowledgement"),
    "two acknowledgements": (
        {"messages": (message(("filed", NUMBER), came=(1.0, 2.0)),)},
        "acknowledged 2 times, 0 answers",
    ),
    "two acknowledging rows": (
        {"cases": {NUMBER: case(letters=dict.fromkeys("ab", ("acknowledgement", "sent", 0)))}},
        "2 acknowledgements on it",
    ),
    "one that is not gone": ({"cases": {NUMBER: case(letters={"a1": ("acknowledgement", "failed", 0)})}}, "is failed"),
    "a broken history": ({"cases": {NUMBER: case(faults=("entry 2 is missing",))}}, "entry 2 is missing"),
    "a step climbed twice": ({"cases": {NUMBER: case(steps=("verify//warn", "verify//warn"))}}, "climbed 2 times"),
    "a step not climbed": ({"cases": {NUMBER: case(late=True)}}, "due that was not done"),
    "a letter that left twice": ({"mailed": {"a1": 2}}, "left 2 times, 0 answers lost"),
    "a fault that never was": ({"played": (replace(ROUND, fired={"ses reset 5%": 0}),)}, "ses reset 5% never happened"),
    "an act that never was": ({"played": (replace(ROUND, done={"intake killed": 0}),)}, "intake killed never happened"),
}


@pytest.mark.parametrize("what", BREACHES)
def test_each_breach_is_told_by_its_arrival_or_case(what: str) -> None:
    wrong, told = BREACHES[what]
    found = breaches(seen(**wrong))
    assert any(told in one for one in found), found


def test_two_citizens_on_one_case_are_a_breach() -> None:
    other = replace(message(("filed", NUMBER)), sent=sent(2))
    assert f"case {NUMBER}: 2 citizens' messages opened it" in breaches(seen(messages=(*seen().messages, other)))


def test_a_second_acknowledgement_is_counted_where_its_answer_was_lost_and_must_stay_rare() -> None:
    again = message(("filed", NUMBER), came=(1.0, 2.0))
    cases = {NUMBER: case(repeats=1)}
    alone = seen(messages=(again,), cases=cases, mailed={"a1": 2})
    assert breaches(alone) == []
    assert breaches(replace(alone, messages=(again,) * 100))[-1].startswith("100.0 of 100 acknowledged twice")
    numbers = [f"TGP-{at:09d}" for at in range(200)]
    others = tuple(replace(message(("filed", number)), sent=sent(at + 2)) for at, number in enumerate(numbers))
    cases |= {number: case(number, f"id{at + 2}") for at, number in enumerate(numbers)}
    among = seen(
        messages=(again, *others), cases=cases, mailed={"a1": 2}, played=(replace(ROUND, mails=1 + len(others)),)
    )
    assert seconds(among).per_hundred < 1
    assert breaches(replace(among, mailed=Counter())) == []
    thrice = replace(among, messages=(replace(again, came=(1.0, 2.0, 3.0)), *others))
    assert breaches(replace(thrice, mailed={})) == [f"case {NUMBER}: acknowledged 3 times, 1 answers lost"]


def test_a_letter_that_an_operator_sent_once_more_is_one_acknowledgement() -> None:
    held, new = ("acknowledgement", AGAIN, 2), ("acknowledgement", "delivered", 0)
    assert breaches(seen(cases={NUMBER: case(letters={"a1": held, "a2": new})})) == []
    assert breaches(seen(cases={NUMBER: case(letters={"a1": held})})) == [f"case {NUMBER}: 0 acknowledgements on it"]


def acted(act: type[Act], **more: Any) -> tuple[SimpleNamespace, Counter[str]]:
    run = SimpleNamespace(until=lambda look, within: look(), visibility=lambda *given: None, **more)
    one = act(run, random.Random(1))
    one.begin()
    one.end()
    return run, one.done


def test_each_notice_goes_twice_or_thrice_and_a_mails_only_one_is_none_beyond_the_first() -> None:
    sent: Counter[str] = Counter()
    _, done = acted(
        Notices,
        kept_back=lambda: [f"m{at}" for at in range(8)],
        stored=lambda prefix: [f"{prefix}{at}" for at in range(8)],
        announce=lambda notice, late: sent.update([notice]),
    )
    assert (len(sent), set(sent.values())) == (16, {2, 3})
    mails = sum(count for notice, count in sent.items() if notice.startswith("m"))
    assert done["notices beyond the first"] == mails - 8 + sum(sent.values()) - mails == 32


def test_what_is_read_again_is_none_of_what_is_read_first() -> None:
    read = Counter({("mail/a", "0"): 3, ("webhooks/b", "0"): 1, ("webhooks/b", "1"): 2, ("events/c", "0"): 1})
    _, done = acted(Visibility, unfiled=lambda: False, readings=lambda: read)
    assert done == {"notices read again": 3}


@pytest.mark.parametrize("given", [("--mails", "40"), ("--webhooks", "40"), ("--rounds", "ses-*")])
def test_only_a_whole_run_is_kept(given: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--keep", *given])
    assert "only a whole run is kept" in capsys.readouterr().err


def test_a_run_is_kept_and_told_with_what_happened_in_each_round() -> None:
    kept = report.as_json(seen(took=61.0), ["case x: y"], seed=7)
    assert (kept["sent"], kept["filed"], kept["acknowledged"], kept["minutes"]) == (1, 1, 1, 1.0)
    assert kept["rounds"][0]["longest"] == 3.0
    page = report.page(kept)
    assert "| five-percent-reset | 1, 0 | ses reset 5% 1 | 0 | 1 | 1 | 1 | 1 | 0 | 3.0, 3.0 |" in page
    assert "Breaches: 1." in page
    empty = report.as_json(seen(messages=(), cases={}), [], seed=7)
    assert report.page(empty)


def test_what_is_told_of_the_whole_run_is_what_it_showed() -> None:
    kept = json.loads(MEASURED.read_text())
    assert [one["name"] for one in kept["rounds"]] == [one.name for one in ROUNDS]
    assert [sum(one[what] for one in kept["rounds"]) for what in ("mails", "webhooks")] == [MAILS, WEBHOOKS]
    assert all(count for one in kept["rounds"] for count in {**one["fired"], **one["done"]}.values())
    assert kept["breaches"] == []
    assert kept["sent"] == MAILS + WEBHOOKS + 4, "with the four of the warm-up"
    assert kept["sent"] == kept["accepted"] == kept["filed"] == kept["cases"] == kept["acknowledged"]
    assert PAGE.read_text().partition(report.BELOW)[2].strip() == report.page(kept)
