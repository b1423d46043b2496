"""What asks for next year's days off: the alarm, the dry run and the documentation say the same. And the table of
letters is that of the code."""

from __future__ import annotations

from infra.build.template import ROOT
from tanggap.domain.gauges import calendar_due
from tanggap.domain.letter_form import Language, Letter
from tanggap.domain.letters import LETTERS
from tanggap.domain.letters_to_askers import TO_ASKERS
from tanggap.domain.letters_to_reporters import TO_REPORTERS
from tanggap.domain.policy_hints import DAYS_AHEAD
from tanggap.domain.words import Purpose
from tests.contract.stack import RESOURCES, functions


def test_the_ledger_asks_for_next_years_days_off_as_early_as_the_dry_run_does() -> None:
    assert (calendar_due(DAYS_AHEAD - 1), calendar_due(DAYS_AHEAD)) == (("calendar",), ())
    assert f"{DAYS_AHEAD} days ahead" in (ROOT / "infra" / "policies" / "README.md").read_text()


def test_the_sweep_may_look_at_the_open_cases_of_each_unit() -> None:
    """Recomputing lists them by the desk index, which the sweep itself does not need."""
    assert "EscalateFunction" in functions()
    (policy,) = RESOURCES["EscalateRole"]["Properties"]["Policies"]
    resources = [
        one for row in policy["PolicyDocument"]["Statement"] if row["Sid"] == "AdvanceCases" for one in row["Resource"]
    ]
    assert {"Fn::Sub": "${CasesTable.Arn}/index/desk"} in resources


README = ROOT / "infra" / "policies" / "README.md"


def named(letter: Letter, language: Language) -> str:
    """The placeholders, in bold what the text needs."""
    if not letter.text(language):
        return f"none of ours; {named_all(letter.fields(language), frozenset())}"
    return named_all(letter.fields(language), letter.needed(language))


def named_all(fields: frozenset[str], needed: frozenset[str]) -> str:
    return ", ".join(f"**{name}**" if name in needed else name for name in sorted(fields))


def addressee(purpose: Purpose) -> str:
    return "reporter" if purpose in TO_REPORTERS else "asker" if purpose in TO_ASKERS else "office"


def table() -> str:
    rows = [
        f"| {purpose} | {addressee(purpose)} | "
        f"{'**number**' if letter.needed_in_subject else ''} | {named(letter, 'id')} | {named(letter, 'en')} |"
        for purpose, letter in LETTERS.items()
    ]
    head = ["| letter | to | subject | Indonesian | English |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def test_the_table_of_letters_names_each_with_what_it_may_and_must_hold() -> None:
    _, _, rest = README.read_text().partition("held by tests/contract/test_policies.py -->\n")
    assert rest.partition("<!-- /letters -->")[0].strip() == table()
