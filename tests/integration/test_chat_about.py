"""Public comments, reactions, edits, deletions, and a person under another address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tanggap.application.receive import Result
from tanggap.domain.errors import Retry
from tanggap.domain.inbound import Media, Party, Sort
from tanggap.domain.words import Channel, Outcome, Reason
from tests.support.talking import chat, raw
from tests.support.world import START, World

TG, WA, IG = Channel.TELEGRAM, Channel.WHATSAPP, Channel.INSTAGRAM


@pytest.fixture
def street() -> World:
    """In memory alone: what is told here does not depend on where it is kept."""
    return World()


def say(world: World, text: str, channel: Channel = TG, person: str = "501", **more: Any) -> Result:
    return world.receive(raw(chat(channel, person, text, world.now, **more)))


def letters(world: World, purpose: str) -> int:
    return sum(row.purpose == purpose for row in world.deliveries())


def test_a_comment_is_a_case_marked_public_and_the_talk_keeps_it_for_one_private_reply(world: World) -> None:
    result = say(world, "Jalan di depan pasar rusak parah", IG, "77", sort=Sort.COMMENT, external_id="c1", account="a")
    case = world.cases.case(result.case)
    assert "public" in case.marks
    talk = world.cases.talk(case.reporter, IG)
    assert (talk.comment, talk.comment_at, talk.last_in, talk.account) == ("c1", world.now, None, "a")
    world.later(minutes=3)
    direct = say(world, "ini fotonya", IG, "77", account="a")
    assert direct.case == result.case
    talk = world.cases.talk(case.reporter, IG)
    assert (talk.comment, talk.last_in) == ("c1", world.now)


@pytest.mark.parametrize("text", ["@budi @siti", "😂😂", "halo min"])
def test_a_comment_that_only_shows_the_post_to_somebody_is_an_event(street: World, text: str) -> None:
    result = say(street, text, IG, "77", sort=Sort.COMMENT)
    assert (result.outcome, result.reason, result.case) == (Outcome.STATUS, Reason.EVENT, "")


def test_a_reaction_is_kept_on_its_case_and_moves_nothing(street: World) -> None:
    number = say(street, "Lampu jalan mati", external_id="m1").case
    before = street.cases.case(number)
    street.later(hours=1)
    result = say(street, "👍", sort=Sort.REACTION, about="m1", external_id="m1:r")
    assert (result.outcome, result.reason, result.case) == (Outcome.FILED, Reason.REACTION, number)
    after = street.cases.case(number)
    assert [clock.due_at for clock in after.clocks] == [clock.due_at for clock in before.clocks]
    assert after.status is before.status
    file = street.cases.file(number)
    assert (file.messages[-1].sort, file.messages[-1].about) == (Sort.REACTION, "m1")
    assert file.thread == ("m1",), "we do not answer a face"
    assert letters(street, "new_message") == 0


def test_what_is_about_a_message_waits_for_it_and_not_for_ever(street: World) -> None:
    say(street, "Lampu jalan mati", external_id="m1")
    with pytest.raises(Retry):
        say(street, "👍", sort=Sort.REACTION, about="m2", external_id="m2:r")
    with pytest.raises(Retry):
        say(street, "yang benar", sort=Sort.EDIT, about="m2", external_id="m2:e")
    late = chat(TG, "501", "👍", street.now, sort=Sort.REACTION, about="m2", external_id="m2:r")
    assert street.receive(raw(late, last=True)).outcome is Outcome.STATUS
    street.later(minutes=20)
    old = chat(
        TG, "501", "Tiang miring", street.now - timedelta(minutes=16), sort=Sort.EDIT, about="m9", external_id="e"
    )
    result = street.receive(raw(old))
    assert (result.outcome, result.reason) == (Outcome.FILED, Reason.REPLY), "an edit's words are said all the same"


def test_an_edits_text_is_kept_counts_and_rings_once(world: World) -> None:
    number = say(world, "Pohon di jalan", external_id="m1").case
    assert say(world, "Kebakaran di rumah RT 3, tolong", sort=Sort.EDIT, about="m1", external_id="m1:e").case == number
    file = world.cases.file(number)
    assert [one.text for one in file.messages] == ["Pohon di jalan", "Kebakaran di rumah RT 3, tolong"]
    assert file.case.priority == "urgent"
    world.later(hours=1)
    for text in ("Kebakaran di rumah RT 4", "Kebakaran di RT 5"):
        say(world, text, sort=Sort.EDIT, about="m1", external_id=f"m1:{text}")
    assert letters(world, "new_message") == 1


def test_a_deletion_marks_the_message_and_keeps_its_content(world: World) -> None:
    number = say(world, "Tetangga saya mencuri listrik", external_id="m1").case
    say(world, "di RT 3", external_id="m2")
    result = say(world, "", sort=Sort.DELETION, about="m1", external_id="m1:d")
    assert (result.outcome, result.reason, result.case) == (Outcome.FILED, Reason.WITHDRAWN, number)
    first, second = world.cases.file(number).messages
    assert (first.text, "withdrawn" in first.marks) == ("Tetangga saya mencuri listrik", True)
    assert "withdrawn" not in second.marks
    assert [entry.event for entry in world.cases.file(number).history][-1] == "withdrawn"


def test_nobody_speaks_about_anothers_message(street: World) -> None:
    say(street, "Lampu jalan mati", external_id="m1")
    with pytest.raises(Retry):
        say(street, "", person="502", sort=Sort.DELETION, about="m1", external_id="m1:d")
    street.later(minutes=30)
    past = chat(TG, "502", "", street.now - timedelta(minutes=20), sort=Sort.DELETION, about="m1", external_id="m1:d")
    assert street.receive(raw(past)).reason is Reason.UNMATCHED


def test_a_sticker_says_nothing_and_a_picture_is_a_report(street: World) -> None:
    assert say(street, "", media=(Media("sticker", "s1"),)).reason is Reason.MENU
    result = say(street, "", media=(Media("image", "i1"),), person="502", external_id="p1")
    assert result.reason is Reason.NEW_CASE
    assert street.cases.file(result.case).messages[0].media == (Media("image", "i1"),)


# -- one person, several addresses


def test_a_scoped_id_becomes_known_beside_the_phone_and_leads_to_the_same_talk(world: World) -> None:
    number = say(world, "Lampu mati", WA, "6281234500017").case
    both = Party("whatsapp:6281234500017", "Siti", ("whatsapp:ID.73018",))
    assert say(world, "di RT 3", WA, sender=both).case == number
    assert say(world, "sudah seminggu", WA, "ID.73018").case == number
    reporter = world.cases.case(number).reporter
    identity = world.vault.open(reporter)
    assert identity.also == ("whatsapp:ID.73018",)
    assert identity.on(WA) == "whatsapp:ID.73018"
    assert world.vault.find("0812 3450 0017") == reporter


def test_whoever_stood_at_the_counter_with_this_phone_is_the_same_person(street: World) -> None:
    from tanggap.application.record import Heard
    from tests.support.world import COORDINATOR

    heard = Heard(
        channel=Channel.COUNTER, received_at=street.now, text="Jalan rusak", name="Siti", phone="0812-3450-0017"
    )
    number = street.desk.record(COORDINATOR, heard).case.number
    result = say(street, "Lampu mati", WA, "6281234500017")
    assert street.cases.case(result.case).reporter == street.cases.case(number).reporter
    assert street.vault.open(street.cases.case(number).reporter).on(WA) == "whatsapp:6281234500017"


def test_a_telegram_id_is_no_phone(street: World) -> None:
    first = say(street, "Lampu mati", WA, "6281234500017").case
    other = say(street, "Jalan rusak", TG, "6281234500017").case
    assert street.cases.case(first).reporter != street.cases.case(other).reporter


def test_a_new_number_goes_on_in_the_same_talk(world: World) -> None:
    number = say(world, "Lampu mati", WA, "6281234500017").case
    moved = {"extra": {"new_identity": "whatsapp:6281234500099"}, "doubts": ("number_changed",)}
    result = say(world, "[Nomor WhatsApp pelapor berganti]", WA, "6281234500017", **moved)
    assert (result.outcome, result.case) == (Outcome.FILED, number)
    assert letters(world, "new_message") == 0
    assert say(world, "di RT 3", WA, "6281234500099").case == number
    assert world.vault.open(world.cases.case(number).reporter).on(WA) == "whatsapp:6281234500099"


def test_praise_is_thanked_on_no_clock_and_no_later_complaint_joins_it(street: World) -> None:
    praised = say(street, "Pelayanannya bagus sekali, terima kasih").case
    case = street.cases.case(praised)
    assert (case.kind, case.clocks) == ("praise", ())
    assert letters(street, "praised") == 1
    assert letters(street, "acknowledgement") == 0
    street.later(hours=3)
    other = say(street, "Lampu jalan di RT 3 mati").case
    assert other != praised
    assert street.cases.case(other).clocks


def test_praise_with_a_complaint_behind_it_is_a_complaint_from_its_receipt(world: World) -> None:
    number = say(world, "Pelayanannya bagus sekali").case
    world.later(minutes=4)
    assert say(world, "tapi lampu di RT 3 mati sejak Senin").case == number
    case = world.cases.case(number)
    assert case.kind == "complaint"
    assert case.clocks
    assert all(clock.started_at == START for clock in case.clocks)
    assert (letters(world, "praised"), letters(world, "acknowledgement")) == (1, 1)


@pytest.mark.parametrize("noted", [False, True])
@pytest.mark.parametrize("quotes", ["ours", "theirs", "number"])
def test_a_later_complaint_that_answers_praise_is_a_case_of_its_own_from_when_it_was_written(
    world: World, noted: bool, quotes: str
) -> None:
    from tests.support.world import COORDINATOR

    praised = say(world, "Pelayanannya bagus sekali, terima kasih").case
    world.pump()
    file = world.cases.file(praised)
    if noted:
        world.desk.note(COORDINATOR, praised, "dibaca")
    world.later(days=6)
    quoted = {"ours": (file.letters[-1].external_id,), "theirs": (file.messages[0].external_id,), "number": ()}[quotes]
    text = "Jembatan di RT 5 ambruk" + (f", lihat {praised}" if quotes == "number" else "")
    result = say(world, text, references=quoted)
    case = world.cases.case(result.case)
    assert (result.reason, case.kind, result.case == praised) == (Reason.LINKED_CASE, "complaint", False)
    assert [(link.kind, link.number) for link in case.links] == [("follows", praised)]
    assert case.clocks
    assert all(clock.started_at == world.now for clock in case.clocks)
    assert (world.cases.case(praised).kind, world.cases.case(praised).clocks) == ("praise", ())
    thanked = say(world, "terima kasih banyak", references=(file.letters[-1].external_id,))
    assert thanked.case == praised


def test_praise_that_an_officer_took_up_takes_no_complaint_within_the_window(street: World) -> None:
    from tests.support.world import COORDINATOR

    praised = say(street, "Pelayanannya bagus sekali").case
    street.desk.note(COORDINATOR, praised, "diteruskan")
    street.later(minutes=2)
    assert say(street, "terima kasih banyak").case == praised
    result = say(street, "tapi jembatan di RT 5 ambruk")
    assert (result.reason, result.case == praised) == (Reason.LINKED_CASE, False)
    assert street.cases.case(result.case).clocks


def test_what_an_officer_asked_about_praise_is_answered_on_it(street: World) -> None:
    from tests.support.world import COORDINATOR

    praised = say(street, "Pelayanannya bagus sekali").case
    street.later(hours=1)
    street.desk.verify(COORDINATOR, praised, "incomplete", "Siapa nama petugasnya?")
    street.later(hours=1)
    assert say(street, "Pak Budi di loket tiga").case == praised
    assert letters(street, "new_message") == 1


def test_praise_that_is_edited_into_a_complaint_later_is_a_case_of_its_own(street: World) -> None:
    praised = say(street, "Pelayanannya bagus sekali").case
    first = street.cases.file(praised).messages[0].external_id
    street.later(hours=5)
    edit = {"sort": Sort.EDIT, "about": first}
    assert say(street, "Pelayanannya bagus sekali!", **edit).case == praised
    other = say(street, "Jembatan di RT 5 ambruk", **edit).case
    assert other != praised
    assert all(clock.started_at == street.now for clock in street.cases.case(other).clocks)
    assert street.cases.case(praised).kind == "praise"
    street.later(minutes=1)
    assert say(street, "Jembatan di RT 5 ambruk semalam", **edit).case == other


def test_an_officer_can_say_that_praise_is_none(street: World) -> None:
    from tanggap.domain.officers import Correction
    from tanggap.domain.words import Kind
    from tests.support.world import COORDINATOR

    number = say(street, "Pelayanannya bagus sekali").case
    street.desk.correct(COORDINATOR, number, Correction(kind=Kind.COMPLAINT))
    assert street.cases.case(number).clocks
    say(street, "terima kasih banyak")
    assert street.cases.case(number).kind == "complaint"


def test_an_edit_of_a_comment_that_was_never_seen_is_a_comment(world: World) -> None:
    public = {"extra": {"public": "1"}, "sort": Sort.EDIT, "about": "c1", "external_id": "c1:edit:2", "account": "a"}
    edit = chat(IG, "77", "Jalan di depan pasar rusak parah", world.now, **public)
    case = world.cases.case(world.receive(raw(edit, last=True)).case)
    assert "public" in case.marks
    assert [one.sort for one in world.cases.file(case.number).messages] == [Sort.COMMENT]
    talk = world.cases.talk(case.reporter, IG)
    assert (talk.comment, talk.comment_at, talk.last_in) == ("c1", world.now, None), "it opens no window of a day"
    world.pump()
    (row,) = (row for row in world.deliveries() if row.purpose == "acknowledgement")
    assert row.how == "private"


def test_an_edit_of_a_direct_message_that_was_never_seen_is_one(street: World) -> None:
    edit = chat(IG, "77", "Jalan rusak parah", street.now, sort=Sort.EDIT, about="m1", external_id="m1:e")
    case = street.cases.case(street.receive(raw(edit, last=True)).case)
    assert "public" not in case.marks
    assert street.cases.talk(case.reporter, IG).last_in == street.now


MOVED = {"doubts": ("number_changed",), "text": "[Nomor WhatsApp pelapor berganti]"}


def moved(world: World, old: str, new: str = "", scoped: str = "") -> Result:
    names = {"new_identity": f"whatsapp:{new}" if new else "", "new_scoped": f"whatsapp:{scoped}" if scoped else ""}
    given = {name: value for name, value in names.items() if value}
    party = Party(f"whatsapp:{old}", "Siti", tuple(given.values()))
    return world.receive(raw(chat(WA, old, at=world.now, sender=party, extra=given, **MOVED)))


@pytest.mark.parametrize(("new", "scoped"), [("6281234500099", ""), ("", "ID.900"), ("", "")])
def test_a_new_identity_rings_nobody_and_is_acknowledged_to_nobody(world: World, new: str, scoped: str) -> None:
    number = say(world, "Lampu mati", WA, "6281234500017").case
    world.later(hours=2)
    before, rung = world.cases.case(number), len(world.deliveries())
    assert moved(world, "6281234500017", new, scoped).case == number
    after = world.cases.case(number)
    assert (len(world.deliveries()), after.heard, after.subject) == (rung, before.heard, before.subject)
    assert world.cases.file(number).messages[-1].automatic, "nobody wrote it"
    if now := new or scoped:
        assert say(world, "di RT 3", WA, now).case == number


def test_a_new_identity_of_whom_no_case_is_open_is_an_event_and_links_the_two(street: World) -> None:
    assert moved(street, "6281234500017", "6281234500099").reason is Reason.EVENT
    assert street.vault.find("whatsapp:6281234500099") is None, "nobody of ours"
    street.later(minutes=1)
    assert say(street, "halo", WA, "6281234500017").reason is Reason.MENU
    letters_before = len(street.deliveries())
    result = moved(street, "6281234500017", "", "ID.900")
    assert (result.outcome, result.reason, result.case) == (Outcome.STATUS, Reason.EVENT, "")
    assert len(street.deliveries()) == letters_before
    assert street.vault.find("whatsapp:ID.900") == street.vault.find("whatsapp:6281234500017")


def test_a_flood_is_not_read_through_for_each_of_its_messages_and_danger_in_it_is(street: World) -> None:
    number = say(street, "Pohon miring di RT 3").case
    rules = street.policies.current().intake
    for nth in range(rules.notices_per_hour):
        say(street, f"pohon itu makin miring, lihat foto nomor {nth}")
    read: list[str] = []
    real = street.cases.file
    street.cases.file = lambda number, texts=True: (read.append(number), real(number, texts))[1]
    assert say(street, "pohonnya di depan rumah Pak RT").case == number
    assert read == []
    say(street, "rumahnya kebakaran, api besar sekali, tolong")
    street.cases.file = real
    assert street.cases.case(number).priority == "urgent"
