"""An agency's own letters: what a policy may say in them, and what becomes of them."""

from __future__ import annotations

import copy
from dataclasses import replace
from string import Template
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.domain import policy_checks, policy_letters
from tanggap.domain.errors import Invalid
from tanggap.domain.letter_form import ESSENTIAL, LANGUAGES, Language, Wording, names
from tanggap.domain.letter_frame import END_MARK, MARKER
from tanggap.domain.letters import ASSURANCE, LETTERS, SUBJECT_LIMIT, render
from tanggap.domain.letters_to_reporters import TO_REPORTERS
from tanggap.domain.policy import Policy, read_policy
from tanggap.domain.words import Purpose
from tests.support.world import DOMAIN, POLICY

#: Of the letter that tells what was answered.
SUBJECT, TEXT = "[$number] Jawaban", "$text\n\nSampai $next_step.\n$assurance"
ENGLISH = "Our answer to $number: reply by $next_step."


def raw(letters: Any = None, **parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(POLICY), **({} if letters is None else {"letters": letters}), **parts}


def policy(letters: Any = None, **parts: Any) -> Policy:
    return read_policy(raw(letters, **parts), 1)


def faults(letters: Any = None, **parts: Any) -> dict[str, str]:
    """By place, of reading and of saving together."""
    given = raw(letters, **parts)
    found = {fault["place"]: fault["message"] for fault in policy_checks.faults_in(given, DOMAIN)}
    try:
        read_policy(given, 1)
    except Invalid as error:
        found |= {fault["place"]: fault["message"] for fault in error.faults}
    return found


def facts(**more: str) -> dict[str, str]:
    every = names(*(text for letter in LETTERS.values() for text in (letter.subject, letter.id, letter.en)))
    return {name: f"<{name}>" for name in (*every, "kind", "status", "unit")} | more


def own(**languages: Any) -> dict[str, Any]:
    return {"answer": languages}


# -- our own


@pytest.mark.parametrize("purpose", list(Purpose))
def test_our_own_letters_keep_the_rules_that_an_agencys_must(purpose: Purpose) -> None:
    letter = LETTERS[purpose]
    both = {"id": {"subject": letter.subject, "text": letter.id}}
    assert not faults({purpose.value: both | ({"en": {"text": letter.en}} if letter.en else {})})


@pytest.mark.parametrize("purpose", list(LETTERS))
def test_a_letter_leaves_no_placeholder_open(purpose: Purpose) -> None:
    named = names(LETTERS[purpose].subject, LETTERS[purpose].id, LETTERS[purpose].en) - {"assurance"}
    for part in render(purpose, None, dict.fromkeys(named, "x")):
        assert "$" not in part


@pytest.mark.parametrize("purpose", list(TO_REPORTERS))
def test_every_letter_to_a_reporter_says_that_it_is_free_and_confidential(purpose: Purpose) -> None:
    assert "assurance" in LETTERS[purpose].needed("id")
    assert ASSURANCE["id"] in render(purpose, None, facts())[1]


def test_a_policy_without_letters_changes_nothing() -> None:
    said = facts()
    for purpose in LETTERS:
        assert policy().letter(purpose, said) == policy({}).letter(purpose, said) == render(purpose, None, said)


# -- by language


def test_an_agency_replaces_one_language_and_keeps_the_other() -> None:
    found = policy(own(id={"subject": SUBJECT, "text": TEXT})).letter(Purpose.ANSWER, facts(number="TGP-1"))
    assert found[0] == "[TGP-1] Jawaban"
    indonesian, english = found[1].split("\n\n---\n")
    assert indonesian == f"<text>\n\nSampai <next_step>.\n{ASSURANCE['id']}"
    assert english == render(Purpose.ANSWER, None, facts(number="TGP-1"))[1].split("\n\n---\n")[1]


def test_the_same_placeholder_is_said_in_the_language_of_its_part() -> None:
    letters = own(id={"text": "$status: " + TEXT}, en={"subject": "Answer ($kind)", "text": f"$status: {ENGLISH}"})
    said = facts(number="TGP-1", status_en="answered", kind_en="complaint", next_step_en="23 November 2026")
    assert not faults(letters)
    subject, text = policy(letters).letter(Purpose.ANSWER, said)
    assert subject == "[TGP-1] Tanggapan atas laporan Anda / Answer (complaint)"
    assert text.startswith("<status>: ")
    assert text.endswith("---\nanswered: Our answer to TGP-1: reply by 23 November 2026.\n")


@pytest.mark.parametrize(
    ("languages", "english"), [(["id", "en"], True), (["id"], False), (None, True)], ids=["both", "one", "default"]
)
def test_only_the_languages_of_the_policy_are_sent(languages: list[str] | None, english: bool) -> None:
    letters = own(en={"subject": "Answer", "text": ENGLISH})
    found = policy(letters, **({"languages": languages} if languages else {}))
    for purpose in LETTERS:
        assert ("\n---\n" in found.letter(purpose, facts())[1]) == (english and bool(LETTERS[purpose].en))
    assert ("Answer" in found.letter(Purpose.ANSWER, facts())[0]) == english


