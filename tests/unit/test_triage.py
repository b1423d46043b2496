"""Each row of the table of questions, and the order in which they are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tanggap.domain.inbound import Authenticity, FailedDelivery, Inbound, Party
from tanggap.domain.intake_rules import IntakeRules, Lately
from tanggap.domain.triage import NOTHING_YET, QUESTIONS, Around, Desk, Verdict, classify, tokens_in
from tanggap.domain.words import Channel, Outcome, Reason

DESK = Desk("desa-contoh.example", "lapor@desa-contoh.example")
PERSON = Inbound(
    channel=Channel.EMAIL,
    external_id="a@warga.example",
    at=datetime(2026, 3, 3, 12, tzinfo=UTC),
    sender=Party("siti@warga.example", "Siti"),
    recipients=("lapor@desa-contoh.example",),
    subject="Jalan rusak",
    text="Jalan rusak.",
    full_text="Jalan rusak.",
    digest="d",
    authenticity=Authenticity(spf="PASS", dkim="PASS", dmarc="PASS", spam="PASS", virus="PASS"),
)
FAILED = FailedDelivery("siti@warga.example", "x@amazonses.com", True)
FORGED = Authenticity(spf="FAIL", dmarc="FAIL", policy="reject", spam="PASS", virus="PASS")

ROWS = {
    "not_ours": (replace(PERSON, recipients=("a@lain.example",)), Outcome.REFUSED, Reason.UNMATCHED, False),
    "virus": (replace(PERSON, authenticity=Authenticity(virus="FAIL")), Outcome.PARKED, Reason.VIRUS, False),
    "spam": (replace(PERSON, authenticity=Authenticity(spam="FAIL")), Outcome.PARKED, Reason.SPAM, False),
    "canary": (replace(PERSON, sender=Party("kenari+x@desa-contoh.example")), Outcome.FILED, Reason.CANARY, True),
    "to_canary": (replace(PERSON, sender=Party("lapor@desa-contoh.example")), Outcome.STATUS, Reason.CANARY, False),
    "own": (replace(PERSON, sender=Party("lapor@desa-contoh.example")), Outcome.REFUSED, Reason.OWN, False),
    "failure": (replace(PERSON, failures=(FAILED,)), Outcome.STATUS, Reason.BOUNCE, False),
    "automatic": (replace(PERSON, automatic="auto-submitted"), Outcome.FILED, Reason.AUTOMATIC, False),
    "forged": (replace(PERSON, authenticity=FORGED), Outcome.FILED, None, False),
    "unanswerable": (replace(PERSON, sender=Party("")), Outcome.FILED, None, False),
    "echo": (PERSON, Outcome.FILED, None, False),
    "too_often": (PERSON, Outcome.FILED, Reason.THROTTLED, False),
    "person": (PERSON, Outcome.FILED, None, True),
}
#: What a row needs to be known beside the message.
AROUND = {
    "canary": Around(canary="wrote"),
    "to_canary": Around(canary="was_told"),
    "echo": Around(echo=True),
    "too_often": Around(IntakeRules(), Lately(answers_in_hour=20)),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_question_gives_its_verdict(name: str) -> None:
    inbound, outcome, reason, answer = ROWS[name]
    assert classify(inbound, DESK, AROUND.get(name, NOTHING_YET)) == Verdict(outcome, reason, answer, name)


def test_every_question_of_the_table_is_tested_in_its_order() -> None:
    assert tuple(ROWS) == tuple(question.name for question in QUESTIONS)


def test_only_a_person_who_is_not_forged_may_cause_an_answer_and_our_own_test_citizen() -> None:
    assert [question.name for question in QUESTIONS if question.answer] == ["canary", "person"]


def test_an_earlier_question_wins_over_every_later_one() -> None:
    everything = replace(
        PERSON,
        sender=Party("lapor@desa-contoh.example"),
        failures=(FAILED,),
        automatic="auto-submitted",
        authenticity=replace(FORGED, spam="FAIL", virus="FAIL"),
    )
    steps = [
        ("virus", lambda m: replace(m, authenticity=replace(m.authenticity, virus="PASS"))),
        ("spam", lambda m: replace(m, authenticity=replace(m.authenticity, spam="PASS"))),
        ("own", lambda m: replace(m, sender=PERSON.sender)),
        ("failure", lambda m: replace(m, failures=())),
        ("automatic", lambda m: replace(m, automatic="")),
        ("forged", lambda m: replace(m, authenticity=PERSON.authenticity)),
    ]
    for question, lift in steps:
        assert classify(everything, DESK).question == question
        everything = lift(everything)
    assert classify(everything, DESK).question == "person"


def test_what_is_filed_goes_on_to_threading_and_nothing_else_does() -> None:
    assert {name for name, (inbound, *_) in ROWS.items() if classify(inbound, DESK).goes_on} == {
        "automatic",
        "forged",
        "unanswerable",
        "echo",
        "too_often",
        "person",
    }


def test_spam_that_an_officer_let_in_is_asked_the_remaining_questions() -> None:
    spam = ROWS["spam"][0]
    assert classify(spam, DESK, Around(let_in=True)).question == "person"
    robot = replace(spam, automatic="list")
    assert not classify(robot, DESK, Around(let_in=True)).answer


@pytest.mark.parametrize(
    "lately", [Lately(answers_in_hour=20), Lately(answers_in_day=50), Lately(messages_in_hour=10)], ids=str
)
def test_each_throttle_stops_the_answer_at_its_own_limit(lately: Lately) -> None:
    rules = IntakeRules()
    one_less = Lately(*(max(0, getattr(lately, name) - 1) for name in Lately.__slots__))
    assert not classify(PERSON, DESK, Around(rules, lately)).answer
    assert classify(PERSON, DESK, Around(rules, one_less)).answer


def test_any_address_of_the_mail_domain_is_ours() -> None:
    assert classify(replace(PERSON, recipients=("b@lain.example", "Camat@Desa-Contoh.example")), DESK).goes_on


def test_a_mail_with_no_known_recipient_is_not_ours() -> None:
    assert classify(replace(PERSON, recipients=()), DESK).reason is Reason.UNMATCHED


def test_a_subdomain_of_ours_is_neither_ours_nor_ourselves() -> None:
    assert classify(replace(PERSON, recipients=("a@x.desa-contoh.example",)), DESK).reason is Reason.UNMATCHED
    assert classify(replace(PERSON, sender=Party("a@x.desa-contoh.example")), DESK).answer


@pytest.mark.parametrize("verdict", ["GRAY", "PROCESSING_FAILED", "DISABLED", ""])
def test_a_scan_without_a_verdict_parks_nothing(verdict: str) -> None:
    unscanned = replace(PERSON, authenticity=Authenticity(spam=verdict, virus=verdict))
    assert classify(unscanned, DESK).answer


WISHES = [("reject", False), ("quarantine", False), ("", False), ("none", True)]


@pytest.mark.parametrize(("policy", "answered"), WISHES)
def test_a_failed_dmarc_counts_by_the_domains_own_wish(policy: str, answered: bool) -> None:
    failed = replace(PERSON, authenticity=Authenticity(dmarc="FAIL", policy=policy))
    assert classify(failed, DESK).answer is answered


@pytest.mark.parametrize(
    ("recipient", "tokens"),
    [
        ("lapor+abcdefghijklmnopqrstuvwxyz@desa-contoh.example", ("abcdefghijklmnopqrstuvwxyz",)),
        ("Lapor+ABC234@Desa-Contoh.Example", ("abc234",)),
        ("lapor+abcdefghijklmnopqrstuvwxyza@desa-contoh.example", ()),  # too long
        ("lapor+abc019@desa-contoh.example", ()),  # no base32
        ("lapor+@desa-contoh.example", ()),
        ("lapor@desa-contoh.example", ()),
        ("camat+abc@desa-contoh.example", ()),
        ("lapor+abc@lain.example", ()),
        ("lapor+abc+def@desa-contoh.example", ()),
    ],
)
def test_a_token_is_read_from_our_reply_address_only(recipient: str, tokens: tuple[str, ...]) -> None:
    assert tokens_in((recipient,), DESK) == tokens


def test_several_tokens_keep_their_order_and_stand_once() -> None:
    recipients = tuple(f"lapor+{token}@desa-contoh.example" for token in ("bb", "aa", "bb"))
    assert tokens_in(recipients, DESK) == ("bb", "aa")
