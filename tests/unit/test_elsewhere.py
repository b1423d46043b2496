"""What was kept for somebody on another case, which can't be read: it is told of, and stops no report."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.application.elsewhere import Elsewhere
from tanggap.application.ports import Unreadable
from tanggap.domain.errors import Retry
from tanggap.domain.talks import Talk
from tanggap.domain.words import Channel
from tests.support.world import START, CountedIds


class Cases:
    def __init__(self, error: Exception) -> None:
        self.error, self.asked = error, list[str]()

    def file(self, number: str, texts: bool = True) -> Any:
        self.asked.append(number)
        raise self.error


def caught_up(cases: Cases, told: list[tuple[str, str]]) -> Talk:
    talk = Talk(reporter="r1", channel=Channel.TELEGRAM, case="TGP-1", kept=("TGP-2", "TGP-3"))
    elsewhere = Elsewhere(cases, CountedIds(), lambda number, error: told.append((number, type(error).__name__)))  # type: ignore[arg-type]
    return elsewhere(talk, SimpleNamespace(now=START), besides="TGP-3")  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("x"), TypeError("x"), Unreadable("x")])
def test_a_kept_case_that_cannot_be_read_is_told_by_its_number_and_stays_kept(error: Exception) -> None:
    cases, told = Cases(error), list[tuple[str, str]]()
    assert caught_up(cases, told).kept == ("TGP-2", "TGP-3")
    assert told == [("TGP-2", type(error).__name__)]
    assert cases.asked == ["TGP-2"]


def test_a_table_that_does_not_answer_is_asked_again_with_the_message() -> None:
    told = list[tuple[str, str]]()
    with pytest.raises(Retry):
        caught_up(Cases(Retry("not now")), told)
    assert told == []
