"""By which way a letter reaches a citizen: each channel's row of the table, and what a policy changes."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanggap.domain import chat_letters, policy_checks
from tanggap.domain.errors import Invalid
from tanggap.domain.letter_form import names
from tanggap.domain.letters import LETTERS
from tanggap.domain.letters_to_reporters import TO_REPORTERS
from tanggap.domain.policy import read_policy
from tanggap.domain.policy_channels import ChannelRules
from tanggap.domain.talks import ASKED_FOR, Talk, commented, heard, let_in, shut
from tanggap.domain.ways import (
    BLOCKED,
    IN_SOMEBODYS_WORDS,
    REFUSED,
    WINDOW_CLOSED,
    How,
    Standing,
    Way,
    charged,
    in_somebodys_words,
    needs_nobody,
    ordered,
    refused,
    spent,
)
from tanggap.domain.words import CHAT, FORMS, HEARD, Channel, Confidentiality, Purpose
from tests.support.world import DOMAIN, POLICY

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
META = (Channel.MESSENGER, Channel.INSTAGRAM)
TEMPLATES = {"whatsapp": {"templates": {"*": {"name": "kabar_laporan"}}}}
TAGGED = {channel.value: {"human_agent": True} for channel in META}


def rules(channels: dict[str, Any] | None = None) -> ChannelRules:
    return read_policy({**copy.deepcopy(POLICY), "channels": channels or {}}, 1).channels


@pytest.mark.parametrize("confidentiality", [Confidentiality.ANONYMOUS, Confidentiality.SECRET])
@pytest.mark.parametrize("home", sorted({*CHAT, *HEARD, Channel.WEB, Channel.OPEN311, Channel.EMAIL}))
def test_what_is_not_open_goes_by_no_chat_but_its_own(home: Channel, confidentiality: Confidentiality) -> None:
    talks = [talk(channel) for channel in CHAT]
    known = frozenset({*CHAT, Channel.EMAIL})
    taken = {one.channel for one in ordered(standing(home, *talks, known=known, confidentiality=confidentiality))}
    assert taken == ({home} if home in CHAT else {Channel.EMAIL} | ({home} & FORMS))


def talk(channel: Channel, hours_ago: float | None = 1, **more: Any) -> Talk:
    heard = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    return Talk(reporter="r", channel=channel, last_in=heard, **more)


def standing(
    home: Channel, *talks: Talk, known: frozenset[Channel] | None = None, written: bool = True, **more: Any
) -> Standing:
    values: dict[str, Any] = {
        "purpose": Purpose.REPLY if written else Purpose.CLOSING,
        "confidentiality": Confidentiality.OPEN,
        "rules": rules(),
        "now": NOW,
    }
    return Standing(
        home=home,
        written=written,
        known=frozenset({home}) if known is None else known,
        talks={one.channel: one for one in talks},
        **(values | more),
    )


def first(asked: Standing) -> tuple[How, Channel, str]:
    way = ordered(asked)[0]
    return way.how, way.channel, way.why


def hows(asked: Standing) -> list[How]:
    return [way.how for way in ordered(asked)]


# -- what was refused before


@pytest.mark.parametrize(
    ("kept", "open_ways", "why"),
    [
        ("messenger blocked", [How.TRACKING], BLOCKED),
        ("messenger/message window_closed", [How.HUMAN, How.TRACKING], WINDOW_CLOSED),
        ("messenger/human window_closed", [How.MESSAGE, How.TRACKING], WINDOW_CLOSED),
    ],
)
def test_a_way_that_was_refused_for_an_earlier_letter_is_not_offered(kept: str, open_ways: list[How], why: str) -> None:
    shut_there = standing(Channel.MESSENGER, talk(Channel.MESSENGER, refused=(kept,)), rules=rules(TAGGED))
    assert hows(shut_there) == open_ways
    assert ordered(shut_there)[-1].why == why
    elsewhere = talk(Channel.TELEGRAM, refused=(kept,))
    assert hows(standing(Channel.MESSENGER, talk(Channel.MESSENGER), elsewhere))[0] is How.MESSAGE


def test_a_direct_message_opens_what_was_shut_and_a_comment_its_own_private_reply() -> None:
    private, free = "instagram/private window_closed", "instagram/message window_closed"
    was = shut(talk(Channel.INSTAGRAM, 30), (free, private), NOW, NOW)
    assert shut(was, (free,), NOW, NOW) is was
    assert heard(was, NOW - timedelta(seconds=1), "").refused == (free, private)
    assert heard(was, NOW, "").refused == (private,)
    assert commented(was, NOW, "", "c-2").refused == (free,)
    assert (let_in(was, NOW).refused, let_in(was, NOW).version) == ((private,), was.version)


# -- windows


@pytest.mark.parametrize("channel", sorted(CHAT - {Channel.TELEGRAM}))
@pytest.mark.parametrize("written", [True, False])
def test_inside_a_day_of_their_last_message_a_free_one_goes_and_says_until_when(
    channel: Channel, written: bool
) -> None:
    (way, *_) = ordered(standing(channel, talk(channel, 23.9), written=written))
    assert (way.how, way.channel, way.why) == (How.MESSAGE, channel, "open")
    assert way.until == NOW + timedelta(hours=0.1)


@pytest.mark.parametrize("channel", sorted(CHAT - {Channel.TELEGRAM}))
def test_a_day_after_their_last_message_no_free_one_goes(channel: Channel) -> None:
    for nothing in (talk(channel, 24), talk(channel, None)):
        assert hows(standing(channel, nothing)) == [How.TRACKING]
    assert hows(standing(channel)) == [How.TRACKING]


@pytest.mark.parametrize("told", [(), (talk(Channel.TELEGRAM, 24 * 400),)], ids=["no talk", "a year ago"])
def test_telegram_has_no_window(told: tuple[Talk, ...]) -> None:
    (way, *_) = ordered(standing(Channel.TELEGRAM, *told))
    assert (way.how, way.until, way.costs) == (How.MESSAGE, None, "")


def test_outside_its_window_whatsapp_takes_an_approved_template_which_costs() -> None:
    asked = standing(Channel.WHATSAPP, talk(Channel.WHATSAPP, 25), rules=rules(TEMPLATES), written=False)
    (way, last) = ordered(asked)
    assert way == Way(How.TEMPLATE, Channel.WHATSAPP, WINDOW_CLOSED, None, "template")
    assert last.how is How.TRACKING
    (free, *_) = ordered(standing(Channel.WHATSAPP, talk(Channel.WHATSAPP), rules=rules(TEMPLATES)))
    assert (free.how, free.costs) == (How.MESSAGE, "service")


def test_a_template_is_of_its_letter_or_of_all() -> None:
    only = rules({"whatsapp": {"templates": {"answer": {"name": "jawaban", "language": "id"}}}})
    for purpose, how in ((Purpose.ANSWER, How.TEMPLATE), (Purpose.CLOSING, How.TRACKING)):
        assert hows(standing(Channel.WHATSAPP, rules=only, purpose=purpose))[0] is how


@pytest.mark.parametrize("channel", META)
def test_the_tag_is_for_what_a_human_wrote_within_seven_days_and_where_the_agency_may(channel: Channel) -> None:
    late, tagged = talk(channel, 24 * 7 - 1), rules(TAGGED)
    (way, *_) = ordered(standing(channel, late, rules=tagged))
    assert (way.how, way.until) == (How.HUMAN, NOW + timedelta(hours=1))
    for without in (
        standing(channel, late, rules=tagged, written=False),
        standing(channel, late),
        standing(channel, talk(channel, 24 * 7), rules=tagged),
    ):
        assert hows(without) == [How.TRACKING]


@pytest.mark.parametrize(
    ("purpose", "automatic", "somebodys"),
    [(Purpose.ANSWER, False, True), (Purpose.ANSWER, True, False), (Purpose.DISPOSITION, False, False)],
)
def test_a_letter_that_an_officer_set_off_is_a_machines_unless_they_wrote_it(
    purpose: Purpose, automatic: bool, somebodys: bool
) -> None:
    assert in_somebodys_words(purpose, automatic) is somebodys
    assert set(TO_REPORTERS) >= IN_SOMEBODYS_WORDS


# -- public comments


@pytest.mark.parametrize("channel", META)
def test_a_comment_has_one_private_reply_within_seven_days(channel: Channel) -> None:
    made = talk(channel, None, comment="c1", comment_at=NOW - timedelta(days=6))
    (way, *_) = ordered(standing(channel, made, written=False))
    assert (way.how, way.why, way.until) == (How.PRIVATE, "comment", NOW + timedelta(days=1))
    for gone in (
        talk(channel, None, comment="", comment_at=NOW),
        talk(channel, None, comment="c1", comment_at=NOW - timedelta(days=7)),
    ):
        assert hows(standing(channel, gone)) == [How.TRACKING]


def test_who_talks_to_us_directly_is_answered_there_and_the_private_reply_is_kept() -> None:
    both = talk(Channel.INSTAGRAM, 1, comment="c1", comment_at=NOW)
    assert hows(standing(Channel.INSTAGRAM, both))[:2] == [How.MESSAGE, How.PRIVATE]


# -- mail and the page


@pytest.mark.parametrize("channel", sorted(CHAT - {Channel.TELEGRAM}))
def test_a_closed_chat_goes_by_mail_where_an_address_is_known_else_to_the_page(channel: Channel) -> None:
    asked = standing(channel, talk(channel, 30), known=frozenset({channel, Channel.EMAIL}))
    assert [(way.how, way.why) for way in ordered(asked)] == [(How.MAIL, WINDOW_CLOSED), (How.TRACKING, WINDOW_CLOSED)]


def test_a_policy_sends_some_letters_by_mail_first() -> None:
    first_by_mail = rules({"whatsapp": {"mail_first": ["closing"]}})
    known = frozenset({Channel.WHATSAPP, Channel.EMAIL})
    asked = standing(Channel.WHATSAPP, talk(Channel.WHATSAPP), known=known, written=False, rules=first_by_mail)
    assert hows(asked) == [How.MAIL, How.MESSAGE, How.TRACKING]
    answer = standing(Channel.WHATSAPP, talk(Channel.WHATSAPP), known=known, rules=first_by_mail)
    assert hows(answer) == [How.MESSAGE, How.MAIL, How.TRACKING]
    unknown = standing(Channel.WHATSAPP, talk(Channel.WHATSAPP), written=False, rules=first_by_mail)
    assert hows(unknown) == [How.MESSAGE, How.TRACKING]


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.OPEN311])
def test_a_form_is_answered_by_mail_if_an_address_was_left_else_on_its_page_alone(channel: Channel) -> None:
    chatty = frozenset({Channel.WHATSAPP})
    assert hows(standing(channel, talk(Channel.WHATSAPP), known=chatty)) == [How.TRACKING]
    assert hows(standing(channel, known=frozenset({Channel.EMAIL}))) == [How.MAIL, How.TRACKING]


@pytest.mark.parametrize("channel", [Channel.EMAIL, *sorted(HEARD)])
def test_mail_and_what_was_heard_go_by_mail_then_by_a_chat_that_is_known_and_never_to_a_page(channel: Channel) -> None:
    known = frozenset({Channel.EMAIL, Channel.WHATSAPP})
    assert hows(standing(channel, talk(Channel.WHATSAPP), known=known)) == [How.MAIL, How.MESSAGE]
    assert ordered(standing(channel, known=frozenset())) == ()


# -- who wants quiet, who blocked us


def test_who_asked_for_quiet_gets_no_letter_of_a_machine_there_but_an_officers_and_what_they_ask_for() -> None:
    quiet = talk(Channel.TELEGRAM, 1, stopped_at=NOW)
    machine = standing(Channel.TELEGRAM, quiet, written=False)
    assert [(way.how, way.why) for way in ordered(machine)] == [(How.TRACKING, "stopped")]
    assert hows(standing(Channel.TELEGRAM, quiet))[0] is How.MESSAGE
    for purpose in ASKED_FOR:
        assert hows(standing(Channel.TELEGRAM, quiet, written=False, purpose=purpose))[0] is How.MESSAGE


def test_a_way_that_was_refused_is_not_tried_again_and_who_blocked_us_is_left_alone_there() -> None:
    known, open_talk = frozenset({Channel.WHATSAPP, Channel.EMAIL}), talk(Channel.WHATSAPP)
    asked = standing(Channel.WHATSAPP, open_talk, known=known, rules=rules(TEMPLATES))
    (message, template, mail, page) = ordered(asked)
    assert [way.how for way in (message, template, mail, page)] == [How.MESSAGE, How.TEMPLATE, How.MAIL, How.TRACKING]
    closed = standing(
        Channel.WHATSAPP,
        open_talk,
        known=known,
        rules=rules(TEMPLATES),
        tried=(refused(message, WINDOW_CLOSED), refused(template, REFUSED)),
    )
    assert hows(closed) == [How.MAIL, How.TRACKING]
    left = standing(Channel.WHATSAPP, open_talk, rules=rules(TEMPLATES), tried=(refused(message, BLOCKED),))
    assert [(way.how, way.why) for way in ordered(left)] == [(How.TRACKING, BLOCKED)]


def test_what_is_said_about_no_case_has_no_page() -> None:
    assert ordered(standing(Channel.WHATSAPP, of_case=False)) == ()


def test_only_a_machines_word_may_stand_on_the_page_without_calling_anybody() -> None:
    assert needs_nobody(Purpose.CLOSING, True, WINDOW_CLOSED)
    assert needs_nobody(Purpose.ACKNOWLEDGEMENT, True, "stopped")
    for purpose, automatic, why in (
        (Purpose.ANSWER, False, WINDOW_CLOSED),
        (Purpose.ACKNOWLEDGEMENT, True, WINDOW_CLOSED),
        (Purpose.CLOSING, True, BLOCKED),
    ):
        assert not needs_nobody(purpose, automatic, why)


def test_what_costs_is_counted_by_platform_and_kind() -> None:
    service, free = Way(How.MESSAGE, Channel.WHATSAPP, "", None, "service"), Way(How.MESSAGE, Channel.TELEGRAM, "")
    template = Way(How.TEMPLATE, Channel.WHATSAPP, "", None, "template")
    so_far = ""
    for way in (service, free, template, service):
        so_far = charged(so_far, way)
    assert spent(so_far) == {"whatsapp/service": 2, "whatsapp/template": 1}
    assert spent("") == {}


# -- the policy


@pytest.mark.parametrize(
    ("channels", "place"),
    [
        ({"email": {}}, "channels.email"),
        ({"whatsapp": []}, "channels.whatsapp"),
        ({"whatsapp": {"human_agent": True}}, "channels.whatsapp.human_agent"),
        ({"telegram": {"templates": {}}}, "channels.telegram.templates"),
        ({"instagram": {"human_agent": "yes"}}, "channels.instagram.human_agent"),
        ({"whatsapp": {"templates": {"escalation": {"name": "x"}}}}, "channels.whatsapp.templates.escalation"),
        ({"whatsapp": {"templates": {"*": {"name": "Big Name"}}}}, "channels.whatsapp.templates.*.name"),
        ({"whatsapp": {"templates": {"*": {"language": "id"}}}}, "channels.whatsapp.templates.*.name"),
        (
            {"whatsapp": {"templates": {"*": {"name": "x", "language": "indonesia"}}}},
            "channels.whatsapp.templates.*.language",
        ),
        ({"whatsapp": {"templates": {"*": {"name": "x", "x": 1}}}}, "channels.whatsapp.templates.*.x"),
        ({"whatsapp": {"templates": {"*": "x"}}}, "channels.whatsapp.templates.*"),
        ({"whatsapp": {"mail_first": "*"}}, "channels.whatsapp.mail_first"),
        ({"whatsapp": {"mail_first": ["nothing"]}}, "channels.whatsapp.mail_first"),
    ],
)
def test_each_fault_of_a_channel_is_told_by_its_place(channels: Any, place: str) -> None:
    with pytest.raises(Invalid) as told:
        rules(channels)
    assert [fault["place"] for fault in told.value.faults] == [place]


def test_what_may_be_said_of_channels_is_taken() -> None:
    every = {
        "whatsapp": {
            "mail_first": ["*"],
            "templates": {"*": {"name": "kabar"}, "answer": {"name": "a", "language": "en_US"}},
        },
        **TAGGED,
        "telegram": {"mail_first": ["closing"]},
    }
    assert policy_checks.faults_in({**copy.deepcopy(POLICY), "channels": every}, DOMAIN) == []
    assert rules(every).of(Channel.MESSENGER).human_agent


# -- the short letters


@pytest.mark.parametrize("purpose", list(TO_REPORTERS))
def test_each_letter_to_a_reporter_has_a_short_form_of_the_same_facts(purpose: Purpose) -> None:
    short, long = chat_letters.CHAT_LETTERS[purpose], LETTERS[purpose]
    assert names(short.id, short.en) <= names(long.id, long.en) | {"number", "status"}
    assert short.needed("id") >= long.needed("id") - {"assurance"}, "what was said, and until when"
    said = dict.fromkeys(names(short.id, short.en), "x")
    for facts in (said, {**said, "next_step": ""}):
        text = chat_letters.core(purpose, facts)
        assert "$" not in text
        assert len(text) < chat_letters.FITS
        assert not any(word in text.lower() for word in ("surel", "e-mail", "bapak/ibu"))
    for language in ("id", "en"):
        without = short.without_date("id" if language == "id" else "en")
        assert "next_step" not in names(without), "without a date it has other words"


def test_english_follows_where_the_policy_has_it_and_both_fit() -> None:
    facts = {"text": "Sudah diperbaiki.", "next_step": "Senin", "next_step_en": "Monday"}
    assert "reply by Monday" in chat_letters.core(Purpose.ANSWER, facts)
    assert "reply by" not in chat_letters.core(Purpose.ANSWER, facts, ("id",))
    assert "reply by" not in chat_letters.core(Purpose.ANSWER, {**facts, "text": "x" * 600})


def test_what_somebody_wrote_is_no_placeholder_and_keeps_its_lines() -> None:
    said = "Biaya $number:\n\n$notes\n\n\nsekian"
    assert said in chat_letters.core(Purpose.REPLY, {"text": said, "number": "TGP-1", "notes": ""})
