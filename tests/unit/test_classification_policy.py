"""What a policy adds to our words, and which faults of it are told."""

from __future__ import annotations

from typing import Any

import pytest

from tanggap.domain.classification import Classified, Why
from tanggap.domain.errors import Invalid
from tanggap.domain.words import Kind, Priority
from tests.support.classifying import VILLAGE, policy, rules, said


def test_a_village_that_sets_nothing_has_priorities_and_kinds_but_no_categories() -> None:
    found = said("Kebakaran! Ada pungli juga. Sampah", VILLAGE)
    assert (found.priority, found.category, found.unit) == (Priority.URGENT, None, None)
    assert found.proposals


def test_a_policys_words_extend_ours() -> None:
    desk = policy(
        triage={
            "urgent": ["gajah masuk kampung"],
            "vulnerable": ["nelayan tua"],
            "hazard": ["kera liar"],
            "ignore": ["Banjir Kanal"],
            "kinds": {"praise": ["jempol"]},
        }
    )
    found = said("ada gajah besar masuk ke kampung", desk)
    assert (found.priority, rules(found)) == (Priority.URGENT, {"urgent"})
    assert rules(said("nelayan tua", desk)) == {"vulnerable"}
    assert rules(said("kera liar", desk)) == {"hazard"}
    assert said("Banjir Kanal Timur", desk).priority is Priority.NORMAL
    assert said("kebakaran", desk).priority is Priority.URGENT
    assert [why.value for why in said("jempol pak", desk).proposals] == ["praise"]


def test_a_policy_may_stand_in_place_of_ours() -> None:
    desk = policy(triage={"defaults": False, "urgent": ["gajah"]})
    assert said("kebakaran, pungli, lansia", desk) == Classified(
        Kind.COMPLAINT, None, None, "normal", (Why("kind", "complaint", "default"),)
    )
    assert said("gajah", desk).priority is Priority.URGENT


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"categories": [{"id": "a", "name": "A", "words": "x"}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": [1]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": [""]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": ["!!"]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": ["a b c d e f g"]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": ["x" * 61]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": ["a\nb"]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "words": [f"w{n}x" for n in range(61)]}]}, "categories[0].words"),
        ({"categories": [{"id": "a", "name": "A", "addresses": ["a@b"]}]}, "categories[0].addresses"),
        ({"categories": [{"id": "a", "name": "A", "addresses": ["a b"]}]}, "categories[0].addresses"),
        ({"categories": [{"id": "a", "name": "A", "addresses": "a"}]}, "categories[0].addresses"),
        ({"categories": [{"id": "a", "name": "A", "addresses": [["a"]]}]}, "categories[0].addresses"),
        ({"categories": [{"id": n, "name": "A", "addresses": ["same"]} for n in "ab"]}, "categories[1].addresses"),
        ({"triage": []}, "triage"),
        ({"triage": {"urgently": []}}, "triage.urgently"),
        ({"triage": {"urgent": {}}}, "triage.urgent"),
        ({"triage": {"vulnerable": [None]}}, "triage.vulnerable"),
        ({"triage": {"hazard": ["x" * 99]}}, "triage.hazard"),
        ({"triage": {"ignore": [f"word{n}" for n in range(301)]}}, "triage.ignore"),
        ({"triage": {"defaults": "no"}}, "triage.defaults"),
        ({"triage": {"kinds": []}}, "triage.kinds"),
        ({"triage": {"kinds": {"crime": []}}}, "triage.kinds.crime"),
        ({"triage": {"kinds": {"complaint": []}}}, "triage.kinds.complaint"),
        ({"triage": {"kinds": {"praise": "x"}}}, "triage.kinds.praise"),
    ],
)
def test_a_fault_in_the_words_is_told_with_its_place(parts: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as caught:
        policy(**parts)
    assert [fault["place"] for fault in caught.value.faults] == [place]


def test_a_policy_lists_so_many_words_and_no_more() -> None:
    rows = [{"id": f"c{n}", "name": "X", "words": [f"kata {n} {m}" for m in range(60)]} for n in range(84)]
    with pytest.raises(Invalid) as caught:
        policy(categories=rows)
    assert [fault["place"] for fault in caught.value.faults] == ["triage"]