@pytest.mark.parametrize("languages", [["en"], ["en", "id"], [], "id", ["id", "jv"], ["id", "id"], None, {"id": 1}])
def test_indonesian_stands_first_and_there_are_two_languages(languages: Any) -> None:
    assert list(faults(languages=languages)) == ["languages"]


def test_a_letter_may_have_no_english_part() -> None:
    letters = own(en=None)
    assert not faults(letters)
    assert "---" not in policy(letters).letter(Purpose.ANSWER, facts())[1]


def test_a_letter_of_the_earlier_form_says_all_in_one_text() -> None:
    letters = own(subject=SUBJECT, text=TEXT)
    assert not faults(letters)
    assert policy(letters).letters == {"answer": Wording(SUBJECT, TEXT, "")}
    assert policy(own(subject=SUBJECT)).letters == {"answer": Wording(SUBJECT)}
    stored = own(text="Tanpa jaminan $received_en")
    assert policy(stored).letter(Purpose.ANSWER, facts(received_en="today"))[1] == "Tanpa jaminan today\n"
    assert list(faults(own(text=TEXT, id={"text": TEXT}))) == ["letters.answer"]


# -- what is refused


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        ("Tanggapan", "must hold $number"),
        ("[$number]\nBcc: x@y.example", "one line"),
        ("[$number]\r\n\r\nBcc: x@y.example", "one line"),
        ("[$number] a\u2028b", "one line"),
        ("[$number] \u202etxet", "one line"),
        ("[$number] $text", "which is of any length"),
        ("[$number] $files", "nobody fills"),
        ("[$number] " + "x" * 150, "1 to 150"),
        (" ", "1 to 150"),
        ("[$number] {0.__class__} $number.__class__ ${number.__class__}", "$ that names nothing"),
        ("[${number}] $NUMBER", "names $NUMBER"),
        ("[$number] Rp$5", "$ that names nothing"),
    ],
)
def test_a_subject_that_cannot_be_sent_is_refused(subject: str, why: str) -> None:
    for letters, place in (
        (own(id={"subject": subject}), "letters.answer.id.subject"),
        (own(subject=subject), "letters.answer.subject"),
    ):
        found = [
            message
            for at, message in policy_letters.faults(raw(letters))
            if at == place  # some have several
        ]
        assert any(why in message for message in found), found
        assert set(faults(letters)) == {place}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Selesai, $next_step. $assurance", "must hold $text"),
        ("$text $assurance", "must hold $next_step"),
        ("$text $next_step", "free of charge"),
        (f"{TEXT} $nama", "names $nama, which nobody fills; there are: agency, assurance"),
        (f"{TEXT} $headline", "nobody fills"),
        (f"{TEXT} Rp$5", "$ that names nothing"),
        (f"{TEXT} ${{", "$ that names nothing"),
        (f"{TEXT} ${{text}}", "once at most"),
        (TEXT + " $agency" * 40, "at most 40"),
        (TEXT + "x" * 20_000, "1 to 20000"),
        ("", "1 to 20000"),
        (f"{TEXT}\x00", "U+0000"),
        (f"{TEXT}\u202e", "U+202E"),
        (f"{TEXT}\r\nBcc: x", "U+000D"),
        (f"{MARKER}\n{TEXT}", "replies are cut"),
        (f"{TEXT}\n{END_MARK.upper()}", "replies are cut"),
    ],
)
def test_a_text_that_would_lose_its_point_or_grow_without_end_is_refused(text: str, why: str) -> None:
    for letters, place in ((own(id={"text": text}), "letters.answer.id.text"), (own(text=text), "letters.answer.text")):
        assert any(why in message for _, message in policy_letters.faults(raw(letters)))
        assert set(faults(letters)) == {place}


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ({"text": "Our answer."}, "text"),
        ({"text": f"{ENGLISH} $text"}, "text"),
        ({"text": f"{ENGLISH} $next_step_en"}, "text"),
        ({"text": ""}, "text"),
        ({"subject": "x" * 81}, "subject"),
        ({"subject": "Answer\nBcc: x"}, "subject"),
        ({"subject": "$text"}, "subject"),
        ({"body": "x"}, "body"),
    ],
)
def test_the_english_part_has_rules_of_its_own(part: dict[str, str], place: str) -> None:
    assert set(faults(own(en=part))) == {f"letters.answer.en.{place}"}


