"""An alarm that nobody knows how to answer is noise, and a step that can't be typed is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from infra.build.template import ROOT
from infra.ops.resend import OURS
from infra.ops.stack import OVERRIDES
from infra.watch.alarms import Alarm, alarms
from tanggap.entrypoints.observe import CODES, METRICS
from tests.contract.stack import TEMPLATE, of_type

FOLDER = ROOT / "infra" / "runbooks"
PAGES = {page.name: page.read_text() for page in sorted(FOLDER.glob("*.md"))}
#: Written by code, each with a test of its own.
GENERATED = frozenset({"alarms.md", "case-life.md", "growth.md"})
WRITTEN = {name: text for name, text in PAGES.items() if name not in GENERATED}
ALARMS: dict[str, Alarm] = alarms()
#: What every page of an alarm answers, in this order.
PARTS = ("What it means", "First look", "Cause and step", "It is over when", "Why this threshold")
_LINK = re.compile(r"\[[^\]]+\]\(([^)#]*)(?:#[^)]*)?\)")
_QUOTED = re.compile(r"`([^`]+)`")


def _sources(*folders: str) -> str:
    return "\n".join(path.read_text() for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))


WORDS = set(re.findall(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b", _sources("layers/core/tanggap", "functions", "infra/ops")))
#: Words of others' interfaces.
FOREIGN = frozenset({"secret_token", "last_error_message"})
SHARED = "".join((ROOT / "infra" / "ops" / name).read_text() for name in ("command.py", "stack.py"))


def page_of(alarm: Alarm) -> str:
    """The file that an alarm's description names."""
    found = re.search(r"infra/runbooks/([a-z0-9-]+\.md)", alarm.description)
    return found[1] if found else ""


def commands(text: str) -> Iterator[tuple[str, str]]:
    """(module, the rest of its command) wherever one stands: between backticks or on an indented line."""
    indented = [line for line in text.splitlines() if line.startswith("    ")]
    for piece in (*(one.replace("\n", " ") for one in _QUOTED.findall(text)), *indented):
        for found in re.finditer(r"python -m (infra[\w.]*)([^|>]*)", piece):
            yield found[1], re.sub(r"\s+", " ", found[2]).strip()


def source_of(module: str) -> Path:
    path = ROOT / Path(*module.split("."))
    found = next((one for one in (path.with_suffix(".py"), path / "__main__.py") if one.is_file()), None)
    assert found, f"{module} can't be run"
    return found


def test_a_command_is_found_wherever_it_stands() -> None:
    text = "say `python -m infra.ops.queues\n--stack NAME`\n\n    python -m infra.ops.replay --dry-run\n"
    assert list(commands(text)) == [("infra.ops.queues", "--stack NAME"), ("infra.ops.replay", "--dry-run")]


# -- alarms


@pytest.mark.parametrize("name", ALARMS)
def test_each_alarm_has_a_page_that_says_when_it_rings_what_it_means_and_what_to_do(name: str) -> None:
    alarm = ALARMS[name]
    page = page_of(alarm)
    assert page in PAGES, f"{name} names no page that is there"
    seconds = int(alarm.period.total_seconds())
    said = f"Alarm `{name}`: threshold {alarm.threshold:g}, {alarm.needed} of {alarm.of} periods of {seconds} s"
    assert f"{said}, missing data {alarm.missing}." in PAGES[page]
    assert tuple(re.findall(r"^## (.+)$", PAGES[page], re.MULTILINE)) == PARTS


def test_the_index_lists_each_alarm_once_with_its_own_page_and_no_other() -> None:
    rows = re.findall(r"^\| ([A-Z]\w+) \| \[[^\]]+\]\(([^)]+)\) \|$", PAGES["README.md"], re.MULTILINE)
    assert sorted(rows) == sorted((name, page_of(alarm)) for name, alarm in ALARMS.items())


def test_no_page_is_about_an_alarm_that_is_not_there() -> None:
    about = {found[1] for text in WRITTEN.values() for found in re.finditer(r"^Alarm `(\w+)`", text, re.MULTILINE)}
    assert about == ALARMS.keys()


# -- pages


def test_each_page_is_linked_from_the_index() -> None:
    linked = set(_LINK.findall(PAGES["README.md"]))
    assert PAGES.keys() - {"README.md"} <= linked


@pytest.mark.parametrize("name", WRITTEN)
def test_each_link_leads_somewhere(name: str) -> None:
    targets = [one for one in _LINK.findall(PAGES[name]) if not one.startswith(("http:", "https:"))]
    assert [one for one in targets if not (FOLDER / one).resolve().is_file()] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_each_page_is_one_page(name: str) -> None:
    assert len(PAGES[name].splitlines()) <= 80


