"""Receipt codes: their form, their digest, what opens a case."""

from __future__ import annotations

import secrets
import string
from collections import Counter

import pytest

from tanggap.adapters.secrets import ReplyTokens
from tanggap.domain import receipts
from tanggap.domain.numbers import ALPHABET, number_from

NUMBER = number_from(4711)
OLD, NEW = b"o" * 32, b"n" * 32


def tokens(*keys: bytes) -> ReplyTokens:
    named = {str(place): key for place, key in enumerate(keys)}
    return ReplyTokens(lambda: named)


def test_a_code_has_ten_characters_that_survive_dictation() -> None:
    for _ in range(200):
        code = receipts.code_from(secrets.randbits(receipts.ENTROPY_BITS))
        assert len(code) == 10
        assert set(code) <= set(ALPHABET)


def test_no_character_of_a_code_is_likelier_than_another() -> None:
    seen = Counter("".join(receipts.derived(number_from(seed), NEW) for seed in range(2_000)))
    assert max(seen.values()) < 1.25 * 20_000 / len(ALPHABET)
    assert set(seen) == set(ALPHABET)


@pytest.mark.parametrize(
    "typed", ["abcde fghjk", "ABCDE-FGHJK", " a b c d e f g h j k ", "abcde\u2013fghjk", "ABCDE.FGHJK"]
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert receipts.normalise(typed) == "ABCDEFGHJK"


@pytest.mark.parametrize(
    "typed", ["", "ABCDEFGHJ", "ABCDEFGHJKM", "ABCDEFGH0K", "A" * 10_000, "ABCDEFGHJ\u00e9", "1234567890"]
)
def test_what_no_code_can_be_is_none(typed: str) -> None:
    assert receipts.normalise(typed) is None


def test_a_forms_code_opens_its_case_alone() -> None:
    code, other = receipts.code_from(1 << 90), number_from(4712)
    kept = receipts.digest(NUMBER, code)
    assert tokens(NEW).opens(code, NUMBER, kept)
    assert not tokens(NEW).opens(code, other, kept)
    assert not tokens(NEW).opens(receipts.code_from(1 << 91), NUMBER, kept)
    assert code not in kept


def test_every_number_has_a_code_beside_that_one() -> None:
    one = tokens(NEW)
    assert one.opens(one.receipt(NUMBER), NUMBER)
    assert one.opens(one.receipt(NUMBER), NUMBER, receipts.digest(NUMBER, receipts.code_from(7 << 80)))
    assert not one.opens(one.receipt(NUMBER), number_from(4712))


def test_a_code_that_was_told_before_the_key_was_rotated_still_opens() -> None:
    before, after = tokens(OLD), tokens(NEW, OLD)
    assert after.receipt(NUMBER) != before.receipt(NUMBER)
    assert after.opens(before.receipt(NUMBER), NUMBER)
    assert not tokens(NEW).opens(before.receipt(NUMBER), NUMBER)


def test_a_case_without_a_forms_code_is_not_opened_by_an_empty_one() -> None:
    assert not tokens(NEW).opens("", NUMBER, "")
    assert not tokens(NEW).opens(string.ascii_uppercase[:10], NUMBER, "")
