"""Texts read by the village's policy, which lists nothing of its own, and by the sample."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from tanggap.domain.classification import Classified, classify
from tanggap.domain.policy import Policy, first_policy, read_policy
from tanggap.domain.words import Priority
from tests.support.world import POLICY

ROOT = Path(__file__).parents[2]
VILLAGE = read_policy(first_policy("Desa", "+07:00", "a@kantor.example"), 1)
SAMPLE = read_policy(json.loads((ROOT / "events/policy.json").read_text()), 1)


def policy(**parts: Any) -> Policy:
    return read_policy({**copy.deepcopy(POLICY), **parts}, 1)


def with_words(*rows: dict[str, Any], **parts: Any) -> Policy:
    return policy(categories=[{"name": "X", "unit": "pu", **row} for row in rows], **parts)


def said(text: str, policy: Policy = SAMPLE, subject: str = "", to: tuple[str, ...] = ()) -> Classified:
    return classify(subject, text, to, policy)


def rules(found: Classified) -> set[str]:
    return {why.rule for why in found.whys if why.what == "priority"}


def priority(text: str) -> Priority:
    """As the village reads it."""
    return Priority(said(text, VILLAGE).priority)
