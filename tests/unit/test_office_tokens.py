"""The token of an office's reply address: for one office, one case, until one day, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.adapters.secrets import ReplyTokens
from tanggap.domain.numbers import TOKEN_LENGTH, number_from, number_of_token, reply_token
from tanggap.domain.office_tokens import LENGTH, OfficeToken, number_claimed, office_token, opened
from tanggap.domain.triage import Desk, tokens_in

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
PU = "pu@kantor.example"
DESK = Desk("lapor.desa-contoh.example", "lapor@lapor.desa-contoh.example")

numbers = st.integers(0, 29**8 - 1).map(number_from)
days = st.dates(date(2020, 1, 1), date(2109, 9, 1))
addresses = st.sampled_from([PU, "adm@kantor.example", "kades@desa.example"])
base32 = st.sampled_from("abcdefghijklmnopqrstuvwxyz234567")


@given(number=numbers, address=addresses, until=days)
def test_it_says_what_it_was_made_for_and_fits_an_address(number: str, address: str, until: date) -> None:
    given_ = OfficeToken(number, address, until)
    token = office_token(given_, KEY)
    assert len(token) == LENGTH == 26
    assert opened(token, ["x@y.example", address], [OTHER_KEY, KEY]) == given_
    assert tokens_in((f"lapor+{token}@lapor.desa-contoh.example",), DESK) == (token,)
    assert number_claimed(token) == number


@given(number=numbers, until=days)
def test_it_is_no_citizens_token_and_a_citizens_is_no_offices(number: str, until: date) -> None:
    token = office_token(OfficeToken(number, PU, until), KEY)
    assert number_of_token(token, [KEY]) is None
    citizens = reply_token(number, KEY)
    assert number_claimed(citizens) is None
    assert opened(citizens, [PU], [KEY]) is None
    assert (token[0] == "o") != (citizens[0] == "o")
    assert len(token) != TOKEN_LENGTH


@given(number=numbers, until=days, place=st.integers(0, LENGTH - 1), char=base32)
def test_one_character_otherwise_is_forged(number: str, until: date, place: int, char: str) -> None:
    token = office_token(OfficeToken(number, PU, until), KEY)
    changed = token[:place] + char + token[place + 1 :]
    assert changed == token or opened(changed, [PU], [KEY]) is None


@given(number=numbers, until=days, length=st.integers(0, LENGTH - 1))
def test_a_piece_of_it_or_more_than_it_opens_nothing(number: str, until: date, length: int) -> None:
    token = office_token(OfficeToken(number, PU, until), KEY)
    for broken in (token[:length], token + "a", token + token, token.upper(), "\udcff" * LENGTH, ""):
        assert opened(broken, [PU], [KEY]) is None


@given(one=numbers, two=numbers, until=days)
def test_the_proof_of_one_case_is_none_on_another(one: str, two: str, until: date) -> None:
    first, second = (office_token(OfficeToken(number, PU, until), KEY) for number in (one, two))
    grafted = second[:10] + first[10:]
    assert one == two or opened(grafted, [PU], [KEY]) is None


@given(number=numbers, until=st.dates(date(2020, 1, 1), date(2100, 1, 1)), more=st.integers(1, 3_000))
def test_nobody_lengthens_its_life(number: str, until: date, more: int) -> None:
    token = office_token(OfficeToken(number, PU, until), KEY)
    later = office_token(OfficeToken(number, PU, until + timedelta(days=more)), KEY)
    assert opened(token[:10] + later[10:13] + token[13:], [PU], [KEY]) is None


def test_another_office_or_another_key_opens_it_not() -> None:
    token = office_token(OfficeToken(number_from(12345), PU, date(2026, 12, 24)), KEY)
    assert opened(token, ["adm@kantor.example", "pu@kantor.example.lain.example", "u@kantor.example"], [KEY]) is None
    assert opened(token, [PU], [OTHER_KEY]) is None
    assert opened(token, [], [KEY]) is None
    assert opened(token, [" PU@Kantor.example "], [KEY]) is not None, "an address is the same in capitals"


def test_a_day_that_it_can_not_hold_is_refused_rather_than_cut() -> None:
    with pytest.raises(ValueError, match="day"):
        office_token(OfficeToken(number_from(1), PU, date(2110, 1, 1)), KEY)


def test_a_rotated_key_still_opens_the_letters_of_before() -> None:
    keys = {"1": KEY}
    tokens = ReplyTokens(lambda: keys)
    number, until = number_from(777), date(2026, 12, 24)
    old = tokens.of_office(number, PU, until)
    keys = {"2": OTHER_KEY, "1": KEY}
    assert tokens.office(old, [PU]) == tokens.office(tokens.of_office(number, PU, until), [PU])
    assert tokens.of_office(number, PU, until) != old
    keys = {"2": OTHER_KEY}
    assert tokens.office(old, [PU]) is None
