"""The table of questions over an officer's mail: only what passes all of them goes to the reporter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.domain.case import Case, Delivery
from tanggap.domain.inbound import Authenticity, Inbound, Party
from tanggap.domain.office_tokens import OfficeToken
from tanggap.domain.officer_limits import OFFICES, STRANGERS
from tanggap.domain.officer_mail import MARKS, QUESTIONS, OfficeMail, Told, judge, marks
from tanggap.domain.officer_whys import WHYS
from tanggap.domain.offices import ANSWERABLE, asks_for_an_answer, may_answer, office_of, standing
from tanggap.domain.policy import read_policy
from tanggap.domain.words import Channel, Kind, Purpose, Reason, Status
from tests.support.world import GENUINE, POLICY

POLICY_READ = read_policy(POLICY, 1)
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
NUMBER, PU, KOOR = "TGP-ABCDEFGHJ", "pu@kantor.example", "koordinator@kantor.example"
CASE = Case(
    number=NUMBER,
    channel=Channel.EMAIL,
    kind=Kind.COMPLAINT,
    status=Status.FORWARDED,
    received_at=NOW,
    last_at=NOW,
    policy_version=1,
    deadline_basis="x",
    unit="pu",
)
ANSWER = "Petugas kami menambal jalan di RT 3 hari Selasa."


def mail(text: str | None = ANSWER, until: date = date(2026, 12, 23), **more: object) -> OfficeMail:
    inbound = Inbound(
        channel=Channel.EMAIL,
        external_id="m@kantor.example",
        at=NOW,
        sender=Party(PU),
        recipients=(),
        subject="Re",
        text=text or "",
        full_text=text or "",
        digest="d",
        authenticity=GENUINE,
    )
    fields = {name: more.pop(name) for name in tuple(more) if name in Inbound.__slots__}
    values = {"case": CASE, "policy": POLICY_READ, "at": NOW, "text": text, **more}
    token = OfficeToken(NUMBER, str(values.pop("writer", PU)), until)
    if "writer" in more and "sender" not in fields:
        fields["sender"] = Party(token.address)
    return OfficeMail(inbound=replace(inbound, **fields), token=token, **values)  # type: ignore[arg-type]


def test_what_passes_every_question_is_an_answer() -> None:
    assert judge(mail()).reason is Reason.OFFICE_REPLY


#: One thing amiss each; every row of the table but the last is here.
AMISS: dict[str, dict[str, object]] = {
    "automatic": {"automatic": "auto-submitted"},
    "stranger_too_often": {"sender": Party("x@y.example"), "strangers": (NOW,) * STRANGERS.hour},
    "another_sender": {"sender": Party("x@y.example")},
    "no_dmarc": {"authenticity": Authenticity(spf="PASS", dmarc="GRAY", same_domain=True)},
    "unproved": {"authenticity": Authenticity(spf="PASS", dkim="PASS", dmarc="FAIL", policy="none")},
    "first_too_often": {"words": (NOW,) * OFFICES.hour},
    "too_often": {"words": (NOW - timedelta(hours=2),) * (OFFICES.day + 1)},
    "astray_again": {"astray": True, "noted": (ANSWER,)},
    "not_theirs": {"astray": True, "case": replace(CASE, unit="adm")},
    "astray": {"astray": True},
    "command": {"text": "#close"},
    "to_a_colleague": {"text": "Bu Rina, mohon segera ditindaklanjuti ya."},
    "several_cases": {"several": True},
    "expired": {"until": date(2026, 11, 22)},
    "off_case": {"case": replace(CASE, unit="adm")},
    "ended": {"case": replace(CASE, status=Status.CLOSED)},
    "too_long": {"text": None},
    "unclear": {"doubts": ("encrypted",)},
    "empty": {"text": ""},
    "quoted": {"text": f"> Yth.\n{ANSWER}"},
    "says_little": {"text": "Siap pak"},
    "repeated": {"said": (ANSWER.replace(" ", "\n"),)},
}


@pytest.mark.parametrize("name", [question.name for question in QUESTIONS[:-1]])
def test_each_question_is_asked_for_something_of_its_own(name: str) -> None:
    assert judge(mail(**AMISS[name])).name == name  # type: ignore[arg-type]
    assert set(marks(judge(mail(**AMISS[name])))) <= MARKS  # type: ignore[arg-type]


@given(st.sets(st.sampled_from(sorted(AMISS)), min_size=1))
def test_whatever_else_is_amiss_nothing_amiss_goes_to_the_reporter(names: set[str]) -> None:
    fields: dict[str, object] = {}
    for name in names:
        fields |= AMISS[name]
    question = judge(mail(**fields))  # type: ignore[arg-type]
    assert question.reason is not Reason.OFFICE_REPLY
    if "automatic" in names:
        assert question.told is Told.NOBODY
    if {"another_sender", "stranger_too_often"} & names or ("unproved" in names and "no_dmarc" not in names):
        assert question.told not in (Told.SENDER, Told.BOTH), "no answer to whom nobody knows"


@pytest.mark.parametrize(
    ("address", "unit", "actor"),
    [
        (PU, "pu", "office:pu"),
        ("kepala-pu@kantor.example", "pu", "office:pu"),
        (KOOR, "pu", "office:coordinator"),
        (KOOR, None, "office:coordinator"),
        (PU, None, None),
        (PU, "adm", None),
        (PU, "gone", None),
        ("kades@kantor.example", "pu", None),
        ("inspektorat@kabupaten.example", "pu", None),
        ("", "pu", None),
    ],
)
def test_an_address_speaks_for_its_unit_on_the_units_cases(address: str, unit: str | None, actor: str | None) -> None:
    office = office_of(replace(CASE, unit=unit), address, POLICY_READ, NOW)
    assert (office.actor if office else None) == actor


def test_a_unit_beside_the_lead_speaks_too_and_the_lead_first() -> None:
    case = replace(CASE, unit="adm", others=("pu",))
    office = office_of(case, PU, POLICY_READ, NOW)
    assert office and office.unit == "pu"


def test_what_is_told_says_why_in_both_languages_and_nothing_else_does() -> None:
    assert {question.name for question in QUESTIONS if question.told is not Told.NOBODY} - {"answer"} == WHYS.keys()
    assert all(all(why) for why in WHYS.values())


@pytest.mark.parametrize(
    ("address", "known"),
    [
        (PU, "pu"),
        ("kepala-adm@kantor.example", "adm"),
        (KOOR, "coordinator"),
        ("kades@kantor.example", "leadership"),
        ("inspektorat@kabupaten.example", "inspectorate"),
        ("piket@kantor.example", "address"),
        ("bupati@kabupaten.example", "address"),
        ("camat@kecamatan.example", "camat"),
        ("siti@warga.example", ""),
        ("", ""),
    ],
)
def test_the_policy_knows_an_address_by_what_it_names_it_for(address: str, known: str) -> None:
    policy = read_policy(
        {
            **POLICY,
            "roles": [{"id": "camat", "name": "Camat", "addresses": ["camat@kecamatan.example"]}],
            "absences": [
                {"address": PU, "deputy": "piket@kantor.example", "from": "2026-01-05", "until": "2026-01-06"}
            ],
            "ladder": [
                {"id": "bupati", "fraction": 0.9, "audience": "bupati@kabupaten.example"},
                {"id": "breach", "fraction": 1, "audience": "unit_head"},
            ],
        },
        1,
    )
    assert standing(address, policy) == known


def test_an_unproved_word_of_whom_the_case_is_not_is_told_to_the_desk_alone() -> None:
    loose = Authenticity(spf="FAIL", dmarc="FAIL", policy="none")
    amiss = mail(astray=True, writer="inspektorat@kabupaten.example", authenticity=loose)
    assert (judge(amiss).name, judge(amiss).told) == ("unproved", Told.DESK)
    spf_alone = Authenticity(spf="PASS", dmarc="GRAY", same_domain=True)
    assert judge(replace(amiss, inbound=replace(amiss.inbound, authenticity=spf_alone))).name == "not_theirs"


def letter(purpose: Purpose, address: str = PU, parts: tuple[str, ...] = ()) -> Delivery:
    return Delivery(
        id="d", case=NUMBER, purpose=purpose, created_at=NOW, subject="", text="", address=address, parts=parts
    )


@pytest.mark.parametrize("purpose", list(Purpose))
def test_only_letters_that_ask_an_office_of_the_case_for_a_word_may_be_answered(purpose: Purpose) -> None:
    assert may_answer(letter(purpose), CASE, POLICY_READ, NOW) == (purpose in ANSWERABLE)
    assert not may_answer(letter(purpose, "kades@kantor.example"), CASE, POLICY_READ, NOW)
    assert not may_answer(letter(purpose), replace(CASE, status=Status.CLOSED), POLICY_READ, NOW)
    assert not asks_for_an_answer(letter(purpose, address=""))
    assert not asks_for_an_answer(letter(purpose, parts=(f"{NUMBER}/a", "TGP-BCDEFGHJK/b")))
