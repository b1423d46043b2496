"""The chain: what is written stays written, or it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.domain.history import GENESIS, Entry, commit_to, digest_of, entry_from_dict, entry_to_dict, faults_in

NUMBER = "TGP-AAAAAAAAA"
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def chain(length: int = 4, number: str = NUMBER) -> list[Entry]:
    entries: list[Entry] = []
    for seq in range(1, length + 1):
        prev = entries[-1].hash if entries else GENESIS
        entry = Entry(seq, AT + timedelta(minutes=seq), "system", "noted", {"message": f"m{seq}"}, "", prev)
        entries.append(replace(entry, hash=digest_of(entry, number)))
    return entries


def test_an_untouched_chain_closes() -> None:
    entries = chain()
    assert faults_in(NUMBER, entries, entries[-1].hash) == ()
    assert faults_in(NUMBER, [], GENESIS) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "officer:x"},
        {"event": "status"},
        {"data": {"message": "other"}},
        {"data": {}},
        {"commitment": "0" * 64},
        {"at": AT + timedelta(seconds=121)},
        {"seq": 3},
        {"prev": GENESIS},
        {"hash": "f" * 64},
    ],
)
def test_whatever_is_changed_in_an_entry_shows(change: dict[str, Any]) -> None:
    entries = chain()
    head = entries[-1].hash
    entries[1] = replace(entries[1], **change)
    assert faults_in(NUMBER, entries, head)


def test_an_entry_that_was_changed_and_hashed_again_breaks_the_next_link() -> None:
    entries = chain()
    changed = replace(entries[1], actor="officer:x")
    entries[1] = replace(changed, hash=digest_of(changed, NUMBER))
    assert any("does not follow" in fault for fault in faults_in(NUMBER, entries))


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_a_removed_entry_shows(cut: int) -> None:
    entries = chain()
    head = entries[-1].hash
    del entries[cut]
    assert faults_in(NUMBER, entries, head)


def test_two_entries_in_another_order_show() -> None:
    entries = chain()
    entries[1], entries[2] = entries[2], entries[1]
    assert faults_in(NUMBER, entries)


def test_a_history_of_another_case_does_not_close() -> None:
    assert faults_in("TGP-BBBBBBBBB", chain())


def test_time_that_runs_backwards_shows_even_when_hashed_so() -> None:
    entries = chain(2)
    late = replace(entries[1], at=AT - timedelta(days=1))
    entries[1] = replace(late, hash=digest_of(late, NUMBER))
    assert any("older" in fault for fault in faults_in(NUMBER, entries))


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_commitment_holds_for_one_text_and_one_salt(text: str, other: str) -> None:
    salt, another = "a" * 32, "b" * 32
    assert commit_to(salt, text) == commit_to(salt, text)
    assert (commit_to(salt, text) == commit_to(salt, other)) == (text == other)
    assert commit_to(salt, text) != commit_to(another, text)


def test_an_entry_survives_its_row() -> None:
    for entry in chain():
        again = entry_from_dict(entry_to_dict(entry))
        assert again == entry
        assert digest_of(again, NUMBER) == entry.hash
