"""How a long text becomes several messages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.adapters.channels.split import Limit, length, messages, plain, split, utf8, utf16

WEIGHTS = {"characters": lambda character: 1, "utf16": utf16, "utf8": utf8}
TEXTS = st.text(
    st.one_of(st.sampled_from(" \n.,abcdeé한🎉👍🏽👨‍👩‍👧"), st.characters(blacklist_categories=("Cs",))), max_size=400
)


@given(TEXTS, st.integers(16, 60), st.sampled_from(sorted(WEIGHTS)))
@settings(max_examples=300, deadline=None)
def test_the_parts_joined_are_the_text_and_none_is_over_the_limit(text: str, limit: int, name: str) -> None:
    weight = WEIGHTS[name]
    parts = split(text, limit, weight)
    assert "".join(parts) == text
    assert all(0 < length(part, weight) <= limit for part in parts)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_weights_are_those_of_the_encodings(text: str) -> None:
    assert length(text, utf16) == len(text.encode("utf-16-le")) // 2
    assert length(text, utf8) == len(text.encode())


@given(st.lists(st.text("abc:/.?=-", min_size=1, max_size=15), max_size=60), st.integers(16, 50))
@settings(max_examples=300, deadline=None)
def test_no_word_and_no_address_is_cut_that_fits(words: list[str], limit: int) -> None:
    parts = split(" ".join(words), limit, utf16)
    assert [word for part in parts for word in part.split()] == words


@given(TEXTS, st.integers(40, 80), st.booleans())
@settings(max_examples=200, deadline=None)
def test_messages_are_trimmed_bounded_and_none_is_empty(text: str, limit: int, numbered: bool) -> None:
    parts = messages(text, Limit(limit, utf8), numbered=numbered)
    assert all(part.strip() and length(part, utf8) <= limit for part in parts)
    bare = [re.sub(r"^\(\d+/\d+\) ", "", part) for part in parts] if numbered and len(parts) > 1 else parts
    assert re.sub(r"\s", "", "".join(bare)) == re.sub(r"\s", "", plain(text))


def test_a_part_had_best_end_with_a_paragraph_then_a_line_a_sentence_a_word() -> None:
    assert split("satu dua\n\ntiga. empat lima", 16) == ("satu dua\n\n", "tiga. empat lima")
    assert split("satu dua\ntiga. empat lima", 16) == ("satu dua\n", "tiga. empat lima")
    assert split("satu dua. tiga empat lima", 16) == ("satu dua. ", "tiga empat lima")
    assert split("satu dua tiga empat lima", 16) == ("satu dua tiga ", "empat lima")
    assert split("satu dua tigaan empat", 16) == ("satu dua tigaan ", "empat")


def test_the_end_of_a_line_far_in_front_makes_no_short_part() -> None:
    assert split("Ya.\nsatu dua tiga empat", 20)[0] == "Ya.\nsatu dua tiga "


def test_what_belongs_to_one_character_stays_together_in_a_word_too_long() -> None:
    assert split("a" * 15 + "e\u0301" + "b" * 5, 16)[0] == "a" * 15
    assert split("🎉" * 7 + "👍🏽" + "🎉" * 3, 16)[0] == "🎉" * 7


def test_an_address_that_is_too_long_alone_is_cut_and_nothing_is_lost() -> None:
    url = "https://desa.example/" + "x" * 100
    assert "".join(split(f"Lihat {url} ya", 40)) == f"Lihat {url} ya"


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_nothing_is_no_message(text: str) -> None:
    assert messages(text, Limit(100, utf16), numbered=True) == ()


def test_parts_are_numbered_where_asked_and_a_single_one_is_not() -> None:
    limit = Limit(30, utf16)
    assert messages("satu dua", limit, numbered=True) == ("satu dua",)
    assert messages("satu dua tiga empat lima enam tujuh", limit, numbered=True) == (
        "(1/2) satu dua tiga empat",
        "(2/2) lima enam tujuh",
    )
