"""Case numbers that survive dictation, and tokens that cannot be made up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tanggap.domain.numbers import (
    ALPHABET,
    PREFIX,
    TOKEN_LENGTH,
    normalise,
    number_from,
    number_in,
    number_of_token,
    reply_token,
    valid,
)

numbers = st.integers(min_value=0, max_value=2**64).map(number_from)
KEY, OLD = b"k" * 64, b"o" * 64


def test_the_alphabet_has_no_characters_that_are_mistaken_for_each_other() -> None:
    assert not set(ALPHABET) & set("0O1IL")
    assert len(set(ALPHABET)) == 29


@given(numbers)
def test_every_number_is_valid_in_its_one_spelling(number: str) -> None:
    assert valid(number)
    assert normalise(number) == number


@given(numbers, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_caught(number: str, place: int, char: str) -> None:
    body = number.removeprefix(PREFIX)
    wrong = body[:place] + char + body[place + 1 :]
    assert valid(PREFIX + wrong) == (wrong == body)


@given(numbers, st.integers(0, 7))
def test_any_two_neighbours_swapped_are_caught(number: str, place: int) -> None:
    body = number.removeprefix(PREFIX)
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert valid(PREFIX + swapped) == (swapped == body)


@given(numbers, st.lists(st.sampled_from([" ", "-", "\u2013", "\u00a0", "\t"]), max_size=12))
def test_what_a_person_typed_is_understood(number: str, fill: list[str]) -> None:
    spaced = "".join(char + (fill.pop() if fill else "") for char in number.lower())
    assert normalise(spaced) == number
    assert normalise(number.removeprefix(PREFIX)) == number


@given(st.text(max_size=60))
def test_any_other_text_is_no_number_or_a_valid_one(text: str) -> None:
    found = normalise(text)
    assert found is None or valid(found)


@given(numbers, st.text(max_size=30), st.text(max_size=30))
def test_a_number_in_a_subject_is_found_where_it_stands_alone(number: str, before: str, after: str) -> None:
    assert number_in(f"{number} {after}") == number
    assert number_in(f"Re: [{number}] {after}") == number
    assert number_in(f"X{number}") is None
    assert number_in(f"{number}A") is None


@given(numbers)
def test_a_token_belongs_to_its_case_and_fits_an_address(number: str) -> None:
    token = reply_token(number, KEY)
    assert len(token) == TOKEN_LENGTH <= 26
    assert number_of_token(token, [KEY]) == number
    assert number_of_token(token.upper(), [KEY]) == number
    assert number_of_token(token, [OLD, KEY]) == number, "a rotated key"
    assert number_of_token(token, [OLD]) is None


@given(numbers, numbers, st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=25, max_size=25))
def test_a_token_cannot_be_forged_or_moved_to_another_case(number: str, other: str, guess: str) -> None:
    token = reply_token(number, KEY)
    moved = other.removeprefix(PREFIX).lower() + token[9:]
    assert number_of_token(moved, [KEY]) in (None, number if number == other else None)
    assert number_of_token(guess, [KEY]) is None or guess == reply_token(PREFIX + guess[:9].upper(), KEY)
    for bad in ("", "x", token[:-1], token + "a", "é" * TOKEN_LENGTH):
        assert number_of_token(bad, [KEY]) is None