@pytest.mark.parametrize("name", sorted(WRITTEN.keys() - {"README.md", "channel-secrets.md"}))
def test_each_page_says_what_was_tried(name: str) -> None:
    assert re.search(r"^Tried: ", PAGES[name], re.MULTILINE)


# -- what is typed and what is read


@pytest.mark.parametrize("name", WRITTEN)
def test_each_command_is_there_with_its_words_and_options(name: str) -> None:
    for module, rest in commands(PAGES[name]):
        known = source_of(module).read_text() + (SHARED if module.startswith("infra.ops.") else "")
        for option in re.findall(r"(?<!\S)(--[a-z][a-z-]*)", rest):
            assert f'"{option}"' in known or option[2:] in OVERRIDES, f"{module} takes no {option}"
        word = re.match(r"[a-z][a-z-]*(?=\s|$)", rest)
        if word and "add_subparsers" in known:
            assert f'"{word[0]}"' in known, f"{module} has no {word[0]}"


@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"README.md"}))
def test_each_command_names_its_desk(name: str) -> None:
    """Typed without, it would end with 2. The index names some commands without what they are asked."""
    for module, rest in commands(PAGES[name]):
        if module.startswith("infra.ops.") and "add_stack(" in source_of(module).read_text():
            assert re.search(r"--(stack|local|outputs|table)\b", rest), f"{module} {rest}"


@pytest.mark.parametrize("name", WRITTEN)
def test_each_log_line_that_a_page_looks_for_is_one_of_ours(name: str) -> None:
    text = PAGES[name]
    listed = r"(?:`[a-z_]+`(?:, | and | or |,\n| and\n| or\n)?)+"
    for found in re.finditer(rf"\b(?:lines?|rows?) ({listed})", text, re.IGNORECASE):
        unknown = {one for one in _QUOTED.findall(found[1]) if "_" in one} - CODES.keys()
        assert not unknown, found[0]
    words = {one for one in _QUOTED.findall(text) if re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)+", one)}
    assert words <= WORDS | FOREIGN | CODES.keys()


@pytest.mark.parametrize("name", WRITTEN)
def test_each_saved_query_metric_output_and_parameter_that_a_page_names_is_there(name: str) -> None:
    text = PAGES[name]
    queries = {one["Name"]["Fn::Sub"].rpartition("/")[2] for one in of_type("AWS::Logs::QueryDefinition").values()}
    assert set(re.findall(r"`NAME/([a-z ]+)`", text)) <= queries
    named = TEMPLATE["Outputs"].keys() | TEMPLATE["Resources"].keys() | TEMPLATE["Parameters"].keys()
    assert set(re.findall(r"<([A-Z]\w+)>", text)) - {"Output", "UUID"} <= named | {"PublicUrl"}
    assert set(re.findall(r"[Mm]etric `(\w+)`", text)) <= METRICS.keys()
    assert set(re.findall(r"`([A-Z]\w+)=[\w]+`", text)) <= TEMPLATE["Parameters"].keys()
    assert set(re.findall(r"`make ([a-z]+)`", text)) <= set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    )


def test_each_thing_that_upkeep_names_has_its_row() -> None:
    from datetime import timedelta

    from tanggap.application.gauges import Gauges
    from tests.support.account import Account
    from tests.support.world import World

    world = World("memory")
    ill = Account(True, True, True, True, {"whatsapp": "2020-01-01"})
    last = SimpleNamespace(until=world.now - timedelta(days=9), covered=1)
    gauges = Gauges(world.cases, world.cases, world.cases, world.policies, ill, world.clock, lambda: last)  # type: ignore[arg-type, return-value]
    world.later(days=4_000)  # beyond each calendar
    due = gauges().upkeep
    assert len(due) >= 8
    rows = PAGES["upkeep-due.md"]
    for word in due:
        said = "key_…" if word.startswith("key_") else word
        assert f"| `{said}`" in rows, word


def test_each_reason_for_which_a_letter_waits_has_its_row() -> None:
    """Of the tables by which services' answers are understood."""
    said = _sources("layers/core/tanggap/adapters")
    reasons = set(re.findall(r"\((?:Wait|Broken|AnswerLost), \"(\w+)\"", said))
    assert {"payment", "throttled", "redirected"} <= reasons
    pages = PAGES["deliveries-unsent.md"] + PAGES["ses-suspended.md"]
    assert {one for one in reasons if f"`{one}`" not in pages} == set()


def test_whatever_ends_after_so_many_tries_is_sent_again_by_its_period_without_naming_reasons() -> None:
    """As the page says of each of them."""
    ends = set(re.findall(r"\bBroken(?:, |\()\"(\w+)\"", _sources("layers/core/tanggap/adapters")))
    assert {"held_by_another_app", "redirected", "unavailable", "unreachable"} <= ends <= OURS
