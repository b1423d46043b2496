"""Reports of citizens and officers at a desk whose policy knows words, as they are classified and corrected."""

from __future__ import annotations

import copy
from typing import Any

from tanggap.application.ports import CaseFile
from tanggap.application.record import Heard
from tanggap.domain import citizens
from tanggap.domain.case import Case, Message
from tanggap.domain.citizens import Opening
from tanggap.domain.classification import classify
from tanggap.domain.likeness import sketch
from tanggap.domain.officers import Correction
from tanggap.domain.words import Channel
from tests.support.world import COORDINATOR, POLICY, World

WORDS: dict[str, Any] = {
    **copy.deepcopy(POLICY),
    "categories": [
        {"id": "jalan", "name": "Jalan rusak", "unit": "pu", "words": ["jalan rusak", "lubang"]},
        {"id": "ktp", "name": "KTP", "unit": "adm", "words": ["ktp"]},
        {"id": "lain", "name": "Lain-lain"},
    ],
}
TEXT = "Jalan rusak di Jl. Kenanga RT 3, nenek saya jatuh."


def opened(world: World, text: str = TEXT, reporter: str | None = "r1", **more: Any) -> Case:
    """A citizen's report, as the pipeline opens it."""
    policy = world.policies.current()
    number = world.ids.number()
    message = Message(
        id=world.ids.new(world.now), case=number, direction="in", channel=Channel.EMAIL, at=world.now, text=text
    )
    report = sketch("", text, reporter)
    opening = Opening(
        number=number,
        message=message,
        reporter=reporter,
        answer=False,
        classified=classify("", text, (), policy),
        sketch=report,
        **more,
    )
    world.cases.commit(citizens.open_case(opening, world.now, "reporter", policy, world.ids).change())
    case = world.cases.case(number)
    assert case
    return case


def heard(world: World, text: str = TEXT, officer: Any = COORDINATOR, **more: Any) -> CaseFile:
    return world.desk.record(officer, Heard(channel=Channel.PHONE, received_at=world.now, text=text, **more))


def correct(world: World, number: str, officer: Any = COORDINATOR, **said: Any) -> CaseFile:
    return world.desk.correct(officer, number, Correction(**said))


def corrections(file: CaseFile) -> list[tuple[str, str, str]]:
    return [(one.data["field"], one.data["was"], one.data["now"]) for one in file.history if one.event == "corrected"]
