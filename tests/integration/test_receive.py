"""What becomes of a message: who and whether, which case, and one outcome in the ledger for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tanggap.application.receive import Raw
from tanggap.domain.errors import Retry
from tanggap.domain.inbound import FailedDelivery, File, Party
from tanggap.domain.words import Channel, DeliveryState, Outcome, Reason, Status
from tests.support.world import COORDINATOR, DOMAIN, FORGED, GENUINE, INTAKE, World

STRANGER = {"sender": "budi@lain.example", "name": "Budi"}


def report(kind: str, delivery: str, case: str, **more: object) -> FailedDelivery:
    values = {"recipient": "siti@warga.example", "original_id": "ses-000001", "permanent": kind != "delivery"}
    return FailedDelivery(**{**values, "kind": kind, "delivery_id": delivery, "case_number": case, **more})


def event(world: World, failure: FailedDelivery, key: str = "events/one") -> Raw:
    mail = replace(world.mail(), failures=(failure,), recipients=(), sender=Party(""), digest=key)
    return Raw(key, Channel.EMAIL, world.now, 500, mail, event=True)


# -- guards


def test_the_same_object_read_twice_is_one_message_and_one_row(world: World) -> None:
    mail = world.mail()
    first, again = world.arrive(mail, "mail/a"), world.arrive(mail, "mail/a")
    assert first == again
    assert len(world.cases.of("mail/a")) == 1
    assert len(world.cases.file(first.case).messages) == 1


def test_the_same_mail_by_another_arrival_is_a_duplicate_that_names_its_case(world: World) -> None:
    mail = world.mail()
    first, again = world.arrive(mail, "mail/a"), world.arrive(mail, "mail/b")
    assert (again.outcome, again.reason, again.case) == (Outcome.DUPLICATE, Reason.DUPLICATE, first.case)
    assert len(world.cases.file(first.case).messages) == 1
    world.pump()
    assert len(world.outbox()) == 1


def test_another_persons_mail_with_the_same_message_id_is_kept(world: World) -> None:
    first = world.arrive(world.mail(external_id="same@x.example"))
    other = world.arrive(world.mail(external_id="same@x.example", **STRANGER))
    assert other.reason is Reason.NEW_CASE
    assert other.case != first.case


def test_two_mails_of_one_new_sender_share_one_reporter(world: World) -> None:
    one, two = world.new_case(), world.new_case(subject="Lampu mati")
    assert world.cases.case(one).reporter == world.cases.case(two).reporter
    assert set(world.cases.cases_of(world.cases.case(one).reporter)) == {one, two}


# -- who and whether


@pytest.mark.parametrize(
    ("more", "outcome", "reason"),
    [
        ({"authenticity": replace(GENUINE, spam="FAIL")}, Outcome.PARKED, Reason.SPAM),
        ({"authenticity": replace(GENUINE, virus="FAIL")}, Outcome.PARKED, Reason.VIRUS),
        ({"sender": f"lapor@{DOMAIN}"}, Outcome.REFUSED, Reason.OWN),
    ],
)
def test_what_is_not_filed_makes_no_case_and_no_answer(
    world: World, more: dict[str, object], outcome: Outcome, reason: Reason
) -> None:
    result = world.arrive(world.mail(**more), "mail/x")
    world.pump()
    assert (result.outcome, result.reason, result.case) == (outcome, reason, "")
    assert [(row.outcome, row.reason) for row in world.cases.of("mail/x")] == [(outcome, reason)]
    assert world.outbox() == []


@pytest.mark.parametrize("more", [{"automatic": "auto-submitted"}, {"authenticity": FORGED}])
def test_robots_and_forgeries_are_filed_and_never_answered(world: World, more: dict[str, object]) -> None:
    result = world.arrive(world.mail(**more))
    world.pump()
    assert result.outcome is Outcome.FILED
    assert world.outbox() == []
    assert ("forged" in world.cases.case(result.case).marks) == ("authenticity" in more)


def test_a_mail_without_a_sender_is_filed_and_nobody_is_answered(world: World) -> None:
    result = world.arrive(world.mail(sender="", name=""))
    world.pump()
    assert result.reason is Reason.NEW_CASE
    assert world.cases.case(result.case).reporter is None
    assert world.outbox() == []


def test_parked_spam_that_an_officer_lets_in_becomes_a_case_under_its_first_row(world: World) -> None:
    mail = world.mail(authenticity=replace(GENUINE, spam="FAIL"))
    world.arrive(mail, "mail/x")
    result = world.arrive(mail, "mail/x", replay=True)
    world.pump()
    (row,) = world.cases.of("mail/x")
    assert (row.outcome, row.reason, row.case) == (Outcome.FILED, Reason.NEW_CASE, result.case)
    assert len(world.outbox()) == 1
    assert world.arrive(mail, "mail/x", replay=True) == result


def test_an_unreadable_arrival_is_parked_and_can_be_read_again_later(world: World) -> None:
    raw = Raw("mail/x", Channel.EMAIL, world.now, 10, None, Reason.UNREADABLE)
    assert world.receive(raw).reason is Reason.UNREADABLE
    result = world.arrive(world.mail(), "mail/x", replay=True)
    assert world.cases.of("mail/x")[0].case == result.case


# -- which case


def test_a_reply_to_our_address_lands_on_its_case_whoever_sends_it_but_a_stranger_is_marked(world: World) -> None:
    number = world.new_case()
    own = world.arrive(world.mail("Tambahan.", recipients=(world.reply_address(number),)))
    other = world.arrive(world.mail("Saya juga.", recipients=(world.reply_address(number),), **STRANGER))
    assert own.case == other.case == number
    marks = [(message.actor, message.marks) for message in world.cases.file(number).messages]
    assert marks[1:] == [("reporter", ()), ("other", ("other_sender",))]


def test_a_forged_token_opens_a_case_of_its_own(world: World) -> None:
    number = world.new_case()
    token = world.tokens.of(number)
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")
    result = world.arrive(world.mail(recipients=(INTAKE.replace("@", f"+{forged}@"),)))
    assert result.reason is Reason.NEW_CASE


def test_a_token_made_with_an_older_key_still_opens_its_case(world: World) -> None:
    from tanggap.domain.numbers import reply_token
    from tests.support.world import KEYS

    number = world.new_case()
    old = INTAKE.replace("@", f"+{reply_token(number, KEYS['1'])}@")
    assert world.arrive(world.mail(recipients=(old,))).case == number


@pytest.mark.parametrize("reference", ["ses-000001", "ses-000001@ap-southeast-1.amazonses.com"])
def test_a_reply_that_names_our_mail_by_the_services_id_lands_on_its_case(world: World, reference: str) -> None:
    number = world.new_case()
    result = world.arrive(world.mail(references=(reference,), **STRANGER))
    assert result.case == number


def test_our_own_id_in_the_references_is_as_good_as_the_address(world: World) -> None:
    number = world.new_case()
    ours = f"id1.{world.tokens.of(number)}@{DOMAIN}"
    assert world.arrive(world.mail(references=(ours,))).case == number


def test_the_citizens_earlier_id_counts_only_from_the_same_verified_sender(world: World) -> None:
    number = world.new_case(external_id="first@warga.example")
    reference = {"references": ("first@warga.example",)}
    assert world.arrive(world.mail(**reference)).case == number
    assert world.arrive(world.mail(**reference, **STRANGER)).case != number
    weak = replace(GENUINE, dmarc="FAIL", spf="FAIL", policy="none")
    assert world.arrive(world.mail(**reference, authenticity=weak)).case != number


def test_the_number_in_the_subject_counts_only_from_the_same_verified_sender(world: World) -> None:
    number = world.new_case()
    subject = f"Re: Laporan {number.lower()}"
    assert world.arrive(world.mail(subject=subject)).case == number


@pytest.mark.parametrize("more", [STRANGER, {"authenticity": FORGED}])
def test_who_names_a_case_without_proof_gets_a_case_of_their_own_linked_and_marked(
    world: World, more: dict[str, object]
) -> None:
    number = world.new_case()
    result = world.arrive(world.mail(subject=f"[{number}] halo", **more))
    case = world.cases.case(result.case)
    assert (result.reason, case.number != number) == (Reason.LINKED_CASE, True)
    assert [(link.kind, link.number) for link in case.links] == [("claims", number)]
    assert "claims_number" in case.marks
    assert len(world.cases.file(number).messages) == 1


def test_an_automatic_mail_on_a_case_changes_nothing_but_its_file(world: World) -> None:
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "incomplete", "Alamatnya di mana?")
    world.pump()
    before = world.cases.case(number)
    reply = world.mail("Saya sedang cuti.", recipients=(world.reply_address(number),), automatic="auto-replied")
    assert world.arrive(reply).reason is Reason.AUTOMATIC
    after = world.cases.case(number)
    assert (after.status, after.clocks) == (before.status, before.clocks)
    assert world.unsent() == []


def test_the_missing_details_bring_a_case_back_and_its_clocks_go_on(world: World) -> None:
    number = world.new_case()
    world.later(hours=1)
    world.desk.verify(COORDINATOR, number, "incomplete", "Alamatnya di mana?")
    assert {clock.name: str(clock.state) for clock in world.cases.case(number).clocks} == {
        "first_response": "met",
        "verify": "paused",
        "resolve": "paused",
        "reporter_reply": "running",
    }
    world.later(days=2)
    world.arrive(world.mail("RT 3.", recipients=(world.reply_address(number),)))
    case = world.cases.case(number)
    assert case.status is Status.NEW
    assert {clock.name: str(clock.state) for clock in case.clocks} == {
        "first_response": "met",
        "verify": "running",
        "resolve": "running",
        "reporter_reply": "met",
    }
    verify = next(clock for clock in case.clocks if clock.name == "verify")
    assert verify.due_at.isoformat() == "2026-11-27T16:00:00+07:00"


# -- attachments


def test_attachments_are_kept_once_by_content_and_named_in_the_acknowledgement(world: World) -> None:
    photo = File("jalan.jpg", "image/jpeg", 1_234_000, "d" * 64, b"jpeg")
    result = world.arrive(world.mail(files=(photo, replace(photo, name="jalan (1).jpg"))))
    world.pump()
    (message,) = world.cases.file(result.case).messages
    assert [file.name for file in message.files] == ["jalan.jpg", "jalan (1).jpg"]
    assert len({file.key for file in message.files}) == 1
    assert message.files[0].scan == "clean"
    assert world.files.get(message.files[0].key) == b"jpeg"
    assert "jalan.jpg (1,2 MB), jalan (1).jpg (1,2 MB)" in world.outbox()[0].text


# -- reports about our own letters


def test_a_bounce_fails_the_delivery_tells_the_desk_and_answers_nobody(world: World) -> None:
    number = world.new_case()
    (sent,) = world.cases.file(number).deliveries
    result = world.receive(event(world, report("bounce", sent.id, number, status="5.1.1")))
    world.run_until(world.now + timedelta(days=1))
    file = world.cases.file(number)
    first = next(row for row in file.deliveries if row.id == sent.id)
    assert (result.outcome, result.reason, result.case) == (Outcome.STATUS, Reason.BOUNCE, number)
    assert (first.state, first.reason) == (DeliveryState.FAILED, "bounce 5.1.1")
    assert "delivery_failed" in [entry.event for entry in file.history]
    assert any(row.purpose == "undelivered" for row in file.deliveries)
    assert len(world.outbox("siti@warga.example")) == 1


def test_the_same_bounce_told_twice_tells_the_desk_once(world: World) -> None:
    number = world.new_case()
    (sent,) = world.cases.file(number).deliveries
    failure = report("bounce", sent.id, number)
    world.receive(event(world, failure, "events/one"))
    world.receive(event(world, failure, "events/two"))
    told = [row for row in world.cases.file(number).deliveries if row.purpose == "undelivered"]
    assert len(told) == 1


def test_a_delivery_report_marks_the_letter_delivered(world: World) -> None:
    number = world.new_case()
    (sent,) = world.cases.file(number).deliveries
    result = world.receive(event(world, report("delivery", "", "")))
    assert (result.outcome, result.reason) == (Outcome.STATUS, Reason.DELIVERED)
    assert world.cases.delivery(number, sent.id).state is DeliveryState.DELIVERED


def test_a_report_that_comes_before_our_own_note_of_the_letter_comes_again(world: World) -> None:
    number = world.arrive(world.mail()).case
    (row,) = world.cases.file(number).deliveries
    with pytest.raises(Retry):
        world.receive(event(world, report("delivery", row.id, number)))
    with pytest.raises(Retry):
        world.receive(event(world, report("bounce", "", "", original_id="unknown"), "events/two"))
    world.pump()
    assert world.receive(event(world, report("delivery", row.id, number))).reason is Reason.DELIVERED


def test_a_report_about_nothing_of_ours_ends_as_unmatched_once_patience_is_over(world: World) -> None:
    raw = event(world, report("bounce", "", "", original_id="unknown"))
    world.later(hours=1)
    result = world.receive(raw)
    assert (result.outcome, result.reason) == (Outcome.STATUS, Reason.UNMATCHED)


def test_a_bounce_that_a_stranger_mails_about_nothing_of_ours_is_noted_at_once(world: World) -> None:
    mail = world.mail(sender="", name="", failures=(report("bounce", "", "", original_id="unknown"),))
    assert world.arrive(mail).reason is Reason.UNMATCHED


def test_a_bounce_that_is_not_for_ever_is_a_failure_too_and_only_a_delay_is_not(world: World) -> None:
    number = world.new_case()
    (sent,) = world.cases.file(number).deliveries
    world.receive(event(world, report("delay", sent.id, number, permanent=False), "events/one"))
    row = world.cases.delivery(number, sent.id)
    assert (row.state, row.reason) == (DeliveryState.SENT, "delayed")
    world.receive(event(world, report("bounce", sent.id, number, permanent=False), "events/two"))
    assert world.cases.delivery(number, sent.id).state is DeliveryState.FAILED


def test_a_bounce_by_mail_reaches_its_delivery_by_the_services_id(world: World) -> None:
    number = world.new_case()
    failure = report("bounce", "", "", original_id="ses-000001@ap-southeast-1.amazonses.com")
    mail = world.mail(sender="mailer-daemon@mx.example", name="", failures=(failure,), automatic="null-path")
    assert world.arrive(mail).reason is Reason.BOUNCE
    assert world.cases.file(number).deliveries[0].state is DeliveryState.FAILED


# -- time


def test_a_case_never_runs_backwards(world: World) -> None:
    number = world.new_case()
    world.later(days=30)
    world.sweep()
    last = world.cases.case(number).last_at
    world.now -= timedelta(days=30)
    world.desk.note(COORDINATOR, number, "Sudah ditelepon.")
    case = world.cases.case(number)
    assert case.last_at == last
    assert [entry.at for entry in world.cases.file(number).history] == sorted(
        entry.at for entry in world.cases.file(number).history
    )
