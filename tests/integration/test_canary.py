"""The canary through the desk: answered like anybody, seen by nobody, and never the cause of a letter to another."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tanggap.adapters.memory import MemoryCases
from tanggap.application.canary import Missed
from tanggap.application.receive import Raw
from tanggap.domain.canary import KEPT, Fault, Way, is_canary
from tanggap.domain.case import Case
from tanggap.domain.inbound import Authenticity, FailedDelivery
from tanggap.domain.words import Outcome, Purpose, Reason
from tests.support import web_forms
from tests.support.canary import Aviary
from tests.support.world import DOMAIN, INTAKE, POLICY, START, World

SHOWN = {**copy.deepcopy(POLICY), "open311": {"publish": ["email", "web"]}}
UNSIGNED = Authenticity(spf="PASS", dkim="FAIL", dmarc="FAIL", policy="quarantine", spam="PASS", virus="PASS")


def rounds_of(world: World) -> Any:
    if isinstance(world.cases, MemoryCases):
        return None
    from tanggap.adapters.dynamodb.canary import DynamoRounds

    return DynamoRounds(world.cases.row)


@pytest.fixture
def aviary(world: World) -> Aviary:
    return Aviary(world, rounds_of(world))


def quick(policy: dict[str, Any] | None = None) -> Aviary:
    return Aviary(World("memory", policy))


def ledger_of(world: World) -> list[tuple[str, str]]:
    since, until = START - timedelta(days=1), world.now + timedelta(days=1)
    rows = [row for outcome in Outcome for row in world.cases.received(outcome, since, until, None, 500).rows]
    assert all(is_canary(row) for row in rows)
    return sorted((str(row.outcome), str(row.channel)) for row in rows)


def case_of(aviary: Aviary, way: Way) -> Case:
    last = aviary.rounds.last()
    assert last
    found = aviary.world.cases.case(next(one.number for one in last.written if one.way is way))
    assert found
    return found


# -- answered like anybody


def test_a_round_is_written_and_the_next_one_finds_it_answered(aviary: Aviary) -> None:
    first = aviary.round()
    assert not first.judged and not first.missed
    assert [one.way for one in first.written] == [Way.MAIL, Way.WEB]
    second = aviary.round()
    assert second.judged == first.written and not second.missed
    assert ledger_of(aviary.world) == sorted(
        2 * [("filed", "email"), ("filed", "web"), ("status", "email"), ("status", "email")]
    ), "each that it wrote is filed; each letter to it came back, and is filed nowhere"
    for way in Way:
        case = case_of(aviary, way)
        file = aviary.world.cases.file(case.number)
        assert is_canary(case) and all(is_canary(one) for one in file.deliveries)
        assert [one.purpose for one in file.deliveries] == [Purpose.ACKNOWLEDGEMENT]
        assert [entry.event for entry in file.history][-1] == "letter_returned"
    assert not aviary.strangers


def test_it_is_nobodys_robot_and_no_throttle_stops_it() -> None:
    """Four rounds an hour are more than an address may have answered in a day."""
    aviary = quick({**POLICY, "intake": {"answers_per_hour": 2, "answers_per_day": 5}})
    for _ in range(10):
        assert not aviary.round(minutes=15).missed
    assert all(result.reason is Reason.CANARY for result in aviary.results)
    said = [one for messages in aviary.world.cases.messages.values() for one in messages]
    assert len(said) == 20 and not any(one.automatic for one in said)
    assert len(aviary.world.vault.identities) == 2, "nothing goes from the vault by itself: two people more a day"


# -- not answered


def test_what_nobody_read_was_not_filed() -> None:
    aviary = quick()
    aviary.world.later(minutes=60)
    written = aviary.canary().written
    aviary.world.later(minutes=60)
    assert aviary.canary().missed == tuple(Missed(one.way, Fault.NOT_FILED, one.number) for one in written)


def test_what_no_letter_left_for_was_not_acknowledged() -> None:
    aviary = quick()
    aviary.canary()
    aviary.carry()  # nothing is pumped: deliver stands still
    aviary.world.later(minutes=15)
    assert {one.fault for one in aviary.canary().missed} == {Fault.NOT_ACKNOWLEDGED}


def test_a_letter_that_left_after_five_minutes_was_late() -> None:
    aviary = quick()
    aviary.canary()
    aviary.carry()
    aviary.world.later(minutes=6)
    aviary.settle()
    assert {one.fault for one in aviary.round(minutes=15).missed} == {Fault.LATE}


def test_a_letter_that_never_came_back_did_not_reach_our_own_domain() -> None:
    aviary = quick()
    aviary.canary()
    aviary.carry()
    aviary.world.pump()
    aviary.world.later(minutes=15)
    assert {one.fault for one in aviary.canary().missed} == {Fault.NOT_RETURNED}


def test_what_could_not_be_written_is_told_at_once_and_once() -> None:
    aviary = quick()
    aviary.form.down = True
    assert aviary.round().missed == (Missed(Way.WEB, Fault.NOT_WRITTEN),)
    aviary.form.down = False
    assert not aviary.round().missed, "the mail was answered; the form was told of before"
    aviary.ses.down = True
    aviary.world.later(minutes=60)
    assert [one.fault for one in aviary.canary().missed] == [Fault.NOT_WRITTEN]


def test_a_run_that_ended_in_the_middle_leaves_no_false_alarm(world: World) -> None:
    aviary = Aviary(world, rounds_of(world))

    def dies(body: Any) -> str:
        raise KeyboardInterrupt

    aviary.canary.form.report = dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        aviary.canary()
    aviary.settle()
    del aviary.canary.form.report
    second = aviary.round()
    assert not second.missed and [one.way for one in second.judged] == [Way.MAIL]


def test_two_calls_within_a_minute_are_one_round() -> None:
    aviary = quick()
    aviary.canary()
    aviary.world.later(seconds=20)
    sung = aviary.canary()
    assert not sung.written and not sung.missed
    assert len(aviary.ses.sent) == 1


def test_a_second_call_while_the_first_still_writes_finds_its_round() -> None:
    aviary = quick()
    second: list[Any] = []
    write = aviary.canary.mail.write

    def slowly(sender: str, subject: str, text: str) -> None:
        second.append(aviary.canary())
        write(sender, subject, text)

    aviary.canary.mail.write = slowly  # type: ignore[method-assign]
    assert len(aviary.canary().written) == 2
    assert not second[0].written and len(aviary.ses.sent) == 1


# -- seen by nobody


def test_its_cases_are_in_no_list_no_digest_no_desk_notice_no_sweep_and_not_in_public(world: World) -> None:
    if isinstance(world.cases, MemoryCases):
        world = World("memory", SHOWN)
    else:
        world.policies.store(SHOWN, 2)
        world.later(minutes=2)
    aviary = Aviary(world, rounds_of(world))
    aviary.round()
    units = (None, "pu", "adm")
    assert not world.cases.listing(units, (), None, None, 100).cases
    assert not list(world.cases.due(world.now + timedelta(days=400), 100))
    assert not list(world.cases.ladder_due(world.now + timedelta(days=400), 100))
    assert not any(world.cases.announced(desk, START, world.now + timedelta(days=1), 10) for desk in ("-", "pu"))
    assert not world.cases.listed(START - timedelta(days=1), world.now + timedelta(days=1), 10)
    swept = world.sweep(START + timedelta(days=30))
    assert swept.cases == swept.steps == swept.letters == 0
    aviary.settle()
    assert not aviary.strangers
    for way in Way:
        case = case_of(aviary, way)
        assert not case.clocks and case.due_at is None and not case.missed


def test_a_day_of_rounds_rings_no_bell_and_says_nothing_in_a_digest() -> None:
    aviary = quick({**POLICY, "digests": {"new_cases": "at_once"}})
    for _ in range(14):  # into the evening
        assert not aviary.round().missed
        aviary.world.sweep()
        aviary.world.digest()
    aviary.settle()
    told = [one for one in aviary.world.deliveries() if one.address]
    assert not told and not aviary.strangers, "with nothing else on the desks, not even a digest is due"


def test_its_words_are_no_likely_duplicate_of_anybodys(aviary: Aviary) -> None:
    aviary.round()
    number = aviary.world.new_case(text=case_text(aviary))
    assert aviary.world.cases.case(number).links == ()


def case_text(aviary: Aviary) -> str:
    return str(aviary.world.cases.file(case_of(aviary, Way.MAIL).number).messages[0].text)


# -- never the cause of a letter to another


def addresses(aviary: Aviary) -> list[str]:
    return [to for to, _ in aviary.ses.sent]


MISHAPS = ("again", "as_another", "unsigned", "without_its_header", "bounced", "complained", "answered")


@given(st.lists(st.sampled_from(MISHAPS), min_size=1, max_size=4), st.booleans())
@example(list(MISHAPS), False)
@example(list(MISHAPS[::-1]), True)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_becomes_of_its_letters_nobody_else_is_written_to(mishaps: list[str], by_web: bool) -> None:
    aviary = quick()
    aviary.round()
    written = list(aviary.ses.sent)
    to, raw = next(one for one in written if one[0].startswith(f"kenari+{'w' if by_web else 'm'}"))
    case = case_of(aviary, Way.WEB if by_web else Way.MAIL)
    letter = aviary.world.cases.file(case.number).deliveries[0]
    for place, mishap in enumerate(mishaps):
        key = f"mail/x{place}"
        if mishap == "again":
            assert aviary.arrive(raw, to, key).outcome in (Outcome.STATUS, Outcome.DUPLICATE)
        elif mishap == "as_another":
            assert aviary.arrive(raw + f"\r\n{place}".encode(), to, key).outcome is Outcome.STATUS
        elif mishap == "unsigned":
            aviary.verdicts = UNSIGNED
            assert aviary.arrive(raw + f"u{place}".encode(), to, key).reason is Reason.OWN
            aviary.verdicts = Aviary(World()).verdicts
        elif mishap == "without_its_header":
            bare = raw.replace(b"Auto-Submitted: auto-replied\r\n", b"") + f"b{place}".encode()
            assert aviary.arrive(bare, to, key).outcome is Outcome.STATUS
        elif mishap == "answered":  # a machine at that address writes back, to the case's own address
            reply = aviary.world.tokens.of(case.number)
            back = raw.replace(b"From: ", b"X-From: ").replace(b"To: ", b"X-To: ") + f"a{place}".encode()
            back = f"From: {to}\r\nTo: {INTAKE}\r\n".encode() + back
            aviary.arrive(back, f"lapor+{reply}@{DOMAIN}", key)
        else:
            kind = "bounce" if mishap == "bounced" else "complaint"
            failure = FailedDelivery(to, letter.external_id, True, kind=kind)
            aviary.world.arrive(aviary.world.mail(sender="mailer-daemon@amazonses.com", failures=(failure,)))
        aviary.settle()
    assert {one for one in addresses(aviary) if not one.startswith("kenari+")} == {INTAKE}
    assert not aviary.strangers
    cases = aviary.world.cases.cases.values()
    assert all(is_canary(one) for one in cases)
    letters = [one for one in addresses(aviary) if one.startswith("kenari+")]
    assert len(letters) == len(cases), "one letter each, however often anything comes"


def test_a_mail_that_the_mail_service_took_twice_is_one_case_and_one_letter(aviary: Aviary) -> None:
    aviary.canary()
    (to, raw) = aviary.ses.sent[0]
    aviary.settle()
    same = aviary.arrive(raw, to, "mail/again")
    sent_twice = aviary.arrive(raw.replace(b"Message-ID: <", b"Message-ID: <other"), to, "mail/other")
    assert same.outcome is sent_twice.outcome is Outcome.DUPLICATE
    assert same.reason is sent_twice.reason is Reason.CANARY
    aviary.settle()
    assert len([one for one in addresses(aviary) if one.startswith("kenari+m")]) == 1

    class NotThereYet:
        def case(self, number: str) -> None:
            return None

    aviary.world.receive.canary_mail.cases = NotThereYet()  # type: ignore[assignment]
    both = aviary.arrive(raw, to, "mail/at-once")
    assert (both.outcome, both.reason) == (Outcome.DUPLICATE, Reason.CANARY), "read by two at once"


def test_who_has_no_proof_or_no_signature_is_what_they_always_were(aviary: Aviary) -> None:
    world = aviary.world
    aviary.canary()
    (to, raw) = aviary.ses.sent[0]
    address = world.tokens.canary(Way.MAIL, world.now, DOMAIN)
    forged = raw.replace(address.encode(), f"kenari+{'a' * 20}@{DOMAIN}".encode())
    assert aviary.arrive(forged, to, "mail/forged").reason is Reason.OWN
    by_web = raw.replace(address.encode(), world.tokens.canary(Way.WEB, world.now, DOMAIN).encode())
    assert aviary.arrive(by_web, to, "mail/web").reason is Reason.OWN, "each way has an address of its own"
    old = raw.replace(address.encode(), world.tokens.canary(Way.MAIL, world.now - timedelta(days=2), DOMAIN).encode())
    assert aviary.arrive(old, to, "mail/old").reason is Reason.OWN
    for place, header in enumerate(("In-Reply-To: <a@warga.example>", "Auto-Submitted: auto-replied")):
        answer = header.encode() + b"\r\n" + raw
        assert aviary.arrive(answer, to, f"mail/answer{place}").reason is Reason.OWN, "it answers nothing"
    aviary.verdicts = UNSIGNED
    assert aviary.arrive(raw, to, "mail/unsigned").reason is Reason.OWN
    assert not world.pump()


def test_a_form_with_an_address_that_only_looks_like_its_is_a_citizens(aviary: Aviary) -> None:
    world = aviary.world
    number = "TGP-" + case_number(world)
    said = web_forms.arrival(number, world.now, email=f"kenari+{'a' * 20}@{DOMAIN}", name="Kenari")
    assert web_forms.file(world, said).reason is Reason.NEW_CASE
    assert world.cases.listing((None,), (), None, None, 10).cases[0].number == number
    assert world.cases.announced("-", START - timedelta(days=1), world.now + timedelta(days=1), 10)


def case_number(world: World) -> str:
    return world.ids.number().removeprefix("TGP-")


# -- gone by itself


def test_its_rows_go_by_themselves_after_a_week_and_a_citizens_never() -> None:
    from tests.support.world import fake_aws

    with fake_aws():
        world = World("dynamodb")
        aviary = Aviary(world, rounds_of(world))
        aviary.round()
        rows = {(row.pk, row.sk): row.expires for row in world.cases.row.scan()}
        assert not [sk for _, sk in rows if sk.startswith("LIKE#")]
        counted = {pk.partition("#")[0] for (pk, _), expires in rows.items() if expires is None}
        assert counted == {"ARRIVAL", "SEEN", "POLICY"}, "what arrived stays counted, as all that did"
        goes = {pk.partition("#")[0] for (pk, _), expires in rows.items() if expires}
        assert goes >= {"CASE", "ANSWERED", "CANARY"}
        soonest = int((START + timedelta(minutes=60) + KEPT).timestamp())
        ends = [expires for (pk, _), expires in rows.items() if pk.startswith(("CASE#", "ANSWERED#", "CANARY"))]
        assert all(soonest <= expires <= soonest + 60 for expires in ends)
        assert all(row.expires is None for row in world.vault.row.scan())
        letter = world.cases.file(case_of(aviary, Way.MAIL).number).deliveries[0]
        told = FailedDelivery(letter.address, letter.external_id, False, kind="delivery")
        event = world.mail(sender="", failures=(told,))
        assert world.receive(Raw("events/1", event.channel, world.now, 9, event, event=True)).case == letter.case
        row = world.cases.row.get(f"CASE#{letter.case}", f"OUT#{letter.id}")
        assert row.state == "delivered" and row.expires
        before = {(row.pk, row.sk) for row in world.cases.row.scan()}
        world.new_case()
        new = [row for row in world.cases.row.scan() if (row.pk, row.sk) not in before]
        assert new and all(row.expires is None for row in new)