@pytest.mark.parametrize(
    ("letters", "place"),
    [
        ([], "letters"),
        ({"spam": {}}, "letters.spam"),
        ({"addition": {"text": "x"}}, "letters.addition"),
        ({"answer-gentle": {}}, "letters.answer-gentle"),
        ({"escalation-": {}}, "letters.escalation-"),
        ({"escalation-Halus": {}}, "letters.escalation-Halus"),
        ({"answer": "x"}, "letters.answer"),
        ({"answer": {"text": 5}}, "letters.answer"),
        ({"answer": {"body": "x"}}, "letters.answer.body"),
        ({"answer": {"id": "x"}}, "letters.answer.id"),
        ({"answer": {"id": None}}, "letters.answer.id"),
        ({"answer": {"id": {"text": 5}}}, "letters.answer.id"),
        ({"answer": {"en": []}}, "letters.answer.en"),
        ({"answer": {"jv": {"text": "x"}}}, "letters.answer"),
    ],
)
def test_what_is_no_letter_is_told_by_its_place(letters: Any, place: str) -> None:
    assert place in faults(letters)


def test_a_letter_about_several_cases_names_no_number() -> None:
    digest = {"escalation_digest": {"id": {"subject": "$count laporan", "text": "$text"}}}
    assert not faults(digest)
    assert "nobody fills" in faults({"digest": {"id": {"text": "$text $number"}}})["letters.digest.id.text"]


# -- what fills them


def test_what_people_wrote_is_never_read_as_a_placeholder() -> None:
    said = facts(text="$number $$ ${agency} {0}", number="TGP-1")
    found = render(Purpose.ANSWER, Wording(SUBJECT, "Yth.\n${text}\nBiaya Rp$$0", ""), said)
    assert found == ("[TGP-1] Jawaban", "Yth.\n$number $$ ${agency} {0}\nBiaya Rp$0\n")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.sampled_from(list(LETTERS)))
def test_nothing_that_fills_a_subject_begins_another_header(said: str, purpose: Purpose) -> None:
    subject, _ = render(purpose, None, dict.fromkeys(facts(), said))
    assert subject.isprintable()
    assert len(subject) <= SUBJECT_LIMIT


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="$${}textnumb_ \n", max_size=60), st.sampled_from(LANGUAGES))
def test_any_letter_is_accepted_or_refused_and_an_accepted_one_is_rendered(text: str, language: Language) -> None:
    start = TEXT if language == "id" else ENGLISH
    letters = own(**{language: {"text": f"{start} {text}"}})
    if not faults(letters):
        assert Template(text).is_valid()
        rendered = policy(letters).letter(Purpose.ANSWER, facts())[1]
        assert "<next_step>" in rendered and len(rendered) < 2000


# -- letters of the ladder


GENTLE = {"id": {"subject": "[$number] Mohon perhatian", "text": "Mohon ditindaklanjuti:\n$text"}, "en": None}
STEPS = [
    {"id": "remind", "fraction": 0.5, "audience": "desk", "template": "escalation-halus"},
    {"id": "breach", "fraction": 1, "audience": "unit_head"},
    {"id": "proof", "working_days_after": 1, "audience": "leadership", "template": "handover"},
]


def test_a_step_names_a_letter_of_the_ladder_that_there_is() -> None:
    letters = {"escalation-halus": GENTLE}
    assert not faults(letters, ladder=STEPS)
    steps = policy(letters, ladder=STEPS).promises["resolve"].ladder
    assert [step.template for step in steps] == ["escalation-halus", "", "handover"]
    assert "escalation, handover" in faults(ladder=STEPS)["ladder[0].template"]


@pytest.mark.parametrize("template", ["answer", "escalation-keras", "escalation_digest", "", 5, ["escalation"]])
def test_a_step_by_a_letter_that_there_is_not_is_refused(template: Any) -> None:
    steps = [{**STEPS[0], "template": template}, STEPS[1]]
    found = faults({"escalation-halus": GENTLE}, ladder=steps, clocks={"verify": {"ladder": steps}})
    assert set(found) == {"ladder[0].template", "clocks.verify.ladder[0].template"}
    assert found["ladder[0].template"] == "must be one of escalation, handover, escalation-halus"


def test_a_steps_letter_keeps_the_rules_of_the_one_that_it_stands_for() -> None:
    assert set(faults({"handover-bupati": {"id": {"text": "Terlampir."}}})) == {"letters.handover-bupati.id.text"}


def test_a_letter_that_is_there_no_more_falls_back_on_the_agencys_own_and_then_on_ours() -> None:
    of = policy({"escalation": GENTLE})
    assert of.letter(Purpose.ESCALATION, facts(), "escalation-gone")[0].endswith("Mohon perhatian")
    ours = replace(of, letters={})
    assert ours.letter(Purpose.ESCALATION, facts(), "escalation-gone") == render(Purpose.ESCALATION, None, facts())


def test_what_is_essential_is_named_by_some_letter() -> None:
    assert {name for letter in LETTERS.values() for name in letter.needed("id")} == ESSENTIAL
