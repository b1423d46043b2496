"""The canary: who it is, and when it was not answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain import canary, numbers
from tanggap.domain.canary import Fault, Found, Round, Way, Written, address_of, fault_of, proved
from tanggap.domain.inbound import Authenticity
from tanggap.domain.triage import Desk, tokens_in

DOMAIN, KEY, OLDER = "desa-contoh.example", b"k" * 32, b"o" * 32
AT = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.mark.parametrize("way", Way)
def test_its_address_proves_the_way_and_the_day_under_the_key_in_use_and_an_older_one(way: Way) -> None:
    address = address_of(way, AT, DOMAIN, OLDER)
    assert len(address.partition("@")[0]) <= 64
    found = proved(address, AT, DOMAIN, (KEY, OLDER))
    assert found == canary.Proved(way, AT.date(), address)
    assert proved(address.upper(), AT, DOMAIN, (KEY, OLDER)) == found, "a mail program may spell it so"
    assert proved(address, AT, DOMAIN, (KEY,)) is None


@pytest.mark.parametrize(
    ("later", "believed"),
    [
        (timedelta(), True),
        (timedelta(hours=43, minutes=59), True),
        (timedelta(hours=44), False),
        (-timedelta(hours=4), True),
        (-timedelta(hours=4, seconds=1), False),
    ],
)
def test_it_is_believed_on_its_day_and_the_next(later: timedelta, believed: bool) -> None:
    address = address_of(Way.MAIL, AT, DOMAIN, KEY)
    assert (proved(address, AT + later, DOMAIN, (KEY,)) is not None) is believed


@given(place=st.integers(0, 19), char=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_another_character_anywhere_proves_nothing(place: int, char: str) -> None:
    address = address_of(Way.WEB, AT, DOMAIN, KEY)
    at = address.index("+") + 1 + place
    other = address[:at] + char + address[at + 1 :]
    assert other == address or proved(other, AT, DOMAIN, (KEY,)) is None


@given(local=st.text(max_size=40), domain=st.sampled_from((DOMAIN, f"x.{DOMAIN}", "warga.example", "")))
@settings(max_examples=200)
def test_nobody_is_the_canary_without_the_key(local: str, domain: str) -> None:
    for named in (f"{local}@{domain}", f"kenari+{local}@{domain}", local):
        assert proved(named, AT, DOMAIN, (KEY,)) is None


def test_the_proof_is_of_one_domain_and_no_case_opens_by_it() -> None:
    address = address_of(Way.MAIL, AT, DOMAIN, KEY)
    elsewhere = address.replace(DOMAIN, "lain.example")
    assert proved(elsewhere, AT, "lain.example", (KEY,)) is None
    assert tokens_in((address,), Desk(DOMAIN, f"lapor@{DOMAIN}")) == ()
    assert numbers.number_of_token(address.partition("@")[0].partition("+")[2], (KEY,)) is None


def test_only_what_looks_like_its_address_costs_a_look_at_the_keys() -> None:
    mine = address_of(Way.MAIL, AT, DOMAIN, KEY)
    others = ("siti@warga.example", f"lapor@{DOMAIN}", f"kenari@{DOMAIN}", "kenari+x@warga.example", "")
    assert canary.claimed((*others, mine), DOMAIN) == (mine,)


def test_the_number_of_its_mail_follows_from_what_it_wrote() -> None:
    address, subject = address_of(Way.MAIL, AT, DOMAIN, KEY), canary.subject_of(AT)
    number = canary.number_of(address, subject)
    assert numbers.valid(number)
    assert canary.number_of(address.upper(), subject) == number
    assert canary.number_of(address, canary.subject_of(AT + timedelta(minutes=15))) != number
    assert numbers.number_in(subject) is None


@pytest.mark.parametrize(
    ("verdicts", "ours"),
    [
        (Authenticity(dmarc="PASS", dkim="PASS", spf="PASS"), True),
        (Authenticity(dmarc="GRAY", dkim="PASS"), True),
        (Authenticity(dmarc="GRAY", dkim="FAIL", spf="PASS"), False),
        (Authenticity(dmarc="FAIL", dkim="PASS", policy="none"), False),
        (Authenticity(dmarc="FAIL", dkim="PASS", policy="quarantine"), False),
        (Authenticity(), False),
    ],
    ids=str,
)
def test_its_mail_must_be_signed_by_our_own_mail_service(verdicts: Authenticity, ours: bool) -> None:
    assert canary.vouched(verdicts) is ours


ANSWERED = Found(filed=True, known=True, acknowledged_at=AT + timedelta(seconds=3), returned=True, shown=True)
FAULTS = [
    (ANSWERED, None),
    (replace(ANSWERED, acknowledged_at=AT + canary.LATE), None),
    (Found(), Fault.NOT_FILED),
    (replace(ANSWERED, known=False), Fault.NOT_KNOWN),
    (replace(ANSWERED, acknowledged_at=None), Fault.NOT_ACKNOWLEDGED),
    (replace(ANSWERED, acknowledged_at=AT + canary.LATE + timedelta(seconds=1)), Fault.LATE),
    (replace(ANSWERED, returned=False), Fault.NOT_RETURNED),
]


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize(("found", "fault"), FAULTS, ids=[str(fault) for _, fault in FAULTS])
def test_the_first_thing_that_went_wrong_is_told(way: Way, found: Found, fault: Fault | None) -> None:
    assert fault_of(Written(way, AT, "TGP-1"), found) is fault


def test_the_tracking_page_is_asked_of_the_web_form_alone() -> None:
    unseen = replace(ANSWERED, shown=False)
    assert fault_of(Written(Way.WEB, AT, "TGP-1"), unseen) is Fault.NOT_SHOWN
    assert fault_of(Written(Way.MAIL, AT, "TGP-1"), unseen) is None


def test_what_could_not_be_written_was_told_then() -> None:
    assert fault_of(Written(Way.MAIL, AT), Found()) is None


def test_a_round_of_long_ago_is_not_judged_since_its_cases_may_be_gone() -> None:
    last = Round(AT, (Written(Way.MAIL, AT, "TGP-1"),))
    assert canary.to_judge(last, AT + timedelta(minutes=15))
    assert canary.to_judge(last, AT + timedelta(days=5))
    assert not canary.to_judge(last, AT + canary.FORGOTTEN)
    assert not canary.to_judge(None, AT)
    assert canary.FORGOTTEN < canary.KEPT


def test_a_schedule_that_calls_twice_is_heard_once() -> None:
    last = Round(AT, ())
    assert canary.too_soon(last, AT + timedelta(seconds=10))
    assert not canary.too_soon(last, AT + timedelta(minutes=15))
    assert not canary.too_soon(None, AT)
